"""The slices under ``ontology/imports``: of each public ontology the terms in use and what lies above them.

They are OWL, as released, for reasoners and editors; the build does not load them, since the graph's own hierarchy is
``ig:broader`` between individuals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from immunograph.errors import ImmunographError
from immunograph.identifiers import is_iri, prefix_map
from immunograph.model import Block, Iri, Pair, plain, text, true
from immunograph.sources.importer import ImportReport, checksum
from immunograph.sources.ontologies import OntologyTerm, Release
from immunograph.sources.rows import plain_rows
from immunograph.store.reading import parse_file
from immunograph.turtle import turtle_text
from immunograph.vocabulary import DCTERMS, IG, RDF_TYPE, RDFS_LABEL, SPDX_CHECKSUM

_OWL = "http://www.w3.org/2002/07/owl#"
_SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
_SUBPROPERTY = "http://www.w3.org/2000/01/rdf-schema#subPropertyOf"
_SYNONYM = "http://www.geneontology.org/formats/oboInOwl#hasExactSynonym"
_IMPORTED_FROM = "http://purl.obolibrary.org/obo/IAO_0000412"
_REPLACED_BY = "http://purl.obolibrary.org/obo/IAO_0100001"
_YEAR = re.compile(r"\d{4}(?:-\d{2}){0,2}")
_IMPORTS = "https://w3id.org/immunograph/imports/"

RELATIONS = frozenset({"RO", "BFO"})
"""Prefixes of ontologies of relations."""

COLUMNS = ("slice", "prefix", "file", "title", "version_iri", "licence")


@dataclass(frozen=True, slots=True)
class SliceSource:
    """A row of ``ontology/imports/releases.tsv``: which release a slice is cut from.

    Attributes:
        slice: name of the slice's file.
        prefix: of its own terms.
        file: name of the release's file.
        title: of the ontology.
        version_iri: of the release.
        licence: IRI of its licence.
    """

    slice: str
    prefix: str
    file: str
    title: str
    version_iri: str
    licence: str


def read_slice_sources(path: Path) -> list[SliceSource]:
    """Read the table of releases.

    Raises:
        LoadError: it is missing or malformed.
        ImmunographError: it has other columns.
    """
    rows = [cells for _, cells in plain_rows(path, len(COLUMNS), ImportReport(is_strict=True))]
    if not rows or tuple(rows[0]) != COLUMNS:
        raise ImmunographError(f"{path}: needs the columns {', '.join(COLUMNS)}")
    return [SliceSource(*row) for row in rows[1:]]


def slice_source_table(sources: Iterable[SliceSource]) -> str:
    """The table of releases as text, as ``read_slice_sources`` reads it."""
    rows = [COLUMNS, *(astuple(source) for source in sources)]
    return "".join("\t".join(row) + "\n" for row in rows)


def named_after(source: SliceSource, release: Release) -> SliceSource:
    """A row of the table for a slice that is cut from another release."""
    header = release.header
    return replace(
        source,
        file=release.path.name,
        version_iri=header.version_iri or header.version or release.version,
        licence=header.licence if is_iri(header.licence) else source.licence,
    )


def slice_turtle(release: Release, source: SliceSource, seeds: Iterable[str], command: str) -> str:
    """Cut a slice out of a release, as Turtle in house form.

    Args:
        release: the release.
        source: what is written into the header.
        seeds: IRIs in use; those of other ontologies are passed over.
        command: how it is made.
    """
    own = (source.prefix, *(RELATIONS if source.prefix in RELATIONS else ()))
    namespaces = tuple(prefix_map()[prefix] for prefix in own)
    used = {iri for iri in seeds if iri.startswith(namespaces) and iri in release.terms}
    kept = set(_closure(release.terms, used))
    header = release.header
    is_named = release.path.name == source.file
    version = source.version_iri if is_named else header.version_iri or release.version
    dated = _YEAR.search(version) if is_named else None
    number = dated[0] if dated else release.version
    said: list[Pair] = [
        (RDF_TYPE, Iri(_OWL + "Ontology")),
        (DCTERMS + "title", text(f"{source.title}: the terms in use and what lies above them")),
        (DCTERMS + "license", Iri(source.licence)),
        (DCTERMS + "source", Iri(version) if is_iri(version) else plain(version)),
        (_OWL + "versionIRI", Iri(f"{_IMPORTS}{source.slice}/{number}")),
        (_OWL + "versionInfo", plain(number)),
        (SPDX_CHECKSUM, plain(checksum(release.path))),
        (IG + "command", plain(command)),
    ]
    blocks = [Block(_IMPORTS + source.slice, tuple(said))]
    blocks += [Block(iri, tuple(_pairs(release.terms[iri], kept, version, source.prefix))) for iri in kept]
    return turtle_text(blocks)


def iris_in(files: Iterable[Path], prefixes: Iterable[str]) -> set[str]:
    """Every IRI of some namespaces that Turtle files name in any place.

    Raises:
        LoadError: a file does not parse.
    """
    namespaces = tuple(prefix_map()[prefix] for prefix in prefixes)
    found: set[str] = set()
    for path in files:
        for quad in parse_file(path):
            for term in (quad.subject, quad.predicate, quad.object):
                value = getattr(term, "value", "")
                if value.startswith(namespaces):
                    found.add(value)
    return found


def _closure(terms: Mapping[str, OntologyTerm], seeds: Iterable[str]) -> Iterator[str]:
    seen, waiting = set[str](), list(seeds)
    while waiting:
        iri = waiting.pop()
        term = terms.get(iri)
        if term and term.label and iri not in seen:
            seen.add(iri)
            yield iri
            waiting.extend((*term.parents, *((term.replaced_by,) if term.replaced_by else ())))


def _pairs(term: OntologyTerm, kept: set[str], version: str, prefix: str) -> Iterator[Pair]:
    is_relation = prefix in RELATIONS
    yield RDF_TYPE, Iri(_OWL + ("ObjectProperty" if is_relation else "Class"))
    yield RDFS_LABEL, text(term.label)
    for parent in term.parents:
        if parent in kept:
            yield _SUBPROPERTY if is_relation else _SUBCLASS, Iri(parent)
    for name in term.synonyms:
        if name:
            yield _SYNONYM, text(name)
    if is_iri(version):
        yield _IMPORTED_FROM, Iri(version)
    if term.is_deprecated:
        yield _OWL + "deprecated", true()
        if term.replaced_by:
            yield _REPLACED_BY, Iri(term.replaced_by)
