"""Changed statements → changed nodes, associations, evidence, sources and terms."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from immunograph.comparing.difference import Change
from immunograph.comparing.side import Side, labelled, spoken, title
from immunograph.identifiers import compress
from immunograph.store.triples import Triple
from immunograph.vocabulary import DCAT_DATASET, IG, RDF_TYPE

Pairs = frozenset[tuple[str, str]]

_PART_OF_TYPE = {
    f"<{IG}Association>": "associations",
    f"<{IG}Evidence>": "evidence",
    f"<{IG}Affinity>": "evidence",
    f"<{DCAT_DATASET}>": "sources",
}
_STATEMENT = tuple(f"<{IG}{name}>" for name in ("subject", "predicate", "object"))
_NEGATED, _EVIDENCE, _SOURCE = (f"<{IG}{name}>" for name in ("negated", "hasEvidence", "source"))


class Described:
    """The subjects of one side of whose statements some are not on the other side."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.missing: dict[str, set[tuple[str, str]]] = {}
        self._of_ontology: set[str] = set()

    def note(self, triple: Triple, origin: str) -> None:
        """Take in a statement that the other side does not have."""
        subject = triple[0][1:-1]
        self.missing.setdefault(subject, set()).add(triple[1:])
        if origin == "ontology":
            self._of_ontology.add(subject)

    def pairs(self, subject: str) -> Pairs:
        """All that this side states of a subject, inferred facts left out."""
        return frozenset(self.side.graph.about(subject, is_inferred=False))

    def part(self, subject: str, pairs: Pairs) -> str:
        """Which part of a comparison a subject belongs to."""
        types = {value for predicate, value in pairs if predicate == f"<{RDF_TYPE}>"}
        found = next((part for of_type, part in _PART_OF_TYPE.items() if of_type in types), None)
        return found or ("terms" if subject in self._of_ontology or subject.startswith(IG) else "nodes")

    def sources(self, pairs: Pairs) -> frozenset[str]:
        """The sources that an association rests on."""
        records = [value[1:-1] for predicate, value in pairs if predicate == _EVIDENCE]
        return frozenset(o for record in records for p, o in self.side.graph.about(record) if p == _SOURCE)


def changed_descriptions(before: Described, after: Described) -> Iterator[Change]:
    """A change for each subject of which something is stated on one side only, in no order."""
    removed: dict[str, Pairs] = {}
    added: dict[str, Pairs] = {}
    for subject in sorted(before.missing.keys() | after.missing.keys()):
        old, new = before.pairs(subject), after.pairs(subject)
        part = after.part(subject, new) if new else before.part(subject, old)
        if old and new:
            yield _changed(part, subject, subject, (before, old), (after, new))
        elif part == "associations":
            (added if new else removed)[subject] = new or old
        elif new:
            yield Change(part, "added", compress(subject), title(after.side, subject))
        else:
            yield Change(part, "removed", compress(subject), title(before.side, subject))
    yield from _changed_associations(before, removed, after, added)


def _changed_associations(
    before: Described, removed: dict[str, Pairs], after: Described, added: dict[str, Pairs]
) -> Iterator[Change]:
    """Pair associations that say the same with other qualifiers; what finds no partner was added or removed.

    An association's identifier is made of its content, so a changed qualifier gives it another one.
    """
    waiting: dict[tuple[object, ...], list[str]] = {}
    for subject, pairs in removed.items():
        waiting.setdefault(_same(before, pairs), []).append(subject)
    groups: dict[tuple[object, ...], list[str]] = {}
    for subject, pairs in added.items():
        groups.setdefault(_same(after, pairs), []).append(subject)
    for key, news in groups.items():
        olds = waiting.get(key, [])
        likeness = ((-len(removed[o] & added[n]), o, n) for o, n in product(olds, news))
        for _, old, new in sorted(likeness):
            if old in removed and new in added:
                yield _changed("associations", new, old, (before, removed.pop(old)), (after, added.pop(new)))
    for kind, described, left in (("removed", before, removed), ("added", after, added)):
        for subject, pairs in left.items():
            yield Change("associations", kind, compress(subject), _statement(described.side, pairs))


def _same(described: Described, pairs: Pairs) -> tuple[object, ...]:
    values = dict(pairs)
    return (*(values.get(name) for name in _STATEMENT), values.get(_NEGATED), described.sources(pairs))


def _changed(part: str, subject: str, was: str, old: tuple[Described, Pairs], new: tuple[Described, Pairs]) -> Change:
    (before, lost), (after, gained) = old, new
    is_association = part == "associations"
    text = _statement(after.side, gained) if is_association else title(after.side, subject)
    return Change(
        part,
        "changed",
        compress(subject),
        text,
        _spoken(before.side, lost - gained),
        _spoken(after.side, gained - lost),
        compress(was) if was != subject else "",
    )


def _statement(side: Side, pairs: Pairs) -> str:
    values = dict(pairs)
    said = labelled(
        side, (values.get(_STATEMENT[0], "?"), values.get(_STATEMENT[1], "?"), values.get(_STATEMENT[2], "?"))
    )
    return f"not: {said}" if _NEGATED in values else said


def _spoken(side: Side, pairs: Pairs) -> tuple[str, ...]:
    return tuple(sorted(f"{side.label(predicate[1:-1])}: {spoken(side, value)}" for predicate, value in pairs))
