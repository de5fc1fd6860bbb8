"""The stream as objects in memory: networkx, igraph, pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from immunograph.errors import MissingExtraError
from immunograph.exporters.node_link import attributes_of_edge, attributes_of_node
from immunograph.exporters.parquet import columns_sql
from immunograph.exporters.stream import GraphStream

if TYPE_CHECKING:
    import igraph
    import networkx
    import pandas


def as_networkx(stream: GraphStream, has_negated: bool = False) -> networkx.MultiDiGraph[str]:
    """A directed multigraph of CURIEs; one edge an association, its CURIE the key.

    Args:
        stream: what to hold.
        has_negated: whether statements that something is *not* so are edges too, told by ``is_negated``.
    """
    import networkx

    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(name="ImmunoGraph", version=stream.metadata.version)
    network.add_nodes_from((node.id, attributes_of_node(node)) for node in stream.nodes())
    for edge in stream.edges():
        if has_negated or not edge.is_negated:
            network.add_edge(edge.source, edge.target, key=edge.id, **attributes_of_edge(edge))
    return network


def as_igraph(stream: GraphStream, has_negated: bool = False) -> igraph.Graph:
    """A directed igraph; CURIEs stand in ``name`` of a vertex and ``id`` of an edge, what is absent is None.

    Raises:
        MissingExtraError: igraph is not installed.
    """
    try:
        import igraph
    except ImportError as error:
        raise MissingExtraError("igraph", "gephi") from error
    nodes = list(stream.nodes())
    numbers = {node.id: number for number, node in enumerate(nodes)}
    edges = [edge for edge in stream.edges() if has_negated or not edge.is_negated]
    graph = igraph.Graph(
        n=len(nodes), edges=[(numbers[edge.source], numbers[edge.target]) for edge in edges], directed=True
    )
    for vertices, key, records in (
        (graph.vs, "name", [(node.id, attributes_of_node(node)) for node in nodes]),
        (graph.es, "id", [(edge.id, attributes_of_edge(edge)) for edge in edges]),
    ):
        vertices[key] = [name for name, _ in records]
        for attribute in sorted({name for _, attributes in records for name in attributes}):
            vertices[attribute] = [attributes.get(attribute) for _, attributes in records]
    return graph


def as_pandas(stream: GraphStream) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    """The nodes and the edges as data frames; lists are lists.

    Raises:
        MissingExtraError: pandas or pyarrow is not installed.
    """
    try:
        import pandas  # noqa: F401
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("pandas", "pandas") from error
    frames: list[Any] = [
        stream.connection.sql(columns_sql(stream, table)).to_arrow_table().to_pandas() for table in ("nodes", "edges")
    ]
    return frames[0], frames[1]
