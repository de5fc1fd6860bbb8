"""Typed tokens of a saved query → SPARQL terms: values are bound by type, text is never pasted.

A token is a variable named ``?_<parameter>_<type>``. Strings, IRIs and comments of the query are passed over, and
each value is written as one SPARQL term (or a comma-separated list of terms), so that no value can end a string, open
a brace or begin a comment. A query with its tokens left as they are is valid SPARQL that answers for every value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from immunograph.errors import QueryParameterError
from immunograph.identifiers import is_iri
from immunograph.model import Iri, Literal, Term
from immunograph.vocabulary import XSD

_PIECES = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"{}|^`\\\s]*>|#[^\n]*'
    r"|(?P<token>[?$]_(?P<name>[A-Za-z0-9]+)_(?P<type>[a-z]+))\b",
    re.DOTALL,
)
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


def tokens(query: str) -> dict[str, str]:
    """The parameters that a query names, each with the type of its token."""
    return {match["name"]: match["type"] for match in _PIECES.finditer(query) if match["token"]}


def bind_tokens(query: str, values: Mapping[str, Sequence[Term]]) -> str:
    """Put values in the place of tokens.

    Args:
        query: SPARQL with tokens.
        values: parameter → its terms; a token of a parameter without value is left as a free variable.

    Raises:
        QueryParameterError: a value cannot be written as a term.
    """

    def written(match: re.Match[str]) -> str:
        if not match["token"] or match["name"] not in values:
            return match.group()
        return ", ".join(sparql_term(term) for term in values[match["name"]])

    return _PIECES.sub(written, query)


def sparql_term(term: Term) -> str:
    r"""Write a term as SPARQL.

    Raises:
        QueryParameterError: an IRI holds a character that no IRI may hold.

    >>> sparql_term(Literal('a "b" } #'))
    '"a \\\\"b\\\\" } #"'
    """
    if isinstance(term, Iri):
        if not is_iri(term.value) or "[" in term.value or "]" in term.value:
            raise QueryParameterError(f"{term.value!r} is not an IRI; give a CURIE, an IRI or a name")
        return f"<{term.value}>"
    return _literal(term)


def _literal(term: Literal) -> str:
    if term.datatype in {XSD + "integer", XSD + "decimal"}:
        return term.value
    quoted = f'"{term.value.translate(_ESCAPES)}"'
    if term.language:
        return f"{quoted}@{term.language}"
    return f"{quoted}^^<{term.datatype}>" if term.datatype else quoted
