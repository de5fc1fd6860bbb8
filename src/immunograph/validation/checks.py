"""Whole-graph faults that shapes cannot say: ``ontology/checks/<fault>.rq``, any row is a fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from immunograph.headers import read_header
from immunograph.identifiers import compress
from immunograph.model import Iri, Term
from immunograph.store.graph import Graph
from immunograph.validation.report import Finding, Report, sorted_findings


@dataclass(frozen=True, slots=True)
class Check:
    """One fault and the SPARQL that finds it.

    Attributes:
        name: the file's name without its ending.
        summary: what is wrong with a row.
        remedy: what to do.
        severity: ``violation`` or ``warning``.
        text: a SELECT; its first column is the node at fault.
    """

    name: str
    summary: str
    remedy: str
    severity: str
    text: str


def read_checks(folder: Path) -> Iterator[Check]:
    """Every check of a folder, by name."""
    for path in sorted(folder.glob("*.rq")):
        header, text = read_header(path)
        yield Check(
            name=path.stem,
            summary=str(header.get("summary", "")),
            remedy=str(header.get("remedy", "")),
            severity=str(header.get("severity", "violation")),
            text=text,
        )


def run_checks(graph: Graph, folder: Path) -> Report:
    """Run every check of a folder on a graph; each row is one finding."""
    findings = [finding for check in read_checks(folder) for finding in findings_of(graph, check)]
    return Report(sorted_findings(findings))


def findings_of(graph: Graph, check: Check) -> Iterator[Finding]:
    """What one check finds in a graph: a finding a row."""
    for row in graph.select(check.text).rows:
        focus, *others = row
        shown = ", ".join(_shown(term) for term in others if term)
        yield Finding(
            rule=check.name,
            severity=check.severity,
            focus=focus.value if focus else "",
            message=check.summary,
            value=shown,
            remedy=check.remedy,
        )


def _shown(term: Term) -> str:
    return compress(term.value) if isinstance(term, Iri) else term.value
