"""OWL in functional, Manchester or XML syntax → terms, through py-horned-owl (the extra ``owl``)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
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

_Triple = tuple[object, str, object]


def axiom_terms(path: Path, form: str, report: ImportReport, header: OntologyHeader) -> Iterator[OntologyTerm]:
    """The named classes that have a label.

    Raises:
        MissingExtraError: py-horned-owl is not installed.
        LoadError: the file does not parse.
    """
    try:
        import pyhornedowl
    except ImportError as error:
        raise MissingExtraError("py-horned-owl", "owl") from error
    try:
        if path.suffix in {".gz", ".zst"}:
            with tempfile.NamedTemporaryFile(suffix=".owl") as plain:
                with open_bytes(path) as packed:
                    shutil.copyfileobj(packed, plain)
                plain.flush()
                ontology = pyhornedowl.open_ontology_from_file(plain.name, FORMS[form])
        else:
            ontology = pyhornedowl.open_ontology_from_file(str(path), FORMS[form])
    except (ValueError, SyntaxError, RuntimeError, OSError) as error:
        told = " ".join(str(error).split())[:200]
        raise LoadError(f"cannot be read as OWL in {form} syntax ({told}); check the file", Place(path)) from error
    yield from gathered_terms(_triples(ontology), path, report, header)


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
