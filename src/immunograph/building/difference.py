"""What differs between the files of a plan and those that an earlier graph was built from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from immunograph import __version__
from immunograph.building.loading import ontology_files, source_folder
from immunograph.building.mapped import MAPPINGS, matches_of_terms
from immunograph.building.plan import FILES, LAYOUT, BuildPlan
from immunograph.store.graph import Graph, source_graph
from immunograph.store.reading import data_files
from immunograph.store.triples import Triple
from immunograph.turtle import write_atomically

INFERRED = source_graph("inferred")
_OURS = {"inferred", "ontology", "mappings"}


class BeginAnewError(Exception):
    """An earlier graph cannot be gone on from; the text says why."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between the files of a plan and those that an earlier graph was built from.

    Attributes:
        changed: how many files came, went or are not what they were.
        came: source → triples that its files state now and did not.
        went: source → triples that its files stated and do not now.
        stated: the triples that no source stated before.
        unstated: the triples that no source states any more.
    """

    changed: int
    came: dict[str, frozenset[Triple]]
    went: dict[str, frozenset[Triple]]
    stated: frozenset[Triple]
    unstated: frozenset[Triple]


def write_files(plan: BuildPlan, folder: Path) -> None:
    """Write beside a built graph what files it is built from, for builds that go on from it."""
    write_atomically(folder / FILES, json.dumps(_files(plan), indent=1, ensure_ascii=False) + "\n")


def _files(plan: BuildPlan) -> dict[str, dict[str, str]]:
    """Settings, and the checksum of every file: of data with the source that it belongs to."""
    data, ontology = set(data_files(plan.data)), {}
    for path in plan.files():
        if path not in data:
            ontology[path.relative_to(plan.ontology).as_posix()] = _checksum(path)
    return {
        "settings": {"version": __version__, "layout": str(LAYOUT), "engine": plan.engine, "licences": _listed(plan)},
        "ontology": ontology,
        "data": {
            path.relative_to(plan.data).as_posix(): f"{source_folder(plan.data, path).name}/{_checksum(path)}"
            for path in sorted(data)
        },
    }


def _listed(plan: BuildPlan) -> str:
    return "all" if plan.licences is None else " ".join(sorted(plan.licences))


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def difference(plan: BuildPlan, base: Path) -> Difference:
    """Compare the files of a plan with those of an earlier built graph; only changed sources are parsed.

    Raises:
        BeginAnewError: more than data differs, or what came or went cannot be told.
        LoadError: a file of the data does not parse.
        StoreError: the earlier graph cannot be read.
    """
    now, then = _files(plan), _read(base)
    for part, what in (("settings", "the version, the engine or the licences"), ("ontology", "the ontology's files")):
        if now[part] != then.get(part):
            raise BeginAnewError(f"{what} differ")
    if plan.engine != "duckdb" or plan.licences is not None:
        raise BeginAnewError("no proofs to go on from, or only some licences")
    before, after = set(then["data"].items()), set(now["data"].items())
    sources = {value.partition("/")[0] for _, value in before ^ after}
    if sources & _OURS:
        raise BeginAnewError("a source has the name of one of the project's graphs")
    earlier = Graph.read_only(base / "store")
    came, went = {}, {}
    for source in sorted(sources):
        paths = [plan.data / name for name, value in after if value.partition("/")[0] == source]
        said, says = set(earlier.triples(source_graph(source))), _parsed(paths)
        came[source], went[source] = frozenset(says - said), frozenset(said - says)
    changed = len({name for name, _ in before ^ after})
    stated, unstated = _stated(earlier, came, went, frozenset(matches_of_terms(plan.ontology)))
    return Difference(changed, came, went, stated, unstated)


def _read(base: Path) -> dict[str, dict[str, str]]:
    try:
        found: dict[str, dict[str, str]] = json.loads((base / FILES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BeginAnewError("the earlier graph does not say what files it was built from") from None
    return found


def _parsed(paths: Iterable[Path]) -> set[Triple]:
    """What files state, as a graph gives it back: the engine keeps the values of numbers, not how they are written."""
    graph = Graph.in_memory()
    for path in paths:
        graph.read(path)
    return set(graph.triples())


def _stated(
    earlier: Graph,
    came: dict[str, frozenset[Triple]],
    went: dict[str, frozenset[Triple]],
    of_terms: frozenset[Triple],
) -> tuple[frozenset[Triple], frozenset[Triple]]:
    touched = frozenset().union(*came.values(), *went.values())
    if any(term.startswith("_:") for triple in touched for term in triple):
        raise BeginAnewError("a changed source has blank nodes")
    stated, unstated = set(), set()
    for triple in touched:
        graphs = set(earlier.graphs_of(triple)) - ({INFERRED} if triple in of_terms else {INFERRED, MAPPINGS})
        left = {graph for graph in graphs if triple not in went.get(graph.rpartition("/")[2], ())}
        if not graphs:
            stated.add(triple)
        elif not left and not any(triple in some for some in came.values()):
            unstated.add(triple)
    return frozenset(stated), frozenset(unstated)


def read_stated(plan: BuildPlan) -> Graph:
    """The ontology and the data in one graph, as ``load_asserted`` has them in the default graph.

    Raises:
        LoadError: a file does not parse.
    """
    graph = Graph.in_memory()
    for path in [*ontology_files(plan.ontology), *data_files(plan.data)]:
        graph.read(path)
    graph.add(matches_of_terms(plan.ontology))
    return graph
