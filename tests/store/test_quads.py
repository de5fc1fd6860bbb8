"""A graph as sorted N-Quads, and back."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from immunograph.errors import ExportError, LoadError
from immunograph.store import quads
from immunograph.store.graph import Graph
from immunograph.store.quads import read_quads, write_quads

TURTLE = """@prefix x: <urn:x:> .
x:a x:says "a\\tb\\nc \\"quoted\\" \\\\ ü 🧬"@en ; x:of [ x:in ( x:b 1 2.5 true ) ] .
x:b x:says "plain" .
"""


def graph(tmp_path: Path) -> Graph:
    path = tmp_path / "some.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    made = Graph.in_memory()
    made.load(path, "urn:x:graph")
    return made


def test_the_same_statements_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "1.nq.gz", tmp_path / "2.nq.gz"
    assert write_quads(graph(tmp_path), first) == write_quads(graph(tmp_path), second) > 0
    assert first.read_bytes() == second.read_bytes()
    lines = gzip.open(first, "rt", encoding="utf-8").read().splitlines()
    assert lines == sorted(set(lines))


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path, again = tmp_path / "1.nq.gz", tmp_path / "2.nq.gz"
    count = write_quads(graph(tmp_path), path)
    read = read_quads(path)
    assert read.graph_names() == ["urn:x:graph"] and 2 * len(read) == count
    write_quads(read, again)
    assert again.read_bytes() == path.read_bytes()


def test_sorting_on_disk_gives_the_same_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_quads(graph(tmp_path), tmp_path / "1.nq.gz")
    monkeypatch.setattr(quads, "_AT_ONCE", 3)
    write_quads(graph(tmp_path), tmp_path / "2.nq.gz")
    assert (tmp_path / "1.nq.gz").read_bytes() == (tmp_path / "2.nq.gz").read_bytes()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "1.nq.gz"
    write_quads(graph(tmp_path), path)
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(LoadError, match="1.nq.gz: cannot be read"):
        read_quads(path)
    path.write_bytes(gzip.compress(b"<urn:x:a> <urn:x:b> .\n"))
    with pytest.raises(LoadError, match="1.nq.gz:1: syntax error"):
        read_quads(path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="cannot be written"):
        write_quads(graph(tmp_path), tmp_path / "file" / "1.nq.gz")
