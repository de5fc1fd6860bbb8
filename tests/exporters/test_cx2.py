"""CX2, read by ndex2: nothing is lost."""

from __future__ import annotations

import json
from typing import Any

from ndex2.cx2 import RawCX2NetworkFactory

from immunograph.exporters.stream import GraphStream

from .conftest import Write
from .records import edges_of, nodes_of


def test_ndex_reads_every_node_and_edge(write: Write, hostile: GraphStream) -> None:
    network = RawCX2NetworkFactory().get_cx2network(json.loads(write("cx2").read_text(encoding="utf-8")))
    nodes: dict[int, Any] = network.get_nodes()
    names = {number: node["v"]["represents"] for number, node in nodes.items()}
    assert {names[number]: _node(node["v"]) for number, node in nodes.items()} == nodes_of(hostile)
    edges = {edge["v"]["identifier"]: _edge(edge, names) for edge in network.get_edges().values()}
    assert edges == edges_of(hostile)
    assert network.get_network_attributes()["version"] == "1.2.3"


def test_every_attribute_is_declared_with_its_type(write: Write) -> None:
    aspects: dict[str, Any] = {}
    for fragment in json.loads(write("cx2").read_text(encoding="utf-8"))[1:]:
        aspects.update(fragment)
    (declared,) = aspects["attributeDeclarations"]
    kinds = {"string": str, "boolean": bool, "long": int, "double": float}
    for aspect in ("nodes", "edges"):
        for item in aspects[aspect]:
            for name, value in item["v"].items():
                kind = declared[aspect][name]["d"]
                values = value if kind.startswith("list_of_") else [value]
                assert all(type(one) is kinds[kind.removeprefix("list_of_")] for one in values), (name, kind)
    counts = {item["name"]: item["elementCount"] for item in aspects["metaData"]}
    assert counts["nodes"] == len(aspects["nodes"]) and counts["edges"] == len(aspects["edges"])


def _node(values: dict[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in values.items() if name not in {"represents", "name", "kind"}}
    return {"label": values["name"], **own}


def _edge(edge: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    own = {name: value for name, value in edge["v"].items() if name not in {"identifier", "interaction"}}
    return {"source": names[edge["s"]], "target": names[edge["t"]], "predicate": edge["v"]["interaction"], **own}
