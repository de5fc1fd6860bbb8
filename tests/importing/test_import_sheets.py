"""Importing some sheets of a folder: what becomes of the others, and what is told."""

from pathlib import Path

import pytest

from immunograph.errors import LoadError
from immunograph.importing import NO_MORE, import_sheets
from immunograph.model import Node
from immunograph.registry import Registry

DOCUMENTS = """
documents:
  d: {title: D label, kind: label, address: "https://example.org/d", identifier: BLA1, consulted: 2026-11-22}
"""
ONE = (
    DOCUMENTS
    + """
modulators:
  onemab:
    label: onemab
    modality: MonoclonalAntibody
    document: d
    statements:
      - {approvedBy: FDA, year: 2019, at: "1"}
      - {hasAdverseEffect: fever, at: "6.1"}
"""
)
TWO = (
    DOCUMENTS
    + """
conditions:
  two-fever: {label: two fever, document: d}
modulators:
  twomab:
    label: twomab
    modality: MonoclonalAntibody
    document: d
    statements:
      - {approvedBy: FDA, year: 2020, at: "1"}
      - {hasAdverseEffect: [fever, two fever], at: "6.1"}
"""
)


def known() -> Registry:
    registry = Registry()
    registry.add(Node("urn:x:fever", ("Condition",), "fever", ("urn:x:source",)))
    return registry


@pytest.fixture
def out(tmp_path: Path) -> Path:
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    (sheets / "one.yaml").write_text(ONE, encoding="utf-8")
    (sheets / "two.yaml").write_text(TWO, encoding="utf-8")
    import_sheets(sorted(sheets.iterdir()), tmp_path, known())
    return tmp_path


def turtle(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.ttl")}


@pytest.mark.parametrize("given", [["one"], ["two"], ["two", "one"]])
def test_importing_some_sheets_gives_what_importing_all_gives(out: Path, given: list[str]) -> None:
    before = turtle(out)
    assert before.keys() == {"one.ttl", "two.ttl", "source.ttl"}
    import_sheets([out / "sheets" / f"{name}.yaml" for name in given], out, known())
    assert turtle(out) == before


def test_what_a_given_sheet_changes_in_another_ones_turtle_is_written(out: Path) -> None:
    """The first sheet that names a regulator describes it: with the row gone, the second one has to."""
    sheet = out / "sheets" / "one.yaml"
    sheet.write_text(ONE.replace('      - {approvedBy: FDA, year: 2019, at: "1"}\n', ""), encoding="utf-8")
    assert b"igd:fda\n" not in turtle(out)["two.ttl"]
    import_sheets([sheet], out, known())
    assert b"igd:fda\n" in turtle(out)["two.ttl"]


def test_sheets_beside_a_given_one_count_where_they_have_turtle(out: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    import_sheets(list((out / "sheets").iterdir()), elsewhere, known())
    before = turtle(elsewhere)
    import_sheets([out / "sheets" / "one.yaml"], elsewhere, known())
    assert turtle(elsewhere) == before
    import_sheets([out / "sheets" / "one.yaml"], tmp_path / "new", known())
    assert turtle(tmp_path / "new").keys() == {"one.ttl", "source.ttl"}


def test_turtle_of_a_sheet_that_may_lie_elsewhere_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(ONE, encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "other.ttl").write_text("", encoding="utf-8")
    with pytest.raises(LoadError, match=r"other\.ttl: is of a sheet that was not given; give all sheets"):
        import_sheets([tmp_path / "one.yaml"], out, known())
    assert [path.name for path in out.iterdir()] == ["other.ttl"]


def test_a_sheet_that_is_gone_takes_its_turtle_along_and_that_is_told(out: Path) -> None:
    (out / "sheets" / "two.yaml").unlink()
    report = import_sheets([out / "sheets" / "one.yaml"], out, known())
    assert turtle(out).keys() == {"one.ttl", "source.ttl"}
    assert [note.at.path.name for note in report.notes[NO_MORE]] == ["two.ttl"] * 3


def test_two_given_sheets_of_one_name_are_refused(out: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft"
    draft.mkdir()
    (draft / "one.yaml").write_text(ONE, encoding="utf-8")
    with pytest.raises(LoadError, match="both would write one file"):
        import_sheets([draft / "one.yaml", out / "sheets" / "one.yaml"], out, known())


def test_a_statement_that_is_left_out_or_changed_is_told_as_stated_no_more(out: Path) -> None:
    sheet = out / "sheets" / "one.yaml"
    sheet.write_text(ONE.replace("fever", "feever").replace("2019", "2018"), encoding="utf-8")
    report = import_sheets([sheet], out, known())
    assert sorted(note.detail for note in report.notes[NO_MORE]) == [
        "igd:onemab approvedBy igd:fda; approvalYear 2019",
        "igd:onemab hasAdverseEffect urn:x:fever",
    ]
    assert report.skipped == {"a name that fits nothing": 1}
    assert not import_sheets([sheet], out, known()).notes


def test_a_strict_import_writes_nothing_where_a_row_cannot_be_written(out: Path) -> None:
    sheet = out / "sheets" / "one.yaml"
    sheet.write_text(ONE.replace("fever", "feever"), encoding="utf-8")
    before = turtle(out)
    with pytest.raises(LoadError, match=r"one\.yaml:12: a name that fits nothing: 'feever' .*near: fever"):
        import_sheets([sheet], out, known(), is_strict=True)
    assert turtle(out) == before


def test_oddities_are_noted_of_the_given_sheets_alone(out: Path) -> None:
    for name, text in (("one", ONE), ("two", TWO)):
        (out / "sheets" / f"{name}.yaml").write_text(text.replace(', at: "1"', ""), encoding="utf-8")
    notes = import_sheets([out / "sheets" / "one.yaml"], out, known()).notes
    assert {note.at.path.name for note in notes["a row without `at`, the section to look in"]} == {"one.yaml"}
