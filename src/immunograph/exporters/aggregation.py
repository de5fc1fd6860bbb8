"""Parallel edges as one: the associations of the same source, predicate, denial and target, gathered.

Pictures and matrices want one edge where several sources say the same. The edge keeps the identifiers of what it
stands for; the qualifiers of the several associations become lists, in which what belonged together is not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb

from immunograph.exporters.properties import PropertyType
from immunograph.exporters.tables import quoted

EDGES_AT_ONCE = 100_000
LINKS = "drawn_edges"
"""The table that ``gather`` and ``keep`` make, sorted by source, predicate and target, or by identifier."""

LISTS = ("associations", "evidence", "publications", "addresses", "sources", "licences")
_KEY = "source, predicate, target, is_negated, is_inferred"


def gather(connection: duckdb.DuckDBPyConnection, properties: Sequence[PropertyType]) -> tuple[PropertyType, ...]:
    """Make the table ``drawn_edges`` with one row for each source, predicate, target, denial and inference.

    Columns: ``id`` (of the first association), ``kind``, the key, ``weight`` (how many associations), ``associations``
    and the other lists, and the properties, each a list.

    Returns:
        The properties as they now are.
    """
    connection.execute(f"""
        CREATE OR REPLACE TABLE shared_key AS SELECT {_KEY} FROM edges GROUP BY {_KEY} HAVING count(*) > 1;
        CREATE OR REPLACE TABLE parallel_edges AS
        SELECT * FROM edges SEMI JOIN shared_key USING ({_KEY}) ORDER BY source, predicate, target, id;
        CREATE OR REPLACE TABLE gathered AS {_gathered(properties, 0, 0)}
    """)
    for low, high in _ranges(connection):
        connection.execute(f"INSERT INTO gathered {_gathered(properties, low, high)}")
    connection.execute(f"""
        CREATE OR REPLACE TABLE {LINKS} AS
        SELECT * FROM gathered UNION ALL BY NAME {_single(properties)} ORDER BY {_KEY};
        DROP TABLE shared_key; DROP TABLE parallel_edges; DROP TABLE gathered
    """)
    return tuple(PropertyType(p.name, p.predicate, p.type, True, p.form) for p in properties)


def _gathered(properties: Sequence[PropertyType], low: int, high: int) -> str:
    """A SELECT that makes one row of the parallel edges of each key, in a range of rows."""
    united = [f"{_union(name)} AS {name}" for name in LISTS if name != "associations"]
    united += [f"{_union(p.name) if p.is_list else _distinct(p.name)} AS {quoted(p.name)}" for p in properties]
    return (
        f"SELECT min(id) AS id, min(kind) AS kind, {_KEY}, count(*) AS weight, list(id ORDER BY id) AS associations, "
        f"{', '.join(united)} FROM parallel_edges WHERE rowid >= {low} AND rowid < {high} GROUP BY {_KEY}"
    )


def _single(properties: Sequence[PropertyType]) -> str:
    """A SELECT of the edges that have no parallel ones, with the same columns."""
    lists = [name for name in LISTS if name != "associations"] + [quoted(p.name) for p in properties if p.is_list]
    lists += [
        f"CASE WHEN {quoted(p.name)} IS NOT NULL THEN [{quoted(p.name)}] END AS {quoted(p.name)}"
        for p in properties
        if not p.is_list
    ]
    return (
        f"SELECT id, kind, {_KEY}, 1::BIGINT AS weight, [id] AS associations, {', '.join(lists)} "
        f"FROM edges ANTI JOIN shared_key USING ({_KEY})"
    )


def keep(connection: duckdb.DuckDBPyConnection, properties: Sequence[PropertyType]) -> tuple[PropertyType, ...]:
    """Make the table ``drawn_edges`` with one row for each association, of the same columns but scalar properties."""
    connection.execute(f"""
        CREATE OR REPLACE TABLE {LINKS} AS
        SELECT *, 1 AS weight, [id] AS associations FROM edges
    """)
    return tuple(properties)


def _union(column: str) -> str:
    return f"list_sort(list_distinct(flatten(list({quoted(column)}) FILTER (WHERE {quoted(column)} IS NOT NULL))))"


def _distinct(column: str) -> str:
    return f"list_sort(list_distinct(list({quoted(column)}) FILTER (WHERE {quoted(column)} IS NOT NULL)))"


def _ranges(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, int]]:
    """Ranges of rows of ``parallel_edges``, none of which cuts the edges of a source in two."""
    (end,) = connection.execute("SELECT count(*) FROM parallel_edges").fetchall()[0]
    low = 0
    while low < end:
        high = min(low + EDGES_AT_ONCE, end)
        if high < end:
            (cut,) = connection.execute(
                f"SELECT min(rowid) FROM parallel_edges WHERE rowid >= {high} AND source <> "
                f"(SELECT source FROM parallel_edges WHERE rowid = {high - 1})"
            ).fetchall()[0]
            high = end if cut is None else int(cut)
        yield low, high
        low = high
