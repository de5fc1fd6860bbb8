"""A graph that a build made, open: its triples, names, proofs and report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from immunograph import __version__
from immunograph.assets import queries_dir
from immunograph.building.plan import CLOSURE, NAMES, REPORT, STORE, BuildPlan
from immunograph.errors import StoreError, UnknownTermError
from immunograph.identifiers import as_iri, compress
from immunograph.names import nearest
from immunograph.pages import NodePage, page_of
from immunograph.queries import NamedNode, NameIndex, SavedQuery, read_queries
from immunograph.store.graph import Graph
from immunograph.summary import counts_of
from immunograph.vocabulary import IG, RDF_TYPE

if TYPE_CHECKING:
    from immunograph.building.changing import ChangingGraph
    from immunograph.reasoning import Closure
    from immunograph.validation import Report


_IN_USE = "ASK {{ {{ <{iri}> ?p ?o }} UNION {{ ?s <{iri}> ?o }} UNION {{ ?s ?p <{iri}> }} }}"

_PROPERTIES = "SELECT ?p ?label WHERE { ?p a owl:ObjectProperty ; rdfs:label ?label } ORDER BY ?p"


class OpenedGraph:
    """A graph that a build made, open: its triples, names, proofs and report."""

    def __init__(self, folder: Path, plan: BuildPlan) -> None:
        self.folder = folder
        self.plan = plan
        self._read: dict[str, SavedQuery] = {}
        self._changed: ChangingGraph | None = None

    @cached_property
    def graph(self) -> Graph:
        """The triples, read-only."""
        return Graph.read_only(self.folder / STORE)

    @cached_property
    def names(self) -> NameIndex:
        """The nodes by name."""
        return NameIndex.open(self.folder / NAMES)

    @cached_property
    def queries(self) -> Mapping[str, SavedQuery]:
        """The saved queries by name."""
        return read_queries(queries_dir())

    @cached_property
    def closure(self) -> Closure:
        """The inferred triples with their proofs.

        Raises:
            StoreError: the graph was built with the reference engine, which keeps none.
        """
        path = self.folder / CLOSURE
        if not path.is_file():
            raise StoreError(f"{self.folder}: was built without proofs; build with --engine duckdb")
        from immunograph.reasoning import Closure

        return Closure.open(path)

    @cached_property
    def report(self) -> Mapping[str, object]:
        """What the build did, as ``report.json`` holds it.

        Raises:
            StoreError: the file is damaged.
        """
        path = self.folder / REPORT
        try:
            content: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(f"{path}: cannot be read ({error}); run `immunograph build --force`") from error
        return content

    def find(self, text: str, kind: str | None = None, limit: int = 20) -> list[NamedNode]:
        """Nodes by label, synonym, brand name, gene symbol, CURIE or IRI; exact ones first, then near ones.

        Args:
            text: the name, in any case.
            kind: a node kind (``Modulator``, ``Condition`` ...); None for any.
            limit: the most nodes to give.
        """
        return self.names.find(text, (kind,) if kind else (), limit)

    def show(self, name: str) -> NodePage:
        """All that the graph says of one node.

        Raises:
            UnknownTermError: nothing is called that; AmbiguousTermError: several nodes are.
        """
        return page_of(self.names.resolve(name), self.graph, self.label)

    def label(self, iri: str) -> str:
        """The label of a node or a term of the ontology, or its CURIE."""
        known = self.names.label(iri)
        if known:
            return known
        found = self._values(f"SELECT ?x WHERE {{ <{iri}> rdfs:label ?x }} LIMIT 1") if as_iri(iri) else ()
        return found[0] if found else compress(iri)

    def info(self) -> dict[str, object]:
        """Counts by kind, versions, sources with their licences; as ``immunograph info`` shows them."""
        return {
            "version": __version__,
            "build": self.report.get("key"),
            "triples": self.report.get("counts"),
            **counts_of(self.graph),
            "queries": len(self.queries),
        }

    def validate(self) -> Report:
        """Run checks and shapes on the data that the graph was built from."""
        from immunograph.building.validating import validate_data

        return validate_data(self.plan)

    def close(self) -> None:
        """Release the files."""
        for name in ("names", "closure"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()
        if self._changed is not None:
            self.__dict__.pop("graph", None)
            self._changed.close()
            self._changed = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _term(self, text: str) -> str:
        if text.startswith(('"', "_:")):
            return text
        iri = as_iri(text)
        if iri and self.names.node(iri) is None and self.graph.ask(_IN_USE.format(iri=iri)):
            return f"<{iri}>"
        return f"<{self.names.resolve(text).iri}>"

    def _predicate(self, text: str) -> str:
        if text == "a":
            return f"<{RDF_TYPE}>"
        iri = as_iri(text) or (IG + text if text.isidentifier() else "")
        if iri and self.graph.ask(_IN_USE.format(iri=iri)):
            return f"<{iri}>"
        named: dict[str, str] = {}
        for property_, label in self.graph.select(_PROPERTIES).rows:
            if property_ and label:
                named |= {label.value: property_.value, compress(property_.value).partition(":")[2]: property_.value}
        if text not in named:
            raise UnknownTermError(text, nearest(text, named))
        return f"<{named[text]}>"

    def _values(self, query: str) -> tuple[str, ...]:
        return tuple(row[0].value for row in self.graph.select(query).rows if row[0])
