"""KGX: read back from both forms without loss, and valid in the Biolink Model."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from immunograph.exporters.biolink import PREDICATES
from immunograph.exporters.kgx import LIST_SLOTS
from immunograph.exporters.stream import GraphStream
from immunograph.identifiers import compress, prefix_map
from immunograph.vocabulary import KIND_OF_PREDICATE

from .conftest import Write
from .records import Records, edges_of, nodes_of

_ESCAPED = {"\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r", "\\p": "|"}


def by_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from map(json.loads, file)


def by_tabs(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="\n") as file:
        names = next(file).rstrip("\n").split("\t")
        for line in file:
            cells = zip(names, line.rstrip("\n").split("\t"), strict=True)
            yield {name: _read_cell(name, cell) for name, cell in cells if cell}


def _read_cell(name: str, cell: str) -> Any:
    if name in LIST_SLOTS:
        return [_unescaped(item) for item in cell.split("|")]
    return True if name == "negated" else _unescaped(cell)


def _unescaped(text: str) -> str:
    read, position = [], 0
    while position < len(text):
        pair = text[position : position + 2]
        read.append(_ESCAPED.get(pair, text[position]))
        position += 2 if pair in _ESCAPED else 1
    return "".join(read)


def stated(pairs: list[str]) -> dict[str, list[Any]]:
    """Local name → values, of statements in Turtle."""
    header = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefix_map().items())
    found: dict[str, list[Any]] = defaultdict(list)
    for quad in ox.parse(header + "".join(f"<x:> {pair} .\n" for pair in pairs), ox.RdfFormat.TURTLE):
        name = compress(quad.predicate.value).partition(":")[2]
        found[name].append(_value(quad.object))
    return {name: sorted(values) for name, values in found.items()}


def _value(term: Any) -> Any:
    if isinstance(term, ox.NamedNode):
        return compress(term.value)
    kind = compress(term.datatype.value)
    if kind == "xsd:boolean":
        return term.value == "true"
    if kind in {"xsd:integer", "xsd:gYear"}:
        return int(term.value)
    return float(term.value) if kind == "xsd:decimal" else term.value


def as_node(record: dict[str, Any]) -> dict[str, Any]:
    own = stated(record.get("has_attribute", []))
    renamed = {"synonym": "altLabel", "xref": "exactMatch", "provided_by": "dcterms_source"}
    return {
        "iri": record["iri"],
        "label": record.get("name", ""),
        "kinds": [kind.removeprefix("ig:") for kind in record["type"]],
        **{name: record[slot] for slot, name in renamed.items() if slot in record},
        **{name: values[0] for name, values in own.items()},
    }


def as_edge(record: dict[str, Any]) -> dict[str, Any]:
    sources = [record["primary_knowledge_source"], *record.get("aggregator_knowledge_source", [])]
    return {
        "source": record["subject"],
        "target": record["object"],
        "kind": record["type"][0].removeprefix("ig:"),
        "predicate": record["original_predicate"].removeprefix("ig:"),
        "is_negated": record.get("negated", False),
        "is_inferred": record["knowledge_level"] == "logical_entailment",
        "evidence": record["has_evidence"],
        "publications": record["publications"],
        "sources": [source.removeprefix("igs:") for source in sources],
        **{name: values[0] for name, values in stated(record.get("qualifiers", [])).items()},
    }


def wanted_edges(stream: GraphStream) -> Records:
    """An edge without what stands with its evidence."""
    beside = {"addresses", "licences"}
    return {
        name: {key: value for key, value in edge.items() if key not in beside}
        for name, edge in edges_of(stream).items()
    }


@pytest.mark.parametrize(("form", "ending", "read"), [("kgx-jsonl", "jsonl", by_lines), ("kgx", "tsv", by_tabs)])
def test_every_node_and_edge_is_read_back(
    write: Write, hostile: GraphStream, form: str, ending: str, read: Any
) -> None:
    folder = write(form)
    nodes = {record["id"]: record for record in read(folder / f"nodes.{ending}")}
    assert {name: as_node(nodes[name]) for name in nodes_of(hostile)} == nodes_of(hostile)
    edges = {record["id"]: as_edge(record) for record in read(folder / f"edges.{ending}")}
    assert edges == wanted_edges(hostile)


def test_evidence_and_sources_are_nodes(write: Write, hostile: GraphStream) -> None:
    records = {record["id"]: record for record in by_lines(write("kgx-jsonl") / "nodes.jsonl")}
    evidence = {node.id: node for node in hostile.evidence()}
    assert evidence.keys() <= records.keys() and "igs:hostile" in records
    for name, node in evidence.items():
        told = stated(records[name]["has_attribute"])
        assert {key: tuple(values) for key, values in told.items()} == {
            key.removeprefix("ig_"): value if isinstance(value, tuple) else (value,)
            for key, value in node.properties.items()
        }


def test_every_predicate_is_said_in_biolink() -> None:
    assert PREDICATES.keys() == KIND_OF_PREDICATE.keys()


def test_a_denial_is_never_said_as_its_opposite(write: Write) -> None:
    records = {record["id"]: record for record in by_lines(write("kgx-jsonl") / "edges.jsonl")}
    assert records["iga:denied"]["negated"] is True
    assert "negated" not in records["iga:first"]
