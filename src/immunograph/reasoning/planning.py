"""The order of a join that begins with few rows: each pattern after those that bound its terms.

DuckDB guesses the sizes of joins from whole tables; from a handful of changed facts the order can be told outright.
"""

from __future__ import annotations

from collections.abc import Iterable

from immunograph.reasoning.rules import Pattern, Rule, is_variable
from immunograph.reasoning.sql import Query

_ROWS = "par"


def order_from(query: Query, rule: Rule, first: str, bound: Iterable[str]) -> None:
    """Put the tables of a rule's join in an order that begins with one of them.

    Args:
        query: the join; its tables are reordered.
        rule: the rule that it was written for.
        first: the alias of the small table to begin with, such as ``a0`` or one that was added to the query.
        bound: the variables that this table binds.
    """
    tables = {table.rpartition(" AS ")[2]: table for table in query.tables}
    known = set(bound)
    order = [first]
    left = [alias for alias in tables if alias != first]
    while left:
        best = max(left, key=lambda alias: (_worth(alias, rule, known), -left.index(alias)))
        left.remove(best)
        order.append(best)
        known.update(_variables(best, rule))
    query.tables[:] = [tables[alias] for alias in order]


def _pattern(alias: str, rule: Rule) -> Pattern | None:
    return rule.body[int(alias[1:])] if alias[:1] == "a" else None


def _variables(alias: str, rule: Rule) -> list[str]:
    if alias == _ROWS:
        return list(rule.parameters)
    pattern = _pattern(alias, rule)
    return [term for term in pattern if is_variable(term)] if pattern else []


def _worth(alias: str, rule: Rule, known: set[str]) -> tuple[int, int]:
    """How much is known of a table's columns before it is joined."""
    pattern = _pattern(alias, rule)
    if pattern is None:
        return (2, 0) if alias == _ROWS and known.intersection(rule.parameters) else (0, 0)
    subject, predicate, object_ = pattern
    constants = sum(not is_variable(term) or term in known for term in (predicate, object_))
    if subject in known:
        return 3, constants
    return (1, constants) if object_ in known or predicate in known else (0, constants)
