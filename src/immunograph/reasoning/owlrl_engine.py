"""The reference engine: owlrl on the same triples, without what only it materialises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from rdflib import BNode, Graph, Literal, URIRef

from immunograph.errors import MissingExtraError
from immunograph.reasoning.rule_bodies import term_text
from immunograph.reasoning.terms import (
    DOMAIN,
    NOTHING,
    RANGE,
    REFLEXIVE,
    SAME_AS,
    SUB_CLASS,
    THING,
    TYPE,
    Triple,
    is_literal,
    owl,
    rdf,
    rdfs,
    split_literal,
    value_key,
)

_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.S)
_ESCAPED: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_DATATYPE: Final = rdfs("Datatype")


def infer_with_owlrl(asserted: Iterable[Triple], ontology: Iterable[Triple], *, trivial: bool = False) -> set[Triple]:
    """Close triples under OWL 2 RL with owlrl; rule files are not run.

    Left out of the result: triples whose subject is a literal, reflexive ``owl:sameAs``, the typing of datatypes and
    built-in terms, and (unless ``trivial``) what holds of every class, property and thing.

    Args:
        asserted: triples as N-Triples text.
        ontology: the axioms.
        trivial: keep reflexive hierarchies and membership in ``owl:Thing``.

    Returns:
        The stated and the inferred triples; numbers and booleans are compared by value.

    Raises:
        MissingExtraError: owlrl is not installed.
    """
    try:
        import owlrl  # noqa: PLC0415  (an optional extra)
    except ImportError as error:
        raise MissingExtraError("owlrl", "owlrl") from error
    stated = {*asserted, *ontology}
    graph = Graph()
    for subject, predicate, object_ in stated:
        graph.add((_node(subject), _node(predicate), _node(object_)))
    closure = owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False)
    closure.expand(graph)
    by_value = {(s, p, value_key(o)): (s, p, o) for s, p, o in stated}
    found = (_triple(triple) for triple in graph)
    kept = ((s, p, value_key(o)) for s, p, o in found if not _is_noise((s, p, o), trivial=trivial))
    return stated | {by_value.get(triple, triple) for triple in kept}


def _node(term: str) -> Any:
    if term.startswith("<"):
        return URIRef(term[1:-1])
    if term.startswith("_:"):
        return BNode(term[2:])
    text, datatype, language = split_literal(term)
    plain = _ESCAPE.sub(_unescape, text.removeprefix('"').removesuffix('"'))
    if language:
        return Literal(plain, lang=language)
    typed = "^^<" in term[term.rindex('"') :]
    return Literal(plain, datatype=URIRef(datatype) if typed else None, normalize=False)


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])


def _triple(triple: Any) -> Triple:
    subject, predicate, object_ = (term_text(term).removeprefix("?") for term in triple)
    return subject, predicate, object_


def _is_noise(triple: Triple, *, trivial: bool) -> bool:
    subject, predicate, object_ = triple
    if is_literal(subject) or not predicate.startswith("<") or (predicate == SAME_AS and subject == object_):
        return True
    if any(_is_about_built_ins(triple)):
        return True
    if trivial:
        return False
    if subject == object_ and predicate in REFLEXIVE:
        return True
    return (predicate in {TYPE, DOMAIN, RANGE} and object_ == THING) or (
        predicate == SUB_CLASS and (object_ == THING or subject == NOTHING)
    )


def _is_about_built_ins(triple: Triple) -> Iterator[bool]:
    """Axiomatic triples: built-in terms declared, related to themselves or to each other."""
    subject, predicate, object_ = triple
    built_in = _is_built_in(subject)
    yield predicate == TYPE and object_ == _DATATYPE
    yield built_in and predicate == TYPE
    yield built_in and _is_built_in(object_) and predicate in {*REFLEXIVE, owl("disjointWith"), owl("differentFrom")}


def _is_built_in(term: str) -> bool:
    return term.startswith((owl("")[:-1], rdf("")[:-1], rdfs("")[:-1], "<http://www.w3.org/2001/XMLSchema#"))
