"""SPARQL of strangers: each query waits in a thread for a process, and is taken back when its client goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request

from immunograph.store.serving import WAITING, QueryPool, Served, Withdrawal

Found = TypeVar("Found")


class PoolDesk:
    """Where SPARQL of strangers is asked.

    Args:
        pool: answers the queries.
    """

    def __init__(self, pool: QueryPool) -> None:
        self.pool = pool
        self._threads = CapacityLimiter(pool.workers * (WAITING + 1) + 4)  # those over the most are refused at once

    async def ask(
        self,
        request: Request,
        query: str,
        wanted: Sequence[str] = (),
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Served:
        """The answer to a query, which is taken back where its client goes away; otherwise as ``QueryPool.ask``."""
        withdrawal = Withdrawal()
        watch = asyncio.create_task(_withdrawn_with_client(request, withdrawal))
        graphs = {"default_graphs": default_graphs, "named_graphs": named_graphs}
        try:
            return await self.in_thread(lambda: self.pool.ask(query, wanted, **graphs, withdrawal=withdrawal))
        finally:
            watch.cancel()

    async def in_thread(self, work: Callable[[], Found]) -> Found:
        """What a function gives that waits for the pool."""
        return await run_sync(work, limiter=self._threads)


async def _withdrawn_with_client(request: Request, withdrawal: Withdrawal) -> None:
    """Wait for the client to go away, and take its question back then."""
    with suppress(Exception):  # a broken connection is one that went away
        while (await request.receive())["type"] != "http.disconnect":
            pass
    withdrawal.make()
