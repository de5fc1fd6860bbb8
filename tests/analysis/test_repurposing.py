"""Degree-weighted walks: their weights, signs and order, and that a withheld use leaves nothing behind."""

from __future__ import annotations

import pytest
from tests.analysis.small_network import graph_of, iri

from immunograph.analysis.repurposing import middle_places, ranked, scores, stations, through
from immunograph.analysis.use_network import DAMPING, RELATIONS, WALKS, read_knowledge, use_network
from immunograph.identifiers import expand
from immunograph.knowledge import KnowledgeGraph
from immunograph.vocabulary import IG, KIND_OF_PREDICATE

INVOLVED = WALKS["acts on what is involved"]

ROWS = [
    ("opposing", "inhibits", "tnf"),
    ("agonist", "activates", "tnf"),
    ("binder", "binds", "tnf"),
    ("denied", "not inhibits", "tnf"),
    ("tnf", "drives", "arthritis"),
    ("known", "inhibits", "jak"),
    ("known", "treats", "arthritis"),
    ("alike", "inhibits", "jak"),
    ("contrary", "activates", "jak"),
    ("elsewhere", "treats", "psoriasis"),
]
NAMES = "opposing agonist binder denied known alike contrary elsewhere"


def test_predicates_are_those_of_the_model() -> None:
    assert set(RELATIONS) <= set(KIND_OF_PREDICATE)


def test_the_weight_of_a_walk_is_damped_by_degree_and_its_sign_counts() -> None:
    network = use_network(read_knowledge(graph_of(ROWS, modulators=NAMES)))
    found = network.reached(iri("arthritis"), INVOLVED)
    step = (1 * 1) ** -DAMPING * (3 * 1) ** -DAMPING  # one driver; three that act on it, one target each
    assert found == {iri("opposing"): pytest.approx(step), iri("binder"): pytest.approx(step / 2)}


def test_what_acts_as_a_treatment_does_is_found_and_its_opposite_is_not() -> None:
    network = use_network(read_knowledge(graph_of(ROWS, modulators=NAMES)))
    found = network.reached(iri("arthritis"), WALKS["acts as its treatments do"])
    assert iri("alike") in found and iri("contrary") not in found


def test_a_ubiquitous_target_says_less_than_a_specific_one() -> None:
    rows = [("hub", "drives", "arthritis"), ("rare", "drives", "arthritis"), ("b", "inhibits", "rare")]
    rows += [(name, "inhibits", "hub") for name in "acdefg"]
    network = use_network(read_knowledge(graph_of(rows, modulators="a b c d e f g")))
    first, *others = ranked(network, iri("arthritis"), [iri(name) for name in "abcdefg"])
    assert first.modulator == iri("b") and first.rank == 1
    assert len({candidate.score for candidate in others}) == 1


def test_related_conditions_count_the_more_the_nearer_they_are() -> None:
    broader = {"lupus": "autoimmune", "nephritis": "lupus", "psoriasis": "autoimmune", "cystitis": "other"}
    rows = [("near", "treats", "nephritis"), ("far", "treats", "psoriasis"), ("none", "treats", "cystitis")]
    rows += [("tnf", "drives", "lupus")]
    graph = graph_of(rows, modulators="near far none", broader=broader)
    graph.add([(f"<{iri('nephritis')}>", f"<{IG}broader>", f"<{iri('autoimmune')}>")])
    network = use_network(read_knowledge(graph))
    found = network.reached(iri("lupus"), WALKS["treats a related condition"])
    assert found[iri("near")] > found[iri("far")] and iri("none") not in found


def test_a_withheld_use_takes_along_what_rests_on_its_records_alone() -> None:
    rows = [
        ("drug", "treats", "arthritis", "path"),
        ("drug", "inhibits", "tnf", "path"),
        ("tnf", "drives", "arthritis", "path"),
        ("other", "inhibits", "tnf", "label"),
        ("drug", "inhibits", "jak", "label"),
        ("jak", "drives", "arthritis", "paper"),
    ]
    knowledge = read_knowledge(graph_of(rows, modulators="drug other"), has_evidence=True)
    use = (iri("drug"), iri("arthritis"))
    assert knowledge.uses() == {use}
    whole, without = use_network(knowledge), use_network(knowledge, {use})
    assert (whole.degree(use[0]), without.degree(use[0])) == (1, 0)
    assert set(whole.reached(use[1], INVOLVED)) == {iri("drug"), iri("other")}
    assert set(without.reached(use[1], INVOLVED)) == {iri("drug")}
    assert not without.relations["acts"].has_edge(iri("drug"), iri("tnf"))


def test_a_statement_with_other_records_stays() -> None:
    rows = [("drug", "treats", "arthritis", "path"), ("tnf", "drives", "arthritis", "path")]
    graph = graph_of([*rows, ("drug", "inhibits", "tnf", "label")], modulators="drug")
    graph.add([(f"<{expand('iga:a1')}>", f"<{IG}hasEvidence>", "<http://example.org/1>")])
    network = use_network(read_knowledge(graph, has_evidence=True), {(iri("drug"), iri("arthritis"))})
    assert network.relations["involved"].has_edge(iri("tnf"), iri("arthritis"))


def test_the_kinds_of_walk_are_on_one_scale_and_add_up(fixture_kg: KnowledgeGraph) -> None:
    knowledge = read_knowledge(fixture_kg.graph)
    network = use_network(knowledge)
    condition = fixture_kg.names.resolve("rheumatoid arthritis").iri
    parts = scores(network, condition, knowledge.modulators)
    for candidate in ranked(network, condition, knowledge.modulators):
        assert candidate.score == pytest.approx(sum(parts[candidate.modulator].values()))
        assert list(candidate.walks.values()) == sorted(candidate.walks.values(), reverse=True)


def test_what_a_candidate_acts_through_is_named_by_weight() -> None:
    network = use_network(read_knowledge(graph_of(ROWS, modulators=NAMES)))
    weights = stations(network, iri("arthritis"))
    assert through(network, weights, iri("alike")) == [iri("jak")]
    assert through(network, weights, iri("elsewhere")) == []


def test_equal_values_share_the_middle_place() -> None:
    assert middle_places({"a": 5, "b": 1, "c": 1, "d": 0}) == {"a": 1, "b": 2.5, "c": 2.5, "d": 4}
