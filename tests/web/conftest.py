"""The server over the fixture graph, asked without a socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from immunograph.building.plan import STORE
from immunograph.knowledge import KnowledgeGraph, open_graph
from immunograph.store.serving import QueryPool
from immunograph.web.app import application
from immunograph.web.settings import Settings


@pytest.fixture(scope="session")
def client(fixture_kg: KnowledgeGraph) -> Iterator[TestClient]:
    """A visitor of the fixture graph; it does not follow redirections by itself."""
    folder = fixture_kg.folder
    with QueryPool(folder / STORE, workers=2, seconds=20) as pool:
        app = application(lambda: open_graph(folder), Settings(seconds=20), pool, key="build-1")
        with TestClient(app, follow_redirects=False) as visitor:
            yield visitor
