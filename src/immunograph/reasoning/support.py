"""What of an ontology the reasoner cannot use: found by form, reported by name and place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Final

from immunograph.reasoning.datatypes import is_datatype
from immunograph.reasoning.rules import Unsupported
from immunograph.reasoning.schema import Schema
from immunograph.reasoning.terms import (
    DOMAIN,
    EQUIVALENT_CLASS,
    INVERSE_OF,
    RANGE,
    SUB_CLASS,
    TYPE,
    Triple,
    is_blank,
    owl,
    split_literal,
)

_NOT_RL: Final = {
    "minCardinality": "OWL 2 RL has no rule for a least number",
    "minQualifiedCardinality": "OWL 2 RL has no rule for a least number",
    "cardinality": "OWL 2 RL has no rule for an exact number; state maxCardinality 0 or 1",
    "qualifiedCardinality": "OWL 2 RL has no rule for an exact number; state maxQualifiedCardinality 0 or 1",
    "hasSelf": "OWL 2 RL has no rule for a self restriction",
    "disjointUnionOf": "OWL 2 RL has no rule for it; state unionOf and AllDisjointClasses",
    "onDatatype": "facets of datatypes are not reasoned with",
    "withRestrictions": "facets of datatypes are not reasoned with",
    "datatypeComplementOf": "data ranges are not reasoned with",
    "onDataRange": "cardinalities qualified by a data range are not reasoned with",
    "onProperties": "restrictions over several properties are not reasoned with",
}
_AS_SUPER: Final = {
    "someValuesFrom": "no rule makes the value that it asks for; only the other direction is used",
    "unionOf": "no rule chooses between the members; only the other direction is used",
    "oneOf": "no rule chooses between the members; only the other direction is used",
}
_AS_SUB: Final = {
    "allValuesFrom": "no rule concludes that all values are of a class; only the other direction is used",
    "complementOf": "no rule concludes that something is not of a class; only the other direction is used",
    "maxCardinality": "no rule concludes that there are no more values; only the other direction is used",
    "maxQualifiedCardinality": "no rule concludes that there are no more values; only the other direction is used",
}
_SWRL_RULE: Final = "<http://www.w3.org/2003/11/swrl#Imp>"
_WHOLE: Final = frozenset(
    owl(name) for name in ("topObjectProperty", "topDataProperty", "bottomObjectProperty", "bottomDataProperty")
)


def unsupported_axioms(schema: Schema) -> Iterator[Unsupported]:
    """Every axiom whose form, or whose position, no rule covers; unnamed nodes stand below a named one."""
    above = {triple[2]: triple[0] for triple in schema if is_blank(triple[2])}
    for problem in _problems(schema):
        term = problem.place.removeprefix("ontology, ")
        seen: set[str] = set()
        while is_blank(term) and term in above and term not in seen:
            seen.add(term)
            term = above[term]
        yield problem if term in problem.place else replace(problem, place=f"ontology, {term}, below it")


def _problems(schema: Schema) -> Iterator[Unsupported]:
    for name, reason in _NOT_RL.items():
        for triple in schema.match(("?x", owl(name), "?y")):
            yield _report(triple, reason)
    for triple in schema.match(("?x", TYPE, owl("ReflexiveProperty"))):
        yield _report(triple, "OWL 2 RL has no rule for reflexive properties")
    for name in ("maxCardinality", "maxQualifiedCardinality"):
        for triple in schema.match(("?x", owl(name), "?n")):
            if split_literal(triple[2])[0] not in {"0", "1"}:
                yield _report(triple, "only the numbers 0 and 1 are reasoned with")
    for name in ("someValuesFrom", "allValuesFrom"):
        for triple in schema.match(("?x", owl(name), "?d")):
            if is_datatype(triple[2]):
                yield _report(triple, "restrictions over datatypes are not reasoned with")
    yield from _other_forms(schema)
    yield from _positions(schema)


def _other_forms(schema: Schema) -> Iterator[Unsupported]:
    for triple in schema.match(("?x", TYPE, _SWRL_RULE)):
        yield _report(triple, "SWRL rules are not reasoned with; write a rule file")
    for triple in schema.match(("?x", INVERSE_OF, "?y")):
        if is_blank(triple[0]) or is_blank(triple[2]):
            yield _report(triple, "an inverse without a name is not reasoned with; name it and use the name")
    for triple in schema:
        if triple[2] in _WHOLE or triple[0] in _WHOLE:
            yield _report(triple, "the properties that hold of everything or of nothing are not reasoned with")


def _positions(schema: Schema) -> Iterator[Unsupported]:
    """Class expressions in a place where no rule uses them."""
    found: dict[Unsupported, None] = {}
    for triple in schema.match(("?c", SUB_CLASS, "?d")):
        found |= dict.fromkeys(_in_place(schema, triple, triple[0], is_super=False))
        found |= dict.fromkeys(_in_place(schema, triple, triple[2], is_super=True))
    for triple in schema.match(("?c", EQUIVALENT_CLASS, "?d")):
        for end, is_super in product((triple[0], triple[2]), (False, True)):
            found |= dict.fromkeys(_in_place(schema, triple, end, is_super=is_super))
    for predicate in (DOMAIN, RANGE):
        for triple in schema.match(("?p", predicate, "?c")):
            found |= dict.fromkeys(_in_place(schema, triple, triple[2], is_super=True))
    yield from found


def _in_place(
    schema: Schema, axiom: Triple, term: str, *, is_super: bool, seen: frozenset[str] = frozenset()
) -> Iterator[Unsupported]:
    if term in seen or (seen and not is_blank(term)):  # a named class inside another has axioms of its own
        return
    wrong = _AS_SUPER if is_super else _AS_SUB
    for name, reason in wrong.items():
        if schema.match((term, owl(name), "?v")):
            place = "superclass" if is_super else "subclass"
            yield _report(axiom, f"owl:{name} as {place}: {reason}")
    for name, stays in (("someValuesFrom", True), ("allValuesFrom", True), ("complementOf", False)):
        for triple in schema.match((term, owl(name), "?v")) if name not in wrong else ():
            yield from _in_place(schema, axiom, triple[2], is_super=is_super == stays, seen=seen | {term})
    for name in ("intersectionOf", "unionOf"):
        for triple in schema.match((term, owl(name), "?l")) if name not in wrong else ():
            for member in schema.items(triple) or ():
                yield from _in_place(schema, axiom, member, is_super=is_super, seen=seen | {term})


def _report(triple: Triple, reason: str) -> Unsupported:
    subject, predicate, object_ = triple
    return Unsupported(f"{predicate} {object_}", f"ontology, {subject}", reason)
