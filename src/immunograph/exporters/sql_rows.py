"""Text that the engine makes of the rows of a query and writes itself, without a detour through Python."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import BinaryIO

import duckdb

from immunograph.exporters.sql import text_sql

_COPY_BYTES = 4 << 20


def append_rows(connection: duckdb.DuckDBPyConnection, text: str, query: str, file: BinaryIO) -> None:
    """Append the text of each row of a query to an open file, in the query's order.

    The engine writes to a file of its own beside it, which is then copied; memory does not grow with the rows.

    Args:
        connection: holds the tables.
        text: SQL of the text of a row.
        query: a SELECT.
        file: opened to write bytes.
    """
    part = Path(f"{file.name}.part")
    connection.execute(f"COPY (SELECT encode({text}) FROM ({query})) TO {text_sql(part)} (FORMAT blob)")
    with part.open("rb") as written:
        shutil.copyfileobj(written, file, _COPY_BYTES)
    part.unlink()
