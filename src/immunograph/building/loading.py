"""Ontology and data → a graph in memory, each source also in its named graph; a licence filter leaves sources out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from immunograph.building.licensing import drop_unlicensed, licences_stated
from immunograph.building.mapped import add_mappings
from immunograph.building.plan import BuildPlan
from immunograph.errors import LoadError, Place
from immunograph.store.graph import Graph, source_graph
from immunograph.store.reading import data_files


def load_asserted(plan: BuildPlan) -> tuple[Graph, tuple[str, ...]]:
    """Load the ontology and the data into memory, each source also in its named graph, and the mappings in theirs.

    Returns:
        The graph, and notes on what a licence filter left out.

    Raises:
        LoadError: a file is missing or does not parse.
    """
    graph = load_ontology(plan.ontology)
    folders = sorted({source_folder(plan.data, path) for path in data_files(plan.data)})
    notes: list[str] = []
    for folder in folders:
        files = data_files(folder) if folder != plan.data else sorted(plan.data.glob("*.ttl"))
        if plan.licences is not None and not licences_stated(files) & plan.licences:
            notes.append(f"{folder.name} left out by licence")
            continue
        for path in files:
            graph.load(path, source_graph(folder.name))
    if plan.licences is not None:
        notes.append(drop_unlicensed(graph, plan.licences))
    add_mappings(graph, plan.ontology)
    return graph, tuple(notes)


def load_files(files: Sequence[Path], plan: BuildPlan) -> Graph:
    """Load the ontology and some files, without the plan's data.

    Raises:
        LoadError: a file is missing or does not parse.
    """
    graph = load_ontology(plan.ontology)
    for path in files:
        graph.load(path)
    return graph


def load_ontology(ontology: Path) -> Graph:
    """Load the ontology's header and modules, also into the named graph ``ontology``.

    Raises:
        LoadError: a file does not parse, or there is none.
    """
    graph = Graph.in_memory()
    for path in ontology_files(ontology):
        graph.load(path, source_graph("ontology"))
    return graph


def ontology_files(ontology: Path) -> list[Path]:
    """The ontology's header and modules; shapes are not part of it.

    Nor are the slices of other ontologies under ``imports/``: they are OWL classes for reasoners and editors, where the
    graph has individuals under ``ig:broader``.

    Raises:
        LoadError: the folder holds none.
    """
    files = sorted([*ontology.glob("*.ttl"), *(ontology / "modules").glob("*.ttl")])
    if not files:
        raise LoadError("holds no ontology", Place(ontology))
    return files


def source_folder(data: Path, path: Path) -> Path:
    """The folder of the source that a file belongs to: the outermost one that holds Turtle itself.

    A release has a folder a licence above those of the sources.
    """
    folders = [folder for folder in path.parents if folder.is_relative_to(data) and folder != data]
    return next((folder for folder in reversed(folders) if any(folder.glob("*.ttl"))), data)
