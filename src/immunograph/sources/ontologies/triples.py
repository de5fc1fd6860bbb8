"""Ontologies as triples (RDF/XML, Turtle, N-Triples, JSON-LD; OWL or SKOS) → terms.

Triples are read one at a time; what is kept grows with the classes and their names, not with the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from immunograph.errors import Place
from immunograph.sources.importer import ImportReport
from immunograph.sources.ontologies.terms import OBO, OntologyHeader, OntologyTerm, term_iri, xref

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_OBO_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"
_DCTERMS = "http://purl.org/dc/terms/"
_DC = "http://purl.org/dc/elements/1.1/"

FORMS = {
    "rdfxml": ox.RdfFormat.RDF_XML,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
}

GENUS = "https://w3id.org/immunograph/onto/genus"
"""Stands for: the class is defined as an intersection with that named member."""

_KEPT = {
    GENUS: "genus",
    _RDFS + "label": "label",
    _SKOS + "prefLabel": "label",
    _OBO_IN_OWL + "hasExactSynonym": "exact",
    OBO + "IAO_0000118": "alternative",
    _SKOS + "altLabel": "alternative",
    _OBO_IN_OWL + "hasRelatedSynonym": "other",
    _OBO_IN_OWL + "hasBroadSynonym": "other",
    _OBO_IN_OWL + "hasNarrowSynonym": "other",
    _SKOS + "hiddenLabel": "other",
    _RDFS + "subClassOf": "parent",
    _SKOS + "broader": "parent",
    _OBO_IN_OWL + "hasDbXref": "xref",
    _OWL + "deprecated": "deprecated",
    OBO + "IAO_0100001": "replaced",
    _DCTERMS + "isReplacedBy": "replaced",
    _OBO_IN_OWL + "hasAlternativeId": "merged",
    _OBO_IN_OWL + "hasOBONamespace": "namespace",
    _OBO_IN_OWL + "inSubset": "subset",
    _SKOS + "exactMatch": "equal",
    _OWL + "equivalentClass": "equal",
    _OBO_IN_OWL + "consider": "consider",
}
"""Predicate → what it says of a term."""

_NAMES = {"label", "exact", "alternative"}

_HEADER = {
    _OWL + "versionIRI": "version_iri",
    _OWL + "versionInfo": "version",
    _DCTERMS + "license": "licence",
    _DC + "rights": "licence",
    _DCTERMS + "title": "title",
    _DC + "title": "title",
}
_CLASSES = {_OWL + "Class", _RDFS + "Class", _SKOS + "Concept"}

Values = dict[str, list[str]]


def triple_terms(
    stream: IO[bytes], form: str, path: Path, report: ImportReport, header: OntologyHeader
) -> Iterator[OntologyTerm]:
    """The named classes (or SKOS concepts) of which anything is said, in file order; also those without a label.

    Classes that are only mentioned, under which nothing is, carry no facts and are counted as left out.
    """
    base = path.absolute().as_uri() + "#"
    triples = ox.parse(stream, FORMS[form], base_iri=base, lenient=True)
    yield from gathered_terms(((q.subject, q.predicate.value, q.object) for q in triples), path, report, header)


def gathered_terms(
    triples: Iterator[tuple[object, str, object]], path: Path, report: ImportReport, header: OntologyHeader
) -> Iterator[OntologyTerm]:
    """Gather the triples about each class, then give its term."""
    gathered = _Gathered()
    for subject, predicate, object_ in triples:
        gathered.take(subject, predicate, object_)
    gathered.describe(header)
    for iri, said in gathered.classes():
        if said or gathered.is_parent(iri):
            yield _term(iri, said)
        else:
            report.skip(Place(path), "class that is only mentioned", iri)


class _Gathered:
    """What triples say of classes, by class."""

    def __init__(self) -> None:
        self._classes: dict[str, None] = {}
        self._parents: set[str] = set()
        self._values: dict[str, Values] = {}
        self._about: dict[str, Values] = {}
        self._ontologies: list[str] = []
        self._genus = _Genus()

    def take(self, subject: object, predicate: str, object_: object) -> None:
        """Take one triple in."""
        if isinstance(subject, ox.BlankNode) or isinstance(object_, ox.BlankNode):
            self._genus.take(subject, predicate, object_)
            return
        iri, text = getattr(subject, "value", ""), getattr(object_, "value", "")
        if predicate == _RDF + "type":
            if text in _CLASSES:
                self._classes[iri] = None
            elif text == _OWL + "Ontology":
                self._ontologies.append(iri)
        elif kept := _KEPT.get(predicate):
            text = text.strip()
            if kept in _NAMES and (language := getattr(object_, "language", None) or "en").partition("-")[0] != "en":
                kept, text = "foreign", f"{text}@{language}"
            if kept == "parent" and text != _OWL + "Thing":
                self._classes.setdefault(iri)
                self._classes.setdefault(text)
                self._parents.add(text)
            self._values.setdefault(iri, {}).setdefault(kept, []).append(text)
        elif predicate in _HEADER:
            self._about.setdefault(iri, {}).setdefault(_HEADER[predicate], []).append(text)

    def is_parent(self, iri: str) -> bool:
        """Whether a class is placed under it."""
        return iri in self._parents

    def describe(self, header: OntologyHeader) -> None:
        """Fill in what the ontology says of itself."""
        for iri in self._ontologies[:1]:
            header.iri = iri
            for name, texts in self._about.get(iri, {}).items():
                setattr(header, name, texts[0])

    def classes(self) -> Iterator[tuple[str, Values]]:
        """Every class with what is said of it, in the order in which they were declared."""
        for iri, parent in self._genus.parents():
            self._values.setdefault(iri, {}).setdefault("genus", []).append(parent)
        for iri in self._classes:
            yield iri, self._values.get(iri, {})


class _Genus:
    """Named classes in the intersections that classes are defined as: ``A ≡ B ⊓ ∃p.C`` puts A under B."""

    def __init__(self) -> None:
        self._defined: dict[str, list[str]] = {}
        self._lists: dict[str, str] = {}
        self._first: dict[str, str] = {}
        self._rest: dict[str, str] = {}

    def take(self, subject: object, predicate: str, object_: object) -> None:
        """Take a triple in that has a blank node at one end."""
        start, end = getattr(subject, "value", ""), getattr(object_, "value", "")
        if predicate in {_OWL + "equivalentClass", _RDFS + "subClassOf"} and isinstance(subject, ox.NamedNode):
            self._defined.setdefault(end, []).append(start)
        elif predicate == _OWL + "intersectionOf" and isinstance(object_, ox.BlankNode):
            self._lists[start] = end
        elif predicate == _RDF + "first" and isinstance(object_, ox.NamedNode):
            self._first[start] = end
        elif predicate == _RDF + "rest" and isinstance(object_, ox.BlankNode):
            self._rest[start] = end

    def parents(self) -> Iterator[tuple[str, str]]:
        """Each class with the named members of its intersections."""
        for node, classes in self._defined.items():
            at = self._lists.get(node)
            while at:
                if at in self._first:
                    yield from ((iri, self._first[at]) for iri in classes)
                at = self._rest.get(at)


def _term(iri: str, said: Values) -> OntologyTerm:
    replaced = next(iter(said.get("replaced", ())), "")
    foreign = [(text, language) for text, _, language in (one.rpartition("@") for one in said.get("foreign", ()))]
    label = next(iter(said.get("label", ())), "") or next((text for text, _ in foreign), "")
    synonyms = (*said.get("exact", ()), *said.get("alternative", ()), *said.get("label", ())[1:])
    return OntologyTerm(
        iri=iri,
        label=label,
        synonyms=tuple(dict.fromkeys(name for name in synonyms if name != label)),
        parents=_parents(iri, said.get("parent", ())) or _parents(iri, said.get("genus", ())),
        xrefs=tuple(xref(other) for other in said.get("xref", ())),
        is_deprecated=next(iter(said.get("deprecated", ())), "") in {"true", "1"},
        replaced_by=term_iri(replaced) if replaced else "",
        merged=tuple(term_iri(other) for other in said.get("merged", ())),
        namespace=next(iter(said.get("namespace", ())), ""),
        subsets=tuple(one.replace("/", "#").rpartition("#")[2] for one in said.get("subset", ())),
        others=tuple(said.get("other", ())),
        equal=tuple(dict.fromkeys(term_iri(other) for other in said.get("equal", ()))),
        consider=tuple(term_iri(other) for other in said.get("consider", ())),
        foreign=tuple(dict.fromkeys(foreign)),
    )


def _parents(iri: str, stated: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(parent for parent in stated if parent not in {iri, _OWL + "Thing"}))
