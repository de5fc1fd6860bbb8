"""RDF terms as N-Triples text: the words of OWL that rules use, and literals compared by value."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, TypeAlias

Triple: TypeAlias = tuple[str, str, str]

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_OWL: Final = "http://www.w3.org/2002/07/owl#"
_LITERAL: Final = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<(?P<datatype>[^>]*)>)?', re.S
)

INTEGERS: Final[dict[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}
"""The integer datatypes of XML Schema with their least and greatest value."""


def rdf(name: str) -> str:
    """An RDF term as N-Triples text."""
    return f"<{_RDF}{name}>"


def rdfs(name: str) -> str:
    """An RDF Schema term as N-Triples text."""
    return f"<{_RDFS}{name}>"


def owl(name: str) -> str:
    """An OWL term as N-Triples text."""
    return f"<{_OWL}{name}>"


TYPE: Final = rdf("type")
FIRST: Final = rdf("first")
REST: Final = rdf("rest")
NIL: Final = rdf("nil")
SUB_CLASS: Final = rdfs("subClassOf")
SUB_PROPERTY: Final = rdfs("subPropertyOf")
DOMAIN: Final = rdfs("domain")
RANGE: Final = rdfs("range")
SAME_AS: Final = owl("sameAs")
DIFFERENT_FROM: Final = owl("differentFrom")
EQUIVALENT_CLASS: Final = owl("equivalentClass")
EQUIVALENT_PROPERTY: Final = owl("equivalentProperty")
INVERSE_OF: Final = owl("inverseOf")
ON_PROPERTY: Final = owl("onProperty")
THING: Final = owl("Thing")
NOTHING: Final = owl("Nothing")

REFLEXIVE: Final = (SAME_AS, SUB_CLASS, SUB_PROPERTY, EQUIVALENT_CLASS, EQUIVALENT_PROPERTY)
"""Relations that hold between everything and itself; such triples are not materialised."""

SCHEMA_PREDICATES: Final = frozenset(
    {SUB_CLASS, SUB_PROPERTY, DOMAIN, RANGE, EQUIVALENT_CLASS, EQUIVALENT_PROPERTY, INVERSE_OF}
    | {ON_PROPERTY, FIRST, REST}
    | {
        owl(name)
        for name in (
            "propertyChainAxiom", "hasKey", "intersectionOf", "unionOf", "complementOf", "oneOf", "someValuesFrom",
            "allValuesFrom", "hasValue", "maxCardinality", "maxQualifiedCardinality", "onClass", "disjointWith",
            "propertyDisjointWith", "members", "distinctMembers", "sourceIndividual", "assertionProperty",
            "targetIndividual", "targetValue", "minCardinality", "cardinality", "minQualifiedCardinality",
            "qualifiedCardinality", "hasSelf", "disjointUnionOf", "onDatatype", "onDataRange", "withRestrictions",
            "datatypeComplementOf", "onProperties",
        )
    }
)  # fmt: skip
"""Predicates whose triples are axioms: rules are compiled from them."""

SCHEMA_CLASSES: Final = frozenset(
    owl(name)
    for name in (
        "Class", "ObjectProperty", "DatatypeProperty", "FunctionalProperty", "InverseFunctionalProperty",
        "IrreflexiveProperty", "ReflexiveProperty", "SymmetricProperty", "AsymmetricProperty", "TransitiveProperty",
        "AllDisjointProperties", "AllDisjointClasses", "AllDifferent", "NegativePropertyAssertion", "Restriction",
    )
)  # fmt: skip
"""Classes whose ``rdf:type`` triples are axioms."""

AXIOM_WORDS: Final = (*SCHEMA_PREDICATES, *SCHEMA_CLASSES, *REFLEXIVE, TYPE, THING, NOTHING)
"""The words of OWL that the reasoner asks for again and again."""


def is_literal(term: str) -> bool:
    """Whether a term is a literal."""
    return term.startswith('"')


def is_blank(term: str) -> bool:
    """Whether a term is a blank node."""
    return term.startswith("_:")


def split_literal(term: str) -> tuple[str, str, str]:
    """Take a literal apart.

    Returns:
        The text as written (escapes kept), the datatype IRI (``""`` for language-tagged text) and the language tag.
    """
    match = _LITERAL.fullmatch(term)
    if match is None:
        return term, "", ""
    language = match["language"] or ""
    return match["text"], match["datatype"] or ("" if language else XSD + "string"), language


@lru_cache(maxsize=65536)
def value_key(term: str) -> str:
    """The form that all literals of one value share; other terms are their own key.

    Integers and decimals share one value space; float and double are spaces of their own, as in XML Schema. Language
    tags are compared without case. A literal whose text is not in its datatype's lexical space keeps its own key.
    """
    if not term.startswith('"') or term.endswith('"'):
        return term
    text, datatype, language = split_literal(term)
    if language:
        return f'"{text}"@{language.lower()}'
    if not datatype.startswith(XSD):
        return term
    return _typed_key(term, text.strip(), datatype.removeprefix(XSD))


def _typed_key(term: str, text: str, datatype: str) -> str:
    if datatype == "string":
        return term.partition('"^^')[0] + '"'
    if datatype == "boolean" and text in {"true", "1", "false", "0"}:
        return f'"{"true" if text in {"true", "1"} else "false"}"^^<{XSD}boolean>'
    try:
        if datatype == "decimal" or datatype in INTEGERS:
            number = Decimal(text)
            return f'"{_plain(number)}"^^<{XSD}decimal>' if number.is_finite() else term
        if datatype in {"double", "float"}:
            return f'"{float(text)!r}"^^<{XSD}{datatype}>'
    except (InvalidOperation, ValueError):
        return term
    return term


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def number_of(term: str) -> float | None:
    """The number that a numeric literal stands for, None for anything else."""
    if not term.startswith('"'):
        return None
    text, datatype, _ = split_literal(term)
    name = datatype.removeprefix(XSD)
    if name not in INTEGERS and name not in {"decimal", "double", "float"}:
        return None
    try:
        return float(text)
    except ValueError:
        return None
