"""The server as an ASGI application."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from immunograph.errors import ImmunographError
from immunograph.knowledge import KnowledgeGraph
from immunograph.store.serving import QueryPool
from immunograph.web.api import Api, as_json
from immunograph.web.desk import Desk
from immunograph.web.explorer import Explorer
from immunograph.web.failures import Problem, problem_of
from immunograph.web.pooled import PoolDesk
from immunograph.web.settings import Settings
from immunograph.web.sparql import sparql_routes
from immunograph.web.taken import Taken

_STATIC = Path(__file__).parent / "static"
_LOG = logging.getLogger("immunograph.web")

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""Sent with every answer: nothing is loaded from elsewhere, and no visitor is told to others."""


def application(
    opener: Callable[[], KnowledgeGraph], settings: Settings, pool: QueryPool, *, key: str = ""
) -> Starlette:
    """The server.

    Args:
        opener: opens the graph; called once in each working thread.
        settings: limits.
        pool: answers SPARQL.
        key: identifies the graph; answers are marked with it, so that clients need not fetch them again.
    """
    desk = Desk(opener, settings.workers)
    explorer, api, taken = Explorer(desk, PoolDesk(pool), settings), Api(desk, settings), Taken(desk)

    @contextlib.asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        yield
        desk.close()

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, ImmunographError)
        return _told(request, problem_of(error), explorer)

    async def missing(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        problem = Problem(error.status_code, error.detail, f"{request.url.path}: {error.detail}")
        told = _told(request, problem, explorer)
        told.headers.update(error.headers or {})
        return told

    async def failed(request: Request, error: Exception) -> Response:
        _LOG.error("%s: %s: %s", request.url.path, type(error).__name__, error)
        return _told(request, Problem(500, "Cannot be answered", "the server failed; its log says more"), explorer)

    middleware = [Middleware(GZipMiddleware, minimum_size=1000), Middleware(Marked, key=key)]
    if settings.origin:
        middleware.insert(0, Middleware(CORSMiddleware, allow_origins=[settings.origin], allow_methods=["GET", "POST"]))
    return Starlette(
        routes=[
            *sparql_routes(pool, page=_editor),
            *taken.routes(),
            *api.routes(),
            *explorer.routes(),
            Route("/favicon.ico", lambda _: RedirectResponse("/static/icon.svg")),
            Route("/robots.txt", lambda _: PlainTextResponse("User-agent: *\nDisallow: /ask\nDisallow: /sparql\n")),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        middleware=middleware,
        exception_handlers={ImmunographError: refused, HTTPException: missing, Exception: failed},
        lifespan=life,
    )


async def _editor(_: Request) -> Response:
    """What a browser sees at the endpoint."""
    return RedirectResponse("/ask", 303)


def _told(request: Request, problem: Problem, explorer: Explorer) -> Response:
    """What went wrong, as a page to a browser and as JSON to a program."""
    wants_page = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")
    if wants_page:
        return explorer.page("problem.html", request, problem.status, problem=problem)
    return as_json({"error": problem.title, "detail": problem.detail}, problem.status)


class Marked:
    """Adds the headers of safety, and marks what can be kept: an answer is that of one build of the graph.

    Args:
        app: what answers.
        key: identifies the graph; empty for none.
    """

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app = app
        self._etag = f'W/"{key}"' if key else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_kept = bool(self._etag) and scope["method"] in {"GET", "HEAD"}
        asked = next((value for name, value in scope["headers"] if name == b"if-none-match"), b"").decode("latin-1")
        is_known = is_kept and (asked.strip() == "*" or self._etag.removeprefix("W/") in asked)
        is_same = False

        async def marked(message: Message) -> None:
            nonlocal is_same
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if is_kept and message["status"] == 200:
                    headers["ETag"] = self._etag
                    headers.setdefault("Cache-Control", "no-cache")
                    headers.setdefault("Vary", "Accept")
                    is_same = is_known
                if is_same:
                    message["status"] = 304
                    del headers["content-length"]
            elif is_same:
                message["body"] = b""
            await send(message)

        await self._app(scope, receive, marked)
