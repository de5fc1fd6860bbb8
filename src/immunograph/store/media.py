"""Answers of the engine as bytes of a media type, up to a most of bytes and rows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pyoxigraph as ox

from immunograph.errors import AnswerTooLargeError, NotOfferedError
from immunograph.identifiers import prefix_map
from immunograph.store.graph import failure_of

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
"""Media types of a SELECT or ASK, the preferred one first."""

TRIPLES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
"""Media types of a CONSTRUCT or DESCRIBE, the preferred one first."""

RESULTS_ALSO = {
    "application/json": ox.QueryResultsFormat.JSON,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
}
"""Other names that clients ask for a SELECT or ASK by."""

_TURTLE_ALSO = ("application/turtle", "application/x-turtle", "text/rdf+n3", "text/n3")

TRIPLES_ALSO = {
    "application/json": ox.RdfFormat.JSON_LD,
    "application/xml": ox.RdfFormat.RDF_XML,
    "text/xml": ox.RdfFormat.RDF_XML,
    **dict.fromkeys(_TURTLE_ALSO, ox.RdfFormat.TURTLE),
}
"""Other names that clients ask for a CONSTRUCT or DESCRIBE by; Turtle is a part of N3."""

FORMAT_IRIS = (*(form.iri for form in RESULTS.values()), *(form.iri for form in TRIPLES.values()))
"""What the formats are called by W3C (https://www.w3.org/ns/formats/)."""

_RESULTS = {**RESULTS, **RESULTS_ALSO}
_TRIPLES = {**TRIPLES, **TRIPLES_ALSO}

Found = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


def written(found: Found, wanted: Sequence[str], most_bytes: int, most_rows: int) -> tuple[str, bytes]:
    """An answer in the first media type of those wanted that its form has.

    Args:
        found: the answer.
        wanted: media types, the best first; none for what the form prefers.
        most_bytes: of the whole.
        most_rows: of a SELECT, not counting rows without any value; or different triples.

    Returns:
        The media type, and the bytes; Turtle is called ``text/turtle`` whatever it was asked for as.

    Raises:
        NotOfferedError: the form has none of them, or the triples cannot be written so.
        AnswerTooLargeError: there is more than may be; nothing is cut off.
        QueryError, StoreError: the evaluation fails.
    """
    if isinstance(found, ox.QueryTriples):
        media_type = _chosen(wanted, _TRIPLES, list(TRIPLES))
        return proper(media_type), _triples(found, _TRIPLES[media_type], most_bytes, most_rows)
    media_type = _chosen(wanted, _RESULTS, list(RESULTS))
    form = _RESULTS[media_type]
    output = _Table(form, most_bytes, most_rows) if isinstance(found, ox.QuerySolutions) else _Capped(most_bytes)
    try:
        found.serialize(output, form)
    except (OSError, RuntimeError, ValueError) as error:
        raise failure_of(error) from error
    return media_type, output.getvalue()


def proper(media_type: str) -> str:
    """The name that a media type is given by: old names of Turtle are none that all clients read."""
    return "text/turtle" if media_type in _TURTLE_ALSO else media_type


def turtle_as(turtle: str, media_type: str, base: str) -> bytes:
    """A Turtle text as another media type of triples; Turtle stays as it is.

    Args:
        turtle: the text.
        media_type: one of ``TRIPLES``, or of their other names.
        base: resolves its relative IRIs.
    """
    if _TRIPLES[media_type] == ox.RdfFormat.TURTLE:
        return turtle.encode()
    quads = ox.parse(turtle.encode(), ox.RdfFormat.TURTLE, base_iri=base)
    triples = [ox.Triple(quad.subject, quad.predicate, quad.object) for quad in quads]
    return ox.serialize(triples, format=_TRIPLES[media_type], prefixes=_prefixes(triples)) or b""


class _Capped(io.BytesIO):
    """A file in memory that refuses to grow beyond a size."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__()
        self._most = most_bytes

    def write(self, piece: Buffer) -> int:
        """Add a piece.

        Raises:
            AnswerTooLargeError: it would be too much.
        """
        size = super().write(piece)
        if self.tell() > self._most:
            raise AnswerTooLargeError(f"{self._most:,} bytes")
        return size


class _Table(_Capped):
    """A table being written; its rows are counted by what separates rows and can be in no value."""

    def __init__(self, form: ox.QueryResultsFormat, most_bytes: int, most_rows: int) -> None:
        super().__init__(most_bytes)
        self._mark, self._first = _MARKS[form]
        self._is_csv = form == ox.QueryResultsFormat.CSV
        self._most_rows = most_rows
        self._marks = 0
        self._rest = b""
        self._is_quoted = False

    def write(self, piece: Buffer) -> int:
        """Add a piece.

        Raises:
            AnswerTooLargeError: it would be too much, or too many rows.
        """
        size = super().write(piece)
        self._marks += self._outside_quotes(bytes(piece)) if self._is_csv else self._whole(bytes(piece))
        if self._marks + self._first > self._most_rows:
            raise AnswerTooLargeError(f"{self._most_rows:,} rows")
        return size

    def _whole(self, piece: bytes) -> int:
        """Marks in a piece, those that began in the last one included."""
        text = self._rest + piece
        self._rest = text[len(text) - len(self._mark) + 1 :] if len(self._mark) > 1 else b""
        return text.count(self._mark)

    def _outside_quotes(self, piece: bytes) -> int:
        parts = piece.split(b'"')
        found = sum(part.count(self._mark) for part in parts[self._is_quoted :: 2])
        self._is_quoted ^= len(parts) % 2 == 0
        return found


_MARKS = {
    ox.QueryResultsFormat.JSON: (b'},{"', 1),
    ox.QueryResultsFormat.XML: (b"<result>", 0),
    ox.QueryResultsFormat.CSV: (b"\n", -1),
    ox.QueryResultsFormat.TSV: (b"\n", -1),
}
"""What separates rows, and how many rows there are where it is not there; a quotation mark in JSON is escaped."""


def _chosen(wanted: Sequence[str], known: Iterable[str], preferred: Sequence[str]) -> str:
    if not wanted:
        return preferred[0]
    try:
        return next(media_type for media_type in wanted if media_type in known)
    except StopIteration:
        raise NotOfferedError(preferred) from None


def _triples(found: ox.QueryTriples, form: ox.RdfFormat, most_bytes: int, most_rows: int) -> bytes:
    triples: set[ox.Triple] = set()
    try:
        for triple in found:
            triples.add(triple)
            if len(triples) > most_rows:
                raise AnswerTooLargeError(f"{most_rows:,} triples")
    except (OSError, RuntimeError) as error:
        raise failure_of(error) from error
    output = _Capped(most_bytes)
    ordered = sorted(triples, key=str)
    try:
        ox.serialize(ordered, output, form, prefixes=_prefixes(ordered))
    except (OSError, ValueError) as error:
        raise NotOfferedError([name for name in TRIPLES if TRIPLES[name] != form], why=str(error)) from error
    return output.getvalue()


def _prefixes(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """The project's prefixes that triples can be written with."""
    iris = {term.value for triple in triples for term in _terms(triple) if isinstance(term, ox.NamedNode)}
    starts = {iri[: iri.rfind(mark) + 1] for iri in iris for mark in "#/_:"}
    return {name: namespace for name, namespace in prefix_map().items() if namespace in starts}


def _terms(triple: ox.Triple) -> Iterable[object]:
    yield from (triple.subject, triple.predicate, triple.object)
    if isinstance(triple.object, ox.Literal):
        yield triple.object.datatype
