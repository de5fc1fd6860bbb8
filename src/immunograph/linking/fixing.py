"""Replacements that an ontology states → the Turtle of ``data/``, rewritten in house form."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from immunograph.identifiers import compress, turtle_name
from immunograph.linking.checking import Finding
from immunograph.model import Association, Block, Iri, Pair, Term, text
from immunograph.store.reading import data_files, read_blocks
from immunograph.turtle import ordered_block, turtle_text, write_atomically
from immunograph.vocabulary import (
    IG,
    IGA,
    NODE_KINDS,
    RDF_TYPE,
    RDFS_LABEL,
    SKOS_ALT_LABEL,
    SKOS_EXACT_MATCH,
)

_NODE_TYPES = {Iri(IG + kind) for kind in NODE_KINDS}
_LINKS = {IG + "broader", SKOS_EXACT_MATCH, "http://www.w3.org/2004/02/skos/core#closeMatch"}
_CORE = {RDF_TYPE, IG + "subject", IG + "predicate", IG + "object", IG + "hasEvidence"}


@dataclass(slots=True)
class Patch:
    """What is to be rewritten.

    Attributes:
        root: the folder that the data folder lies in; the diff names files from there.
        texts: file → its text before and after.
        replaced: identifier → what takes its place.
        left: identifiers that were left as they are, with the reason.
        sheets: places in curation sheets that name a replaced identifier or its label; these are edited by hand.
    """

    root: Path
    texts: dict[Path, tuple[str, str]] = field(default_factory=dict)
    replaced: dict[str, str] = field(default_factory=dict)
    left: list[tuple[str, str]] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)

    def as_diff(self) -> str:
        """The patch in unified form."""
        lines: list[str] = []
        for path, (before, after) in sorted(self.texts.items()):
            lines += difflib.unified_diff(
                before.splitlines(keepends=True),
                after.splitlines(keepends=True),
                f"a/{path.relative_to(self.root)}",
                f"b/{path.relative_to(self.root)}",
                n=2,
            )
        return "".join(lines)

    def apply(self) -> None:
        """Write the files.

        Raises:
            ExportError: a file cannot be written.
        """
        for path, (_, after) in sorted(self.texts.items()):
            write_atomically(path, after)


@dataclass(frozen=True, slots=True)
class _New:
    iri: str
    label: str


def patch_of(findings: Iterable[Finding], labels: Mapping[str, str], data: Path) -> Patch:
    """Work out what the stated replacements change; nothing is written.

    An identifier is replaced only where a release states one live term in its place. A node that takes the identifier
    of another node becomes part of it; associations get the IRI that their new content has, and those that say the same
    then are united.

    Args:
        findings: what ``check`` found.
        labels: IRI → label in the releases.
        data: the folder of Turtle.

    Raises:
        LoadError: a file does not parse.
    """
    patch = Patch(data.parent)
    files = data_files(data)
    read = {path: read_blocks(path) for path in files}
    described = {b.subject for blocks in read.values() for b in blocks if _is_description(b)}
    new = dict(_wanted(findings, labels, _matches(read.values()), patch))
    if not new:
        return patch
    patch.replaced = {old: one.iri for old, one in new.items()}
    moved = _moved_associations(read, data, patch.replaced)
    changed = {*new, *moved}
    for path, blocks in read.items():
        if any(block.subject in changed or any(t.value in changed for _, t in block.pairs) for block in blocks):
            after = turtle_text(ordered_block(b) for b in _rewritten(blocks, new, moved, described))
            before = path.read_text(encoding="utf-8")
            if after != before:
                patch.texts[path] = before, after
    patch.sheets = list(_named_in_sheets(data, new, read))
    return patch


def _wanted(
    findings: Iterable[Finding], labels: Mapping[str, str], matches: dict[str, set[str]], patch: Patch
) -> Iterator[tuple[str, _New]]:
    for one in findings:
        if one.status not in {"obsolete", "merged"}:
            continue
        if not one.replacement:
            patch.left.append((one.iri, "the release states nothing in its place"))
        elif one.role == "exact" and matches.get(one.replacement, set()) - {one.node}:
            patch.left.append((one.iri, f"{compress(one.replacement)} is matched by another node already"))
        else:
            matches.setdefault(one.replacement, set()).update({one.node} if one.role == "exact" else ())
            yield one.iri, _New(one.replacement, labels.get(one.replacement, ""))


def _matches(read: Iterable[Sequence[Block]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for blocks in read:
        for block in blocks:
            for predicate, term in block.pairs:
                if predicate == SKOS_EXACT_MATCH:
                    found.setdefault(term.value, set()).add(block.subject)
    return found


def _is_description(block: Block) -> bool:
    return any(predicate == RDF_TYPE and term in _NODE_TYPES for predicate, term in block.pairs)


def _moved_associations(
    read: Mapping[Path, Sequence[Block]], data: Path, replaced: Mapping[str, str]
) -> dict[str, str]:
    """IRI of each association whose content changes → the IRI of its new content.

    Only where the old IRI is that of the old content, so that no IRI made in another way is touched. An association
    that names another moved one (``ig:mediatedBy``) moves, too; that is followed until nothing moves.
    """
    moved: dict[str, str] = {}
    while True:
        known = {**replaced, **moved}
        more = {}
        for path, blocks in read.items():
            source = path.relative_to(data).parts[0]
            for block in blocks:
                if not block.subject.startswith(IGA) or not any(t.value in known for _, t in block.pairs):
                    continue
                before = _association_iri(block.pairs, source)
                after = _association_iri(tuple((p, _swapped(t, known)) for p, t in block.pairs), source)
                if before == block.subject and after != moved.get(block.subject):
                    more[block.subject] = after
        if not more:
            return moved
        moved |= more


def _association_iri(pairs: Sequence[Pair], source: str) -> str:
    values = {predicate: term.value for predicate, term in pairs}
    if not values.keys() >= {IG + "subject", IG + "predicate", IG + "object"}:
        return ""
    return Association(
        source=source,
        subject=values[IG + "subject"],
        predicate=values[IG + "predicate"].removeprefix(IG),
        object=values[IG + "object"],
        evidence=(),
        qualifiers=tuple((p.removeprefix(IG), t) for p, t in pairs if p not in _CORE),
    ).iri


def _rewritten(
    blocks: Sequence[Block], new: Mapping[str, _New], moved: Mapping[str, str], described: set[str]
) -> Iterator[Block]:
    """The blocks of a file with every identifier replaced, those of one subject united."""
    swap = {**{old: one.iri for old, one in new.items()}, **moved}
    united: dict[str, list[Pair]] = {}
    for block in blocks:
        subject = swap.get(block.subject, block.subject)
        pairs = [(p, _swapped(t, swap)) for p, t in block.pairs]
        if block.subject in new and _is_description(block):
            pairs = list(_relabelled(pairs, new[block.subject], subject in described))
        kept = [(p, t) for p, t in pairs if not (p in _LINKS and t.value == subject)]
        united.setdefault(subject, []).extend(pair for pair in kept if pair not in united.get(subject, ()))
    return (Block(subject, tuple(pairs)) for subject, pairs in united.items())


def _relabelled(pairs: Iterable[Pair], new: _New, is_described: bool) -> Iterator[Pair]:
    """A node's pairs with the label that the release gives; the old one stays as a synonym."""
    for predicate, term in pairs:
        if predicate == RDFS_LABEL and new.label and term.value != new.label:
            yield SKOS_ALT_LABEL, term
        elif predicate != RDFS_LABEL and not (predicate == SKOS_ALT_LABEL and term.value == new.label):
            yield predicate, term
    if not is_described and new.label:
        yield RDFS_LABEL, text(new.label)


def _swapped(term: Term, swap: Mapping[str, str]) -> Term:
    return Iri(swap[term.value]) if isinstance(term, Iri) and term.value in swap else term


def _named_in_sheets(data: Path, new: Mapping[str, _New], read: Mapping[Path, Sequence[Block]]) -> Iterator[str]:
    names = {compress(old): compress(one.iri) for old, one in new.items()}
    for blocks in read.values():
        for block in blocks:
            if block.subject in new:
                for predicate, term in block.pairs:
                    if predicate == RDFS_LABEL:
                        names[term.value] = new[block.subject].label or turtle_name(new[block.subject].iri)
    for sheet in sorted(data.rglob("*.y*ml")):
        for number, line in enumerate(sheet.read_text(encoding="utf-8").splitlines(), 1):
            for name, current in names.items():
                if name in line:
                    yield f"{sheet}:{number}: {name} is now {current}"
