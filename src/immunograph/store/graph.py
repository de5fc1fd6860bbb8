"""A graph in the engine: in memory, or read-only on disk."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from immunograph.errors import LoadError, Place, QueryError, StoreError
from immunograph.identifiers import prefix_map
from immunograph.model import Term
from immunograph.store.query_text import calls_others, form_of, misread
from immunograph.store.reading import parse_file
from immunograph.store.triples import Triple, lines_of, quads_of, term_from, term_of
from immunograph.vocabulary import IGG

if TYPE_CHECKING:
    import rdflib


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer of a SELECT: its columns, and one term or None a column in each row."""

    columns: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]


class Graph:
    """Triples that can be queried; the default graph holds each once, named graphs hold it again by source.

    Attributes:
        path: the folder that it lies in; None in memory.
    """

    def __init__(self, store: ox.Store, path: Path | None = None) -> None:
        self._store = store
        self.path = path

    @classmethod
    def in_memory(cls) -> Graph:
        """An empty graph in memory."""
        return cls(ox.Store())

    @classmethod
    def on_disk(cls, path: Path) -> Graph:
        """A new or existing graph on disk, for writing.

        Raises:
            StoreError: the folder cannot be opened.
        """
        try:
            return cls(ox.Store(str(path)), path)
        except OSError as error:
            raise StoreError(f"{path}: cannot be opened ({error}); remove the folder and build again") from error

    @classmethod
    def read_only(cls, path: Path) -> Graph:
        """A built graph on disk, never changed.

        Raises:
            StoreError: the folder is missing or damaged.
        """
        try:
            return cls(ox.Store.read_only(str(path)), path)
        except (OSError, ValueError, RuntimeError) as error:  # the engine tells of damage by RuntimeError
            raise StoreError(f"{path}: cannot be read ({error}); run `immunograph build --force`") from error

    def __len__(self) -> int:
        return sum(1 for _ in self._store.quads_for_pattern(None, None, None, ox.DefaultGraph()))

    def load(self, path: Path, graph: str | None = None) -> int:
        """Add an RDF file to the default graph, and again to a named graph where one is given.

        Returns:
            The number of statements in the file.

        Raises:
            LoadError: the file does not parse; nothing of it is added.
        """
        quads = list(parse_file(path))
        self._store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
        if graph:
            name = ox.NamedNode(graph)
            self._store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object, name) for q in quads)
        return len(quads)

    def read(self, path: Path) -> None:
        """Add a Turtle file to the default graph alone; quicker than ``load``.

        Raises:
            LoadError: the file is missing or does not parse.
        """
        try:
            self._store.load(path=str(path), format=ox.RdfFormat.TURTLE)
        except SyntaxError as error:
            raise LoadError(f"syntax error: {error.msg}; mend the line", Place(path, error.lineno)) from error
        except (OSError, ValueError) as error:
            raise LoadError(f"cannot be read ({error}); check the file", Place(path)) from error

    def add(self, triples: Iterable[Triple], graph: str | None = None) -> None:
        """Add triples, given as N-Triples terms, to the default graph and to a named graph where one is given."""
        lines = lines_of(triples)
        self._store.bulk_extend(quads_of(lines, None))
        if graph:
            self._store.bulk_extend(quads_of(lines, graph))

    def copy(self, other: Graph) -> None:
        """Add everything that another graph holds, each statement to the graph that it is in there."""
        self._store.bulk_extend(iter(other._store))

    def without(self, graph: str) -> Graph:
        """A new graph in memory of what the named graphs hold, but for one of them; all in its default graph."""
        made, left_out = ox.Store(), ox.NamedNode(graph)
        quads = self._store.quads_for_pattern(None, None, None)
        named = (q for q in quads if q.graph_name != left_out and isinstance(q.graph_name, ox.NamedNode))
        made.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in named)
        return Graph(made)

    def remove(self, triples: Iterable[Triple], graph: str | None = None) -> None:
        """Remove triples, given as N-Triples terms, from the default graph or from a named one, which may end so."""
        for quad in quads_of(lines_of(triples), graph):
            self._store.remove(quad)
        name = ox.NamedNode(graph) if graph else None
        if name and next(self._store.quads_for_pattern(None, None, None, name), None) is None:
            self._store.remove_graph(name)

    def graphs_of(self, triple: Triple) -> list[str]:
        """IRIs of the named graphs that hold a triple, given as N-Triples terms, sorted."""
        (quad,) = quads_of(lines_of([triple]), None)
        found = self._store.quads_for_pattern(quad.subject, quad.predicate, quad.object)
        return sorted(one.graph_name.value for one in found if isinstance(one.graph_name, ox.NamedNode))

    def around(self, nodes: Iterable[str]) -> Iterator[Triple]:
        """The triples of the default graph that have one of some nodes, given as IRIs, as subject or object."""
        where = ox.DefaultGraph()
        for node in map(ox.NamedNode, nodes):
            of_it = self._store.quads_for_pattern(node, None, None, where)
            for quad in chain(of_it, self._store.quads_for_pattern(None, None, node, where)):
                yield str(quad.subject), str(quad.predicate), str(quad.object)

    def matching(
        self, subject: str | None = None, predicate: str | None = None, object_: str | None = None
    ) -> Iterator[Triple]:
        """The triples of the default graph with some terms, given as N-Triples terms; None for any."""
        s, p, o = (None if term is None else term_from(term) for term in (subject, predicate, object_))
        for quad in self._store.quads_for_pattern(s, p, o, ox.DefaultGraph()):
            yield str(quad.subject), str(quad.predicate), str(quad.object)

    def sync(self) -> None:
        """Write what was changed to disk, for others that read it."""
        self._store.flush()

    def drop(self, nodes: Iterable[str]) -> None:
        """Remove every statement about some nodes, given as IRIs, from every graph."""
        for node in nodes:
            for quad in list(self._store.quads_for_pattern(ox.NamedNode(node), None, None)):
                self._store.remove(quad)

    def drop_links(self, query: str) -> None:
        """Remove the triples of IRIs that a SELECT with three columns finds, from every graph.

        Raises:
            QueryError: as ``select``.
        """
        for row in self.select(query).rows:
            terms = [ox.NamedNode(term.value) for term in row if term]
            for quad in list(self._store.quads_for_pattern(*terms)):
                self._store.remove(quad)

    def backup(self, path: Path) -> None:
        """Write the graph as it is now to a new folder, while it stays open for changes.

        Raises:
            StoreError: the folder exists or cannot be written.
        """
        try:
            self._store.backup(str(path))
        except (OSError, ValueError) as error:
            raise StoreError(f"{path}: cannot be written ({error}); check the rights and the free space") from error

    def flush(self) -> None:
        """Write everything to disk and lay it out for reading."""
        self._store.flush()
        self._store.optimize()

    def triples(self, graph: str | None = None) -> Iterator[Triple]:
        """Every triple of the default graph, or of a named one, as N-Triples terms."""
        where = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        for quad in self._store.quads_for_pattern(None, None, None, where):
            yield str(quad.subject), str(quad.predicate), str(quad.object)

    def dump(self, path: Path, graph: str | None = None) -> None:
        """Write the default graph, or a named one, as N-Triples, in no order.

        Raises:
            OSError: the file cannot be written.
        """
        where = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        self._store.dump(str(path), ox.RdfFormat.N_TRIPLES, from_graph=where)

    def dump_canonical(self, path: Path, graph: str) -> None:
        """Write a small named graph as N-Triples with blank nodes named by RDFC-1.0, the same every time.

        Raises:
            OSError: the file cannot be written.
        """
        found = self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
        dataset = ox.Dataset(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in found)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        ox.serialize(dataset, str(path), format=ox.RdfFormat.N_TRIPLES)

    def about(self, subject: str, *, is_inferred: bool = True) -> list[tuple[str, str]]:
        """What the default graph says of a subject: predicates and objects, as N-Triples terms.

        Args:
            subject: its IRI.
            is_inferred: whether inferred facts are among it.
        """
        inferred = ox.NamedNode(source_graph("inferred"))
        found = self._store.quads_for_pattern(ox.NamedNode(subject), None, None, ox.DefaultGraph())
        return [
            (str(q.predicate), str(q.object))
            for q in found
            if is_inferred or ox.Quad(q.subject, q.predicate, q.object, inferred) not in self._store
        ]

    def missing_from(self, other: Graph) -> Iterator[tuple[Triple, str]]:
        """The triples of the default graph that another's default graph does not hold; blank nodes are left out.

        Yields:
            The triple, and where it comes from: ``inferred``, ``ontology`` or ``stated``.
        """
        graphs = [(slug, ox.NamedNode(source_graph(slug))) for slug in ("inferred", "ontology")]
        for quad in self._store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
            if quad in other._store or ox.BlankNode in (type(quad.subject), type(quad.object)):
                continue
            terms = quad.subject, quad.predicate, quad.object
            origin = next((slug for slug, name in graphs if ox.Quad(*terms, name) in self._store), "stated")
            yield (str(quad.subject), str(quad.predicate), str(quad.object)), origin

    def graph_names(self) -> list[str]:
        """IRIs of the named graphs, sorted."""
        return sorted(name.value for name in self._store.named_graphs() if isinstance(name, ox.NamedNode))

    def holds(self, subject: str, predicate: str, object_: str) -> bool:
        """Whether the default graph holds a triple of three IRIs."""
        return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(object_)) in self._store

    def select(self, query: str, most: int | None = None) -> Rows:
        """Run a SELECT on the default graph (or those that it names).

        Args:
            query: its text; the project's prefixes are known.
            most: at most so many rows are read; None for all.

        Raises:
            QueryError: the text does not parse, is no SELECT, or cannot be evaluated.
        """
        found = self.evaluated(query)
        if not isinstance(found, ox.QuerySolutions):
            raise QueryError("the query is not a SELECT; use SELECT for a table")
        return _rows(found, most)

    def ask(self, query: str) -> bool:
        """Run an ASK.

        Raises:
            QueryError: as ``select``.
        """
        found = self.evaluated(query)
        if not isinstance(found, ox.QueryBoolean):
            raise QueryError("the query is not an ASK")
        return bool(found)

    def run(self, query: str, most: int | None = None) -> Rows | bool | list[Triple]:
        """Run a query of any form: rows of a SELECT, truth of an ASK, triples of a CONSTRUCT or DESCRIBE.

        At most so many rows or triples are given.

        Raises:
            QueryError: the text does not parse, has SERVICE, changes data, or cannot be evaluated.
        """
        found = self.evaluated(query)
        if isinstance(found, ox.QueryBoolean):
            return bool(found)
        if isinstance(found, ox.QueryTriples):
            return sorted({(str(t.subject), str(t.predicate), str(t.object)) for t in found})[:most]
        return _rows(found, most)

    def to_rdflib(self, graph: str | None = None) -> rdflib.Graph:
        """The default graph, or a named one, as a new rdflib graph with the project's prefixes bound."""
        import rdflib

        buffer = io.BytesIO()
        where = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        self._store.dump(buffer, ox.RdfFormat.N_TRIPLES, from_graph=where)
        copy = rdflib.Graph(bind_namespaces="none")
        copy.parse(data=buffer.getvalue(), format="nt")
        for prefix, namespace in prefix_map().items():
            copy.bind(prefix, namespace)
        return copy

    def evaluated(self, query: str, **where: Any) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """What the engine makes of a query; solutions and triples are found as they are read.

        Args:
            query: its text; the project's prefixes are known.
            where: the graphs to ask and the base of relative IRIs, as the engine takes them.

        Raises:
            QueryError: the text does not parse, has SERVICE, changes data, or cannot be evaluated.
            StoreError: the graph cannot be read.
        """
        if calls_others(query):
            raise QueryError(
                "SERVICE is not asked from here; ask the other server with --endpoint, or join what it says to rows "
                "from here with --federate (`immunograph queries --recipes`)"
            )
        try:
            return self._store.query(query, prefixes=dict(prefix_map()), **where)
        except SyntaxError as error:
            form_of(query)
            raise QueryError(f"the query does not parse: {misread(str(error), query)}") from error
        except (OSError, RuntimeError, ValueError) as error:
            raise failure_of(error) from error


def failure_of(error: Exception) -> QueryError | StoreError:
    """What an error of the engine in the middle of a query means."""
    if isinstance(error, ValueError) or "custom function" in str(error):
        return QueryError(f"the query cannot be run: {error}; check its terms")
    return StoreError(f"the stored graph cannot be read ({error}); run `immunograph build --force`")


def _rows(found: ox.QuerySolutions, most: int | None) -> Rows:
    columns = tuple(variable.value for variable in found.variables)
    return Rows(columns, [tuple(map(term_of, solution)) for solution in itertools.islice(found, most)])


def source_graph(slug: str) -> str:
    """The named graph of a source, or of ``inferred``, ``ontology``, ``mappings``."""
    return IGG + slug
