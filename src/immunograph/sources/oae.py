"""The Ontology of Adverse Events → the events in use, and those above them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

from immunograph.identifiers import compress, prefix_map
from immunograph.model import Node, Source
from immunograph.registry import Registry
from immunograph.sources.hierarchy import foreign_parents
from immunograph.sources.importer import Importer, ImportReport
from immunograph.sources.slices import CC_BY_4, expect_files, hierarchy_nodes, read_ontology

FILES = {"events": "terms of the Ontology of Adverse Events as OWL (RDF/XML)"}
SOURCE = Source(
    slug="oae",
    title="Ontology of Adverse Events: the events in use and those above them",
    licence=CC_BY_4,
    publisher="OAE developers",
    address="https://github.com/OAE-ontology/OAE",
    version="terms of 2022",
    issued="2022",
)


def _read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Node]:
    (path,) = expect_files(files, FILES)
    events = read_ontology(path, report, "OAE")
    kept = events.closure(events.in_use(registry.in_use, report))
    for node in hierarchy_nodes(events, kept, "Condition", SOURCE.iri):
        same = _same_elsewhere(node.label.removesuffix(" AE"), registry)
        if same and node.iri in registry.in_use:
            report.miss("OAE term that is a MONDO or HP concept", f"{compress(node.iri)} (use {compress(same)})")
        broader = (*node.broader, *foreign_parents(node.iri, registry.nodes))
        yield dataclasses.replace(node, broader=broader, close=(same,) if same else ())


def _same_elsewhere(name: str, registry: Registry) -> str:
    """IRI of the described MONDO or HP condition of that name; empty where there is none."""
    public = (prefix_map()["MONDO"], prefix_map()["HP"])
    return next((node.iri for node in registry.by_name(name, ["Condition"]) if node.iri.startswith(public)), "")


IMPORTER = Importer(SOURCE, "adverse events in use that MONDO and HP lack", FILES, _read)
