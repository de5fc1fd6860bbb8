"""OBO → terms.

OBO is a line format, read here line by line: the strict parser that was tried (fastobo 0.14) refuses the Cell Ontology
of 2026-06-08 and many hand-written files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from immunograph.errors import Place
from immunograph.sources.importer import ImportReport
from immunograph.sources.ontologies.terms import OBO, OntologyHeader, OntologyTerm, term_iri, xref

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(\w*)')
_EQUAL = {"skos:exactMatch", "http://www.w3.org/2004/02/skos/core#exactMatch", "owl:equivalentClass"}
_REPLACED = {"IAO:0100001", OBO + "IAO_0100001"}


def obo_terms(
    text: IO[str], path: Path, report: ImportReport, header: OntologyHeader, *, has_relations: bool = False
) -> Iterator[OntologyTerm]:
    """The ``[Term]`` stanzas of an OBO file, in file order; the ``[Typedef]`` ones instead for its relations."""
    spaces: dict[str, str] = {}
    for line, stanza in _stanzas(text, header, spaces, "[typedef]" if has_relations else "[term]"):
        if not stanza.get("id"):
            report.skip(Place(path, line), "term without identifier or label", "", is_malformed=True)
            continue
        yield _term(stanza, spaces)


def _stanzas(
    text: IO[str], header: OntologyHeader, spaces: dict[str, str], wanted: str
) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """The line each stanza begins on, and its values by tag; the header is taken in on the way."""
    begun, stanza, kind = 0, dict[str, list[str]](), "header"
    for number, line in enumerate(text, start=1):
        if line.startswith("["):
            if kind == "header":
                _take_header(stanza, header, spaces)
            if kind == wanted:
                yield begun, stanza
            begun, stanza, kind = number, {}, line.strip().casefold()
        elif kind in {"header", wanted} and ":" in line and not line.startswith("!"):
            tag, _, value = line.strip().partition(":")
            stanza.setdefault(tag.strip(), []).append(value.strip())
    if kind == wanted:
        yield begun, stanza


def _take_header(values: Mapping[str, list[str]], header: OntologyHeader, spaces: dict[str, str]) -> None:
    header.version = next(iter(values.get("data-version", ())), "")
    name = next(iter(values.get("ontology", ())), "")
    if name:
        header.iri = name if "://" in name else f"{OBO}{name}{'' if '.' in name else '.owl'}"
    for value in values.get("property_value", ()):
        predicate, _, rest = value.partition(" ")
        stated = match[1] if (match := _QUOTED.match(rest)) else rest.split(" ")[0]
        if predicate.endswith("license"):
            header.licence = stated
        elif predicate.endswith("title"):
            header.title = stated
    for value in values.get("idspace", ()):
        words = value.split()
        if len(words) > 1:
            spaces[words[0]] = words[1]


def _term(stanza: Mapping[str, list[str]], spaces: Mapping[str, str]) -> OntologyTerm:
    def identifiers(tag: str) -> tuple[str, ...]:
        return tuple(value.split(" ")[0] for value in stanza.get(tag, ()))

    def iri(identifier: str) -> str:
        prefix, _, local = identifier.partition(":")
        return spaces[prefix] + local if prefix in spaces and local else term_iri(identifier)

    def iris(tag: str) -> tuple[str, ...]:
        return tuple(iri(identifier) for identifier in identifiers(tag))

    stated = [(value.split()[0], _object(value)) for value in stanza.get("property_value", ()) if value.split()]
    quoted = [match for value in stanza.get("synonym", ()) if (match := _QUOTED.match(value))]
    genus = tuple(iri(value.split(" ")[0]) for value in stanza.get("intersection_of", ()) if _is_genus(value))
    replaced = (*iris("replaced_by"), *(iri(other) for predicate, other in stated if predicate in _REPLACED))
    return OntologyTerm(
        iri=iri(identifiers("id")[0]),
        label=_unescaped(_without_qualifiers(stanza.get("name", [""])[0])),
        synonyms=tuple(_unescaped(match[1]) for match in quoted if match[2] == "EXACT"),
        parents=iris("is_a") or genus,
        xrefs=tuple(xref(other) for other in identifiers("xref")),
        is_deprecated=bool(stanza.get("is_obsolete", [""])[0].startswith("true")),
        replaced_by=next(iter(replaced), ""),
        merged=iris("alt_id"),
        namespace=next(iter(stanza.get("namespace", ())), ""),
        subsets=identifiers("subset"),
        others=tuple(_unescaped(match[1]) for match in quoted if match[2] != "EXACT"),
        equal=(*iris("equivalent_to"), *(iri(other) for predicate, other in stated if predicate in _EQUAL)),
        consider=iris("consider"),
    )


def _is_genus(value: str) -> bool:
    """Whether an ``intersection_of`` names a class alone; with a relation before it, it is a difference."""
    words = value.partition(" ! ")[0].partition(" {")[0].split()
    return len(words) == 1


def _object(value: str) -> str:
    rest = value.partition(" ")[2].strip()
    quoted = _QUOTED.match(rest)
    return quoted[1] if quoted else rest.split(" ")[0]


def _without_qualifiers(name: str) -> str:
    return re.sub(r"(?<!\\)\s*\{[^{}]*=[^{}]*\}\s*$", "", name)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
