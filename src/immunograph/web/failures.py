"""What went wrong, as a visitor or a program is told: a status, a line, and what was perhaps meant."""

from __future__ import annotations

import re
from dataclasses import dataclass

from immunograph.errors import (
    AmbiguousTermError,
    ImmunographError,
    QueryError,
    QueryNotFoundError,
    QueryParameterError,
    QueryTimeoutError,
    UnknownTermError,
)

_STATUS: tuple[tuple[type[ImmunographError], int], ...] = (
    (QueryNotFoundError, 404),
    (AmbiguousTermError, 409),
    (UnknownTermError, 404),
    (QueryTimeoutError, 503),
    (QueryParameterError, 400),
    (QueryError, 400),
)

_NODE = re.compile(r"(.+) \[(\S+?), [\w/]+\]$")
"""A node as names are suggested: ``label [CURIE, Kinds]``."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong.

    Attributes:
        status: of HTTP.
        title: in three words.
        detail: what, where, and what to do.
        meant: what was perhaps meant, as (label, CURIE).
    """

    status: int
    title: str
    detail: str
    meant: tuple[tuple[str, str], ...] = ()


_TITLES = {400: "Not understood", 404: "Not known", 409: "Several things are called that", 503: "Took too long"}


def problem_of(error: ImmunographError) -> Problem:
    """The problem of a refused thing."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    near = error.candidates if isinstance(error, AmbiguousTermError) else ()
    near = error.suggestions if isinstance(error, UnknownTermError) else near
    meant = tuple((found[1], found[2]) for found in map(_NODE.match, near) if found)
    detail = str(error).removesuffix("; try `immunograph find`")
    return Problem(status, _TITLES.get(status, "Cannot be answered"), detail, meant)
