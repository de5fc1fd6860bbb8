"""``immunograph import sheets``: what it prints, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

SHEET = """
documents:
  d: {title: D label, kind: label, address: "https://example.org/d", identifier: BLA1, consulted: 2026-11-22}
modulators:
  madeupmab:
    label: madeupmab
    modality: MonoclonalAntibody
    document: d
    statements:
      - {approvedBy: FDA, year: 2019, at: "1"}
      - {inhibits: IL6R, type: Antagonist, at: "12.1"}
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "out" / "sheets" / "made.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(SHEET, encoding="utf-8")
    return path


def arguments(sheet: Path, *options: str) -> list[str]:
    return ["import", "sheets", str(sheet), "--out", str(sheet.parents[1]), *options]


def test_sheets_that_are_written_whole_end_with_0(run: Run, sheet: Path) -> None:
    done = run(*arguments(sheet))
    assert done.exit_code == 0, done.stderr
    assert "left out" not in done.stderr
    assert run(*arguments(sheet, "--quiet")).stderr == ""


@pytest.mark.parametrize("options", [[], ["--quiet"]])
def test_rows_left_out_are_told_last_and_end_with_1(run: Run, sheet: Path, options: list[str]) -> None:
    assert run(*arguments(sheet)).exit_code == 0
    more = "      - {worsen: fever}\n      - {inhibits: IL6RR, at: '1'}\n"
    sheet.write_text(SHEET.replace("IL6R,", "IL6Q,") + more, encoding="utf-8")
    done = run(*arguments(sheet, *options))
    assert done.exit_code == 1
    gone, *rows, last = done.stderr.splitlines()[-5:]
    assert gone == "1 statement(s) of the earlier Turtle are stated no more"
    assert [row.partition(": ")[0] for row in rows] == [f"{sheet}:{line}" for line in (11, 12, 13)]
    assert rows[0].endswith("a name that fits nothing: 'IL6Q' as Target; near: IL6, IL6R, IL-6")
    assert rows[1].endswith("a malformed row: a row needs exactly one predicate; has worsen; did you mean worsens?")
    assert last == "3 to mend: what the lines above say is not in the Turtle"
    assert done.stdout == ""


def test_a_strict_import_stops_at_the_first_and_writes_nothing(run: Run, sheet: Path) -> None:
    sheet.write_text(SHEET.replace("IL6R,", "IL6Q,"), encoding="utf-8")
    done = run(*arguments(sheet, "--strict"))
    assert done.exit_code == 3
    assert done.stderr.splitlines()[-1].startswith(f"immunograph: {sheet}:11: a name that fits nothing")
    assert not list(sheet.parents[1].glob("*.ttl"))


def test_the_report_has_notes_and_rows_left_out(run: Run, sheet: Path, tmp_path: Path) -> None:
    sheet.write_text(SHEET.replace(", year: 2019", "").replace("IL6R,", "IL6Q,"), encoding="utf-8")
    done = run(*arguments(sheet, "--report", str(tmp_path / "report.json")))
    assert done.exit_code == 1
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["skipped"] == {"a name that fits nothing": 1}
    assert report["notes"] == {"an approval without its year": [f"{sheet}:10: approvedBy FDA"]}
    assert f"{sheet}:10: an approval without its year: approvedBy FDA" in done.stderr
