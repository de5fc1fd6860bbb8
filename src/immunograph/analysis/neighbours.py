"""What two nodes have in common: everything that a stated link joins to both, the specific before the ubiquitous."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx

from immunograph.analysis.statements import Asked
from immunograph.vocabulary import IG

_FROM = "SELECT ?predicate ?node WHERE { ?a ig:subject <%s> ; ig:predicate ?predicate ; ig:object ?node . %s }"
_TO = "SELECT ?predicate ?node WHERE { ?a ig:object <%s> ; ig:predicate ?predicate ; ig:subject ?node . %s }"
_NOT_NEGATED = "FILTER NOT EXISTS { ?a ig:negated true }"
_DEGREES = """
SELECT ?node (COUNT(DISTINCT ?other) AS ?degree) WHERE {
  VALUES ?node { %s }
  {
    ?association ig:subject ?node ; ig:object ?other
  } UNION {
    ?association ig:object ?node ; ig:subject ?other
  }
  FILTER NOT EXISTS { ?association ig:negated true }
}
GROUP BY ?node
"""


@dataclass(frozen=True, slots=True)
class SharedNeighbour:
    """A node that two others are linked to.

    Attributes:
        node: IRI.
        first: links that it has with the first node, as ``inhibits`` or, where it is the subject, ``< inhibits``.
        second: the same with the second.
        degree: how many nodes it is linked to in all: the baseline.
        specificity: 1 / ln(degree), as Adamic and Adar weigh a common neighbour; the fewer links, the more it says.
    """

    node: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    degree: int
    specificity: float


def shared_neighbours(graph: Asked, first: str, second: str) -> list[SharedNeighbour]:
    """The nodes that stated links join to both of two nodes, given as IRIs; the most specific first."""
    network = _links_of(graph, (first, second))
    common = set(network.successors(first)) & set(network.successors(second)) - {first, second}
    degrees = _degrees(graph, common)
    found = [
        SharedNeighbour(
            node,
            tuple(sorted(network.edges[first, node]["names"])),
            tuple(sorted(network.edges[second, node]["names"])),
            degrees[node],
            1 / math.log(max(degrees[node], 2)),
        )
        for node in common
    ]
    return sorted(found, key=lambda shared: (shared.degree, shared.node))


def _links_of(graph: Asked, nodes: Iterable[str]) -> networkx.DiGraph[str]:
    """From each of some nodes to its neighbours; an edge holds the ``names`` of its links."""
    network: networkx.DiGraph[str] = networkx.DiGraph()
    network.add_nodes_from(nodes)
    for node in list(network):
        for query, mark in ((_FROM, ""), (_TO, "< ")):
            for predicate, other in graph.select(query % (node, _NOT_NEGATED)).rows:
                if predicate and other:
                    if not network.has_edge(node, other.value):
                        network.add_edge(node, other.value, names=set())
                    network.edges[node, other.value]["names"].add(mark + predicate.value.removeprefix(IG))
    return network


def _degrees(graph: Asked, nodes: Iterable[str]) -> Mapping[str, int]:
    values = " ".join(f"<{node}>" for node in sorted(nodes))
    rows = graph.select(_DEGREES % values).rows if values else []
    return {node.value: int(degree.value) for node, degree in rows if node and degree}
