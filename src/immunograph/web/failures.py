"""What went wrong, as a visitor or a program is told: a status, a line, and what was perhaps meant."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong.

    Attributes:
        status: of HTTP.
        title: in three words.
        detail: what, where, and what to do.
    """

    status: int
    title: str
    detail: str


_TITLES = {400: "Not understood", 404: "Not known", 409: "Several things are called that", 503: "Took too long"}


def problem_of(error: ImmunographError) -> Problem:
    """The problem of a refused thing."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    return Problem(status, _TITLES.get(status, "Cannot be answered"), str(error))
