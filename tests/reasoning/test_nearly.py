"""What comes near to a triple that does not hold: which rule, what it finds, what fails."""

from __future__ import annotations

import pytest

from .small_graphs import closed, rule, triple

LIFT = rule(
    "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?p { :likes :hates } ?a :subject ?s ; :predicate ?p ; :object ?o "
    "FILTER NOT EXISTS { ?a :negated true } }",
    "lift",
)
GRAPH = """
:s1 :subject :a ; :predicate :likes ; :object :b .
:s2 :subject :a ; :predicate :hates ; :object :c ; :negated true .
:d a :Person .
"""


def test_the_premise_that_fails_is_named() -> None:
    (miss,) = closed(GRAPH, LIFT).near_misses(triple(":a :likes :d"))
    assert (miss.rule, miss.summary) == ("lift", "a rule under test")
    assert set(miss.premises) == {triple(":s1 :subject :a"), triple(":s1 :predicate :likes")}
    assert miss.missing == (triple(":s1 :object :d"),)
    assert (miss.against, miss.failed) == ((), ())


def test_what_must_not_hold_and_does_is_named() -> None:
    (miss,) = closed(GRAPH, LIFT).near_misses(triple(":a :hates :c"))
    assert miss.missing == ()
    assert miss.against == (triple(":s2 :negated true"),)


def test_a_condition_that_is_not_met_is_told() -> None:
    file = rule("CONSTRUCT { ?x a :Big } WHERE { ?x :size ?n FILTER(?n > 3) }", "big")
    (miss,) = closed(":x :size 2 . :y a :Big .", file).near_misses(triple(":x a :Big"))
    assert (miss.failed, miss.premises) == (("filter",), (triple(":x :size 2"),))


def test_unnamed_classes_are_looked_into() -> None:
    closure = closed(
        "[ owl:onProperty :p ; owl:someValuesFrom :B ] rdfs:subClassOf :C . :x :p :y . :z a :B, :C . :y a :D ."
    )
    miss = closure.near_misses(triple(":x a :C"))[0]
    assert (miss.rule, miss.premises, miss.missing) == ("cls-svf1", (triple(":x :p :y"),), (triple(":y a :B"),))


@pytest.mark.parametrize("nothing", [":nobody :likes :d", ":b :unheard :c"])
def test_what_no_rule_comes_near_to_has_no_near_miss(nothing: str) -> None:
    assert closed(GRAPH, LIFT).near_misses(triple(nothing)) == []


def test_the_nearest_comes_first() -> None:
    far = rule("CONSTRUCT { ?x :r ?y } WHERE { ?x :p ?y . ?x :q ?y . ?x :s ?y }", "far")
    near = rule("CONSTRUCT { ?x :r ?y } WHERE { ?x :p ?y . ?x :q ?y }", "near")
    misses = closed(":x :p :y . :z :r :y ; :q :w ; :s :w .", far, near).near_misses(triple(":x :r :y"))
    assert [(miss.rule, len(miss.missing)) for miss in misses] == [("near", 1), ("far", 2)]


def test_too_few_are_told_by_their_number() -> None:
    text = (
        "CONSTRUCT { ?c a :Busy } WHERE { { SELECT ?c (COUNT(DISTINCT ?x) AS ?n) WHERE { ?x :in ?c } GROUP BY ?c "
        "HAVING (COUNT(DISTINCT ?x) > 2) } FILTER(?n < 9) }"
    )
    closure = closed(":x :in :c . :y :in :c . :d a :Busy .", rule(text, "busy"))
    (miss,) = closure.near_misses(triple(":c a :Busy"))
    assert (miss.rule, miss.failed, miss.missing) == ("busy", ("count: 2",), ())
    assert closure.near_misses(triple(":x a :Busy")) == []
