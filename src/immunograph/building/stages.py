"""The work of a build's stages, done from the start; ``going_on`` does it from an earlier graph."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from immunograph.building.inferring import Inference, infer_from, infer_graph
from immunograph.building.loading import load_asserted
from immunograph.building.plan import CLOSURE, NAMES, STORE, BuildPlan
from immunograph.building.validating import validate_asserted, validate_inferred
from immunograph.queries import NameIndex
from immunograph.store.graph import Graph, source_graph
from immunograph.validation import Report


class Stages(Protocol):
    """The work of a build's stages, in their order.

    Attributes:
        notes: what a licence filter left out, and axioms and rules that were not reasoned with; so far.
        program: key of the ontology and the rules, once inferred.
        asserted: how many triples are stated, once parsed.
        inferred: how many are inferred, once that is done.
    """

    notes: tuple[str, ...]
    program: str
    asserted: int
    inferred: int

    def parse(self) -> str:
        """Read the files; says what was read."""
        ...

    def validate(self) -> Report:
        """Judge what is stated."""
        ...

    def infer(self) -> str:
        """Infer; says what was inferred, and how."""
        ...

    def validate_again(self, before: Report) -> Report:
        """Judge what inference can touch; gives both reports as one."""
        ...

    def store(self, folder: Path) -> None:
        """Write the graph to an empty folder."""
        ...


class FromTheStart:
    """A build of all that there is.

    Args:
        plan: what to build from what.
        base: an earlier built graph, from whose proofs inference may go on.
    """

    def __init__(self, plan: BuildPlan, base: Path | None) -> None:
        self._plan, self._base = plan, base
        self.notes: tuple[str, ...] = ()
        self.program, self.asserted, self.inferred = "", 0, 0
        self._graph: Graph
        self._inference: Inference

    def parse(self) -> str:
        """Read the files; says what was read."""
        self._graph, self.notes = load_asserted(self._plan)
        self.asserted = len(self._graph)
        return f"{self.asserted:,} triples"

    def validate(self) -> Report:
        """Judge what is stated."""
        return validate_asserted(self._graph, self._plan)

    def infer(self) -> str:
        """Infer; says what was inferred, and how."""
        graph, plan, base = self._graph, self._plan, self._base
        found = self._inference = infer_from(graph, plan, base) if base else infer_graph(graph, plan)
        self.notes += found.unsupported + found.not_run
        self.program, self.inferred = found.program, len(found.triples)
        return ", ".join(filter(None, [f"{self.inferred:,} triples", found.how]))

    def validate_again(self, before: Report) -> Report:
        """Judge what inference can touch; gives both reports as one."""
        return before.joined([validate_inferred(self._graph, self._inference.triples, self._plan)])

    def store(self, folder: Path) -> None:
        """Write the graph to an empty folder."""
        stored = Graph.on_disk(folder / STORE)
        stored.copy(self._graph)
        stored.add(self._inference.triples, source_graph("inferred"))
        stored.flush()
        NameIndex.of_graph(stored, folder / NAMES).close()
        if self._inference.closure is not None:
            self._inference.closure.save(folder / CLOSURE)
