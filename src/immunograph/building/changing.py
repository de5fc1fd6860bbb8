"""A built graph that is changed: in a copy of its own, with what follows derived again and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from immunograph.building.copying import copy_store
from immunograph.building.mapped import MAPPINGS, matches_among
from immunograph.building.naming import may_name
from immunograph.building.pipeline import whole_folder
from immunograph.building.plan import CLOSURE, NAMES, REPORT, STORE
from immunograph.errors import InconsistencyError, RuleError, StoreError
from immunograph.queries import NameIndex
from immunograph.reasoning import Change, Closure
from immunograph.reasoning.terms import value_key
from immunograph.store.graph import Graph, source_graph
from immunograph.store.triples import Triple, normal_triples
from immunograph.turtle import write_atomically

INFERRED, ONTOLOGY = source_graph("inferred"), source_graph("ontology")
_NOT_SOURCES = {INFERRED, ONTOLOGY, MAPPINGS}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CHANGED = "changed"
"""Stands in a report for the key of the files that a graph was built from: a changed graph is that of no files."""


@dataclass(slots=True)
class Outcome:
    """What all changes of a graph came to, so that what came and went again is in neither.

    Attributes:
        came: triples that are stated now and were not in the built graph.
        went: those that were and are not.
        appeared: triples that are inferred now and were not.
        vanished: those that were and are not.
    """

    came: set[Triple] = field(default_factory=set)
    went: set[Triple] = field(default_factory=set)
    appeared: set[Triple] = field(default_factory=set)
    vanished: set[Triple] = field(default_factory=set)

    def state(self, new: Iterable[Triple], gone: Iterable[Triple]) -> None:
        """Take note of what is stated now, or no more."""
        _trade(self.came, self.went, set(new), set(gone))

    def infer(self, change: Change) -> None:
        """Take note of what is inferred now, or no more."""
        _trade(self.appeared, self.vanished, set(change.appeared), set(change.vanished))


def _trade(more: set[Triple], fewer: set[Triple], new: set[Triple], gone: set[Triple]) -> None:
    back, undone = new & fewer, gone & more
    more |= new - back
    more -= undone
    fewer |= gone - undone
    fewer -= back


class ChangingGraph:
    """A copy of a built graph, in which statements can be made and taken back.

    Args:
        folder: the built graph; it is only read.

    Attributes:
        folder: the copy; it is removed by ``close``.
        graph: its triples, in the default graph and by source.
        closure: its stated and inferred triples with their proofs.
        built: folder of the graph that it is a copy of.
        outcome: what all changes came to.

    Raises:
        StoreError: the graph has no proofs, or cannot be copied.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / CLOSURE).is_file():
            raise StoreError(f"{folder}: was built without proofs and cannot change; build with --engine duckdb")
        self._temporary = tempfile.TemporaryDirectory(prefix="immunograph-changed-", ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name) / "graph"
        try:
            self.folder.mkdir()
            copy_store(folder / STORE, self.folder / STORE)
            for name in (CLOSURE, NAMES, REPORT):
                shutil.copyfile(folder / name, self.folder / name)
        except OSError as error:
            self._temporary.cleanup()
            raise StoreError(f"{folder}: cannot be copied to {self.folder} ({error}); free space there") from error
        self.graph = Graph.on_disk(self.folder / STORE)
        self.closure = Closure.open(self.folder / CLOSURE)
        self.built, self.outcome = folder, Outcome()

    def add(self, triples: Iterable[Triple], source: str) -> Change:
        """State triples, in the named graph of a source, and infer what follows.

        Raises:
            InconsistencyError: the graph would contradict itself; nothing was changed.
            RuleError: a triple is not one of RDF; nothing was changed.
        """
        if not _SLUG.fullmatch(source) or source_graph(source) in _NOT_SOURCES:
            raise RuleError(f"{source!r} cannot name a source; use small letters, digits and hyphens, such as 'added'")
        given = normal_triples(triples)
        before = set(self.closure.stated_among(given))
        change = self.closure.add(given)
        if self.closure.clashes:
            clashes = [clash.as_text() for clash in self.closure.clashes]
            self.closure.retract([one for one in given if one not in before])
            raise InconsistencyError(clashes)
        self._apply(change)
        self.outcome.state(set(given) - before, ())
        self.graph.add(given, source_graph(source))
        self.graph.add(matches_among(given), MAPPINGS)
        self._settle(change, given, len(given) - len(before))
        return change

    def retract(self, triples: Iterable[Triple]) -> Change:
        """State triples no more, whatever source states them; what the ontology states stays.

        Raises:
            RuleError: a triple is not one of RDF; nothing was changed.
        """
        places = {triple: self.graph.graphs_of(triple) for triple in normal_triples(triples)}
        given = sorted(triple for triple, graphs in places.items() if set(graphs) - _NOT_SOURCES)
        change = self.closure.retract([triple for triple in given if not self._is_said_otherwise(triple, given)])
        for triple in given:
            kept = {INFERRED, ONTOLOGY, MAPPINGS} if ONTOLOGY in places[triple] else {INFERRED}
            for graph in set(places[triple]) - kept:
                self.graph.remove([triple], graph)
        gone = [triple for triple in given if ONTOLOGY not in places[triple]]
        self.graph.remove(gone)
        self._apply(change)
        self.outcome.state((), gone)
        self._settle(change, given, -len(gone))
        return change

    def save(self, out: Path, *, is_forced: bool = False) -> None:
        """Write the changed graph as a built graph, whole or not at all.

        Raises:
            StoreError: the folder exists and is not to be replaced, or cannot be written.
        """
        if out.exists() and not is_forced:
            raise StoreError(f"{out}: exists; choose another folder, or replace it with is_forced=True")
        with whole_folder(out, None) as folder:
            self.graph.backup(folder / STORE)
            self.closure.save(folder / CLOSURE)
            for name in (NAMES, REPORT):
                shutil.copyfile(self.folder / name, folder / name)

    def close(self) -> None:
        """Remove the copy."""
        self.closure.close()
        del self.graph  # the engine works on its files until it is let go
        self._temporary.cleanup()

    def _is_said_otherwise(self, triple: Triple, given: Sequence[Triple]) -> bool:
        """Whether the same value stays stated in another spelling, such as 1 and 1.0."""
        subject, predicate, object_ = triple
        return object_.startswith('"') and any(
            value_key(other[2]) == value_key(object_) and other not in given
            for other in self.graph.around([subject[1:-1]] if subject.startswith("<") else [])
            if other[:2] == (subject, predicate) and other != triple
        )

    def _apply(self, change: Change) -> None:
        self.outcome.infer(change)
        self.graph.remove(change.vanished, INFERRED)
        self.graph.remove(change.vanished)
        self.graph.add(change.appeared, INFERRED)

    def _settle(self, change: Change, given: Sequence[Triple], more: int) -> None:
        """Write the counts anew, and the names where they may differ, and let others see the triples."""
        self.graph.sync()
        if any(may_name(triple, self.graph) for triple in (*given, *change.appeared, *change.vanished)):
            (self.folder / NAMES).unlink()
            NameIndex.of_graph(self.graph, self.folder / NAMES).close()
        report = json.loads((self.folder / REPORT).read_text(encoding="utf-8"))
        report["key"] = CHANGED
        report["counts"]["asserted"] += more
        report["counts"]["inferred"] = self.closure.inferred_count
        write_atomically(self.folder / REPORT, json.dumps(report, indent=1, ensure_ascii=False) + "\n")
