"""Names → nodes: labels, synonyms, brand names, gene symbols, CURIEs and IRIs, in any case and spelling of Greek."""

from __future__ import annotations

import difflib
import re
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from immunograph.errors import AmbiguousTermError, StoreError, UnknownTermError, WrongKindError
from immunograph.identifiers import as_iri, compress, prefix_map
from immunograph.names import loose_key, name_key
from immunograph.queries.near_names import SCHEMA as NEAR_SCHEMA
from immunograph.queries.near_names import Row, fill_near, near_rows
from immunograph.references import not_held, references
from immunograph.store.graph import Graph
from immunograph.vocabulary import IG, IGG, NODE_KINDS

_SCHEMA = """
CREATE TABLE node (iri TEXT PRIMARY KEY, label TEXT, kinds TEXT);
CREATE TABLE name (key TEXT, loose TEXT, iri TEXT, name TEXT, rank INTEGER);
CREATE TABLE match (other TEXT, iri TEXT);
CREATE TABLE reference (other TEXT, iri TEXT, relation TEXT, source TEXT);
CREATE INDEX name_key ON name (key);
CREATE INDEX name_loose ON name (loose);
CREATE INDEX match_other ON match (other);
CREATE INDEX reference_other ON reference (other);
CREATE INDEX reference_iri ON reference (iri);
"""

_KINDS = " ".join(f"ig:{kind}" for kind in (*NODE_KINDS, "ModulatorClass"))
_NODES = f"SELECT ?node ?kind ?label WHERE {{ VALUES ?kind {{ {_KINDS} }} ?node a ?kind ; rdfs:label ?label }}"
_NAMES = "SELECT ?node ?name WHERE { ?node skos:altLabel ?name }"
_SYMBOLS = "SELECT ?node ?name WHERE { ?node ig:geneSymbol ?name }"
_MATCHES = "SELECT ?node ?other WHERE { ?node skos:exactMatch ?other }"

_REFERENCES = (
    "SELECT ?node ?other ?predicate ?graph WHERE { "
    "VALUES ?predicate { skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch skos:relatedMatch } "
    "GRAPH ?graph { ?node ?predicate ?other } FILTER(?graph != igg:mappings) }"
)
_CODES = "SELECT ?node ?code ?graph WHERE { GRAPH ?graph { ?node ig:atcCode ?code } }"

LABEL, SYMBOL, SYNONYM = 0, 1, 2
_PLURAL = re.compile(r"\b(\w{3,}?[a-rt-z])s\b")
_AT_ONCE = 500
"""How many keys one look-up takes; SQLite allows 999 in its oldest builds."""


@dataclass(frozen=True, slots=True)
class NamedNode:
    """A node as a name finds it: its IRI, label, kinds, and the name that matched."""

    iri: str
    label: str
    kinds: tuple[str, ...]
    matched: str = ""

    @property
    def curie(self) -> str:
        """Its CURIE."""
        return compress(self.iri)

    def __str__(self) -> str:
        return f"{self.label} [{self.curie}, {'/'.join(self.kinds)}]"


@dataclass(frozen=True, slots=True)
class CrossReference:
    """An identifier elsewhere of a node.

    Attributes:
        other: its IRI.
        iri: the node.
        relation: ``exact``, ``close``, ``broad`` (the other is broader), ``narrow`` or ``related``.
        source: slug of the source that says so.
    """

    other: str
    iri: str
    relation: str
    source: str


