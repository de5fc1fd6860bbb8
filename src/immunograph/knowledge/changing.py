"""Statements added and retracted, with what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from immunograph.errors import RuleError, UnknownTermError
from immunograph.identifiers import as_iri
from immunograph.knowledge.opened import OpenedGraph
from immunograph.names import nearest
from immunograph.store.reading import parse_file
from immunograph.store.triples import Triple
from immunograph.vocabulary import IG, RDF_TYPE

if TYPE_CHECKING:
    from immunograph.building.changing import ChangingGraph
    from immunograph.reasoning import Change
    from immunograph.validation import Report


Statements: TypeAlias = "str | Path | Iterable[tuple[str, str, str]]"
"""Triples, each of three names or N-Triples terms; or a file of RDF."""


_OWL = "http://www.w3.org/2002/07/owl#"
_DECLARING = {f"<{_OWL}{kind}>" for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
_DECLARED = f"SELECT DISTINCT ?x WHERE {{ VALUES ?kind {{ {' '.join(sorted(_DECLARING))} }} ?x a ?kind }}"
_SUB_CLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"


class ChangedGraph(OpenedGraph):
    """Statements added and retracted, with what follows from them."""

    def add(self, statements: Statements, *, source: str = "added") -> Change:
        """State more, and infer what follows from it; the built graph on disk stays as it is.

        The first change copies the built graph to a temporary folder, in which this object then works; ``save`` keeps
        it. A class or predicate of the project that the ontology does not have is refused, unless what is added
        declares it; whether the rest is as it should be, ``validate`` tells. Axioms may be added, too: everything is
        then inferred again, and ``Change.reason`` says so.

        Args:
            statements: triples, each of three CURIEs, IRIs in angle brackets, literals in N-Triples form or names of
                nodes; or a file of RDF.
            source: slug of the named graph that holds what is added.

        Returns:
            What was newly stated, and what is inferred now and was not before, and the other way round.

        Raises:
            InconsistencyError: the graph would contradict itself; nothing was changed.
            RuleError: a triple is not one of RDF; UnknownTermError: a name, class or predicate is not known.
            LoadError: the file is missing or does not parse.
            StoreError: the graph was built without proofs, or there is no space for a copy.
        """
        changing, stated = self._changing(), self._stated(statements)
        self._refuse_undeclared(stated)
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

    def validate(self) -> Report:
        """Run checks and shapes on what is stated.

        Of a graph as it was built, that is the data that it was built from, and findings name file and line. Of one
        that was changed, it is what it states now: checks run on all of it, shapes on the nodes that the changes can
        affect, and the ends of direct edges must be of the kinds that an association with their predicate joins.
        A direct edge is not asked for evidence; an association is.

        Raises:
            LoadError: a file of the data is missing or does not parse.
        """
        from immunograph.building.changing import CHANGED
        from immunograph.building.validating_change import validate_change, validate_standing

        if self._changed is not None:
            return validate_change(self._changed, self.plan)
        return validate_standing(self.graph, self.plan) if self.report.get("key") == CHANGED else super().validate()

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
        """Let go of what was read before a change; it is read again when asked for.

        An earlier answer may still hold the names, to explain itself by; so they are not closed here.
        """
        for name in ("names", "report", "network"):
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

    def _refuse_undeclared(self, triples: Iterable[Triple]) -> None:
        """Refuse a predicate or a class under ``ig:`` that neither the ontology nor the triples declare."""
        used = {term for triple in triples for term in _terms_of_ontology(triple)}
        if not used:
            return
        declared = {f"<{iri}>" for iri in self._values(_DECLARED)}
        declared |= {s for s, p, o in triples if p == f"<{RDF_TYPE}>" and o in _DECLARING or p == _SUB_CLASS}
        for term in sorted(used - declared):
            name = term.removeprefix(f"<{IG}")[:-1]
            known = {iri.removeprefix(f"<{IG}")[:-1] for iri in declared if iri.startswith(f"<{IG}")}
            alike = {one for one in known if one[:1].isupper() == name[:1].isupper()}  # a class, or a predicate
            raise UnknownTermError(f"ig:{name}", [f"ig:{near}" for near in nearest(name, alike)])

    def _named(self, text: str) -> str:
        """A term as N-Triples text; other than ``_term``, it need not be in the graph."""
        if text.startswith(("<", '"', "_:")):
            return text
        iri = as_iri(text)
        return f"<{iri}>" if iri and self.names.node(iri) is None else f"<{self.names.resolve(text).iri}>"

    def _predicate_named(self, text: str) -> str:
        iri = None if text == "a" else as_iri(text)
        return f"<{iri}>" if iri else (text if text.startswith("<") else self._predicate(text))


def _terms_of_ontology(triple: Triple) -> Iterator[str]:
    """The terms under ``ig:`` that a triple uses as a predicate or as a class."""
    _, predicate, object_ = triple
    terms = (predicate, object_) if predicate in (f"<{RDF_TYPE}>", f"<{IG}predicate>") else (predicate,)
    yield from (term for term in terms if term.startswith(f"<{IG}"))
