"""A server on the fixture graph, and a client session of the SDK in this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp_types import CallToolResult

from immunograph.knowledge import KnowledgeGraph
from immunograph.mcp.desk import Desk
from immunograph.mcp.server import ImmunoGraphServer, make_server
from mcp import Client

FIXTURE = Path(__file__).resolve().parents[1] / "fixture"

Call = Callable[..., CallToolResult]


@pytest.fixture(scope="session")
def desk(fixture_kg: KnowledgeGraph) -> Iterator[Desk]:
    """One process that holds the fixture graph."""
    desk = Desk(None, FIXTURE, 60, is_quiet=True)
    yield desk
    desk.stop()


@pytest.fixture(scope="session")
def server(desk: Desk) -> ImmunoGraphServer:
    """The server, not yet connected."""
    return make_server(desk)


@pytest.fixture
def call(server: ImmunoGraphServer) -> Call:
    """Call a tool in a session of its own."""

    def called(tool: str, **arguments: Any) -> CallToolResult:
        async def session() -> CallToolResult:
            async with Client(server) as client:
                return await client.call_tool(tool, arguments)

        return anyio.run(session)

    return called


def size(result: CallToolResult) -> int:
    """Bytes of an answer's data and text."""
    data = json.dumps(result.structured_content, ensure_ascii=False, separators=(",", ":"))
    return len(data.encode()) + len(text(result).encode())


def text(result: CallToolResult) -> str:
    """An answer's text."""
    (content,) = result.content
    return str(content.text)  # type: ignore[union-attr]
