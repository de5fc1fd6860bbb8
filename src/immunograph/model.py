"""Frozen records of what the graph holds: terms, nodes, associations, evidence and sources.

Records carry full IRIs. ``blocks`` turns each into the triples of one Turtle block.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from immunograph.vocabulary import (
    DCAT_DATASET,
    DCTERMS,
    DCTERMS_IDENTIFIER,
    DCTERMS_SOURCE,
    DCTERMS_TITLE,
    IG,
    IGA,
    IGE,
    IGS,
    KIND_OF_PREDICATE,
    PAV_VERSION,
    RDF_TYPE,
    RDFS_LABEL,
    SKOS_ALT_LABEL,
    SKOS_CLOSE_MATCH,
    SKOS_EXACT_MATCH,
    SPDX_CHECKSUM,
    XSD,
)


@dataclass(frozen=True, slots=True, order=True)
class Iri:
    """An IRI as the object of a triple."""

    value: str


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A literal: its text, and its datatype IRI or its language."""

    value: str
    datatype: str = ""
    language: str = ""


Term = Iri | Literal
Pair = tuple[str, Term]


@dataclass(frozen=True, slots=True)
class Block:
    """One subject with its predicates and objects, in the order to be written."""

    subject: str
    pairs: tuple[Pair, ...]


def text(value: str) -> Literal:
    """An English text."""
    return Literal(value, language="en")


def plain(value: str) -> Literal:
    """A text without language."""
    return Literal(value)


def true() -> Literal:
    """The boolean ``true``."""
    return Literal("true", XSD + "boolean")


def decimal(value: Decimal | str | float) -> Literal:
    """A decimal in canonical form (``12.5``, ``3.0``)."""
    shown = format(Decimal(str(value)).normalize(), "f")
    return Literal(shown if "." in shown else shown + ".0", XSD + "decimal")


def integer(value: int) -> Literal:
    """An integer."""
    return Literal(str(value), XSD + "integer")


def year(value: int) -> Literal:
    """A calendar year."""
    return Literal(f"{value:04d}", XSD + "gYear")


def day(value: date) -> Literal:
    """A calendar day."""
    return Literal(value.isoformat(), XSD + "date")


