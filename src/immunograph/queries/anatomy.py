"""SPARQL text → its parts: groups of patterns that can be taken out, asked alone, or shown with their line.

The reader follows the grammar of SPARQL 1.1 section 19.8 down to single triple patterns; expressions are kept as text.
It is for texts that an engine has accepted already: what it does not know it refuses with ``QueryError``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from immunograph.errors import QueryError

_TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*)
    |(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<variable>[?$]\w+)
    |(?P<blank>_:[\w.-]*\w)
    |(?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:(?:[\w:%-]|\\.)(?:(?:[\w:%.-]|\\.)*(?:[\w:%-]|\\.))?)?)
    |(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<mark>\^\^|&&|\|\||!=|<=|>=|[{}()\[\].;,^!/|?*+=<>-])""",
    re.VERBOSE | re.DOTALL,
)
_ALIAS = re.compile(r"\bAS\s+[?$](\w+)", re.IGNORECASE)
_VARIABLE = re.compile(r"[?$](\w+)")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a group.

    Attributes:
        kind: triple, filter, optional, minus, bind, values, union, group, select, graph or service.
        text: as it is written; a triple that shares its subject with others is written in full.
        line: where it begins, from 1.
        terms: subject, path and object of a triple.
        groups: the groups in it; those of a union are its branches.
        inner: the query of a ``select``.
    """

    kind: str
    text: str
    line: int
    terms: tuple[str, str, str] | None = None
    groups: tuple[tuple[Piece, ...], ...] = ()
    inner: Anatomy | None = None

    def variables(self) -> set[str]:
        """The names of the variables that it shares with its neighbours."""
        if self.inner:
            return set(self.inner.plain) | set(self.inner.computed)
        return set(_VARIABLE.findall(_without_strings(self.text)))


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A query in parts.

    Attributes:
        prologue: its PREFIX and BASE lines.
        form: SELECT, ASK, CONSTRUCT or DESCRIBE.
        plain: the variables of the projection that its patterns bind; all of them where it is ``*``.
        computed: those that an expression of the projection binds.
        where: its patterns.
        rest: what stands after them: GROUP BY, HAVING, ORDER BY, LIMIT ...
    """

    prologue: str
    form: str
    plain: tuple[str, ...]
    computed: tuple[str, ...]
    where: tuple[Piece, ...]
    rest: str


def read_anatomy(text: str) -> Anatomy:
    """Take a query apart.

    Raises:
        QueryError: the text is not SPARQL as the reader knows it.
    """
    return _Reader(text).query()


def join(pieces: tuple[Piece, ...] | list[Piece]) -> str:
    """Pieces as the inside of a group."""
    return "\n".join(f"{piece.text} ." if piece.kind == "triple" else piece.text for piece in pieces)


