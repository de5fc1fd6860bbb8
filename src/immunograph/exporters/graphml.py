"""GraphML 1.0, as networkx, igraph, yEd and Cytoscape read it.

Format: http://graphml.graphdrawing.org/. It has no lists: a list is written as JSON text, and each list's name is in
the manifest's schema. Every association is an edge of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from immunograph.exporters.properties import GRAPH_TYPES, PropertyType
from immunograph.exporters.sql import iri_sql, quoted
from immunograph.exporters.sql_rows import append_rows
from immunograph.exporters.stream import EDGE_LISTS, GraphStream
from immunograph.exporters.writing import Target
from immunograph.exporters.xml_sql import add_macros

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""

Key = tuple[str, str, str]
"""Name, GraphML type, and the SQL of the value."""


def write(stream: GraphStream, target: Target) -> None:
    """Write a graph as GraphML."""
    connection = stream.connection
    add_macros(connection)
    nodes, edges = _node_keys(stream.property_types("nodes")), _edge_keys(stream.property_types("edges"))
    with target.file.open("wb") as file:
        file.write(f"{_HEAD}{_declared('node', nodes)}{_declared('edge', edges)}".encode())
        file.write(b'<graph id="immunograph" edgedefault="directed">\n')
        head = """'<node id="' || xml(id) || '">'"""
        text = f"{head} || {_data('n', nodes)} || '</node>' || chr(10)"
        append_rows(connection, text, "SELECT * FROM nodes", file)
        head = """'<edge id="' || xml(id) || '" source="' || xml(source) || '" target="' || xml(target) || '">'"""
        text = f"{head} || {_data('e', edges)} || '</edge>' || chr(10)"
        append_rows(connection, text, "SELECT * FROM edges", file)
        file.write(b"</graph>\n</graphml>\n")


def _node_keys(properties: Sequence[PropertyType]) -> list[Key]:
    fields = [("iri", "string", f"xml({iri_sql('id')})"), ("label", "string", "xml(label)")]
    return [*fields, ("kinds", "string", "xml(to_json(kinds)::VARCHAR)"), *map(_key, properties)]


def _edge_keys(properties: Sequence[PropertyType]) -> list[Key]:
    return [
        ("association", "string", "xml(id)"),  # igraph mixes up the identifiers of edges and nodes
        ("kind", "string", "xml(kind)"),
        ("predicate", "string", "xml(predicate)"),
        ("is_negated", "boolean", "is_negated::VARCHAR"),
        ("is_inferred", "boolean", "is_inferred::VARCHAR"),
        *((name, "string", f"xml(to_json({name})::VARCHAR)") for name in EDGE_LISTS),
        *map(_key, properties),
    ]


def _key(known: PropertyType) -> Key:
    column = quoted(known.name)
    if known.is_list:
        return known.name, "string", f"xml(to_json({column})::VARCHAR)"
    return known.name, GRAPH_TYPES[known.type], f"xml({column})" if known.type == "string" else f"{column}::VARCHAR"


def _declared(element: str, keys: Sequence[Key]) -> str:
    return "".join(
        f'<key id="{element[0]}{number}" for="{element}" attr.name="{name}" attr.type="{type_}"/>\n'
        for number, (name, type_, _) in enumerate(keys)
    )


def _data(element: str, keys: Sequence[Key]) -> str:
    parts = (f"""'<data key="{element}{n}">' || {value} || '</data>'""" for n, (_, _, value) in enumerate(keys))
    return f"concat({', '.join(parts)})"
