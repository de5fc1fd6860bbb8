"""Statements added and retracted, with what follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from immunograph.errors import RuleError
from immunograph.identifiers import as_iri
from immunograph.knowledge.opened import OpenedGraph
from immunograph.store.graph import Triple
from immunograph.store.reading import parse_file

if TYPE_CHECKING:
    from immunograph.building.changing import ChangingGraph
    from immunograph.reasoning import Change


Statements: TypeAlias = "str | Path | Iterable[tuple[str, str, str]]"
"""Triples, each of three names or N-Triples terms; or a file of RDF."""


class ChangedGraph(OpenedGraph):
    """Statements added and retracted, with what follows from them."""

    def add(self, statements: Statements, *, source: str = "added") -> Change:
        """State more, and infer what follows from it; the built graph on disk stays as it is.

        The first change copies the built graph to a temporary folder, in which this object then works; ``save`` keeps
        it. Axioms may be added, too: everything is then inferred again, and ``Change.reason`` says so.

        Args:
            statements: triples, each of three CURIEs, IRIs in angle brackets, literals in N-Triples form or names of
                nodes; or a file of RDF.
            source: slug of the named graph that holds what is added.

        Returns:
            What was newly stated, and what is inferred now and was not before, and the other way round.

        Raises:
            InconsistencyError: the graph would contradict itself; nothing was changed.
            RuleError: a triple is not one of RDF; UnknownTermError: a name is not known.
            LoadError: the file is missing or does not parse.
            StoreError: the graph was built without proofs, or there is no space for a copy.
        """
        changing, stated = self._changing(), self._stated(statements)
        return self._known_anew(changing.add(stated, source))

    def retract(self, statements: Statements) -> Change:
        """State triples no more, and drop what has no proof without them; otherwise as ``add``.

        What the ontology states stays, and what was only inferred cannot be retracted.
        """
        changing, stated = self._changing(), self._stated(statements)
        return self._known_anew(changing.retract(stated))

    def save(self, out: str | Path, *, is_forced: bool = False) -> None:
        """Write the graph with its changes as a built graph, to be opened again.

        Raises:
            StoreError: the folder exists already, or cannot be written.
        """
        self._changing().save(Path(out), is_forced=is_forced)

    def _changing(self) -> ChangingGraph:
        """The copy of the graph that changes are made in; made when first asked for."""
        from immunograph.building.changing import ChangingGraph

        if self._changed is None:
            changed = ChangingGraph(self.folder)
            if "closure" in self.__dict__:
                self.closure.close()
            self.__dict__.pop("names", None)
            self._changed, self.folder = changed, changed.folder
            self.__dict__.update(graph=changed.graph, closure=changed.closure)
        return self._changed

    def _known_anew(self, change: Change) -> Change:
        """Let go of the names and the report as they were before a change; they are read again when asked for.

        An earlier answer may still hold the names, to explain itself by; so they are not closed here.
        """
        for name in ("names", "report"):
            self.__dict__.pop(name, None)
        return change

    def _stated(self, statements: Statements) -> list[Triple]:
        if isinstance(statements, (str, Path)):
            return [(str(q.subject), str(q.predicate), str(q.object)) for q in parse_file(Path(statements))]
        triples = [tuple(triple) for triple in statements]
        for triple in triples:
            if len(triple) != 3:
                raise RuleError(f"a statement is a subject, a predicate and an object, not {triple!r}")
        return [(self._named(s), self._predicate_named(p), self._named(o)) for s, p, o in triples]

    def _named(self, text: str) -> str:
        """A term as N-Triples text; other than ``_term``, it need not be in the graph."""
        if text.startswith(("<", '"', "_:")):
            return text
        iri = as_iri(text)
        return f"<{iri}>" if iri and self.names.node(iri) is None else f"<{self.names.resolve(text).iri}>"

    def _predicate_named(self, text: str) -> str:
        iri = None if text == "a" else as_iri(text)
        return f"<{iri}>" if iri else (text if text.startswith("<") else self._predicate(text))