@dataclass(frozen=True, slots=True)
class Node:
    """A modulator, target, cell type, pathway, process, condition, measure, combination or regulator.

    Attributes:
        iri: its frozen IRI.
        types: local names of ``ig:`` classes: the kind and every finer type that is stated.
        label: its one label, in English.
        sources: IRIs of the datasets that label and cross-references were taken from.
        synonyms: other names, brand names, gene symbols.
        exact: IRIs of the same thing elsewhere.
        close: IRIs of nearly the same thing elsewhere.
        broader: IRIs of its direct parents, for kinds with a hierarchy.
        extra: further (predicate IRI, term) pairs, such as a gene symbol.
    """

    iri: str
    types: tuple[str, ...]
    label: str
    sources: tuple[str, ...]
    synonyms: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    extra: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One record of one source.

    Attributes:
        source: slug of the source (``chembl``).
        record: the record's own identifier, unique within the source.
        evidence_type: local part of an ECO term (``0000322``).
        title: what a reader would call it.
        address: a URL where it can be read.
        references: IRIs of papers.
        section: section of a label or page.
        consulted: the day it was read by a person.
        rechecked: the day a second reader compared every statement that cites it with it.
        document_type: local name of an ``ig:DocumentType`` individual (``ProductLabel``, ``Guideline`` ...).
    """

    source: str
    record: str
    evidence_type: str
    title: str = ""
    address: str = ""
    references: tuple[str, ...] = ()
    section: str = ""
    consulted: date | None = None
    rechecked: date | None = None
    document_type: str = "DatabaseRecord"

    @property
    def iri(self) -> str:
        """Its IRI, from source, record and section."""
        return f"{IGE}{self.source}-{digest(f'{self.source}|{self.record}|{self.section}')}"


@dataclass(frozen=True, slots=True)
class Association:
    """A named statement with its qualifiers and evidence.

    Attributes:
        source: slug of the source that says so.
        subject: IRI.
        predicate: local name of an ``ig:`` predicate.
        object: IRI.
        qualifiers: (local name of an ``ig:`` property, term) pairs, negation among them.
        evidence: IRIs of evidence nodes; at least one.
    """

    source: str
    subject: str
    predicate: str
    object: str
    evidence: tuple[str, ...]
    qualifiers: tuple[tuple[str, Term], ...] = ()

    @property
    def kind(self) -> str:
        """Local name of its association kind, which the predicate decides."""
        return KIND_OF_PREDICATE[self.predicate]

    @property
    def iri(self) -> str:
        """Its IRI: a hash of source, subject, predicate, object, negation and sorted qualifiers."""
        parts = [self.source, self.subject, self.predicate, self.object]
        for name, term in sorted(self.qualifiers, key=lambda pair: (pair[0], str(pair[1]))):
            parts.append(f"{name}={term.value}")
        return IGA + digest("\x1f".join(parts))


@dataclass(frozen=True, slots=True)
class Affinity:
    """A measured affinity: type (``Kd``, ``IC50`` ...), value, relation (``=``) and unit (``nM``)."""

    type: str
    value: Decimal
    relation: str = "="
    unit: str = "nM"

    @property
    def iri(self) -> str:
        """Its IRI, from its content, so that equal measurements share a node."""
        return f"{IGA}affinity-{digest(f'{self.type}|{self.value}|{self.relation}|{self.unit}')}"


@dataclass(frozen=True, slots=True)
class Source:
    """A dataset that statements come from.

    Attributes:
        slug: folder under ``data/`` and local name under ``igs:``.
        licence: IRI of the licence.
        version: as its publisher names it.
        issued: day of publication, ISO, possibly only year or year and month.
        checksums: sha256 of each file read.
        is_share_alike: whether what is derived must carry the same licence.
        command: how the folder was made.
    """

    slug: str
    title: str
    licence: str
    publisher: str
    address: str
    version: str = ""
    issued: str = ""
    checksums: tuple[str, ...] = ()
    is_share_alike: bool = False
    command: str = ""
    comment: str = ""

    @property
    def iri(self) -> str:
        """Its IRI."""
        return IGS + self.slug


Record = Node | Association | Evidence | Affinity | Source


@dataclass(slots=True)
class Merged:
    """Records gathered by IRI, with the evidence of equal associations united."""

    nodes: dict[str, Node] = field(default_factory=dict)
    associations: dict[str, Association] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    affinities: dict[str, Affinity] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Take one record in; a source record is ignored."""
        if isinstance(record, Node):
            known = self.nodes.get(record.iri)
            self.nodes[record.iri] = _united_node(known, record) if known else record
        elif isinstance(record, Association):
            known_association = self.associations.get(record.iri)
            if known_association:
                evidence = tuple(sorted({*known_association.evidence, *record.evidence}))
                record = _with_evidence(record, evidence)
            self.associations[record.iri] = record
        elif isinstance(record, Evidence):
            self.evidence[record.iri] = record
        elif isinstance(record, Affinity):
            self.affinities[record.iri] = record


def merge(records: Iterable[Record]) -> Merged:
    """Gather records by IRI."""
    merged = Merged()
    for record in records:
        merged.add(record)
    return merged


def blocks(record: Record) -> Block:
    """Give the Turtle block of a record."""
    if isinstance(record, Node):
        return Block(record.iri, tuple(_node_pairs(record)))
    if isinstance(record, Association):
        return Block(record.iri, tuple(_association_pairs(record)))
    if isinstance(record, Evidence):
        return Block(record.iri, tuple(_evidence_pairs(record)))
    if isinstance(record, Affinity):
        return Block(record.iri, tuple(_affinity_pairs(record)))
    return Block(record.iri, tuple(_source_pairs(record)))


def _node_pairs(node: Node) -> Iterator[Pair]:
    for name in dict.fromkeys(node.types):
        yield RDF_TYPE, Iri(IG + name)
    for iri in sorted(set(node.broader)):
        yield IG + "broader", Iri(iri)
    yield RDFS_LABEL, text(node.label)
    for synonym in sorted(set(node.synonyms) - {node.label}):
        yield SKOS_ALT_LABEL, text(synonym)
    yield from sorted(set(node.extra))
    for iri in sorted(set(node.exact)):
        yield SKOS_EXACT_MATCH, Iri(iri)
    for iri in sorted(set(node.close)):
        yield SKOS_CLOSE_MATCH, Iri(iri)
    for iri in sorted(set(node.sources)):
        yield DCTERMS_SOURCE, Iri(iri)


