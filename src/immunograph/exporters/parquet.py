"""``parquet``: the tables as they are, with list columns; what is absent is null, and differs from an empty list.

Decimals are doubles; everything else is held as it is. DuckDB, polars, pandas and Arrow read it.
"""

from __future__ import annotations

from immunograph.exporters.sql import iri_sql, quoted, text_sql
from immunograph.exporters.stream import EDGE_FIELDS, GraphStream
from immunograph.exporters.tables import ROLES
from immunograph.exporters.writing import Target

_GROUP = 100_000
"""Rows held in memory at once."""


def write(stream: GraphStream, target: Target) -> None:
    """Write ``nodes.parquet``, ``edges.parquet``, ``evidence.parquet``, ``affinities.parquet``, ``sources.parquet``."""
    for table in ROLES:
        how = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_GROUP}"
        stream.connection.execute(
            f"COPY ({columns_sql(stream, table)}) TO {text_sql(target.path(f'{table}.parquet'))} ({how})"
        )


def columns_sql(stream: GraphStream, table: str) -> str:
    """A SELECT of every column of a table, in its order."""
    fields = list(EDGE_FIELDS) if table == "edges" else ["id", f"{iri_sql('id')} AS iri", "label", "kinds"]
    names = [*fields, *(quoted(item.name) for item in stream.property_types(table))]
    return f"SELECT {', '.join(names)} FROM {table} ORDER BY id"
