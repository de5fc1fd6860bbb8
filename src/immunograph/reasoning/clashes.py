"""Contradictions: matches of the rules whose conclusion is false, and values outside their datatypes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from immunograph.reasoning.datatypes import is_datatype, is_in_value_space, is_well_typed
from immunograph.reasoning.engine import Engine
from immunograph.reasoning.grounded import GroundRule
from immunograph.reasoning.rules import Rule, variables_of
from immunograph.reasoning.sql import FACTS, Source
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
            found += _different_values(engine, ground.rule, ground)
        if ground.rule.name == "prp-rng":
            found += _out_of_range(engine, ground)
    return sorted({*found, *_ill_typed(engine)})


def find_new_clashes(engine: Engine) -> list[Found]:
    """The contradictions that a change brought, where there were none before it."""
    predicates, classes = engine.kinds(f"fact WHERE {engine.is_new}")
    found: set[Found] = set()
    for ground in engine.book:
        merges = not ground.rule.is_clash and ground.rule.head[0][1] == SAME_AS and bool(ground.rule.parameters)
        for position in range(len(ground.rule.body)):
            if (ground.rule.is_clash or merges) and ground.reads(position, predicates, classes):
                how = _matches if ground.rule.is_clash else _different_values
                found.update(how(engine, ground.rule, ground, position))
        if ground.rule.name == "prp-rng" and ground.reads(0, predicates, classes):
            found.update(_out_of_range(engine, ground, predicates))
    return sorted({*found, *_ill_typed(engine, engine.is_new)})


def _matches(engine: Engine, rule: Rule, ground: GroundRule, new: int | None = None) -> Iterator[Found]:
    facts, source = engine.facts, ground.source()
    sources = [FACTS] * len(rule.body)
    if new is not None:
        sources[new] = Source("fact", f"{{a}}.{engine.is_new}")
    query = engine.writer.query(rule, sources, rows=source)
    if new is not None:
        engine.begin_with(query, rule, f"a{new}", variables_of([rule.body[new]]))
    columns = [f"a{number}.{column}" for number in range(len(rule.body)) for column in "spo"]
    columns.append("par.n" if source else "0")
    facts.flush()
    rows = facts.rows(f"{query.text(', '.join(columns))} LIMIT {MOST_PER_RULE}", is_in_order=new is not None)
    for row in rows:
        texts = facts.texts(row[:-1])
        named = [texts[number] for number in row[:-1]]
        premises = tuple((named[at], named[at + 1], named[at + 2]) for at in range(0, len(named), 3))
        yield rule.name, tuple(sorted(set(premises))), ground.rule.axioms[row[-1]]


def _different_values(engine: Engine, rule: Rule, ground: GroundRule, new: int | None = None) -> Iterator[Found]:
    """Two literals that would have to be one value: dt-diff makes that a contradiction."""
    subject, _, object_ = rule.head[0]
    if not (subject.startswith("?") and object_.startswith("?")):
        return
    literals = (("literal", subject), ("literal", object_))
    rule = replace(rule, name="dt-diff", filters=(*rule.filters, *literals))
    yield from _matches(engine, rule, ground, new)


def _out_of_range(engine: Engine, ground: GroundRule, wanted: Collection[int] | None = None) -> Iterator[Found]:
    for (predicate, datatype), axioms in zip(ground.rule.rows, ground.rule.axioms, strict=True):
        number = engine.facts.intern(predicate)
        if is_datatype(datatype) and (wanted is None or number in wanted):
            values = engine.facts.rows(
                f"SELECT t.id, t.text FROM term AS t WHERE t.id IN (SELECT o FROM fact WHERE p = {number} AND o < 0)"
            )
            wrong = [value for value, text in values if is_well_typed(text) and not is_in_value_space(text, datatype)]
            for triple in _triples_of(engine, wrong, f"p = {number}"):
                yield "dt-not-type", (triple,), axioms


def _ill_typed(engine: Engine, condition: str = "") -> Iterator[Found]:
    """Literals whose text is not in the lexical space of their datatype, in facts that meet an SQL condition."""
    where = f" AND t.id IN (SELECT o FROM fact WHERE o < 0 AND {condition})" if condition else ""
    typed = engine.facts.rows(f"SELECT t.id, t.text FROM term AS t WHERE {_TYPED}{where}")
    wrong = [number for number, text in typed if not is_well_typed(text)]
    for triple in _triples_of(engine, wrong, "TRUE"):
        yield "dt-not-type", (triple,), ()


def _triples_of(engine: Engine, literals: list[int], condition: str) -> Iterator[Triple]:
    if literals:
        listed = ", ".join(map(str, literals[:MOST_PER_RULE]))
        yield from engine.facts.decoded(f"rule <= 0 AND {condition} AND o IN ({listed})")
