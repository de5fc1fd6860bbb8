"""Explanations: proofs in words, from matches in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from immunograph.reasoning.facts import FactBase
from immunograph.reasoning.matching import Ids, Known, Match, Matcher
from immunograph.reasoning.proofs import ASSERTED_NAME, ONTOLOGY_NAME, Counted, Proof, Step
from immunograph.reasoning.rules import ASSERTED, ONTOLOGY, Rule
from immunograph.reasoning.terms import Triple

MOST_MEMBERS = 1000
"""How many of what a step counted are listed."""


class Explainer:
    """Finds proofs in a saturated fact base whose rules are in the table ``rule``."""

    def __init__(self, facts: FactBase) -> None:
        self._facts = facts
        self.matcher = Matcher(facts)
        self._texts: dict[int, str] = {}

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
        missing = set(numbers) - self._texts.keys()
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
            counted=tuple(self._counted(rule, match.values)),
            values=tuple(sorted((name, text) for name, text in values.items() if not name.startswith("?_:"))),
            round=fact.round,
            summary=rule.summary,
        )

    def _counted(self, rule: Rule, values: dict[str, int]) -> Iterator[Counted]:
        for count in rule.counts:
            query = self.matcher.writer.inner(count)
            query.conditions += [f"{query.terms[name]} = {values[name]}" for name in count.groups]
            numbers: list[tuple[str, int]] = []
            members: list[int] = []
            for name, counted, distinct in count.results:
                column = "*" if counted is None else f"{'DISTINCT ' if distinct else ''}{query.terms[counted]}"
                ((number,),) = self._facts.rows(query.text(f"count({column})"))
                numbers.append((name, int(number)))
                if counted is not None:
                    text = query.text(f"DISTINCT {query.terms[counted]}")
                    members += [row[0] for row in self._facts.rows(f"{text} ORDER BY 1 LIMIT {MOST_MEMBERS}")]
            self._load([*members, *(values[name] for name in count.groups)])
            groups = tuple((name, self._texts[values[name]]) for name in count.groups)
            yield Counted(groups, tuple(numbers), tuple(dict.fromkeys(self._texts[member] for member in members)))
