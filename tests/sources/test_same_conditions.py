"""One condition is one node: what names show, and what a curator decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunograph.identifiers import compress, expand
from immunograph.sources.importer import ImportReport
from immunograph.sources.same_conditions import equal_phenotypes, reviewed_matches
from immunograph.sources.slices import read_ontology
from immunograph.sources.sssom import SKOS, Match

HERE = Path(__file__).parent / "files" / "drugs"


def reviewed(phenotype: str, disease: str, *, is_not: bool = False) -> Match:
    return Match(expand(phenotype), SKOS + "exactMatch", expand(disease), "ManualMappingCuration", is_not=is_not)


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([], {"HP:0000003": "MONDO:0000013"}),
        ([reviewed("HP:0000003", "MONDO:0000013", is_not=True)], {}),
        (
            [reviewed("HP:0000002", "MONDO:0000010")],
            {"HP:0000003": "MONDO:0000013", "HP:0000002": "MONDO:0000010"},
        ),
        ([reviewed("HP:0000003", "MONDO:0000010")], {"HP:0000003": "MONDO:0000010"}),
        ([reviewed("HP:9999999", "MONDO:0000010")], {"HP:0000003": "MONDO:0000013"}),
    ],
)
def test_decisions_outdo_names(decisions: list[Match], expected: dict[str, str]) -> None:
    report = ImportReport()
    mondo = read_ontology(HERE / "mondo.json", report, "MONDO")
    phenotypes = read_ontology(HERE / "hp.obo", report, "HP")
    found = equal_phenotypes(mondo, phenotypes, {}, decisions)
    assert {compress(one): compress(other) for one, other in found.items()} == expected


def test_no_decision_is_taken_both_ways() -> None:
    rows = [(match.subject, match.object, match.is_not) for match in reviewed_matches()]
    assert len({row[:2] for row in rows}) == len(rows)
