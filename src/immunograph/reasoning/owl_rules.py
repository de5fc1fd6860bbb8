"""The rules of OWL 2 RL, as the tables 4 to 9 of the OWL 2 Profiles recommendation state them.

Each line reads: name | conditions on axioms | conditions on facts | conclusion (``false`` for a clash). Conditions on
axioms are matched when a program is compiled; those on facts are joined in SQL. Rules over lists are in ``owl_lists``.
Left out, because their conclusions are not materialised: eq-ref, prp-ap, dt-type1, dt-type2 and cls-thing, cls-nothing1
(reflexive sameAs, axiomatic and datatype typing).
"""

from __future__ import annotations

from functools import cache
from typing import Final

from immunograph.reasoning.rules import RECOMMENDATION, Expression, Pattern, Rule, variables_of
from immunograph.reasoning.terms import TYPE, XSD, owl, rdf, rdfs

_TABLES: Final = """
eq-sym     |  | ?x owl:sameAs ?y | ?y owl:sameAs ?x
eq-trans   |  | ?x owl:sameAs ?y . ?y owl:sameAs ?z | ?x owl:sameAs ?z
eq-rep-s   |  | ?s owl:sameAs ?t . ?s ?p ?o | ?t ?p ?o
eq-rep-p   | ?p owl:sameAs ?q | ?s ?p ?o | ?s ?q ?o
eq-rep-o   |  | ?o owl:sameAs ?t . ?s ?p ?o | ?s ?p ?t
eq-diff1   |  | ?x owl:sameAs ?y . ?x owl:differentFrom ?y | false
eq-diff1-self |  | ?x owl:differentFrom ?x | false

prp-dom    | ?p rdfs:domain ?c | ?x ?p ?y | ?x a ?c
prp-rng    | ?p rdfs:range ?c | ?x ?p ?y | ?y a ?c
prp-fp     | ?p a owl:FunctionalProperty | ?x ?p ?y . ?x ?p ?z | ?y owl:sameAs ?z
prp-ifp    | ?p a owl:InverseFunctionalProperty | ?x ?p ?z . ?y ?p ?z | ?x owl:sameAs ?y
prp-irp    | ?p a owl:IrreflexiveProperty | ?x ?p ?x | false
prp-symp   | ?p a owl:SymmetricProperty | ?x ?p ?y | ?y ?p ?x
prp-asyp   | ?p a owl:AsymmetricProperty | ?x ?p ?y . ?y ?p ?x | false
prp-trp    | ?p a owl:TransitiveProperty | ?x ?p ?y . ?y ?p ?z | ?x ?p ?z
prp-eqp1   | ?p owl:equivalentProperty ?q | ?x ?p ?y | ?x ?q ?y
prp-eqp2   | ?p owl:equivalentProperty ?q | ?x ?q ?y | ?x ?p ?y
prp-spo1   | ?p rdfs:subPropertyOf ?q | ?x ?p ?y | ?x ?q ?y
prp-pdw    | ?p owl:propertyDisjointWith ?q | ?x ?p ?y . ?x ?q ?y | false
prp-inv1   | ?p owl:inverseOf ?q | ?x ?p ?y | ?y ?q ?x
prp-inv2   | ?p owl:inverseOf ?q | ?x ?q ?y | ?y ?p ?x
prp-npa1   | ?n owl:sourceIndividual ?i . ?n owl:assertionProperty ?p . ?n owl:targetIndividual ?j | ?i ?p ?j | false
prp-npa2   | ?n owl:sourceIndividual ?i . ?n owl:assertionProperty ?p . ?n owl:targetValue ?j | ?i ?p ?j | false

cls-nothing2 |  | ?x a owl:Nothing | false
cls-com    | ?c owl:complementOf ?d | ?x a ?c . ?x a ?d | false
cls-svf1   | ?c owl:someValuesFrom ?d . ?c owl:onProperty ?p | ?x ?p ?y . ?y a ?d | ?x a ?c
cls-svf2   | ?c owl:someValuesFrom owl:Thing . ?c owl:onProperty ?p | ?x ?p ?y | ?x a ?c
cls-avf    | ?c owl:allValuesFrom ?d . ?c owl:onProperty ?p | ?x a ?c . ?x ?p ?y | ?y a ?d
cls-hv1    | ?c owl:hasValue ?v . ?c owl:onProperty ?p | ?x a ?c | ?x ?p ?v
cls-hv2    | ?c owl:hasValue ?v . ?c owl:onProperty ?p | ?x ?p ?v | ?x a ?c
cls-maxc1  | ?c owl:maxCardinality 0 . ?c owl:onProperty ?p | ?x a ?c . ?x ?p ?y | false
cls-maxc2  | ?c owl:maxCardinality 1 . ?c owl:onProperty ?p | ?x a ?c . ?x ?p ?y . ?x ?p ?z | ?y owl:sameAs ?z
cls-maxqc1 | ?c owl:maxQualifiedCardinality 0 . ?c owl:onProperty ?p . ?c owl:onClass ?d \
| ?x a ?c . ?x ?p ?y . ?y a ?d | false
cls-maxqc2 | ?c owl:maxQualifiedCardinality 0 . ?c owl:onProperty ?p . ?c owl:onClass owl:Thing \
| ?x a ?c . ?x ?p ?y | false
cls-maxqc3 | ?c owl:maxQualifiedCardinality 1 . ?c owl:onProperty ?p . ?c owl:onClass ?d \
| ?x a ?c . ?x ?p ?y . ?y a ?d . ?x ?p ?z . ?z a ?d | ?y owl:sameAs ?z
cls-maxqc4 | ?c owl:maxQualifiedCardinality 1 . ?c owl:onProperty ?p . ?c owl:onClass owl:Thing \
| ?x a ?c . ?x ?p ?y . ?x ?p ?z | ?y owl:sameAs ?z

cax-eqc1   | ?c owl:equivalentClass ?d | ?x a ?c | ?x a ?d
cax-eqc2   | ?c owl:equivalentClass ?d | ?x a ?d | ?x a ?c
cax-sco    | ?c rdfs:subClassOf ?d | ?x a ?c | ?x a ?d
cax-dw     | ?c owl:disjointWith ?d | ?x a ?c . ?x a ?d | false

scm-cls    |  | ?c a owl:Class | ?c rdfs:subClassOf ?c . ?c owl:equivalentClass ?c . ?c rdfs:subClassOf owl:Thing . \
owl:Nothing rdfs:subClassOf ?c
scm-sco    |  | ?c rdfs:subClassOf ?d . ?d rdfs:subClassOf ?e | ?c rdfs:subClassOf ?e
scm-eqc1   |  | ?c owl:equivalentClass ?d | ?c rdfs:subClassOf ?d . ?d rdfs:subClassOf ?c
scm-eqc2   |  | ?c rdfs:subClassOf ?d . ?d rdfs:subClassOf ?c | ?c owl:equivalentClass ?d
scm-op     |  | ?p a owl:ObjectProperty | ?p rdfs:subPropertyOf ?p . ?p owl:equivalentProperty ?p
scm-dp     |  | ?p a owl:DatatypeProperty | ?p rdfs:subPropertyOf ?p . ?p owl:equivalentProperty ?p
scm-spo    |  | ?p rdfs:subPropertyOf ?q . ?q rdfs:subPropertyOf ?r | ?p rdfs:subPropertyOf ?r
scm-eqp1   |  | ?p owl:equivalentProperty ?q | ?p rdfs:subPropertyOf ?q . ?q rdfs:subPropertyOf ?p
scm-eqp2   |  | ?p rdfs:subPropertyOf ?q . ?q rdfs:subPropertyOf ?p | ?p owl:equivalentProperty ?q
scm-dom1   |  | ?p rdfs:domain ?c . ?c rdfs:subClassOf ?d | ?p rdfs:domain ?d
scm-dom2   |  | ?q rdfs:domain ?c . ?p rdfs:subPropertyOf ?q | ?p rdfs:domain ?c
scm-rng1   |  | ?p rdfs:range ?c . ?c rdfs:subClassOf ?d | ?p rdfs:range ?d
scm-rng2   |  | ?q rdfs:range ?c . ?p rdfs:subPropertyOf ?q | ?p rdfs:range ?c
scm-hv     | ?c owl:hasValue ?v . ?c owl:onProperty ?p . ?p rdfs:subPropertyOf ?q . ?d owl:onProperty ?q . \
?d owl:hasValue ?v |  | ?c rdfs:subClassOf ?d
scm-svf1   | ?c owl:someValuesFrom ?e . ?c owl:onProperty ?p . ?e rdfs:subClassOf ?f . ?d owl:someValuesFrom ?f . \
?d owl:onProperty ?p |  | ?c rdfs:subClassOf ?d
scm-svf2   | ?c owl:someValuesFrom ?e . ?c owl:onProperty ?p . ?p rdfs:subPropertyOf ?q . ?d owl:onProperty ?q . \
?d owl:someValuesFrom ?e |  | ?c rdfs:subClassOf ?d
scm-avf1   | ?c owl:allValuesFrom ?e . ?c owl:onProperty ?p . ?e rdfs:subClassOf ?f . ?d owl:allValuesFrom ?f . \
?d owl:onProperty ?p |  | ?c rdfs:subClassOf ?d
scm-avf2   | ?c owl:allValuesFrom ?e . ?c owl:onProperty ?p . ?p rdfs:subPropertyOf ?q . ?d owl:onProperty ?q . \
?d owl:allValuesFrom ?e |  | ?d rdfs:subClassOf ?c
"""

