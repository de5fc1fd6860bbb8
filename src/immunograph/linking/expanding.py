"""Another ontology's hierarchy around the nodes in use, as a source of its own that can be removed again."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from immunograph.errors import ImmunographError
from immunograph.identifiers import compress, is_iri
from immunograph.linking.held import CLASSED, HIERARCHIES, HeldNode, held_nodes
from immunograph.linking.joining import CROSS_REFERENCED, MATCHED, Joints, join
from immunograph.model import Block, Iri, Literal, Pair, Source, blocks, text, true
from immunograph.names import loose_key, name_key
from immunograph.sources.importer import checksum
from immunograph.sources.ontologies import OntologyTerm, Release, read_release
from immunograph.store.graph import Graph
from immunograph.turtle import write_turtle
from immunograph.vocabulary import (
    DCTERMS,
    DCTERMS_SOURCE,
    IG,
    IGS,
    RDF_TYPE,
    RDFS_LABEL,
    SKOS_ALT_LABEL,
    SKOS_CLOSE_MATCH,
    SKOS_EXACT_MATCH,
)

NO_LICENCE = "http://spdx.org/rdf/terms#noassertion"
"""SPDX's word for a licence that nobody stated."""

_OWL = "http://www.w3.org/2002/07/owl#"
_SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"


