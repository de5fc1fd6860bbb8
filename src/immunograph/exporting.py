"""From a built graph to an export: the licence filter (which builds again), the stream, the writer."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from immunograph import __version__
from immunograph.building.plan import REPORT, STORE, BuildPlan, cache_dir, is_current
from immunograph.errors import ExportError, StoreError
from immunograph.exporters.laying import Shelf
from immunograph.exporters.selection import Selection
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import Exported, ExportOptions, check_target, write_export
from immunograph.licences import licence_iris
from immunograph.store.graph import Graph

_CONTENT_KEY = re.compile("[0-9a-f]{64}")
"""The key of a graph that is that of its files; one that was changed since has another, which says nothing of it."""


def export(
    folder: Path,
    plan: BuildPlan,
    form: str,
    out: str,
    selection: Selection | None = None,
    options: ExportOptions | None = None,
    is_forced: bool = False,
    graph: Graph | None = None,
) -> Exported:
    """Write a built graph in another format; see ``KnowledgeGraph.export`` and ``selected_stream``.

    Raises:
        ExportError: the target or the selection is no good.
        UnknownTermError: a licence is not known.
        StoreError: the graph cannot be read, or does not conform under a licence filter.
    """
    check_target(form, out, is_forced)
    how = options or ExportOptions()
    with selected_stream(folder, plan, selection, how, graph) as stream:
        how.tell(f"writing {form}")
        return write_export(form, stream, out, how, is_forced)


def selected_stream(
    folder: Path,
    plan: BuildPlan,
    selection: Selection | None = None,
    options: ExportOptions | None = None,
    graph: Graph | None = None,
) -> GraphStream:
    """The stream of a built graph, built again where the selection names licences; close it when done.

    Args:
        folder: of the built graph.
        plan: what it was built from.
        selection: what of it; None for everything that is stated.
        options: tells of progress.
        graph: its triples, where they are open already; a graph that is being changed must not be opened again.

    Raises:
        ExportError: the selection holds nothing.
        UnknownTermError: a licence is not known.
        StoreError: the graph cannot be read, or does not conform under a licence filter.
    """
    chosen, how = selection or Selection(), options or ExportOptions()
    if chosen.licences:
        folder, graph = _filtered(folder, plan, chosen, how), None
    return open_stream(folder, chosen, how, graph)


def open_stream(
    folder: Path, selection: Selection, options: ExportOptions | None = None, graph: Graph | None = None
) -> GraphStream:
    """The stream of a built graph; close it when done.

    Its tables are kept in the user's cache, so that the next export of the same graph need not lay it out.

    Raises:
        ExportError: the selection holds nothing, or there is no room for the temporary file.
        StoreError: the graph cannot be read.
    """
    (options or ExportOptions()).tell("laying out the graph")
    key = _build_key(folder)
    shelf = Shelf(cache_dir() / "tables", key) if _CONTENT_KEY.fullmatch(key) else None
    opened = Graph.read_only(folder / STORE) if graph is None else graph
    return GraphStream.of_graph(opened, selection, __version__, key, shelf)


def _build_key(folder: Path) -> str:
    try:
        return str(json.loads((folder / REPORT).read_text(encoding="utf-8")).get("key", ""))
    except (OSError, ValueError) as error:
        raise StoreError(f"{folder / REPORT}: cannot be read ({error}); run `immunograph build --force`") from error


def _filtered(folder: Path, plan: BuildPlan, selection: Selection, options: ExportOptions) -> Path:
    """Build the graph again from the sources under some licences; what is inferred must rest on these alone."""
    if not is_current(folder, plan):
        raise ExportError(
            f"{folder}: was built elsewhere, so that it cannot be built again under --license; "
            "filter when building: `immunograph build --license ... --out DIR`"
        )
    from immunograph.building.pipeline import open_or_build

    filtered = replace(plan, licences=licence_iris(",".join(selection.licences)))
    return open_or_build(filtered, lambda stage: options.tell(f"building under the licences: {stage}"))
