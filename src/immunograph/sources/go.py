"""The Gene Ontology → immune processes: those in use, what lies above them, and a broad set.

A process in use that lies under none of the tops (``angiogenesis``) stands alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from immunograph.identifiers import expand
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

_TOPS = (
    "GO:0002376",  # immune system process
    "GO:0002682",  # regulation of immune system process
    "GO:0006952",  # defense response
    "GO:0031347",  # regulation of defense response
    "GO:0001816",  # cytokine production
    "GO:0001817",  # regulation of cytokine production
    "GO:0034097",  # response to cytokine
    "GO:0060759",  # regulation of response to cytokine stimulus
    "GO:0001775",  # cell activation
    "GO:0050865",  # regulation of cell activation
    "GO:0007165",  # signal transduction
    "GO:0009966",  # regulation of signal transduction
    "GO:0008283",  # cell population proliferation
    "GO:0042127",  # regulation of cell population proliferation
    "GO:0030154",  # cell differentiation
    "GO:0045595",  # regulation of cell differentiation
    "GO:0016477",  # cell migration
    "GO:0030334",  # regulation of cell migration
    "GO:0007155",  # cell adhesion
    "GO:0030155",  # regulation of cell adhesion
    "GO:0008219",  # cell death
    "GO:0043067",  # regulation of programmed cell death
    "GO:0046903",  # secretion
    "GO:0051046",  # regulation of secretion
)
"""Where the hierarchy ends: what lies above these is too general to be a process of immunity."""

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
    processes = read_processes(path, report)
    seeds = processes.in_use(registry.in_use, report) | _broad(processes)
    under_tops = {iri for top in _TOPS for iri in processes.below(expand(top), len(processes.terms))}
    kept = seeds | (processes.closure(seeds) & under_tops)
    yield from hierarchy_nodes(processes, kept, "ImmuneProcess", SOURCE.iri)


def read_processes(path: Path, report: ImportReport) -> Ontology:
    """Read the biological processes of the Gene Ontology.

    Raises:
        LoadError: as ``read_terms``.
    """
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
