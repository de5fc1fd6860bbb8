"""The rules of OWL 2 RL whose conditions are lists: chains, keys, intersections, unions, enumerations, disjointness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from typing import Final, TypeAlias

from immunograph.reasoning.owl_rules import make_template
from immunograph.reasoning.rules import Rule, Unsupported
from immunograph.reasoning.schema import Schema
from immunograph.reasoning.terms import FIRST, REST, TYPE, Triple, owl

LIST_PREDICATES: Final = frozenset(
    {TYPE, FIRST, REST}
    | {owl(name) for name in ("intersectionOf", "unionOf", "oneOf", "members", "distinctMembers")}
    | {owl(name) for name in ("propertyChainAxiom", "hasKey")}
)
"""The predicates of the axioms that the rules here are made from."""

_Rows: TypeAlias = dict[tuple[str, ...], tuple[Triple, ...]]

_MEMBER_RULES: Final = {
    # name: (axiom, facts, conclusion), one row (?c, ?d) for each member ?d of the list of ?c
    "cls-int2": ("intersectionOf", "?x a ?c", "?x a ?d"),
    "cls-uni": ("unionOf", "?x a ?d", "?x a ?c"),
    "cls-oo": ("oneOf", "", "?d a ?c"),
    "scm-int": ("intersectionOf", "", "?c rdfs:subClassOf ?d"),
    "scm-uni": ("unionOf", "", "?d rdfs:subClassOf ?c"),
}
_PAIR_RULES: Final = {
    # name: (class of the axiom node, properties of its list, facts), one row (?c, ?d) for each pair of members
    "eq-diff2": ("AllDifferent", ("members",), "?c owl:sameAs ?d"),
    "eq-diff3": ("AllDifferent", ("distinctMembers",), "?c owl:sameAs ?d"),
    "prp-adp": ("AllDisjointProperties", ("members",), "?x ?c ?y . ?x ?d ?y"),
    "cax-adc": ("AllDisjointClasses", ("members",), "?x a ?c . ?x a ?d"),
}


def list_rules(schema: Schema) -> Iterator[Rule]:
    """The rules over lists that the axioms call for; malformed lists are noted in ``schema.problems``."""
    for name, (axiom, body, head) in _MEMBER_RULES.items():
        yield from _one(_pair_template(name, body, head), _member_rows(schema, axiom))
    for name, (kind, properties, body) in _PAIR_RULES.items():
        yield from _one(_pair_template(name, body, ""), _pair_rows(schema, kind, properties))
        if kind == "AllDifferent":
            yield from _one(_self_template(name), _self_rows(schema, properties))
    yield from _by_length(schema, "propertyChainAxiom", _chain_template)
    yield from _by_length(schema, "intersectionOf", _intersection_template)
    yield from _by_length(schema, "hasKey", _key_template)


def _one(template: Rule, rows: _Rows) -> Iterator[Rule]:
    if rows:
        yield template.with_rows(rows.items())


@cache
def _pair_template(name: str, body: str, head: str) -> Rule:
    return make_template(name, name, "?c owl:x ?d", body, head)


def _member_rows(schema: Schema, axiom: str) -> _Rows:
    rows: _Rows = {}
    for triple in schema.match(("?c", owl(axiom), "?l")):
        members = schema.items(triple)
        if members == []:
            _note_empty(schema, triple)
        for member in members or ():
            rows.setdefault((triple[0], member), (triple,))
    return rows


def _pair_rows(schema: Schema, kind: str, properties: tuple[str, ...]) -> _Rows:
    rows: _Rows = {}
    for typed in schema.match(("?x", TYPE, owl(kind))):
        for name in properties:
            for triple in schema.match((typed[0], owl(name), "?l")):
                for pair in combinations(schema.items(triple) or (), 2):
                    rows.setdefault(pair, (typed, triple))
    return rows


@cache
def _self_template(name: str) -> Rule:
    return make_template(f"{name}/self", name, "?n owl:x ?l", "?n a owl:AllDifferent", "")


def _self_rows(schema: Schema, properties: tuple[str, ...]) -> _Rows:
    """The nodes that say of one thing that it differs from itself."""
    rows: _Rows = {}
    for typed in schema.match(("?x", TYPE, owl("AllDifferent"))):
        for name in properties:
            for triple in schema.match((typed[0], owl(name), "?l")):
                members = schema.items(triple) or []
                if len(set(members)) < len(members):
                    rows[(typed[0],)] = (typed, triple)
    return rows


def _by_length(schema: Schema, axiom: str, template: Callable[[int], Rule]) -> Iterator[Rule]:
    rows: dict[int, _Rows] = defaultdict(dict)
    for triple in schema.match(("?c", owl(axiom), "?l")):
        members = schema.items(triple)
        if members:
            rows[len(members)].setdefault((triple[0], *members), (triple,))
        elif members is not None:
            _note_empty(schema, triple)
    for length, found in sorted(rows.items()):
        yield template(length).with_rows(found.items())


def _note_empty(schema: Schema, triple: Triple) -> None:
    reason = "its list is empty; no conclusion is drawn from it"
    schema.problems[triple[0], triple[1]] = Unsupported(f"{triple[1]} of {triple[0]}", "ontology", reason)


@cache
def _chain_template(length: int) -> Rule:
    given = " . ".join(f"?p owl:x ?p{number}" for number in range(1, length + 1))
    body = " . ".join(f"?u{number} ?p{number} ?u{number + 1}" for number in range(1, length + 1))
    return make_template(f"prp-spo2/{length}", "prp-spo2", given, body, f"?u1 ?p ?u{length + 1}")


@cache
def _intersection_template(length: int) -> Rule:
    given = " . ".join(f"?c owl:x ?c{number}" for number in range(1, length + 1))
    body = " . ".join(f"?x a ?c{number}" for number in range(1, length + 1))
    return make_template(f"cls-int1/{length}", "cls-int1", given, body, "?x a ?c")


@cache
def _key_template(length: int) -> Rule:
    given = " . ".join(f"?c owl:x ?p{number}" for number in range(1, length + 1))
    values = [f"?{who} ?p{number} ?z{number}" for who in "xy" for number in range(1, length + 1)]
    body = " . ".join(["?x a ?c", "?y a ?c", *values])
    return make_template(f"prp-key/{length}", "prp-key", given, body, "?x owl:sameAs ?y", (("!=", "?x", "?y"),))
