"""The reasoner against owlrl: on a fixed graph, and on ontologies drawn by hypothesis.

Equal but for what is documented: reflexive sameAs, triples whose subject is a literal, axiomatic triples, and owlrl's
own fault in hasKey.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from immunograph.reasoning import compile_program, infer
from immunograph.reasoning.owlrl_engine import infer_with_owlrl
from immunograph.reasoning.terms import Triple

from .proof_checker import ProofChecker
from .small_graphs import closed, triple, triples

pytest.importorskip("owlrl")

CLASSES = [":A", ":B", ":C", ":D"]
PROPERTIES = [":p", ":q", ":r"]
THINGS = [":x", ":y", ":z", ":w"]
classes, properties, things = (st.sampled_from(names) for names in (CLASSES, PROPERTIES, THINGS))
lists = st.lists(classes, min_size=1, max_size=3, unique=True).map(" ".join)


def text(template: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda found: template.format(*found))


restrictions = st.one_of(
    text("[ owl:onProperty {} ; owl:someValuesFrom {} ]", properties, classes),
    text("[ owl:onProperty {} ; owl:someValuesFrom owl:Thing ]", properties),
    text("[ owl:onProperty {} ; owl:allValuesFrom {} ]", properties, classes),
    text("[ owl:onProperty {} ; owl:hasValue {} ]", properties, things),
    text("[ owl:onProperty {} ; owl:maxCardinality 1 ]", properties),
    text("[ owl:onProperty {} ; owl:maxQualifiedCardinality 1 ; owl:onClass {} ]", properties, classes),
    text("[ owl:intersectionOf ({}) ]", lists),
    text("[ owl:unionOf ({}) ]", lists),
)
kinds = st.sampled_from(
    ["owl:TransitiveProperty", "owl:SymmetricProperty", "owl:FunctionalProperty", "owl:InverseFunctionalProperty"]
)
axioms = st.one_of(
    text("{} rdfs:subClassOf {} .", classes, classes),
    text("{} owl:equivalentClass {} .", classes, classes),
    text("{} rdfs:subClassOf {} .", classes, restrictions),
    text("{} rdfs:subClassOf {} .", restrictions, classes),
    text("{} owl:equivalentClass {} .", classes, restrictions),
    text("{} rdfs:subPropertyOf {} .", properties, properties),
    text("{} owl:equivalentProperty {} .", properties, properties),
    text("{} owl:inverseOf {} .", properties, properties),
    text("{} rdfs:domain {} .", properties, classes),
    text("{} rdfs:range {} .", properties, classes),
    text("{} owl:propertyChainAxiom ({} {}) .", properties, properties, properties),
    text("{} a {} .", properties, kinds),
    text("{} owl:oneOf ({}) .", classes, things),
    text("{} a owl:Class .", classes),
    text("{} a owl:ObjectProperty .", properties),
)
facts = st.one_of(
    text("{} {} {} .", things, properties, things),
    text("{} a {} .", things, classes),
    text("{} owl:sameAs {} .", things, things),
)
ontologies = st.lists(axioms, min_size=1, max_size=6).map("\n".join)
graphs = st.lists(facts, min_size=1, max_size=8).map("\n".join)


def both(ontology: str, graph: str) -> tuple[set[Triple], set[Triple]]:
    axioms_, facts_ = triples(ontology), triples(graph)
    ours = infer(facts_, compile_program(axioms_, []))
    known = {*axioms_, *facts_}
    return known | set(ours.inferred(anonymous=True)), infer_with_owlrl(facts_, axioms_)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ontologies, graphs)
def test_the_same_facts_as_owlrl(ontology: str, graph: str) -> None:
    ours, theirs = both(ontology, graph)
    assert ours == theirs


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ontologies, graphs)
def test_every_step_is_accepted(ontology: str, graph: str) -> None:
    closure = infer(triples(graph), compile_program(triples(ontology), []))
    rows = closure.facts.rows(
        "SELECT a.text, b.text, c.text, f.round FROM fact AS f "
        "JOIN term AS a ON a.id = f.s JOIN term AS b ON b.id = f.p JOIN term AS c ON c.id = f.o"
    )
    checker = ProofChecker({(s, p, o): number for s, p, o, number in rows}, {})
    steps = list(closure.steps())
    for step in steps:
        checker.check(step)
    assert {step.triple for step in steps} == set(closure.inferred(anonymous=True))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ontologies, graphs)
def test_inference_is_idempotent(ontology: str, graph: str) -> None:
    facts_, program = triples(graph), compile_program(triples(ontology), [])
    known = {*facts_, *program.ontology, *infer(facts_, program).inferred(anonymous=True)}
    again = infer(known, program)
    assert list(again.inferred(anonymous=True)) == []


def test_with_trivial_conclusions_too() -> None:
    text_ = ":A a owl:Class . :B a owl:Class ; rdfs:subClassOf :A . :p a owl:ObjectProperty . :x a :B ; :p :y ."
    ours = infer(triples(text_), compile_program([], [], trivial=True))
    theirs = infer_with_owlrl(triples(text_), [], trivial=True)
    axiomatic = triple("owl:Nothing rdfs:subClassOf owl:Thing")
    assert set(triples(text_)) | set(ours.inferred(anonymous=True)) - {axiomatic} == theirs


def test_owlrl_merges_everything_with_a_single_key() -> None:
    """owlrl skips the last property of a key, so a key of one property merges all its class: not so here."""
    text_ = ":C owl:hasKey (:p) . :x a :C ; :p 1 . :y a :C ; :p 2 ."
    merged = triple(":x owl:sameAs :y")
    assert merged in infer_with_owlrl(triples(text_), [])
    assert closed(text_).step(merged) is None


def test_owlrl_noise_is_left_out() -> None:
    found = infer_with_owlrl(triples(':p rdfs:range :C . :x :p "text", :y .'), [])
    assert found == {*triples(':p rdfs:range :C . :x :p "text", :y . :y a :C .')}
