"""The Gene Ontology → immune processes: those in use, what lies above them, and a broad set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from immunograph.identifiers import compress, expand
from immunograph.model import Node, Source
from immunograph.registry import Registry
from immunograph.sources.importer import Importer, ImportReport
from immunograph.sources.ontologies import read_terms
from immunograph.sources.slices import CC_BY_4, Ontology, expect_files, hierarchy_nodes

FILES = {"terms": "the Gene Ontology of 2024-07 as list JSON"}
SOURCE = Source(
    slug="go",
    title="Gene Ontology: immune processes",
    licence=CC_BY_4,
    publisher="Gene Ontology Consortium",
    address="https://geneontology.org/",
    version="2024-07",
    issued="2024-07",
)

_IMMUNE = expand("GO:0002376")
_ROOT = expand("GO:0008150")
_BROAD = {
    "GO:0002376": 2,  # immune system process
    "GO:0006955": 3,  # immune response
    "GO:0045321": 3,  # leukocyte activation
    "GO:0050900": 2,  # leukocyte migration
    "GO:0019882": 1,  # antigen processing and presentation
    "GO:0001816": 1,  # cytokine production
    "GO:0019221": 1,  # cytokine-mediated signaling pathway
    "GO:0006954": 1,  # inflammatory response
}
"""The broad set: immune processes that are there whether in use or not, as so many steps below these."""

_NOT_HUMAN = (
    "GO:0035172",  # hemocyte proliferation
    "GO:0042386",  # hemocyte differentiation
    "GO:0035010",  # encapsulation of foreign target
    "GO:0002201",  # somatic diversification of DSCAM-based immune receptors
    "GO:0002202",  # somatic diversification of variable lymphocyte receptors of jawless fish
    "GO:0002567",  # somatic diversification of FREP-based immune receptors
    "GO:0009682",  # induced systemic resistance
    "GO:0009627",  # systemic acquired resistance
    "GO:0009864",  # induced systemic resistance, jasmonic acid mediated signaling pathway
    "GO:0009866",  # induced systemic resistance, ethylene mediated signaling pathway
    "GO:0140546",  # defense response to symbiont
)
"""Processes of insects, fish without jaws, and plants; they and what is below them stay out of the broad set."""


def _read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Node]:
    (path,) = expect_files(files, FILES)
    processes = _processes(path, report)
    generic = {_ROOT, *processes.below(_ROOT, 1)} - {_IMMUNE}
    seeds = processes.in_use(registry.in_use, report)
    for iri in sorted(seeds & generic):
        report.miss("GO term that is too general", compress(iri))
    kept = processes.closure(seeds | _broad(processes)) - generic
    yield from hierarchy_nodes(processes, kept | (seeds & generic), "ImmuneProcess", SOURCE.iri)


def _processes(path: Path, report: ImportReport) -> Ontology:
    processes = Ontology("GO")
    for term in read_terms(path, report):
        if term.namespace == "biological_process":
            processes.add(term)
    return processes


def _broad(processes: Ontology) -> set[str]:
    found = {iri for root, depth in _BROAD.items() for iri in processes.below(expand(root), depth)}
    left_out = {iri for root in _NOT_HUMAN for iri in processes.below(expand(root), len(processes.terms))}
    return found - left_out


IMPORTER = Importer(SOURCE, "immune processes in use, what lies above them, and a broad set", FILES, _read)
