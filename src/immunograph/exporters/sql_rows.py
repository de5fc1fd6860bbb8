"""Text that the engine makes of the rows of a table, a block at a time."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

_ROWS = 100_000


def text_rows(connection: duckdb.DuckDBPyConnection, text: str, table: str) -> Iterator[str]:
    """The text of each row of a table, in the table's order, some thousand rows joined at a time.

    Args:
        connection: holds the table.
        text: SQL of the text.
        table: the table's name.
    """
    cursor = connection.cursor()
    (count,) = cursor.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
    for low in range(0, count, _ROWS):
        cursor.execute(f"SELECT {text} FROM {table} WHERE rowid >= {low} AND rowid < {low + _ROWS}")
        yield "".join(row for (row,) in cursor.fetchall())
