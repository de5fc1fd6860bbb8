"""``neo4j-cypher``: a script of ``LOAD CSV`` statements with its files, for servers that are running.

Labels and types cannot be parameters there, so there is a file for each set of labels and each type. Neo4j takes a
backslash before a quote as an escape (``db.import.csv.legacy_quote_escaping``), so backslashes are written as a control
character and turned back by the script.
"""

from __future__ import annotations

from collections.abc import Iterator

from immunograph.errors import ExportError
from immunograph.exporters.neo4j_csv import SCHEMA, Table, write_beside
from immunograph.exporters.neo4j_tables import Column, NodeTable, node_tables, prepare, relationship_tables
from immunograph.exporters.sql import quoted, texts_sql
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import Target
from immunograph.model import digest

_SIGNS = (0x1F, 0x1E, 0x1D, 0x1C, 0x02, 0x03)
_CASTS = {"long": "toInteger({})", "double": "toFloat({})", "boolean": "toBoolean({})"}

_LONGEST = 200
"""Characters of a file's name that every file system takes, with something to spare."""

FOLDER = "immunograph"
"""What the folder must be called in the server's import folder; always the same, so that the script is too."""

HEAD = f"""\
// Copy this folder into the server's import folder as {FOLDER}, then: cypher-shell -f load.cypher
// It may be run again: records are merged on their id.
"""


def write(stream: GraphStream, target: Target) -> None:
    """Write ``load.cypher`` and one CSV file for each set of labels and each type of relationship.

    Raises:
        ExportError: the texts hold every sign that could stand between the elements of a list.
    """
    prepare(stream)
    tables: list[Table] = [*node_tables(stream), *relationship_tables(stream)]
    between, backslash = free_signs(stream, tables)
    with target.text("load.cypher") as script:
        script.write(HEAD + SCHEMA)
        for table in tables:
            for name in groups(stream, table):
                file = file_name(table, name)
                stream.copy(_query(table, name, between, backslash), target.path(file))
                script.write(_statement(table, name, f"file:///{FOLDER}/{file}"))
                script.write(_set(table, name, between, backslash))
    write_beside(target)
    target.notes += [
        f"the folder must be {FOLDER} in the server's import folder; copy it there if it is not, then run in it:",
        "cypher-shell -f load.cypher",
    ]


def groups(stream: GraphStream, table: Table) -> Iterator[tuple[str, ...]]:
    """The sets of labels of a table of nodes, or its types of relationship, sorted."""
    key = table.labels if isinstance(table, NodeTable) else f"[{table.type}]"
    rows = stream.connection.execute(f"SELECT DISTINCT {key} AS k FROM {table.table} ORDER BY k").fetchall()
    yield from (tuple(labels) for (labels,) in rows)


def file_name(table: Table, name: tuple[str, ...]) -> str:
    """The name of a group's file: its labels, or a digest where they are no words (a class of another ontology)."""
    joined = "-".join(name)
    is_plain = joined.replace("-", "").replace("_", "").isalnum() and joined.isascii() and len(joined) < _LONGEST
    return f"{table.name}-{joined if is_plain else digest(joined)}.csv"


def in_group(table: Table, name: tuple[str, ...]) -> str:
    """SQL that holds for the records of one group."""
    texts = texts_sql(name)
    return f"{table.labels} = [{texts}]" if isinstance(table, NodeTable) else f"{table.type} = {texts}"


def ticked(name: str) -> str:
    """A label, type or property as Cypher."""
    return "`" + name.replace("`", "``") + "`"


def free_signs(stream: GraphStream, tables: list[Table]) -> tuple[int, int]:
    """Two control characters that no text holds: one between elements, one in the place of backslashes.

    Raises:
        ExportError: there are none.
    """
    texts = [
        (table.table, f"array_to_string({column.sql}, '')" if column.is_list else column.sql)
        for table in tables
        for column in table.columns
        if column.type == "string"
    ]
    held = set()
    for table, text in texts:
        checks = ", ".join(f"bool_or(contains({text}, chr({sign})))" for sign in _SIGNS)
        row = stream.connection.execute(f"SELECT {checks} FROM {table}").fetchall()[0]
        held |= {sign for sign, is_held in zip(_SIGNS, row, strict=True) if is_held}
    free = [sign for sign in _SIGNS if sign not in held]
    if len(free) < 2:
        raise ExportError("the texts hold control characters that lists are split by; remove U+001C to U+001F")
    return free[0], free[1]


def _query(table: Table, name: tuple[str, ...], between: int, backslash: int) -> str:
    ends = ["id"] if isinstance(table, NodeTable) else ["source AS start_id", "target AS end_id"]
    columns = [f"{_cell(column, between, backslash)} AS {quoted(column.name)}" for column in table.columns]
    return f"SELECT {', '.join([*ends, *columns])} FROM {table.table} WHERE {in_group(table, name)}"


def _cell(column: Column, between: int, backslash: int) -> str:
    text = column.sql
    if column.is_list:
        text = f"CASE WHEN len({text}) > 0 THEN array_to_string({text}, chr({between})) END"
    return f"replace({text}, '\\', chr({backslash}))" if column.type == "string" else text


def _statement(table: Table, name: tuple[str, ...], url: str) -> str:
    load = f"\nLOAD CSV WITH HEADERS FROM '{url}' AS row\nCALL (row) {{\n"
    if isinstance(table, NodeTable):
        return f"{load}  MERGE (x:Resource {{id: row.id}})\n"
    key = " {id: row.id}" if table.has_id else ""
    ends = "  MATCH (a:Resource {id: row.start_id}) MATCH (b:Resource {id: row.end_id})\n"
    return f"{load}{ends}  MERGE (a)-[x:{ticked(name[0])}{key}]->(b)\n"


def _set(table: Table, name: tuple[str, ...], between: int, backslash: int) -> str:
    labels = f"x:{':'.join(map(ticked, name))}, " if isinstance(table, NodeTable) else ""
    values = ", ".join(f"{ticked(column.name)}: {_value(column, between, backslash)}" for column in table.columns)
    return f"  SET {labels}x += {{{values}}}\n}} IN TRANSACTIONS OF 5000 ROWS;\n"


def _value(column: Column, between: int, backslash: int) -> str:
    cell = f"row.{ticked(column.name)}"
    one = _CASTS.get(column.type, f"replace({{}}, '\\u{backslash:04x}', '\\\\')")
    if column.is_list:
        return f"[v IN split({cell}, '\\u{between:04x}') | {one.format('v')}]"
    return one.format(cell)
