"""The axioms as an index: what rule conditions over the schema match, and lists read with suspicion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from immunograph.reasoning.rules import Pattern, Unsupported, is_variable
from immunograph.reasoning.terms import FIRST, NIL, REST, Triple, value_key


class Schema:
    """Axiom triples, found by predicate, by predicate and subject, and by predicate and object.

    Attributes:
        problems: malformed lists met so far.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._by_predicate: dict[str, list[Triple]] = defaultdict(list)
        self._by_subject: dict[tuple[str, str], list[Triple]] = defaultdict(list)
        self._by_object: dict[tuple[str, str], list[Triple]] = defaultdict(list)
        self.problems: dict[tuple[str, str], Unsupported] = {}
        for triple in sorted({(subject, predicate, value_key(object_)) for subject, predicate, object_ in triples}):
            self._by_predicate[triple[1]].append(triple)
            self._by_subject[triple[1], triple[0]].append(triple)
            self._by_object[triple[1], triple[2]].append(triple)

    def __iter__(self) -> Iterator[Triple]:
        for triples in self._by_predicate.values():
            yield from triples

    def count(self, predicate: str) -> int:
        """How many axioms have a predicate."""
        return len(self._by_predicate.get(predicate, ()))

    def match(self, pattern: Pattern) -> list[Triple]:
        """The axioms that a pattern with a constant predicate matches, in order."""
        subject, predicate, object_ = pattern
        if subject[0] != "?":
            found = self._by_subject.get((predicate, subject), [])
            return found if object_[0] == "?" else [triple for triple in found if triple[2] == object_]
        if object_[0] != "?":
            return self._by_object.get((predicate, object_), [])
        found = self._by_predicate.get(predicate, [])
        return [triple for triple in found if triple[0] == triple[2]] if subject == object_ else found

    def value(self, subject: str, predicate: str) -> str | None:
        """The first value of a property, None where there is none."""
        found = self._by_subject.get((predicate, subject))
        return found[0][2] if found else None

    def solutions(self, given: tuple[Pattern, ...]) -> Iterator[tuple[dict[str, str], tuple[Triple, ...]]]:
        """Every way in which all the patterns match, with the axioms that they match."""
        if len(given) > 1:
            yield from self._solve(given, {}, ())
            return
        places = [at for at, term in enumerate(given[0]) if is_variable(term)]
        for triple in self.match(given[0]):  # most rules have one condition: no search is needed
            yield {given[0][at]: triple[at] for at in places}, (triple,)

    def _solve(
        self, given: tuple[Pattern, ...], values: dict[str, str], used: tuple[Triple, ...]
    ) -> Iterator[tuple[dict[str, str], tuple[Triple, ...]]]:
        if not given:
            yield values, used
            return
        subject, predicate, object_ = given[0]
        subject, object_ = values.get(subject, subject), values.get(object_, object_)
        for triple in self.match((subject, predicate, object_)):
            bound = {**values, subject: triple[0], object_: triple[2]}  # a term bound to itself does no harm
            yield from self._solve(given[1:], bound, (*used, triple))

    def items(self, triple: Triple) -> list[str] | None:
        """The members of the list that an axiom points at; None (and a problem noted) where it is malformed.

        A list is malformed when a cell has no or several ``rdf:first`` or ``rdf:rest``, or when it runs in a circle.
        """
        subject, predicate, cell = triple
        members: list[str] = []
        seen: set[str] = set()
        while cell != NIL:
            first, rest = self._by_subject.get((FIRST, cell), []), self._by_subject.get((REST, cell), [])
            if cell in seen or len(first) != 1 or len(rest) != 1:
                reason = "its list runs in a circle" if cell in seen else f"its list is malformed at {cell}"
                self.problems[subject, predicate] = Unsupported(f"{predicate} of {subject}", "ontology", reason)
                return None
            seen.add(cell)
            members.append(first[0][2])
            cell = rest[0][2]
        return members
