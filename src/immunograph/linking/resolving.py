"""Identifiers and names in any form → our nodes, and what the same thing is called elsewhere; in bulk."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from immunograph.errors import ImmunographError
from immunograph.identifiers import compress, prefix_map
from immunograph.linking.name_forms import SPELLING_NOTES, medicine_of, name_forms
from immunograph.linking.word_forms import KINDS as WORDED_KINDS
from immunograph.linking.word_forms import is_alike, likely_kinds, word_bag, worded
from immunograph.names import loose_key, name_key, nearest
from immunograph.queries.names import LABEL, SYMBOL, CrossReference, NamedNode, NameIndex
from immunograph.references import Reference, is_known_prefix, not_held, references

Status = Literal["found", "ambiguous", "unknown"]

STRENGTHS = ("exact", "close", "narrow", "broad", "related")
"""How strongly an identifier of elsewhere means a node, strongest first."""

_ON_NAMES = {LABEL: "label", SYMBOL: "symbol"}
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]\s]+)[)\]]\s*$")
_SEVERAL = re.compile(r"\s*(?:[|;,/+]|\band\b)\s*")
_LAST_BRACKET = re.compile(r"\s*\([^()]*\)\s*$")
_OTHER_ORDER = "words in another order"
_SUGGESTED = 25
"""How many unknown names are given near ones; looking for them takes milliseconds each."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What one text means.

    Attributes:
        text: as given.
        status: ``found`` where it means one node, ``ambiguous`` where several, ``unknown`` where none.
        node: the node, where it means one.
        via: what matched: ``identifier``, ``cross-reference``, ``label``, ``symbol`` or ``synonym``.
        matched: the identifier (CURIE) or name that matched.
        strength: ``exact``, ``close``, ``broad``, ``narrow`` or ``related``; empty where nothing matched.
        note: what was changed to make it match, such as ``version left out``.
        candidates: the nodes it may mean, where it is ambiguous; near names where it is unknown.
        others: identifiers elsewhere of the node.
    """

    text: str
    status: Status
    node: NamedNode | None = None
    via: str = ""
    matched: str = ""
    strength: str = ""
    note: str = ""
    candidates: tuple[NamedNode, ...] = ()
    others: tuple[CrossReference, ...] = ()

    def elsewhere(self, relation: str) -> list[str]:
        """CURIEs of the identifiers elsewhere with one strength, sorted."""
        return sorted({compress(other.other) for other in self.others if other.relation == relation})


@dataclass(frozen=True, slots=True)
class _Hit:
    iri: str
    via: str
    matched: str
    strength: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What was looked up for a whole batch at once."""

    nodes: Mapping[str, NamedNode]
    referring: Mapping[str, Sequence[CrossReference]]
    exact: Mapping[str, Sequence[tuple[int, str, str]]]
    loose: Mapping[str, Sequence[tuple[int, str, str]]]
    kinds: frozenset[str]

    def fits(self, iri: str) -> bool:
        return iri in self.nodes and (not self.kinds or bool(self.kinds & set(self.nodes[iri].kinds)))


def resolve_all(
    names: NameIndex, texts: Sequence[str], *, kinds: Sequence[str] = (), prefix: str = ""
) -> list[Resolution]:
    """Resolve identifiers and names.

    An identifier is read in any form that ``references`` knows; one of ours goes before an exact cross-reference, that
    before a close one. What is no known identifier is looked up as a name: label before symbol before synonym, exact
    spelling before loose, the whole before a part.

    Args:
        names: the nodes by name.
        texts: what to resolve.
        kinds: node kinds to keep; empty for all.
        prefix: what bare numbers are identifiers of, such as ``NCBIGene``.

    Returns:
        One resolution a text, in order.

    Raises:
        ImmunographError: no database has that prefix.
    """
    if prefix and not is_known_prefix(prefix):
        near = nearest(prefix, prefix_map(), 3) or ["NCBIGene", "HGNC", "MESH"]
        raise ImmunographError(f"no known database has the prefix {prefix!r}; did you mean {', '.join(near)}?")
    answers = _resolved(names, texts, frozenset(kinds), prefix)
    answers.update(_several(names, answers, frozenset(kinds), prefix))
    unknown = [text for text, answer in answers.items() if answer.status == "unknown" and text.strip()]
    answers.update(_otherwise(names, [text for text in unknown if not not_held(text)], frozenset(kinds)))
    unknown = [text for text in unknown if answers[text].status == "unknown"]
    for text in unknown:
        why = not_held(text)
        suggested = _near(names, text, kinds) if len(unknown) <= _SUGGESTED and not why else ()
        answers[text] = Resolution(text, "unknown", note=why, candidates=suggested)
    return [answers[text] for text in texts]


