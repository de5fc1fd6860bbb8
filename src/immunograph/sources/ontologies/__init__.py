"""Ontology files in the forms that are published → terms.

The form is told by the content, else by the ending; ``.gz`` and ``.zst`` are unpacked. Known forms: OBO; OBO Graph
JSON; OWL or SKOS as RDF/XML, Turtle, N-Triples or JSON-LD; OWL in functional, Manchester and XML syntax (with the
extra ``owl``); ``{id: {label, ancestors: {id: distance}}}`` JSON; ``[{id, name, relations, xrefs}]`` JSON.
"""

from __future__ import annotations

from immunograph.sources.ontologies.reading import Release, read_release, read_terms
from immunograph.sources.ontologies.terms import OntologyHeader, OntologyTerm, term_iri, xref

__all__ = ["OntologyHeader", "OntologyTerm", "Release", "read_release", "read_terms", "term_iri", "xref"]
