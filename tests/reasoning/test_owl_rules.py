"""One positive and one negative case for each rule of OWL 2 RL that is materialised."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from .small_graphs import closed, triple


@dataclass(frozen=True)
class Case:
    """A rule; a graph that fires it, what it then concludes; a graph that must not conclude it."""

    rule: str
    graph: str
    conclusion: str
    counterexample: str
    trivial: bool = False


CASES = [
    Case("eq-sym", ":x owl:sameAs :y .", ":y owl:sameAs :x", ":x owl:differentFrom :y ."),
    Case(
        "eq-trans", ":x owl:sameAs :y . :y owl:sameAs :z .", ":x owl:sameAs :z", ":x owl:sameAs :y . :z owl:sameAs :v ."
    ),
    Case("eq-rep-s", ":x owl:sameAs :y . :x :p :o .", ":y :p :o", ":x owl:sameAs :y . :z :p :o ."),
    Case("eq-rep-p", ":p owl:sameAs :q . :x :p :o .", ":x :q :o", ":p owl:sameAs :q . :x :r :o ."),
    Case("eq-rep-o", ":o owl:sameAs :u . :x :p :o .", ":x :p :u", ":o owl:sameAs :u . :x :p :v ."),
    Case("prp-dom", ":p rdfs:domain :C . :x :p :y .", ":x a :C", ":p rdfs:domain :C . :y :q :x ."),
    Case("prp-rng", ":p rdfs:range :C . :x :p :y .", ":y a :C", ':p rdfs:range :C . :y :p "text" .'),
    Case(
        "prp-fp",
        ":p a owl:FunctionalProperty . :x :p :y, :z .",
        ":y owl:sameAs :z",
        ":p a owl:FunctionalProperty . :x :p :y . :w :p :z .",
    ),
    Case(
        "prp-ifp",
        ":p a owl:InverseFunctionalProperty . :x :p :z . :y :p :z .",
        ":x owl:sameAs :y",
        ":p a owl:InverseFunctionalProperty . :x :p :z . :y :p :w .",
    ),
    Case("prp-symp", ":p a owl:SymmetricProperty . :x :p :y .", ":y :p :x", ":x :p :y ."),
    Case("prp-trp", ":p a owl:TransitiveProperty . :x :p :y . :y :p :z .", ":x :p :z", ":x :p :y . :y :p :z ."),
    Case("prp-spo1", ":p rdfs:subPropertyOf :q . :x :p :y .", ":x :q :y", ":q rdfs:subPropertyOf :p . :x :p :y ."),
    Case(
        "prp-spo2",
        ":p owl:propertyChainAxiom (:q :r :s) . :a :q :b . :b :r :c . :c :s :d .",
        ":a :p :d",
        ":p owl:propertyChainAxiom (:q :r :s) . :a :q :b . :b :s :c . :c :r :d .",
    ),
    Case(
        "prp-spo2",
        ":p owl:propertyChainAxiom (:q) . :a :q :b .",
        ":a :p :b",
        ":p owl:propertyChainAxiom () . :a :q :b .",
    ),
    Case(
        "prp-eqp1", ":p owl:equivalentProperty :q . :x :p :y .", ":x :q :y", ":p owl:equivalentProperty :r . :x :p :y ."
    ),
    Case(
        "prp-eqp2", ":p owl:equivalentProperty :q . :x :q :y .", ":x :p :y", ":r owl:equivalentProperty :q . :x :q :y ."
    ),
    Case("prp-inv1", ":p owl:inverseOf :q . :x :p :y .", ":y :q :x", ":p owl:inverseOf :q . :y :p :x ."),
    Case("prp-inv2", ":p owl:inverseOf :q . :x :q :y .", ":y :p :x", ':p owl:inverseOf :q . :x :q "y" .'),
    Case(
        "prp-key",
        ":C owl:hasKey (:p :q) . :x a :C ; :p 1 ; :q :v . :y a :C ; :p 1 ; :q :v .",
        ":x owl:sameAs :y",
        ":C owl:hasKey (:p :q) . :x a :C ; :p 1 ; :q :v . :y a :C ; :p 1 ; :q :w .",
    ),
    Case(
        "cls-int1",
        ":C owl:intersectionOf (:D :E) . :x a :D, :E .",
        ":x a :C",
        ":C owl:intersectionOf (:D :E) . :x a :D .",
    ),
    Case(
        "cls-int2", ":C owl:intersectionOf (:D :E) . :x a :C .", ":x a :E", ":C owl:intersectionOf (:D :E) . :x a :D ."
    ),
    Case("cls-uni", ":C owl:unionOf (:D :E) . :x a :D .", ":x a :C", ":C owl:unionOf (:D :E) . :x a :F ."),
    Case(
        "cls-svf1",
        ":C owl:someValuesFrom :D ; owl:onProperty :p . :x :p :y . :y a :D .",
        ":x a :C",
        ":C owl:someValuesFrom :D ; owl:onProperty :p . :x :p :y . :z a :D .",
    ),
    Case(
        "cls-svf2",
        ":C owl:someValuesFrom owl:Thing ; owl:onProperty :p . :x :p :y .",
        ":x a :C",
        ":C owl:someValuesFrom owl:Thing ; owl:onProperty :p . :x :q :y .",
    ),
    Case(
        "cls-avf",
        ":C owl:allValuesFrom :D ; owl:onProperty :p . :x a :C ; :p :y .",
        ":y a :D",
        ":C owl:allValuesFrom :D ; owl:onProperty :p . :x :p :y .",
    ),
    Case(
        "cls-hv1",
        ":C owl:hasValue :v ; owl:onProperty :p . :x a :C .",
        ":x :p :v",
        ":C owl:hasValue :v ; owl:onProperty :p . :x a :D .",
    ),
    Case(
        "cls-hv2",
        ':C owl:hasValue "01"^^xsd:integer ; owl:onProperty :p . :x :p 1 .',
        ":x a :C",
        ":C owl:hasValue 1 ; owl:onProperty :p . :x :p 2 .",
    ),
    Case(
        "cls-maxc2",
        ":C owl:maxCardinality 1 ; owl:onProperty :p . :x a :C ; :p :y, :z .",
        ":y owl:sameAs :z",
        ":C owl:maxCardinality 2 ; owl:onProperty :p . :x a :C ; :p :y, :z .",
    ),
    Case(
        "cls-maxqc3",
        ":C owl:maxQualifiedCardinality 1 ; owl:onProperty :p ; owl:onClass :D . :x a :C ; :p :y, :z ."
        " :y a :D . :z a :D .",
        ":y owl:sameAs :z",
        ":C owl:maxQualifiedCardinality 1 ; owl:onProperty :p ; owl:onClass :D . :x a :C ; :p :y, :z . :y a :D .",
    ),
    Case(
        "cls-maxqc4",
        ":C owl:maxQualifiedCardinality 1 ; owl:onProperty :p ; owl:onClass owl:Thing . :x a :C ; :p :y, :z .",
        ":y owl:sameAs :z",
        ":C owl:maxQualifiedCardinality 1 ; owl:onProperty :p ; owl:onClass owl:Thing . :x :p :y, :z .",
    ),
    Case("cls-oo", ":C owl:oneOf (:x :y) .", ":y a :C", ':C owl:oneOf (:x "y") .'),
    Case("cax-sco", ":C rdfs:subClassOf :D . :x a :C .", ":x a :D", ":D rdfs:subClassOf :C . :x a :C ."),
    Case("cax-eqc1", ":C owl:equivalentClass :D . :x a :C .", ":x a :D", ":C owl:equivalentClass :E . :x a :C ."),
    Case("cax-eqc2", ":C owl:equivalentClass :D . :x a :D .", ":x a :C", ":E owl:equivalentClass :D . :x a :D ."),
    Case("scm-cls", ":C a owl:Class .", ":C rdfs:subClassOf :C", ":C a :Kind .", trivial=True),
    Case("scm-cls", ":C a owl:Class .", "owl:Nothing rdfs:subClassOf :C", ":C a :Kind .", trivial=True),
    Case("scm-cls", ":C a owl:Class .", ":C rdfs:subClassOf owl:Thing", ":C a :Kind .", trivial=True),
    Case("scm-op", ":p a owl:ObjectProperty .", ":p rdfs:subPropertyOf :p", ":p a :Kind .", trivial=True),
    Case("scm-dp", ":p a owl:DatatypeProperty .", ":p owl:equivalentProperty :p", ":p a :Kind .", trivial=True),
    Case(
        "scm-sco",
        ":C rdfs:subClassOf :D . :D rdfs:subClassOf :E .",
        ":C rdfs:subClassOf :E",
        ":C rdfs:subClassOf :D . :E rdfs:subClassOf :D .",
    ),
    Case("scm-eqc1", ":C owl:equivalentClass :D .", ":D rdfs:subClassOf :C", ":C rdfs:subClassOf :D ."),
    Case(
        "scm-eqc2",
        ":C rdfs:subClassOf :D . :D rdfs:subClassOf :C .",
        ":C owl:equivalentClass :D",
        ":C rdfs:subClassOf :D .",
    ),
    Case(
        "scm-spo",
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .",
        ":p rdfs:subPropertyOf :r",
        ":p rdfs:subPropertyOf :q . :r rdfs:subPropertyOf :q .",
    ),
    Case("scm-eqp1", ":p owl:equivalentProperty :q .", ":q rdfs:subPropertyOf :p", ":p rdfs:subPropertyOf :q ."),
    Case(
        "scm-eqp2",
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p .",
        ":p owl:equivalentProperty :q",
        ":p rdfs:subPropertyOf :q .",
    ),
    Case(
        "scm-dom1",
        ":p rdfs:domain :C . :C rdfs:subClassOf :D .",
        ":p rdfs:domain :D",
        ":p rdfs:domain :C . :D rdfs:subClassOf :C .",
    ),
    Case(
        "scm-dom2",
        ":q rdfs:domain :C . :p rdfs:subPropertyOf :q .",
        ":p rdfs:domain :C",
        ":q rdfs:domain :C . :q rdfs:subPropertyOf :p .",
    ),
    Case(
        "scm-rng1",
        ":p rdfs:range :C . :C rdfs:subClassOf :D .",
        ":p rdfs:range :D",
        ":p rdfs:range :C . :D rdfs:subClassOf :C .",
    ),
    Case(
        "scm-rng2",
        ":q rdfs:range :C . :p rdfs:subPropertyOf :q .",
        ":p rdfs:range :C",
        ":q rdfs:range :C . :q rdfs:subPropertyOf :p .",
    ),
    Case(
        "scm-hv",
        ":C owl:hasValue :v ; owl:onProperty :p . :D owl:hasValue :v ; owl:onProperty :q . :p rdfs:subPropertyOf :q .",
        ":C rdfs:subClassOf :D",
        ":C owl:hasValue :v ; owl:onProperty :p . :D owl:hasValue :w ; owl:onProperty :q . :p rdfs:subPropertyOf :q .",
    ),
    Case(
        "scm-svf1",
        ":C owl:someValuesFrom :E ; owl:onProperty :p . :D owl:someValuesFrom :F ; owl:onProperty :p ."
        " :E rdfs:subClassOf :F .",
        ":C rdfs:subClassOf :D",
        ":C owl:someValuesFrom :E ; owl:onProperty :p . :D owl:someValuesFrom :F ; owl:onProperty :q . "
        ":E rdfs:subClassOf :F .",
    ),
    Case(
        "scm-svf2",
        ":C owl:someValuesFrom :E ; owl:onProperty :p . :D owl:someValuesFrom :E ; owl:onProperty :q ."
        " :p rdfs:subPropertyOf :q .",
        ":C rdfs:subClassOf :D",
        ":C owl:someValuesFrom :E ; owl:onProperty :p . :D owl:someValuesFrom :E ; owl:onProperty :q .",
    ),
    Case(
        "scm-avf1",
        ":C owl:allValuesFrom :E ; owl:onProperty :p . :D owl:allValuesFrom :F ; owl:onProperty :p ."
        " :E rdfs:subClassOf :F .",
        ":C rdfs:subClassOf :D",
        ":C owl:allValuesFrom :E ; owl:onProperty :p . :D owl:allValuesFrom :F ; owl:onProperty :p . "
        ":F rdfs:subClassOf :E .",
    ),
    Case(
        "scm-avf2",
        ":C owl:allValuesFrom :E ; owl:onProperty :p . :D owl:allValuesFrom :E ; owl:onProperty :q ."
        " :p rdfs:subPropertyOf :q .",
        ":D rdfs:subClassOf :C",
        ":C owl:allValuesFrom :E ; owl:onProperty :p . :D owl:allValuesFrom :E ; owl:onProperty :q . "
        ":q rdfs:subPropertyOf :p .",
    ),
    Case("scm-int", ":C owl:intersectionOf (:D :E) .", ":C rdfs:subClassOf :E", ":C owl:unionOf (:D :E) ."),
    Case("scm-uni", ":C owl:unionOf (:D :E) .", ":E rdfs:subClassOf :C", ":C owl:intersectionOf (:D :E) ."),
]

TWINS = {"prp-eqp2": "prp-eqp1", "cax-eqc2": "cax-eqc1"}  # the schema rules make every equivalence symmetric

CLASHES = [
    Case("eq-diff1", ":x owl:sameAs :y ; owl:differentFrom :y .", "", ":x owl:sameAs :z ; owl:differentFrom :y ."),
    Case("eq-diff1", ":x owl:differentFrom :x .", "", ":x owl:differentFrom :y ."),
    Case(
        "eq-diff2",
        "[] a owl:AllDifferent ; owl:members (:x :y :x) .",
        "",
        "[] a owl:AllDifferent ; owl:members (:x :y :z) .",
    ),
    Case(
        "eq-diff2",
        "[] a owl:AllDifferent ; owl:members (:x :y :z) . :z owl:sameAs :x .",
        "",
        "[] a owl:AllDifferent ; owl:members (:x :y :z) . :w owl:sameAs :x .",
    ),
    Case(
        "eq-diff3",
        "[] a owl:AllDifferent ; owl:distinctMembers (:x :y) . :y owl:sameAs :x .",
        "",
        "[] a owl:AllDifferent ; owl:distinctMembers (:x :y) . :x owl:differentFrom :y .",
    ),
    Case("prp-irp", ":p a owl:IrreflexiveProperty . :x :p :x .", "", ":p a owl:IrreflexiveProperty . :x :p :y ."),
    Case(
        "prp-asyp",
        ":p a owl:AsymmetricProperty . :x :p :y . :y :p :x .",
        "",
        ":p a owl:AsymmetricProperty . :x :p :y . :y :q :x .",
    ),
    Case(
        "prp-pdw",
        ":p owl:propertyDisjointWith :q . :x :p :y ; :q :y .",
        "",
        ":p owl:propertyDisjointWith :q . :x :p :y ; :q :z .",
    ),
    Case(
        "prp-adp",
        "[] a owl:AllDisjointProperties ; owl:members (:p :q :r) . :x :p :y ; :r :y .",
        "",
        "[] a owl:AllDisjointProperties ; owl:members (:p :q :r) . :x :p :y ; :r :z .",
    ),
    Case(
        "prp-npa1",
        "[] owl:sourceIndividual :x ; owl:assertionProperty :p ; owl:targetIndividual :y . :x :p :y .",
        "",
        "[] owl:sourceIndividual :x ; owl:assertionProperty :p ; owl:targetIndividual :y . :y :p :x .",
    ),
    Case(
        "prp-npa2",
        "[] owl:sourceIndividual :x ; owl:assertionProperty :p ; owl:targetValue 1 . :x :p 01 .",
        "",
        "[] owl:sourceIndividual :x ; owl:assertionProperty :p ; owl:targetValue 1 . :x :p 2 .",
    ),
    Case("cls-nothing2", ":x a owl:Nothing .", "", ":x a owl:Thing ."),
    Case("cls-com", ":C owl:complementOf :D . :x a :C, :D .", "", ":C owl:complementOf :D . :x a :C . :y a :D ."),
    Case(
        "cls-maxc1",
        ":C owl:maxCardinality 0 ; owl:onProperty :p . :x a :C ; :p :y .",
        "",
        ":C owl:maxCardinality 0 ; owl:onProperty :p . :x a :C ; :q :y .",
    ),
    Case(
        "cls-maxqc1",
        ":C owl:maxQualifiedCardinality 0 ; owl:onProperty :p ; owl:onClass :D . :x a :C ; :p :y . :y a :D .",
        "",
        ":C owl:maxQualifiedCardinality 0 ; owl:onProperty :p ; owl:onClass :D . :x a :C ; :p :y . :z a :D .",
    ),
    Case(
        "cls-maxqc2",
        ":C owl:maxQualifiedCardinality 0 ; owl:onProperty :p ; owl:onClass owl:Thing . :x a :C ; :p :y .",
        "",
        ":C owl:maxQualifiedCardinality 0 ; owl:onProperty :p ; owl:onClass owl:Thing . :x a :C ; :q :y .",
    ),
    Case("cax-dw", ":C owl:disjointWith :D . :x a :C, :D .", "", ":C owl:disjointWith :D . :x a :C . :y a :D ."),
    Case(
        "cax-adc",
        "[] a owl:AllDisjointClasses ; owl:members (:C :D :E) . :x a :C, :E .",
        "",
        "[] a owl:AllDisjointClasses ; owl:members (:C :D :E) . :x a :C, :F .",
    ),
    Case("dt-not-type", ':x :p "many"^^xsd:integer .', "", ':x :p "7"^^xsd:integer .'),
    Case("dt-not-type", ':p rdfs:range xsd:integer . :x :p "many" .', "", ":p rdfs:range xsd:decimal . :x :p 7 ."),
    Case("dt-diff", ":p a owl:FunctionalProperty . :x :p 1, 2 .", "", ":p a owl:FunctionalProperty . :x :p 1, 1.0 ."),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.conclusion}")
def test_rule_concludes(case: Case) -> None:
    step = closed(case.graph, trivial=case.trivial).step(triple(case.conclusion))
    assert step is not None
    assert step.rule in {case.rule, TWINS.get(case.rule)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.conclusion}")
def test_rule_does_not_conclude_too_much(case: Case) -> None:
    assert closed(case.counterexample, trivial=case.trivial).step(triple(case.conclusion)) is None


@pytest.mark.parametrize("case", CLASHES, ids=lambda case: case.rule)
def test_clash_is_found_with_its_premises(case: Case) -> None:
    clashes = closed(case.graph).clashes
    assert {clash.rule for clash in clashes} == {case.rule}
    assert all(clash.premises and len(clash.proofs) == len(clash.premises) for clash in clashes)


@pytest.mark.parametrize("case", CLASHES, ids=lambda case: case.rule)
def test_no_clash_is_invented(case: Case) -> None:
    assert closed(case.counterexample).clashes == ()
