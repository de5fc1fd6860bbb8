"""Retired identifiers: the table of them, and sheets that name one."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from immunograph.identifiers import expand
from immunograph.model import Association, Node
from immunograph.registry import Registry
from immunograph.sources import retired
from immunograph.sources.curated import Curation
from immunograph.sources.identifier_table import table_text
from immunograph.sources.importer import ImportReport
from immunograph.sources.naming import Namer
from immunograph.sources.retired import RetiredRow, read_retired, retired_identifiers, retired_rows
from immunograph.sources.sheets import read_sheet

OBO = b"""[Term]
id: HP:0000001
name: one
alt_id: HP:0000003

[Term]
id: HP:0000002
name: obsolete two
is_obsolete: true
replaced_by: HP:0000001

[Term]
id: HP:0000004
name: obsolete four
is_obsolete: true
consider: HP:0000001
consider: HP:0000009

[Term]
id: HP:0000005
name: obsolete five
is_obsolete: true

[Term]
id: GO:0000006
name: obsolete of another ontology
is_obsolete: true
"""


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[RetiredRow]:
    path = tmp_path / "hp.obo.gz"
    path.write_bytes(gzip.compress(OBO))
    monkeypatch.setattr(retired, "ontology_files", lambda _: [("HP", path, "2025")])
    return retired_rows(tmp_path)


def test_each_retired_identifier_says_what_takes_its_place(rows: list[RetiredRow]) -> None:
    assert list(map(str, rows)) == [
        "HP:0000002 (two) is retired; its successor is HP:0000001",
        "HP:0000003 (one) is retired; its successor is HP:0000001",
        "HP:0000004 (four) is retired; consider HP:0000001, HP:0000009",
        "HP:0000005 (five) is retired; nothing takes its place",
    ]


def test_the_table_is_read_as_it_was_written(rows: list[RetiredRow], tmp_path: Path) -> None:
    (tmp_path / "retired.tsv").write_text(table_text(rows, RetiredRow))
    assert list(read_retired(tmp_path / "retired.tsv").values()) == rows


def test_the_committed_table_knows_what_was_merged() -> None:
    assert str(retired_identifiers()[expand("GO:0006917")]).endswith("is retired; its successor is GO:0006915")


SHEET = """
documents:
  d: {title: D, kind: label, address: "https://example.org/d", identifier: BLA1, consulted: 2026-11-22}
modulators:
  madeupmab:
    label: madeupmab
    modality: MonoclonalAntibody
    document: d
    statements:
      - {hasAdverseEffect: "HP:0000001", at: "1"}
"""


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ('      - {hasAdverseEffect: "HP:0000002", at: "1"}\n', 11),
        ('conditions:\n  mine: {label: mine, broader: ["HP:0000002"], document: d}\n', 12),
        ('aliases:\n  mine: "HP:0000002"\n', 12),
    ],
)
def test_a_sheet_that_names_one_is_told_its_successor(
    rows: list[RetiredRow], tmp_path: Path, more: str, line: int
) -> None:
    path = tmp_path / "made.yaml"
    path.write_text(SHEET + more, encoding="utf-8")
    registry, report = Registry(), ImportReport()
    registry.add(Node(expand("HP:0000001"), ("Condition",), "one", ("urn:x:source",)))
    namer = Namer(registry, Registry(), retired={expand(row.identifier): row for row in rows})
    found = [record for _, record in Curation([read_sheet(path)], namer, report).records()]
    assert report.skipped == {"a retired identifier": 1}
    (skip,) = report.examples["a retired identifier"]
    assert (skip.at.line, skip.detail.endswith("(two) is retired; its successor is HP:0000001")) == (line, True)
    assert len([record for record in found if isinstance(record, Association)]) == 1


def test_an_identifier_that_nothing_describes_is_noted(tmp_path: Path) -> None:
    path, report = tmp_path / "made.yaml", ImportReport()
    path.write_text(SHEET, encoding="utf-8")
    list(Curation([read_sheet(path)], Namer(Registry(), Registry()), report).records())
    (note,) = report.notes["an identifier that nothing describes yet"]
    assert (note.at.line, note.detail.partition(";")[0]) == (10, "HP:0000001")
