"""The stream as Neo4j sees it: every node by its labels, every association as one relationship, roles beside them.

* A node of the graph is ``:Resource:Entity`` and its kinds; evidence, affinities and sources are ``:Resource`` and
  ``:Evidence``, ``:Affinity``, ``:Source``; predicates and closed values are ``:Resource`` and ``:Term``.
* An association is one relationship. Its type is its predicate (``INHIBITS``); that of a negated one begins with
  ``NOT_``, so that asking for ``TREATS`` never finds a denial.
* An association with more than two participants (a context, an affinity, a reaction behind it) is a node
  ``:Resource:Association`` as well, with the same ``id``, and a relationship to each participant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from immunograph.exporters.properties import GRAPH_TYPES, PropertyType
from immunograph.exporters.sql import iri_sql, quoted
from immunograph.exporters.stream import GraphStream
from immunograph.vocabulary import IG


@dataclass(frozen=True, slots=True)
class Column:
    """One property: its name, the SQL that gives it, its type as Neo4j calls it, and whether it is a list."""

    name: str
    sql: str
    type: str = "string"
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class NodeTable:
    """Nodes with the same properties.

    Attributes:
        name: of the file.
        table: of the stream's engine; it has a column ``id``.
        labels: SQL of the list of labels.
        columns: without ``id``.
    """

    name: str
    table: str
    labels: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class RelationshipTable:
    """Relationships with the same properties.

    Attributes:
        name: of the file.
        table: of the stream's engine, with columns ``source`` and ``target``.
        type: SQL of the type.
        has_id: whether each is found again by its ``id``; otherwise there is one of a type between two nodes.
        columns: with ``id`` where there is one.
    """

    name: str
    table: str
    type: str
    has_id: bool
    columns: tuple[Column, ...]


def node_tables(stream: GraphStream) -> tuple[NodeTable, ...]:
    """The nodes; call ``prepare`` first."""
    head = (Column("uri", iri_sql("id")), Column("name", "label"))
    entity = "list_concat(['Resource', 'Entity'], kinds)"
    plain = (("evidence", "Evidence"), ("affinities", "Affinity"), ("sources", "Source"))
    return (
        NodeTable("nodes", "nodes", entity, (*head, *_columns(stream, "nodes"))),
        *(
            NodeTable(name, name, f"['Resource', '{label}']", (head[0], *_columns(stream, name)))
            for name, label in plain
        ),
        NodeTable("terms", "terms", "['Resource', 'Term']", head),
        NodeTable("associations", "reified", "['Resource', 'Association', kind]", _statement_columns(stream)),
    )


def relationship_tables(stream: GraphStream) -> tuple[RelationshipTable, ...]:
    """The relationships; call ``prepare`` first."""
    type_ = f"CASE WHEN is_negated THEN 'NOT_' ELSE '' END || {_upper('predicate')}"
    return (
        RelationshipTable("statements", "edges", type_, True, (Column("id", "id"), *_statement_columns(stream))),
        RelationshipTable("roles", "roles", _upper("predicate"), False, (Column("uri", f"'{IG}' || predicate"),)),
    )


def prepare(stream: GraphStream) -> None:
    """Make the tables that only Neo4j has.

    ``reified`` holds the associations that are nodes too, ``roles`` the ties that are no statement, and ``terms`` the
    names of predicates and of closed values (``ig:PrimaryAction``).
    """
    connection = stream.connection
    connection.execute("""
        CREATE OR REPLACE TABLE terms AS
        SELECT id, label FROM term WHERE id NOT IN (SELECT id FROM nodes) ORDER BY id
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE named (source VARCHAR, predicate VARCHAR, target VARCHAR);
        CREATE OR REPLACE VIEW participants AS
        SELECT id FROM nodes UNION ALL SELECT id FROM affinities UNION ALL SELECT id FROM edges
    """)
    for known in stream.property_types("edges"):
        if known.form == "@id":
            value = f"unnest({quoted(known.name)})" if known.is_list else quoted(known.name)
            connection.execute(f"""
                INSERT INTO named SELECT * FROM (SELECT id, '{known.name}', {value} AS target FROM edges)
                WHERE target IS NOT NULL
            """)
    connection.execute("""
        CREATE OR REPLACE TABLE role_of AS SELECT * FROM named WHERE target IN (SELECT id FROM participants);
        DROP TABLE named;
        CREATE OR REPLACE TABLE reified AS SELECT * FROM edges WHERE id IN (
          SELECT source FROM role_of UNION ALL SELECT target FROM role_of) ORDER BY id
    """)
    parts = [
        "SELECT * FROM role_of",
        "SELECT id, 'subject', source FROM reified",
        "SELECT id, 'object', target FROM reified",
        "SELECT id, 'hasEvidence', unnest(evidence) AS target FROM reified",
    ]
    if any(known.name == "ig_source" for known in stream.property_types("evidence")):
        parts.append("SELECT id, 'source', ig_source FROM evidence")
    for known in stream.property_types("nodes"):
        if known.predicate in {"ig:broader", "ig:member"}:
            parts.append(f"SELECT id, '{known.name}', unnest({quoted(known.name)}) FROM nodes")
    connection.execute(f"""
        CREATE OR REPLACE TABLE roles AS
        SELECT * FROM ({" UNION ALL ".join(parts)}) AS all_roles (source, predicate, target)
        WHERE target IN (SELECT id FROM participants) OR target IN (SELECT id FROM evidence)
          OR target IN (SELECT id FROM sources)
        ORDER BY ALL
    """)


def _statement_columns(stream: GraphStream) -> tuple[Column, ...]:
    lists = ("evidence", "publications", "addresses", "sources", "licences")
    return (
        Column("uri", iri_sql("id")),
        Column("kind", "kind"),
        Column("predicate", "predicate"),
        Column("negated", "is_negated", "boolean"),
        Column("inferred", "is_inferred", "boolean"),
        *(Column(name, name, is_list=True) for name in lists),
        *_columns(stream, "edges"),
    )


def _columns(stream: GraphStream, table: str) -> Sequence[Column]:
    return [_column(known) for known in stream.property_types(table)]


def _column(known: PropertyType) -> Column:
    return Column(known.name, quoted(known.name), GRAPH_TYPES[known.type], known.is_list)


def _upper(column: str) -> str:
    """``hasAdverseEffect`` → ``HAS_ADVERSE_EFFECT``, as SQL; signs that are no letters or digits become ``_``."""
    snake = f"regexp_replace({column}, '([a-z0-9])([A-Z])', '\\1_\\2', 'g')"
    return f"upper(regexp_replace({snake}, '[^A-Za-z0-9]', '_', 'g'))"
