"""MONDO → the conditions in use and the diseases above them, with cross-references."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from immunograph.identifiers import prefix_map
from immunograph.model import Node, Source
from immunograph.registry import Registry
from immunograph.sources.importer import Importer, ImportReport
from immunograph.sources.ontologies import read_terms
from immunograph.sources.same_conditions import equal_phenotypes, phenotype_xrefs, reviewed_matches
from immunograph.sources.slices import CC_BY_4, Ontology, expect_files, hierarchy_nodes, read_ontology

FILES = {
    "labels": "MONDO of 2026-05 as closure JSON: labels, synonyms, hierarchy",
    "xrefs": "MONDO of 2024-07 as list JSON: cross-references",
    "phenotypes": "the Human Phenotype Ontology as OBO: which phenotypes are the same concept",
}
SOURCE = Source(
    slug="mondo",
    title="Mondo Disease Ontology: the diseases in use and those above them",
    licence=CC_BY_4,
    publisher="Monarch Initiative",
    address="https://mondo.monarchinitiative.org/",
    version="2026-05-05; cross-references of 2024-07",
    issued="2026-05-05",
)

_MATCHED = ("DOID", "EFO", "MESH", "NCIT", "orphanet")
"""Ontologies whose cross-references are carried over; coding systems with closed licences are not."""

Matches = Mapping[str, tuple[str, ...]]
"""IRI of a term → IRIs of its matches."""


def _read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Node]:
    labels, cross_references, phenotype_file = expect_files(files, FILES)
    mondo = read_ontology(labels, report, "MONDO")
    phenotypes = read_ontology(phenotype_file, report, "HP")
    xrefs = {term.iri: term.xrefs for term in read_terms(cross_references, report) if mondo.is_live(term.iri)}
    equal = equal_phenotypes(mondo, phenotypes, xrefs, reviewed_matches())
    used_phenotypes = phenotypes.closure(phenotypes.in_use(registry.in_use, ImportReport()), stop=equal.keys())
    seeds = mondo.in_use(registry.in_use, report) | {equal[iri] for iri in used_phenotypes if iri in equal}
    exact, close = _matches(xrefs)
    phenotypes_of = _phenotypes_of(equal, mondo, phenotypes, xrefs)
    for node in hierarchy_nodes(mondo, mondo.closure(seeds), "Condition", SOURCE.iri):
        same, near = phenotypes_of.get(node.iri, ((), ()))
        yield dataclasses.replace(
            node, exact=(*exact.get(node.iri, ()), *same), close=(*close.get(node.iri, ()), *near)
        )


def _phenotypes_of(
    equal: Mapping[str, str], mondo: Ontology, phenotypes: Ontology, xrefs: Mapping[str, Sequence[str]]
) -> dict[str, tuple[list[str], list[str]]]:
    """IRI of a disease → the phenotypes that are the same, and those that it only refers to."""
    found: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for phenotype, disease in equal.items():
        found[disease][0].append(phenotype)
    for disease, phenotype in phenotype_xrefs(mondo, phenotypes, xrefs):
        if equal.get(phenotype) != disease:
            found[disease][1].append(phenotype)
    return found


def _matches(xrefs: Mapping[str, Sequence[str]]) -> tuple[Matches, Matches]:
    """Exact and close matches of every disease.

    A cross-reference is exact where it is the only one of its ontology on the disease, and no other disease has it;
    the file does not say which of several is meant.
    """
    carried = {iri: [other for other in others if other.partition(":")[0] in _MATCHED] for iri, others in xrefs.items()}
    claims = Counter(other for others in carried.values() for other in others)
    exact: dict[str, tuple[str, ...]] = {}
    close: dict[str, tuple[str, ...]] = {}
    for iri, others in carried.items():
        prefixes = Counter(other.partition(":")[0] for other in others)
        is_exact = {other: claims[other] == 1 and prefixes[other.partition(":")[0]] == 1 for other in others}
        exact[iri] = tuple(_match_iri(other) for other in others if is_exact[other])
        close[iri] = tuple(_match_iri(other) for other in others if not is_exact[other])
    return exact, close


def _match_iri(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    return prefix_map()[prefix] + local


IMPORTER = Importer(SOURCE, "conditions in use, the diseases above them, cross-references", FILES, _read)
