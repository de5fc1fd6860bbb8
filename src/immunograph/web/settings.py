"""How the server runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server runs.

    Attributes:
        seconds: how long one question may take.
        workers: how many SPARQL queries are evaluated at once; as many pages are made at once.
        origin: the ``Access-Control-Allow-Origin`` of the endpoint and the JSON interface; empty for none.
        most_rows: how many rows a page shows; files for download have all.
        path_hops: the longest mechanism path that may be asked for, in links.
    """

    seconds: float = 30.0
    workers: int = 2
    origin: str = ""
    most_rows: int = 500
    path_hops: int = 6
