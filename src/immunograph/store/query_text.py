"""What a SPARQL text is, read without parsing it whole: its form, its prefixes, and where a page of it is cut."""

from __future__ import annotations

import re
from collections.abc import Sequence

from immunograph.errors import QueryError
from immunograph.identifiers import prefix_map
from immunograph.names import nearest

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
"""The forms that ask; every other one changes data."""

_QUOTED = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"{}|^`\\\s]*>|#[^\n]*',
    re.DOTALL,
)
_PROLOGUE = re.compile(r"\s*(?:PREFIX\s+[^\s:]*:\s*|BASE\s+)*", re.IGNORECASE)
_CLOSED_BY = {"{": "}", "(": ")", "[": "]"}
_WORD = re.compile(r"[A-Za-z]+")
_PREFIX_USED = re.compile(r"(?<![\w?$:])([A-Za-z][\w.-]*):")
_PREFIX_STATED = re.compile(r"\bPREFIX\s+([^\s:]*):", re.IGNORECASE)
_LAST_VALUES = re.compile(r"\bVALUES\b[^{}]*\{[^{}]*\}\s*$", re.IGNORECASE)
_CUT = re.compile(r"\b(LIMIT|OFFSET)\b", re.IGNORECASE)
_SPACE = r"(?:\s|#[^\n\r]*[\n\r])*"
_SERVICE = re.compile(
    rf"SERVICE{_SPACE}(?:SILENT{_SPACE})?"
    rf"(?:[?$][^\s{{}}#]*|<[^>]*>|[^\s{{}}<>?$\"'#]*:(?:\\.|[^\s{{}}#])*){_SPACE}\{{",
    re.IGNORECASE,
)
_VARIABLE_BEFORE = re.compile(r"[?$][A-Za-z0-9_]*\Z")
_COMMENT = re.compile(r"^((?:[^\"'\\<#\n\r]|<[^>\"'\\#\n\r]*>)*)#[^\n\r]*", re.MULTILINE)
_ORDERED = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)


def blanked(query: str) -> str:
    """A query of the same length with its strings, IRIs and comments as blanks, so that only its own words are left."""
    return _QUOTED.sub(lambda match: " " * len(match.group()), query)


def unbalanced(query: str) -> str:
    """Which bracket of a query that does not parse has no other, in plain words; empty where all have one."""
    plain = blanked(query)
    open_: list[tuple[str, int]] = []
    for at, sign in enumerate(plain):
        line = query.count("\n", 0, at) + 1
        if sign in _CLOSED_BY:
            open_.append((sign, line))
        elif sign in _CLOSED_BY.values():
            if not open_ or _CLOSED_BY[open_[-1][0]] != sign:
                wanted = f": '{_CLOSED_BY[open_[-1][0]]}' is missing before it" if open_ else " that nothing opens"
                return f"'{sign}' in line {line}{wanted}"
            open_.pop()
    if not open_:
        return ""
    sign, line = open_[-1]
    return f"'{_CLOSED_BY[sign]}' is missing: nothing closes the '{sign}' of line {line}"


def form_of(query: str) -> str:
    """The form of a query: one of ``FORMS``.

    Raises:
        QueryError: it is none of them, or changes data.
    """
    plain = blanked(query)
    prologue = _PROLOGUE.match(plain)
    word = _WORD.match(plain, prologue.end() if prologue else 0)
    if word and word.group().upper() in FORMS:
        return word.group().upper()
    if word and word.group().upper() in {"INSERT", "DELETE", "CLEAR", "DROP", "LOAD", "CREATE", "ADD", "MOVE", "COPY"}:
        raise QueryError(f"{word.group().upper()} changes data; only questions are asked, and the graph stays as it is")
    if not plain.strip():
        raise QueryError("the query is empty; begin it with SELECT, ASK, CONSTRUCT or DESCRIBE")
    raise QueryError("the query is not a SELECT, ASK, CONSTRUCT or DESCRIBE; begin it with one of them")


def calls_others(query: str) -> bool:
    """Whether a query may have a ``SERVICE`` clause, by which an engine would ask another server.

    The text is not taken to pieces first, since what reads ``.SERVICE``, ``SERVICE:`` or ``a<b`` otherwise than the
    engine does would let a clause through: the words of a whole clause are looked for wherever they stand, and those in
    a string are refused too. Only comments that can be nothing else are passed over.
    """
    if "service" not in query.casefold():
        return False
    plain = query if '"""' in query or "'''" in query else _COMMENT.sub(r"\1", query)
    return any(
        not _VARIABLE_BEFORE.search(plain, max(0, found.start() - 100), found.start())
        for found in _SERVICE.finditer(plain)
    )


def with_prefixes(query: str) -> str:
    """Put the project's prefixes that a query uses, and does not declare itself, before it."""
    plain = blanked(query)
    stated = set(_PREFIX_STATED.findall(plain))
    used = {name for name in _PREFIX_USED.findall(plain) if name in prefix_map()}
    lines = [f"PREFIX {name}: <{prefix_map()[name]}>\n" for name in sorted(used - stated)]
    return "".join(lines) + query


def is_cut(query: str) -> bool:
    """Whether a query states LIMIT or OFFSET for its whole answer."""
    return bool(_CUT.search(_modifiers(query)))


def is_ordered(query: str) -> bool:
    """Whether a query states the order of its whole answer."""
    return bool(_ORDERED.search(_modifiers(query)))


def page_of(query: str, most: int, start: int = 0, columns: Sequence[str] = ()) -> str:
    """A query for some rows of another's answer.

    Args:
        query: a SELECT without LIMIT and OFFSET.
        most: at most so many rows.
        start: how many rows to pass over.
        columns: variables to order an unordered answer by, since pages of an unordered answer may overlap.
    """
    end = _end(query)
    order = f" ORDER BY {' '.join(f'?{name}' for name in columns)}" if columns and not is_ordered(query) else ""
    offset = f" OFFSET {start}" if start else ""
    return f"{query[:end].rstrip()}\n{order} LIMIT {most}{offset}\n{query[end:]}"


def _end(query: str) -> int:
    """Where the modifiers of the whole answer end: before a last VALUES block, else at the end."""
    match = _LAST_VALUES.search(blanked(query))
    return match.start() if match else len(query)


def _modifiers(query: str) -> str:
    plain = blanked(query)[: _end(query)]
    return plain[plain.rfind("}") + 1 :]


_QUOTED = re.compile(r"<[^<>\s]*>|\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*")
_PREFIX_STATED = re.compile(r"\bPREFIX\s+([^\s:]*):", re.IGNORECASE)
_PREFIX_USED = re.compile(r"(?<![\w?$:])([A-Za-z][\w.-]*):")


def misread(message: str, query: str) -> str:
    """What is wrong with a query, in one line; the engine names no unknown prefix, so that is looked for here."""
    plain = _QUOTED.sub(" ", query)
    unknown = set(_PREFIX_USED.findall(plain)) - set(_PREFIX_STATED.findall(plain)) - prefix_map().keys()
    if "Prefix not found" in message and unknown:
        near = [f"{name}:" for name in dict.fromkeys(n for one in sorted(unknown) for n in nearest(one, prefix_map()))]
        hint = f", or did you mean {', '.join(near)}?" if near else ""
        return f"{', '.join(f'{name}:' for name in sorted(unknown))} is no known prefix; declare it with PREFIX{hint}"
    return unbalanced(query) or " ".join(message.split())[:300]
