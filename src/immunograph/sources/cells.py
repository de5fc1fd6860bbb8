"""The Cell Ontology → the cells of blood and immune system, those in use, and what lies above them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

from immunograph.identifiers import as_iri
from immunograph.model import Node, Source
from immunograph.registry import Registry
from immunograph.sources.importer import Importer, ImportReport
from immunograph.sources.slices import CC_BY_4, Ontology, expect_files, hierarchy_nodes, read_ontology

FILES = {
    "slim": "the blood and immune slim of the Cell Ontology, of 2026-06, as OBO",
    "whole": "the whole Cell Ontology, of 2026-03, as closure JSON, for cells outside the slim",
}
SOURCE = Source(
    slug="cell-ontology",
    title="Cell Ontology: cells of blood and immune system",
    licence=CC_BY_4,
    publisher="Cell Ontology developers",
    address="https://obophenotype.github.io/cell-ontology/",
    version="2026-06-08 (slim); 2026-03-26 (cells outside it)",
    issued="2026-06-08",
)


def _read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Node]:
    slim_file, whole_file = expect_files(files, FILES)
    slim = read_ontology(slim_file, report, "CL")
    cells = _united(read_ontology(whole_file, report, "CL"), slim)
    kept = cells.closure({iri for iri in slim.terms if slim.is_live(iri)} | cells.in_use(registry.in_use, report))
    for node in hierarchy_nodes(cells, kept, "CellType", SOURCE.iri):
        yield dataclasses.replace(node, close=_mesh(cells.terms[node.iri].xrefs))


def _united(whole: Ontology, slim: Ontology) -> Ontology:
    """The whole ontology, with the newer terms of the slim in place of its own."""
    for term in slim.terms.values():
        whole.add(term)
    return whole


def _mesh(xrefs: Sequence[str]) -> tuple[str, ...]:
    return tuple(iri for other in xrefs if other.startswith("MESH:") and (iri := as_iri(other)))


IMPORTER = Importer(SOURCE, "cells of blood and immune system, those in use, and what lies above them", FILES, _read)
