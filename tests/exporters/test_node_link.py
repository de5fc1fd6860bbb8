"""Node-link JSON, read by networkx: nothing is lost."""

from __future__ import annotations

import json

import networkx
import pytest

from immunograph.exporters.memory import as_igraph, as_networkx, as_pandas
from immunograph.exporters.stream import GraphStream

from .conftest import Write
from .hostile import BIG
from .records import edges_of, nodes_of, without


def test_networkx_reads_every_node_and_edge(write: Write, hostile: GraphStream) -> None:
    network = networkx.node_link_graph(json.loads(write("networkx").read_text(encoding="utf-8")), edges="edges")
    assert dict(network.nodes(data=True)) == nodes_of(hostile)
    assert {
        key: {"source": source, "target": target, **data}
        for source, target, key, data in network.edges(keys=True, data=True)
    } == edges_of(hostile)


def test_the_same_graph_gives_the_same_bytes(write: Write, hostile: GraphStream) -> None:
    first = write("networkx").read_bytes()
    assert first == write("networkx").read_bytes()


def test_networkx_in_memory(hostile: GraphStream) -> None:
    network = as_networkx(hostile)
    assert dict(network.nodes(data=True)) == nodes_of(hostile)
    assert {key for *_, key in network.edges(keys=True)} == edges_of(hostile).keys() - {"iga:denied"}
    assert "iga:denied" in {key for *_, key in as_networkx(hostile, has_negated=True).edges(keys=True)}


def test_igraph_in_memory(hostile: GraphStream) -> None:
    graph = as_igraph(hostile, has_negated=True)
    nodes = {vertex["name"]: without(None, vertex.attributes()) for vertex in graph.vs}
    assert nodes == {name: {"name": name, **found} for name, found in nodes_of(hostile).items()}
    ends = {"source": lambda edge: graph.vs[edge.source]["name"], "target": lambda edge: graph.vs[edge.target]["name"]}
    edges = {
        edge["id"]: without(None, {**edge.attributes(), **{name: end(edge) for name, end in ends.items()}})
        for edge in graph.es
    }
    assert edges == {name: {"id": name, **found} for name, found in edges_of(hostile).items()}


def test_pandas_in_memory(hostile: GraphStream) -> None:
    pytest.importorskip("pandas")
    nodes, edges = as_pandas(hostile)
    assert set(nodes["id"]) == nodes_of(hostile).keys()
    assert edges.set_index("id").loc["iga:many-parts", "denominator"] == BIG
    assert list(edges.set_index("id").loc["iga:denied", "evidence"]) == ["ige:first", "ige:second"]
