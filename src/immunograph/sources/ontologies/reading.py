"""Which form an ontology file has, and its terms."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import ijson
import zstandard

from immunograph.errors import LoadError, Place
from immunograph.sources.importer import ImportReport, open_bytes
from immunograph.sources.ontologies.axioms import Tell, axiom_terms
from immunograph.sources.ontologies.graphs import flat_terms, graph_links, graph_terms
from immunograph.sources.ontologies.obo import obo_terms
from immunograph.sources.ontologies.terms import OntologyHeader, OntologyTerm
from immunograph.sources.ontologies.triples import triple_terms

_HEAD = 1 << 16
_DATED = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")
_COMMENT = re.compile(
    r"\A(?:\s+|\ufeff|#[^\n]*(?:\n|\Z)|<!--.*?-->|<\?xml[^>]*\?>|<!DOCTYPE(?:[^\[>]|\[.*?\])*>)+", re.DOTALL
)
_BY_CONTENT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("graph", re.compile(r'\{.{0,2000}?"graphs"\s*:', re.DOTALL)),
    ("jsonld", re.compile(r'[\[{].{0,2000}?"@(?:context|graph|id)"\s*:', re.DOTALL)),
    ("json", re.compile(r"\{|\[\s*(?:[{\[\"\]]|$)")),
    ("owlxml", re.compile(r"<(?:owl:)?Ontology\b")),
    ("rdfxml", re.compile(r"<(?:\w+:)?RDF\b|<\w+:\w+\s[^>]*xmlns")),
    ("obo", re.compile(r"(?:.*\n)*?(?:format-version:|\[Term\])")),
    ("functional", re.compile(r"(?:.*\n)*?\s*(?:Prefix|Ontology)\s*\(")),
    ("manchester", re.compile(r"(?:.*\n)*?\s*(?:Prefix|Ontology):")),
    (
        "turtle",
        re.compile(
            r"(?:.*\n)*?\s*(?:@prefix|@base|PREFIX\s|BASE\s|<[^>\s]+>\s+(?:<|a\s)|\w*:\S+\s+(?:a|\w*:\w+)\s)", re.I
        ),
    ),
)
_BY_ENDING = {
    ".obo": "obo", ".json": "json", ".owl": "rdfxml", ".rdf": "rdfxml", ".xml": "rdfxml", ".ttl": "turtle",
    ".nt": "turtle", ".ofn": "functional", ".omn": "manchester", ".owx": "owlxml", ".jsonld": "jsonld",
}  # fmt: skip


@dataclass(slots=True)
class Release:
    """One release of an ontology: what it says of itself, and its terms by IRI, in file order."""

    path: Path
    header: OntologyHeader = field(default_factory=OntologyHeader)
    terms: dict[str, OntologyTerm] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Its version in a word: as it states, else the date in the file's name, else that name."""
        dated = _DATED.search(self.path.name)
        return self.header.release or (dated[0] if dated else self.path.name)


def read_release(path: Path, tell: Tell = lambda _: None, *, has_relations: bool = False) -> Release:
    """Read a whole ontology file.

    Args:
        path: the file, possibly packed.
        tell: is called with the share read.
        has_relations: whether to read the relations of an OBO file instead of its terms.

    Raises:
        LoadError: as ``read_terms``; also where the file holds no term.
    """
    release = Release(path)
    for term in _read(path, ImportReport(), release.header, tell, has_relations):
        release.terms[term.iri] = term
    if not release.terms:
        raise LoadError("holds no class of which anything is said; check that it is an ontology", Place(path))
    return release


def read_terms(path: Path, report: ImportReport | None = None) -> Iterator[OntologyTerm]:
    """Read the terms of an ontology file, in file order.

    Args:
        path: the file, possibly packed.
        report: counts what is read and left out; a malformed term is fatal where it is strict.

    Yields:
        Every class, obsolete ones and those of other ontologies among them.

    Raises:
        LoadError: the file is missing, broken or of an unknown form.
        MissingExtraError: the form needs a package that is not installed.
    """
    report = report if report is not None else ImportReport()
    for term in _read(path, report, OntologyHeader(), lambda _: None):
        report.read[path.name] += 1
        yield term


def form_of(path: Path) -> str:
    """Tell the form of an ontology file, by its content, else by its ending.

    Raises:
        LoadError: the file is missing, or the form is not known.
    """
    with open_bytes(path) as stream:
        head = _decoded(stream.read(_HEAD), path)
    content = _COMMENT.sub("", head)
    for form, pattern in _BY_CONTENT:
        if pattern.match(content):
            return form
    endings = [ending for ending in path.suffixes if ending not in {".gz", ".zst"}]
    if not endings or endings[-1].lower() not in _BY_ENDING:
        raise LoadError(f"is of an unknown form; known endings are {', '.join(_BY_ENDING)}", Place(path))
    return _BY_ENDING[endings[-1].lower()]


def _read(
    path: Path, report: ImportReport, header: OntologyHeader, tell: Tell, has_relations: bool = False
) -> Iterator[OntologyTerm]:
    form = form_of(path)
    try:
        if form in {"functional", "manchester", "owlxml"}:
            yield from axiom_terms(path, form, report, header, tell)
            return
        with open_bytes(path, tell) as stream:
            if form in {"obo", "json"}:
                text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline=None)
                if form == "obo":
                    yield from obo_terms(text, path, report, header, has_relations=has_relations)
                else:
                    yield from flat_terms(text, path, report)
            elif form == "graph":
                links = graph_links(stream)
                with open_bytes(path, tell) as again:
                    yield from graph_terms(again, *links, header)
            else:
                yield from triple_terms(stream, form, path, report, header)
    except SyntaxError as error:
        message = f"cannot be read as {_SPOKEN[form]} ({error.msg}); fetch the file again"
        raise LoadError(message, Place(path, error.lineno)) from error
    except _BROKEN as error:
        raise LoadError(f"cannot be read as {_SPOKEN[form]} ({error}); fetch the file again", Place(path)) from error


_BROKEN = (ValueError, KeyError, EOFError, OSError, gzip.BadGzipFile, zstandard.ZstdError, ijson.JSONError)
_SPOKEN: Mapping[str, str] = {
    "obo": "OBO",
    "json": "JSON",
    "graph": "OBO Graph JSON",
    "rdfxml": "RDF/XML",
    "turtle": "Turtle",
    "jsonld": "JSON-LD",
    "functional": "OWL functional syntax",
    "manchester": "Manchester syntax",
    "owlxml": "OWL/XML",
}


def _decoded(head: bytes, path: Path) -> str:
    if b"\0" in head[:1000]:
        raise LoadError("is no text; unpack it first (.gz and .zst are unpacked here)", Place(path))
    return head.decode("utf-8", errors="ignore").lstrip("\ufeff")
