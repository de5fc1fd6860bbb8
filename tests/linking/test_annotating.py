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
