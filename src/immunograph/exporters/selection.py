"""What of a graph is exported: a neighbourhood, some kinds, some predicates, with or without what is inferred."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from immunograph.errors import ExportError, UnknownTermError
from immunograph.exporters.sql import texts_sql
from immunograph.exporters.staging import CHOSEN
from immunograph.names import nearest
from immunograph.vocabulary import ASSOCIATION_KINDS, KIND_OF_PREDICATE, NODE_KINDS

ENTAILMENT = "Entailment"
"""The kind of an inferred edge whose predicate no association has."""

_NODE_KINDS = (*NODE_KINDS, "ModulatorClass")
_EDGE_KINDS = (*ASSOCIATION_KINDS, ENTAILMENT)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which nodes and edges are exported.

    Attributes:
        focus: CURIE of a node; "" for the whole graph.
        hops: how many edges away from the focus a node may be; both directions count, and so does membership in a
            combination. Every chosen edge between two nodes within reach is kept.
        node_kinds: edges between nodes of these kinds only; empty for any.
        edge_kinds: edges of these kinds only; empty for any.
        predicates: local names; edges with these only; empty for any.
        licences: short names that the graph was filtered by before inference; empty for any.
        has_inferred: whether inferred edges are added, each marked.
    """

    focus: str = ""
    hops: int = 1
    node_kinds: tuple[str, ...] = ()
    edge_kinds: tuple[str, ...] = ()
    predicates: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    has_inferred: bool = False

    @property
    def is_partial(self) -> bool:
        """Whether nodes without an edge are left out."""
        return bool(self.focus or self.node_kinds or self.edge_kinds or self.predicates)

    def as_dict(self) -> dict[str, Any]:
        """The selection as plain data, for the manifest."""
        return asdict(self)


