"""Signed mechanism paths: chains of stated links from one node to another.

A sign is composed over stated links only: minus for inhibits, degrades, depletes, suppresses, inhibitsTarget and
protectsFrom; plus for activates, replaces, stimulates, activatesTarget and drives; none for the others, and a chain
with a link without sign has none. A receptor carries its ligand's signal, so that what is said of the ligand is
reached from the receptor with a plus. A path explains; it is no claim that the one treats the other.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from types import MappingProxyType

import networkx

from immunograph.analysis.ends import Said, said_of
from immunograph.analysis.statements import Asked, read_statements
from immunograph.identifiers import compress, expand

SIGNS: Mapping[str, int] = MappingProxyType(
    {
        "inhibits": -1,
        "degrades": -1,
        "depletes": -1,
        "activates": 1,
        "replaces": 1,
        "modulates": 0,
        "binds": 0,
        "signalsThrough": 1,
        "inhibitsTarget": -1,
        "activatesTarget": 1,
        "stimulates": 1,
        "suppresses": -1,
        "shifts": 0,
        "participatesIn": 0,
        "drives": 1,
        "protectsFrom": -1,
        "implicatedIn": 0,
    }
)
"""Predicate that a path may follow → its sign."""

CARRIES = "carriesSignalOf"
"""A receptor → its ligand: the stated link ``signalsThrough``, walked backwards."""

_TITLES = """
SELECT DISTINCT ?association ?title WHERE {
  VALUES ?association { %s }
  ?association ig:hasEvidence/ig:source/dcterms:title ?title .
}
ORDER BY ?association ?title
"""


@dataclass(frozen=True, slots=True)
class Link:
    """One stated link, in the direction that the path walks it.

    Attributes:
        subject: IRI that it is walked from.
        predicate: local name; ``carriesSignalOf`` for ``signalsThrough`` walked backwards.
        object: IRI that it leads to.
        sign: -1, 1, or 0 where it has none.
        associations: CURIEs of the associations that state it.
        sources: titles of their sources; empty until ``cited``.
    """

    subject: str
    predicate: str
    object: str
    sign: int
    associations: tuple[str, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MechanismPath:
    """A chain of links.

    Attributes:
        links: in order.
        stated: what sources state of its two ends, whatever the chain says; empty until ``cited``.
    """

    links: tuple[Link, ...]
    stated: tuple[Said, ...] = ()

    @property
    def sign(self) -> int:
        """The product of the links' signs: -1 counteracts, 1 promotes, 0 where a link has none."""
        return reduce(lambda sign, link: sign * link.sign, self.links, 1)


def mechanism_network(graph: Asked) -> networkx.DiGraph[str]:
    """The stated links as a directed network; each edge holds its ``links``, one a predicate."""
    network: networkx.DiGraph[str] = networkx.DiGraph()
    for link in _links(graph):
        if not network.has_edge(link.subject, link.object):
            network.add_edge(link.subject, link.object, links={})
        links: dict[str, Link] = network.edges[link.subject, link.object]["links"]
        known = links.get(link.predicate)
        links[link.predicate] = _united(known, link) if known else link
    return network


def mechanism_paths(
    network: networkx.DiGraph[str], start: str, end: str, *, hops: int, most: int
) -> list[MechanismPath]:
    """The shortest simple paths between two nodes, signed ones first among equals.

    Args:
        network: as ``mechanism_network`` gives it.
        start: IRI of the first node.
        end: IRI of the last node.
        hops: the longest path to give, in links.
        most: how many paths to give.

    Returns:
        The paths, shorter first; empty where there is none, as from a node to itself.

    Raises:
        ValueError: ``hops`` or ``most`` is less than one.
    """
    if hops < 1 or most < 1:
        raise ValueError(f"a path has one link at least and one is the fewest to give, not hops={hops}, most={most}")
    if start == end or start not in network or end not in network:
        return []
    found: list[MechanismPath] = []
    try:
        for nodes in networkx.shortest_simple_paths(network, start, end):
            if len(nodes) - 1 > hops or (len(found) >= 4 * most and len(nodes) - 1 > len(found[-1].links)):
                break
            found.extend(_signed(network, nodes))
            if len(found) > 50 * most:
                break
    except networkx.NetworkXNoPath:
        return []
    return sorted(found, key=_order)[:most]


def cited(graph: Asked, paths: Sequence[MechanismPath]) -> list[MechanismPath]:
    """The same paths, each link with the titles of its sources, each path with what is stated of its ends."""
    curies = sorted({curie for path in paths for link in path.links for curie in link.associations})
    values = " ".join(f"<{expand(curie)}>" for curie in curies)
    titles: dict[str, list[str]] = {}
    for association, title in graph.select(_TITLES % values).rows if values else []:
        if association and title:
            titles.setdefault(compress(association.value), []).append(title.value)

    def with_sources(link: Link) -> Link:
        found = dict.fromkeys(title for curie in link.associations for title in titles.get(curie, ()))
        return replace(link, sources=tuple(found))

    ends = dict.fromkeys((path.links[0].subject, path.links[-1].object) for path in paths)
    stated = {pair: tuple(said_of(graph, *pair)) for pair in ends}
    return [
        MechanismPath(tuple(map(with_sources, path.links)), stated[path.links[0].subject, path.links[-1].object])
        for path in paths
    ]


def _links(graph: Asked) -> Iterator[Link]:
    for stated in read_statements(graph, SIGNS):
        association = (compress(stated.association),)
        yield Link(stated.subject, stated.predicate, stated.object, SIGNS[stated.predicate], association)
        if stated.predicate == "signalsThrough":
            yield Link(stated.object, CARRIES, stated.subject, 1, association)


def _united(one: Link, other: Link) -> Link:
    return Link(
        one.subject,
        one.predicate,
        one.object,
        one.sign,
        (*one.associations, *other.associations),
    )


def _signed(network: networkx.DiGraph[str], nodes: list[str]) -> Iterator[MechanismPath]:
    """The paths along some nodes: one for each choice of predicates."""
    choices = [network.edges[pair]["links"].values() for pair in itertools.pairwise(nodes)]
    for links in itertools.islice(itertools.product(*choices), 16):
        yield MechanismPath(links)


def _order(path: MechanismPath) -> tuple[int, bool, tuple[tuple[str, str], ...]]:
    return len(path.links), path.sign == 0, tuple((link.predicate, link.object) for link in path.links)
