"""Additions and removals: after each, the closure is the one that a full inference on the changed triples gives."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from immunograph.errors import RuleError
from immunograph.reasoning import Closure, Program, compile_program, infer
from immunograph.reasoning.rules import RuleFile
from immunograph.reasoning.terms import Triple

from .proof_checker import ProofChecker
from .small_graphs import closed, rule, triple, triples
from .test_owlrl_oracle import facts, ontologies

RULES = [
    rule("CONSTRUCT { ?x :lonely ?c } WHERE { ?x a ?c FILTER(isIRI(?c)) FILTER NOT EXISTS { ?x :r ?y } }", "lonely"),
    rule("CONSTRUCT { ?x :calm ?c } WHERE { ?x a ?c FILTER(isIRI(?c)) FILTER NOT EXISTS { ?x :lonely ?c } }", "calm"),
    rule(
        "CONSTRUCT { ?x a :Rich } WHERE { { SELECT ?x (COUNT(DISTINCT ?y) AS ?n) WHERE { ?x :p ?y } GROUP BY ?x "
        "HAVING (COUNT(DISTINCT ?y) > 1) } }",
        "rich",
    ),
    rule("CONSTRUCT { ?x :q2 ?z } WHERE { ?x :p ?y . ?y :q ?z }", "join"),
    rule("CONSTRUCT { ?x :q2 ?z } WHERE { ?x :q2 ?y . ?y :q2 ?z }", "circle"),
]
files = st.lists(st.sampled_from(RULES), max_size=5, unique_by=lambda file: file.name)
graphs = st.lists(facts, max_size=8).map("\n".join)
changes = st.tuples(st.booleans(), st.lists(facts, min_size=1, max_size=3).map("\n".join))


def check_same(changed: Closure, stated: set[Triple], program: Program) -> None:
    full = infer(sorted(stated), program)
    assert set(changed.inferred(anonymous=True)) == set(full.inferred(anonymous=True))
    assert set(changed.asserted()) == set(full.asserted())
    assert changed.inferred_count == full.inferred_count
    assert {str(clash) for clash in changed.clashes} == {str(clash) for clash in full.clashes}


def check_proofs(closure: Closure, rules: list[RuleFile]) -> None:
    rows = closure.facts.rows(
        "SELECT a.text, b.text, c.text, f.round FROM fact AS f "
        "JOIN term AS a ON a.id = f.s JOIN term AS b ON b.id = f.p JOIN term AS c ON c.id = f.o"
    )
    checker = ProofChecker({(s, p, o): number for s, p, o, number in rows}, {file.name: file.text for file in rules})
    steps = list(closure.steps())
    for step in steps:
        checker.check(step)
    assert {step.triple for step in steps} == set(closure.inferred(anonymous=True))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    ontologies,
    files,
    st.lists(facts, max_size=8).map("\n".join),
    st.lists(changes, min_size=1, max_size=4),
    st.booleans(),
)
def test_every_change_is_a_full_inference(
    ontology: str, rules: list[RuleFile], graph: str, sequence: list[tuple[bool, str]], is_from_file: bool
) -> None:
    try:
        program = compile_program(triples(ontology), rules)
    except RuleError:  # the drawn axioms make the drawn rules unstratified
        return
    stated = set(triples(graph))
    closure = infer(sorted(stated), program)
    if is_from_file:
        with TemporaryDirectory() as folder:
            closure.save(Path(folder, "closure.duckdb"))
            closure = Closure.open(Path(folder, "closure.duckdb"))
            closure.retract([])
    for is_addition, text in sequence:
        given_ = set(triples(text))
        before = set(closure.inferred())
        if is_addition:
            stated |= given_
            change = closure.add(given_)
        else:
            stated -= given_
            change = closure.retract(given_)
        check_same(closure, stated, program)
        after = set(closure.inferred())
        assert (set(change.appeared), set(change.vanished)) == (after - before, before - after)
    check_proofs(closure, rules)


CHAIN = ":p a owl:TransitiveProperty . :x :p :y . :y :p :z . :y :p :w . :w :p :z ."


def test_what_has_another_proof_stays() -> None:
    closure = closed(CHAIN)
    assert not closure.retract([triple(":y :p :z")]).is_full
    assert triple(":x :p :z") in closure
    assert triple(":y :p :z") in set(closure.inferred())


def test_what_has_no_other_proof_falls_and_comes_back() -> None:
    closure = closed(CHAIN)
    assert closure.retract([triple(":x :p :y")]).stated == 1
    assert triple(":x :p :z") not in closure
    change = closure.add([triple(":x :p :y")])
    assert (change.stated, change.is_full) == (1, False)
    assert triple(":x :p :z") in closure


def test_facts_that_only_prove_each_other_fall() -> None:
    closure = closed(":p owl:inverseOf :q . :x :p :y .")
    closure.retract([triple(":x :p :y")])
    assert list(closure.inferred()) == []


def test_an_absence_that_ends_takes_its_conclusion() -> None:
    closure = closed(":x a :A .", RULES[0])
    assert triple(":x :lonely :A") in closure
    assert not closure.add([triple(":x :r :y")]).is_full
    assert triple(":x :lonely :A") not in closure


def test_an_inferred_triple_may_be_stated_too() -> None:
    closure = closed(":p owl:inverseOf :q . :x :p :y .")
    assert closure.add([triple(":y :q :x")]).stated == 1
    closure.retract([triple(":x :p :y")])
    assert set(closure.inferred()) == {triple(":x :p :y")}


def test_clashes_come_and_go() -> None:
    closure = closed("", axioms=":A owl:disjointWith :B .")
    closure.add(triples(":x a :A , :B ."))
    assert [clash.rule for clash in closure.clashes] == ["cax-dw"]
    closure.retract([triple(":x a :B")])
    assert closure.clashes == ()


@pytest.mark.parametrize("axiom", [":A rdfs:subClassOf :B", ":p a owl:TransitiveProperty", ":x owl:sameAs :y"])
def test_axioms_make_a_full_run_and_it_is_said(axiom: str) -> None:
    closure = closed(":x a :A ; :p :y .")
    change = closure.add([triple(axiom)])
    assert change.is_full and change.stated == 1
    assert triple(axiom) in set(closure.asserted())


def test_what_is_not_stated_changes_nothing() -> None:
    closure = closed(":p owl:inverseOf :q . :x :p :y .")
    assert closure.retract([triple(":y :q :x"), triple(":no :such :thing")]).stated == 0
    assert triple(":y :q :x") in closure


def test_a_malformed_triple_changes_nothing() -> None:
    closure = closed(":x a :A .")
    with pytest.raises(RuleError, match="not a triple of RDF"):
        closure.add([('"text"', "<http://example.org/p>", "<http://example.org/x>")])
    assert closure.asserted_count == 1


def test_a_closure_from_a_file_changes_in_memory_and_the_file_stays(tmp_path: Path) -> None:
    closed(":A rdfs:subClassOf :B . :x a :A .").save(tmp_path / "closure.duckdb")
    closure = Closure.open(tmp_path / "closure.duckdb")
    assert closure.add([triple(":y a :A")]).appeared == (triple(":y a :B"),)
    assert not closure.retract([triple(":x a :A")]).is_full
    assert set(closure.inferred()) == {triple(":y a :B")}
    again = Closure.open(tmp_path / "closure.duckdb")
    assert set(again.inferred()) == {triple(":x a :B")}


def test_a_changed_closure_is_saved_with_its_proofs(tmp_path: Path) -> None:
    closure = closed(":p owl:inverseOf :q . :x :p :y .")
    closure.add([triple(":y :p :z")])
    closure.save(tmp_path / "closure.duckdb")
    proof = Closure.open(tmp_path / "closure.duckdb").explain(triple(":z :q :y"))
    assert proof is not None and proof.leaves()[0] == triple(":y :p :z")


def test_sameas_reaches_what_a_rule_tests() -> None:
    """What sameAs carries over counts as inferred: the absence is tested after it."""
    closure = closed(":x a :A ; owl:sameAs :w . :w :r :y .", RULES[0])
    assert triple(":x :lonely :A") not in closure
    assert triple(":w :lonely :A") not in closure
