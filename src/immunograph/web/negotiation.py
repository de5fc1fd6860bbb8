"""Which media type a client takes: its ``Accept`` header (RFC 9110, 12.5.1), or a name in the address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHORT_NAMES = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "turtle": ("text/turtle",),
    "ttl": ("text/turtle",),
    "n3": ("text/turtle",),
    "n-triples": ("application/n-triples",),
    "ntriples": ("application/n-triples",),
    "nt": ("application/n-triples",),
    "rdf": ("application/rdf+xml",),
    "rdf+xml": ("application/rdf+xml",),
    "rdfxml": ("application/rdf+xml",),
    "json-ld": ("application/ld+json",),
    "jsonld": ("application/ld+json",),
}
"""Name → media types: what ``format=`` and ``output=`` may say besides a media type."""


_MOST_RANGES = 100


@dataclass(frozen=True, slots=True)
class _Range:
    """One part of an ``Accept`` header."""

    kind: str
    quality: float
    place: int

    def fits(self, media_type: str) -> int:
        """How closely it names a media type: 3 wholly, 2 by its first half, 1 by ``*/*``, 0 not at all."""
        if self.kind == media_type:
            return 3
        first, _, second = self.kind.partition("/")
        if second != "*":
            return 0
        return 2 if media_type.startswith(f"{first}/") else int(first == "*")


def accepted(accept: str, offered: Sequence[str], also: Iterable[str] = ()) -> list[str]:
    """The media types that a client takes, the best first.

    Equally good ones are in the order of how closely the client names them, then of its naming, then of the offer;
    where it names one of the offer and one of the others alike, that of the offer comes first.

    Args:
        accept: the header; empty where the client has none, and takes everything.
        offered: media types, the preferred one first.
        also: media types that are given only where the client names them wholly.
    """
    ranges = _ranges(accept)
    if not ranges:
        return list(offered)
    found: list[tuple[float, int, bool, int, int, str]] = []
    named = [kind for kind in also if any(one.kind == kind for one in ranges) and kind not in offered]
    for order, media_type in enumerate([*offered, *named]):
        best = max(ranges, key=lambda one: (one.fits(media_type), one.quality))
        if best.fits(media_type) and best.quality > 0:
            found.append((-best.quality, -best.fits(media_type), order >= len(offered), best.place, order, media_type))
    return [media_type for *_, media_type in sorted(found)]


def _ranges(accept: str) -> list[_Range]:
    ranges = []
    for place, part in enumerate(accept.split(",")[:_MOST_RANGES]):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if kind:
            ranges.append(_Range(kind, _quality(parameters), place))
    return ranges


def _quality(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 1.0
    return 1.0
