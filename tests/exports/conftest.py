"""The hostile graph as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from immunograph.exporters.selection import Selection
from immunograph.exporters.stream import GraphStream

from .hostile import hostile_graph


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStream]:
    """The hostile graph with what is stated alone."""
    with GraphStream.of_graph(hostile_graph(tmp_path_factory.mktemp("hostile")), version="1", build="key") as stream:
        yield stream


@pytest.fixture(scope="session")
def hostile_inferred(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStream]:
    """The hostile graph with its inferred edge."""
    graph = hostile_graph(tmp_path_factory.mktemp("hostile-inferred"))
    with GraphStream.of_graph(graph, Selection(has_inferred=True), "1", "key") as stream:
        yield stream


@pytest.fixture(scope="session")
def fixture_folder() -> Path:
    """The folder of the small graph."""
    return Path(__file__).resolve().parents[1] / "fixture"
