"""The library: open a graph, find nodes, ask questions, explain answers, change it, take it elsewhere.

>>> import immunograph
>>> kg = immunograph.open()                                                    # doctest: +SKIP
>>> kg.query("modulators-of-target", target="IL6R").column("modulator_label")  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from immunograph.assets import data_dir
from immunograph.building.plan import BuildPlan, graph_dir, is_built
from immunograph.errors import StoreError
from immunograph.knowledge.asking import AskedGraph, asked_there, why_empty_there
from immunograph.knowledge.changing import ChangedGraph
from immunograph.knowledge.linked import LinkedGraph
from immunograph.knowledge.proving import ProvenGraph
from immunograph.knowledge.taken import TakenGraph

__all__ = ["KnowledgeGraph", "asked_there", "is_at_hand", "open_graph", "why_empty_there"]


class KnowledgeGraph(AskedGraph, ProvenGraph, ChangedGraph, LinkedGraph, TakenGraph):
    """A built graph: asserted and inferred triples, names, saved queries and proofs."""


def open_graph(
    path: str | Path | None = None,
    *,
    data: str | Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> KnowledgeGraph:
    """Open a built graph; the first use builds the shipped one into the user's cache.

    Args:
        path: folder of a graph that ``immunograph build --out`` made; None for the cache.
        data: folder of Turtle to build from; None for the shipped data.
        tell: is called with the name of each stage while building.

    Raises:
        StoreError: the folder is not a built graph, or the data do not conform.
        LoadError: a data file is missing or does not parse.
    """
    plan = BuildPlan(Path(data) if data else data_dir())
    if path is None:
        return KnowledgeGraph(_built(plan, tell), plan)
    folder = Path(path)
    if not is_built(folder):
        raise StoreError(f"{folder}: is not a built graph; make one with `immunograph build --out {folder}`")
    return KnowledgeGraph(folder, plan)


def is_at_hand(path: str | Path | None = None, *, data: str | Path | None = None) -> bool:
    """Whether ``open_graph`` would find a built graph, and need not build one."""
    return is_built(Path(path) if path else graph_dir(BuildPlan(Path(data) if data else data_dir())))


def _built(plan: BuildPlan, tell: Callable[[str], None]) -> Path:
    folder = graph_dir(plan)
    if is_built(folder):
        return folder
    from immunograph.building.pipeline import open_or_build

    return open_or_build(plan, tell)
