"""The stages of a build that goes on from an earlier graph: only what changed files can affect is done again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from immunograph.building.copying import copy_store
from immunograph.building.difference import INFERRED, BeginAnewError, Difference, difference, read_stated
from immunograph.building.inferring import MOST_CHANGED, without_clashes
from immunograph.building.mapped import MAPPINGS, matches_among
from immunograph.building.naming import may_name
from immunograph.building.plan import CLOSURE, NAMES, REPORT, STORE, BuildPlan
from immunograph.building.validating import validate_changed, validate_changed_inference
from immunograph.queries import NameIndex
from immunograph.reasoning import Closure
from immunograph.reasoning.terms import SUB_CLASS, is_literal
from immunograph.store.graph import Graph, source_graph
from immunograph.store.triples import Triple
from immunograph.validation import Report, UnsupportedShapeError, read_checks


class GoingOn:
    """A build that goes on from an earlier built graph, with the same result as one from the start.

    Any stage may raise ``BeginAnewError``, which says why the build must begin from the start.

    Args:
        plan: what to build from what.
        base: folder of the earlier graph; it is only read.
    """

    def __init__(self, plan: BuildPlan, base: Path) -> None:
        self._plan, self._base = plan, base
        self.notes: tuple[str, ...] = ()
        self.program, self.asserted, self.inferred = "", 0, 0
        self._report = json.loads((base / REPORT).read_text(encoding="utf-8"))
        self._difference: Difference
        self._closure: Closure
        self._came: set[Triple] = set()
        self._went: set[Triple] = set()
        self._appeared: set[Triple] = set()
        self._vanished: set[Triple] = set()

    def parse(self) -> str:
        """Read the sources that changed; says how much."""
        checks = {check.name for check in read_checks(self._plan.ontology / "checks")}
        if any(finding["rule"] not in checks for finding in self._report["findings"]):
            raise BeginAnewError("shapes had something to say about the earlier graph")
        found = self._difference = difference(self._plan, self._base)
        before = self._report["counts"]["asserted"]
        if len(found.stated) + len(found.unstated) > before * MOST_CHANGED:
            raise BeginAnewError("a large part of the data differs")
        if _has_class_tree(found.stated | found.unstated):
            raise BeginAnewError("the class tree differs")
        self.asserted = before + len(found.stated) - len(found.unstated)
        return f"{self.asserted:,} triples, {found.changed} files differ"

    def validate(self) -> Report:
        """Judge what is stated: checks on all of it, shapes where they can come out otherwise."""
        found = self._difference
        try:
            report = validate_changed(read_stated(self._plan), found.stated, found.unstated, self._plan)
        except UnsupportedShapeError as error:
            raise BeginAnewError(str(error)) from error
        return replace(report, reached=self._reached(report))

    def infer(self) -> str:
        """Derive again what rests on what changed; says how much."""
        came, went = self._difference.stated, self._difference.unstated
        self._closure = Closure.open(self._base / CLOSURE)
        if self._plan.is_strict and self._closure.unsupported:
            raise BeginAnewError("strict, and some axioms or rules are not supported")
        if self._closure.may_be_spelled_otherwise(sorted({o for _, _, o in came | went if is_literal(o)})):
            raise BeginAnewError("a value is written in another way")
        how = f"{len(came):,} stated triples came and {len(went):,} went"
        for change in (self._closure.retract(sorted(went)), self._closure.add(sorted(came))):
            how = f"inferred anew: {change.reason}" if change.is_full else how
            self._vanished = (self._vanished | set(change.vanished)) - set(change.appeared)
            self._appeared = (self._appeared - set(change.vanished)) | set(change.appeared)
        without_clashes(self._closure)
        self.inferred, self.program = self._closure.inferred_count, self._report["program"]
        self.notes += tuple(map(str, self._closure.unsupported))
        return f"{self.inferred:,} triples, {how}"

    def validate_again(self, before: Report) -> Report:
        """Judge what inference can touch, where it can come out otherwise; gives both reports as one."""
        if _has_class_tree(self._appeared | self._vanished):
            raise BeginAnewError("the class tree differs")
        self._came = {*self._difference.stated, *self._appeared}
        self._went = {*self._difference.unstated, *self._vanished} - self._came
        try:
            earlier = Graph.read_only(self._base / STORE)
            report = validate_changed_inference(earlier, self._came, self._went, self._plan)
        except UnsupportedShapeError as error:
            raise BeginAnewError(str(error)) from error
        return before.joined([replace(report, reached=self._reached(report))])

    def _reached(self, report: Report) -> dict[str, int]:
        """How many focus nodes each shape reaches, where a report says how many more than before."""
        return {name: self._report["focus_nodes"].get(name, 0) + more for name, more in report.reached.items()}

    def store(self, folder: Path) -> None:
        """Write the graph: the earlier one's files with what changed on top."""
        copy_store(self._base / STORE, folder / STORE)
        stored = Graph.on_disk(folder / STORE)
        self._change(stored)
        stored.sync()
        changed = self._came | self._went | _all(self._difference.came) | _all(self._difference.went)
        if any(may_name(triple, stored) for triple in changed):
            NameIndex.of_graph(stored, folder / NAMES).close()
        else:
            shutil.copyfile(self._base / NAMES, folder / NAMES)
        self._closure.save(folder / CLOSURE)

    def _change(self, stored: Graph) -> None:
        stored.remove(self._vanished, INFERRED)
        stored.remove(self._went)
        stored.add(self._came)
        stored.add(self._appeared, INFERRED)
        stored.remove(matches_among(self._difference.unstated), MAPPINGS)
        stored.add(matches_among(self._difference.stated), MAPPINGS)
        for source, triples in self._difference.went.items():
            stored.remove(triples, source_graph(source))
        for source, triples in self._difference.came.items():
            stored.add(triples, source_graph(source))


def _has_class_tree(triples: Iterable[Triple]) -> bool:
    return any(predicate == SUB_CLASS for _, predicate, _ in triples)


def _all(by_source: dict[str, frozenset[Triple]]) -> frozenset[Triple]:
    return frozenset().union(*by_source.values())