@dataclass(slots=True)
class Slice:
    """The part of an ontology that lies around our nodes.

    Attributes:
        slug: name of its folder and named graph.
        joints: which terms are nodes of ours.
        kinds: IRI of each term kept that is no node of ours → its kind.
        broader: (narrower, broader) pairs of IRIs that are added.
        left_out: links that were not added, with the reason.
    """

    slug: str
    joints: Joints
    kinds: dict[str, str] = field(default_factory=dict)
    broader: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[tuple[str, str, str]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How much was joined, kept and added."""
        ways = Counter(joint.how for joint in self.joints.joined.values())
        return {
            "terms that are nodes": sum(ways.values()),
            "joined by identifier": ways[0],
            "joined by stated matches": ways[1] + ways[2],
            "joined by cross-reference": ways[3],
            "joined by label": ways[4],
            "new terms": len(self.kinds),
            "new links": len(self.broader),
            "links left out": len(self.left_out),
            "doubtful": len(self.joints.doubtful),
        }


def slug_of(release: Release) -> str:
    """The name of a release's slice: ``linked-`` and the ontology's or the file's name."""
    name = release.path.name.split(".")[0]
    return "linked-" + (re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "ontology")


def slice_of(release: Release, nodes: Mapping[str, HeldNode], slug: str, below: int = 0) -> Slice:
    """Cut out what lies above our nodes, and so many steps below them.

    A link that would close a circle, or that would put things of two kinds under one another, is left out and listed.

    Args:
        release: the ontology.
        nodes: our nodes.
        slug: name of the slice.
        below: how many steps below our nodes to go.

    Raises:
        ImmunographError: no term of the ontology is a node of ours.
    """
    joints = join(release, nodes)
    if not joints.joined:
        raise ImmunographError(
            f"{release.path}: none of its {len(release.terms)} terms is a node here: no identifier, exact match, "
            "cross-reference or label is shared; add cross-references to it (docs/linking.md)"
        )
    found = Slice(slug, joints)
    kept = _kept(release, joints, nodes, below)
    kinds = _kinds(kept, release, joints, nodes)
    found.kinds = {iri: kind for iri, kind in kinds.items() if iri not in joints.joined}
    _add_links(found, release, kinds, nodes)
    linked = {end for pair in found.broader for end in pair}
    found.kinds = {iri: kind for iri, kind in found.kinds.items() if iri in linked}
    return found


def _current(release: Release, iri: str) -> str:
    """A term that is not obsolete: the term itself, or what the ontology states in its place; else empty."""
    seen: set[str] = set()
    while iri not in seen:
        seen.add(iri)
        term = release.terms.get(iri)
        if term and not term.is_deprecated:
            return iri if is_iri(iri) else ""
        iri = term.replaced_by if term else ""
    return ""


def _kept(release: Release, joints: Joints, nodes: Mapping[str, HeldNode], below: int) -> set[str]:
    usable = {*HIERARCHIES, CLASSED}
    start = [term for term, joint in joints.joined.items() if nodes[joint.node].kind in usable]
    kept: set[str] = set()
    waiting = deque(iri for term in start if (iri := _current(release, term)))
    while waiting:
        iri = waiting.popleft()
        if iri not in kept:
            kept.add(iri)
            waiting.extend(up for parent in release.terms[iri].parents if (up := _current(release, parent)))
    return kept | _below(release, start, below)


def _below(release: Release, start: Iterable[str], steps: int) -> set[str]:
    children: dict[str, list[str]] = {}
    for term in release.terms.values() if steps else ():
        if not term.is_deprecated and is_iri(term.iri):
            for parent in term.parents:
                children.setdefault(parent, []).append(term.iri)
    found: set[str] = set()
    layer = set(start)
    for _ in range(steps):
        layer = {child for iri in layer for child in children.get(iri, ())} - found
        found |= layer
    return found


def _kinds(kept: set[str], release: Release, joints: Joints, nodes: Mapping[str, HeldNode]) -> dict[str, str]:
    """The kind of each term kept: that of the nodes below it, or above it; terms over several kinds are left out."""
    found: dict[str, set[str]] = {}
    sure = {iri: nodes[joints.joined[iri].node].kind for iri in kept if iri in joints.joined}
    for start, kind in sure.items():
        waiting = [start]
        while waiting:
            iri = waiting.pop()
            if kind not in found.setdefault(iri, set()):
                found[iri].add(kind)
                parents = (_current(release, parent) for parent in release.terms[iri].parents)
                waiting.extend(up for up in parents if up in kept and up not in sure)
    for iri in sorted(kept - found.keys()):
        found[iri] = {kind for up in _above(iri, release) if (kind := sure.get(up, ""))}
    single = {iri: next(iter(kinds)) for iri, kinds in found.items() if len(kinds) == 1}
    return {iri: kind for iri, kind in {**single, **sure}.items() if kind in {*HIERARCHIES, CLASSED}}


def _above(iri: str, release: Release) -> Iterator[str]:
    seen, waiting = set[str](), [iri]
    while waiting:
        at = waiting.pop()
        if at and at not in seen:
            seen.add(at)
            yield at
            waiting.extend(_current(release, parent) for parent in release.terms[at].parents)


def _add_links(found: Slice, release: Release, kinds: Mapping[str, str], nodes: Mapping[str, HeldNode]) -> None:
    parents = {iri: set(node.broader) for iri, node in nodes.items()}
    ours = {term: joint.node for term, joint in found.joints.joined.items()}
    for iri in sorted(kinds):
        for parent in release.terms[iri].parents:
            up = _current(release, parent)
            narrow, broad = ours.get(iri, iri), ours.get(up, up)
            if not up or narrow == broad or broad in parents.get(narrow, ()):
                continue
            reason = _objection(kinds.get(iri, ""), kinds.get(up, ""), narrow, broad, parents)
            if reason:
                found.left_out.append((narrow, broad, reason))
            elif reason is None:
                parents.setdefault(narrow, set()).add(broad)
                found.broader.append((narrow, broad))


def _objection(kind: str, upper: str, narrow: str, broad: str, parents: Mapping[str, set[str]]) -> str | None:
    """Why a link is not added; empty where it needs no mention, None where it is added."""
    if not upper:
        return ""
    if kind != upper:
        return f"a {kind} under a {upper}"
    if narrow in set(_ancestors(broad, parents)):
        return "would close a circle"
    return None


def _ancestors(iri: str, parents: Mapping[str, set[str]]) -> Iterator[str]:
    seen, waiting = set[str](), [iri]
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            yield at
            waiting.extend(parents.get(at, ()))


def slice_blocks(found: Slice, release: Release, nodes: Mapping[str, HeldNode]) -> list[Block]:
    """The slice as Turtle blocks: new terms, links, names and matches of our nodes, and what became obsolete."""
    pairs: dict[str, list[Pair]] = {}
    source: Pair = (DCTERMS_SOURCE, Iri(IGS + found.slug))
    labels = _labels(found, release, nodes)
    for iri, kind in found.kinds.items():
        pairs[iri] = [*_new_term(release.terms[iri], kind, labels[iri]), source]
    broader: dict[str, set[str]] = {}
    for narrow, broad in found.broader:
        broader.setdefault(narrow, set()).add(broad)
    for narrow, ups in broader.items():
        kind = found.kinds.get(narrow) or nodes[narrow].kind
        if kind != CLASSED:
            pairs.setdefault(narrow, []).extend((IG + "broader", Iri(up)) for up in ups)
        elif narrow in found.kinds:
            pairs[narrow].extend((_SUBCLASS, Iri(up)) for up in ups)
        else:
            classes = {up for up in _ancestors(narrow, broader) if up in found.kinds}
            pairs.setdefault(narrow, []).extend((RDF_TYPE, Iri(one)) for one in classes)
    for term, joint in found.joints.joined.items():
        if added := list(_added(release.terms[term], nodes[joint.node], joint.how)):
            pairs.setdefault(joint.node, []).extend([*added, source])
    for iri, more in _obsolete(release, nodes):
        pairs.setdefault(iri, []).extend(more)
    return [Block(iri, tuple(some)) for iri, some in pairs.items() if some]


def _labels(found: Slice, release: Release, nodes: Mapping[str, HeldNode]) -> dict[str, str]:
    """A label for each new term that no node of its kind has."""
    taken = {(node.kind, node.label.casefold()) for node in nodes.values()}
    labels: dict[str, str] = {}
    for iri, kind in sorted(found.kinds.items()):
        label = release.terms[iri].name
        if (kind, label.casefold()) in taken:
            label = f"{label} ({compress(iri).rpartition('/')[2].rpartition('#')[2]})"
        taken.add((kind, label.casefold()))
        labels[iri] = label
    return labels


def _new_term(term: OntologyTerm, kind: str, label: str) -> Iterator[Pair]:
    if kind == CLASSED:
        yield RDF_TYPE, Iri(_OWL + "Class")
        yield RDF_TYPE, Iri(IG + "ModulatorClass")
        yield _SUBCLASS, Iri(IG + CLASSED)
    else:
        yield RDF_TYPE, Iri(IG + kind)
    yield RDF_TYPE, Iri(IG + "LinkedTerm")
    yield RDFS_LABEL, text(label)
    for name in {*term.synonyms, *((term.name,) if label != term.name else ())} - {label}:
        yield SKOS_ALT_LABEL, text(name)
    for name, language in term.foreign:
        yield SKOS_ALT_LABEL, Literal(name, language=language)


def _added(term: OntologyTerm, node: HeldNode, how: int) -> Iterator[Pair]:
    known = {name_key(name) for name in (node.label, *node.names)}
    foreign = dict(term.foreign)
    for name in (term.label, *term.synonyms, *foreign):
        if name and name_key(name) not in known:
            known.add(name_key(name))
            yield SKOS_ALT_LABEL, Literal(name, language=foreign[name]) if name in foreign else text(name)
    if how > MATCHED and term.iri not in node.exact:
        agrees = how != CROSS_REFERENCED or loose_key(term.name) in {loose_key(n) for n in (node.label, *node.names)}
        yield SKOS_EXACT_MATCH if agrees else SKOS_CLOSE_MATCH, Iri(term.iri)


def _obsolete(release: Release, nodes: Mapping[str, HeldNode]) -> Iterator[tuple[str, list[Pair]]]:
    """What the release has retired of the identifiers that our nodes have."""
    used = {iri for node in nodes.values() for iri in (node.iri, *node.exact, *node.close)}
    for iri in sorted(used & release.terms.keys()):
        term = release.terms[iri]
        if term.is_deprecated:
            successor = [(DCTERMS + "isReplacedBy", Iri(term.replaced_by))] if is_iri(term.replaced_by) else []
            yield iri, [(_OWL + "deprecated", true()), *successor]


def source_block(release: Release, slug: str, checksum: str, command: str, licence: str = "") -> Block:
    """The description of a slice as a source: the release's version IRI, licence and checksum.

    Raises:
        ImmunographError: the licence is no IRI.
    """
    header = release.header
    stated = licence or (header.licence if "://" in header.licence else "")
    if stated and not is_iri(stated):
        raise ImmunographError(
            f"{stated!r} is no licence IRI; give one such as https://creativecommons.org/licenses/by/4.0/"
        )
    page = next((iri for iri in (header.version_iri, header.iri) if is_iri(iri)), release.path.absolute().as_uri())
    source = Source(
        slug=slug,
        title=f"{header.title or release.path.name.split('.')[0]}: the hierarchy around the nodes in use",
        licence=stated or NO_LICENCE,
        publisher=header.title or header.iri or release.path.name,
        address=page,
        version=header.version_iri or release.version,
        checksums=(checksum,),
        is_share_alike="by-sa" in stated,
        command=command,
        comment="" if stated else "The file states no licence.",
    )
    return blocks(source)


SLICE_FILE, SOURCE_FILE = "hierarchy.ttl", "source.ttl"
_COMMAND = "immunograph link expand"


def attach(
    release: Release, found: Slice, nodes: Mapping[str, HeldNode], out: Path, *, command: str, licence: str = ""
) -> int:
    """Write a slice into a folder of data, in the place of an earlier one.

    Returns:
        The number of blocks written.

    Raises:
        ExportError: the folder cannot be written.
        ImmunographError: the folder holds something else, or the licence is no IRI.
    """
    if out.exists() and any(out.iterdir()) and not is_slice(out):
        raise ImmunographError(f"{out}: holds data that no `link expand` wrote; choose another --name")
    said = source_block(release, found.slug, checksum(release.path), f"{_COMMAND} {command}", licence)
    written = write_turtle(slice_blocks(found, release, nodes), out / SLICE_FILE)
    write_turtle([said], out / SOURCE_FILE)
    return written


def expand(graph: Graph, ontology: Path, out: Path, *, below: int = 0, licence: str = "") -> Slice:
    """Read a release, cut its slice around the nodes of a graph, and write it into a folder named like the slice.

    Raises:
        LoadError: the file cannot be read; otherwise as ``slice_of`` and ``attach``.
    """
    release = read_release(ontology)
    nodes = held_nodes(graph, without=out.name)
    found = slice_of(release, nodes, out.name, below)
    command = f"--ontology {ontology.name} --name {out.name}" + (f" --below {below}" if below else "")
    attach(release, found, nodes, out, command=command, licence=licence)
    return found


def detach(out: Path) -> None:
    """Remove a slice.

    Raises:
        ImmunographError: the folder is no slice, or cannot be removed.
    """
    if not is_slice(out):
        raise ImmunographError(f"{out}: is no slice of an ontology; `link expand` writes them")
    try:
        for name in (SLICE_FILE, SOURCE_FILE):
            (out / name).unlink(missing_ok=True)
        out.rmdir()
    except OSError as error:
        raise ImmunographError(f"{out}: cannot be removed ({error.strerror}); check the rights") from error


def is_slice(folder: Path) -> bool:
    """Whether a folder of data was written by ``attach``."""
    said = folder / SOURCE_FILE
    return said.is_file() and f'"{_COMMAND} ' in said.read_text(encoding="utf-8")