_SHORTENED: Final = """
scm-svf1-same | ?c owl:someValuesFrom ?e . ?c owl:onProperty ?p . ?e a owl:Class . \
?d owl:someValuesFrom ?e . ?d owl:onProperty ?p |  | ?c rdfs:subClassOf ?d
scm-svf1-things | ?c owl:someValuesFrom owl:Thing . ?c owl:onProperty ?p . \
?d owl:someValuesFrom owl:Thing . ?d owl:onProperty ?p |  | ?c rdfs:subClassOf ?d
scm-svf1-thing | ?c owl:someValuesFrom ?e . ?c owl:onProperty ?p . ?e a owl:Class . \
?d owl:someValuesFrom owl:Thing . ?d owl:onProperty ?p |  | ?c rdfs:subClassOf ?d
scm-svf2-op | ?c owl:someValuesFrom ?e . ?c owl:onProperty ?p . ?p a owl:ObjectProperty . \
?d owl:someValuesFrom ?e . ?d owl:onProperty ?p |  | ?c rdfs:subClassOf ?d
scm-svf2-dp | ?c owl:someValuesFrom ?e . ?c owl:onProperty ?p . ?p a owl:DatatypeProperty . \
?d owl:someValuesFrom ?e . ?d owl:onProperty ?p |  | ?c rdfs:subClassOf ?d
scm-avf1-same | ?c owl:allValuesFrom ?e . ?c owl:onProperty ?p . ?e a owl:Class . \
?d owl:allValuesFrom ?e . ?d owl:onProperty ?p |  | ?c rdfs:subClassOf ?d
scm-avf1-things | ?c owl:allValuesFrom owl:Thing . ?c owl:onProperty ?p . \
?d owl:allValuesFrom owl:Thing . ?d owl:onProperty ?p |  | ?c rdfs:subClassOf ?d
scm-avf1-thing | ?c owl:allValuesFrom ?e . ?c owl:onProperty ?p . ?e a owl:Class . \
?d owl:allValuesFrom owl:Thing . ?d owl:onProperty ?p |  | ?c rdfs:subClassOf ?d
scm-avf2-op | ?c owl:allValuesFrom ?e . ?c owl:onProperty ?p . ?p a owl:ObjectProperty . \
?d owl:allValuesFrom ?e . ?d owl:onProperty ?p |  | ?c rdfs:subClassOf ?d
scm-avf2-dp | ?c owl:allValuesFrom ?e . ?c owl:onProperty ?p . ?p a owl:DatatypeProperty . \
?d owl:allValuesFrom ?e . ?d owl:onProperty ?p |  | ?c rdfs:subClassOf ?d
scm-hv-op | ?c owl:hasValue ?e . ?c owl:onProperty ?p . ?p a owl:ObjectProperty . \
?d owl:hasValue ?e . ?d owl:onProperty ?p |  | ?c rdfs:subClassOf ?d
scm-hv-dp | ?c owl:hasValue ?e . ?c owl:onProperty ?p . ?p a owl:DatatypeProperty . \
?d owl:hasValue ?e . ?d owl:onProperty ?p |  | ?c rdfs:subClassOf ?d
"""
"""Rules of the tables with a condition that scm-cls, scm-op or scm-dp meets (a class is its own superclass, and below
owl:Thing): those conclusions are not materialised, what follows from them is."""

