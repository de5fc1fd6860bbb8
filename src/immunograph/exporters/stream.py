"""The one stream of nodes and edges that every writer consumes, sorted by identifier, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from immunograph.exporters.laying import Shelf, lay_out_files, lay_out_graph
from immunograph.exporters.properties import INFERRED_TYPES, PropertyType
from immunograph.exporters.selection import Selection, select
from immunograph.exporters.sql import iri_sql, quoted, text_sql
from immunograph.exporters.staging import Staging, not_laid_out
from immunograph.exporters.tables import Tables, read_tables
from immunograph.store.graph import Graph

Value = str | int | float | bool | tuple[str, ...] | tuple[int, ...] | tuple[float, ...] | tuple[bool, ...]
ROWS_AT_ONCE = 10_000

EDGE_LISTS = ("evidence", "publications", "addresses", "sources", "licences")
EDGE_FIELDS = ("id", "kind", "source", "predicate", "target", "is_negated", "is_inferred", *EDGE_LISTS)


class Node(NamedTuple):
    """A node of the graph, or a record beside it: a piece of evidence, an affinity, a source.

    Attributes:
        id: its CURIE.
        iri: its IRI.
        label: its name in English; the CURIE where it has none.
        kinds: local names of its ``ig:`` classes, its kind first (``Modulator``, ``SmallMolecule`` ...).
        properties: everything else that is stated of it; absent where it has none. IRIs are given as CURIEs.
    """

    id: str
    iri: str
    label: str
    kinds: tuple[str, ...]
    properties: Mapping[str, Value]


class Edge(NamedTuple):
    """An association, or an inferred edge.

    Attributes:
        id: CURIE of the association; ``iga:inferred-`` and a hash of its three parts where it is inferred.
        kind: the association's kind (``TargetAction``); ``Entailment`` for inferred edges that no kind has.
        source: CURIE of the subject.
        predicate: local name (``inhibits``).
        target: CURIE of the object.
        is_negated: whether the source says that it is *not* so; never to be shown as the positive edge.
        is_inferred: whether it follows, rather than being stated.
        evidence: CURIEs of the evidence; empty for inferred edges, as are the next four.
        publications: CURIEs of papers that the evidence names.
        addresses: URLs where the evidence can be read.
        sources: slugs of the datasets that say so.
        licences: short names of these datasets' licences.
        properties: the qualifiers (``population``, ``frequencyPercent`` ...); absent where it has none.
    """

    id: str
    kind: str
    source: str
    predicate: str
    target: str
    is_negated: bool
    is_inferred: bool
    evidence: tuple[str, ...]
    publications: tuple[str, ...]
    addresses: tuple[str, ...]
    sources: tuple[str, ...]
    licences: tuple[str, ...]
    properties: Mapping[str, Value]


class Link(NamedTuple):
    """A tie between two nodes that is no statement of its own: ``broader``, or ``member`` of a combination."""

    source: str
    predicate: str
    target: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where a stream comes from.

    Attributes:
        version: of the project.
        build: key of the built graph, a hash of everything that it depends on; "" where there is none.
        selection: what was asked for.
        sources: of each source: slug, title, version, licence, publisher.
    """

    version: str
    build: str
    selection: Selection
    sources: tuple[Mapping[str, str], ...]