def walk(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Every piece and the pieces of its groups, those of inner queries left out."""
    for piece in pieces:
        yield piece
        for group in piece.groups:
            yield from walk(group)


def read_terms(text: str) -> Iterator[tuple[str, str]]:
    """The IRIs and prefixed names of a query, kind and text; those of the prologue and of datatypes are left out."""
    before = ["", "", ""]
    for token in _tokens(text):
        is_declared = before[-1].upper() == "BASE" or before[-2].upper() == "PREFIX" or before[-1].upper() == "PREFIX"
        if token.kind in {"iri", "name"} and not is_declared and before[-1] != "^^":
            yield token.kind, token.text
        before = [*before[1:], token.text]


def replaced(text: str, variable: str, term: str) -> str:
    """A piece of SPARQL with a term in the place of a variable."""
    return re.sub(rf"[?$]{re.escape(variable)}\b", lambda _: term, text)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


class _Reader:
    """Reads tokens from left to right; each method reads one production and leaves the reader behind it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [_Token("end", "", len(text), len(text))]
        self._tokens[:0] = _tokens(text)
        self._at = 0

    def query(self) -> Anatomy:
        start = self._now.start
        while self._is_word("PREFIX", "BASE"):
            self._at += 2 if self._is_word("BASE") else 3
        prologue = self._since(start)
        return self._body(prologue, lambda: self._now.kind == "end")

    def _body(self, prologue: str, is_over: Callable[[], bool]) -> Anatomy:
        form = self._now.text.upper()
        if form not in {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}:
            raise self._misfit("SELECT, ASK, CONSTRUCT or DESCRIBE")
        start = self._now.start
        self._at += 1
        if form == "CONSTRUCT" and self._now.text == "{":
            self._balanced()
        while not self._is_word("WHERE") and self._now.text != "{":
            if is_over():
                return Anatomy(prologue, form, (), (), (), "")
            self._balanced() if self._now.text in _CLOSING else self._skip()
        head = self._since(start)
        self._at += self._is_word("WHERE")
        where = self._group()
        rest = self._now.start
        while not is_over():
            self._balanced() if self._now.text in _CLOSING else self._skip()
        plain, computed = _projection(head if form == "SELECT" else "*", where)
        return Anatomy(prologue, form, plain, computed, where, self._text[rest : self._now.start])

    def _group(self) -> tuple[Piece, ...]:
        self._take("{")
        if self._is_word("SELECT"):
            start = self._now
            inner = self._body("", lambda: self._now.text == "}")
            text = f"{{ {self._text[start.start : self._now.start]} }}"
            self._take("}")
            return (Piece("select", text, self._line(start), inner=inner),)
        pieces: list[Piece] = []
        while self._now.text != "}":
            if self._now.text == ".":
                self._at += 1
            else:
                pieces += self._pieces()
        self._take("}")
        return tuple(pieces)

    def _pieces(self) -> list[Piece]:
        word = self._now.text.upper() if self._now.kind == "word" else ""
        start = self._now
        if self._now.text == "{":
            return [self._braces()]
        if word in {"OPTIONAL", "MINUS"}:
            self._at += 1
            return [self._nested(word.lower(), start)]
        if word in {"GRAPH", "SERVICE"}:
            self._at += 1
            self._at += self._is_word("SILENT")
            self._at += 1
            return [self._nested(word.lower(), start)]
        if word == "FILTER":
            return [self._filter(start)]
        if word == "BIND":
            self._at += 1
            self._balanced()
            return [Piece("bind", self._since(start.start), self._line(start))]
        if word == "VALUES":
            self._at += 1
            self._balanced() if self._now.text == "(" else self._skip()
            self._balanced()
            return [Piece("values", self._since(start.start), self._line(start))]
        return self._triples()

    def _braces(self) -> Piece:
        start = self._now
        groups = [self._group()]
        while self._is_word("UNION"):
            self._at += 1
            groups.append(self._group())
        if len(groups) == 1 and len(groups[0]) == 1 and groups[0][0].kind == "select":
            return groups[0][0]
        kind = "union" if len(groups) > 1 else "group"
        return Piece(kind, self._since(start.start), self._line(start), groups=tuple(groups))

    def _nested(self, kind: str, start: _Token) -> Piece:
        group = self._group()
        return Piece(kind, self._since(start.start), self._line(start), groups=(group,))

    def _filter(self, start: _Token) -> Piece:
        self._at += 1
        while self._now.text not in _CLOSING:
            self._skip()
        self._balanced()
        return Piece("filter", self._since(start.start), self._line(start))

    def _triples(self) -> list[Piece]:
        found: list[Piece] = []
        subject = self._node()
        if self._now.text in {".", "}"}:  # a blank node with its properties inside
            return [Piece("triple", subject, self._line(self._now))]
        while True:
            line = self._line(self._now)
            path = self._path()
            while True:
                object_ = self._node()
                found.append(Piece("triple", f"{subject} {path} {object_}", line, (subject, path, object_)))
                if self._now.text != ",":
                    break
                self._at += 1
                line = self._line(self._now)
            while self._now.text == ";":
                self._at += 1
            if self._now.text in {".", "}"} or self._before.text != ";":
                return found

    def _node(self) -> str:
        start = self._now
        if start.text in {"(", "["}:
            self._balanced()
        elif start.kind in {"iri", "name", "variable", "blank", "number", "string"}:
            self._at += 1
            if start.kind == "string" and self._now.kind == "language":
                self._at += 1
            elif start.kind == "string" and self._now.text == "^^":
                self._at += 2
        elif start.text.casefold() in {"true", "false"}:
            self._at += 1
        else:
            raise self._misfit("a term")
        return self._since(start.start)

    def _path(self) -> str:
        start = self._now.start
        while True:
            while self._now.text in {"^", "!"}:
                self._at += 1
            if self._now.text == "(":
                self._balanced()
            elif self._now.kind in {"iri", "name", "variable"} or self._now.text == "a":
                self._at += 1
            else:
                raise self._misfit("a property")
            if self._now.text in {"?", "*", "+"}:
                self._at += 1
            if self._now.text not in {"/", "|"}:
                return self._since(start)
            self._at += 1

    def _balanced(self) -> None:
        opening = self._now.text
        if opening not in _CLOSING:
            raise self._misfit("a bracket")
        depth = 0
        while True:
            depth += (self._now.text == opening) - (self._now.text == _CLOSING[opening])
            self._skip()
            if depth == 0:
                return

    @property
    def _now(self) -> _Token:
        return self._tokens[min(self._at, len(self._tokens) - 1)]

    @property
    def _before(self) -> _Token:
        return self._tokens[self._at - 1]

    def _skip(self) -> None:
        if self._now.kind == "end":
            raise self._misfit("more")
        self._at += 1

    def _take(self, text: str) -> None:
        if self._now.text != text:
            raise self._misfit(text)
        self._at += 1

    def _is_word(self, *words: str) -> bool:
        return self._now.kind == "word" and self._now.text.upper() in words

    def _since(self, start: int) -> str:
        return self._text[start : self._before.end] if self._at else ""

    def _line(self, token: _Token) -> int:
        return self._text.count("\n", 0, token.start) + 1

    def _misfit(self, wanted: str) -> QueryError:
        return QueryError(f"line {self._line(self._now)}: {self._now.text!r} stands where {wanted} is expected")


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise QueryError(f"line {text.count(chr(10), 0, at) + 1}: {text[at]!r} is not SPARQL")
        if match.lastgroup != "skip":
            yield _Token(match.lastgroup or "", match.group(), at, match.end())
        at = match.end()


def _projection(head: str, where: tuple[Piece, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The variables of a projection: those that the patterns bind, and those that an expression binds."""
    computed = tuple(_ALIAS.findall(head))
    depth, plain = 0, ""
    for letter in head:
        depth += (letter == "(") - (letter == ")")
        plain += letter if depth == 0 else " "
    named = tuple(_VARIABLE.findall(plain))
    if not named and "*" in plain:
        named = tuple(sorted(set().union(*(piece.variables() for piece in where)))) if where else ()
    return named, computed


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|<[^<>\s]*>|#[^\n]*', re.DOTALL)


def _without_strings(text: str) -> str:
    return _STRING.sub(" ", text)
