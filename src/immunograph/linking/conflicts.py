"""Mappings that cannot all be true: one thing that is two, two nodes that are one, and what must never be merged."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from immunograph.identifiers import compress
from immunograph.queries import Answer
from immunograph.sources.sssom import SKOS, Match

CONFLICT_COLUMNS = ("conflict", "one", "other", "chain")


@dataclass(frozen=True, slots=True)
class Conflict:
    """One fault.

    Attributes:
        kind: ``one-to-many``, ``many-to-one``, ``chain`` or ``do-not-merge``.
        one: IRI at one end.
        other: IRI at the other end.
        chain: the IRIs from one to the other, along exact matches.
    """

    kind: str
    one: str
    other: str
    chain: tuple[str, ...]


def conflicts(matches: Iterable[Match], nodes: Collection[str], more: Iterable[Match] = ()) -> list[Conflict]:
    """Find the faults of a set of mappings.

    * ``one-to-many``: a node is exactly two things of one database;
    * ``many-to-one``: two nodes are exactly one thing;
    * ``chain``: exact matches, other people's among them, lead from one node to another;
    * ``do-not-merge``: they lead from one end of a ``Not`` row to the other.

    Args:
        matches: our mappings, denied ones among them.
        nodes: IRIs of our nodes.
        more: mappings of others, which are only followed.
    """
    ours = list(matches)
    exact = [match for match in ours if match.predicate == SKOS + "exactMatch" and not match.is_not]
    others = [match for match in more if match.predicate == SKOS + "exactMatch" and not match.is_not]
    found = [*_one_to_many(exact), *_many_to_one(exact, nodes)]
    links = _links([*exact, *others])
    seen = {frozenset((one.one, one.other)) for one in found}
    for one in sorted(nodes & links.keys()):
        for other, chain in _reached(one, links, nodes):
            if one < other and frozenset((one, other)) not in seen:
                found.append(Conflict("chain", one, other, chain))
    for match in ours:
        if match.is_not and match.predicate == SKOS + "exactMatch" and match.subject in links:
            for other, chain in _reached(match.subject, links, {match.object}):
                found.append(Conflict("do-not-merge", match.subject, other, chain))
    return found


def answer_of(found: Iterable[Conflict]) -> Answer:
    """Conflicts as rows of ``CONFLICT_COLUMNS``."""
    rows = ((one.kind, compress(one.one), compress(one.other), " = ".join(map(compress, one.chain))) for one in found)
    return Answer(CONFLICT_COLUMNS, tuple(rows))


def _one_to_many(exact: Sequence[Match]) -> list[Conflict]:
    objects: dict[tuple[str, str], dict[str, None]] = {}
    for match in exact:
        objects.setdefault((match.subject, compress(match.object).partition(":")[0]), {})[match.object] = None
    return [
        Conflict("one-to-many", first, other, (first, subject, other))
        for (subject, _), some in sorted(objects.items())
        for first, *rest in [sorted(some)]
        for other in rest
    ]


def _many_to_one(exact: Sequence[Match], nodes: Collection[str]) -> list[Conflict]:
    subjects: dict[str, set[str]] = {}
    for match in exact:
        if match.subject in nodes:
            subjects.setdefault(match.object, set()).add(match.subject)
    return [
        Conflict("many-to-one", first, other, (first, object_, other))
        for object_, some in sorted(subjects.items())
        for first, *rest in [sorted(some)]
        for other in rest
    ]


def _links(exact: Iterable[Match]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for match in exact:
        found.setdefault(match.subject, set()).add(match.object)
        found.setdefault(match.object, set()).add(match.subject)
    return found


def _reached(start: str, links: Mapping[str, set[str]], ends: Collection[str]) -> list[tuple[str, tuple[str, ...]]]:
    """The ends that exact matches lead to, each with the shortest chain; a chain stops at the first end."""
    before: dict[str, str] = {start: ""}
    waiting = deque([start])
    found = []
    while waiting:
        at = waiting.popleft()
        for after in sorted(links.get(at, ())):
            if after in before:
                continue
            before[after] = at
            if after in ends:
                found.append((after, _chain(after, before)))
            else:
                waiting.append(after)
    return found


def _chain(end: str, before: Mapping[str, str]) -> tuple[str, ...]:
    chain = [end]
    while before[chain[-1]]:
        chain.append(before[chain[-1]])
    return tuple(reversed(chain))
