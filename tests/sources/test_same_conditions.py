"""One condition is one node: what names show, and what a curator decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunograph.identifiers import compress, expand
from immunograph.sources.importer import ImportReport
from immunograph.sources.same_conditions import equal_phenotypes, exact_matches, reviewed_diseases, reviewed_matches
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


def test_only_exact_matches_make_two_things_one() -> None:
    near = Match(expand("HP:0000003"), SKOS + "closeMatch", expand("MONDO:0000013"), "ManualMappingCuration")
    denied = reviewed("HP:0000003", "MONDO:0000013", is_not=True)
    exact = reviewed("HP:0000003", "MONDO:0000013")
    assert list(exact_matches([near, denied, exact])) == [exact]


def test_what_stands_in_the_place_of_a_term_has_nothing_in_its_own_place() -> None:
    equal = reviewed_diseases()
    assert equal.keys().isdisjoint(equal.values())
