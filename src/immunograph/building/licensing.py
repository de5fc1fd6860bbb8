"""The licence filter: which statements remain when only sources under some licences may be used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from immunograph.store.graph import Graph
from immunograph.store.reading import parse_file

_LICENCE = "<http://purl.org/dc/terms/license>"

_UNLICENSED = (
    "SELECT ?x WHERE { ?x a ig:Evidence ; ig:source ?source FILTER NOT EXISTS { ?source a dcat:Dataset } }",
    "SELECT ?x WHERE { ?x dcterms:source ?any FILTER NOT EXISTS { ?x dcterms:source ?source . ?source a dcat:Dataset }"
    " FILTER NOT EXISTS { ?x rdfs:isDefinedBy ?ontology } }",
)
"""Records and nodes none of whose sources is left."""

_BARE = (
    "SELECT ?x WHERE { ?x a ig:Association MINUS { ?x ig:hasEvidence ?record . ?record a ig:Evidence } }",
    "SELECT ?x WHERE { ?x dcterms:source ?any FILTER NOT EXISTS { ?x rdfs:label ?label } }",
    "SELECT ?x WHERE { ?x a ig:Association ; ig:subject|ig:object ?node FILTER NOT EXISTS { ?node rdfs:label ?name } }",
    "SELECT ?x WHERE { ?x a ig:Association ; ?p ?node FILTER(isIRI(?node) && ?p NOT IN (rdf:type, ig:mediatedBy)) "
    "FILTER NOT EXISTS { ?node ?q ?o } }",
    "SELECT ?x WHERE { ?x a ig:Combination ; ig:member ?node FILTER NOT EXISTS { ?node a ig:Modulator } }",
    "SELECT ?x WHERE { ?x a ig:Affinity FILTER NOT EXISTS { ?a ig:hasAffinity ?x } }",
    "SELECT ?x WHERE { ?x a ig:Evidence FILTER NOT EXISTS { ?a ig:hasEvidence ?x } }",
)
"""What cannot stand without something that was left out; asked again until nothing is found."""

_DANGLING = (
    "SELECT ?s ?p ?o WHERE { VALUES ?p { ig:hasEvidence ig:broader ig:mediatedBy } ?s ?p ?o "
    "FILTER NOT EXISTS { ?o ?q ?v } }",
    "SELECT ?s ?p ?o WHERE { VALUES ?p { dcterms:source } ?s ?p ?o FILTER NOT EXISTS { ?o a dcat:Dataset } "
    "FILTER NOT EXISTS { ?s rdfs:isDefinedBy ?ontology } }",
)
"""Links to something that was left out, without which their subject still stands."""


def licences_stated(files: Iterable[Path]) -> frozenset[str]:
    """The licences of the sources that files describe.

    Raises:
        LoadError: a file does not parse.
    """
    return frozenset(
        str(quad.object)[1:-1] for path in files for quad in parse_file(path) if str(quad.predicate) == _LICENCE
    )


def drop_unlicensed(graph: Graph, licences: frozenset[str]) -> str:
    """Remove the sources under other licences, what only they state, and what cannot stand without it.

    Returns:
        A note on how much was left out.
    """
    sources = _found(graph, "SELECT ?x WHERE { ?x a dcat:Dataset }")
    kept = {licence: _found(graph, f"SELECT ?x WHERE {{ ?x dcterms:license <{licence}> }}") for licence in licences}
    graph.drop([source for source in sources if not any(source in found for found in kept.values())])
    graph.drop([node for query in _UNLICENSED for node in _found(graph, query)])
    associations = 0
    while nodes := {node for query in _BARE for node in _found(graph, query)}:
        associations += len(nodes & set(_found(graph, "SELECT ?x WHERE { ?x a ig:Association }")))
        graph.drop(sorted(nodes))
        for query in _DANGLING:
            graph.drop_links(query)
    for query in _DANGLING:
        graph.drop_links(query)
    return f"{associations:,} associations left out by licence"


def _found(graph: Graph, query: str) -> Sequence[str]:
    return [term.value for (term,) in graph.select(query).rows if term]
