"""Rules as they stand in the database: numbered, with their rows and the axioms behind each row in tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from immunograph.reasoning.facts import FactBase
from immunograph.reasoning.rules import RECOMMENDATION, Absence, Count, Pattern, Rule, is_variable
from immunograph.reasoning.sql import Source
from immunograph.reasoning.terms import TYPE, Triple

_AXIOM_TABLE = (
    "CREATE TABLE IF NOT EXISTS axiom (rule SMALLINT, n INTEGER, position SMALLINT, s INTEGER, p INTEGER, o INTEGER)"
)


@dataclass(slots=True)
class GroundRule:
    """A rule with its number.

    Attributes:
        pending: whether rows from ``first_new`` on have not been run over all facts yet.
        reading: for each pattern of the body, the predicates and (for types) the classes it can match; None for any.
    """

    rule: Rule
    number: int
    first_new: int = 0
    pending: bool = True
    reading: list[tuple[set[int] | None, set[int] | None]] = field(default_factory=list)

    @property
    def table(self) -> str:
        """The table of the rule's rows."""
        return f"row_{self.number}"

    def source(self, *, new_rows: bool = False) -> Source | None:
        """Where the rule's rows are read: None when the single row is written into the statement."""
        if len(self.rule.rows) <= 1:
            return None
        return Source(self.table, f"{{a}}.n >= {self.first_new}" if new_rows else "")

    def reads(self, number: int, predicates: set[int], classes: set[int]) -> bool:
        """Whether a pattern of the body can match new facts with these predicates and classes."""
        wanted_predicates, wanted_classes = self.reading[number]
        if wanted_predicates is None:
            return bool(predicates)
        if wanted_classes is not None:
            return bool(wanted_classes & classes)
        return bool(wanted_predicates & predicates)


class RuleBook:
    """All rules of a run, kept across recompilations: numbers stay, rows are only added."""

    def __init__(self, facts: FactBase) -> None:
        self._facts = facts
        self._by_key: dict[str, GroundRule] = {}
        self._axioms: list[tuple[int, ...]] = []
        self._last: dict[str, Rule] = {}
        facts.run(_AXIOM_TABLE)

    @classmethod
    def restored(cls, facts: FactBase) -> RuleBook:
        """The rules of a closure that was saved, with the numbers that they had; nothing waits to be run."""
        book = cls(facts)
        axioms: dict[tuple[int, int], list[Triple]] = {}
        named = "SELECT a.rule, a.n, ts.text, tp.text, tob.text FROM axiom_of_row AS a "
        named += "JOIN term AS ts ON ts.id = a.s JOIN term AS tp ON tp.id = a.p JOIN term AS tob ON tob.id = a.o "
        for rule, n, *axiom in facts.rows(f"{named} ORDER BY a.rule, a.n, a.position"):
            axioms.setdefault((rule, n), []).append((axiom[0], axiom[1], axiom[2]))
        for number, text in facts.rows("SELECT number, json FROM rule ORDER BY number"):
            rule = rule_from_json(text)
            rows = _stored_rows(facts, number, len(rule.parameters)) if rule.parameters else [()]
            rule = rule.with_rows((row, tuple(axioms.get((number, n), ()))) for n, row in enumerate(rows))
            ground = book._by_key[rule.key] = GroundRule(rule, number, pending=False)
            facts.learn(term for term in rule.constants())
            ground.reading = [book._reading(rule, pattern) for pattern in rule.body]
        return book

    def constants(self) -> Iterator[str]:
        """Every term that a rule names."""
        for ground in self:
            yield from ground.rule.constants()

    def file_rules(self) -> Iterator[Rule]:
        """The rules that came from rule files."""
        return (ground.rule for ground in self if not ground.rule.given and ground.rule.place != RECOMMENDATION)

    def inferring(self) -> list[GroundRule]:
        """The rules that conclude facts."""
        return [ground for ground in self._by_key.values() if not ground.rule.is_clash]

    def clashing(self) -> list[GroundRule]:
        """The rules whose match is a contradiction."""
        return [ground for ground in self._by_key.values() if ground.rule.is_clash]

    def __iter__(self) -> Iterator[GroundRule]:
        return iter(self._by_key.values())

    def update(self, rules: Iterable[Rule], now: int) -> None:
        """Take in rules as grounded now; rows that are new wait to be run.

        Args:
            rules: freshly grounded rules.
            now: the last round; axioms behind the new rows are known by then.
        """
        for rule in rules:
            ground = self._by_key.get(rule.key)
            if ground is None:
                ground = GroundRule(replace(rule, rows=(), axioms=()), len(self._by_key) + 1)
                ground.pending = False
                self._by_key[rule.key] = ground
                if rule.parameters:
                    columns = "".join(f", c{number} INTEGER" for number in range(len(rule.parameters)))
                    self._facts.run(f"CREATE TABLE {ground.table} (n INTEGER, born SMALLINT{columns})")
            if self._last.get(rule.key) is not rule:  # the same object: nothing was added
                self._last[rule.key] = rule
                self._extend(ground, rule, now)
        if self._axioms:
            self._insert("axiom", [list(column) for column in zip(*self._axioms, strict=True)])
            self._axioms = []
        self._facts.flush()

    def _extend(self, ground: GroundRule, rule: Rule, now: int) -> None:
        first = len(ground.rule.rows)
        if rule.rows[:first] == ground.rule.rows:
            ground.rule = rule
        else:
            ground.rule = _joined(ground.rule, rule)
        if len(ground.rule.rows) == first:
            return
        ground.first_new = min(first, ground.first_new) if ground.pending else first
        ground.pending = True
        ground.reading = [self._reading(ground.rule, pattern) for pattern in ground.rule.body]
        self._store(ground, first, now)

    def _store(self, ground: GroundRule, first: int, now: int) -> None:
        intern = self._facts.intern
        rows = ground.rule.rows[first:]
        columns: list[list[int]] = [list(range(first, first + len(rows))), [now] * len(rows)]
        columns += [[intern(row[number]) for row in rows] for number in range(len(ground.rule.parameters))]
        if ground.rule.parameters:
            self._insert(ground.table, columns)
        self._axioms += [
            (ground.number, number, position, *map(intern, axiom))
            for number, axioms in enumerate(ground.rule.axioms[first:], start=first)
            for position, axiom in enumerate(axioms)
        ]
        for term in ground.rule.constants():
            intern(term)

    def _insert(self, table: str, columns: list[list[int]]) -> None:
        if columns[0]:  # numbers as one text each: a list of Python numbers is read one object a time
            marks = ", ".join("unnest(string_split(?, ',')::INTEGER[])" for _ in columns)
            texts = [",".join(map(str, column)) for column in columns]
            self._facts.connection.execute(f"INSERT INTO {table} SELECT {marks}", texts)

    def _reading(self, rule: Rule, pattern: Pattern) -> tuple[set[int] | None, set[int] | None]:
        _, predicate, object_ = pattern
        predicates = self._values(rule, predicate)
        only_types = predicates == {self._facts.intern(TYPE)}
        return predicates, self._values(rule, object_) if only_types else None

    def _values(self, rule: Rule, term: str) -> set[int] | None:
        if not is_variable(term):
            return {self._facts.intern(term)}
        if term not in rule.parameters:
            return None
        position = rule.parameters.index(term)
        return {self._facts.intern(row[position]) for row in rule.rows}


