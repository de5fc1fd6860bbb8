"""Turtle files → triples and records, through the engine's parser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from immunograph.errors import LoadError, Place
from immunograph.model import Block, Iri, Node, Pair, Term
from immunograph.turtle import literal_of
from immunograph.vocabulary import (
    DCTERMS_SOURCE,
    IG,
    NODE_KINDS,
    RDF_TYPE,
    RDFS_LABEL,
    SKOS_ALT_LABEL,
    SKOS_CLOSE_MATCH,
    SKOS_EXACT_MATCH,
)

_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


def data_files(folder: Path) -> list[Path]:
    """Every Turtle file under a folder, sorted.

    Raises:
        LoadError: the folder is not there.
    """
    if not folder.is_dir():
        raise LoadError("is not a folder; give one that holds Turtle files", Place(folder))
    return sorted(path for path in folder.rglob("*.ttl") if not path.name.startswith("."))


def parse_file(path: Path) -> Iterator[ox.Quad]:
    """Parse an RDF file, by its ending.

    Raises:
        LoadError: the file is missing, has an unknown ending or a syntax error; the error names the line.
    """
    form = _FORMATS.get(path.suffix.casefold())
    if form is None:
        raise LoadError(f"has an unknown ending; known are {', '.join(_FORMATS)}", Place(path))
    try:
        yield from ox.parse(path=str(path), format=form)
    except SyntaxError as error:
        raise LoadError(f"syntax error: {error.msg}; mend the line", Place(path, error.lineno)) from error
    except (OSError, ValueError) as error:
        raise LoadError(f"cannot be read ({error}); check the file", Place(path)) from error


def read_blocks(path: Path) -> list[Block]:
    """The statements of a file, gathered by subject, in file order.

    Raises:
        LoadError: as ``parse_file``; also where a subject or object is a blank node.
    """
    gathered: dict[str, list[Pair]] = {}
    for quad in parse_file(path):
        if not isinstance(quad.subject, ox.NamedNode):
            raise LoadError("holds a blank node; instance data has none: name the node", Place(path))
        gathered.setdefault(quad.subject.value, []).append((quad.predicate.value, _term(quad.object, path)))
    return [Block(subject, tuple(pairs)) for subject, pairs in gathered.items()]


def read_nodes(paths: Iterable[Path]) -> Iterator[Node]:
    """The nodes described in Turtle files, in file order; a node split over files comes once a file."""
    kinds = {Iri(IG + kind) for kind in NODE_KINDS}
    for path in paths:
        for block in read_blocks(path):
            if any(predicate == RDF_TYPE and term in kinds for predicate, term in block.pairs):
                yield _node(block)


def read_iris_in_use(paths: Iterable[Path]) -> set[str]:
    """The IRIs that associations name as subject, object or qualifier, and nodes as broader or member."""
    association = Iri(IG + "Association")
    leave_out = {RDF_TYPE, IG + "predicate", IG + "hasEvidence"}
    used: set[str] = set()
    for path in paths:
        for block in read_blocks(path):
            is_association = (RDF_TYPE, association) in block.pairs
            for predicate, term in block.pairs:
                if isinstance(term, Iri) and (
                    predicate in {IG + "broader", IG + "member"} or (is_association and predicate not in leave_out)
                ):
                    used.add(term.value)
    return used


def _node(block: Block) -> Node:
    def values(predicate: str) -> tuple[str, ...]:
        return tuple(term.value for name, term in block.pairs if name == predicate)

    known = {RDF_TYPE, RDFS_LABEL, SKOS_ALT_LABEL, SKOS_EXACT_MATCH, SKOS_CLOSE_MATCH, IG + "broader", DCTERMS_SOURCE}
    return Node(
        iri=block.subject,
        types=tuple(value.removeprefix(IG) for value in values(RDF_TYPE)),
        label=next(iter(values(RDFS_LABEL)), ""),
        sources=values(DCTERMS_SOURCE),
        synonyms=values(SKOS_ALT_LABEL),
        exact=values(SKOS_EXACT_MATCH),
        close=values(SKOS_CLOSE_MATCH),
        broader=values(IG + "broader"),
        extra=tuple((name, term) for name, term in block.pairs if name not in known),
    )


def _term(term: object, path: Path) -> Term:
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    if isinstance(term, ox.Literal):
        return literal_of(term.value, term.datatype.value, term.language or "")
    raise LoadError("holds a blank node; instance data has none: name the node", Place(path))
