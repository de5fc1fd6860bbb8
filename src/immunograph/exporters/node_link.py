"""``networkx``: node-link JSON, which ``networkx.node_link_graph`` reads as a ``MultiDiGraph``.

One edge an association, with its CURIE as key; lists are lists, what is absent is absent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from immunograph.exporters.stream import Edge, GraphStream, Node
from immunograph.exporters.writing import Target


def write(stream: GraphStream, target: Target) -> None:
    """Write a graph as node-link JSON, one record a line."""
    with target.text() as file:
        graph = json.dumps({"name": "ImmunoGraph", "version": stream.metadata.version})
        file.write(f'{{"directed": true, "multigraph": true, "graph": {graph},\n"nodes": [')
        for number, node in enumerate(stream.nodes()):
            record = {"id": node.id, **attributes_of_node(node)}
            file.write(("," if number else "") + "\n" + json.dumps(record, ensure_ascii=False))
        file.write('\n],\n"edges": [')
        for number, edge in enumerate(stream.edges()):
            record = {"source": edge.source, "target": edge.target, "key": edge.id, **attributes_of_edge(edge)}
            file.write(("," if number else "") + "\n" + json.dumps(record, ensure_ascii=False))
        file.write("\n]}\n")


def attributes_of_node(node: Node) -> dict[str, Any]:
    """The attributes of a node in networkx and in what looks like it."""
    return {"iri": node.iri, "label": node.label, "kinds": list(node.kinds), **_plain(node.properties)}


def attributes_of_edge(edge: Edge) -> dict[str, Any]:
    """The attributes of an edge, without its ends and its key."""
    return {
        "kind": edge.kind,
        "predicate": edge.predicate,
        "is_negated": edge.is_negated,
        "is_inferred": edge.is_inferred,
        "evidence": list(edge.evidence),
        "publications": list(edge.publications),
        "addresses": list(edge.addresses),
        "sources": list(edge.sources),
        "licences": list(edge.licences),
        **_plain(edge.properties),
    }


def _plain(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in properties.items()}
