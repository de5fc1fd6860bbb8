"""Triples as text: between N-Triples terms, the engine's terms, records and Turtle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from immunograph.errors import RuleError
from immunograph.identifiers import prefix_map
from immunograph.model import Iri, Term
from immunograph.turtle import literal_of

Triple = tuple[str, str, str]
"""Subject, predicate and object as N-Triples terms."""


def lines_of(triples: Iterable[Triple]) -> bytes:
    """Triples of N-Triples terms as N-Triples."""
    return "".join(f"{s} {p} {o} .\n" for s, p, o in triples).encode()


def quads_of(lines: bytes, graph: str | None) -> Iterator[ox.Quad]:
    """Parse N-Triples for one graph; blank nodes keep their names, so that graphs share them."""
    where = ox.NamedNode(graph) if graph else ox.DefaultGraph()
    for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, where)


def term_from(text: str) -> Any:
    """A term of the engine from its N-Triples text."""
    if text.startswith("<"):
        return ox.NamedNode(text[1:-1])
    if text.startswith("_:"):
        return ox.BlankNode(text[2:])
    (quad,) = ox.parse(f"<s:s> <p:p> {text} .".encode(), ox.RdfFormat.N_TRIPLES)
    return quad.object


def turtle_of(triples: Iterable[Triple]) -> str:
    """Triples, given as N-Triples terms, as Turtle with the project's prefixes."""
    quads = ox.parse(lines_of(triples), ox.RdfFormat.N_TRIPLES)
    found = [ox.Triple(quad.subject, quad.predicate, quad.object) for quad in quads]
    prefixes = {name: iri for name, iri in prefix_map().items() if any(iri in str(triple) for triple in found)}
    written = ox.serialize(found, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    return written.decode() if written else ""


def normal_triples(triples: Iterable[Triple]) -> list[Triple]:
    """Triples of N-Triples terms, each in the engine's spelling, sorted and without doubles.

    Raises:
        RuleError: one of them is not a triple of RDF; the error shows it.
    """
    found = set()
    for triple in triples:
        try:
            (quad,) = quads_of(lines_of([triple]), None)
        except (SyntaxError, ValueError) as error:
            raise RuleError(
                f"not a triple of RDF: {' '.join(triple)} ({error}); a subject is an IRI or a blank node, a predicate "
                'an IRI; terms look like <iri>, "text" or _:name'
            ) from error
        found.add((str(quad.subject), str(quad.predicate), str(quad.object)))
    return sorted(found)


def canonical(triples: Iterable[Triple]) -> list[Triple]:
    """The same triples with blank nodes named by their place among the others, sorted; equal for equal ones."""
    dataset = ox.Dataset(quads_of(lines_of(triples), None))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((str(quad.subject), str(quad.predicate), str(quad.object)) for quad in dataset)


def term_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> Term | None:
    """A term of the engine as a record; a blank node as an IRI that begins with ``_:``."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    if isinstance(term, ox.Literal):
        return literal_of(term.value, term.datatype.value, term.language or "")
    return Iri(str(term))


def n_triples(term: Term) -> str:
    """A term of a record as an N-Triples term."""
    if isinstance(term, Iri):
        return term.value if term.value.startswith("_:") else str(ox.NamedNode(term.value))
    if term.language:
        return str(ox.Literal(term.value, language=term.language))
    return str(
        ox.Literal(term.value, datatype=ox.NamedNode(term.datatype)) if term.datatype else ox.Literal(term.value)
    )