def _near(names: NameIndex, text: str, kinds: Sequence[str]) -> tuple[NamedNode, ...]:
    """Nodes with names near a text, of the kinds asked for, or of those that its words speak of."""
    near = names.near(text, kinds or likely_kinds(text), 12)
    key = name_key(text)

    def likeness(node: NamedNode) -> float:
        return difflib.SequenceMatcher(None, name_key(node.matched), key, autojunk=False).ratio()

    return tuple(node for node in near if is_alike(text, node.matched, likeness(node)))[:3]


def _otherwise(names: NameIndex, unknown: Sequence[str], kinds: frozenset[str]) -> dict[str, Resolution]:
    """What unknown names mean in other words: in another order, or with a bracket that tells several apart."""
    bags: dict[frozenset[str], list[tuple[int, str, str]]] = {}
    if unknown and (not kinds or kinds & set(WORDED_KINDS)):
        for row in names.names_of(WORDED_KINDS):
            bags.setdefault(word_bag(row[2]), []).append(row)
    hits = {text: _in_other_words(names, text, bags) for text in unknown}
    iris = {row[1] for some, _ in hits.values() for row in some}
    known = _Known(names.nodes(iris), {}, {}, {}, kinds)
    found = {}
    for text, (rows, note) in hits.items():
        some = [row for row in rows if known.fits(row[1])]
        best = {
            iri: _Hit(iri, _ON_NAMES.get(rank, "synonym"), name, "close", note) for rank, iri, name in reversed(some)
        }
        if best:
            found[text] = _resolution(
                text, sorted(best.values(), key=lambda hit: hit.iri), known, names.references(best)
            )
    return found


def _in_other_words(
    names: NameIndex, text: str, bags: Mapping[frozenset[str], list[tuple[int, str, str]]]
) -> tuple[list[tuple[int, str, str]], str]:
    """The names that say the same, and how; of the first way that leads to any."""
    for form, note in ((text, ""), *worded(text)):
        bag = word_bag(form)
        rows = bags.get(bag, ()) if len(bag) > 1 or note else ()
        if rows:
            has_order = name_key(form) not in {name_key(row[2]) for row in rows}
            how = "; ".join(filter(None, (note, _OTHER_ORDER if has_order else "")))
            return [row for row in rows if row[0] == rows[0][0]], how
    key = loose_key(text)
    bracketed = [row for row in names.beginning(key) if loose_key(_LAST_BRACKET.sub("", row[2])) == key]
    return bracketed, "without what stands in brackets"


def _resolved(names: NameIndex, texts: Iterable[str], kinds: frozenset[str], prefix: str) -> dict[str, Resolution]:
    wanted = {text: _readings(text, prefix) for text in dict.fromkeys(texts)}
    known = _looked_up(names, wanted, kinds)
    hits = {text: _hits(text, readings, known) for text, readings in wanted.items()}
    found = {iri for some in hits.values() if len(some) == 1 for iri in (some[0].iri,)}
    others = names.references(found)
    return {text: _resolution(text, some, known, others) for text, some in hits.items()}


def _several(
    names: NameIndex, answers: Mapping[str, Resolution], kinds: frozenset[str], prefix: str
) -> dict[str, Resolution]:
    """What unknown texts mean that hold several identifiers or names, such as ``IL6; IL6R``.

    At ``|`` and ``;`` every part counts for itself; at ``,``, ``/`` and ``+``, which names have too, all must be known.
    """
    parts = {
        text: [part for part in map(str.strip, _SEVERAL.split(text)) if part]
        for text, answer in answers.items()
        if answer.status == "unknown" and _SEVERAL.search(text)
    }
    known = _resolved(names, (part for some in parts.values() for part in some), kinds, prefix)
    found = {}
    for text, some in parts.items():
        meant = {known[part].node: known[part] for part in some if known[part].node}
        left = [part for part in some if known[part].node is None]
        if meant and len(some) > 1 and (not left or re.search(r"[|;]", text)):
            note = "several in one" + (f"; unknown or ambiguous: {', '.join(left)}" if left else "")
            found[text] = _joined(text, list(meant.values()), note)
    return found


def _joined(text: str, meant: Sequence[Resolution], note: str) -> Resolution:
    first = replace(meant[0], text=text, note=note)
    if len(meant) == 1:
        return first
    nodes = tuple(one.node for one in meant if one.node)
    return replace(first, status="ambiguous", node=None, candidates=nodes, others=())


def _readings(text: str, prefix: str) -> tuple[Reference, ...]:
    plain = text.strip()
    if prefix and re.fullmatch(r"\d+(?:\.0+)?", plain):
        return references(f"{prefix}:{plain.partition('.')[0]}")
    found = references(plain)
    if not found and (inside := _IN_BRACKETS.search(plain)):
        return references(inside[1])
    return found


