"""Parallel edges as one: the associations of the same source, predicate, denial and target, gathered.

Pictures and matrices want one edge where several sources say the same. The edge keeps the identifiers of what it
stands for; the qualifiers of the several associations become lists, in which what belonged together is not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from immunograph.exporters.properties import PropertyType
from immunograph.exporters.sql import quoted, text_sql
from immunograph.exporters.stream import EDGE_LISTS
from immunograph.exporters.tables import row_ranges

EDGES_AT_ONCE = 100_000
SINGLES_AT_ONCE = 1_000_000
LISTS = ("associations", *EDGE_LISTS)
_KEY = "source, predicate, target, is_negated, is_inferred"


@dataclass(frozen=True, slots=True)
class DrawnEdges:
    """Edges as a picture has them.

    Attributes:
        properties: the properties, as columns of the parts.
        parts: SELECTs that give all edges one after the other, in an order that the graph alone decides. Columns:
            ``id`` (of the first association), ``kind``, source, predicate, target, denial and inference, ``weight``
            (how many associations), ``associations`` and the other lists, and the properties.
        ends: a SELECT of ``source``, ``target`` and ``n``; the sum of ``n`` is how many edges there are between two.
    """

    properties: tuple[PropertyType, ...]
    parts: tuple[str, ...]
    ends: str


def gather(connection: duckdb.DuckDBPyConnection, properties: Sequence[PropertyType]) -> DrawnEdges:
    """One edge for each source, predicate, target, denial and inference; every property becomes a list.

    Most associations have no parallel one. They are read where they lie; the others are sorted apart. Candidates are
    found by a hash of the key, which is a tenth as long: a chance equality makes a group of one, which is no harm.
    """
    connection.execute(f"""
        CREATE OR REPLACE TABLE shared_key AS
        SELECT hash({_KEY}) AS key FROM edges GROUP BY key HAVING count(*) > 1;
        CREATE OR REPLACE TABLE parallel_edges AS
        SELECT * FROM edges WHERE hash({_KEY}) IN (SELECT key FROM shared_key) ORDER BY {_KEY}, id;
        CREATE OR REPLACE TABLE gathered AS {_gathered(properties, 0, 0)};
        DROP TABLE shared_key
    """)
    (end,) = connection.execute("SELECT count(*) FROM parallel_edges").fetchall()[0]
    for low, high in row_ranges(connection, "parallel_edges", "source", (0, end), EDGES_AT_ONCE):
        connection.execute(f"INSERT INTO gathered {_gathered(properties, low, high)} ORDER BY {_KEY}")
    (count,) = connection.execute("SELECT count(*) FROM edges").fetchall()[0]
    singles = (_single(connection, properties, low) for low in range(0, count, SINGLES_AT_ONCE))
    return DrawnEdges(
        tuple(PropertyType(p.name, p.predicate, p.type, True, p.form) for p in properties),
        ("SELECT * FROM gathered", *singles),
        "SELECT source, target, 1 AS n FROM edges UNION ALL SELECT source, target, -1 FROM parallel_edges "
        "UNION ALL SELECT source, target, 1 FROM gathered",
    )


def keep(properties: Sequence[PropertyType]) -> DrawnEdges:
    """One edge for each association, with its properties as they are."""
    every = "SELECT *, 1::BIGINT AS weight, [id] AS associations FROM edges"
    return DrawnEdges(tuple(properties), (every,), "SELECT source, target, 1 AS n FROM edges")


def _gathered(properties: Sequence[PropertyType], low: int, high: int) -> str:
    """A SELECT that makes one row of the parallel edges of each key, in a range of rows."""
    united = [f"{_union(name)} AS {name}" for name in LISTS if name != "associations"]
    united += [f"{_union(p.name) if p.is_list else _distinct(p.name)} AS {quoted(p.name)}" for p in properties]
    return (
        f"SELECT min(id) AS id, min(kind) AS kind, {_KEY}, count(*) AS weight, list(id ORDER BY id) AS associations, "
        f"{', '.join(united)} FROM parallel_edges WHERE rowid >= {low} AND rowid < {high} GROUP BY {_KEY}"
    )


def _single(connection: duckdb.DuckDBPyConnection, properties: Sequence[PropertyType], low: int) -> str:
    """A SELECT of the edges that have no parallel ones, with the same columns, in a range of rows.

    The range is short enough for the engine to hold the identifiers that it leaves out, and so to keep the order.
    """
    here = f"rowid >= {low} AND rowid < {low + SINGLES_AT_ONCE}"
    first, last = connection.execute(f"SELECT min(id), max(id) FROM edges WHERE {here}").fetchall()[0]
    lists = [name for name in LISTS if name != "associations"] + [quoted(p.name) for p in properties if p.is_list]
    lists += [
        f"CASE WHEN {quoted(p.name)} IS NOT NULL THEN [{quoted(p.name)}] END AS {quoted(p.name)}"
        for p in properties
        if not p.is_list
    ]
    return (
        f"SELECT id, kind, {_KEY}, 1::BIGINT AS weight, [id] AS associations, {', '.join(lists)} "
        f"FROM (FROM edges WHERE {here}) ANTI JOIN "
        f"(SELECT id FROM parallel_edges WHERE id BETWEEN {text_sql(first)} AND {text_sql(last)}) USING (id)"
    )


def _union(column: str) -> str:
    return f"list_sort(list_distinct(flatten(list({quoted(column)}) FILTER (WHERE {quoted(column)} IS NOT NULL))))"


def _distinct(column: str) -> str:
    return f"list_sort(list_distinct(list({quoted(column)}) FILTER (WHERE {quoted(column)} IS NOT NULL)))"
