"""What would have to hold for a triple to follow: rules that give such triples, and which of their premises fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from immunograph.reasoning.lookup import Lookup, Partial, TooManyError
from immunograph.reasoning.matching import Ids, Matcher
from immunograph.reasoning.rules import Absence, Pattern, Rule, is_variable, substitute
from immunograph.reasoning.sql import FACTS
from immunograph.reasoning.terms import Triple

MOST_ROWS: Final = 60
"""How many rows of a rule's parameters, and how many half matches, are followed up."""

MOST_DEEP: Final = 2
"""How many rules that only wait for one triple are passed over."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule that would give a triple, and how far it gets.

    Attributes:
        rule: the rule's name.
        summary: what it concludes, one sentence; empty for rules of OWL.
        premises: the facts that it matches.
        missing: the patterns that no fact matches, with what is known filled in.
        against: facts that it must not find, and finds.
        failed: other tests that come out wrong: ``filter``, or ``count: `` and how many there are.
    """

    rule: str
    summary: str
    premises: tuple[Triple, ...]
    missing: tuple[Triple, ...]
    against: tuple[Triple, ...] = ()
    failed: tuple[str, ...] = ()

    @property
    def distance(self) -> tuple[int, int]:
        """How far it is from giving the triple: what fails, then how little holds."""
        return len(self.missing) + len(self.failed) + bool(self.against), -len(self.premises)


class NearMisses:
    """Finds near misses in a saturated fact base.

    Args:
        matcher: knows the rules, and the numbers of terms.
    """

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._lookup = Lookup(matcher.facts, matcher.writer)

    def of(self, ids: Ids, limit: int, depth: int = MOST_DEEP) -> list[NearMiss]:
        """The nearest misses of a triple that does not hold, at most one a rule, nearest first.

        A rule that finds nothing but waits for one triple, such as membership in an unnamed class, is passed over for
        the rules that come near to that triple.
        """
        best: dict[str, NearMiss] = {}
        for number in self._matcher.numbers():
            rule = self._matcher.rule(number)
            if rule.name.startswith("eq-"):  # that two names mean one thing is near to everything
                continue
            for head in rule.head:
                for miss in self._misses(rule, number, head, ids):
                    for one in [miss] if miss.failed else self._below(miss, limit, depth):
                        if one.rule not in best or one.distance < best[one.rule].distance:
                            best[one.rule] = one
        return sorted(best.values(), key=lambda miss: (miss.distance, not miss.summary, miss.rule))[:limit]

    def _below(self, miss: NearMiss, limit: int, depth: int) -> list[NearMiss]:
        if miss.premises or not depth or len(miss.missing) != 1 or any(map(is_variable, miss.missing[0])):
            return [miss] if miss.premises else []
        subject, predicate, object_ = (self._matcher.facts.find(term) for term in miss.missing[0])
        if subject is None or predicate is None or object_ is None:
            return []
        return self.of((subject, predicate, object_), limit, depth - 1)

    def _misses(self, rule: Rule, number: int, head: Pattern, ids: Ids) -> Iterator[NearMiss]:
        bound = self._matcher.unified(head, ids)
        if bound is None:
            return
        values = {name: int(value) for name, value in bound.items() if is_variable(name)}
        for start in self._lookup.rows(rule, number, values)[:MOST_ROWS]:
            yield self._furthest(rule, start)

    def _furthest(self, rule: Rule, start: Partial) -> NearMiss:
        """Match as many patterns as can be, each with what the ones before it bound."""
        found, left, missing = [start], set(range(len(rule.body))), list[int]()
        while left:
            position = self._lookup.best(rule, left, found)
            left.discard(position)
            try:
                more = self._lookup.extended(rule.body[position], position, found)
            except TooManyError:
                more = found[:1]
                missing.append(position)
            if more:
                found = more[:MOST_ROWS]
            else:
                missing.append(position)
        return self._named(rule, found, sorted(set(missing)))

    def _named(self, rule: Rule, found: Sequence[Partial], missing: Sequence[int]) -> NearMiss:
        passing = [one for one in found if not missing and not rule.counts and self._lookup.passes(rule, one)]
        one = (passing or found)[0]
        texts = self._texts(one)
        against = tuple(self._against(rule, one)) if not missing and not passing else ()
        counted = self._counted(rule, one) if not missing and not against else 0
        is_filtered = not missing and not passing and not against and not rule.counts
        failed = (*(["filter"] if is_filtered else []), *([f"count: {counted}"] if counted else []))
        return NearMiss(
            rule.name,
            rule.summary,
            tuple(substitute(rule.body[at], texts) for at in range(len(rule.body)) if at not in missing),
            tuple(substitute(rule.body[at], texts) for at in missing),
            against,
            failed,
        )

    def _counted(self, rule: Rule, one: Partial) -> int:
        """The smallest of the numbers that a rule counts, for the groups that are known; 0 where it counts none."""
        numbers = []
        for count in rule.counts:
            query = self._matcher.writer.inner(count)
            known = [name for name in count.groups if name in one.values]
            query.conditions += [f"{query.terms[name]} = {one.values[name]}" for name in known]
            counted = [name for _, name, _ in count.results if name is not None]
            column = f"count(DISTINCT {query.terms[counted[0]]})" if counted else "count(*)"
            numbers += [int(row[0]) for row in self._matcher.facts.rows(query.text(column))]
        return min(numbers, default=0)

    def _texts(self, one: Partial) -> dict[str, str]:
        texts = self._matcher.facts.texts(one.values.values())
        return {name: texts[value] for name, value in one.values.items() if value in texts}

    def _against(self, rule: Rule, one: Partial) -> Iterator[Triple]:
        """The facts that an absence of the rule forbids."""
        for absence in rule.absences:
            yield from self._first_match(absence, one.values)

    def _first_match(self, absence: Absence, values: Mapping[str, int]) -> list[Triple]:
        shown = replace(_EMPTY, body=absence.body, filters=absence.filters)
        query = self._matcher.writer.query(
            shown, [FACTS] * len(absence.body), bound={name: str(value) for name, value in values.items()}
        )
        columns = ", ".join(f"a{at}.{column}" for at in range(len(absence.body)) for column in "spo")
        for row in self._matcher.facts.rows(f"{query.text(columns)} LIMIT 1"):
            texts = self._matcher.facts.texts(row)
            return [(texts[row[at]], texts[row[at + 1]], texts[row[at + 2]]) for at in range(0, len(row), 3)]
        return []


_EMPTY: Final = Rule(key="", name="")