class GraphStream:
    """A selection of a graph, ready to be read as often as needed; close it to delete its temporary file.

    Writers in Python read ``nodes()``, ``edges()`` and the rest; writers that speak SQL read the tables ``nodes``,
    ``edges``, ``evidence``, ``affinities`` and ``sources`` of ``connection``, which hold the same, sorted by ``id``.
    """

    def __init__(self, staging: Staging, selection: Selection, version: str = "", build: str = "") -> None:
        self._staging = staging
        self._selection = selection
        self._version, self._build = version, build
        self.graph: Graph | None = None
        """The stored graph that it was made from, for writers of RDF; None where it was made from files."""
        self._tables: Tables = read_tables(staging.connection)
        select(staging.connection, selection, (known.name for known in self._tables.properties["nodes"]))
        if selection.has_inferred:
            self._tables = self._tables.extended("nodes", INFERRED_TYPES)

    @classmethod
    def of_graph(
        cls,
        graph: Graph,
        selection: Selection | None = None,
        version: str = "",
        build: str = "",
        shelf: Shelf | None = None,
    ) -> GraphStream:
        """Stream a built graph.

        Args:
            graph: the stored graph.
            selection: what of it; None for everything that is stated.
            version: of the project.
            build: key of the built graph.
            shelf: where its tables are kept between exports; None keeps none.

        Raises:
            ExportError: the selection holds nothing, or there is no room for the temporary files.
        """
        chosen = selection or Selection()
        with _staged() as staging:
            lay_out_graph(staging, graph, chosen.has_inferred, shelf)
            stream = cls(staging, chosen, version, build)
        stream.graph = graph
        return stream

    @classmethod
    def of_files(cls, files: Sequence[Path], selection: Selection | None = None) -> GraphStream:
        """Stream N-Triples files, without a built graph.

        Raises:
            ExportError: as ``of_graph``, or a file cannot be read.
        """
        with _staged() as staging:
            lay_out_files(staging, files)
            return cls(staging, selection or Selection())

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The engine that holds the tables."""
        return self._staging.connection

    @property
    def metadata(self) -> Metadata:
        """Versions, sources and licences."""
        names = {known.name for known in self._tables.properties["sources"]}
        wanted = ("title", "version", "license", "publisher", "issued")
        columns = ", ".join(quoted(name) if name in names else "NULL" for name in wanted)
        rows = self.connection.execute(
            f"SELECT s.id, {columns}, l.name FROM sources s LEFT JOIN licence l ON l.iri = "
            f"{'license' if 'license' in names else 'NULL'} ORDER BY s.id"
        ).fetchall()
        sources = tuple(
            {
                "source": row[0].removeprefix("igs:"),
                **{key: str(value) for key, value in zip(wanted, row[1:-1], strict=True) if value is not None},
                **({"licence": row[-1]} if row[-1] else {}),
            }
            for row in rows
        )
        return Metadata(self._version, self._build, self._selection, sources)

    def property_types(self, table: str = "nodes") -> tuple[PropertyType, ...]:
        """The properties of ``nodes``, ``edges``, ``evidence``, ``affinities`` or ``sources``, sorted by name."""
        return self._tables.properties[table]

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Another connection to the tables, to be read while the first one is used."""
        return self._staging.cursor()

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])

    def nodes(self) -> Iterator[Node]:
        """The nodes, by identifier."""
        return self._records("nodes")

    def evidence(self) -> Iterator[Node]:
        """The pieces of evidence of the edges, by identifier."""
        return self._records("evidence")

    def affinities(self) -> Iterator[Node]:
        """The affinities that edges name by ``hasAffinity``, by identifier."""
        return self._records("affinities")

    def sources(self) -> Iterator[Node]:
        """The datasets, by identifier."""
        return self._records("sources")

    def edges(self) -> Iterator[Edge]:
        """The associations and, where selected, the inferred edges, by identifier."""
        known = self.property_types("edges")
        for row in self.rows("edges", *EDGE_FIELDS, *(quoted(item.name) for item in known)):
            yield Edge._make((*row[:7], *map(tuple, row[7:12]), _properties(known, row[12:])))

    def edges_with_ends(self, values: str) -> Iterator[tuple[Edge, Any, Any]]:
        """The edges, by identifier, each with a value of its source and one of its target.

        Args:
            values: a SELECT of ``id`` and ``value``, a row for each node.
        """
        self.connection.execute(f"""
            CREATE OR REPLACE TABLE ends AS
            SELECT e.id, s.value AS source, t.value AS target
            FROM edges e JOIN ({values}) s ON s.id = e.source JOIN ({values}) t ON t.id = e.target ORDER BY e.id
        """)
        for edge, (source, target) in zip(self.edges(), self.rows("ends", "source", "target"), strict=True):
            yield edge, source, target
        self.connection.execute("DROP TABLE ends")

    def rows(self, table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Columns of a table that is sorted by ``id``, in that order, some thousand rows at a time."""
        cursor = self.cursor()
        for low in range(0, self.count(table), ROWS_AT_ONCE):
            cursor.execute(
                f"SELECT {', '.join(columns)} FROM {table} WHERE rowid >= {low} AND rowid < {low + ROWS_AT_ONCE} "
                "ORDER BY id"
            )
            yield from cursor.fetchall()

    def links(self) -> Iterator[Link]:
        """The hierarchy (``broader``) and the members of combinations, between nodes that are exported, sorted."""
        names = {known.name for known in self.property_types("nodes")}
        parts = [
            f"SELECT id AS source, '{name}' AS predicate, unnest({name}) AS target FROM nodes"
            for name in ("broader", "member")
            if name in names
        ]
        if not parts:
            return
        cursor = self.cursor()
        cursor.execute(
            f"SELECT * FROM ({' UNION ALL '.join(parts)}) WHERE target IN (SELECT id FROM nodes) ORDER BY ALL"
        )
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from map(Link._make, rows)

    def copy(self, query: str, path: Path, delimiter: str = ",", has_header: bool = True) -> None:
        """Write the rows of a query over the tables as CSV, faster than Python can.

        Texts are always quoted, so that an empty text (``""``) and nothing (an empty cell) differ.
        """
        texts = [
            name
            for name, kind in self.connection.execute(
                f"SELECT column_name, column_type FROM (DESCRIBE {query})"
            ).fetchall()
            if kind == "VARCHAR"
        ]
        forced = f", FORCE_QUOTE ({', '.join(map(quoted, texts))})" if texts else ""
        form = f"FORMAT csv, HEADER {has_header}, DELIMITER '{delimiter}', NULLSTR '', QUOTE '\"', ESCAPE '\"'{forced}"
        self.connection.execute(f"COPY ({query}) TO {text_sql(path)} ({form})")

    def close(self) -> None:
        """Delete the temporary file."""
        self._staging.close()

    def __enter__(self) -> GraphStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _records(self, table: str) -> Iterator[Node]:
        known = self.property_types(table)
        columns = (quoted(item.name) for item in known)
        for row in self.rows(table, "id", iri_sql("id"), "label", "kinds", *columns):
            yield Node(row[0], row[1], row[2], tuple(row[3]), _properties(known, row[4:]))


@contextmanager
def _staged() -> Iterator[Staging]:
    """A place for tables, which is deleted again where making them fails."""
    staging = Staging()
    try:
        yield staging
    except duckdb.Error as error:
        staging.close()
        raise not_laid_out(staging.folder, error) from error
    except BaseException:
        staging.close()
        raise


def _properties(known: Sequence[PropertyType], values: Sequence[Any]) -> dict[str, Value]:
    return {
        item.name: tuple(value) if item.is_list else value
        for item, value in zip(known, values, strict=True)
        if value is not None
    }
