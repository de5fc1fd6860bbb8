"""What a Neo4j database holds, and what a stream would have it hold, in one comparable form."""

from __future__ import annotations

from collections import Counter
from typing import Any

import neo4j

from immunograph.exporters.neo4j_tables import node_tables, prepare, relationship_tables
from immunograph.exporters.stream import GraphStream

Nodes = dict[str, tuple[frozenset[str], frozenset[tuple[str, Any]]]]
Relationships = Counter[tuple[str, str, str, frozenset[tuple[str, Any]]]]


def read_back(driver: neo4j.Driver) -> tuple[Nodes, Relationships]:
    """The nodes by ``id`` (labels, properties), and the relationships (from, type, to, properties) as a bag."""
    nodes: Nodes = {}
    with driver.session() as session:
        for record in session.run("MATCH (n:Resource) RETURN n.id AS id, labels(n) AS labels, properties(n) AS p"):
            assert record["id"] not in nodes
            nodes[record["id"]] = frozenset(record["labels"]), _frozen(record["p"])
        found = session.run(
            "MATCH (a:Resource)-[r]->(b:Resource) RETURN a.id AS a, type(r) AS type, b.id AS b, properties(r) AS p"
        )
        relationships = Counter((row["a"], row["type"], row["b"], _frozen(row["p"])) for row in found)
    return nodes, relationships


def expected(stream: GraphStream, *, has_lone_empty: bool = True) -> tuple[Nodes, Relationships]:
    """What a stream would have a database hold.

    Args:
        stream: the stream.
        has_lone_empty: whether the route can carry a list whose only element is an empty text.
    """
    prepare(stream)
    nodes: Nodes = {}
    for table in node_tables(stream):
        names = ["id", *(column.name for column in table.columns)]
        columns = ", ".join(["id", table.labels, *(column.sql for column in table.columns)])
        for id_, labels, *values in stream.connection.execute(f"SELECT {columns} FROM {table.table}").fetchall():
            given = dict(zip(names, [id_, *values], strict=True))
            nodes[id_] = frozenset(labels), _frozen(given, has_lone_empty=has_lone_empty)
    relationships: Relationships = Counter()
    for kind in relationship_tables(stream):
        columns = ", ".join(["source", kind.type, "target", *(column.sql for column in kind.columns)])
        for a, type_, b, *values in stream.connection.execute(f"SELECT {columns} FROM {kind.table}").fetchall():
            given = dict(zip((column.name for column in kind.columns), values, strict=True))
            relationships[a, type_, b, _frozen(given, has_lone_empty=has_lone_empty)] += 1
    return nodes, relationships


def _frozen(properties: dict[str, Any], *, has_lone_empty: bool = True) -> frozenset[tuple[str, Any]]:
    """Properties that are there: Neo4j keeps no nulls, and its text formats no empty lists."""
    kept = {}
    for name, value in properties.items():
        if value is None or value == [] or (value == [""] and not has_lone_empty):
            continue
        kept[name] = tuple(value) if isinstance(value, list) else value
    return frozenset(kept.items())
