"""Ontology files in the forms that are published → terms.

Known forms, by the file's ending (``.gz`` and ``.zst`` are unpacked) and content: OBO, OBO Graph JSON, OWL as RDF/XML,
``{id: {label, ancestors: {id: distance}}}`` JSON, and ``[{id, name, relations, xrefs}]`` JSON.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from immunograph.errors import LoadError, Place
from immunograph.identifiers import as_iri
from immunograph.sources.importer import ImportReport, open_text
from immunograph.sources.json_stream import json_items

_OBO = "http://purl.obolibrary.org/obo/"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_RDFS = "{http://www.w3.org/2000/01/rdf-schema#}"
_OWL = "{http://www.w3.org/2002/07/owl#}"
_OBO_IN_OWL = "{http://www.geneontology.org/formats/oboInOwl#}"
_REPLACED_BY = f"{{{_OBO}}}IAO_0100001"

_PREFIX_ALIASES = {
    "MSH": "MESH",
    "NCI": "NCIT",
    "ORPHA": "orphanet",
    "ORDO": "orphanet",
    "ORPHANET": "orphanet",
    "UNIPROT": "UniProtKB",
}
"""How sources spell a prefix, in capitals → how the project spells it."""

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(\w*)')


@dataclass(frozen=True, slots=True)
class OntologyTerm:
    """One class of an ontology.

    Attributes:
        iri: its IRI.
        label: its label; empty where the file gives none.
        synonyms: other names; where the file tells scopes apart, the exact ones only.
        parents: IRIs of the direct superclasses.
        xrefs: cross-references as CURIEs, prefixes in the project's spelling where it has one.
        is_deprecated: whether the term is obsolete.
        replaced_by: IRI of the one term that takes its place; empty where none is stated.
        merged: IRIs of former terms that this one absorbed.
        namespace: the branch it belongs to, such as ``biological_process``; empty where there is one branch.
        subsets: names of the subsets that hold it.
    """

    iri: str
    label: str
    synonyms: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    is_deprecated: bool = False
    replaced_by: str = ""
    merged: tuple[str, ...] = ()
    namespace: str = ""
    subsets: tuple[str, ...] = ()


def read_terms(path: Path, report: ImportReport | None = None) -> Iterator[OntologyTerm]:
    """Read the terms of an ontology file, in file order.

    Args:
        path: the file, possibly packed.
        report: counts what is read and left out; a malformed term is fatal where it is strict.

    Yields:
        Every class, obsolete ones and those of other ontologies among them.

    Raises:
        LoadError: the file is missing, broken or of an unknown form.
    """
    report = report if report is not None else ImportReport()
    reader = _reader(path)
    for term in reader(path, report):
        report.read[path.name] += 1
        yield term


def term_iri(identifier: str) -> str:
    """Give the IRI of an ontology term from its CURIE or IRI.

    Prefixes outside the project's map are taken as OBO prefixes; an IRI stays as it is.

    >>> term_iri("NCBITaxon:9606")
    'http://purl.obolibrary.org/obo/NCBITaxon_9606'
    """
    known = as_iri(xref(identifier))
    return known or _OBO + identifier.replace(":", "_", 1)


def xref(identifier: str) -> str:
    """Spell a cross-reference's prefix as the project does.

    >>> xref("MSH:D001172")
    'MESH:D001172'
    """
    prefix, colon, local = identifier.partition(":")
    return f"{_PREFIX_ALIASES.get(prefix.upper(), prefix)}{colon}{local}"


def _reader(path: Path) -> Callable[[Path, ImportReport], Iterator[OntologyTerm]]:
    endings = [ending for ending in path.suffixes if ending not in (".gz", ".zst")]
    readers = {".obo": _obo_terms, ".owl": _owl_terms, ".json": _json_terms}
    if not endings or endings[-1] not in readers:
        raise LoadError(f"is of an unknown form; known endings are {', '.join(readers)}", Place(path))
    return readers[endings[-1]]


def _json_terms(path: Path, report: ImportReport) -> Iterator[OntologyTerm]:
    for key, value in json_items(path):
        if key == "graphs" and isinstance(value, list):
            yield from _graph_terms(value)
        elif isinstance(value, Mapping) and isinstance(value.get("label"), str):
            yield _closure_term(key, value)
        elif isinstance(value, Mapping) and value.get("id") and isinstance(value.get("name"), str):
            yield _listed_term(value)
        elif key != "meta":
            report.skip(Place(path), "term without identifier or label", key, is_malformed=True)


def _closure_term(identifier: str, value: Mapping[str, Any]) -> OntologyTerm:
    """A term of ``{id: {label, ancestors: {id: distance}}}``: what is one step away is a parent."""
    ancestors = value.get("ancestors") or {}
    replaced_by = value.get("replaced_by") or ""
    return OntologyTerm(
        iri=term_iri(identifier),
        label=value["label"],
        synonyms=tuple(value.get("synonyms") or ()),
        parents=tuple(term_iri(parent) for parent, distance in ancestors.items() if distance == 1),
        is_deprecated=bool(value.get("deprecated")),
        replaced_by=term_iri(replaced_by) if replaced_by else "",
    )


def _listed_term(value: Mapping[str, Any]) -> OntologyTerm:
    """A term of ``[{id, name, namespace, relations: {is_a}, synonyms, xrefs: [{namespace, id}]}]``."""
    space = str(value.get("namespace") or "")

    def iri(identifier: str) -> str:
        return term_iri(identifier if ":" in identifier else f"{space.upper()}:{identifier}")

    return OntologyTerm(
        iri=iri(str(value["id"])),
        label=value["name"],
        synonyms=tuple(value.get("synonyms") or ()),
        parents=tuple(iri(parent) for parent in (value.get("relations") or {}).get("is_a", ())),
        xrefs=tuple(xref(f"{other['namespace']}:{other['id']}") for other in value.get("xrefs") or ()),
        merged=tuple(iri(other) for other in value.get("alt_ids") or ()),
        namespace=space,
    )


def _graph_terms(graphs: Sequence[Any]) -> Iterator[OntologyTerm]:
    """The classes of OBO Graph JSON."""
    for graph in graphs:
        parents: dict[str, list[str]] = {}
        for edge in graph.get("edges", ()):
            if edge["pred"] == "is_a":
                parents.setdefault(edge["sub"], []).append(edge["obj"])
        for node in graph.get("nodes", ()):
            if node.get("type") == "CLASS":
                yield _graph_term(node, parents.get(node["id"], ()))


def _graph_term(node: Mapping[str, Any], parents: Sequence[str]) -> OntologyTerm:
    meta = node.get("meta") or {}
    values: dict[str, list[str]] = {}
    for pair in meta.get("basicPropertyValues", ()):
        values.setdefault(pair["pred"], []).append(pair["val"])
    replaced_by = next(iter(values.get(_OBO + "IAO_0100001", ())), "")
    return OntologyTerm(
        iri=term_iri(node["id"]),
        label=node.get("lbl") or "",
        synonyms=tuple(one["val"] for one in meta.get("synonyms", ()) if one["pred"] == "hasExactSynonym"),
        parents=tuple(term_iri(parent) for parent in parents),
        xrefs=tuple(xref(one["val"]) for one in meta.get("xrefs", ())),
        is_deprecated=bool(meta.get("deprecated")),
        replaced_by=term_iri(replaced_by) if replaced_by else "",
        subsets=tuple(re.split("[#/]", one)[-1] for one in meta.get("subsets", ())),
    )


def _obo_terms(path: Path, report: ImportReport) -> Iterator[OntologyTerm]:
    for line, stanza in _obo_stanzas(path):
        if not stanza.get("id"):
            report.skip(Place(path, line), "term without identifier or label", "", is_malformed=True)
            continue
        yield _obo_term(stanza)


def _obo_stanzas(path: Path) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """The ``[Term]`` stanzas of an OBO file: the line each begins on, and its values by tag."""
    begun, stanza, is_term = 0, dict[str, list[str]](), False
    with open_text(path) as text:
        try:
            for number, line in enumerate(text, start=1):
                if line.startswith("["):
                    if is_term:
                        yield begun, stanza
                    begun, stanza, is_term = number, {}, line.strip() == "[Term]"
                elif is_term and ": " in line:
                    tag, _, value = line.strip().partition(": ")
                    stanza.setdefault(tag, []).append(value)
        except (UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
            raise LoadError(f"cannot be read as OBO ({error}); fetch the file again", Place(path)) from error
    if is_term:
        yield begun, stanza


def _obo_term(stanza: Mapping[str, list[str]]) -> OntologyTerm:
    def identifiers(tag: str) -> tuple[str, ...]:
        return tuple(value.split(" ")[0] for value in stanza.get(tag, ()))

    quoted = [match for value in stanza.get("synonym", ()) if (match := _QUOTED.match(value))]
    return OntologyTerm(
        iri=term_iri(identifiers("id")[0]),
        label=_unescaped(stanza.get("name", [""])[0]),
        synonyms=tuple(_unescaped(match[1]) for match in quoted if match[2] == "EXACT"),
        parents=tuple(term_iri(parent) for parent in identifiers("is_a")),
        xrefs=tuple(xref(other) for other in identifiers("xref")),
        is_deprecated=stanza.get("is_obsolete") == ["true"],
        replaced_by=next((term_iri(other) for other in identifiers("replaced_by")), ""),
        merged=tuple(term_iri(other) for other in identifiers("alt_id")),
        namespace=next(iter(stanza.get("namespace", ())), ""),
        subsets=identifiers("subset"),
    )


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _owl_terms(path: Path, report: ImportReport) -> Iterator[OntologyTerm]:
    """The named classes of an OWL file in RDF/XML that have a label.

    Classes that are only mentioned (an empty element) carry no facts and are counted as left out.
    """
    with open_text(path) as text:
        try:
            for _, element in ElementTree.iterparse(text, events=("end",)):
                if element.tag != _OWL + "Class" or not (iri := element.get(_RDF + "about")):
                    continue
                if element.find(_RDFS + "label") is None:
                    report.skip(Place(path), "class that is only mentioned", iri)
                else:
                    yield _owl_term(iri, element)
                element.clear()
        except (ElementTree.ParseError, UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
            raise LoadError(f"cannot be read as RDF/XML ({error}); fetch the file again", Place(path)) from error


def _owl_term(iri: str, element: ElementTree.Element) -> OntologyTerm:
    def texts(tag: str) -> tuple[str, ...]:
        return tuple((child.text or child.get(_RDF + "resource") or "").strip() for child in element.findall(tag))

    parents = (child.get(_RDF + "resource") for child in element.findall(_RDFS + "subClassOf"))
    replaced_by = next(iter(texts(_REPLACED_BY)), "")
    return OntologyTerm(
        iri=iri,
        label=texts(_RDFS + "label")[0],
        synonyms=texts(_OBO_IN_OWL + "hasExactSynonym") + texts(f"{{{_OBO}}}IAO_0000118"),
        parents=tuple(parent for parent in parents if parent),
        xrefs=tuple(xref(other) for other in texts(_OBO_IN_OWL + "hasDbXref")),
        is_deprecated=texts(_OWL + "deprecated") == ("true",),
        replaced_by=term_iri(replaced_by) if replaced_by else "",
    )
