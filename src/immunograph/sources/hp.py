"""The Human Phenotype Ontology → the phenotypes in use, and those above them, where MONDO lacks the concept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

from immunograph.identifiers import compress, expand
from immunograph.model import Node, Source
from immunograph.registry import Registry
from immunograph.sources.importer import Importer, ImportReport
from immunograph.sources.slices import Ontology, expect_files, hierarchy_nodes, read_ontology

FILES = {"phenotypes": "the Human Phenotype Ontology as OBO"}
SOURCE = Source(
    slug="hp",
    title="Human Phenotype Ontology: the phenotypes in use and those above them",
    licence="https://hpo.jax.org/app/license",
    publisher="Human Phenotype Ontology Consortium",
    address="https://hpo.jax.org/",
    version="2025-01-16",
    issued="2025-01-16",
    comment="Labels, synonyms and hierarchy as published in the release of 2025-01-16. "
    "A phenotype that is a MONDO concept stands under its MONDO identifier.",
)
_TOP = expand("HP:0000118")  # phenotypic abnormality: what lies above it is no condition


def _read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Node]:
    (path,) = expect_files(files, FILES)
    phenotypes = read_ontology(path, report, "HP")
    diseases = _diseases(phenotypes, registry)
    seeds = {
        iri
        for iri in sorted(phenotypes.in_use(registry.in_use, report))
        if not _is_elsewhere(iri, phenotypes, diseases, report)
    }
    found = phenotypes.closure(seeds, stop={_TOP, *diseases})
    for node in hierarchy_nodes(phenotypes, found - diseases.keys(), "Condition", SOURCE.iri):
        above = (diseases[parent] for parent in phenotypes.terms[node.iri].parents if parent in diseases)
        yield dataclasses.replace(node, broader=(*node.broader, *above))


def _diseases(phenotypes: Ontology, registry: Registry) -> dict[str, str]:
    """IRI of a phenotype → IRI of the described disease that is the same concept."""
    return {match: node.iri for node in registry.nodes.values() for match in node.exact if match in phenotypes.terms}


def _is_elsewhere(iri: str, phenotypes: Ontology, diseases: dict[str, str], report: ImportReport) -> bool:
    if iri in diseases:
        report.miss("HP term that is a MONDO concept", f"{compress(iri)} (use {compress(diseases[iri])})")
        return True
    if _TOP not in phenotypes.closure([iri]):
        report.miss("HP term that is no phenotypic abnormality", compress(iri))
        return True
    return False


IMPORTER = Importer(SOURCE, "phenotypes in use and those above them", FILES, _read)
