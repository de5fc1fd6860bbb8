"""Every recorded step is accepted by the independent checker; a step that was tampered with is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from immunograph.reasoning import Closure

from .proof_checker import ProofChecker, Refused, body_patterns, read_recommendation
from .small_graphs import closed, rule, triple
from .test_owl_rules import CASES

LIFT = rule(
    """CONSTRUCT { ?s ?p ?o } WHERE {
      VALUES ?p { :likes :hates }
      ?a :subject ?s ; :predicate ?p ; :object ?o .
      FILTER NOT EXISTS { ?a :negated true }
    }""",
    "lift",
)
GRAPH = """
:C rdfs:subClassOf :D . :p a owl:TransitiveProperty . :E owl:unionOf (:D :F) .
:a :p :b . :b :p :c . :c :p :d . :d :p :a . :a a :C .
:s1 :subject :a ; :predicate :likes ; :object :b .
:s2 :subject :a ; :predicate :likes ; :object :c ; :negated true .
:likes rdfs:subPropertyOf :knows .
"""


def rounds(closure: Closure) -> dict[tuple[str, str, str], int]:
    rows = closure.facts.rows(
        "SELECT a.text, b.text, c.text, f.round FROM fact AS f "
        "JOIN term AS a ON a.id = f.s JOIN term AS b ON b.id = f.p JOIN term AS c ON c.id = f.o"
    )
    return {(s, p, o): number for s, p, o, number in rows}


def checker_of(closure: Closure, **texts: str) -> ProofChecker:
    return ProofChecker(rounds(closure), texts)


@pytest.fixture(scope="module")
def closure() -> Closure:
    return closed(GRAPH, LIFT)


def test_every_step_of_a_graph_is_accepted(closure: Closure) -> None:
    checker = checker_of(closure, lift=LIFT.text)
    steps = list(closure.steps())
    for step in steps:
        checker.check(step)
    assert {step.triple for step in steps} == set(closure.inferred(anonymous=True))


def test_steps_together_are_the_steps_one_by_one(closure: Closure) -> None:
    assert all(closure.step(step.triple) == step for step in closure.steps())


def test_every_tree_ends_in_stated_triples(closure: Closure) -> None:
    checker = checker_of(closure, lift=LIFT.text)
    for conclusion in closure.inferred(anonymous=True):
        proof = closure.explain(conclusion)
        assert proof is not None
        assert checker.check_tree(proof) > 1
        assert all(closure.step(leaf).is_stated for leaf in proof.leaves())  # type: ignore[union-attr]


def test_a_proof_names_the_absence_it_stands_on(closure: Closure) -> None:
    step = closure.step(triple(":a :likes :b"))
    assert step is not None
    assert step.absent == ((triple(":s1 :negated true"),),)


def test_what_does_not_hold_has_no_proof(closure: Closure) -> None:
    assert closure.explain(triple(":a :likes :c")) is None
    assert closure.explain(triple(":nobody :likes :c")) is None


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.conclusion}")
def test_each_rule_of_owl_is_checked(case: object) -> None:
    closure = closed(case.graph, trivial=case.trivial)  # type: ignore[attr-defined]
    checker = checker_of(closure)
    for step in closure.steps():
        checker.check(step)


@pytest.mark.parametrize(
    "change",
    [
        lambda step: replace(step, triple=triple(":d :p :b")),
        lambda step: replace(step, premises=step.premises[:1]),
        lambda step: replace(step, premises=(*step.premises, triple(":a a :C"))),
        lambda step: replace(step, premises=(step.triple, *step.premises[1:])),
        lambda step: replace(step, rule="prp-symp"),
        lambda step: replace(step, rule="no-such-rule"),
        lambda step: replace(step, axioms=()),
        lambda step: replace(step, rule="asserted"),
    ],
)
def test_a_wrong_step_is_refused(closure: Closure, change: object) -> None:
    step = closure.step(triple(":a :p :c"))
    assert step is not None
    checker = checker_of(closure)
    checker.check(step)
    with pytest.raises(Refused):
        checker.check(change(step))  # type: ignore[operator]


def test_a_lifting_from_a_negated_statement_is_refused(closure: Closure) -> None:
    step = closure.step(triple(":a :likes :b"))
    assert step is not None
    facts = {**rounds(closure), triple(":s1 :negated true"): 0}
    with pytest.raises(Refused, match="does not give"):
        ProofChecker(facts, {"lift": LIFT.text}).check(step)


def test_the_checker_knows_every_rule_that_the_cases_fire() -> None:
    lists = {"prp-spo2", "prp-key", "cls-int1", "cls-int2", "cls-uni", "cls-oo", "scm-int", "scm-uni"}
    shortened = {name for name in read_recommendation() if re.search(r"-(same|things?|op|dp)$", name)}
    assert {case.rule for case in CASES} == (read_recommendation().keys() - shortened) | lists | {"scm-op", "scm-dp"}


def test_the_checker_reads_patterns_outside_exists_only() -> None:
    predicates = [pattern[1] for pattern in body_patterns(LIFT.text)]
    assert predicates == [f"<http://example.org/{name}>" for name in ("subject", "predicate", "object")]


def test_a_saved_closure_explains_without_inferring(closure: Closure, tmp_path: Path) -> None:
    closure.save(tmp_path / "closure.duckdb")
    opened = Closure.open(tmp_path / "closure.duckdb")
    for step in closure.steps():
        assert opened.step(step.triple) == step
    assert (opened.asserted_count, opened.inferred_count, opened.rounds) == (
        closure.asserted_count,
        closure.inferred_count,
        closure.rounds,
    )
    opened.close()
