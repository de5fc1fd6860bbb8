"""Tables that are kept between exports: the same export, without laying the graph out again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from immunograph.building.plan import cache_dir
from immunograph.exporters import laying
from immunograph.exporters.laying import Shelf
from immunograph.exporters.selection import Selection
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import ExportOptions, write_export
from immunograph.knowledge import KnowledgeGraph
from immunograph.store.graph import Graph

from .hostile import hostile_graph

SELECTIONS = (Selection(), Selection(has_inferred=True), Selection(focus="igd:drug", hops=1, has_inferred=True))


def exported(graph: Graph, selection: Selection, shelf: Shelf | None, out: Path) -> dict[str, bytes]:
    with GraphStream.of_graph(graph, selection, "1", "key", shelf) as stream:
        for form in ("csv", "gexf"):
            write_export(form, stream, str(out / form), ExportOptions())
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("selection", SELECTIONS)
def test_kept_tables_give_the_same_bytes_and_need_no_store(selection: Selection, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "tables", "key")
    expected = exported(hostile_graph(), selection, None, tmp_path / "unkept")
    assert exported(hostile_graph(), selection, shelf, tmp_path / "first") == expected
    assert exported(Graph.in_memory(), selection, shelf, tmp_path / "second") == expected


def test_tables_of_another_graph_or_layout_are_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Shelf(tmp_path, "key").place("stated")
    assert Shelf(tmp_path, "other").place("stated") != place
    monkeypatch.setattr(laying, "LAYOUT", laying.LAYOUT + 1)
    assert Shelf(tmp_path, "key").place("stated") != place


def test_damaged_tables_are_laid_out_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "tables", "key")
    expected = exported(hostile_graph(), Selection(), shelf, tmp_path / "first")
    shelf.place("stated").write_bytes(b"no tables")
    assert exported(hostile_graph(), Selection(), shelf, tmp_path / "second") == expected
    assert exported(Graph.in_memory(), Selection(), shelf, tmp_path / "third") == expected


def test_where_tables_cannot_be_kept_the_export_is_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    shelf = Shelf(tmp_path / "file" / "tables", "key")
    assert "csv/edges.csv" in exported(hostile_graph(), Selection(), shelf, tmp_path / "out")


def test_tables_unused_for_longest_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "made"
    made.write_bytes(b"0123456789")
    monkeypatch.setattr(laying, "MOST_KEPT", 25)
    shelves = [Shelf(tmp_path / "tables", key) for key in "abc"]
    for age, shelf in enumerate(shelves[:2]):
        os.utime(shelf.keep("stated", made), (age, age))
    shelves[2].keep("stated", made)
    assert [shelf.place("stated").is_file() for shelf in shelves] == [False, True, True]
    monkeypatch.setattr(laying, "MOST_KEPT", 5)
    assert shelves[0].keep("stated", made) == made


def test_a_built_graph_is_kept_and_a_changed_one_is_not(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    def edges(kg: KnowledgeGraph, name: str) -> str:
        kg.export("csv", tmp_path / name)
        return (tmp_path / name / "edges.csv").read_text(encoding="utf-8")

    before = edges(fixture_kg, "before")
    assert list((cache_dir() / "tables").glob("*.duckdb"))
    with KnowledgeGraph(fixture_kg.folder, fixture_kg.plan) as kg:
        statement = next(iter(kg.graph.select("SELECT ?a WHERE { ?a a ig:Association } ORDER BY ?a LIMIT 1").rows))[0]
        assert statement is not None
        kg.add([(f"<{statement.value}>", "ig:population", '"newly added"')])
        assert "newly added" in edges(kg, "after")
    assert edges(fixture_kg, "again") == before
