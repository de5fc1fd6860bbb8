"""Triples → one table a kind of record, sorted by identifier, filled a range of subjects at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from immunograph.exporters.properties import COLUMN_TYPES, PropertyType, Scanned, scan_properties
from immunograph.exporters.sql import quoted
from immunograph.licences import LICENCES
from immunograph.vocabulary import NODE_KINDS

ROLES = ("edges", "nodes", "evidence", "affinities", "sources")
"""The tables, each a kind of record."""

_MARKS = {
    "ig:Association": "edges",
    **{f"ig:{kind}": "nodes" for kind in NODE_KINDS},
    "ig:Evidence": "evidence",
    "ig:Affinity": "affinities",
    "dcat:Dataset": "sources",
}
"""Class → the kind of record that its members are."""

TRIPLES_AT_ONCE = 500_000
_TYPE, _LABEL, _SUBJECT, _PREDICATE, _OBJECT, _NEGATED, _EVIDENCE = 1, 2, 3, 4, 5, 6, 7
_PUBLICATION, _ADDRESS, _SOURCE, _LICENCE = 8, 9, 10, 11
_FIELDS = {
    ("rdf:type", "@id"): _TYPE,
    ("rdfs:label", "@en"): _LABEL,
    ("ig:subject", "@id"): _SUBJECT,
    ("ig:predicate", "@id"): _PREDICATE,
    ("ig:object", "@id"): _OBJECT,
    ("ig:negated", "xsd:boolean"): _NEGATED,
    ("ig:hasEvidence", "@id"): _EVIDENCE,
}
_OF_EVIDENCE = {"ig:reference": _PUBLICATION, "ig:address": _ADDRESS, "ig:source": _SOURCE}


@dataclass(frozen=True, slots=True)
class Tables:
    """What the tables of a staged graph hold: for each kind of record, its properties in the order of the columns."""

    properties: Mapping[str, tuple[PropertyType, ...]]

    def extended(self, table: str, more: PropertyType) -> Tables:
        """The same with one more property."""
        united = sorted((*self.properties[table], more), key=lambda known: known.name)
        return Tables({**self.properties, table: tuple(united)})


def lay_out(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables from what is loaded as ``asserted`` and ``ontology``.

    They are ``edges``, ``nodes``, ``evidence``, ``affinities`` and ``sources``, each sorted by ``id``; ``licence`` and
    ``term``, with the names of licences and of the ontology's terms; and ``property``, which ``read_tables`` reads.
    """
    scanned = scan_properties(connection)
    _sort_triples(connection, scanned)
    lists = _codes_of_lists(connection)
    known = {
        role: tuple(
            Scanned(code=item.code, property=_as_list(item.property, item.code in lists))
            for item in scanned
            if item.code in codes
        )
        for role, codes in _codes_by_role(connection).items()
    }
    for number, role in enumerate(ROLES):
        _fill(connection, number, role, known[role])
    connection.execute("DROP TABLE triples")
    _add_undescribed_nodes(connection)
    connection.execute("""
        CREATE TABLE term AS SELECT s AS id, min(v) AS label FROM ontology
        WHERE p = 'rdfs:label' AND form = '@en' AND starts_with(s, 'ig:') GROUP BY s ORDER BY s
    """)
    _describe(connection, known)


def read_tables(connection: duckdb.DuckDBPyConnection) -> Tables:
    """What the tables hold that ``lay_out`` made."""
    columns = "name, predicate, type, is_list, form"
    rows = connection.execute(f"SELECT role, {columns} FROM property ORDER BY role, position").fetchall()
    return Tables({role: tuple(PropertyType(*row[1:]) for row in rows if row[0] == role) for role in ROLES})


