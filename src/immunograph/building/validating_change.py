"""Checks and shapes on a graph that was changed after it was built: on what is stated now, wherever it came from."""

from __future__ import annotations

import json

from immunograph.building.changing import CHANGED, INFERRED, ChangingGraph
from immunograph.building.plan import REPORT, STORE, BuildPlan
from immunograph.building.validating import (
    validate_asserted,
    validate_changed,
    validate_changed_inference,
    validate_inferred,
)
from immunograph.reasoning.terms import SUB_CLASS
from immunograph.store.graph import Graph
from immunograph.validation import (
    Report,
    UnsupportedShapeError,
    read_checks,
    read_shapes,
    stated_edges,
    validate_edges,
)

_OF_ENDS = "object-of-wrong-kind"


def validate_change(changing: ChangingGraph, plan: BuildPlan) -> Report:
    """Validate a graph in which statements were made or taken back.

    Checks run on all that is stated, shapes on the nodes that the changes can affect, as in a build that goes on from
    another; on all nodes where the shapes had something to say about the built graph or the class tree changed.

    Args:
        changing: the graph.
        plan: where the ontology, its shapes and its checks lie.
    """
    outcome, stated = changing.outcome, changing.graph.without(INFERRED)
    try:
        if _must_look_everywhere(changing, plan):
            return validate_standing(changing.graph, plan, stated)
        report = validate_changed(stated, outcome.came, outcome.went, plan)
        came = {*outcome.came, *outcome.appeared}
        went = {*outcome.went, *outcome.vanished} - came
        again = validate_changed_inference(Graph.read_only(changing.built / STORE), came, went, plan)
    except UnsupportedShapeError:
        return validate_standing(changing.graph, plan, stated)
    return report.joined([again, _edges(stated, plan)])


def validate_standing(graph: Graph, plan: BuildPlan, stated: Graph | None = None) -> Report:
    """Validate all of a graph as it stands, such as one that was changed and saved.

    Args:
        graph: everything, by source.
        plan: where the ontology, its shapes and its checks lie.
        stated: what is stated of it, where that is at hand.
    """
    stated = stated or graph.without(INFERRED)
    inferred = [*graph.triples(INFERRED)]
    reports = [validate_inferred(stated, inferred, plan), _edges(stated, plan)]
    return validate_asserted(stated, plan).joined(reports)


def _edges(stated: Graph, plan: BuildPlan) -> Report:
    checks = [check for check in read_checks(plan.ontology / "checks") if check.name == _OF_ENDS]
    return validate_edges(stated, stated_edges(stated), read_shapes(plan.ontology / "shapes"), checks)


def _must_look_everywhere(changing: ChangingGraph, plan: BuildPlan) -> bool:
    """Whether more than what changed must be judged: the built graph had findings, or the class tree moved."""
    built = json.loads((changing.built / REPORT).read_text(encoding="utf-8"))
    had = {finding["rule"] for finding in built["findings"]}
    checks = {check.name for check in read_checks(plan.ontology / "checks")}
    outcome = changing.outcome
    moved = (*outcome.came, *outcome.went, *outcome.appeared, *outcome.vanished)
    return built["key"] == CHANGED or bool(had - checks) or any(p == SUB_CLASS for _, p, _ in moved)
