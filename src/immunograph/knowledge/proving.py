"""Why a triple holds, what else gives it, what would fall with it, and how one thing leads to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from immunograph.building.plan import CLOSURE
from immunograph.errors import NotStatedError
from immunograph.explaining import Explainer, Explanation
from immunograph.identifiers import compress
from immunograph.knowledge.opened import OpenedGraph
from immunograph.store.triples import Triple

if TYPE_CHECKING:
    import networkx

    from immunograph.analysis.ends import Said
    from immunograph.analysis.paths import MechanismPath
    from immunograph.reasoning import Closure


_OTHERWISE = """
SELECT ?x ?p ?no WHERE {{
  ?x ig:subject {0} ; ig:object {2} ; ig:predicate ?p .
  OPTIONAL {{ ?x ig:negated ?no FILTER(?no) }}
  FILTER(?p != {1})
}} ORDER BY ?p ?x LIMIT 10
"""


class ProvenGraph(OpenedGraph):
    """Why a triple holds, what else gives it, what would fall with it, and how one thing leads to another."""

    def triple(self, subject: str, predicate: str, object_: str) -> Triple:
        """The triple that three names or CURIEs mean, as N-Triples terms.

        Raises:
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
        """
        return self._term(subject), self._predicate(predicate), self._term(object_)

    def explain(self, subject: str, predicate: str, object_: str) -> Explanation | None:
        """Why a triple holds, down to what is stated and where it can be read; None where it does not hold.

        Raises:
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
            StoreError: the graph was built without proofs.
        """
        proof = self.closure.explain(self.triple(subject, predicate, object_))
        return None if proof is None else Explainer(self.graph, self.label).explanation(proof)

    def derivations(self, subject: str, predicate: str, object_: str, limit: int = 20) -> list[Explanation]:
        """Every last step that gives a triple, each with what it rests on, up to a limit; empty where none does.

        Raises:
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
            StoreError: the graph was built without proofs.
        """
        from immunograph.reasoning import Proof

        def proofs(triples: Iterable[Triple]) -> Iterator[Proof]:
            return (proof for proof in map(self.closure.explain, triples) if proof is not None)

        explainer = Explainer(self.graph, self.label)
        steps = self.closure.derivations(self.triple(subject, predicate, object_), limit)
        return [explainer.explanation(Proof(step, tuple(proofs((*step.premises, *step.axioms))))) for step in steps]

    def depends_on(self, subject: str, predicate: str, object_: str) -> list[Triple]:
        """The inferred triples that would fall if a statement were retracted, sorted.

        A statement is retracted with every association that makes it. What has another proof stays: the rest is
        inferred again without it, and compared.

        Raises:
            NotStatedError: nothing states the triple; UnknownTermError: a name is not known.
            StoreError: the graph was built without proofs.
        """
        from immunograph.building.inferring import falling_without

        wanted = self.triple(subject, predicate, object_)
        associations = self._values(
            f"SELECT ?x WHERE {{ ?x ig:subject {wanted[0]} ; ig:predicate {wanted[1]} ; ig:object {wanted[2]} }}"
        )
        fallen = falling_without(self.graph, self._closure_apart(), wanted, associations)
        if fallen is None:
            raise NotStatedError(Explainer(self.graph, self.label).text(wanted), wanted in self.closure)
        gone = {f"<{iri}>" for iri in associations}
        return [triple for triple in fallen if triple[0] not in gone and triple[2] not in gone]

    def why_not(self, subject: str, predicate: str, object_: str) -> str:
        """Say of a triple that does not hold whether it is known not to, or not known, and what comes nearest to it.

        The nearest rules are named with what they find, and with the premises that fail.

        Raises:
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
        """
        wanted = self.triple(subject, predicate, object_)
        explainer = Explainer(self.graph, self.label)
        shown = explainer.text(wanted)
        negated = self._values(
            f"SELECT ?x WHERE {{ ?x ig:subject {wanted[0]} ; ig:predicate {wanted[1]} ; ig:object {wanted[2]} ; "
            "ig:negated true }"
        )
        if negated:
            said = f"known not to hold: {shown} (negated by {', '.join(map(compress, negated))})"
        else:
            said = f"not known: nothing states or implies that {shown}"
        has_proofs = "closure" in self.__dict__ or (self.folder / CLOSURE).is_file()
        misses = self.closure.near_misses(wanted) if has_proofs else []
        return "\n".join([said, *self._stated_of_both(wanted), *map(explainer.near_miss, misses)])

    def _stated_of_both(self, wanted: Triple) -> list[str]:
        """What is stated of the same two nodes by other predicates, a line each."""
        rows = self.graph.select(_OTHERWISE.format(*wanted)).rows
        names = self.label(wanted[0][1:-1]), self.label(wanted[2][1:-1]) if wanted[2].startswith("<") else ""
        return [
            f"stated: {names[0]} {'not ' * bool(no)}{self.label(predicate.value)} {names[1]} ({compress(one.value)})"
            for one, predicate, no in rows
            if one and predicate
        ]

    def path(self, start: str, end: str, *, hops: int = 4, most: int = 5) -> list[MechanismPath]:
        """Signed mechanism paths between two nodes along stated links, shortest first.

        Each also holds what sources state of its two ends (``stated``): that may be the contrary of its sign.

        Args:
            start: name, CURIE or IRI of the first node, such as a modulator.
            end: the same of the last node, such as a condition.
            hops: the longest path, in links.
            most: how many paths to give.

        Raises:
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
            ValueError: ``hops`` or ``most`` is less than one.
        """
        from immunograph.analysis.paths import cited, mechanism_paths

        ends = self.names.resolve(start).iri, self.names.resolve(end).iri
        return cited(self.graph, mechanism_paths(self.network, *ends, hops=hops, most=most))

    @cached_property
    def network(self) -> networkx.DiGraph[str]:
        """The stated links that mechanism paths follow, as ``analysis.paths.mechanism_network`` reads them."""
        from immunograph.analysis.paths import mechanism_network

        return mechanism_network(self.graph)

    def said_of(self, start: str, end: str) -> list[Said]:
        """What sources state of a modulator and a condition, or a narrower one: that it treats, harms, fails.

        Raises:
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
        """
        from immunograph.analysis.ends import said_of

        return said_of(self.graph, self.names.resolve(start).iri, self.names.resolve(end).iri)

    def _closure_apart(self) -> Closure:
        """The closure once more, to be changed and thrown away."""
        from immunograph.reasoning import Closure

        path = self.folder / CLOSURE
        if self._changed is not None:
            self.closure.save(path.with_name("apart.duckdb"))
            path = path.with_name("apart.duckdb")
        return Closure.open(path) if path.is_file() else self.closure
