"""What differs between two graphs, as records, rows and plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from immunograph.queries import Answer

PARTS = ("nodes", "associations", "evidence", "sources", "terms", "inferred", "answers")
"""What is compared, in the order in which it is told."""

COLUMNS = ("part", "change", "id", "text", "lost", "gained", "was")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    Attributes:
        part: one of ``PARTS``.
        change: ``added``, ``removed`` or ``changed``.
        id: CURIE of the node, association or term; three CURIEs of an inferred fact; name of a saved query.
        text: the same in labels; the row of an answer.
        lost: what was said of it and is no more, as ``property: value``.
        gained: what is said of it now and was not before.
        was: the CURIE that a changed association had before, since its qualifiers are part of its identifier.
    """

    part: str
    change: str
    id: str
    text: str
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    was: str = ""

    def as_dict(self) -> dict[str, object]:
        """The change as plain data, without what is empty."""
        whole = {"change": self.change, "id": self.id, "text": self.text, "was": self.was}
        return {key: value for key, value in whole.items() if value} | {
            key: list(value) for key, value in (("lost", self.lost), ("gained", self.gained)) if value
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two graphs.

    Attributes:
        changes: in the order of ``PARTS``, then by kind of change and identifier.
        notes: what could not be compared, such as a question whose example one graph does not know.
    """

    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()
    parts: tuple[str, ...] = field(default=PARTS)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def of(self, part: str) -> tuple[Change, ...]:
        """The changes of one part."""
        return tuple(change for change in self.changes if change.part == part)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many things were added, removed and changed, by part."""
        found = Counter((change.part, change.change) for change in self.changes)
        return {part: {kind: found[part, kind] for kind in ("added", "removed", "changed")} for part in self.parts}

    def as_dict(self) -> dict[str, object]:
        """The difference as plain data."""
        return {
            "counts": self.counts(),
            **{part: [change.as_dict() for change in self.of(part)] for part in self.parts},
            "notes": list(self.notes),
        }

    def to_answer(self) -> Answer:
        """The difference as rows, one a change; several lost or gained values are joined by ``; ``."""
        rows = tuple(
            (c.part, c.change, c.id, c.text, "; ".join(c.lost) or None, "; ".join(c.gained) or None, c.was or None)
            for c in self.changes
        )
        return Answer(COLUMNS, rows)


def difference_of(changes: Iterable[Change], notes: Iterable[str], parts: Iterable[str]) -> Difference:
    """Put changes in order."""
    ordered = sorted(changes, key=lambda c: (PARTS.index(c.part), c.change, c.id, c.text, c.lost, c.gained))
    return Difference(tuple(ordered), tuple(notes), tuple(part for part in PARTS if part in set(parts)))
