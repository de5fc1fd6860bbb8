"""Mappings as SSSOM (https://mapping-commons.github.io/sssom/): out of the graph, from files, as table and as RDF."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from immunograph.identifiers import compress, prefix_map
from immunograph.sources.sssom import MORE_PREFIXES, SEMAPV, SSSOM, Match, read_sssom
from immunograph.store.graph import Graph
from immunograph.vocabulary import IGG, IGS

COLUMNS = (
    "record_id", "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "mapping_justification", "author_label", "reviewer_label", "mapping_source", "mapping_date", "license",
    "subject_source_version", "object_source_version", "confidence", "comment",
)  # fmt: skip
"""The slots of SSSOM that are written, in order."""

_WAYS: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "curated": ("ManualMappingCuration", 0.95),
        "everycure": ("LexicalMatching", 0.9),
        "drugbank-vocabulary": ("LexicalMatching", 0.9),
    }
)
"""Source → how its cross-references came about and how far they are trusted; the names of substances were compared."""
_PUBLISHED = ("UnspecifiedMatching", 0.85)
"""A cross-reference that the source publishes without saying how it was found."""

_MATCHES = (
    "SELECT ?node ?label ?predicate ?other ?graph WHERE { "
    "VALUES ?predicate { skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch skos:relatedMatch } "
    "GRAPH ?graph { ?node ?predicate ?other } OPTIONAL { ?node rdfs:label ?label } } ORDER BY ?node ?predicate ?other"
)
_SOURCES = (
    "SELECT ?source ?version ?issued ?licence WHERE { ?source a dcat:Dataset ; dcterms:license ?licence "
    "OPTIONAL { ?source pav:version ?version } OPTIONAL { ?source dcterms:issued ?issued } }"
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class _SourceFacts:
    version: str = ""
    date: str = ""
    licence: str = ""


def node_matches(graph: Graph) -> Iterator[Match]:
    """The cross-references of every node of a built graph, each with the source that states it, sorted."""
    facts = dict(_source_facts(graph))
    for node, label, predicate, other, where in graph.select(_MATCHES).rows:
        if not (node and predicate and other and where):
            continue
        slug = where.value.removeprefix(IGG)
        if slug in {"ontology", "mappings", "inferred"}:
            continue
        justification, confidence = _WAYS.get(slug, _PUBLISHED)
        said = facts.get(slug, _SourceFacts())
        yield Match(
            node.value,
            predicate.value,
            other.value,
            justification,
            subject_label=label.value if label else "",
            source=IGS + slug,
            date=said.date,
            licence=said.licence,
            version=said.version,
            confidence=confidence,
        )


def term_matches(ontology: Path) -> Iterator[Match]:
    """The committed mappings of the ontology's terms, file by file.

    Raises:
        LoadError: a file is broken.
    """
    for path in sorted((ontology / "mappings").glob("*.sssom.tsv")):
        yield from read_sssom(path)


def sssom_text(matches: Iterable[Match], name: str, title: str, licence: str, version: str) -> str:
    """Write mappings as an SSSOM table, with its metadata and prefixes in front.

    Args:
        matches: the mappings; they are written sorted.
        name: last part of the mapping set's IRI.
        title: title of the set.
        licence: IRI of the licence of the set as a whole; rows carry their own.
        version: version of the set.
    """
    rows = sorted({_row(match) for match in matches}, key=lambda row: (row[1], row[3], row[5], row[0]))
    used = {cell.partition(":")[0] for row in rows for cell in (row[0], row[1], row[3], row[5], row[7], row[10])} - {""}
    known = {**prefix_map(), **MORE_PREFIXES}
    text = io.StringIO()
    text.write(f"#mapping_set_id: https://w3id.org/immunograph/mappings/{name}\n#mapping_set_title: {title}\n")
    text.write(f'#mapping_set_version: "{version}"\n#license: {licence}\n#curie_map:\n')
    text.writelines(f'#  {prefix}: "{known[prefix]}"\n' for prefix in sorted(used & known.keys(), key=str.casefold))
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    kept = [n for n, column in enumerate(COLUMNS) if any(row[n] for row in rows) or column in {"subject_id"}]
    writer.writerow(COLUMNS[n] for n in kept)
    writer.writerows([row[n] for n in kept] for row in rows)
    return text.getvalue()


def rdf_lines(match: Match) -> Iterator[str]:
    """A mapping as N-Triples: the link itself, and the axiom that carries what is known of it.

    The form is that of SSSOM/RDF: a mapping is an ``owl:Axiom``. One that is denied has no link of its own.
    """
    axiom = f"<{match.iri}>"
    if not match.is_not:
        yield f"<{match.subject}> <{match.predicate}> <{match.object}> .\n"
    owl = "http://www.w3.org/2002/07/owl#"
    yield f"{axiom} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{owl}Axiom> .\n"
    for predicate, value in (
        (f"{owl}annotatedSource", match.subject),
        (f"{owl}annotatedProperty", match.predicate),
        (f"{owl}annotatedTarget", match.object),
        (f"{SSSOM}mapping_justification", SEMAPV + match.justification),
        (f"{SSSOM}mapping_source", match.source),
        ("http://purl.org/dc/terms/license", match.licence),
    ):
        if value:
            yield f"{axiom} <{predicate}> <{value}> .\n"
    for predicate, said, datatype in (
        (f"{SSSOM}subject_label", match.subject_label, ""),
        (f"{SSSOM}object_label", match.object_label, ""),
        (f"{SSSOM}predicate_modifier", "Not" if match.is_not else "", ""),
        (f"{SSSOM}author_label", match.author, ""),
        (f"{SSSOM}reviewer_label", match.reviewer, ""),
        (f"{SSSOM}mapping_date", match.date, "date"),
        (f"{SSSOM}subject_source_version", match.version, ""),
        (f"{SSSOM}object_source_version", match.object_version, ""),
        (f"{SSSOM}confidence", "" if match.confidence is None else str(match.confidence), "double"),
        ("http://www.w3.org/2000/01/rdf-schema#comment", match.comment, ""),
    ):
        if said:
            quoted = said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
            suffix = f"^^<http://www.w3.org/2001/XMLSchema#{datatype}>" if datatype else ""
            yield f'{axiom} <{predicate}> "{quoted}"{suffix} .\n'


def _row(match: Match) -> tuple[str, ...]:
    return (
        _curie(match.iri),
        _curie(match.subject),
        match.subject_label,
        _curie(match.predicate),
        "Not" if match.is_not else "",
        _curie(match.object),
        match.object_label,
        f"semapv:{match.justification}",
        match.author,
        match.reviewer,
        _curie(match.source) if match.source else "",
        match.date,
        match.licence,
        match.version,
        match.object_version,
        "" if match.confidence is None else f"{match.confidence:g}",
        match.comment,
    )


@cache
def _curie(iri: str) -> str:
    for prefix, namespace in MORE_PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return compress(iri)


def _source_facts(graph: Graph) -> Iterator[tuple[str, _SourceFacts]]:
    for source, version, issued, licence in graph.select(_SOURCES).rows:
        if source and licence:
            day = _DAY.search(issued.value if issued else "") or _DAY.search(version.value if version else "")
            said = version.value if version else issued.value if issued else ""
            yield source.value.removeprefix(IGS), _SourceFacts(said, day[0] if day else "", licence.value)
