"""OWL in functional, Manchester or XML syntax → terms, through py-horned-owl (the extra ``owl``)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import pyoxigraph as ox

from immunograph.errors import LoadError, MissingExtraError, Place
from immunograph.sources.importer import ImportReport, open_bytes
from immunograph.sources.ontologies.terms import OntologyHeader, OntologyTerm
from immunograph.sources.ontologies.triples import GENUS, gathered_terms

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
_EQUIVALENT = "http://www.w3.org/2002/07/owl#equivalentClass"
_CLASS = ox.NamedNode("http://www.w3.org/2002/07/owl#Class")
_ONTOLOGY = ox.NamedNode("http://www.w3.org/2002/07/owl#Ontology")
_VERSION = "http://www.w3.org/2002/07/owl#versionIRI"

FORMS: Mapping[str, Literal["ofn", "omn", "owx"]] = {"functional": "ofn", "manchester": "omn", "owlxml": "owx"}

WHOLE_AT_MOST = 250_000_000
"""Characters of Manchester or XML syntax that are read, so that 8 GB of memory are enough."""

_Triple = tuple[object, str, object]
Tell = Callable[[float], None]
"""Is called with the share of a file that was read, 0 to 1."""


_NO_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>\s]*>|#[^\n]*', re.DOTALL)
_CHUNK = 2_000_000
"""Characters of functional syntax that are parsed at once: the parser takes near thirty times their room."""


def axiom_terms(
    path: Path, form: str, report: ImportReport, header: OntologyHeader, tell: Tell
) -> Iterator[OntologyTerm]:
    """The named classes that have a label.

    A file in functional syntax is read piece by piece, so that its size does not count; one in Manchester or XML syntax
    takes near thirty times its size in memory, and is refused where that would be more than 8 GB.

    Raises:
        MissingExtraError: py-horned-owl is not installed.
        LoadError: the file does not parse, or is too large for its syntax.
    """
    try:
        import pyhornedowl
    except ImportError as error:
        raise MissingExtraError("py-horned-owl", "owl") from error
    try:
        with open_bytes(path, tell) as stream, io.TextIOWrapper(stream, encoding="utf-8-sig") as text:
            pieces = functional_pieces(text) if form == "functional" else iter((_whole(text, form, path),))
            parsed = (pyhornedowl.open_ontology_from_string(piece, FORMS[form]) for piece in pieces)
            triples = (triple for ontology in parsed for triple in _triples(ontology))
            yield from gathered_terms(triples, path, report, header)
    except (ValueError, SyntaxError, RuntimeError, OSError) as error:
        told = " ".join(str(error).split())[:200]
        raise LoadError(f"cannot be read as OWL in {form} syntax ({told}); check the file", Place(path)) from error


def _whole(text: io.TextIOBase, form: str, path: Path) -> str:
    whole = text.read(WHOLE_AT_MOST + 1)
    if len(whole) <= WHOLE_AT_MOST:
        return whole
    syntax = "OWL/XML" if form == "owlxml" else "Manchester syntax"
    raise LoadError(
        f"is more than {WHOLE_AT_MOST // 1_000_000} MB of {syntax}, which takes near thirty times its size in memory; "
        f"convert it first, such as by `robot convert --input {path.name} --output {path.name}.ofn`",
        Place(path),
    )


def functional_pieces(lines: Iterable[str], size: int = _CHUNK) -> Iterator[str]:
    """Cut a document in functional syntax between axioms into documents that are small, each with all the prefixes.

    Raises:
        ValueError: the brackets or quotes do not close.
    """
    prefixes, body, pending, depth, length = "", list[str](), "", 0, 0
    for line in lines:
        pending += line
        bare = _NO_BRACKETS.sub("", pending)
        if '"' in bare:
            continue  # a text that goes on in the next line
        if not depth and "Ontology(" not in bare.replace(" ", ""):
            prefixes, pending = prefixes + pending, ""
            continue
        if not depth:
            before, _, pending = pending.partition("Ontology")
            prefixes, pending = prefixes + before, pending.partition("(")[2]
            bare = "(" + _NO_BRACKETS.sub("", pending)
        depth += bare.count("(") - bare.count(")")
        body.append(pending)
        length, pending = length + len(pending), ""
        if depth == 0:
            yield f"{prefixes}Ontology({''.join(body)}"
            return
        if depth == 1 and length > size:
            yield f"{prefixes}Ontology({''.join(body)})"
            body, length = [], 0
    raise ValueError("a bracket or a quote is not closed")


def _triples(ontology: Any) -> Iterator[_Triple]:
    """What the axioms of an ontology say of its classes, as triples."""
    itself = ox.NamedNode(str(ontology.get_iri() or "http://example.org/unnamed"))
    if ontology.get_iri():
        yield itself, _RDF_TYPE, _ONTOLOGY
    if ontology.get_version_iri():
        yield itself, _VERSION, ox.NamedNode(str(ontology.get_version_iri()))
    for iri in ontology.get_classes():
        yield ox.NamedNode(str(iri)), _RDF_TYPE, _CLASS
    for one in ontology.get_components():
        component = one.component
        read = _READERS.get(type(component).__name__)
        if read is not None:
            yield from read(component, itself)


def _of_subclass(axiom: Any, _: ox.NamedNode) -> Iterator[_Triple]:
    below = _named(axiom.sub)
    if below and (above := _named(axiom.sup)):
        yield below, _SUBCLASS, above
    for member in _members(axiom.sup):
        if below and (above := _named(member)):
            yield below, GENUS, above


def _of_equivalence(axiom: Any, _: ox.NamedNode) -> Iterator[_Triple]:
    """Named classes are the same; a named class and an intersection put it under the intersection's named members."""
    named = [one for some in axiom.first if (one := _named(some))]
    for one in named:
        for other in named:
            if one != other:
                yield one, _EQUIVALENT, other
        for some in axiom.first:
            for member in _members(some):
                if above := _named(member):
                    yield one, GENUS, above


def _of_annotation(axiom: Any, _: ox.NamedNode) -> Iterator[_Triple]:
    subject = getattr(axiom, "subject", None)
    iri = _text(subject)
    if "://" in iri or iri.startswith("urn:"):
        yield ox.NamedNode(iri), _text(axiom.ann.ap), _value(axiom.ann.av)


def _of_ontology(component: Any, itself: ox.NamedNode) -> Iterator[_Triple]:
    annotation = component.first
    yield itself, _text(annotation.ap), _value(annotation.av)


_READERS = {
    "SubClassOf": _of_subclass,
    "EquivalentClasses": _of_equivalence,
    "AnnotationAssertion": _of_annotation,
    "OntologyAnnotation": _of_ontology,
}


def _named(expression: Any) -> ox.NamedNode | None:
    return ox.NamedNode(_text(expression)) if type(expression).__name__ == "Class" else None


def _members(expression: Any) -> Any:
    return expression.first if type(expression).__name__ == "ObjectIntersectionOf" else ()


def _text(thing: Any) -> str:
    """The IRI of an entity, however deeply the library wraps it."""
    while not isinstance(thing, str) and hasattr(thing, "first"):
        thing = thing.first
    return str(thing).strip("<>")


def _value(value: Any) -> object:
    """An annotation's value as a term: a literal, or an IRI."""
    if hasattr(value, "literal"):
        language = getattr(value, "lang", None)
        return ox.Literal(value.literal, language=language) if language else ox.Literal(value.literal)
    return ox.NamedNode(_text(value))
