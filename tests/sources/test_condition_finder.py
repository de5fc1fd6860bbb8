"""Identifiers of other systems lead to one condition, or to a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunograph.identifiers import compress
from immunograph.sources.condition_finder import ConditionFinder, Lost, read_condition_finder
from immunograph.sources.importer import ImportReport

HERE = Path(__file__).parent / "files" / "drugs"


@pytest.fixture(scope="module")
def finder() -> ConditionFinder:
    return read_condition_finder(HERE / "mondo.json", HERE / "mondo_xrefs.json", HERE / "hp.obo", ImportReport())


@pytest.mark.parametrize(
    ("identifier", "name", "condition"),
    [
        ("EFO:1", "made-up arthritis", "MONDO:0000010"),
        ("EFO:1", "a wording of its own", "MONDO:0000010"),
        ("MSH:D10", "Arthritis, Invented", "MONDO:0000010"),
        ("EFO:12", "Made-up rhinitis, allergic", "MONDO:0000012"),
        ("EFO:99", "Rhinitis, Allergic made-up", "MONDO:0000012"),
        ("EFO:13", "made-up lupus of the skin", "MONDO:0000014"),
        ("MONDO:0000015", "", "MONDO:0000010"),
        ("HP:0000002", "made-up fever", "HP:0000002"),
        ("HP:0000003", "made-up lupus", "MONDO:0000013"),
        ("EFO:77", "invented pyrexia", "HP:0000002"),
    ],
)
def test_found(finder: ConditionFinder, identifier: str, name: str, condition: str) -> None:
    found = finder.find(identifier, name)
    assert isinstance(found, str)
    assert compress(found) == condition


@pytest.mark.parametrize(
    ("identifier", "name", "reason"),
    [
        ("EFO:2", "unheard-of disease", "no condition refers to it"),
        ("EFO:3", "disease", "too wide to be a condition"),
        ("EFO:11", "made-up colitis", "several conditions refer to it"),
        ("EFO:13", "another lupus", "several conditions refer to it"),
        ("MONDO:0000010", "made-up fever", "name means another condition than the identifier"),
        ("MONDO:9999999", "", "obsolete or unknown term"),
        ("EFO:2", "", "no condition refers to it"),
    ],
)
def test_lost(finder: ConditionFinder, identifier: str, name: str, reason: str) -> None:
    assert finder.find(identifier, name) == Lost(reason)
