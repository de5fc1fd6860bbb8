"""``cx2``: CX2 for Cytoscape and NDEx, with places and colours.

Format: https://cytoscape.org/cx/cx2/specification/cytoscape-exchange-format-specification-(version-2)/. Nodes and edges
have whole numbers as identifiers; ours stand in ``represents`` of a node and ``identifier`` of an edge.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import IO, Any

from immunograph.exporters.drawing import (
    EDGE_COLOURS,
    NODE_COLOURS,
    OTHER_COLOUR,
    PLAIN_EDGE,
    SIGN_COLOURS,
    draw,
    pulls_sql,
    signed_predicates,
)
from immunograph.exporters.node_link import attributes_of_edge, attributes_of_node
from immunograph.exporters.properties import GRAPH_TYPES, PropertyType
from immunograph.exporters.stream import EDGE_LISTS, GraphStream
from immunograph.exporters.writing import Target

_LIST = "list_of_string"
_NODE_FIELDS = {"name": "string", "represents": "string", "iri": "string", "kind": "string", "kinds": _LIST}
_EDGE_FIELDS = {
    **dict.fromkeys(("identifier", "interaction", "kind"), "string"),
    **dict.fromkeys(("is_negated", "is_inferred"), "boolean"),
    **dict.fromkeys(EDGE_LISTS, _LIST),
}


def write(stream: GraphStream, target: Target) -> None:
    """Write a graph as CX2; every association is an edge."""
    connection = stream.connection
    draw(connection, "SELECT source, target, 1 AS n FROM edges", pulls_sql(stream.property_types("nodes")))
    declared = {
        "networkAttributes": {name: {"d": "string"} for name in ("name", "version", "description")},
        "nodes": _declared(_NODE_FIELDS, stream.property_types("nodes")),
        "edges": _declared(_EDGE_FIELDS, stream.property_types("edges")),
    }
    network = {
        "name": "ImmunoGraph",
        "version": stream.metadata.version,
        "description": "Immune modulators. For research, not medical advice.",
    }
    counts = [
        ("attributeDeclarations", 1),
        ("networkAttributes", 1),
        ("nodes", stream.count("nodes")),
        ("edges", stream.count("edges")),
        ("visualProperties", 1),
    ]
    with target.text() as file:
        file.write('[{"CXVersion": "2.0", "hasFragments": false},\n')
        _aspect(file, "metaData", [{"name": name, "elementCount": count} for name, count in counts])
        _aspect(file, "attributeDeclarations", [declared])
        _aspect(file, "networkAttributes", [network])
        _write_nodes(file, stream)
        _write_edges(file, stream)
        _aspect(file, "visualProperties", [_style()])
        file.write('{"status": [{"success": true}]}]\n')
    connection.execute("DROP TABLE drawn")


def _declared(fields: Mapping[str, str], properties: Sequence[PropertyType]) -> dict[str, Any]:
    own = {item.name: ("list_of_" if item.is_list else "") + GRAPH_TYPES[item.type] for item in properties}
    return {name: {"d": type_} for name, type_ in {**fields, **own}.items()}


def _write_nodes(file: IO[str], stream: GraphStream) -> None:
    file.write('{"nodes": [')
    for count, (node, (x, y)) in enumerate(zip(stream.nodes(), stream.rows("drawn", "x", "y"), strict=True)):
        values = attributes_of_node(node)
        values = {"name": values.pop("label"), "represents": node.id, "kind": next(iter(node.kinds), ""), **values}
        _item(file, count, {"id": count, "x": x, "y": -y, "v": values})
    file.write("\n]},\n")


def _write_edges(file: IO[str], stream: GraphStream) -> None:
    file.write('{"edges": [')
    for count, (edge, source, target) in enumerate(stream.edges_with_ends("SELECT id, rowid AS value FROM drawn")):
        values = attributes_of_edge(edge)
        values = {"identifier": edge.id, "interaction": values.pop("predicate"), **values}
        _item(file, count, {"id": count, "s": source, "t": target, "v": values})
    file.write("\n]},\n")


def _item(file: IO[str], count: int, item: Mapping[str, Any]) -> None:
    file.write(("," if count else "") + "\n" + json.dumps(item, ensure_ascii=False))


def _aspect(file: IO[str], name: str, items: Sequence[Mapping[str, Any]]) -> None:
    file.write(json.dumps({name: items}, ensure_ascii=False) + ",\n")


def _style() -> dict[str, Any]:
    signed = {name: SIGN_COLOURS[sign] for name, sign in signed_predicates().items()}
    return {
        "default": {
            "network": {"NETWORK_BACKGROUND_COLOR": "#FFFFFF"},
            "node": {
                "NODE_SHAPE": "ellipse",
                "NODE_WIDTH": 20,
                "NODE_HEIGHT": 20,
                "NODE_BACKGROUND_COLOR": OTHER_COLOUR,
            },
            "edge": {"EDGE_TARGET_ARROW_SHAPE": "triangle", "EDGE_LINE_COLOR": PLAIN_EDGE},
        },
        "nodeMapping": {
            "NODE_LABEL": {"type": "PASSTHROUGH", "definition": {"attribute": "name", "type": "string"}},
            "NODE_BACKGROUND_COLOR": _discrete("kind", NODE_COLOURS),
        },
        "edgeMapping": {"EDGE_LINE_COLOR": _discrete("interaction", {**EDGE_COLOURS, **signed})},
    }


def _discrete(attribute: str, colours: Mapping[str, str]) -> dict[str, Any]:
    pairs = [{"v": name, "vp": colour} for name, colour in colours.items()]
    return {"type": "DISCRETE", "definition": {"attribute": attribute, "type": "string", "map": pairs}}
