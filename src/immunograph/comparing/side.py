"""What is compared: anything with triples, an index of names, and labels; a ``KnowledgeGraph`` is one."""

from __future__ import annotations

from typing import Protocol

from immunograph.identifiers import compress
from immunograph.queries import NameIndex
from immunograph.store.graph import Graph
from immunograph.store.triples import Triple
from immunograph.vocabulary import DCTERMS_TITLE


class Side(Protocol):
    """One of two graphs that are compared."""

    @property
    def graph(self) -> Graph:
        """Its triples."""

    @property
    def names(self) -> NameIndex:
        """Its nodes by name."""

    def label(self, iri: str) -> str:
        """The label of a node or term, or its CURIE."""


def spoken(side: Side, term: str) -> str:
    """A term, given as N-Triples, in words: a label with its CURIE, or the text of a literal."""
    if not term.startswith("<"):
        return _text(term)
    short, label = compress(term[1:-1]), title(side, term[1:-1])
    return short if label == short else f"{label} [{short}]"


def title(side: Side, iri: str) -> str:
    """The label of a node or term, else its title (evidence and sources have one), else its CURIE."""
    label = side.label(iri)
    if label != compress(iri):
        return label
    return next((_text(o) for p, o in side.graph.about(iri) if p == f"<{DCTERMS_TITLE}>"), label)


def labelled(side: Side, triple: Triple) -> str:
    """A triple in labels alone."""
    return " ".join(side.label(term[1:-1]) if term.startswith("<") else _text(term) for term in triple)


def _text(literal: str) -> str:
    """The text of an N-Triples literal, without datatype or language."""
    return literal[1 : literal.rindex('"')] if literal.startswith('"') else literal