def _association_pairs(association: Association) -> Iterator[Pair]:
    yield RDF_TYPE, Iri(IG + "Association")
    yield RDF_TYPE, Iri(IG + association.kind)
    yield IG + "subject", Iri(association.subject)
    yield IG + "predicate", Iri(IG + association.predicate)
    yield IG + "object", Iri(association.object)
    for name, term in sorted(set(association.qualifiers), key=lambda pair: (pair[0], str(pair[1]))):
        yield IG + name, term
    for iri in sorted(set(association.evidence)):
        yield IG + "hasEvidence", Iri(iri)


def _evidence_pairs(evidence: Evidence) -> Iterator[Pair]:
    yield RDF_TYPE, Iri(IG + "Evidence")
    yield IG + "source", Iri(IGS + evidence.source)
    yield IG + "evidenceType", Iri("http://purl.obolibrary.org/obo/ECO_" + evidence.evidence_type)
    yield IG + "documentType", Iri(IG + evidence.document_type)
    yield DCTERMS_IDENTIFIER, plain(evidence.record)
    if evidence.title:
        yield DCTERMS_TITLE, text(evidence.title)
    if evidence.address:
        yield IG + "address", Literal(evidence.address, XSD + "anyURI")
    for iri in sorted(set(evidence.references)):
        yield IG + "reference", Iri(iri)
    if evidence.section:
        yield IG + "section", plain(evidence.section)
    if evidence.consulted:
        yield IG + "consulted", day(evidence.consulted)
    if evidence.rechecked:
        yield IG + "rechecked", day(evidence.rechecked)


def _affinity_pairs(affinity: Affinity) -> Iterator[Pair]:
    yield RDF_TYPE, Iri(IG + "Affinity")
    yield IG + "affinityType", plain(affinity.type)
    yield IG + "affinityValue", decimal(affinity.value)
    yield IG + "affinityRelation", plain(affinity.relation)
    yield IG + "affinityUnit", plain(affinity.unit)


def _source_pairs(source: Source) -> Iterator[Pair]:
    yield RDF_TYPE, Iri(DCAT_DATASET)
    yield DCTERMS_TITLE, text(source.title)
    if source.comment:
        yield DCTERMS + "description", text(source.comment)
    yield DCTERMS + "publisher", plain(source.publisher)
    yield DCTERMS + "license", Iri(source.licence)
    yield "http://www.w3.org/ns/dcat#landingPage", Iri(source.address)
    if source.version:
        yield PAV_VERSION, plain(source.version)
    if source.issued:
        yield DCTERMS + "issued", plain(source.issued)
    for checksum in source.checksums:
        yield SPDX_CHECKSUM, plain(checksum)
    yield IG + "isShareAlike", Literal("true" if source.is_share_alike else "false", XSD + "boolean")
    if source.command:
        yield IG + "command", plain(source.command)


def _united_node(known: Node, more: Node) -> Node:
    """Unite two records of one node; the first label stays, a differing second one becomes a synonym."""
    return Node(
        iri=known.iri,
        types=tuple(dict.fromkeys((*known.types, *more.types))),
        label=known.label,
        sources=(*known.sources, *more.sources),
        synonyms=(*known.synonyms, *more.synonyms, *(() if more.label == known.label else (more.label,))),
        exact=(*known.exact, *more.exact),
        close=(*known.close, *more.close),
        broader=(*known.broader, *more.broader),
        extra=(*known.extra, *more.extra),
    )


def _with_evidence(association: Association, evidence: tuple[str, ...]) -> Association:
    return Association(
        source=association.source,
        subject=association.subject,
        predicate=association.predicate,
        object=association.object,
        evidence=evidence,
        qualifiers=association.qualifiers,
    )


def digest(content: str) -> str:
    """The first 16 characters of the lower-case base-32 SHA-256 of a text (80 bits)."""
    return base64.b32encode(hashlib.sha256(content.encode()).digest()).decode().lower()[:16]
