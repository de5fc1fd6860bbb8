"""Direct edges that somebody states: held against the shapes of the association that would state them.

In the data an edge comes from an association, which the shapes judge. An edge without one is judged as if it had one:
its ends must be of the kinds that the shapes of that kind of association ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import rdflib
from rdflib.namespace import RDF, RDFS

from immunograph.identifiers import compress
from immunograph.store.graph import Graph
from immunograph.store.triples import Triple
from immunograph.validation.checks import Check, findings_of
from immunograph.validation.report import Finding, Report, sorted_findings
from immunograph.validation.shapes import validate_shapes
from immunograph.vocabulary import IG

_TYPE, _SUBCLASS, _STATED_BY = f"<{RDF.type}>", f"<{RDFS.subClassOf}>", f"<{IG}statedBy>"
_ENDS = (IG + "subject", IG + "object")
_AS_IF = "urn:immunograph:as-if:"
_REMEDY = "Take the node or the predicate that is meant; docs/model.md lists which kinds a predicate joins."


def stated_edges(graph: Graph) -> Iterator[Triple]:
    """The direct edges in a graph of what is stated: triples with a predicate that associations state."""
    for predicate, _, _ in graph.matching(None, _STATED_BY):
        yield from graph.matching(None, predicate)


def validate_edges(graph: Graph, edges: Iterable[Triple], shapes: rdflib.Graph, checks: Sequence[Check] = ()) -> Report:
    """Judge the ends of direct edges as those of associations.

    Args:
        graph: what is stated, with the ontology's class tree.
        edges: direct edges, as N-Triples terms.
        shapes: the shapes of associations.
        checks: whole-graph checks that look at the subject, predicate and object of an association and nothing else.

    Returns:
        The findings; the focus is the edge's subject, the path its predicate, the value its object.
    """
    as_if = {f"{_AS_IF}{number}": edge for number, edge in enumerate(sorted(edges))}
    if not as_if:
        return Report()
    small = Graph.in_memory()
    small.add(graph.matching(None, _SUBCLASS))
    small.add(graph.matching(None, _STATED_BY))
    small.add(_described(graph, as_if))
    found = [f for f in validate_shapes(small, shapes).findings if f.path in _ENDS]
    found += [f for check in checks for f in findings_of(small, check)]
    return Report(sorted_findings([_of_edge(f, as_if[f.focus]) for f in found if f.focus in as_if]))


def _described(graph: Graph, as_if: dict[str, Triple]) -> Iterator[Triple]:
    """An association for each edge, and what its ends are stated to be."""
    kinds = {predicate: kind for predicate, _, kind in graph.matching(None, _STATED_BY)}
    for name, edge in as_if.items():
        node = f"<{name}>"
        yield node, _TYPE, kinds[edge[1]]
        for part, term in zip(("subject", "predicate", "object"), edge, strict=True):
            yield node, f"<{IG}{part}>", term
        for end in (edge[0], edge[2]):
            if not end.startswith('"'):
                yield from _kinds_of(graph, end)


def _kinds_of(graph: Graph, node: str) -> Iterator[Triple]:
    """What a node is stated to be, classes above those included, since checks look at stated classes alone."""
    seen: set[str] = set()
    waiting = [kind for _, _, kind in graph.matching(node, _TYPE)]
    while waiting:
        kind = waiting.pop()
        if kind not in seen:
            seen.add(kind)
            yield node, _TYPE, kind
            waiting += [above for _, _, above in graph.matching(kind, _SUBCLASS)]


def _of_edge(finding: Finding, edge: Triple) -> Finding:
    subject, predicate, object_ = (term.removeprefix("<").removesuffix(">") for term in edge)
    what = f"{compress(predicate)} as if it were an association: {finding.message}"
    return replace(finding, focus=subject, path=predicate, value=object_, term=edge[2], message=what, remedy=_REMEDY)
