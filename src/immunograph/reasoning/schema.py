"""The axioms as an index: what rule conditions over the schema match, and lists read with suspicion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from immunograph.reasoning.rules import Pattern, Unsupported, is_variable, substitute
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

    def match(self, pattern: Pattern) -> list[Triple]:
        """The axioms that a pattern with a constant predicate matches, in order."""
        subject, predicate, object_ = pattern
        if not is_variable(subject):
            found = self._by_subject.get((predicate, subject), [])
            return found if is_variable(object_) else [triple for triple in found if triple[2] == object_]
        if not is_variable(object_):
            return self._by_object.get((predicate, object_), [])
        found = self._by_predicate.get(predicate, [])
        return [triple for triple in found if triple[0] == triple[2]] if subject == object_ else found

    def value(self, subject: str, predicate: str) -> str | None:
        """The first value of a property, None where there is none."""
        found = self._by_subject.get((predicate, subject))
        return found[0][2] if found else None

    def solutions(self, given: tuple[Pattern, ...]) -> Iterator[tuple[dict[str, str], tuple[Triple, ...]]]:
        """Every way in which all the patterns match, with the axioms that they match."""
        yield from self._solve(given, {}, ())

    def _solve(
        self, given: tuple[Pattern, ...], values: dict[str, str], used: tuple[Triple, ...]
    ) -> Iterator[tuple[dict[str, str], tuple[Triple, ...]]]:
        if not given:
            yield values, used
            return
        pattern = substitute(given[0], values)
        for triple in self.match(pattern):
            bound = {name: term for name, term in zip(pattern, triple, strict=True) if is_variable(name)}
            yield from self._solve(given[1:], {**values, **bound}, (*used, triple))

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