def _looked_up(names: NameIndex, wanted: Mapping[str, Sequence[Reference]], kinds: frozenset[str]) -> _Known:
    iris = {reference.iri for readings in wanted.values() for reference in readings}
    nodes = names.nodes(iris)
    referring = names.referring(iris)
    unread = [
        text for text, some in wanted.items() if not any(one.iri in nodes or one.iri in referring for one in some)
    ]
    forms = [form for text in unread for form, _ in name_forms(text)]
    forms += [medicine for text in unread if (medicine := medicine_of(text))]
    exact = names.named(key for form in forms if (key := name_key(form)))
    loose = names.named((key for form in forms if (key := loose_key(form))), is_loose=True)
    more = {one.iri for some in referring.values() for one in some}
    more.update(iri for table in (exact, loose) for some in table.values() for _, iri, _ in some)
    return _Known({**nodes, **names.nodes(more)}, referring, exact, loose, kinds)


def _hits(text: str, readings: Sequence[Reference], known: _Known) -> list[_Hit]:
    """The best hits; several only where they are equally good."""
    for reference in readings:
        if known.fits(reference.iri):
            strength = "broad" if reference.note.startswith("isoform") else "exact"
            return [_Hit(reference.iri, "identifier", compress(reference.iri), strength, reference.note)]
    crossed = [
        (one, reference)
        for reference in readings
        for one in known.referring.get(reference.iri, ())
        if known.fits(one.iri)
    ]
    for strength in STRENGTHS:
        some = {
            one.iri: _Hit(one.iri, "cross-reference", compress(one.other), strength, reference.note)
            for one, reference in crossed
            if one.relation == strength
        }
        if some:
            return list(some.values())
    return next(_by_name(text, known), [])


def _by_name(text: str, known: _Known) -> Iterator[list[_Hit]]:
    for form, note in name_forms(text):
        for table, key, is_loose in ((known.exact, name_key(form), False), (known.loose, loose_key(form), True)):
            rows = [row for row in table.get(key, ()) if known.fits(row[1])] if key else []
            best = {iri: (rank, name) for rank, iri, name in reversed(_best(rows, known))}
            if best:
                best |= _medicines(text, rows, known)
                strength = "close" if note and note not in SPELLING_NOTES else "exact"
                how = "; ".join(filter(None, (note, "loose spelling" if is_loose else "")))
                yield [
                    _Hit(iri, _ON_NAMES.get(rank, "synonym"), name, strength, how)
                    for iri, (rank, name) in sorted(best.items())
                ]


def _medicines(text: str, rows: Sequence[tuple[int, str, str]], known: _Known) -> dict[str, tuple[int, str]]:
    """The medicine that a text means beside the protein: ``IFNα2b`` is a synonym of the one and short for the other."""
    medicine = medicine_of(text) if rows[0][0] != LABEL else ""
    found = known.exact.get(name_key(medicine), ()) if medicine else ()
    return {iri: (rank, name) for rank, iri, name in found if rank == LABEL and known.fits(iri)}


def _best(rows: Sequence[tuple[int, str, str]], known: _Known) -> list[tuple[int, str, str]]:
    """The rows of the best rank; where that is the label of a family of genes, an abbreviation, also what is no target.

    ``ESR`` is a family of receptors, and a measure.
    """
    families = prefix_map()["FPLX"]
    top = [row for row in rows if row[0] == rows[0][0]]
    if top and all(iri.startswith(families) for _, iri, _ in top):
        top += [row for row in rows if row[0] != rows[0][0] and "Target" not in known.nodes[row[1]].kinds]
    return top


def _resolution(
    text: str, hits: Sequence[_Hit], known: _Known, others: Mapping[str, Sequence[CrossReference]]
) -> Resolution:
    if not hits:
        return Resolution(text, "unknown")
    first = hits[0]
    if len(hits) > 1:
        candidates = tuple(known.nodes[hit.iri] for hit in hits)
        return Resolution(text, "ambiguous", None, first.via, first.matched, first.strength, first.note, candidates)
    return Resolution(
        text,
        "found",
        known.nodes[first.iri],
        first.via,
        first.matched,
        first.strength,
        first.note,
        others=tuple(others.get(first.iri, ())),
    )


RESOLUTION_COLUMNS = (
    "input", "status", "node", "label", "kinds", "via", "matched", "strength", "note",
    "exact", "close", "broad", "narrow", "candidates",
)  # fmt: skip


def resolution_row(found: Resolution) -> tuple[str | None, ...]:
    """One resolution as a row of ``RESOLUTION_COLUMNS``; several values in a cell are joined."""
    node = found.node
    return (
        found.text,
        found.status,
        node.curie if node else None,
        node.label if node else None,
        " ".join(node.kinds) if node else None,
        found.via or None,
        found.matched or None,
        found.strength or None,
        found.note or None,
        *(" ".join(found.elsewhere(relation)) or None for relation in ("exact", "close", "broad", "narrow")),
        "; ".join(map(str, found.candidates)) or None,
    )


def read_texts(lines: Iterable[str]) -> list[str]:
    """The identifiers or names of a file, one a line; empty lines and ``#`` comments are passed over."""
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
