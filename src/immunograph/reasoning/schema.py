"""The axioms as an index: what rule conditions over the schema match, and lists read with suspicion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

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
        self._known: dict[Triple, None] = {}
        self.problems: dict[tuple[str, str], Unsupported] = {}
        self.extend(triples)

    def extend(self, triples: Iterable[Triple]) -> None:
        """Add axioms; those known already change nothing."""
        keyed = {(s, p, value_key(o) if o[0] == '"' else o) for s, p, o in triples}
        for triple in sorted(keyed.difference(self._known)):
            subject, predicate, object_ = triple
            self._known[triple] = None
            self._by_predicate[predicate].append(triple)
            self._by_subject[predicate, subject].append(triple)
            self._by_object[predicate, object_].append(triple)

    @property
    def version(self) -> int:
        """A number that grows with every axiom added."""
        return len(self._known)

    def since(self, version: int) -> dict[str, list[Triple]]:
        """The axioms added after a version, by predicate."""
        new: dict[str, list[Triple]] = defaultdict(list)
        for triple in islice(self._known, version, None):
            new[triple[1]].append(triple)
        return new

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
        yield from self.solutions_with(given, 0, self.match(given[0]))

    def solutions_with(
        self, given: tuple[Pattern, ...], position: int, axioms: Iterable[Triple]
    ) -> Iterator[tuple[dict[str, str], tuple[Triple, ...]]]:
        """Every way in which all the patterns match, and the one at a position one of some axioms."""
        subject, predicate, object_ = given[position]
        others = given[:position] + given[position + 1 :]
        for triple in axioms:
            values = _matched((subject, predicate, object_), triple)
            if values is None:
                continue
            if not others:  # most rules have one condition: no search is needed
                yield values, (triple,)
                continue
            for found, used in self._solve(others, values, ()):
                yield found, (*used[:position], triple, *used[position:])

    def _solve(
        self, given: tuple[Pattern, ...], values: dict[str, str], used: tuple[Triple, ...]
    ) -> Iterator[tuple[dict[str, str], tuple[Triple, ...]]]:
        subject, predicate, object_ = given[0]
        subject, object_ = values.get(subject, subject), values.get(object_, object_)
        rest = given[1:]
        for triple in self.match((subject, predicate, object_)):
            bound = {**values, subject: triple[0], object_: triple[2]}  # a term bound to itself does no harm
            if rest:
                yield from self._solve(rest, bound, (*used, triple))
            else:
                yield bound, (*used, triple)

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


def _matched(pattern: Pattern, triple: Triple) -> dict[str, str] | None:
    """The variables of a pattern as a triple fills them; None where it does not match."""
    values: dict[str, str] = {}
    for term, value in zip(pattern, triple, strict=True):
        if (values.setdefault(term, value) if is_variable(term) else term) != value:
            return None
    return values
