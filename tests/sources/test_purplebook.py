"""The Purple Book: brand names, and the year of the first licence."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunograph.errors import LoadError
from immunograph.identifiers import compress, expand
from immunograph.model import Association, Evidence, Node, Record
from immunograph.registry import Registry
from immunograph.sources.importer import ImportReport
from immunograph.sources.purplebook import IMPORTER

HERE = Path(__file__).parent / "files" / "drugs"
REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"


def imported(path: Path, *names: str, is_strict: bool = False) -> tuple[list[Record], ImportReport]:
    registry, report = Registry(), ImportReport(is_strict=is_strict)
    registry.extend(Node(expand(f"igd:{name}"), ("Modulator", "MonoclonalAntibody"), name, ()) for name in names)
    return list(IMPORTER.read([path], registry, report)), report


def test_brands_and_first_licence() -> None:
    records, report = imported(HERE / "purplebook.csv", "inventumab", "leftumab")
    brands = {compress(one.iri): set(one.synonyms) for one in records if isinstance(one, Node)}
    assert brands == {"igd:inventumab": {"Inventra", "Firstmab", "Badmab"}, "igd:leftumab": {"Gonemab"}}
    approvals = {
        compress(one.subject): [compress(term.value) for _, term in one.qualifiers]
        for one in records
        if isinstance(one, Association)
    }
    assert approvals == {"igd:inventumab": ["2010", "ig:Approved"], "igd:leftumab": ["2001", "ig:Withdrawn"]}
    assert {one.record for one in records if isinstance(one, Evidence)} == {"BLA2", "BLA3", "BLA5"}
    assert report.read == {"purplebook.csv": 8}
    assert report.skipped == {"no modulator of the graph": 1, "wrong number of cells": 1, "date cannot be read": 1}


def test_a_modulator_without_modality_waits_for_its_source() -> None:
    registry, report = Registry(), ImportReport()
    registry.add(Node(expand("igd:inventumab"), ("Modulator",), "inventumab", ()))
    assert not list(IMPORTER.read([HERE / "purplebook.csv"], registry, report))
    assert report.skipped["modulator that no source describes yet"] == 5


def test_a_malformed_row_is_fatal_when_strict() -> None:
    with pytest.raises(LoadError, match=r"purplebook\.csv:15: wrong number of cells"):
        imported(HERE / "purplebook.csv", "inventumab", is_strict=True)


def test_a_file_without_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text("a,b\n")
    with pytest.raises(LoadError, match="has no table"):
        imported(path)
    path.write_text("N/R/U,BLA Number\n")
    with pytest.raises(LoadError, match="lacks the column"):
        imported(path)


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the public reference files are not beside the checkout")
def test_the_real_book() -> None:
    path = REFERENCE / "purplebook" / "purplebook-data-download_2025_04.csv.gz"
    records, report = imported(path, "tocilizumab", "adalimumab", is_strict=True)
    assert {one.label: "Actemra" in one.synonyms for one in records if isinstance(one, Node)} == {
        "tocilizumab": True,
        "adalimumab": False,
    }
    years = [dict(one.qualifiers)["approvalYear"].value for one in records if isinstance(one, Association)]
    assert years == ["2002", "2010"]
    assert report.read[path.name] > 2000
