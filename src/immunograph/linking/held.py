"""What the graph holds that another ontology can be joined to: nodes with a kind, names, hierarchy and identifiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from immunograph.names import name_key
from immunograph.store.graph import Graph, source_graph
from immunograph.vocabulary import IG

HIERARCHIES = ("Condition", "CellType", "ImmuneProcess", "Pathway")
"""Kinds of node that are named in public ontologies and stand in a hierarchy of ``ig:broader``."""
CLASSED = "Modulator"
"""The kind whose members are grouped by classes instead."""

_OTHERS = ("Target", "Measure")

_KINDS = " ".join(f"ig:{kind}" for kind in (*HIERARCHIES, CLASSED, *_OTHERS))
_NODES = (
    f"SELECT ?node ?kind ?label ?graph WHERE {{ VALUES ?kind {{ {_KINDS} }} "
    "GRAPH ?graph { ?node a ?kind ; rdfs:label ?label } }"
)
_PAIRS = "SELECT ?node ?other ?graph WHERE {{ GRAPH ?graph {{ ?node {} ?other }} }}"


@dataclass(slots=True)
class HeldNode:
    """One node.

    Attributes:
        iri: its IRI.
        label: its label.
        kind: one of ``HIERARCHIES``, ``Modulator``, ``Target`` or ``Measure``.
        names: its other names.
        broader: its stated parents.
        exact: identifiers elsewhere that are stated to be the same.
        close: identifiers elsewhere that are stated to be nearly the same.
    """

    iri: str
    label: str
    kind: str
    names: set[str] = field(default_factory=set)
    broader: set[str] = field(default_factory=set)
    exact: set[str] = field(default_factory=set)
    close: set[str] = field(default_factory=set)


def held_nodes(graph: Graph, without: str = "") -> dict[str, HeldNode]:
    """The nodes of a built graph as its sources state them, by IRI.

    Args:
        graph: the graph.
        without: slug of a source to leave out, such as the one about to be written again.
    """
    left_out = {source_graph(slug) for slug in ("inferred", "ontology", "mappings", without)}
    found: dict[str, HeldNode] = {}
    for node, kind, label, where in graph.select(_NODES).rows:
        if node and kind and label and where and where.value not in left_out:
            name = kind.value.removeprefix(IG)
            known = found.setdefault(node.value, HeldNode(node.value, label.value, name))
            known.kind = min(known.kind, name, key=(CLASSED, *HIERARCHIES, *_OTHERS).index)
    for predicate, attribute in (
        ("skos:altLabel", "names"),
        ("ig:broader", "broader"),
        ("skos:exactMatch", "exact"),
        ("skos:closeMatch", "close"),
    ):
        for node, other, where in graph.select(_PAIRS.format(predicate)).rows:
            if node and other and where and where.value not in left_out and node.value in found:
                getattr(found[node.value], attribute).add(other.value)
    return found


def by_identifier(nodes: Mapping[str, HeldNode]) -> dict[str, set[str]]:
    """Identifier elsewhere → the nodes that are stated to be the same."""
    found: dict[str, set[str]] = {}
    for node in nodes.values():
        for other in node.exact:
            found.setdefault(other, set()).add(node.iri)
    return found


def by_label(nodes: Iterable[HeldNode]) -> dict[str, set[str]]:
    """Key of a label → the nodes that have it."""
    found: dict[str, set[str]] = {}
    for node in nodes:
        found.setdefault(name_key(node.label), set()).add(node.iri)
    return found