class NameIndex:
    """Finds nodes by name, in a small database beside the graph."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        weakref.finalize(self, connection.close)  # who holds the index last need not know that it is a file

    @classmethod
    def of_graph(cls, graph: Graph, path: Path | None = None) -> NameIndex:
        """Index the nodes of a graph, in memory or in a new file.

        Raises:
            StoreError: the file cannot be written.
        """
        try:
            connection = sqlite3.connect(path or ":memory:", check_same_thread=False)
            _fill(connection, graph)
        except sqlite3.Error as error:
            raise StoreError(f"{path}: cannot be written ({error}); check the free space and the rights") from error
        return cls(connection)

    @classmethod
    def empty(cls) -> NameIndex:
        """An index of no graph, where none is at hand."""
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        connection.executescript(_SCHEMA + NEAR_SCHEMA)
        return cls(connection)

    @classmethod
    def open(cls, path: Path) -> NameIndex:
        """Open an index that was built before.

        Raises:
            StoreError: the file is missing or damaged.
        """
        try:
            connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
            connection.execute("SELECT 1 FROM node LIMIT 1")
        except sqlite3.Error as error:
            raise StoreError(f"{path}: cannot be read ({error}); run `immunograph build --force`") from error
        return cls(connection)

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def label(self, iri: str) -> str:
        """The label of a node, or an empty text."""
        row = self._connection.execute("SELECT label FROM node WHERE iri = ?", (iri,)).fetchone()
        return str(row[0]) if row else ""

    def node(self, iri: str) -> NamedNode | None:
        """The node of an IRI, as its own or as one of its exact matches."""
        row = self._connection.execute("SELECT iri, label, kinds FROM node WHERE iri = ?", (iri,)).fetchone()
        if row is None:
            row = self._connection.execute(
                "SELECT n.iri, n.label, n.kinds FROM match m JOIN node n ON n.iri = m.iri WHERE m.other = ?", (iri,)
            ).fetchone()
        return NamedNode(row[0], row[1], tuple(row[2].split()), iri) if row else None

    def like(self, iri: str, limit: int = 3) -> list[NamedNode]:
        """Nodes whose identifier ends as an IRI does, in any case, or nearly so within its namespace."""
        local = re.split(r"[/#:=_]", iri.rstrip("/#"))[-1]
        namespace = iri[: len(iri) - len(local)]
        if not local or re.fullmatch(r"\d{1,4}", local):  # a short number ends identifiers of many databases
            return []
        ending = rf"%{_plain(local)}"
        rows = self._connection.execute(
            "SELECT iri, iri FROM node WHERE iri LIKE ? ESCAPE '\\' UNION SELECT other, iri FROM match "
            "WHERE other LIKE ? ESCAPE '\\' LIMIT 50",
            (ending, ending),
        ).fetchall()
        found = [own for written, own in rows if re.search(rf"[/#:=_]{re.escape(local)}$", written, re.IGNORECASE)]
        if not found and namespace:
            known = self._connection.execute(
                "SELECT iri FROM node WHERE iri LIKE ? ESCAPE '\\'", (f"{_plain(namespace)}%",)
            )
            locals_ = {row[0][len(namespace) :]: row[0] for row in known}
            found = [locals_[near] for near in difflib.get_close_matches(local, locals_, limit, 0.85)]
        return [node for node in map(self.node, dict.fromkeys(found[:limit])) if node]

    def resolve(self, text: str, kinds: Sequence[str] = ()) -> NamedNode:
        """Give the one node that a name, CURIE or IRI means.

        A label goes before a symbol, a symbol before a synonym, exact spelling before loose, and
        a plural or a genitive (``B cells``, ``crohns disease``) counts where nothing else is called that.

        Raises:
            UnknownTermError: nothing is called that; it carries near names.
            WrongKindError: something is called that, but of another kind.
            AmbiguousTermError: several nodes are; it carries them with their kinds.
        """
        node = self._referred(text)
        if node and _fits(node, kinds):
            return node
        keys = (("key", name_key(text)), ("loose", loose_key(text)), ("key", _PLURAL.sub(r"\1", name_key(text))))
        for column, key in keys:
            found = self._by(column, key, kinds)
            if found:
                best = [node for rank, node in found if rank == found[0][0]]
                if len(best) > 1:
                    raise AmbiguousTermError(text, [str(node) for node in best])
                return best[0]
        named = self._by("key", name_key(text), ()) or self._by("loose", loose_key(text), ())
        others = [node] if node else [other for _, other in named]
        if others:
            raise WrongKindError(text, list(map(str, others)), kinds)
        why = not_held(text)
        raise UnknownTermError(text, () if why else [str(node) for node in self.near(text, kinds, 3)], why)

    def _in_any_case(self, iri: str) -> NamedNode | None:
        """The one node of an IRI that is written in another case."""
        rows = self._connection.execute(
            "SELECT iri FROM node WHERE iri = ? COLLATE NOCASE UNION SELECT iri FROM match WHERE other = ? "
            "COLLATE NOCASE",
            (iri, iri),
        ).fetchall()
        return self.node(rows[0][0]) if len(rows) == 1 else None

    def find(self, text: str, kinds: Sequence[str] = (), limit: int = 20) -> list[NamedNode]:
        """Nodes by name: exact ones first, then names that hold the text, then near misses."""
        found: dict[str, NamedNode] = {}
        if node := self._referred(text):
            found[node.iri] = node
        exact = self._by("key", name_key(text), kinds) + self._by("loose", loose_key(text), kinds)
        for node in [*(node for _, node in exact), *self._holding(text, kinds, limit)]:
            found.setdefault(node.iri, node)
        if not found:
            found = {node.iri: node for node in self.near(text, kinds, limit)}
        return list(found.values())[:limit]

    def near(self, text: str, kinds: Sequence[str] = (), limit: int = 5) -> list[NamedNode]:
        """Nodes whose names are most like a text, best first."""
        scored = near_rows(self._connection, text, kinds, limit)
        scored += [(0.75, row) for row in self._whole_words(name_key(text))]
        found: dict[str, NamedNode] = {}
        for _, (_, iri, label, stated, name) in sorted(scored, key=lambda pair: -pair[0]):
            node = NamedNode(iri, label, tuple(stated.split()), name)
            if _fits(node, kinds):
                found.setdefault(iri, node)
        return list(found.values())[:limit]

    def _whole_words(self, key: str) -> list[Row]:
        """Labels that are one long word of a key: what ``psoriasis vulgaris`` may be called here."""
        words = [word for word in key.split() if len(word) > 5 and word != key]
        rows = self._look_up(
            "SELECT m.key, n.iri, n.label, n.kinds, m.name FROM name m JOIN node n ON n.iri = m.iri "
            "WHERE m.rank = 0 AND m.key IN ({})",
            words,
        )
        return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]

    def nodes(self, iris: Iterable[str]) -> dict[str, NamedNode]:
        """Many nodes by their own IRIs; those that are no node are left out."""
        rows = self._look_up("SELECT iri, label, kinds FROM node WHERE iri IN ({})", iris)
        return {row[0]: NamedNode(row[0], row[1], tuple(row[2].split()), row[0]) for row in rows}

    def named(self, keys: Iterable[str], *, is_loose: bool = False) -> dict[str, list[tuple[int, str, str]]]:
        """Many names at once: key → (rank, IRI, name as written), best rank first."""
        column = "loose" if is_loose else "key"
        found: dict[str, list[tuple[int, str, str]]] = {}
        for key, rank, iri, name in self._look_up(
            f"SELECT {column}, rank, iri, name FROM name WHERE {column} IN ({{}}) ORDER BY rank, iri, name", keys
        ):
            found.setdefault(key, []).append((rank, iri, name))
        return found

    def names_of(self, kinds: Sequence[str]) -> Iterator[tuple[int, str, str]]:
        """Every name of the nodes of some kinds: (rank, IRI, name as written), best rank first."""
        rows = self._connection.execute(
            "SELECT m.rank, n.iri, m.name, n.kinds FROM name m JOIN node n ON n.iri = m.iri "
            "ORDER BY m.rank, n.iri, m.name"
        )
        yield from ((rank, iri, name) for rank, iri, name, stated in rows if set(kinds) & set(stated.split()))

    def beginning(self, key: str) -> list[tuple[int, str, str]]:
        """The names that begin with a loose key, written as in ``named``."""
        rows = self._connection.execute(
            "SELECT rank, iri, name FROM name WHERE loose > ? AND loose < ? ORDER BY rank, iri, name",
            (key, f"{key}\U0010ffff"),
        )
        return rows.fetchall() if key else []

    def referring(self, others: Iterable[str]) -> dict[str, list[CrossReference]]:
        """Which nodes have identifiers of elsewhere: other IRI → cross-references."""
        found: dict[str, list[CrossReference]] = {}
        for row in self._look_up("SELECT * FROM reference WHERE other IN ({}) ORDER BY other, iri, relation", others):
            found.setdefault(row[0], []).append(CrossReference(*row))
        return found

    def references(self, iris: Iterable[str]) -> dict[str, list[CrossReference]]:
        """The identifiers elsewhere of many nodes: IRI → cross-references."""
        found: dict[str, list[CrossReference]] = {}
        for row in self._look_up("SELECT * FROM reference WHERE iri IN ({}) ORDER BY iri, relation, other", iris):
            found.setdefault(row[1], []).append(CrossReference(*row))
        return found

    def _look_up(self, query: str, keys: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        wanted = list(dict.fromkeys(keys))
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            yield from self._connection.execute(query.format(",".join("?" * len(some))), some)

    def _referred(self, text: str) -> NamedNode | None:
        """The node that a text means as an identifier, in any known form."""
        iris = dict.fromkeys((as_iri(text), *(reference.iri for reference in references(text))))
        known = next((node for iri in iris if iri and (node := self.node(iri))), None)
        return known or next((node for iri in iris if iri and (node := self._in_any_case(iri))), None)

    def _by(self, column: str, key: str, kinds: Sequence[str]) -> list[tuple[int, NamedNode]]:
        rows = self._connection.execute(
            "SELECT MIN(m.rank), n.iri, n.label, n.kinds, m.name FROM name m JOIN node n ON n.iri = m.iri "
            f"WHERE m.{column} = ? GROUP BY n.iri ORDER BY 1, n.iri",
            (key,),
        ).fetchall()
        nodes = [(rank, NamedNode(iri, label, tuple(stated.split()), name)) for rank, iri, label, stated, name in rows]
        return [(rank, node) for rank, node in nodes if _fits(node, kinds)] if key else []

    def _holding(self, text: str, kinds: Sequence[str], limit: int) -> Iterable[NamedNode]:
        key = name_key(text)
        rows = self._connection.execute(
            "SELECT n.iri, n.label, n.kinds, m.name FROM name m JOIN node n ON n.iri = m.iri "
            "WHERE m.key LIKE ? ORDER BY length(m.key), m.key, n.iri LIMIT ?",
            (f"%{key}%", limit * 5),
        ).fetchall()
        nodes = [NamedNode(iri, label, tuple(stated.split()), name) for iri, label, stated, name in rows if key]
        return [node for node in nodes if _fits(node, kinds)]


def _fill(connection: sqlite3.Connection, graph: Graph) -> None:
    """Make the tables of an empty database and fill them with the names of a graph."""
    connection.executescript(_SCHEMA + NEAR_SCHEMA)
    kinds: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    for node, kind, label in graph.select(_NODES).rows:
        if node and kind and label:
            kinds.setdefault(node.value, []).append(kind.value.removeprefix(IG))
            labels.setdefault(node.value, label.value)
    connection.executemany(
        "INSERT INTO node VALUES (?, ?, ?)",
        [(iri, label, " ".join(sorted(set(kinds[iri])))) for iri, label in sorted(labels.items())],
    )
    names = [(iri, label, LABEL) for iri, label in labels.items()]
    for query, rank in ((_NAMES, SYNONYM), (_SYMBOLS, SYMBOL)):
        names += [(row[0].value, row[1].value, rank) for row in graph.select(query).rows if row[0] and row[1]]
    rows = sorted({(name_key(name), loose_key(name), iri, name, rank) for iri, name, rank in names if iri in labels})
    connection.executemany("INSERT INTO name VALUES (?, ?, ?, ?, ?)", rows)
    fill_near(connection, sorted({(r[0], r[2], r[3]) for r in rows}))
    matches = [(row[1].value, row[0].value) for row in graph.select(_MATCHES).rows if row[0] and row[1]]
    connection.executemany("INSERT INTO match VALUES (?, ?)", sorted(matches))
    connection.executemany("INSERT INTO reference VALUES (?, ?, ?, ?)", sorted(set(_references(graph))))
    connection.commit()


def _references(graph: Graph) -> Iterator[tuple[str, str, str, str]]:
    for node, other, predicate, where in graph.select(_REFERENCES).rows:
        if node and other and predicate and where:
            relation = predicate.value.rpartition("#")[2].removesuffix("Match")
            yield other.value, node.value, relation, where.value.removeprefix(IGG)
    for node, code, where in graph.select(_CODES).rows:
        if node and code and where:
            yield prefix_map()["ATC"] + code.value, node.value, "close", where.value.removeprefix(IGG)


def _plain(text: str) -> str:
    """A text for LIKE, its wildcards taken as letters."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _fits(node: NamedNode, kinds: Sequence[str]) -> bool:
    return not kinds or bool(set(kinds) & set(node.kinds))
