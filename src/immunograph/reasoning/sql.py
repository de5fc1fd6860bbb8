"""Rules as SQL: every pattern a copy of the fact table, every shared variable an equality."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from immunograph.errors import RuleError
from immunograph.reasoning.facts import FIRST_BLANK
from immunograph.reasoning.rules import Absence, Count, Expression, Pattern, Rule, is_variable
from immunograph.reasoning.terms import number_of

_MOST_LISTED: Final = 200
_ARITHMETIC: Final = {"+", "-", "*", "/"}
_COLUMNS: Final = ("s", "p", "o")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a pattern finds its facts: a table, and a condition on its alias (``{a}``)."""

    table: str
    condition: str = ""


FACTS: Final = Source("fact")


@dataclass(slots=True)
class Query:
    """A join under construction: its tables, its conditions, and the SQL of each variable bound so far."""

    tables: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    terms: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)

    def text(self, columns: str) -> str:
        """The SELECT for some columns."""
        tables = f" FROM {', '.join(self.tables)}" if self.tables else ""
        conditions = f" WHERE {' AND '.join(self.conditions)}" if self.conditions else ""
        return f"SELECT {columns}{tables}{conditions}"


class SqlWriter:
    """Writes rules as SQL.

    Args:
        intern: gives the number of a term.
    """

    def __init__(self, intern: Callable[[str], int]) -> None:
        self._intern = intern

    def query(
        self,
        rule: Rule,
        sources: Sequence[Source],
        *,
        rows: Source | None = None,
        bound: Mapping[str, str] | None = None,
    ) -> Query:
        """The join that a rule's body asks for.

        Args:
            rule: the rule, grounded.
            sources: one for each pattern of its body.
            rows: the table of the rule's rows (columns ``c0`` ...); None to write its single row into the text.
            bound: variables that are known already, as SQL.

        Returns:
            The query; patterns have the aliases ``a0``, ``a1`` ..., the rows ``par``.
        """
        query = Query(terms=dict(bound or {}))
        self._add_rows(query, rule, rows)
        listed = self._listed(rule) if rows and rule.rows else {}
        for number, (pattern, source) in enumerate(zip(rule.body, sources, strict=True)):
            self._add_pattern(query, pattern, source, f"a{number}", listed)
        for number, count in enumerate(rule.counts):
            self._add_count(query, count, f"n{number}")
        for expression in rule.filters:
            query.conditions.append(self._test(expression, query))
        for number, absence in enumerate(rule.absences):
            query.conditions.append(self.absence(absence, query, f"x{number}_"))
        return query

    def number(self, term: str) -> int:
        """The number of a term."""
        return self._intern(term)

    def head(self, pattern: Pattern, query: Query) -> str:
        """The three columns of a conclusion."""
        return ", ".join(self._term(term, query) for term in pattern)

    def _add_rows(self, query: Query, rule: Rule, rows: Source | None) -> None:
        if rows is not None:
            query.tables.append(f"{rows.table} AS par")
            values = [f"par.c{number}" for number in range(len(rule.parameters))]
            if rows.condition:
                query.conditions.append(rows.condition.format(a="par"))
        else:
            values = [str(self._intern(term)) for term in rule.rows[0]] if rule.parameters else []
        for name, value in zip(rule.parameters, values, strict=True):
            self._bind(query, name, value)

    def _bind(self, query: Query, name: str, value: str) -> None:
        known = query.terms.setdefault(name, value)
        if known != value:
            query.conditions.append(f"{value} = {known}")

    def _listed(self, rule: Rule) -> dict[str, list[int]]:
        """For each parameter of few values, these: a constant list lets DuckDB skip most of the fact table."""
        listed = {}
        for number, name in enumerate(rule.parameters):
            values = {row[number] for row in rule.rows}
            if len(values) <= _MOST_LISTED:
                listed[name] = sorted(map(self._intern, values))
        return listed

    def _add_pattern(
        self, query: Query, pattern: Pattern, source: Source, alias: str, listed: Mapping[str, list[int]]
    ) -> None:
        query.tables.append(f"{source.table} AS {alias}")
        if source.condition:
            query.conditions.append(source.condition.format(a=alias))
        for column, term in zip(_COLUMNS, pattern, strict=True):
            place = f"{alias}.{column}"
            if is_variable(term):
                self._bind(query, term, place)
                if term in listed and column != "s":
                    query.conditions.append(f"{place} IN ({', '.join(map(str, listed[term]))})")
            else:
                query.conditions.append(f"{place} = {self._intern(term)}")

    def _add_count(self, query: Query, count: Count, alias: str) -> None:
        text = self.count(count)
        query.tables.append(f"({text}) AS {alias}")
        for number, name in enumerate(count.groups):
            self._bind(query, name, f"{alias}.g{number}")
        for number, (name, _, _) in enumerate(count.results):
            query.numbers[name] = f"{alias}.v{number}"

    def inner(self, count: Count) -> Query:
        """The join whose solutions a count groups; patterns have the aliases ``c0``, ``c1`` ..."""
        query = Query()
        for number, pattern in enumerate(count.body):
            self._add_pattern(query, pattern, FACTS, f"c{number}", {})
        for expression in count.filters:
            query.conditions.append(self._test(expression, query))
        for number, absence in enumerate(count.absences):
            query.conditions.append(self.absence(absence, query, f"cx{number}_"))
        return query

    def count(self, count: Count) -> str:
        """A grouped sub-SELECT: the groups as ``g0`` ..., the numbers as ``v0`` ..."""
        query = self.inner(count)
        groups = [query.terms[name] for name in count.groups]
        columns = [f"{place} AS g{number}" for number, place in enumerate(groups)]
        for number, (name, counted, distinct) in enumerate(count.results):
            inside = "*" if counted is None else f"{'DISTINCT ' if distinct else ''}{query.terms[counted]}"
            query.numbers[name] = f"count({inside})"
            columns.append(f"count({inside}) AS v{number}")
        grouped = f" GROUP BY {', '.join(groups)}" if groups else ""
        having = " AND ".join(self._test(expression, query) for expression in count.having)
        return query.text(", ".join(columns)) + grouped + (f" HAVING {having}" if having else "")

    def absence(self, absence: Absence, outer: Query, prefix: str) -> str:
        """A NOT EXISTS over the patterns of an absence, seeing the variables of the query around it."""
        query = Query(terms=dict(outer.terms), numbers=dict(outer.numbers))
        for number, pattern in enumerate(absence.body):
            self._add_pattern(query, pattern, FACTS, f"{prefix}{number}", {})
        for expression in absence.filters:
            query.conditions.append(self._test(expression, query))
        return f"NOT EXISTS ({query.text('1')})"

    # -- expressions -----------------------------------------------------------------------------------------------

    def _term(self, term: str, query: Query) -> str:
        return query.terms[term] if is_variable(term) else str(self._intern(term))

    def _test(self, expression: Expression, query: Query) -> str:
        operator, *parts = expression
        if operator in {"and", "or"}:
            return "(" + f" {operator.upper()} ".join(self._test(part, query) for part in parts) + ")"
        if operator == "not":
            return f"(NOT {self._test(parts[0], query)})"
        if operator == "in":
            return "(" + " OR ".join(self._test(("=", parts[0], part), query) for part in parts[1:]) + ")"
        if operator in {"iri", "blank", "literal"}:
            return self._kind(operator, self._term(parts[0], query))
        if operator in {"=", "!="} and not any(self._is_number(part, query) for part in parts):
            return f"({self._term(parts[0], query)} {'=' if operator == '=' else '<>'} {self._term(parts[1], query)})"
        if operator in {"=", "!=", "<", ">", "<=", ">="}:
            sign = "<>" if operator == "!=" else operator
            return f"({self._number(parts[0], query)} {sign} {self._number(parts[1], query)})"
        raise RuleError(f"the operator {operator!r} is not known to the rule compiler")

    @staticmethod
    def _kind(kind: str, place: str) -> str:
        if kind == "literal":
            return f"({place} < 0)"
        return f"({place} >= {FIRST_BLANK})" if kind == "blank" else f"({place} BETWEEN 1 AND {FIRST_BLANK - 1})"

    def _is_number(self, part: Expression, query: Query) -> bool:
        if isinstance(part, tuple):
            return part[0] in _ARITHMETIC
        return part in query.numbers or (isinstance(part, str) and number_of(part) is not None)

    def _number(self, part: Expression, query: Query) -> str:
        if isinstance(part, tuple):
            operator, left, right = part
            return f"({self._number(left, query)} {operator} {self._number(right, query)})"
        if part in query.numbers:
            return query.numbers[part]
        value = number_of(part)
        if value is not None:
            return repr(value)
        return f"(SELECT value FROM number WHERE number.id = {self._term(part, query)})"
