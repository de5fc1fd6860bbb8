"""What is stated of the ends of a path, and whether it is what the path suggests."""

from __future__ import annotations

import pytest

from immunograph.analysis.ends import SAID, Said
from immunograph.identifiers import expand
from immunograph.knowledge import KnowledgeGraph
from immunograph.vocabulary import KIND_OF_PREDICATE


def said(predicate: str, *, is_negated: bool = False, is_taken_back: bool = False) -> Said:
    return Said("s", predicate, "o", is_negated, is_taken_back, (), ())


def test_what_is_said_is_of_known_predicates() -> None:
    assert set(SAID) <= set(KIND_OF_PREDICATE)


@pytest.mark.parametrize(
    ("one", "beside_minus", "beside_plus"),
    [
        (said("treats"), 1, -1),
        (said("worsens"), -1, 1),
        (said("hasAdverseEffect"), -1, 1),
        (said("ineffectiveFor"), -1, 0),
        (said("contraindicatedIn"), -1, 0),
        (said("treats", is_negated=True), -1, 0),
        (said("treats", is_taken_back=True), -1, 0),
        (said("worsens", is_negated=True), 0, -1),
        (said("ineffectiveFor", is_negated=True), 0, 0),
    ],
    ids=lambda value: getattr(value, "how", None),
)
def test_a_statement_says_the_same_as_a_sign_or_the_contrary(one: Said, beside_minus: int, beside_plus: int) -> None:
    assert (one.agreement(-1), one.agreement(1), one.agreement(0)) == (beside_minus, beside_plus, 0)


def test_a_path_holds_what_is_stated_of_its_ends(fixture_kg: KnowledgeGraph) -> None:
    paths = fixture_kg.path("tocilizumab", "rheumatoid arthritis")
    assert {path.stated for path in paths} == {paths[0].stated}
    (treats,) = (one for one in paths[0].stated if one.predicate == "treats")
    assert treats.object == expand("MONDO:0008383") and treats.associations and treats.sources
    assert list(paths[0].stated) == fixture_kg.said_of("tocilizumab", "rheumatoid arthritis")


def test_a_statement_about_a_narrower_condition_counts_and_names_it(fixture_kg: KnowledgeGraph) -> None:
    rows = fixture_kg.graph.select(
        "SELECT ?m ?broad ?narrow { ?m ig:treats ?narrow . ?narrow ig:broader ?broad FILTER(?broad != ?narrow) "
        "FILTER NOT EXISTS { ?m ig:treats ?broad } } ORDER BY ?m ?broad ?narrow LIMIT 1"
    ).rows
    modulator, broad, narrow = (term.value for term in rows[0] if term)
    assert narrow in {one.object for one in fixture_kg.said_of(modulator, broad)}