_MERGES: Final = {
    "prp-fp": "?y ?z",
    "prp-ifp": "?x ?y",
    "cls-maxc2": "?y ?z",
    "cls-maxqc3": "?y ?z",
    "cls-maxqc4": "?y ?z",
}
"""Rules that conclude sameAs from two matches of one pattern: the two must differ to say anything."""

TRIVIAL: Final = frozenset({"scm-cls", "scm-op", "scm-dp"})
"""Rules whose conclusions hold of every class or property; run only where they can matter."""


def _term(text: str) -> str:
    if text == "a":
        return TYPE
    if text.isdigit():
        return f'"{text}"^^<{XSD}decimal>'
    prefix, _, name = text.partition(":")
    return {"owl": owl, "rdf": rdf, "rdfs": rdfs}[prefix](name) if name else text


def read_patterns(text: str) -> tuple[Pattern, ...]:
    """Read patterns written ``s p o . s p o`` with the prefixes owl, rdf and rdfs, and ``a`` for ``rdf:type``."""
    patterns = []
    for triple in filter(None, (part.strip() for part in text.split(" . "))):
        subject, predicate, object_ = (_term(term) for term in triple.split())
        patterns.append((subject, predicate, object_))
    return tuple(patterns)


@cache
def owl_templates() -> tuple[Rule, ...]:
    """Every rule of the tables that needs no list, without rows."""
    return tuple(_template(line) for line in (_TABLES + _SHORTENED).replace("\\\n", "").splitlines() if line.strip())


def _template(line: str) -> Rule:
    name, given, body, head = (part.strip() for part in line.split("|"))
    filters: tuple[Expression, ...] = (("!=", *_MERGES[name].split()),) if name in _MERGES else ()
    shown = name.removesuffix("-self")
    return make_template(name, shown, given, body, "" if head == "false" else head, filters)


def make_template(key: str, name: str, given: str, body: str, head: str, filters: tuple[Expression, ...] = ()) -> Rule:
    """A rule without rows; its parameters are the variables of the axioms that the facts or the head use."""
    axioms, facts, conclusions = read_patterns(given), read_patterns(body), read_patterns(head)
    used = variables_of([*facts, *conclusions])
    return Rule(
        key=key,
        name=name,
        head=conclusions,
        body=facts,
        given=axioms,
        filters=filters,
        parameters=tuple(variable for variable in variables_of(axioms) if variable in used),
        place=RECOMMENDATION,
    )
