"""The SPARQL endpoint: ``/sparql``, by the SPARQL 1.1 Protocol, for queries alone."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from immunograph.errors import (
    AnswerTooLargeError,
    ImmunographError,
    NotOfferedError,
    QueryError,
    QueryTimeoutError,
    ServerBusyError,
)
from immunograph.store.media import RESULTS, RESULTS_ALSO, TRIPLES, TRIPLES_ALSO, proper, turtle_as
from immunograph.store.serving import QueryPool, Served
from immunograph.web.negotiation import accepted
from immunograph.web.pooled import PoolDesk
from immunograph.web.protocol import Asked, RefusedError, read_request
from immunograph.web.service import service_turtle

PATH = "/sparql"
"""Where the endpoint is."""

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
"""The methods that it answers."""

Page = Callable[[Request], Awaitable[Response]]
"""Answers a browser that asks without a query."""

Found = TypeVar("Found")

_LOG = logging.getLogger("immunograph.sparql")
_OFFERED = [*RESULTS, *TRIPLES]
_ALSO = list(dict.fromkeys([*RESULTS_ALSO, *TRIPLES_ALSO]))
_PLACE = re.compile(r"\bat (\d+):(\d+)")
_LONGEST_LINE = 200
_HARMLESS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}
"""What is asked for may be made to look like a page with a script, as XML of any kind can be."""


def sparql_routes(
    pool: QueryPool, *, description: Callable[[], bytes] | None = None, page: Page | None = None
) -> list[Route]:
    """The routes of the endpoint.

    Args:
        pool: answers the queries.
        description: gives Turtle about the data set, without prefixes of its own beyond the project's, to be added to
            the description of the service.
        page: what a browser sees that asks without a query; None for the description of the service.
    """
    return [Route(PATH, _Endpoint(pool, description, page).respond, methods=list(METHODS))]


class _Endpoint:
    """Answers requests."""

    def __init__(self, pool: QueryPool, description: Callable[[], bytes] | None, page: Page | None) -> None:
        self._desk = PoolDesk(pool)
        self._description = description
        self._page = page
        self._graphs: bytes | None = None

    async def respond(self, request: Request) -> Response:
        """Answer a request; whatever goes wrong is told in a line of plain text."""
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join(METHODS)})
        asked = None
        try:
            asked = await read_request(request)
            if asked.query is None:
                return await self._described(request, asked)
            return _of(await self._asked(request, asked, asked.query))
        except RefusedError as error:
            return _told(error.status, str(error))
        except ClientDisconnect:
            return _told(400, "the request broke off")
        except ImmunographError as error:
            return self._failed(error, asked.query if asked and asked.query else "")
        except Exception as error:
            _LOG.error("%s: %s", type(error).__name__, " ".join(str(error).split())[:500])
            return _told(500, "the server failed; its log says more")

    async def _asked(self, request: Request, asked: Asked, query: str) -> Served:
        wanted = asked.formats or _wanted(request.headers.get("accept", ""))
        return await self._desk.ask(request, query, wanted, asked.default_graphs, asked.named_graphs)

    async def _described(self, request: Request, asked: Asked) -> Response:
        """The page for browsers, and the description of the service for programs."""
        offered = [*TRIPLES, "text/html"] if self._page else list(TRIPLES)
        kinds = asked.formats or tuple(accepted(request.headers.get("accept", ""), offered, TRIPLES_ALSO))
        known = [kind for kind in kinds if kind in {*offered, *TRIPLES_ALSO}]
        if not known:
            raise NotOfferedError(offered)
        if known[0] == "text/html" and self._page:
            return await self._page(request)
        address = str(request.url.replace(query="", fragment=""))
        if self._graphs is None:
            self._graphs = (await self._desk.in_thread(lambda: self._desk.pool.ask(GRAPHS, list(RESULTS)[:1]))).body
        about = (await self._desk.in_thread(self._description)) if self._description else b""
        turtle = service_turtle(address, self._graphs, about.decode())
        return _of(Served(proper(known[0]), turtle_as(turtle, known[0], address)))

    def _failed(self, error: ImmunographError, query: str) -> Response:
        """What a refused or failed query is told."""
        if isinstance(error, QueryTimeoutError):
            _LOG.warning("no answer in %g s; the process was ended", error.seconds)
            text = f"no answer in {error.seconds:g} s, the limit of this server; ask for less, or by parts with LIMIT"
            return _told(503, text, {"Retry-After": str(2 * int(error.seconds) + 60)})
        if isinstance(error, ServerBusyError):
            _LOG.info("%s", error)  # there may be thousands
            return _told(503, str(error), {"Retry-After": "2"})
        if isinstance(error, QueryError):
            return _told(400, f"{error}{_place(str(error), query)}")
        if isinstance(error, AnswerTooLargeError):
            return _told(413, str(error))
        if isinstance(error, NotOfferedError):
            return _told(406, str(error))
        _LOG.error("%s", error)
        return _told(500, str(error))


GRAPHS = "SELECT ?graph (COUNT(*) AS ?triples) { { ?s ?p ?o } UNION { GRAPH ?graph { ?s ?p ?o } } } GROUP BY ?graph"
"""The graphs of the data set and their sizes; the default graph has no name."""


def _wanted(accept: str) -> tuple[str, ...]:
    """The media types that a client takes.

    One that takes only tables is given triples in their preferred form, and the other way round: clients such as
    rdflib's ask so for every query, and read what comes by its media type.

    Raises:
        NotOfferedError: it takes none that the endpoint has for any query.
    """
    taken = accepted(accept, _OFFERED, _ALSO)
    if not taken:
        raise NotOfferedError(_OFFERED)
    return (*taken, *list(RESULTS)[:1], *list(TRIPLES)[:1])


def _of(served: Served) -> Response:
    headers = {"Vary": "Accept", **_HARMLESS}
    if served.note:
        headers["X-ImmunoGraph-Note"] = served.note.encode("ascii", "backslashreplace").decode()
    charset = "; charset=utf-8" if served.media_type.startswith("text/") else ""
    return Response(served.body, headers={**headers, "Content-Type": f"{served.media_type}{charset}"})


def _told(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    kept = {"Cache-Control": "no-store", "Vary": "Accept", **_HARMLESS}
    return PlainTextResponse(f"{text}\n", status, {**kept, **(headers or {})})


def _place(message: str, query: str) -> str:
    """The line of a query that an error names, with a mark below its place."""
    found = _PLACE.search(message)
    lines = re.split(r"\r\n|\r|\n", query)
    if not found or not 0 < int(found[1]) <= len(lines):
        return ""
    line, column = lines[int(found[1]) - 1].replace("\t", " "), int(found[2])
    if len(line) > _LONGEST_LINE:
        return ""
    return f"\n{line}\n{' ' * (column - 1)}^"
