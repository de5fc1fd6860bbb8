"""Tests that are carried from one modulator to another, on the fixture graph: to whom they go, and to whom not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from immunograph.knowledge import KnowledgeGraph

TEST = "tuberculosis screening test"


@pytest.fixture
def kg(fixture_kg: KnowledgeGraph) -> Iterator[KnowledgeGraph]:
    """The fixture graph, opened once more so that it can change."""
    with KnowledgeGraph(fixture_kg.folder, fixture_kg.plan) as graph:
        yield graph


def asks(kg: KnowledgeGraph, number: int, modulator: str, predicate: str, measure: str, risk: str) -> None:
    """State that a test is asked for with a modulator, for a risk."""
    statement = f"iga:asked-{number}"
    kg.add(
        [
            (statement, "ig:subject", modulator),
            (statement, "ig:predicate", predicate),
            (statement, "ig:object", measure),
            (statement, "ig:forRisk", risk),
        ]
    )


def called_for(kg: KnowledgeGraph, what: str, measure: str) -> set[str]:
    found = kg.sparql(f"SELECT ?who {{ ?m ig:{what} {kg.names.resolve(measure).iri.join('<>')} ; rdfs:label ?who }}")
    return set(found.column("who"))  # type: ignore[union-attr]


def test_what_one_blocker_is_watched_for_is_called_for_with_those_that_block_the_same(kg: KnowledgeGraph) -> None:
    """It is stated of adalimumab; no source states it of the two others, which block TNF too."""
    assert called_for(kg, "mechanismCallsForMonitoring", TEST) == {"infliximab", "etanercept"}


def test_nothing_that_is_stated_of_the_class_is_inferred_once_more(kg: KnowledgeGraph) -> None:
    assert kg.explain("infliximab", "ig:requiresScreening", TEST) is not None
    assert called_for(kg, "mechanismCallsForScreening", TEST) == set()


def test_a_test_of_one_mechanism_goes_to_no_other_at_the_same_risk(kg: KnowledgeGraph) -> None:
    kg.add([("IL6", "ig:protectsFrom", "tuberculosis")])
    assert kg.explain("siltuximab", "ig:predisposesTo", "tuberculosis") is not None
    assert called_for(kg, "mechanismCallsForMonitoring", TEST) == {"infliximab", "etanercept"}


def test_a_test_of_two_unlike_mechanisms_goes_to_every_primary_action_at_the_risk(kg: KnowledgeGraph) -> None:
    kg.add([("IL6", "ig:protectsFrom", "tuberculosis"), ("T cell", "ig:protectsFrom", "tuberculosis")])
    kg.add([("tocilizumab", "ig:suppresses", "T cell")])
    asks(kg, 1, "upadacitinib", "ig:monitoredBy", TEST, "tuberculosis")
    assert kg.explain("tocilizumab", "ig:predisposesTo", "tuberculosis") is not None
    assert called_for(kg, "mechanismCallsForMonitoring", TEST) == {"infliximab", "etanercept", "siltuximab"}


def test_two_of_one_mechanism_make_no_general_test(kg: KnowledgeGraph) -> None:
    kg.add([("IL6", "ig:protectsFrom", "tuberculosis")])
    asks(kg, 1, "infliximab", "ig:monitoredBy", TEST, "tuberculosis")
    assert called_for(kg, "mechanismCallsForMonitoring", TEST) == {"etanercept"}
