"""Text that the engine made, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

_ROWS = 20_000


def text_rows(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[str]:
    """The text of the one column of a SELECT (given without that word), some thousand rows joined at a time."""
    cursor = connection.cursor()
    cursor.execute(f"SELECT {query}")
    while rows := cursor.fetchmany(_ROWS):
        yield "".join(row for (row,) in rows)
