"""The hostile graph as a stream, and a way to write it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from immunograph.exporters.selection import Selection
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import ExportOptions, write_export
from immunograph.knowledge import KnowledgeGraph

from .hostile import hostile_graph

Write = Callable[..., Path]


@pytest.fixture(scope="session")
def hostile() -> Iterator[GraphStream]:
    """The hostile graph with what is stated alone."""
    with GraphStream.of_graph(hostile_graph(), version="1.2.3", build="key") as stream:
        yield stream


@pytest.fixture(scope="session")
def hostile_inferred() -> Iterator[GraphStream]:
    """The hostile graph with its inferred edge."""
    with GraphStream.of_graph(hostile_graph(), Selection(has_inferred=True), "1.2.3", "key") as stream:
        yield stream


@pytest.fixture(scope="session")
def hostile_with_controls() -> Iterator[GraphStream]:
    """The hostile graph with control characters."""
    with GraphStream.of_graph(hostile_graph(has_control=True)) as stream:
        yield stream


@pytest.fixture(scope="session")
def fixture_stream(fixture_kg: KnowledgeGraph) -> Iterator[GraphStream]:
    """The fixture graph, every kind of association, with what is inferred."""
    with GraphStream.of_graph(fixture_kg.graph, Selection(has_inferred=True), "1.2.3") as stream:
        yield stream


@pytest.fixture(scope="session")
def fixture_folder() -> Path:
    """The folder of the small graph."""
    return Path(__file__).resolve().parents[1] / "fixture"


@pytest.fixture
def write(hostile: GraphStream, tmp_path: Path) -> Write:
    """Write the hostile graph, or another stream, and give the path."""

    def written(form: str, stream: GraphStream = hostile, **options: str) -> Path:
        path = tmp_path / f"out.{form}"
        write_export(form, stream, str(path), ExportOptions(**options), is_forced=True)
        return path

    return written
