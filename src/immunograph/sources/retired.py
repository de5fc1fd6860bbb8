"""Identifiers that public ontologies have retired, and what takes their place: the committed table of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from immunograph.assets import ontology_dir
from immunograph.identifiers import compress, expand
from immunograph.sources.identifier_table import ontology_files, read_rows
from immunograph.sources.ontologies import OntologyTerm, read_terms


@dataclass(frozen=True, slots=True)
class RetiredRow:
    """One retired identifier.

    Attributes:
        identifier: CURIE.
        label: what its source called it, or calls what absorbed it.
        successor: CURIE of the one term in its place; empty where none is stated.
        consider: CURIEs of terms to think of, separated by spaces.
        version: version of the ontology that says so.
    """

    identifier: str
    label: str
    successor: str
    consider: str
    version: str

    def __str__(self) -> str:
        if self.successor:
            instead = f"its successor is {self.successor}"
        else:
            instead = f"consider {self.consider.replace(' ', ', ')}" if self.consider else "nothing takes its place"
        return f"{self.identifier} ({self.label}) is retired; {instead}"


def retired_rows(reference: Path) -> list[RetiredRow]:
    """The retired identifiers of the ontologies that sheets name terms of, sorted.

    Args:
        reference: folder of the public files.

    Raises:
        LoadError: a file is missing or broken.
    """
    found: dict[str, RetiredRow] = {}
    for prefix, path, version in ontology_files(reference):
        for term in read_terms(path):
            for row in _of_term(term, version):
                if row.identifier.startswith(f"{prefix}:"):
                    found.setdefault(row.identifier, row)
    return sorted(found.values(), key=lambda row: row.identifier)


def _of_term(term: OntologyTerm, version: str) -> Iterator[RetiredRow]:
    if term.namespace not in {"", "biological_process"}:
        return
    if term.is_deprecated:
        label = term.label.removeprefix("obsolete ")
        successor = compress(term.replaced_by) if term.replaced_by else ""
        yield RetiredRow(compress(term.iri), label, successor, _curies(term.consider), version)
    else:
        for former in term.merged:
            yield RetiredRow(compress(former), term.label, compress(term.iri), "", version)


def _curies(iris: Iterable[str]) -> str:
    return " ".join(sorted(map(compress, iris)))


def read_retired(path: Path) -> Mapping[str, RetiredRow]:
    """Read the committed table, by IRI.

    Raises:
        LoadError: it is missing or has other columns.
    """
    return {expand(cells[0]): RetiredRow(*cells) for cells in read_rows(path, RetiredRow)}


@cache
def retired_identifiers() -> Mapping[str, RetiredRow]:
    """The table of ``ontology/tables``, by IRI; empty where a copy of the ontology lacks it."""
    path = ontology_dir() / "tables" / "retired.tsv"
    return read_retired(path) if path.exists() else {}