def _stored_rows(facts: FactBase, number: int, width: int) -> list[tuple[str, ...]]:
    columns = ", ".join(f"t{at}.text" for at in range(width))
    joins = " ".join(f"JOIN term AS t{at} ON t{at}.id = r.c{at}" for at in range(width))
    return [tuple(row) for row in facts.rows(f"SELECT {columns} FROM row_{number} AS r {joins} ORDER BY r.n")]


def _joined(rule: Rule, other: Rule) -> Rule:
    """A rule with the rows that another one has more, after its own."""
    known = set(rule.rows)
    new = [pair for pair in zip(other.rows, other.axioms, strict=True) if pair[0] not in known]
    return rule.with_rows([*zip(rule.rows, rule.axioms, strict=True), *new])


def rule_to_json(rule: Rule) -> str:
    """A rule without its rows, as JSON text."""
    fields = ("key", "name", "head", "body", "given", "filters", "parameters", "summary", "place")
    document: dict[str, Any] = {name: getattr(rule, name) for name in fields}
    document["absences"] = [_absence_fields(absence) for absence in rule.absences]
    document["counts"] = [
        {
            "groups": count.groups,
            "results": count.results,
            "body": count.body,
            "filters": count.filters,
            "absences": [_absence_fields(absence) for absence in count.absences],
            "having": count.having,
        }
        for count in rule.counts
    ]
    return json.dumps(document, ensure_ascii=False)


def _absence_fields(absence: Absence) -> dict[str, Any]:
    return {"body": absence.body, "filters": absence.filters}


def rule_from_json(text: str) -> Rule:
    """A rule read from what ``rule_to_json`` wrote."""
    document = {name: _tuples(value) for name, value in json.loads(text).items()}
    document["absences"] = tuple(Absence(**absence) for absence in document["absences"])
    document["counts"] = tuple(
        Count(**{**count, "absences": tuple(Absence(**absence) for absence in count["absences"])})
        for count in document["counts"]
    )
    return Rule(**document)


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {name: _tuples(item) for name, item in value.items()}
    return value
