"""GEXF 1.3 for Gephi and Gephi Lite: edge kinds, lists, colours, sizes, and places for the first picture.

Format: https://gexf.net/ (schema 1.3). Gephi reads a list attribute only as ``["a", "b"]`` with backslashes before
quotes and backslashes; the other literals that the schema names stay one element there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from immunograph.exporters.aggregation import LISTS, gather, keep
from immunograph.exporters.drawing import SMALLEST, draw, edge_colour_sql, node_colour_sql, pulls_sql, signs_sql
from immunograph.exporters.properties import GRAPH_TYPES, PropertyType
from immunograph.exporters.sql import quoted
from immunograph.exporters.sql_rows import append_rows
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import Target
from immunograph.exporters.xml_sql import add_macros

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
<meta>
<creator>ImmunoGraph {version}</creator>
<description>Immune modulators. For research, not medical advice. Edges between two nodes: {edges}.</description>
</meta>
<graph defaultedgetype="directed" mode="static">
"""

Attribute = tuple[str, str, str]
"""Title, GEXF type, and the SQL of its value."""


def write(stream: GraphStream, target: Target) -> None:
    """Write a graph as GEXF.

    The kind of an edge is its predicate, with ``not`` before it where a source denies it, so that programs which
    merge edges of one kind never merge a statement with its denial. Parallel associations are one edge with their
    number as weight, or each an edge where the options say ``all``.
    """
    with target.file.open("wb") as file:
        write_gexf(stream, file, has_all_edges=target.options.edges == "all")
    if target.options.edges == "all":
        target.notes.append("In Gephi's import dialogue choose `Don't merge`, or parallel associations become one.")


def write_gexf(stream: GraphStream, target: BinaryIO, *, has_all_edges: bool = False, has_layout: bool = True) -> None:
    """Write a graph as GEXF to an open file, which is left open.

    Args:
        stream: what to write.
        target: the file, opened to write bytes.
        has_all_edges: whether each association stays an edge of its own.
        has_layout: whether places come from a force layout, where igraph is there and the graph is not too large.
    """
    connection = stream.cursor()
    add_macros(connection)
    properties = stream.property_types("edges")
    drawn = keep(properties) if has_all_edges else gather(connection, properties)
    draw(connection, drawn.ends, pulls_sql(stream.property_types("nodes")), has_layout)
    nodes = _node_attributes(stream.property_types("nodes"))
    edges = _edge_attributes(drawn.properties)
    told = "one for each association" if has_all_edges else "one for each predicate, weighted by associations"
    head = _HEAD.format(version=stream.metadata.version, edges=told)
    target.write(f"{head}{_declared('node', nodes)}{_declared('edge', edges)}<nodes>\n".encode())
    append_rows(connection, _node_sql(nodes), "SELECT nodes.*, x, y, size FROM nodes POSITIONAL JOIN drawn", target)
    target.write(b"</nodes>\n<edges>\n")
    for part in drawn.parts:
        append_rows(connection, _edge_sql(edges), part, target)
    target.write(b"</edges>\n</graph>\n</gexf>\n")
    connection.execute("DROP TABLE drawn; DROP TABLE IF EXISTS gathered; DROP TABLE IF EXISTS parallel_edges")


def _node_attributes(properties: Sequence[PropertyType]) -> list[Attribute]:
    return [
        ("kind", "string", "xml(kinds[1])"),
        ("kinds", "liststring", "list_of_texts(kinds)"),
        *map(_property, properties),
    ]


def _edge_attributes(properties: Sequence[PropertyType]) -> list[Attribute]:
    return [
        ("association kind", "string", "xml(kind)"),
        ("predicate", "string", "xml(predicate)"),
        ("sign", "string", f"nullif({signs_sql('predicate')}, '')"),
        ("negated", "boolean", "is_negated::VARCHAR"),
        ("inferred", "boolean", "is_inferred::VARCHAR"),
        *((name, "liststring", f"list_of_texts(nullif({name}, []))") for name in LISTS),
        *map(_property, properties),
    ]


def _property(known: PropertyType) -> Attribute:
    column, type_ = quoted(known.name), GRAPH_TYPES[known.type]
    if not known.is_list:
        return known.name, type_, f"xml({column})" if known.type == "string" else f"{column}::VARCHAR"
    literal = "list_of_texts" if known.type == "string" else "list_of_values"
    return known.name, "list" + type_, f"{literal}({column})"


def _declared(element: str, attributes: Sequence[Attribute]) -> str:
    lines = (
        f'<attribute id="{element[0]}{number}" title="{title}" type="{type_}"/>\n'
        for number, (title, type_, _) in enumerate(attributes)
    )
    return f'<attributes class="{element}" mode="static">\n{"".join(lines)}</attributes>\n'


def _values(element: str, attributes: Sequence[Attribute]) -> str:
    parts = ", ".join(
        f"""'<attvalue for="{element}{number}" value="' || {value} || '"/>'"""
        for number, (_, _, value) in enumerate(attributes)
    )
    return f"'<attvalues>', {parts}, '</attvalues>'"


def _node_sql(attributes: Sequence[Attribute]) -> str:
    # Gephi stretches sizes to 4..100, which no layout survives, unless it must choose the size of some node itself
    size = f"""CASE WHEN size = {SMALLEST} THEN '' ELSE '<viz:size value="' || round(size, 2) || '"/>' END"""
    return f"""concat('<node id="', xml(id), '" label="', xml(label), '">', {_values("n", attributes)},
      '<viz:color ', {node_colour_sql("kinds[1]")}, '/><viz:position x="', x, '" y="', y, '" z="0.0"/>', {size},
      '</node>', chr(10))"""


def _edge_sql(attributes: Sequence[Attribute]) -> str:
    kind = "CASE WHEN is_negated THEN 'not ' ELSE '' END, xml(predicate)"
    return f"""concat('<edge id="', xml(id), '" source="', xml(source), '" target="', xml(target), '" kind="', {kind},
      '" label="', {kind}, '" weight="', weight, '.0">', {_values("e", attributes)},
      '<viz:color ', {edge_colour_sql("predicate", "is_negated")}, '/></edge>', chr(10))"""
