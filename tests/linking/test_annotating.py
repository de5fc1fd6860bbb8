"""Users' tables: every row stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunograph.errors import ImmunographError, LoadError
from immunograph.knowledge import KnowledgeGraph
from immunograph.linking.annotating import ADDED, read_table


def write(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def test_no_row_is_dropped(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = write(tmp_path / "genes.csv", 'gene,remark\nIL6R,"a, b"\nnothing,c\nIL6R,d\n,e\nTNF,f,extra\nTNF\n')
    found = fixture_kg.annotate(path, "GENE")
    assert found.answer.columns == ("gene", "remark", "column_3", *ADDED)
    assert [row[:3] for row in found.answer.rows] == [
        ("IL6R", "a, b", ""),
        ("nothing", "c", ""),
        ("IL6R", "d", ""),
        ("", "e", ""),
        ("TNF", "f", "extra"),
        ("TNF", "", ""),
    ]
    assert found.answer.column("node")[:3] == ["UniProtKB:P08887", None, "UniProtKB:P08887"]
    assert found.counts() == {"matched": 4, "unmatched": 2}
    assert {text: rows for text, (_, rows) in found.left().items()} == {"nothing": 1, "": 1}


def test_own_columns_keep_their_names(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = write(tmp_path / "t.tsv", "label\tlabel\nIL6R\tx\n")
    found = fixture_kg.annotate(path, "1")
    assert found.answer.columns[:5] == ("label", "label_2", "node", "immunograph_label", "kind")
    assert found.answer.column("immunograph_label") == ["interleukin-6 receptor subunit alpha"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(fixture_kg: KnowledgeGraph, tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "t.csv", "gène;x\r\nIL6R;é\r\n", encoding)
    found = fixture_kg.annotate(path, "gène")
    assert found.answer.rows[0][:3] == ("IL6R", "é", "UniProtKB:P08887")


@pytest.mark.parametrize(
    ("content", "columns", "rows"),
    [
        ("#gene\tx\nIL6R\t1\n", ("gene", "x"), 1),
        ("# made by a program\n# v1\ngene\tx\nIL6R\t1\nTNF\t2\n", ("gene", "x"), 2),
        ("#gene\nIL6R\n", ("gene",), 1),
        ("# a remark\ngene\nIL6R\n", ("gene",), 1),
        ("#,gene\n1,IL6R\n", ("#", "gene"), 1),
        ("gene,x\n#1,2\n", ("gene", "x"), 1),
        ("\n\ngene,x\nIL6R,2\n", ("gene", "x"), 1),
        ("sep=;\r\ngene;x\r\nIL6R;2\r\n", ("gene", "x"), 1),
    ],
)
def test_remarks_on_top_are_no_header(tmp_path: Path, content: str, columns: tuple[str, ...], rows: int) -> None:
    table = read_table(write(tmp_path / "t.txt", content))
    assert (table.columns, len(table.rows)) == (columns, rows)


def test_an_unknown_prefix_is_told(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "id\n3570\n")
    assert fixture_kg.annotate(path, "id", prefix="entrez gene").counts()["matched"] <= 1
    with pytest.raises(ImmunographError, match="did you mean"):
        fixture_kg.annotate(path, "id", prefix="NCBIGen")


def test_a_blank_cell_of_a_single_column_is_a_row(tmp_path: Path) -> None:
    assert read_table(write(tmp_path / "t.csv", "gene\nIL6R\n\nTNF\n")).rows == (("IL6R",), ("",), ("TNF",))


def test_a_missing_column_is_told_with_near_ones(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "gene,score\nIL6R,1\n")
    with pytest.raises(ImmunographError, match="has no column 'genes'; its columns are gene"):
        fixture_kg.annotate(path, "genes")


@pytest.mark.parametrize(("content", "message"), [(b"", "is empty"), (b"PK\x03\x04\0\0", "is no text")])
def test_what_is_no_table(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(LoadError, match=message):
        read_table(path)


def test_rows_of_another_length_than_the_header_are_told(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "ragged.csv"
    file.write_text("name,dose\nsarilumab,150\nArthritis, Rheumatoid,1\nCD20\n")
    found = fixture_kg.annotate(file, "name")
    assert found.answer.columns[:3] == ("name", "dose", "column_3")
    assert [row[:3] for row in found.answer.rows] == [
        ("sarilumab", "150", ""),
        ("Arthritis", " Rheumatoid", "1"),
        ("CD20", "", ""),
    ]
    notes = found.answer.column("note")
    assert notes[0] is None
    assert "the row has 3 cells, the header 2: a cell that holds the delimiter needs quotes" in str(notes[1])
    assert "the row has 1 cell, the header 2: the rest is left empty" in str(notes[2])
    assert list(found.odd) == [2, 3]
