"""Two graphs → what differs.

Triples are looked up one by one in the other graph's index, so that only what differs is ever held in memory. A fact
counts by whether it holds: one that was inferred and is now stated as well has not changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from immunograph.comparing.answers import changed_answers
from immunograph.comparing.described import Described, changed_descriptions
from immunograph.comparing.difference import PARTS, Change, Difference, difference_of
from immunograph.comparing.side import Side, labelled
from immunograph.identifiers import compress
from immunograph.queries import SavedQuery
from immunograph.store.triples import Triple


def compare(
    old: Side, new: Side, queries: Mapping[str, SavedQuery] | None = None, parts: Collection[str] = PARTS
) -> Difference:
    """Compare two graphs.

    Args:
        old: the graph from before.
        new: the graph of now.
        queries: saved queries to ask both, with their example values; None asks none.
        parts: which of ``PARTS`` to compare.

    Raises:
        StoreError: a stored graph cannot be read.
    """
    changes: list[Change] = []
    notes: list[str] = []
    if set(parts) - {"answers"}:
        changes += [change for change in _of_triples(old, new) if change.part in parts]
    if queries and "answers" in parts:
        for query in queries.values():
            found, note = changed_answers(query, old, new)
            changes += found
            notes += [note] if note else []
    return difference_of(changes, notes, parts)


def _of_triples(old: Side, new: Side) -> Iterator[Change]:
    before, after = Described(old), Described(new)
    for change, side, other, described in (("removed", old, new, before), ("added", new, old, after)):
        for triple, origin in side.graph.missing_from(other.graph):
            if origin == "inferred":
                yield _inferred(change, side, triple)
            else:
                described.note(triple, origin)
    yield from changed_descriptions(before, after)


def _inferred(change: str, side: Side, triple: Triple) -> Change:
    identifier = " ".join(compress(term[1:-1]) if term.startswith("<") else term for term in triple)
    return Change("inferred", change, identifier, labelled(side, triple))
