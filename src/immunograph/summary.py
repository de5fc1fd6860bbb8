"""What a graph holds, in numbers: counts by kind and class, sources with their licences."""

from __future__ import annotations

from collections.abc import Iterator

from immunograph.errors import QueryError
from immunograph.identifiers import compress
from immunograph.licences import short_name
from immunograph.store.graph import Graph
from immunograph.vocabulary import ASSOCIATION_KINDS, IG, NODE_KINDS

_QUALIFIED = {
    "boxed_warnings": "?s a ig:AdverseReaction ; ig:boxedWarning true",
    "with_frequency": "?s a ig:AdverseReaction ; ig:frequencyPercent|ig:frequencyBand ?f",
    "mediated": "?s a ig:AdverseReaction ; ig:mediatedBy ?m",
    "negated": "?s a ig:Association ; ig:negated true",
}

_TYPES = "SELECT ?x (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?x } GROUP BY ?x"
_DISTINCT = (
    f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ VALUES ?kind {{ {' '.join(f'ig:{kind}' for kind in NODE_KINDS)} }} "
    "?s a ?kind }"
)
_PREDICATES = "SELECT ?x (COUNT(?s) AS ?n) WHERE { ?s a ig:Association ; ig:predicate ?x } GROUP BY ?x"
_CLASSES = (
    "SELECT ?x (COUNT(DISTINCT ?m) AS ?n) WHERE { ?x a ig:ModulatorClass . ?m a ?x ; a ig:Modulator } GROUP BY ?x"
)
_USES = "SELECT ?x (COUNT(DISTINCT ?a) AS ?n) WHERE { ?a ig:hasEvidence/ig:source ?x } GROUP BY ?x"
_SOURCES = (
    "SELECT ?s ?title ?licence ?version ?publisher WHERE { ?s a dcat:Dataset ; dcterms:title ?title ; "
    "dcterms:license ?licence ; dcterms:publisher ?publisher OPTIONAL { ?s pav:version ?version } } ORDER BY ?s"
)


def counts_of(graph: Graph) -> dict[str, object]:
    """Count the nodes, associations, predicates, qualifiers and evidence of a graph, and list its sources.

    Every node kind and association kind is a key, also where there is none of it. ``nodes_total`` counts a node that is
    of two kinds, such as a cytokine that is modulator and target, once; so the kinds may add up to more.
    """
    types = dict(_counted(graph, _TYPES))
    return {
        "nodes": {kind: types.get(IG + kind, 0) for kind in NODE_KINDS},
        "nodes_total": _count(graph, _DISTINCT),
        "modulator_classes": types.get(IG + "ModulatorClass", 0),
        "modulators_by_class": {iri.removeprefix(IG): n for iri, n in sorted(_counted(graph, _CLASSES))},
        "associations": {kind: types.get(IG + kind, 0) for kind in ASSOCIATION_KINDS},
        "associations_total": types.get(IG + "Association", 0),
        "predicates": {iri.removeprefix(IG): n for iri, n in sorted(_counted(graph, _PREDICATES))},
        "qualified": {
            name: _count(graph, f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {pattern} }}")
            for name, pattern in _QUALIFIED.items()
        },
        "evidence": types.get(IG + "Evidence", 0),
        "sources": list(_sources(graph)),
    }


def _sources(graph: Graph) -> Iterator[dict[str, object]]:
    uses = dict(_counted(graph, _USES))
    for row in graph.select(_SOURCES).rows:
        source, title, licence, version, publisher = (term.value if term else "" for term in row)
        yield {
            "source": compress(source).partition(":")[2],
            "title": title,
            "publisher": publisher,
            "licence": short_name(licence),
            "version": version,
            "associations": uses.get(source, 0),
        }


def _counted(graph: Graph, query: str) -> Iterator[tuple[str, int]]:
    for term, count in graph.select(query).rows:
        if term and count:
            yield term.value, int(count.value)


def _count(graph: Graph, query: str) -> int:
    rows = graph.select(query).rows
    if not rows or rows[0][0] is None:
        raise QueryError("a count gave no row; build the graph again with `immunograph build --force`")
    return int(rows[0][0].value)
