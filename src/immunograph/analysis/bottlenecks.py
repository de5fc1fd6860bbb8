"""Which nodes lie on the ways from modulators to an adverse effect of theirs, beside how linked each is anyway.

The network holds stated mechanism links, and a link from a target to an effect wherever a reaction is stated to be
mediated by an action on that target. The share of a node is its betweenness between the modulators that are stated to
have the effect (or a narrower one) and the effect: of all shortest ways from each such modulator, the part that
passes through the node (Brandes 2001, as networkx computes it). A hub lies on many ways because it has many links;
hence the rank by links alone beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import networkx

from immunograph.analysis.paths import SIGNS
from immunograph.analysis.repurposing import middle_places
from immunograph.analysis.statements import Asked, read_statements

_REACTIONS = """
SELECT DISTINCT ?modulator ?effect ?target WHERE {
  {
    BIND(%(effect)s AS ?effect)
  } UNION {
    ?effect ig:broader %(effect)s
  }
  ?association a ig:AdverseReaction ;
    ig:object ?effect ;
    ig:predicate ig:hasAdverseEffect ;
    ig:subject ?modulator .
  FILTER NOT EXISTS { ?association ig:negated true }
  OPTIONAL { ?association ig:mediatedBy/ig:object ?target }
}
"""


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A node between modulators and an effect.

    Attributes:
        node: IRI.
        share: of the shortest ways, 0 to 1.
        rank: its place by share, from 1.
        modulators: how many of the modulators with the effect have a way through it.
        degree: how many links it has in the whole network: the baseline.
        degree_rank: its place by links alone among the nodes on any way; ties share the middle place.
    """

    node: str
    share: float
    rank: int
    modulators: int
    degree: int
    degree_rank: float


def bottlenecks(graph: Asked, effect: str) -> list[Bottleneck]:
    """The nodes between the modulators that have an effect, given as an IRI, and the effect; most ways first.

    Returns:
        Empty where no stated way leads from any such modulator to the effect.
    """
    network, sources = _network(graph, effect)
    reaching = networkx.ancestors(network, effect) if effect in network else set()
    starts = sources & reaching
    if not starts:
        return []
    ways = network.subgraph(reaching | {effect})
    between = networkx.betweenness_centrality_subset(ways, sorted(starts), [effect], normalized=False)
    shares = {node: value / len(starts) for node, value in between.items() if value > 0 and node not in starts}
    degrees = {node: network.degree(node) for node in shares}
    places = middle_places(degrees)
    passing = _passing(ways, starts, effect)
    order = sorted(shares, key=lambda node: (-shares[node], node))
    return [
        Bottleneck(node, shares[node], rank, passing[node], degrees[node], places[node])
        for rank, node in enumerate(order, start=1)
    ]


def _network(graph: Asked, effect: str) -> tuple[networkx.DiGraph[str], set[str]]:
    """The mechanism links with those of mediated reactions, and the modulators that have the effect."""
    network: networkx.DiGraph[str] = networkx.DiGraph()
    for link in read_statements(graph, SIGNS):
        network.add_edge(link.subject, link.object)
        if link.predicate == "signalsThrough":  # a receptor carries its ligand's signal
            network.add_edge(link.object, link.subject)
    sources: set[str] = set()
    for modulator, narrower, target in graph.select(_REACTIONS % {"effect": f"<{effect}>"}).rows:
        if modulator and narrower:
            sources.add(modulator.value)
            if target:
                network.add_edge(target.value, effect)
            if narrower.value != effect and narrower.value in network:
                network.add_edge(narrower.value, effect)
    return network, sources


def _passing(ways: networkx.DiGraph[str], starts: set[str], effect: str) -> dict[str, int]:
    """Node → how many starts have a shortest way to the effect through it."""
    to_effect = networkx.single_source_shortest_path_length(ways.reverse(copy=False), effect)
    passing: dict[str, int] = dict.fromkeys(ways, 0)
    for start in starts:
        for node, steps in networkx.single_source_shortest_path_length(ways, start, to_effect[start]).items():
            if node in to_effect and steps + to_effect[node] == to_effect[start]:
                passing[node] += 1
    return passing
