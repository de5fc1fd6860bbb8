"""Explanations: a recorded conclusion matched again to the facts that were known before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from immunograph.reasoning.facts import FactBase
from immunograph.reasoning.grounded import rule_from_json
from immunograph.reasoning.proofs import ASSERTED_NAME, ONTOLOGY_NAME, Counted, Proof, Step
from immunograph.reasoning.rules import ASSERTED, ONTOLOGY, Pattern, Rule, is_variable
from immunograph.reasoning.sql import Query, Source, SqlWriter
from immunograph.reasoning.terms import Triple

_Ids = tuple[int, int, int]
_MEMBERS_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class _Match:
    """One match of a rule's body: the facts, the row of its parameters, and the variables' numbers."""

    facts: tuple[_Ids, ...]
    row: int | None
    values: dict[str, int]


class Explainer:
    """Finds proofs in a saturated fact base whose rules are in the table ``rule``."""

    def __init__(self, facts: FactBase) -> None:
        self._facts = facts
        self._rules: dict[int, Rule] = {}
        self._constants: dict[str, int] = {}
        self._writer = SqlWriter(self._constant)
        self._steps: dict[_Ids, Step] = {}
        self._texts: dict[int, str] = {}

    def proof(self, triple: Triple) -> Proof | None:
        """The proof of a triple down to stated triples; None where it does not hold."""
        ids = self.ids(triple)
        return None if ids is None or self._recorded(ids) is None else self._proof(ids, {})

    def step(self, triple: Triple) -> Step | None:
        """The recorded step of a triple; None where it does not hold."""
        ids = self.ids(triple)
        return None if ids is None else self._step(ids)

    def ids(self, triple: Triple) -> _Ids | None:
        """The numbers of a triple's terms; None where one is unknown."""
        subject, predicate, object_ = (self._facts.find(term) for term in triple)
        return None if subject is None or predicate is None or object_ is None else (subject, predicate, object_)

    def derivations(self, triple: Triple, limit: int = 20) -> Iterator[Step]:
        """Every way in which one rule gives a triple from facts that hold, other than from itself.

        The premises may have come later than the triple, so these steps do not add up to proofs by themselves.
        """
        ids = self.ids(triple)
        if ids is None or self._recorded(ids) is None:
            return
        found = 0
        for (number,) in self._facts.rows("SELECT number FROM rule ORDER BY number"):
            rule = self.rule(number)
            for head in rule.head:
                for match in self._matches(rule, number, head, ids, None, limit):
                    if ids not in match.facts and found < limit:
                        found += 1
                        yield self._as_step(ids, rule, number, match, 0)

    def steps(self) -> Iterator[Step]:
        """The recorded step of every inferred triple, rule by rule; the same steps that ``step`` gives."""
        for (number,) in self._facts.rows("SELECT number FROM rule ORDER BY number"):
            rule = self.rule(number)
            seen: set[_Ids] = set()
            for head in rule.head:
                for ids, match, round_ in self._recorded_matches(rule, number, head):
                    if ids not in seen:
                        seen.add(ids)
                        yield self._as_step(ids, rule, number, match, round_)

    def _recorded_matches(self, rule: Rule, number: int, head: Pattern) -> Iterator[tuple[_Ids, _Match, int]]:
        """The first match, in order, for every triple that a rule was the first to give."""
        bound: dict[str, str] = {}
        conditions = [f"f.rule = {number}"]
        for term, column in zip(head, ("f.s", "f.p", "f.o"), strict=True):
            value = bound.setdefault(term, column) if is_variable(term) else str(self._constant(term))
            conditions += [f"{column} = {value}"] if value != column else []
        rows = Source(f"row_{number}", "{a}.born < f.round") if rule.parameters else None
        sources = [Source("fact", "{a}.round < f.round")] * len(rule.body)
        query = self._writer.query(rule, sources, rows=rows, bound=bound)
        query.tables.insert(0, "fact AS f")
        query.conditions += conditions
        columns = [f"a{at}.{column}" for at in range(len(rule.body)) for column in "spo"]
        names = list(query.terms)
        wanted = ["f.s", "f.p", "f.o", *columns, *(query.terms[name] for name in names), "par.n" if rows else "NULL"]
        order = ", ".join(str(at) for at in range(1, len(wanted) + 1))
        text = query.text(f"DISTINCT ON (f.s, f.p, f.o) {', '.join(wanted)}, f.round")
        for row in self._facts.rows(f"{text} ORDER BY {order}"):
            facts = tuple((row[at], row[at + 1], row[at + 2]) for at in range(3, 3 + len(columns), 3))
            values = dict(zip(names, row[3 + len(columns) : -2], strict=True))
            yield (row[0], row[1], row[2]), _Match(facts, row[-2], values), row[-1]

    def rule(self, number: int) -> Rule:
        """A rule of the program by its number."""
        if number not in self._rules:
            ((text,),) = self._facts.rows("SELECT json FROM rule WHERE number = ?", [number])
            self._rules[number] = rule_from_json(text)
        return self._rules[number]

    def text(self, number: int) -> str:
        """A term by its number."""
        if number not in self._texts:
            self._texts.update(self._facts.texts([number]))
        return self._texts[number]

    def triple(self, ids: _Ids) -> Triple:
        """A triple by its numbers."""
        missing = [number for number in ids if number not in self._texts]
        if missing:
            self._texts.update(self._facts.texts(missing))
        return self._texts[ids[0]], self._texts[ids[1]], self._texts[ids[2]]

    # -- inside ----------------------------------------------------------------------------------------------------

    def _constant(self, term: str) -> int:
        if term not in self._constants:
            found = self._facts.find(term)
            self._constants[term] = 0 if found is None else found  # no term has the number 0
        return self._constants[term]

    def _recorded(self, ids: _Ids) -> tuple[int, int] | None:
        rows = self._facts.rows("SELECT round, rule FROM fact WHERE s = ? AND p = ? AND o = ?", ids)
        return (int(rows[0][0]), int(rows[0][1])) if rows else None

    def _proof(self, ids: _Ids, known: dict[_Ids, Proof]) -> Proof:
        if ids not in known:
            step = self._step(ids)
            if step is None:
                raise AssertionError(f"a premise is not among the facts: {self.triple(ids)}")
            below = [self.ids(triple) for triple in (*step.premises, *step.axioms)]
            known[ids] = Proof(step, tuple(self._proof(premise, known) for premise in below if premise is not None))
        return known[ids]

    def _step(self, ids: _Ids) -> Step | None:
        if ids not in self._steps:
            recorded = self._recorded(ids)
            if recorded is None:
                return None
            self._steps[ids] = self._find_step(ids, *recorded)
        return self._steps[ids]

    def _find_step(self, ids: _Ids, round_: int, number: int) -> Step:
        if number in (ASSERTED, ONTOLOGY):
            name = ASSERTED_NAME if number == ASSERTED else ONTOLOGY_NAME
            return Step(self.triple(ids), name, round=round_)
        rule = self.rule(number)
        for head in rule.head:
            for match in self._matches(rule, number, head, ids, round_, 1):
                return self._as_step(ids, rule, number, match, round_)
        raise AssertionError(f"the recorded rule {rule.name} does not give {self.triple(ids)}")

    def _matches(
        self, rule: Rule, number: int, head: Pattern, ids: _Ids, before: int | None, limit: int
    ) -> Iterator[_Match]:
        bound = self._unified(head, ids)
        if bound is None:
            return
        earlier = "" if before is None else f"{{a}}.round < {before}"
        rows = Source(f"row_{number}", "" if before is None else f"{{a}}.born < {before}") if rule.parameters else None
        query = self._writer.query(
            rule, [Source("fact", earlier)] * len(rule.body), rows=rows, bound={k: str(v) for k, v in bound.items()}
        )
        yield from self._run(rule, query, with_row=rows is not None, limit=limit)

    def _unified(self, head: Pattern, ids: _Ids) -> dict[str, int] | None:
        bound: dict[str, int] = {}
        for term, number in zip(head, ids, strict=True):
            value = bound.setdefault(term, number) if is_variable(term) else self._constant(term)
            if value != number:
                return None
        return bound

    def _run(self, rule: Rule, query: Query, *, with_row: bool, limit: int) -> Iterator[_Match]:
        columns = [f"a{number}.{column}" for number in range(len(rule.body)) for column in "spo"]
        names = list(query.terms)
        wanted = [*columns, *(query.terms[name] for name in names), "par.n" if with_row else "NULL"]
        order = ", ".join(str(number) for number in range(1, len(wanted) + 1))
        for row in self._facts.rows(f"{query.text(', '.join(wanted))} ORDER BY {order} LIMIT {limit}"):
            facts = tuple((row[at], row[at + 1], row[at + 2]) for at in range(0, len(columns), 3))
            values = dict(zip(names, row[len(columns) : -1], strict=True))
            yield _Match(facts, row[-1], values)

    def _as_step(self, ids: _Ids, rule: Rule, number: int, match: _Match, round_: int) -> Step:
        values = {name: self.text(value) for name, value in match.values.items()}
        return Step(
            triple=self.triple(ids),
            rule=rule.name,
            premises=tuple(self.triple(fact) for fact in match.facts),
            axioms=self.axioms(number, match.row),
            absent=tuple(
                tuple((values.get(s, s), values.get(p, p), values.get(o, o)) for s, p, o in absence.body)
                for absence in rule.absences
            ),
            counted=tuple(self._counted(rule, match.values)),
            values=tuple(sorted((name, text) for name, text in values.items() if not name.startswith("?_:"))),
            round=round_,
            summary=rule.summary,
        )

    def axioms(self, number: int, row: int | None) -> tuple[Triple, ...]:
        """The axioms behind one row of a rule."""
        found: list[tuple[Any, ...]] = self._facts.rows(
            "SELECT s, p, o FROM axiom WHERE rule = ? AND n = ? ORDER BY position", [number, row or 0]
        )
        return tuple(self.triple((s, p, o)) for s, p, o in found)

    def _counted(self, rule: Rule, values: dict[str, int]) -> Iterator[Counted]:
        for count in rule.counts:
            query = self._writer.inner(count)
            query.conditions += [f"{query.terms[name]} = {values[name]}" for name in count.groups]
            numbers, members = [], []
            for name, counted, distinct in count.results:
                column = "*" if counted is None else f"{'DISTINCT ' if distinct else ''}{query.terms[counted]}"
                ((number,),) = self._facts.rows(query.text(f"count({column})"))
                numbers.append((name, int(number)))
                if counted is not None:
                    text = query.text(f"DISTINCT {query.terms[counted]}")
                    members += [row[0] for row in self._facts.rows(f"{text} ORDER BY 1 LIMIT {_MEMBERS_SHOWN}")]
            groups = tuple((name, self.text(values[name])) for name in count.groups)
            shown = tuple(dict.fromkeys(self.text(member) for member in members))
            yield Counted(groups, tuple(numbers), shown)
