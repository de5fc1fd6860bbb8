"""The curation sheets: what is declared is declared once, and each medicine stands in the sheet of its class."""

from collections import defaultdict
from pathlib import Path

from immunograph.sources.declarations import SECTION_KIND
from immunograph.sources.sheets import read_sheet

SHEETS = Path(__file__).resolve().parents[2] / "data" / "curated" / "sheets"
ACROSS_CLASSES = {"approval-years", "failed-and-withdrawn", "mediated-reactions"}
"""Sheets that go by the kind of statement, not by the class of medicine."""


def test_a_node_is_declared_in_one_sheet() -> None:
    declared = defaultdict(list)
    for path in sorted(SHEETS.glob("*.yaml")):
        sheet = read_sheet(path)
        for entry in sheet.entries(*SECTION_KIND):
            if "label" in entry.row:
                declared[entry.section, entry.slug].append(sheet.name)
    assert {key: names for key, names in declared.items() if len(names) > 1} == {}


def test_a_modulator_has_its_statements_in_the_sheet_of_one_class() -> None:
    stated = defaultdict(list)
    for path in sorted(SHEETS.glob("*.yaml")):
        sheet = read_sheet(path)
        for entry in sheet.entries("modulators"):
            if entry.row.get("statements") and sheet.name not in ACROSS_CLASSES:
                stated[entry.slug].append(sheet.name)
    assert {slug: names for slug, names in stated.items() if len(names) > 1} == {}
