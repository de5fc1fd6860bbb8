"""Checks and shapes on asserted data, on a user's files beside it, and on what inference adds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from immunograph.building.loading import load_asserted
from immunograph.building.plan import BuildPlan
from immunograph.building.sheet_places import with_sheets
from immunograph.store.graph import Graph, source_graph
from immunograph.store.reading import data_files, parse_file
from immunograph.store.triples import Triple
from immunograph.validation import (
    SHACL_ENGINES,
    Overlay,
    Places,
    Report,
    read_shapes,
    run_checks,
    validate_around,
    validate_shapes,
)
from immunograph.vocabulary import IGA, IGE

_STATED = (f"<{IGA}", f"<{IGE}")
_AFTER = "after-inference"


def validate_asserted(graph: Graph, plan: BuildPlan, engine: str = SHACL_ENGINES[0]) -> Report:
    """Run checks and shapes on asserted data; findings name file and line.

    Args:
        graph: the asserted triples.
        plan: where they come from.
        engine: the SHACL engine, one of ``SHACL_ENGINES``.
    """
    checked = run_checks(graph, plan.ontology / "checks")
    shapes = read_shapes(plan.ontology / "shapes")
    return _placed(checked.joined([validate_shapes(graph, shapes, engine)]), plan)


def _placed(report: Report, plan: BuildPlan) -> Report:
    return report.placed(Places(tuple(data_files(plan.data))).of(finding.focus for finding in report.findings))


def validate_changed(graph: Graph, came: Collection[Triple], went: Collection[Triple], plan: BuildPlan) -> Report:
    """As ``validate_asserted``, where the graph was without findings of shapes before a change.

    Args:
        graph: the asserted triples, in the default graph.
        came: those that it did not hold before.
        went: those that it held before.
        plan: where they come from.

    Returns:
        All findings, and how many focus nodes more each node shape reaches.

    Raises:
        UnsupportedShapeError: a shape says something that only a complete engine can judge.
    """
    before = Overlay(graph, without=came, more=went)
    shapes = read_shapes(plan.ontology / "shapes")
    around = validate_around(before, graph, [*came, *went], shapes)
    return _placed(run_checks(graph, plan.ontology / "checks").joined([around]), plan)


def validate_changed_inference(
    graph: Graph, came: Collection[Triple], went: Collection[Triple], plan: BuildPlan
) -> Report:
    """As ``validate_inferred``, where the graph was without findings before a change.

    Args:
        graph: the asserted and inferred triples before the change, in the default graph.
        came: those that it holds now.
        went: those that it holds no more.
        plan: what is built.

    Returns:
        The findings, and how many focus nodes more each node shape reaches.

    Raises:
        UnsupportedShapeError: a shape says something that only a complete engine can judge.
    """
    folder = plan.ontology / "shapes" / _AFTER
    if not folder.is_dir():
        return Report()
    before, after = (Overlay(graph, without, more, _STATED) for without, more in (((), ()), (went, came)))
    return validate_around(before, after, [*came, *went], read_shapes(folder))


def validate_inferred(graph: Graph, inferred: Sequence[Triple], plan: BuildPlan) -> Report:
    """Run the shapes that inference can touch on asserted and inferred triples together.

    Associations and evidence are left aside: nothing is inferred about them, and they are most of the graph.
    """
    folder = plan.ontology / "shapes" / _AFTER
    if not folder.is_dir():
        return Report()
    whole = Graph.in_memory()
    whole.add(triple for triple in graph.triples() if not triple[0].startswith(_STATED))
    whole.add(triple for triple in inferred if not triple[0].startswith(_STATED))
    return validate_shapes(whole, read_shapes(folder))


def validate_data(plan: BuildPlan, engine: str = SHACL_ENGINES[0]) -> Report:
    """Run checks and shapes on the plan's data; findings about Turtle of curation sheets name the sheets, too.

    Raises:
        LoadError: a file is missing or does not parse.
    """
    graph, _ = load_asserted(plan)
    return with_sheets(validate_asserted(graph, plan, engine), graph)


def validate_files(files: Sequence[Path], plan: BuildPlan, engine: str = SHACL_ENGINES[0]) -> Report:
    """Run checks and shapes on files together with the plan's data; only findings about the files are given.

    Raises:
        LoadError: a file is missing or does not parse.
    """
    named = _named_in(files)  # reads the files: one that is missing is told before all else is loaded
    graph, _ = load_asserted(plan)
    for path in files:
        graph.load(path, source_graph(path.stem))
    report = validate_asserted(graph, plan, engine)
    described = Places(tuple(files)).of(finding.focus for finding in report.findings)
    findings = tuple(f for f in report.findings if f.focus in described or f.focus in named)
    return with_sheets(replace(report, findings=findings).placed_first(described), graph)


def _named_in(files: Sequence[Path]) -> set[str]:
    """The IRIs that files name as subject or object."""
    return {
        term.removeprefix("<").removesuffix(">")
        for path in files
        for quad in parse_file(path)
        for term in (str(quad.subject), str(quad.object))
    }