def _describe(connection: duckdb.DuckDBPyConnection, known: Mapping[str, Sequence[Scanned]]) -> None:
    connection.execute(
        "CREATE TABLE property (role VARCHAR, position INTEGER, name VARCHAR, predicate VARCHAR, type VARCHAR, "
        "is_list BOOLEAN, form VARCHAR)"
    )
    for role, items in known.items():
        for position, item in enumerate(items):
            row = [role, position, *item.property.as_dict().values()]
            connection.execute("INSERT INTO property VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def _sort_triples(connection: duckdb.DuckDBPyConnection, scanned: Sequence[Scanned]) -> None:
    """Number the predicates, hand each statement what its evidence says of sources, and sort by record."""
    connection.execute("CREATE TEMP TABLE predicate (p VARCHAR, form VARCHAR, code SMALLINT)")
    codes = [*_FIELDS.items(), *(((item.property.predicate, item.property.form), item.code) for item in scanned)]
    connection.executemany("INSERT INTO predicate VALUES (?, ?, ?)", [(p, form, code) for (p, form), code in codes])
    connection.execute("CREATE TEMP TABLE mark (v VARCHAR, role TINYINT)")
    connection.executemany("INSERT INTO mark VALUES (?, ?)", [(v, ROLES.index(role)) for v, role in _MARKS.items()])
    connection.execute("CREATE TABLE licence (iri VARCHAR, name VARCHAR)")
    connection.executemany("INSERT INTO licence SELECT curie(?), ?", [(iri, name) for name, iri in LICENCES.items()])
    passed = " ".join(f"WHEN '{name}' THEN {code}" for name, code in _OF_EVIDENCE.items())
    connection.execute(f"""
        CREATE TEMP TABLE role AS SELECT DISTINCT s, role FROM asserted JOIN mark USING (v) WHERE p = 'rdf:type';
        CREATE TEMP TABLE backing AS
        SELECT a.s, e.v, (CASE e.p {passed} END)::SMALLINT AS code
        FROM asserted a JOIN asserted e ON a.v = e.s
        WHERE a.p = 'ig:hasEvidence' AND e.p IN ('ig:reference', 'ig:address', 'ig:source');
        CREATE TEMP TABLE triples AS
        SELECT role, s, code, v FROM asserted JOIN predicate USING (p, form) JOIN role USING (s)
        UNION ALL BY NAME
        SELECT 0::TINYINT AS role, s, code, v FROM backing
        UNION ALL BY NAME
        SELECT 0::TINYINT AS role, b.s, {_LICENCE}::SMALLINT AS code, coalesce(l.name, a.v) AS v
        FROM backing b JOIN asserted a ON b.v = a.s LEFT JOIN licence l ON l.iri = a.v
        WHERE b.code = {_SOURCE} AND a.p = 'dcterms:license'
        ORDER BY role, s, code, v;
        DROP TABLE backing; DROP TABLE role; DROP TABLE mark; DROP TABLE predicate;
    """)


def _codes_of_lists(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """Codes of the properties of which some record has two values; the triples are sorted, so neighbours tell."""
    rows = connection.execute("""
        SELECT DISTINCT code FROM (
          SELECT code, s, v, lag(s) OVER () AS s1, lag(code) OVER () AS code1, lag(v) OVER () AS v1 FROM triples
        ) WHERE s = s1 AND code = code1 AND v <> v1
    """).fetchall()
    return {code for (code,) in rows}


def _codes_by_role(connection: duckdb.DuckDBPyConnection) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {role: set() for role in ROLES}
    for role, code in connection.execute("SELECT DISTINCT role, code FROM triples").fetchall():
        found[ROLES[role]].add(code)
    return found


def _as_list(known: PropertyType, is_list: bool) -> PropertyType:
    return PropertyType(known.name, known.predicate, known.type, known.is_list or is_list, known.form)


def _fill(connection: duckdb.DuckDBPyConnection, number: int, role: str, items: Sequence[Scanned]) -> None:
    """Make one table, a range of subjects at a time, so that memory does not grow with the graph."""
    fields = _edge_fields() if role == "edges" else _record_fields(role)
    columns = ", ".join([*fields, *(_property_sql(item) for item in items)])
    query = "SELECT {columns} FROM (SELECT s, code, v FROM triples WHERE rowid >= {low} AND rowid < {high}) GROUP BY s"
    connection.execute(f"CREATE TABLE {role} AS {query.format(columns=columns, low=0, high=0)}")
    found = connection.execute(f"SELECT min(rowid), max(rowid) + 1 FROM triples WHERE role = {number}").fetchall()
    rows = found[0] if found[0][0] is not None else (0, 0)
    for low, high in row_ranges(connection, "triples", "s", rows, TRIPLES_AT_ONCE):
        connection.execute(f"INSERT INTO {role} {query.format(columns=columns, low=low, high=high)} ORDER BY id")


def row_ranges(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, rows: tuple[int, int], length: int
) -> Iterator[tuple[int, int]]:
    """Ranges of the rows of a sorted table, of about a length, between two of which a column always changes.

    Args:
        connection: holds the table.
        table: its name.
        column: what the rows are sorted by.
        rows: the first row, and the row after the last.
        length: how many rows a range has at least, but for the last.
    """
    low, end = rows
    while low < end:
        high = low + length
        while high < end and (change := _change(connection, table, column, high, length)) is None:
            high += length
        high = min(change, end) if high < end and change is not None else end
        yield low, high
        low = high


def _change(connection: duckdb.DuckDBPyConnection, table: str, column: str, row: int, length: int) -> int | None:
    """The first row, of so many from a row on, whose column differs from the row before these."""
    found = connection.execute(
        f"SELECT min(rowid) FROM {table} WHERE rowid >= {row} AND rowid < {row + length}"
        f" AND {column} <> (SELECT {column} FROM {table} WHERE rowid = {row - 1})"
    ).fetchall()
    return None if found[0][0] is None else int(found[0][0])


def _edge_fields() -> list[str]:
    return [
        "s AS id",
        f"coalesce(min(substr(v, 4)) FILTER (WHERE code = {_TYPE} AND v <> 'ig:Association'), '') AS kind",
        f"min(v) FILTER (WHERE code = {_SUBJECT}) AS source",
        f"min(CASE WHEN starts_with(v, 'ig:') THEN substr(v, 4) ELSE v END) FILTER (WHERE code = {_PREDICATE})"
        " AS predicate",
        f"min(v) FILTER (WHERE code = {_OBJECT}) AS target",
        f"coalesce(bool_or(v IN ('true', '1')) FILTER (WHERE code = {_NEGATED}), false) AS is_negated",
        "false AS is_inferred",
        f"{_list(_EVIDENCE)} AS evidence",
        f"{_list(_PUBLICATION)} AS publications",
        f"{_list(_ADDRESS)} AS addresses",
        f"list_transform({_list(_SOURCE)}, lambda x: CASE WHEN starts_with(x, 'igs:') THEN substr(x, 5) ELSE x END)"
        " AS sources",
        f"{_list(_LICENCE)} AS licences",
    ]


def _record_fields(role: str) -> list[str]:
    ranks = ", ".join(f"'ig:{kind}'" for kind in NODE_KINDS)
    types = _list(_TYPE)
    ordered = (
        f"list_concat(list_filter([{ranks}], lambda x: list_contains({types}, x)),"
        f" list_filter({types}, lambda x: NOT list_contains([{ranks}], x)))"
    )
    kinds = f"list_transform({ordered}, lambda x: CASE WHEN starts_with(x, 'ig:') THEN substr(x, 4) ELSE x END)"
    label = f"coalesce(min(v) FILTER (WHERE code = {_LABEL}), s)" if role == "nodes" else "s"
    return ["s AS id", f"{kinds} AS kinds", f"{label} AS label"]


def _property_sql(item: Scanned) -> str:
    column = COLUMN_TYPES[item.property.type]
    if item.property.is_list:
        values = f"list_sort(list_distinct(list(v) FILTER (WHERE code = {item.code})))"
        return f"{values}::{column}[] AS {quoted(item.property.name)}"
    return f"(min(v) FILTER (WHERE code = {item.code}))::{column} AS {quoted(item.property.name)}"


def _list(code: int) -> str:
    return f"coalesce(list_sort(list_distinct(list(v) FILTER (WHERE code = {code}))), []::VARCHAR[])"


def _add_undescribed_nodes(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the ends of statements that no data file describes: classes and values of the ontology, or bare names."""
    connection.execute("""
        CREATE TEMP TABLE bare AS
        SELECT DISTINCT v AS id FROM (SELECT source AS v FROM edges UNION ALL SELECT target FROM edges)
        WHERE v IS NOT NULL AND v NOT IN (SELECT id FROM nodes);
        CREATE TABLE described AS
        SELECT * FROM nodes
        UNION ALL BY NAME
        SELECT id, CASE WHEN list_contains(types, 'ig:ModulatorClass') THEN ['ModulatorClass'] ELSE
          list_transform(list_filter(types, lambda x: starts_with(x, 'ig:')), lambda x: substr(x, 4)) END AS kinds,
          coalesce(label, id) AS label
        FROM (
          SELECT id,
            coalesce(list_sort(list_distinct(list(o.v) FILTER (WHERE p = 'rdf:type'))), []::VARCHAR[]) AS types,
            min(o.v) FILTER (WHERE p = 'rdfs:label' AND form = '@en') AS label
          FROM bare LEFT JOIN ontology o ON o.s = bare.id GROUP BY id
        )
        ORDER BY id;
        DROP TABLE nodes; ALTER TABLE described RENAME TO nodes; DROP TABLE bare
    """)
