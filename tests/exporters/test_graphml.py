"""GraphML, read by networkx and igraph: lists come back as JSON texts, control characters outside them do not."""

from __future__ import annotations

import json
from typing import Any

import igraph
import networkx

from immunograph.exporters.stream import GraphStream

from .conftest import Write
from .hostile import BIG, CONTROL
from .records import edges_of, mapped, nodes_of, replaced

OWN = {"id", "association"}
"""What the form adds to an edge."""


def as_written(value: Any) -> Any:
    """Lists are JSON texts."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if isinstance(value, list) else value


def as_igraph_holds(value: Any) -> Any:
    """igraph has no nothing: a text that is not there is empty, and an integer is a double."""
    value = as_written(value)
    return None if value == "" else float(value) if type(value) is int else value


def test_networkx_reads_everything(write: Write, hostile: GraphStream) -> None:
    network = networkx.read_graphml(write("graphml"), force_multigraph=True)
    assert isinstance(network, networkx.MultiDiGraph)
    assert dict(network.nodes(data=True)) == mapped(nodes_of(hostile), as_written)
    edges = {
        key: {"source": source, "target": target, **{name: value for name, value in data.items() if name not in OWN}}
        for source, target, key, data in network.edges(keys=True, data=True)
    }
    assert edges == mapped(edges_of(hostile), as_written)


def test_igraph_reads_all_but_empty_texts_and_large_integers(write: Write, hostile: GraphStream) -> None:
    graph = igraph.Graph.Read_GraphML(str(write("graphml")))
    nodes = {vertex["id"]: _told(vertex.attributes(), nodes_of(hostile)[vertex["id"]]) for vertex in graph.vs}
    assert nodes == mapped(nodes_of(hostile), as_igraph_holds)
    edges = {
        edge["association"]: {
            **_told(edge.attributes(), edges_of(hostile)[edge["association"]]),
            "source": graph.vs[edge.source]["id"],
            "target": graph.vs[edge.target]["id"],
        }
        for edge in graph.es
    }
    assert edges == mapped(edges_of(hostile), as_igraph_holds)
    assert edges["iga:many-parts"]["denominator"] == float(BIG) == BIG - 1


def _told(attributes: dict[str, Any], stated: dict[str, Any]) -> dict[str, Any]:
    """igraph gives every attribute to every element; what is not stated is nothing, whatever stands there."""
    return {name: value for name, value in attributes.items() if stated.get(name, "") != ""}


def test_control_characters_are_kept_in_lists_and_replaced_elsewhere(
    write: Write, hostile_with_controls: GraphStream
) -> None:
    network = networkx.read_graphml(write("graphml", hostile_with_controls), force_multigraph=True)
    found = dict(network.nodes(data=True))
    assert CONTROL in json.loads(found["igd:controls"]["altLabel"])  # JSON writes them as escapes
    assert found["igd:controls"]["label"] == replaced(CONTROL) != CONTROL
