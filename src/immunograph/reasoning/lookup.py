"""The first match of a rule that gives one fact, found pattern by pattern: always from what is known to what it bounds.

A join over all facts is planned anew for each statement, and reads whole predicates. Here each pattern is looked up for
the few terms that the patterns before it allow, so that the time does not grow with the facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from immunograph.reasoning.facts import FactBase
from immunograph.reasoning.rules import Pattern, Rule, is_variable
from immunograph.reasoning.sql import SqlWriter

Row: TypeAlias = tuple[int, ...]

MOST_PARTIAL: Final = 5_000
"""From so many partial matches on, one join over all facts is quicker."""
ENOUGH: Final = 200
"""Patterns that at least so many facts match are taken to be equally wide."""
_COLUMNS: Final = ("s", "p", "o")


@dataclass(frozen=True, slots=True)
class Partial:
    """A match of some of a rule's patterns.

    Attributes:
        values: the variables' numbers.
        facts: for each pattern matched so far, the fact's columns s, p, o, round and rule.
        row: the row of the rule's parameters.
    """

    values: dict[str, int]
    facts: dict[int, Row]
    row: int = 0


class TooManyError(Exception):
    """The match cannot be found in few steps."""


class Lookup:
    """Looks matches up in a saturated fact base.

    Args:
        facts: the facts.
        writer: knows the numbers of terms.
    """

    def __init__(self, facts: FactBase, writer: SqlWriter) -> None:
        self._facts = facts
        self._writer = writer
        self._counted: dict[str, int] = {}

    def matches(self, rule: Rule, number: int, bound: Mapping[str, int], before: int) -> list[Partial]:
        """Every match over facts older than a round, in the order of the facts; filters and absences are not tested.

        Raises:
            TooManyError: there are more than ``MOST_PARTIAL`` partial matches.
        """
        found = self.rows(rule, number, bound, before)
        left = set(range(len(rule.body)))
        while left and found:
            position = self.best(rule, left, found)
            left.discard(position)
            found = self.extended(rule.body[position], position, found, before)
        order = range(len(rule.body))
        found.sort(key=lambda one: ([one.facts[at] for at in order], list(one.values.values()), one.row))
        return found

    def passes(self, rule: Rule, match: Partial) -> bool:
        """Whether a match meets the rule's filters and absences."""
        if not rule.filters and not rule.absences:
            return True
        tests = replace(rule, body=(), parameters=(), counts=())
        bound = {name: str(value) for name, value in match.values.items()}
        return bool(self._facts.rows(self._writer.query(tests, [], bound=bound).text("1")))

    def rows(self, rule: Rule, number: int, bound: Mapping[str, int], before: int | None = None) -> list[Partial]:
        """A partial match for each row of a rule's parameters that agrees with the variables that are bound.

        Raises:
            TooManyError: there are more than ``MOST_PARTIAL``.
        """
        if not rule.parameters:
            return [Partial(dict(bound), {})]
        columns = {name: f"c{at}" for at, name in enumerate(rule.parameters)}
        wanted = ["TRUE"] if before is None else [f"born < {before}"]
        wanted += [f"{column} = {bound[name]}" for name, column in columns.items() if name in bound]
        rows = self._limited(f"SELECT n, {', '.join(columns.values())} FROM row_{number} WHERE {' AND '.join(wanted)}")
        return [Partial({**bound, **dict(zip(columns, row[1:], strict=True))}, {}, row[0]) for row in rows]

    def _limited(self, query: str) -> list[Row]:
        rows = self._facts.rows(f"{query} LIMIT {MOST_PARTIAL + 1}")
        if len(rows) > MOST_PARTIAL:
            raise TooManyError
        return rows

    def best(self, rule: Rule, left: set[int], found: Sequence[Partial]) -> int:
        """The pattern to look up next: one whose subject is known, else the one that the fewest facts match."""
        known = {at: self._known(rule.body[at], found) for at in sorted(left)}
        by_subject = [at for at, columns in known.items() if "s" in columns]
        if by_subject:
            return min(by_subject, key=lambda at: (len(known[at]["s"]), -len(known[at]), at))
        narrow = [at for at, columns in known.items() if "o" in columns] or list(known)
        if len(narrow) == 1:
            return narrow[0]
        sizes = self._sizes([self._where(known[at]) for at in narrow])
        return narrow[min(range(len(narrow)), key=lambda at: (sizes[at], at))]

    def _sizes(self, conditions: Sequence[str]) -> list[int]:
        """How many facts meet each condition, as far as ``ENOUGH`` tells them apart."""
        new = [where for where in dict.fromkeys(conditions) if where not in self._counted]
        if new:
            counts = (f"(SELECT count(*) FROM (SELECT 1 FROM fact{where} LIMIT {ENOUGH}))" for where in new)
            (sizes,) = self._facts.rows(f"SELECT {', '.join(counts)}")
            self._counted.update(zip(new, sizes, strict=True))
        return [self._counted[where] for where in conditions]

    def _known(self, pattern: Pattern, found: Sequence[Partial]) -> dict[str, list[int]]:
        """The values that each column of a pattern may have, for those that are bound."""
        columns = {}
        for column, term in zip(_COLUMNS, pattern, strict=True):
            if not is_variable(term):
                columns[column] = [self._writer.number(term)]
            elif term in found[0].values:
                columns[column] = sorted({one.values[term] for one in found})
        return columns

    @staticmethod
    def _where(known: Mapping[str, Sequence[int]], *more: str) -> str:
        tests = [*more]
        for column, values in known.items():
            listed = ", ".join(map(str, values))
            tests.append(f"{column} = {listed}" if len(values) == 1 else f"{column} IN ({listed})")
        return f" WHERE {' AND '.join(tests)}" if tests else ""

    def extended(
        self, pattern: Pattern, position: int, found: Sequence[Partial], before: int | None = None
    ) -> list[Partial]:
        """The partial matches with one pattern more; only with facts older than ``before``, where that is given.

        Raises:
            TooManyError: there are more than ``MOST_PARTIAL``.
        """
        where = self._where(self._known(pattern, found), *([] if before is None else [f"round < {before}"]))
        rows = self._limited(f"SELECT s, p, o, round, rule FROM fact{where}")
        terms = [(at, term) for at, term in enumerate(pattern) if is_variable(term)]
        shared = [(at, term) for at, term in terms if term in found[0].values]
        by_key: dict[Row, list[Row]] = {}
        for row in rows:
            by_key.setdefault(tuple([row[at] for at, _ in shared]), []).append(row)
        extended = []
        for one in found:
            for row in by_key.get(tuple([one.values[term] for _, term in shared]), ()):
                values = {**one.values, **{term: row[at] for at, term in terms}}
                if all(values[term] == row[at] for at, term in terms):
                    extended.append(Partial(values, {**one.facts, position: row}, one.row))
            if len(extended) > MOST_PARTIAL:
                raise TooManyError
        return extended
