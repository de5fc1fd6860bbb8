"""Contradictions: matches of the rules whose conclusion is false."""

from __future__ import annotations

from collections.abc import Iterator

from immunograph.reasoning.engine import Engine
from immunograph.reasoning.grounded import GroundRule
from immunograph.reasoning.sql import FACTS
from immunograph.reasoning.terms import Triple

MOST_PER_RULE = 100
"""How many clashes of one rule are reported."""


def find_clashes(engine: Engine) -> list[tuple[str, tuple[Triple, ...], tuple[Triple, ...]]]:
    """Every contradiction among the saturated facts: the rule, the facts and the axioms that cannot hold together."""
    found = [clash for ground in engine.book.clashing() for clash in _matches(engine, ground)]
    return sorted(set(found))


def _matches(engine: Engine, ground: GroundRule) -> Iterator[tuple[str, tuple[Triple, ...], tuple[Triple, ...]]]:
    rule, facts = ground.rule, engine.facts
    source = ground.source()
    query = engine.writer.query(rule, [FACTS] * len(rule.body), rows=source)
    columns = [f"a{number}.{column}" for number in range(len(rule.body)) for column in "spo"]
    columns.append("par.n" if source else "0")
    facts.flush()
    for row in facts.rows(f"{query.text(', '.join(columns))} LIMIT {MOST_PER_RULE}"):
        texts = facts.texts(row[:-1])
        named = [texts[number] for number in row[:-1]]
        premises = tuple((named[at], named[at + 1], named[at + 2]) for at in range(0, len(named), 3))
        yield rule.name, tuple(sorted(set(premises))), rule.axioms[row[-1]]
