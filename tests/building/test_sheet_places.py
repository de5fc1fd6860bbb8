"""What validation finds in Turtle of a curation sheet points to the row of the sheet."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from immunograph.building.plan import BuildPlan
from immunograph.building.validating import validate_data, validate_files
from immunograph.importing import import_sheets, read_registry
from immunograph.validation import Finding

FIXTURE = Path(__file__).resolve().parents[1] / "fixture"
SHEET = """
documents:
  d: {title: D label, kind: label, address: "https://example.org/d", identifier: BLA1, consulted: 2026-11-22}
modulators:
  made-mab:
    label: mademab
    modality: MonoclonalAntibody
    document: d
    statements:
      - {activates: IL6, type: Agonist, at: "1"}
      - {activates: IL6R, type: Agonist, at: "1"}
      - {inhibits: IL6, type: Antagonist, at: "1"}
      - {inhibits: [TYK2, IL6R], type: Antagonist, at: "1"}
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(FIXTURE, folder / "fixture")
    sheet = folder / "curated" / "sheets" / "made.yaml"
    sheet.parent.mkdir(parents=True)
    sheet.write_text(SHEET.replace("TYK2, ", ""), encoding="utf-8")
    report = import_sheets([sheet], folder / "curated", read_registry(folder))
    assert not report.skipped
    return folder


def in_sheet(findings: tuple[Finding, ...]) -> list[tuple[str, int | None]]:
    return [(one.rule, one.sheet.line) for one in findings if one.sheet and one.sheet.path.name == "made.yaml"]


def test_a_statement_is_found_by_its_subject_predicate_and_object(data: Path) -> None:
    report = validate_data(BuildPlan(data))
    found = sorted(in_sheet(report.findings))
    assert found == [("conflicting-sign-within-source", 12), ("conflicting-sign-within-source", 13)]
    first = next(one for one in report.findings if one.sheet)
    assert f"made.ttl:{first.at.line if first.at else 0} (from {data}/curated/sheets/made.yaml:1" in str(first)


def test_a_document_and_an_entry_are_found(data: Path) -> None:
    path = data / "curated" / "made.ttl"
    text = path.read_text(encoding="utf-8").replace('"https://example.org/d"', '"example.org/d"')
    path.write_text(text.replace('rdfs:label "mademab"@en', 'rdfs:label "mademab"'), encoding="utf-8")
    found = dict(in_sheet(validate_data(BuildPlan(data)).findings))
    assert found["EvidenceAddress"] == 3
    assert 6 in found.values()


def test_where_no_row_fits_the_sheet_alone_is_named(data: Path) -> None:
    sheet = data / "curated" / "sheets" / "made.yaml"
    sheet.write_text("statements: [\n", encoding="utf-8")
    assert set(in_sheet(validate_data(BuildPlan(data)).findings)) == {("conflicting-sign-within-source", None)}


def test_turtle_beside_which_there_is_no_sheet_names_none(data: Path, tmp_path: Path) -> None:
    alone = tmp_path / "made.ttl"
    (data / "curated" / "made.ttl").rename(alone)
    report = validate_files([alone], BuildPlan(data))
    assert report.findings
    assert not in_sheet(report.findings)
