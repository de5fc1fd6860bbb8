"""How a question travels to an endpoint: its credentials, its time, and when to try again.

Credentials come from the environment and go to one host alone, and never along a redirection:
``IMMUNOGRAPH_ENDPOINT_HOST`` names it (``host`` or ``host:port``), with ``IMMUNOGRAPH_ENDPOINT_USER`` and
``IMMUNOGRAPH_ENDPOINT_PASSWORD``, or ``IMMUNOGRAPH_ENDPOINT_TOKEN`` for a bearer token.
"""

from __future__ import annotations

import base64
import ipaddress
import os
import time
from collections.abc import Mapping
from email.message import Message
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request

from SPARQLWrapper import SPARQLWrapper

from immunograph.errors import EndpointError

_TRANSIENT = {429, 502, 503, 504}
"""Answers by which a server says that it is busy now: RFC 9110 and RFC 6585."""

LONGEST_PAUSE = 30.0
"""Seconds; a server that asks for a longer pause is given up."""

_PIECE = 1 << 16


class Question(SPARQLWrapper):  # type: ignore[misc]  # the package has no types
    """A SPARQLWrapper whose form is given, and whose credentials stay with the host that they are for.

    Args:
        url: address of the endpoint.
        form: SELECT, ASK, CONSTRUCT or DESCRIBE; SPARQLWrapper guesses it wrong where comments hold such words.
        headers: headers that no redirection takes along.
    """

    def __init__(self, url: str, form: str, headers: Mapping[str, str]) -> None:
        self._form = form
        self._headers = headers
        super().__init__(url, agent="immunograph")

    def _parseQueryType(self, query: str) -> str:  # noqa: N802, ARG002
        return self._form

    def _createRequest(self) -> Request:  # noqa: N802
        request: Request = super()._createRequest()
        for name, value in self._headers.items():
            request.add_unredirected_header(name, value)
        return request


def credentials(url: str) -> dict[str, str]:
    """The header that identifies the user to an endpoint; empty where the environment has none for its host.

    Raises:
        EndpointError: they would travel unencrypted to another machine.
    """
    parts = urlsplit(url)
    wanted = os.environ.get("IMMUNOGRAPH_ENDPOINT_HOST", "").lower()
    host = (parts.hostname or "").lower()
    if not wanted or wanted not in {host, f"{host}:{_port(url)}"}:
        return {}
    header = _authorization()
    if header and parts.scheme != "https" and not _is_this_machine(host):
        raise EndpointError(f"{url}: would send your credentials unencrypted; use https://")
    return header


def _authorization() -> dict[str, str]:
    if token := os.environ.get("IMMUNOGRAPH_ENDPOINT_TOKEN"):
        return {"Authorization": f"Bearer {token}"}
    if user := os.environ.get("IMMUNOGRAPH_ENDPOINT_USER"):
        pair = f"{user}:{os.environ.get('IMMUNOGRAPH_ENDPOINT_PASSWORD', '')}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    return {}


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def pause_before(attempt: int, error: Exception, first: float) -> float | None:
    """Seconds to wait before trying again; None where trying again is of no use.

    Args:
        attempt: how often it was tried, from 1.
        error: what came of it.
        first: the pause after the first attempt; it doubles with each.
    """
    if isinstance(error, HTTPError):
        if error.code not in _TRANSIENT:
            return None
        asked = error.headers.get("Retry-After", "") if error.headers else ""
        pause = float(asked) if asked.isdigit() else float(first * 2 ** (attempt - 1))
        return pause if pause <= LONGEST_PAUSE else None
    return float(first * 2 ** (attempt - 1))


def read_all(response: Any, seconds: float | None) -> bytes:
    """Read an answer to its end.

    Raises:
        TimeoutError: it is not there after so many seconds, however steadily it drips.
    """
    end = None if seconds is None else time.monotonic() + seconds
    pieces = []
    while piece := response.read1(_PIECE):
        pieces.append(piece)
        if end is not None and time.monotonic() > end:
            raise TimeoutError
    body = b"".join(pieces)
    _expect_whole(response.headers, body)
    return body


def _expect_whole(headers: Message, body: bytes) -> None:
    stated = headers.get("Content-Length", "")
    if stated.isdigit() and len(body) < int(stated) and not headers.get("Content-Encoding"):
        raise ConnectionError(f"{len(body)} of {stated} bytes came")
