"""KGX: read back from both forms without loss, and valid in the Biolink Model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from immunograph.exporters.biolink import PREDICATES
from immunograph.exporters.kgx import LIST_SLOTS
from immunograph.exporters.properties import PropertyType
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


def stated(pairs: list[str], types: Sequence[PropertyType]) -> dict[str, Any]:
    """Name of a property → value or list, of statements in Turtle."""
    header = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefix_map().items())
    known = {(item.predicate, item.form): item for item in types}
    found: dict[str, Any] = {}
    for quad in ox.parse(header + "".join(f"<x:> {pair} .\n" for pair in pairs), ox.RdfFormat.TURTLE):
        item = known[compress(quad.predicate.value), _form(quad.object)]
        if item.is_list:
            found[item.name] = sorted([*found.get(item.name, []), _value(quad.object)])
        else:
            assert item.name not in found
            found[item.name] = _value(quad.object)
    return found


def _form(term: Any) -> str:
    if isinstance(term, ox.NamedNode):
        return "@id"
    return f"@{term.language}" if term.language else compress(term.datatype.value)


def _value(term: Any) -> Any:
    if isinstance(term, ox.NamedNode):
        return compress(term.value)
    kind = compress(term.datatype.value)
    if kind == "xsd:boolean":
        return term.value == "true"
    if kind in {"xsd:integer", "xsd:gYear"}:
        return int(term.value)
    return float(term.value) if kind == "xsd:decimal" else term.value


def as_node(record: dict[str, Any], types: Sequence[PropertyType]) -> dict[str, Any]:
    renamed = {"synonym": "altLabel", "xref": "exactMatch", "provided_by": "dcterms_source"}
    return {
        "iri": record["iri"],
        "label": record.get("name", ""),
        "kinds": [kind.removeprefix("ig:") for kind in record["type"]],
        **{name: record[slot] for slot, name in renamed.items() if slot in record},
        **stated(record.get("has_attribute", []), types),
    }


def as_edge(record: dict[str, Any], types: Sequence[PropertyType]) -> dict[str, Any]:
    sources = [record["primary_knowledge_source"], *record.get("aggregator_knowledge_source", [])]
    return {
        "source": record["subject"],
        "target": record["object"],
        "kind": record["type"][0].removeprefix("ig:"),
        "predicate": record["original_predicate"].removeprefix("ig:"),
        "is_negated": record.get("negated", False),
        "is_inferred": record["knowledge_level"] == "logical_entailment",
        "evidence": record["has_evidence"],
        "publications": record.get("publications", []),
        "sources": [source.removeprefix("igs:") for source in sources],
        **stated(record.get("qualifiers", []), types),
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
    wanted = nodes_of(hostile)
    if form == "kgx":  # an empty cell cannot tell a list of one empty text from no list
        assert wanted["igd:only-empty"].pop("altLabel") == [""]
    types = hostile.property_types("nodes")
    nodes = {record["id"]: record for record in read(folder / f"nodes.{ending}")}
    assert {name: as_node(nodes[name], types) for name in wanted} == wanted
    beside = {record.id for table in ("evidence", "affinities", "sources") for record in getattr(hostile, table)()}
    assert nodes.keys() == wanted.keys() | beside
    types = hostile.property_types("edges")
    assert {record["id"]: as_edge(record, types) for record in read(folder / f"edges.{ending}")} == wanted_edges(
        hostile
    )


@pytest.mark.parametrize("table", ["evidence", "affinities", "sources"])
def test_what_edges_name_is_a_node_with_all_that_is_stated(write: Write, hostile: GraphStream, table: str) -> None:
    records = {record["id"]: record for record in by_lines(write("kgx-jsonl") / "nodes.jsonl")}
    types = hostile.property_types(table)
    for node in getattr(hostile, table)():
        told = stated(records[node.id].get("has_attribute", []), types)
        assert told == {
            key: list(value) if isinstance(value, tuple) else value for key, value in node.properties.items()
        }


def test_every_predicate_is_said_in_biolink() -> None:
    assert PREDICATES.keys() == KIND_OF_PREDICATE.keys()


def test_a_denial_is_never_said_as_its_opposite(write: Write) -> None:
    records = {record["id"]: record for record in by_lines(write("kgx-jsonl") / "edges.jsonl")}
    assert records["iga:denied"]["negated"] is True
    assert "negated" not in records["iga:parallel-1"]
