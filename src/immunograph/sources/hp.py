"""The Human Phenotype Ontology → the phenotypes in use, and those above them, where MONDO lacks the concept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from immunograph.identifiers import compress, expand
from immunograph.model import Node, Source
from immunograph.names import name_key
from immunograph.registry import Registry
from immunograph.sources.hierarchy import foreign_parents
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
    "A phenotype that is a MONDO concept stands under its MONDO identifier, and lends it its label.",
)
_TOPS = (expand("HP:0000118"), expand("HP:0032443"))
"""Phenotypic abnormality, past medical history: what lies above or beside these (modifiers, modes) is no condition."""


def _read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Node]:
    (path,) = expect_files(files, FILES)
    phenotypes = read_ontology(path, report, "HP")
    diseases = _diseases(phenotypes, registry)
    used = phenotypes.in_use(registry.in_use, report)
    for iri in sorted(used & diseases.keys()):
        report.miss("HP term that is a MONDO concept", f"{compress(iri)} (use {compress(diseases[iri])})")
    seeds = used - diseases.keys()
    conditions = {iri for top in _TOPS for iri in phenotypes.below(top, len(phenotypes.terms))}
    kept = seeds | (phenotypes.closure(seeds, stop={*_TOPS, *diseases}) & conditions)
    for node in hierarchy_nodes(phenotypes, kept - diseases.keys(), "Condition", SOURCE.iri):
        parents = phenotypes.terms[node.iri].parents
        above = [*(diseases[p] for p in parents if p in diseases), *foreign_parents(node.iri, registry.nodes)]
        yield dataclasses.replace(node, broader=(*node.broader, *above))
    yield from _names_of_diseases(phenotypes, diseases, registry)


def _names_of_diseases(phenotypes: Ontology, diseases: Mapping[str, str], registry: Registry) -> Iterator[Node]:
    """The diseases that a phenotype is, with the phenotype's label where they are not called that yet."""
    for phenotype, iri in sorted(diseases.items()):
        disease, label = registry.nodes[iri], phenotypes.terms[phenotype].label
        if name_key(label) not in {name_key(name) for name in (disease.label, *disease.synonyms)}:
            yield Node(iri, disease.types, disease.label, (SOURCE.iri,), synonyms=(label,))


def _diseases(phenotypes: Ontology, registry: Registry) -> dict[str, str]:
    """IRI of a phenotype → IRI of the described disease that is the same concept."""
    return {match: node.iri for node in registry.nodes.values() for match in node.exact if match in phenotypes.terms}


IMPORTER = Importer(SOURCE, "phenotypes in use and those above them", FILES, _read)