def read_kinds(kinds: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split kinds, in any case, into kinds of node and kinds of edge.

    Raises:
        UnknownTermError: a name is no kind.
    """
    nodes: list[str] = []
    edges: list[str] = []
    for name in kinds:
        node = next((kind for kind in _NODE_KINDS if kind.casefold() == name.casefold()), "")
        edge = next((kind for kind in _EDGE_KINDS if kind.casefold() == name.casefold()), "")
        if not node and not edge:
            raise UnknownTermError(name, nearest(name, (*_NODE_KINDS, *_EDGE_KINDS)) or [*_NODE_KINDS, *_EDGE_KINDS])
        (nodes if node else edges).append(node or edge)
    return tuple(sorted(set(nodes))), tuple(sorted(set(edges)))


def read_predicates(names: Iterable[str], has_inferred: bool = False) -> tuple[str, ...]:
    """Local names of predicates, with or without ``ig:``.

    Raises:
        UnknownTermError: no association has that predicate; with inferred edges, others are let through.
    """
    found = []
    for name in names:
        local = name.removeprefix("ig:")
        if local not in KIND_OF_PREDICATE and not has_inferred:
            raise UnknownTermError(name, nearest(local, KIND_OF_PREDICATE) or sorted(KIND_OF_PREDICATE))
        found.append(local)
    return tuple(sorted(set(found)))


def select(connection: duckdb.DuckDBPyConnection, selection: Selection, nodes_have: Iterable[str]) -> None:
    """Narrow the tables of a laid-out graph to a selection, in tables of its own.

    Args:
        connection: holds the tables.
        selection: what is wanted.
        nodes_have: names of the nodes' properties.

    Raises:
        ExportError: the selection holds nothing.
    """
    names = set(nodes_have)
    conditions = [
        _among("kind", selection.edge_kinds),
        _among("predicate", selection.predicates),
        _of_node_kinds(selection.node_kinds),
    ]
    where = " AND ".join(filter(None, conditions)) or "true"
    if selection.is_partial or selection.has_inferred:
        _keep(connection, "edges", where, _WITH_INFERRED if selection.has_inferred else "edges")
    if selection.has_inferred:
        _keep(connection, "nodes", "true", _WITH_INFERRED_TYPES)
    if selection.focus:
        _keep_neighbourhood(connection, selection, "member" in names)
    if selection.is_partial:
        _keep_nodes(connection, selection, names)
        _keep_records(connection)
    if not connection.execute("SELECT count(*) FROM nodes").fetchall()[0][0]:
        raise ExportError("the selection holds no node and no association; widen --focus, --kind or --predicate")


_KINDS_SQL = " ".join(f"WHEN '{name}' THEN '{kind}'" for name, kind in KIND_OF_PREDICATE.items())
_WITH_INFERRED = f"""(
    SELECT * FROM edges
    UNION ALL BY NAME
    SELECT 'iga:inferred-' || left(sha256(s || ' ' || p || ' ' || v), 20) AS id,
      CASE substr(p, 4) {_KINDS_SQL} ELSE '{ENTAILMENT}' END AS kind,
      s AS source, substr(p, 4) AS predicate, v AS target, false AS is_negated, true AS is_inferred,
      []::VARCHAR[] AS evidence, []::VARCHAR[] AS publications, []::VARCHAR[] AS addresses,
      []::VARCHAR[] AS sources, []::VARCHAR[] AS licences
    FROM (SELECT DISTINCT s, p, v FROM inferred WHERE p <> 'rdf:type') AS i
    WHERE s IN (SELECT id FROM nodes) AND v IN (SELECT id FROM nodes)
      AND NOT EXISTS (SELECT 1 FROM edges e WHERE e.source = i.s AND e.predicate = substr(i.p, 4)
                      AND e.target = i.v AND NOT e.is_negated))"""
"""The edges with the inferred ones between nodes, except those that a statement of the same three parts already is."""

_WITH_INFERRED_TYPES = """(
    SELECT nodes.*, i.types AS "inferredTypes" FROM nodes LEFT JOIN (
      SELECT s, list_sort(list_distinct(list(v))) AS types FROM inferred WHERE p = 'rdf:type' GROUP BY s
    ) AS i ON nodes.id = i.s)"""
"""The nodes with the classes that each is inferred to be in."""


def _among(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({texts_sql(values)})" if values else ""


def _of_node_kinds(kinds: tuple[str, ...]) -> str:
    if not kinds:
        return ""
    fitting = f"(SELECT id FROM nodes WHERE list_has_any(kinds, [{texts_sql(kinds)}]))"
    return f"source IN {fitting} AND target IN {fitting}"


def _keep(connection: duckdb.DuckDBPyConnection, table: str, where: str, origin: str = "") -> None:
    """Make a table anew of its rows, or those of a SELECT, that fit, sorted by identifier; what was laid out stays."""
    connection.execute(f"""
        CREATE TABLE {CHOSEN}.kept AS SELECT * FROM {origin or table} WHERE {where} ORDER BY id;
        DROP TABLE IF EXISTS {CHOSEN}.{table};
        ALTER TABLE {CHOSEN}.kept RENAME TO {table}
    """)


def _keep_neighbourhood(connection: duckdb.DuckDBPyConnection, selection: Selection, has_members: bool) -> None:
    connection.execute("CREATE TEMP TABLE reached AS SELECT id FROM nodes WHERE id = ?", [selection.focus])
    if not connection.execute("SELECT count(*) FROM reached").fetchall()[0][0]:
        raise ExportError(f"{selection.focus}: takes part in no export; name a node of the graph")
    members = "UNION ALL SELECT id, unnest(member) FROM nodes" if has_members else ""
    connection.execute(f"""
        CREATE TEMP TABLE step AS SELECT DISTINCT a, b FROM (
          SELECT source AS a, target AS b FROM edges UNION ALL SELECT target, source FROM edges
          {members} {members.replace("id, unnest(member)", "unnest(member), id")})
    """)
    for _ in range(selection.hops):
        connection.execute("""
            INSERT INTO reached SELECT DISTINCT b FROM step JOIN reached ON a = id
            WHERE b NOT IN (SELECT id FROM reached)
        """)
    _keep(connection, "edges", "source IN (SELECT id FROM reached) AND target IN (SELECT id FROM reached)")
    connection.execute("DROP TABLE step")


def _keep_nodes(connection: duckdb.DuckDBPyConnection, selection: Selection, names: set[str]) -> None:
    """Keep the ends of the kept edges, what their qualifiers name, members of kept combinations, and the focus."""
    connection.execute("CREATE TEMP TABLE wanted (id VARCHAR)")
    connection.execute("INSERT INTO wanted SELECT source FROM edges UNION ALL SELECT target FROM edges")
    for column, kind in connection.execute("SELECT column_name, column_type FROM (DESCRIBE edges)").fetchall():
        if column in {"id", "kind", "predicate", "evidence", "publications", "addresses", "sources", "licences"}:
            continue
        if kind.startswith("VARCHAR"):
            value = f'unnest("{column}")' if kind.endswith("[]") else f'"{column}"'
            connection.execute(f"INSERT INTO wanted SELECT DISTINCT {value} FROM edges")
    if "member" in names:
        connection.execute("INSERT INTO wanted SELECT unnest(member) FROM nodes WHERE id IN (SELECT id FROM wanted)")
    connection.execute("INSERT INTO wanted VALUES (?)", [selection.focus])
    _keep(connection, "nodes", "id IN (SELECT id FROM wanted)")
    connection.execute("DROP TABLE wanted")


def _keep_records(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep the evidence and the affinities of the kept edges, and the sources of the kept records."""
    columns = {row[0] for row in connection.execute("SELECT column_name FROM (DESCRIBE edges)").fetchall()}
    _keep(connection, "evidence", "id IN (SELECT unnest(evidence) FROM edges)")
    if "hasAffinity" in columns:
        _keep(connection, "affinities", "id IN (SELECT unnest(hasAffinity) FROM edges)")
    described = {row[0] for row in connection.execute("SELECT column_name FROM (DESCRIBE nodes)").fetchall()}
    of_nodes = "UNION ALL SELECT unnest(dcterms_source) FROM nodes" if "dcterms_source" in described else ""
    _keep(connection, "sources", f"id IN (SELECT 'igs:' || unnest(sources) FROM edges {of_nodes})")
