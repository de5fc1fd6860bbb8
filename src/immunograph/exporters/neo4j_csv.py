"""``neo4j-csv``: files for ``neo4j-admin database import full``, with the command that reads them.

Form: https://neo4j.com/docs/operations-manual/5/import/ . The tool knows no escape for the sign between the elements
of a list, so a control character is taken that no element holds. Absent values are empty cells; a quoted empty cell is
an empty text. A list without elements cannot be written and is absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import resources
from importlib.resources.abc import Traversable

from immunograph.errors import ExportError
from immunograph.exporters.neo4j_tables import (
    Column,
    NodeTable,
    RelationshipTable,
    node_tables,
    prepare,
    relationship_tables,
)
from immunograph.exporters.sql import quoted
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import Target

SCHEMA = """\
// Run once after the import, as the first statements of a live load.
CREATE CONSTRAINT resource_id IF NOT EXISTS FOR (n:Resource) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT resource_uri IF NOT EXISTS FOR (n:Resource) REQUIRE n.uri IS UNIQUE;
CREATE INDEX entity_name IF NOT EXISTS FOR (n:Entity) ON (n.name);
"""
_DELIMITERS = (0x1F, 0x1E, 0x1D, 0x1C)
_BUFFER = 4 << 20

Table = NodeTable | RelationshipTable


def write(stream: GraphStream, target: Target) -> None:
    """Write one file for each kind of node and of relationship, ``schema.cypher`` and Cypher queries.

    Raises:
        ExportError: some list holds every sign that could stand between its elements.
    """
    prepare(stream)
    tables: list[Table] = [*node_tables(stream), *relationship_tables(stream)]
    delimiter = array_delimiter(stream, tables)
    many_lines, longest = [], 0
    for table in tables:
        has_lines, length = _extremes(stream, table)
        many_lines += [f"{table.name}.csv"] if has_lines else []
        longest = max(longest, length)
        stream.copy(_query(table, delimiter), target.path(f"{table.name}.csv"))
    write_beside(target)
    target.columns = columns_of(tables, delimiter)
    command = import_command(tables, delimiter, many_lines, longest)
    with target.text("import.sh") as file:
        file.write(
            f"#!/bin/sh\n# Run with the server stopped; then start it and run schema.cypher.\nset -e\n{command}\n"
        )
    target.path("import.sh").chmod(0o755)
    target.notes += [
        "stop the server, then in the folder of this export:",
        command,
        "start the server and run schema.cypher",
    ]


def write_beside(target: Target) -> None:
    """Write ``schema.cypher`` and the Cypher forms of saved queries."""
    with target.text("schema.cypher") as file:
        file.write(SCHEMA)
    target.path("queries").mkdir()
    for query in cypher_queries():
        with target.text(f"queries/{query}") as file:
            file.write(cypher_query(query))


def cypher_queries() -> list[str]:
    """File names of the saved queries that are there in Cypher too, sorted."""
    return sorted(item.name for item in _cypher().iterdir() if item.name.endswith(".cypher"))


def cypher_query(name: str) -> str:
    """The text of one of them."""
    return _cypher().joinpath(name).read_text(encoding="utf-8")


def _cypher() -> Traversable:
    return resources.files("immunograph.exporters").joinpath("cypher")


def array_delimiter(stream: GraphStream, tables: Iterable[Table]) -> int:
    """The code of a control character that no element of a list holds.

    Raises:
        ExportError: there is none.
    """
    lists = [(table.table, column) for table in tables for column in table.columns if column.is_list]
    for code in _DELIMITERS:
        if not any(_holds(stream, table, column, code) for table, column in lists):
            return code
    held = next(f"{column.name} of {table}" for table, column in lists if _holds(stream, table, column, _DELIMITERS[0]))
    raise ExportError(
        f"{held} holds each of U+001F, U+001E, U+001D and U+001C, which lists are split by; mend the text"
    )


def _holds(stream: GraphStream, table: str, column: Column, code: int) -> bool:
    if column.type != "string":
        return False
    query = f"SELECT 1 FROM {table} WHERE contains(array_to_string({column.sql}, ''), chr({code})) LIMIT 1"
    return bool(stream.connection.execute(query).fetchall())


def import_command(tables: Sequence[Table], delimiter: int, many_lines: Sequence[str], longest: int) -> str:
    """The command of the import tool; the database's name stands first, since options swallow what follows them."""
    parts = [
        "neo4j-admin database import full neo4j --overwrite-destination=true --id-type=string",
        f"--array-delimiter=U+{delimiter:04X}",
    ]
    if longest * 2 > _BUFFER:
        parts.append(f"--read-buffer-size={longest * 4}")
    if many_lines:
        parts.append(f"--multiline-fields={','.join(many_lines)} --multiline-fields-format=v2")
    for table in tables:
        parts.append(f"--{'nodes' if isinstance(table, NodeTable) else 'relationships'}={table.name}.csv")
    return " ".join(parts)


def columns_of(tables: Iterable[Table], delimiter: int) -> dict[str, object]:
    """What the columns are, for the manifest."""
    return {
        "array_delimiter": f"U+{delimiter:04X}",
        "files": {
            table.name: {column.name: column.type + ("[]" if column.is_list else "") for column in table.columns}
            for table in tables
        },
    }


def _query(table: Table, delimiter: int) -> str:
    columns = [f"{_cell(column, delimiter)} AS {quoted(_heading(column))}" for column in table.columns]
    if isinstance(table, NodeTable):
        labels = f"array_to_string({table.labels}, chr({delimiter}))"
        columns = ['id AS "id:ID"', *columns, f'{labels} AS ":LABEL"']
    else:
        columns = ['source AS ":START_ID"', *columns, 'target AS ":END_ID"', f'{table.type} AS ":TYPE"']
    return f"SELECT {', '.join(columns)} FROM {table.table}"


def _heading(column: Column) -> str:
    return f"{column.name}:{column.type}{'[]' if column.is_list else ''}"


def _cell(column: Column, delimiter: int) -> str:
    if not column.is_list:
        return column.sql
    return f"CASE WHEN len({column.sql}) > 0 THEN array_to_string({column.sql}, chr({delimiter})) END"


def _extremes(stream: GraphStream, table: Table) -> tuple[bool, int]:
    """Whether any value has a line break, and the bytes of the longest value."""
    texts = [f"array_to_string({c.sql}, '')" if c.is_list else c.sql for c in table.columns if c.type == "string"]
    broken = " OR ".join(f"bool_or(contains({text}, chr(10)) OR contains({text}, chr(13)))" for text in texts)
    longest = ", ".join(f"max(strlen({text}))" for text in texts)
    rows = stream.connection.execute(f"SELECT {broken}, greatest({longest}, 0) FROM {table.table}").fetchall()
    return bool(rows[0][0]), int(rows[0][1] or 0)
