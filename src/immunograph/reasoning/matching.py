"""A conclusion matched again to the facts that were known before it: numbers only, no text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias

from immunograph.reasoning.facts import FactBase
from immunograph.reasoning.grounded import rule_from_json
from immunograph.reasoning.lookup import Lookup, TooManyError
from immunograph.reasoning.rules import Pattern, Rule, is_variable
from immunograph.reasoning.sql import Query, Source, SqlWriter

Ids: TypeAlias = tuple[int, int, int]
_AXIOMS: Final = "SELECT rule, n, s, p, o, round, origin FROM axiom_of_row"


@dataclass(frozen=True, slots=True)
class Known:
    """A fact with the round and the rule that first gave it."""

    ids: Ids
    round: int
    rule: int


@dataclass(frozen=True, slots=True)
class Match:
    """One match of a rule's body: the facts, the row of its parameters, and the variables' numbers."""

    facts: tuple[Known, ...]
    row: int
    values: dict[str, int]


class Matcher:
    """Matches the rules of the table ``rule`` against a saturated fact base."""

    def __init__(self, facts: FactBase) -> None:
        self.facts = facts
        self.writer = SqlWriter(self._constant)
        self.lookup = Lookup(facts, self.writer)
        self._rules: dict[int, Rule] = {}
        self._constants: dict[str, int] = {}
        self._axioms: dict[tuple[int, int], tuple[Known, ...]] = {}

    def rule(self, number: int) -> Rule:
        """A rule of the program by its number."""
        if number not in self._rules:
            ((text,),) = self.facts.rows("SELECT json FROM rule WHERE number = ?", [number])
            self._rules[number] = rule_from_json(text)
        return self._rules[number]

    def numbers(self) -> list[int]:
        """The number of every rule."""
        return [number for (number,) in self.facts.rows("SELECT number FROM rule ORDER BY number")]

    def known(self, ids: Ids) -> Known | None:
        """A fact's record, None where it does not hold."""
        s, p, o = ids
        rows = self.facts.rows(f"SELECT round, rule FROM fact WHERE s = {s} AND p = {p} AND o = {o}")
        return Known(ids, *rows[0]) if rows else None

    def recorded(self, fact: Known) -> Match:
        """The first match, in a fixed order, of the rule that first gave a fact, over earlier facts."""
        rule = self.rule(fact.rule)
        if not rule.counts:
            with suppress(TooManyError):
                return self._looked_up(rule, fact)
        for head in rule.head:
            for match in self.matches(rule, fact.rule, head, fact.ids, before=fact.round):
                return match
        raise AssertionError(f"the recorded rule {rule.name} does not give {fact}")

    def _looked_up(self, rule: Rule, fact: Known) -> Match:
        for head in rule.head:
            bound = self.unified(head, fact.ids)
            if bound is None:
                continue
            numbers = {name: int(value) for name, value in bound.items() if is_variable(name)}
            for found in self.lookup.matches(rule, fact.rule, numbers, fact.round):
                if self.lookup.passes(rule, found):
                    rows = [found.facts[at] for at in range(len(rule.body))]
                    facts = tuple(Known((row[0], row[1], row[2]), row[3], row[4]) for row in rows)
                    return Match(facts, found.row, found.values)
        raise AssertionError(f"the recorded rule {rule.name} does not give {fact}")

    def matches(
        self, rule: Rule, number: int, head: Pattern, ids: Ids, *, before: int | None = None, limit: int = 1
    ) -> Iterator[Match]:
        """Matches of a rule that give a triple; only from facts older than ``before``, where that is given."""
        bound = self.unified(head, ids)
        if bound is None:
            return
        earlier = "" if before is None else f"{{a}}.round < {before}"
        rows = Source(f"row_{number}", "" if before is None else f"{{a}}.born < {before}") if rule.parameters else None
        query = self.writer.query(rule, [Source("fact", earlier)] * len(rule.body), rows=rows, bound=bound)
        names, wanted = self._columns(rule, query, has_rows=rows is not None)
        order = ", ".join(str(number) for number in range(1, len(wanted) + 1))
        for row in self.facts.rows(f"{query.text(', '.join(wanted))} ORDER BY {order} LIMIT {limit}"):
            yield self._match(rule, names, row)

    def all_recorded(self, number: int) -> Iterator[tuple[Known, Match]]:
        """The recorded match of every triple that a rule was the first to give; as ``recorded`` gives them."""
        rule = self.rule(number)
        seen: set[Ids] = set()
        for head in rule.head:
            for known, match in self._all_of_head(rule, number, head):
                if known.ids not in seen:
                    seen.add(known.ids)
                    yield known, match

    def _all_of_head(self, rule: Rule, number: int, head: Pattern) -> Iterator[tuple[Known, Match]]:
        bound: dict[str, str] = {}
        conditions = [f"f.rule = {number}"]
        for term, column in zip(head, ("f.s", "f.p", "f.o"), strict=True):
            value = bound.setdefault(term, column) if is_variable(term) else str(self._constant(term))
            conditions += [f"{column} = {value}"] if value != column else []
        rows = Source(f"row_{number}", "{a}.born < f.round") if rule.parameters else None
        sources = [Source("fact", "{a}.round < f.round")] * len(rule.body)
        query = self.writer.query(rule, sources, rows=rows, bound=bound)
        query.tables.insert(0, "fact AS f")
        query.conditions += conditions
        names, wanted = self._columns(rule, query, has_rows=rows is not None)
        order = ", ".join(str(at) for at in range(1, len(wanted) + 4))
        text = query.text(f"DISTINCT ON (f.s, f.p, f.o) f.s, f.p, f.o, {', '.join(wanted)}, f.round")
        for row in self.facts.rows(f"{text} ORDER BY {order}"):
            yield Known(row[:3], row[-1], number), self._match(rule, names, row[3:-1])

    def axioms(self, number: int, row: int) -> tuple[Known, ...]:
        """The axioms behind one row of a rule."""
        if not self.rule(number).has_axioms:
            return ()
        if (number, row) not in self._axioms:
            found = self.facts.rows(f"{_AXIOMS} WHERE rule = {number} AND n = {row} ORDER BY position")
            self._axioms[number, row] = tuple(
                Known((s, p, o), round_, origin) for _, _, s, p, o, round_, origin in found
            )
        return self._axioms[number, row]

    def load_axioms(self) -> None:
        """Read the axioms behind every row at once."""
        self._axioms = {}
        for number, row, s, p, o, round_, origin in self.facts.rows(f"{_AXIOMS} ORDER BY rule, n, position"):
            before = self._axioms.get((number, row), ())
            self._axioms[number, row] = (*before, Known((s, p, o), round_, origin))

    def _constant(self, term: str) -> int:
        if term not in self._constants:
            found = self.facts.find(term)
            self._constants[term] = 0 if found is None else found  # no term has the number 0
        return self._constants[term]

    def unified(self, head: Pattern, ids: Ids) -> dict[str, str] | None:
        """The variables of a head, as SQL, where it gives a triple; None where it does not."""
        bound: dict[str, str] = {}
        for term, number in zip(head, ids, strict=True):
            value = bound.setdefault(term, str(number)) if is_variable(term) else str(self._constant(term))
            if value != str(number):
                return None
        return bound

    @staticmethod
    def _columns(rule: Rule, query: Query, *, has_rows: bool) -> tuple[list[str], list[str]]:
        names = list(query.terms)
        columns = [f"a{at}.{column}" for at in range(len(rule.body)) for column in ("s", "p", "o", "round", "rule")]
        return names, [*columns, *(query.terms[name] for name in names), "par.n" if has_rows else "0"]

    @staticmethod
    def _match(rule: Rule, names: list[str], row: tuple[int, ...]) -> Match:
        end = 5 * len(rule.body)
        facts = tuple(Known((row[at], row[at + 1], row[at + 2]), row[at + 3], row[at + 4]) for at in range(0, end, 5))
        return Match(facts, row[-1], dict(zip(names, row[end:-1], strict=True)))
