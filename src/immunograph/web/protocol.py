"""A request of the SPARQL 1.1 Protocol, read and checked (https://www.w3.org/TR/sparql11-protocol/, 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

from starlette.requests import Request

from immunograph.errors import ImmunographError
from immunograph.identifiers import is_iri
from immunograph.web.negotiation import SHORT_NAMES

MOST_BYTES = 1_000_000
"""Of a request's body."""

_MOST_FIELDS = 1000
FORM = "application/x-www-form-urlencoded"
"""The media type of a body with fields."""

QUERY = "application/sparql-query"
"""The media type of a body that is a query."""

UPDATE = "application/sparql-update"
"""The media type of a body that would change data."""

READ_ONLY = "this endpoint is read-only: updates are refused; ask with SELECT, ASK, CONSTRUCT or DESCRIBE"
"""What an update is told."""


class RefusedError(ImmunographError):
    """A request that is not answered: its status, and a line that says why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks.

    Attributes:
        query: the text; None where there is none, which asks for the description of the service.
        default_graphs: IRIs of the graphs to ask.
        named_graphs: IRIs of the graphs that GRAPH may name.
        formats: media types that the address asks for; empty to go by the ``Accept`` header.
    """

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    formats: tuple[str, ...]


async def read_request(request: Request) -> Asked:
    """What a request asks.

    Raises:
        RefusedError: it is none of the protocol, or would change data.
    """
    fields = _fields(request.scope["query_string"])
    body = await _body(request)  # read to its end, after which it can be seen whether the client goes away
    if request.method == "POST":
        fields += _posted(request, body)
    if any(name == "update" for name, _ in fields):
        raise RefusedError(403, READ_ONLY)
    queries = [value for name, value in fields if name == "query"]
    if len(queries) > 1:
        raise RefusedError(400, f"{len(queries)} queries came; send one")
    if request.method == "POST" and not queries:
        raise RefusedError(400, "no query came; send it as the field query, or as a body of application/sparql-query")
    return Asked(
        query=queries[0] if queries else None,
        default_graphs=_graphs(fields, "default-graph-uri"),
        named_graphs=_graphs(fields, "named-graph-uri"),
        formats=_formats(fields),
    )


def _posted(request: Request, body: bytes) -> list[tuple[str, str]]:
    """The fields of a body; a body that is a query alone is its one field."""
    message = Message()
    message["Content-Type"] = request.headers.get("content-type", "")
    kind = message.get_content_type() if request.headers.get("content-type") else ""
    charset = str(message.get_param("charset", "utf-8")).lower()
    if kind not in {FORM, QUERY, UPDATE}:
        raise RefusedError(415, f"a body of {kind or 'no stated media type'} is not read; send {FORM} or {QUERY}")
    if charset not in {"utf-8", "utf8", "us-ascii"}:
        raise RefusedError(400, f"the body is in {charset[:40]}; send UTF-8")
    if kind == UPDATE:
        raise RefusedError(403, READ_ONLY)
    return _fields(body) if kind == FORM else [("query", _text(body))]


async def _body(request: Request) -> bytes:
    pieces, size = [], 0
    async for piece in request.stream():
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            raise RefusedError(413, f"the request has more than {MOST_BYTES:,} bytes; send a shorter query")
    return b"".join(pieces)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError(400, f"the request is not UTF-8, from byte {error.start}; send UTF-8") from error


def _fields(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(_text(raw), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError as error:
        raise RefusedError(400, "a field of the request is not UTF-8; send UTF-8, percent-encoded") from error
    except ValueError as error:
        raise RefusedError(400, f"the request has more than {_MOST_FIELDS} fields; send fewer") from error


def _graphs(fields: list[tuple[str, str]], name: str) -> tuple[str, ...]:
    graphs = tuple(value for field, value in fields if field == name)
    for graph in graphs:
        if not is_iri(graph):
            raise RefusedError(400, f"{name} is not an absolute IRI: {graph[:200]!r}")
    return graphs


def _formats(fields: list[tuple[str, str]]) -> tuple[str, ...]:
    """Media types that ``format`` or ``output`` name; of both, the first is taken."""
    for name, value in fields:
        wanted = value.strip().lower()
        if name in {"format", "output"} and wanted:
            known = (wanted,) if "/" in wanted else SHORT_NAMES.get(wanted, ())
            if not known:
                raise RefusedError(400, f"{name}={wanted[:40]!r} is not known; known are {', '.join(SHORT_NAMES)}")
            return known
    return ()
