"""Contradictions: matches of the rules whose conclusion is false, and values outside their datatypes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from immunograph.reasoning.datatypes import is_datatype, is_in_value_space, is_well_typed
from immunograph.reasoning.engine import Engine
from immunograph.reasoning.grounded import GroundRule
from immunograph.reasoning.rules import Rule
from immunograph.reasoning.sql import FACTS
from immunograph.reasoning.terms import SAME_AS, Triple

Found: TypeAlias = tuple[str, tuple[Triple, ...], tuple[Triple, ...]]
"""The rule that is broken, the facts that break it, the axioms that they stand against."""

MOST_PER_RULE: Final = 100
"""How many clashes of one rule are reported."""
_TYPED: Final = "t.id < 0 AND contains(t.text, '\"^^<')"


def find_clashes(engine: Engine) -> list[Found]:
    """Every contradiction among the saturated facts, at most ``MOST_PER_RULE`` for one rule."""
    found = [clash for ground in engine.book.clashing() for clash in _matches(engine, ground.rule, ground)]
    for ground in engine.book.inferring():
        if ground.rule.head[0][1] == SAME_AS and ground.rule.parameters:
            found += _different_values(engine, ground)
        if ground.rule.name == "prp-rng":
            found += _out_of_range(engine, ground)
    return sorted({*found, *_ill_typed(engine)})


def _matches(engine: Engine, rule: Rule, ground: GroundRule) -> Iterator[Found]:
    facts, source = engine.facts, ground.source()
    query = engine.writer.query(rule, [FACTS] * len(rule.body), rows=source)
    columns = [f"a{number}.{column}" for number in range(len(rule.body)) for column in "spo"]
    columns.append("par.n" if source else "0")
    facts.flush()
    for row in facts.rows(f"{query.text(', '.join(columns))} LIMIT {MOST_PER_RULE}"):
        texts = facts.texts(row[:-1])
        named = [texts[number] for number in row[:-1]]
        premises = tuple((named[at], named[at + 1], named[at + 2]) for at in range(0, len(named), 3))
        yield rule.name, tuple(sorted(set(premises))), ground.rule.axioms[row[-1]]


def _different_values(engine: Engine, ground: GroundRule) -> Iterator[Found]:
    """Two literals that would have to be one value: dt-diff makes that a contradiction."""
    subject, _, object_ = ground.rule.head[0]
    if not (subject.startswith("?") and object_.startswith("?")):
        return
    literals = (("literal", subject), ("literal", object_))
    rule = replace(ground.rule, name="dt-diff", filters=(*ground.rule.filters, *literals))
    yield from _matches(engine, rule, ground)


def _out_of_range(engine: Engine, ground: GroundRule) -> Iterator[Found]:
    for (predicate, datatype), axioms in zip(ground.rule.rows, ground.rule.axioms, strict=True):
        if is_datatype(datatype):
            number = engine.facts.intern(predicate)
            values = engine.facts.rows(
                f"SELECT t.id, t.text FROM term AS t WHERE t.id IN (SELECT o FROM fact WHERE p = {number} AND o < 0)"
            )
            wrong = [value for value, text in values if is_well_typed(text) and not is_in_value_space(text, datatype)]
            for triple in _triples_of(engine, wrong, f"p = {number}"):
                yield "dt-not-type", (triple,), axioms


def _ill_typed(engine: Engine) -> Iterator[Found]:
    """Literals whose text is not in the lexical space of their datatype."""
    typed = engine.facts.rows(f"SELECT t.id, t.text FROM term AS t WHERE {_TYPED}")
    wrong = [number for number, text in typed if not is_well_typed(text)]
    for triple in _triples_of(engine, wrong, "TRUE"):
        yield "dt-not-type", (triple,), ()


def _triples_of(engine: Engine, literals: list[int], condition: str) -> Iterator[Triple]:
    if literals:
        listed = ", ".join(map(str, literals[:MOST_PER_RULE]))
        yield from engine.facts.decoded(f"rule <= 0 AND {condition} AND o IN ({listed})")
