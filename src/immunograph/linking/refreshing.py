"""A release → the data brought up to it: stated replacements, labels, names and hierarchy of the nodes in use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from immunograph.linking.checking import own_prefixes
from immunograph.model import Block, Iri, Pair, text
from immunograph.names import name_key
from immunograph.sources.ontologies import OntologyTerm, Release
from immunograph.store.reading import data_files, read_blocks
from immunograph.turtle import ordered_block, turtle_text
from immunograph.vocabulary import IG, NODE_KINDS, RDF_TYPE, RDFS_LABEL, SKOS_ALT_LABEL

_BROADER = IG + "broader"
_KINDS = {Iri(IG + kind) for kind in NODE_KINDS}


def refreshed(release: Release, data: Path) -> dict[Path, tuple[str, str]]:
    """What a release changes in the data, once obsolete identifiers are replaced.

    Of each node whose identifier is the release's own and current: the label becomes the release's, the old one stays
    as a name; exact synonyms are added; the parents become the nearest nodes above it in the release, those of other
    ontologies staying as they are.

    Returns:
        File → its text before and after; only files that change.

    Raises:
        LoadError: a file does not parse.
    """
    mine = own_prefixes(release)
    read = {path: read_blocks(path) for path in data_files(data)}
    kinds = {
        block.subject: next(term.value for predicate, term in block.pairs if predicate == RDF_TYPE and term in _KINDS)
        for blocks in read.values()
        for block in blocks
        if any(predicate == RDF_TYPE and term in _KINDS for predicate, term in block.pairs)
    }
    changed: dict[Path, tuple[str, str]] = {}
    for path, blocks in read.items():
        after = [_refreshed(block, release, mine, kinds) for block in blocks]
        if after != blocks:
            written = turtle_text(ordered_block(block) for block in after)
            before = path.read_text(encoding="utf-8")
            if written != before:
                changed[path] = before, written
    return changed


def _refreshed(block: Block, release: Release, mine: set[str], kinds: Mapping[str, str]) -> Block:
    term = release.terms.get(block.subject)
    is_own = block.subject.startswith(tuple(mine)) and any(p == RDFS_LABEL for p, _ in block.pairs)
    if term is None or not is_own or term.is_deprecated or not term.label or block.subject not in kinds:
        return block
    pairs = [*_named(block.pairs, term), *_placed(block, term, release, mine, kinds)]
    return block if set(pairs) == set(block.pairs) else Block(block.subject, tuple(pairs))


def _named(pairs: Sequence[Pair], term: OntologyTerm) -> Iterator[Pair]:
    known = {name_key(one.value) for predicate, one in pairs if predicate in {RDFS_LABEL, SKOS_ALT_LABEL}}
    for predicate, one in pairs:
        if predicate == RDFS_LABEL and one.value != term.label:
            yield RDFS_LABEL, text(term.label)
            yield SKOS_ALT_LABEL, one
        elif predicate != _BROADER and not (predicate == SKOS_ALT_LABEL and one.value == term.label):
            yield predicate, one
    for name in term.synonyms:
        if name_key(name) not in known and name_key(name) != name_key(term.label):
            known.add(name_key(name))
            yield SKOS_ALT_LABEL, text(name)


def _placed(
    block: Block, term: OntologyTerm, release: Release, mine: Iterable[str], kinds: Mapping[str, str]
) -> Iterator[Pair]:
    own = tuple(mine)
    for predicate, one in block.pairs:
        if predicate == _BROADER and not (one.value.startswith(own) and one.value in release.terms):
            yield predicate, one
    for parent in sorted(_nearest(term, release, kinds, kinds[block.subject])):
        yield _BROADER, Iri(parent)


def _nearest(term: OntologyTerm, release: Release, kinds: Mapping[str, str], kind: str) -> set[str]:
    """The nodes of a kind that are nearest above a term, over terms that are no nodes."""
    found, seen = set[str](), {term.iri}
    waiting = list(term.parents)
    while waiting:
        iri = waiting.pop()
        if iri in seen:
            continue
        seen.add(iri)
        above = release.terms.get(iri)
        if kinds.get(iri) == kind:
            found.add(iri)
        elif above is not None:
            waiting.extend((above.replaced_by,) if above.is_deprecated and above.replaced_by else above.parents)
    return found
