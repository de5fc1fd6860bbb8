"""What of an ontology the reasoner cannot use: found by form, reported by name and place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from immunograph.reasoning.datatypes import is_datatype
from immunograph.reasoning.rules import Unsupported
from immunograph.reasoning.schema import Schema
from immunograph.reasoning.terms import EQUIVALENT_CLASS, SUB_CLASS, TYPE, Triple, owl, split_literal

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
_EXISTENTIAL: Final = {
    "someValuesFrom": "no rule makes the value that it asks for; only the other direction is used",
    "unionOf": "no rule chooses between the members; only the other direction is used",
    "oneOf": "no rule chooses between the members; only the other direction is used",
}


def unsupported_axioms(schema: Schema) -> Iterator[Unsupported]:
    """Every axiom whose form, or whose position, no rule covers."""
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
    yield from _superclass_positions(schema)


def _superclass_positions(schema: Schema) -> Iterator[Unsupported]:
    for predicate in (SUB_CLASS, EQUIVALENT_CLASS):
        for triple in schema.match(("?c", predicate, "?d")):
            for name, reason in _EXISTENTIAL.items():
                if schema.match((triple[2], owl(name), "?v")):
                    yield _report(triple, f"owl:{name} as superclass: {reason}")


def _report(triple: Triple, reason: str) -> Unsupported:
    subject, predicate, object_ = triple
    return Unsupported(f"{predicate} {object_}", f"ontology, {subject}", reason)
