"""One side of a comparison, from what a user has: a built graph, a folder of Turtle, or a release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from immunograph.building.plan import is_built
from immunograph.comparing import Side
from immunograph.errors import LoadError, Place
from immunograph.exporters.writing import sha256_of
from immunograph.identifiers import compress
from immunograph.knowledge import open_graph
from immunograph.queries import NameIndex
from immunograph.releasing.layout import QUADS, is_release, read_manifest
from immunograph.store.graph import Graph
from immunograph.store.quads import read_quads
from immunograph.vocabulary import RDFS_LABEL


@dataclass(frozen=True, slots=True)
class ReleasedGraph:
    """The graph of a release, read into memory; nothing is built."""

    graph: Graph
    names: NameIndex

    def label(self, iri: str) -> str:
        """The label of a node or term, or its CURIE."""
        if known := self.names.label(iri):
            return known
        labels = [o for p, o in self.graph.about(iri) if p == f"<{RDFS_LABEL}>"]
        return labels[0][1 : labels[0].rindex('"')] if labels else compress(iri)


def open_side(path: Path, tell: Callable[[str], None] = lambda _: None) -> Side:
    """Open a built graph, a release, or a folder of Turtle, which is built first where the cache does not hold it.

    Raises:
        LoadError: the path is no folder, or the release is damaged.
        StoreError: the graph cannot be read, or the data do not conform.
    """
    if not path.is_dir():
        raise LoadError("is no folder; give a built graph, a release or a folder of Turtle", Place(path))
    if is_release(path):
        tell(f"reading {path.name}")
        return open_release(path)
    return open_graph(path, tell=tell) if is_built(path) else open_graph(data=path, tell=tell)


def open_release(folder: Path) -> ReleasedGraph:
    """Read the graph of a release.

    Raises:
        LoadError: a file is missing, or its checksum is not the manifest's.
    """
    stated = read_manifest(folder)["files"].get(QUADS, {}).get("sha256")
    path = folder / QUADS
    if not path.is_file() or sha256_of(path) != stated:
        raise LoadError("is not what the release's manifest says; fetch the release again", Place(path))
    graph = read_quads(path)
    return ReleasedGraph(graph, NameIndex.of_graph(graph))
