"""Value spaces of the XML Schema datatypes, as far as they can contradict a graph."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from immunograph.reasoning.terms import INTEGERS, XSD, rdf, rdfs, split_literal

_LEXICAL: Final = {
    "boolean": r"true|false|0|1",
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "double": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN",
    "float": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN",
    "date": r"-?\d{4,}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?",
    "dateTime": r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
    "gYear": r"-?\d{4,}(Z|[+-]\d\d:\d\d)?",
    "gYearMonth": r"-?\d{4,}-\d\d(Z|[+-]\d\d:\d\d)?",
    **dict.fromkeys(INTEGERS, r"[+-]?\d+"),
}
_PATTERNS: Final = {name: re.compile(text) for name, text in _LEXICAL.items()}
_EVERYTHING: Final = {rdfs("Literal"), rdf("PlainLiteral")}


def is_datatype(term: str) -> bool:
    """Whether an IRI is a datatype that the reasoner knows."""
    return term in _EVERYTHING or term.startswith(f"<{XSD}") or term == rdf("langString")


def is_well_typed(literal: str) -> bool:
    """Whether a literal's text is in the lexical space of its datatype; datatypes not known count as met."""
    text, datatype, _ = split_literal(literal)
    name = datatype.removeprefix(XSD)
    pattern = _PATTERNS.get(name)
    if pattern is None:
        return True
    text = text.strip()
    return pattern.fullmatch(text) is not None and (name not in INTEGERS or _within(text, name))


def is_in_value_space(literal: str, datatype: str) -> bool:
    """Whether the value of a literal belongs to a datatype, given as ``<iri>``.

    Whole decimals belong to the integer types that reach them, and every integer to decimal; float and double are
    spaces of their own. Datatypes not known count as met.
    """
    text, own, language = split_literal(literal)
    wanted = datatype[1:-1].removeprefix(XSD)
    if datatype in _EVERYTHING or not is_datatype(datatype):
        return True
    if datatype == rdf("langString") or language:
        return bool(language) and datatype == rdf("langString")
    own = own.removeprefix(XSD)
    if not is_well_typed(literal):
        return False
    if own not in INTEGERS and own != "decimal":
        return own == wanted or own not in {*_PATTERNS, "string"} or wanted not in {*_PATTERNS, "string"}
    number = Decimal(text.strip())
    if wanted in INTEGERS:
        return number == number.to_integral_value() and _within(str(int(number)), wanted)
    return wanted == "decimal"


def _within(text: str, name: str) -> bool:
    least, greatest = INTEGERS[name]
    number = int(text)
    return (least is None or number >= least) and (greatest is None or number <= greatest)
