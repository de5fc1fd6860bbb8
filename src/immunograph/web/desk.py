"""Where pages ask the graph: a few threads, each with the graph opened for itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from immunograph.knowledge import KnowledgeGraph

Found = TypeVar("Found")


class Desk:
    """A few threads, each with the graph opened for itself: neither names nor proofs may be shared between threads.

    Args:
        opener: opens the graph; called once in each thread.
        threads: how many questions are worked on at once; others wait.
    """

    def __init__(self, opener: Callable[[], KnowledgeGraph], threads: int) -> None:
        self._opener = opener
        self._own = threading.local()
        self._opened: list[KnowledgeGraph] = []
        self._info: dict[str, Any] = {}
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="immunograph-page")

    async def ask(self, work: Callable[[KnowledgeGraph], Found]) -> Found:
        """What a function finds in the graph; its errors are raised here."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._done, work)

    async def info(self) -> dict[str, Any]:
        """Counts, versions, sources: worked out once, as the graph does not change."""
        if not self._info:
            self._info.update(await self.ask(lambda kg: kg.info()))
        return self._info

    def close(self) -> None:
        """Wait for what is being worked on, then release the files."""
        self._pool.shutdown()
        for graph in self._opened:
            graph.close()

    def _done(self, work: Callable[[KnowledgeGraph], Found]) -> Found:
        if not hasattr(self._own, "graph"):
            self._own.graph = self._opener()
            self._opened.append(self._own.graph)
        return work(self._own.graph)
