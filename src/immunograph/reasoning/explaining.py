"""Explanations: proofs in words, from matches in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from immunograph.reasoning.facts import FactBase
from immunograph.reasoning.matching import Ids, Known, Match, Matcher
from immunograph.reasoning.proofs import ASSERTED_NAME, ONTOLOGY_NAME, Counted, Proof, Step
from immunograph.reasoning.rules import ASSERTED, ONTOLOGY, Count, Rule
from immunograph.reasoning.terms import Triple

_Groups: TypeAlias = dict[tuple[int, ...], tuple[list[int], list[int]]]

MOST_MEMBERS = 1000
"""How many of what a step counted are listed."""


class Explainer:
    """Finds proofs in a saturated fact base whose rules are in the table ``rule``."""

    def __init__(self, facts: FactBase) -> None:
        self._facts = facts
        self.matcher = Matcher(facts)
        self._texts: dict[int, str] = {}
        self._groups: dict[tuple[int, int], _Groups] = {}

    def proof(self, triple: Triple) -> Proof | None:
        """The proof of a triple down to stated triples; None where it does not hold."""
        fact = self._find(triple)
        if fact is None:
            return None
        matches: dict[Ids, Match | None] = {}
        below: dict[Ids, list[Known]] = {}
        order: list[Known] = []
        self._collect(fact, matches, below, order)
        self._load(number for known in order for number in known.ids)
        proofs: dict[Ids, Proof] = {}
        for known in order:  # premises come before what rests on them
            parts = tuple(proofs[part.ids] for part in below[known.ids])
            proofs[known.ids] = Proof(self._step(known, matches[known.ids]), parts)
        return proofs[fact.ids]

    def step(self, triple: Triple) -> Step | None:
        """The recorded step of a triple; None where it does not hold."""
        fact = self._find(triple)
        return None if fact is None else self._step(fact, self._match(fact))

    def steps(self) -> Iterator[Step]:
        """The recorded step of every inferred triple, rule by rule; the same steps that ``step`` gives."""
        self._texts = dict(self._facts.rows("SELECT id, text FROM term"))
        self.matcher.load_axioms()
        for number in self.matcher.numbers():
            for position, count in enumerate(self.matcher.rule(number).counts):
                self._groups[number, position] = self._group(count)
            for fact, match in self.matcher.all_recorded(number):
                yield self._step(fact, match)

    def derivations(self, triple: Triple, limit: int) -> Iterator[Step]:
        """Every way in which one rule gives a triple from facts that hold, other than from itself.

        The premises may have come later than the triple, so these steps do not add up to proofs by themselves.
        """
        fact = self._find(triple)
        if fact is None:
            return
        found = 0
        for number in self.matcher.numbers():
            rule = self.matcher.rule(number)
            for head in rule.head:
                for match in self.matcher.matches(rule, number, head, fact.ids, limit=limit):
                    if all(part.ids != fact.ids for part in match.facts) and found < limit:
                        found += 1
                        yield self._step(Known(fact.ids, 0, number), match)

    def is_stated(self, triple: Triple) -> bool:
        """Whether a triple was stated rather than inferred."""
        fact = self._find(triple)
        return fact is not None and fact.rule in (ASSERTED, ONTOLOGY)

    def find_ids(self, triple: Triple) -> Ids | None:
        """The numbers of a triple's terms; None where one is unknown."""
        subject, predicate, object_ = (self._facts.find(term) for term in triple)
        return None if subject is None or predicate is None or object_ is None else (subject, predicate, object_)

    def _find(self, triple: Triple) -> Known | None:
        ids = self.find_ids(triple)
        return None if ids is None else self.matcher.known(ids)

    def _match(self, fact: Known) -> Match | None:
        return None if fact.rule in (ASSERTED, ONTOLOGY) else self.matcher.recorded(fact)

    def _collect(
        self, fact: Known, matches: dict[Ids, Match | None], below: dict[Ids, list[Known]], order: list[Known]
    ) -> None:
        if fact.ids in matches:
            return
        match = matches[fact.ids] = self._match(fact)
        parts = [] if match is None else [*match.facts, *self.matcher.axioms(fact.rule, match.row)]
        below[fact.ids] = list(dict.fromkeys(parts))
        for part in parts:
            self._collect(part, matches, below, order)
        order.append(fact)

    def _load(self, numbers: Iterable[int]) -> None:
        missing = {number for number in numbers if number not in self._texts}
        if missing:
            self._texts.update(self._facts.texts(missing))

    def _triple(self, ids: Ids) -> Triple:
        return self._texts[ids[0]], self._texts[ids[1]], self._texts[ids[2]]

    def _step(self, fact: Known, match: Match | None) -> Step:
        if match is None:
            self._load(fact.ids)
            name = ASSERTED_NAME if fact.rule == ASSERTED else ONTOLOGY_NAME
            return Step(self._triple(fact.ids), name, round=fact.round)
        rule = self.matcher.rule(fact.rule)
        axioms = self.matcher.axioms(fact.rule, match.row)
        parts = [fact, *match.facts, *axioms]
        self._load([*match.values.values(), *(number for part in parts for number in part.ids)])
        values = {name: self._texts[value] for name, value in match.values.items()}
        return Step(
            triple=self._triple(fact.ids),
            rule=rule.name,
            premises=tuple(self._triple(part.ids) for part in match.facts),
            axioms=tuple(self._triple(part.ids) for part in axioms),
            absent=tuple(
                tuple((values.get(s, s), values.get(p, p), values.get(o, o)) for s, p, o in absence.body)
                for absence in rule.absences
            ),
            counted=tuple(self._counted(fact.rule, rule, match.values)),
            values=tuple(sorted((name, text) for name, text in values.items() if not name.startswith("?_:"))),
            round=fact.round,
            summary=rule.summary,
        )

    def _counted(self, number: int, rule: Rule, values: dict[str, int]) -> Iterator[Counted]:
        for position, count in enumerate(rule.counts):
            group = tuple(values[name] for name in count.groups)
            whole = self._groups.get((number, position))
            numbers, members = (self._group(count, group) if whole is None else whole)[group]
            self._load([*members, *group])
            yield Counted(
                groups=tuple((name, self._texts[value]) for name, value in zip(count.groups, group, strict=True)),
                numbers=tuple((name, n) for (name, _, _), n in zip(count.results, numbers, strict=True)),
                members=tuple(self._texts[member] for member in members),
            )

    def _group(self, count: Count, group: tuple[int, ...] | None = None) -> _Groups:
        """The numbers and the members of one group, or of all."""
        query = self.matcher.writer.inner(count)
        groups = [query.terms[name] for name in count.groups]
        if group is not None:
            query.conditions += [f"{place} = {value}" for place, value in zip(groups, group, strict=True)]
        columns, members = list(groups), []
        for _, counted, distinct in count.results:
            place = "*" if counted is None else query.terms[counted]
            columns.append(f"count({'DISTINCT ' if distinct and counted else ''}{place})")
            members += [] if counted is None else [place]
        columns.append(f"list_sort(list(DISTINCT {members[0]}))" if members else "[]")
        grouped = f" GROUP BY {', '.join(groups)}" if groups else ""
        wide = len(groups)
        return {
            tuple(row[:wide]): (list(row[wide:-1]), row[-1][:MOST_MEMBERS])
            for row in self._facts.rows(query.text(", ".join(columns)) + grouped)
        }
