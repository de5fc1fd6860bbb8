"""GO terms that say up or down → the process that is regulated, and the sign."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from immunograph.identifiers import expand
from immunograph.sources.go import read_processes
from immunograph.sources.importer import ImportReport

_SIGNS = {"positive regulation of ": "stimulates", "negative regulation of ": "suppresses"}
_IMMUNE_TOPS = (
    "GO:0002376",  # immune system process
    "GO:0006952",  # defense response
    "GO:0001816",  # cytokine production
    "GO:0034097",  # response to cytokine
    "GO:0001775",  # cell activation
)
"""A regulated process counts as immune where it lies at or below one of these."""


@dataclass(frozen=True, slots=True)
class Regulation:
    """A term such as *positive regulation of T cell proliferation*.

    Attributes:
        iri: IRI of the term itself.
        label: its label.
        predicate: ``stimulates`` or ``suppresses``.
        process: IRI of the process regulated.
    """

    iri: str
    label: str
    predicate: str
    process: str


def read_regulations(path: Path, report: ImportReport) -> dict[str, Regulation]:
    """Read the signed regulation terms of immune processes from the Gene Ontology, by IRI.

    The process regulated is the one whose label follows *positive regulation of* or *negative regulation of*.

    Raises:
        LoadError: as ``read_terms``.
    """
    processes = read_processes(path, report)
    everything = len(processes.terms)
    immune = {iri for top in _IMMUNE_TOPS for iri in processes.below(expand(top), everything)}
    by_label = {term.label: iri for iri, term in processes.terms.items() if iri in immune}
    found: dict[str, Regulation] = {}
    for iri, term in processes.terms.items():
        for beginning, predicate in _SIGNS.items():
            process = by_label.get(term.label.removeprefix(beginning)) if term.label.startswith(beginning) else None
            if process:
                found[iri] = Regulation(iri, term.label, predicate, process)
    return found
