"""Why a query has no rows: the pattern without a match, found by asking the query again with parts left out.

First every part alone, then the parts together, then all but one. Parts that share no variable are asked apart, so
that no product is built. Each question is an ASK or a SELECT with a small limit; a budget of seconds ends the search,
and what was found till then is told.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from immunograph.errors import ImmunographError, QueryTimeoutError
from immunograph.identifiers import compress
from immunograph.queries.anatomy import Piece, join, replaced
from immunograph.store.graph import Rows
from immunograph.store.triples import Triple

_RESTRICTING = frozenset({"filter", "minus"})
_WIDENING = frozenset({"optional", "bind"})
_BOUND_TO_A_TERM = re.compile(r"BIND\s*\(\s*(<[^<>\s]*>|\"[^\"\n]*\"\S*)\s+AS\s+[?$](\w+)\s*\)\Z", re.IGNORECASE)
_ALIAS = re.compile(r"\bAS\s+[?$](\w+)", re.IGNORECASE)
_IRI = re.compile(r"<([^<>\s]*)>")


_Found = TypeVar("_Found")


class _OutOfTimeError(Exception):
    """There is no time to find out whether something has a match."""


class Asked(Protocol):
    """A graph or an endpoint."""

    def run(self, query: str, /) -> Rows | bool | list[Triple]:
        """The rows, the truth or the triples of a query."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of a query that stands in the way of rows.

    Attributes:
        piece: the part.
        is_alone: whether it has no match even alone; otherwise none together with the rest.
        instead: what stands in its place where the rest has rows: values with the number of their rows.
    """

    piece: Piece
    is_alone: bool
    instead: tuple[tuple[str, int], ...] = ()

    def described(self, label_of: Callable[[str], str]) -> str:
        """The fault in a sentence, with the labels of what is there instead."""
        shown = f"`{shown_sparql(self.piece.text)}` (line {self.piece.line})"
        if self.is_alone:
            return f"nothing matches {shown}"
        if self.piece.kind in _RESTRICTING:
            return f"{shown} takes away every row"
        there = ", ".join(f"{_named(value, label_of)} ({count:,})" for value, count in self.instead)
        return f"nothing matches {shown} together with the rest" + (f"; the rest has there {there}" if there else "")


@dataclass
class Relaxing:
    """A search for the parts of one query that stand in the way.

    Attributes:
        asked: the graph or endpoint.
        prologue: the PREFIX lines of the query.
        given: terms that are taken as they are, such as the values of parameters: another part is blamed first.
        seconds: how long the search may take.
        ran_out: whether some questions took too long, or all together, so that there may be more to find.
    """

    asked: Asked
    prologue: str
    given: frozenset[str] = frozenset()
    seconds: float = 2.0
    ran_out: bool = field(init=False, default=False)
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = time.monotonic() + self.seconds

    def faults(self, pieces: Sequence[Piece]) -> list[Fault]:
        """The parts in the way, those found in time; empty where the patterns have a match, or none was found."""
        try:
            return self._faults(pieces)
        except _OutOfTimeError:
            self.ran_out = True
            return []

    def _faults(self, pieces: Sequence[Piece]) -> list[Fault]:
        flat = _needed(_flattened(pieces))
        generating = [piece for piece in flat if piece.kind not in _RESTRICTING | _WIDENING]
        alone = self._so_far(piece for piece in generating if not self.has_match([piece]))
        if alone:
            return _distinct(fault for piece in alone for fault in self._alone(piece))
        if self.has_match(flat, unless_found=False):  # a question is asked here because it has no rows
            return []
        free = _needed([piece for piece in flat if piece.kind not in _RESTRICTING])
        if self.has_match(free, unless_found=False):
            return self._restricting(flat)
        return self._together(free)

    def _so_far(self, found: Iterator[_Found]) -> list[_Found]:
        """What is found before time runs out."""
        kept: list[_Found] = []
        try:
            for one in found:
                kept.append(one)
        except _OutOfTimeError:
            self.ran_out = True
        return kept

    def has_match(self, pieces: Sequence[Piece], *, unless_found: bool = True) -> bool:
        """Whether some parts have a match together.

        Args:
            pieces: the parts.
            unless_found: what is taken for granted where finding out takes too long.

        Raises:
            _OutOfTimeError: there is no time at all any more.
        """
        for part in _components(pieces):
            if time.monotonic() > self._end:
                raise _OutOfTimeError
            if all(piece.kind in _RESTRICTING | _WIDENING for piece in part):
                continue
            try:
                if not self.asked.run(f"{self.prologue}\nASK {{ {join(part)} }}"):
                    return False
            except QueryTimeoutError:
                self.ran_out = True
                return unless_found
            except ImmunographError:  # a part that makes no sense without the others tells nothing
                continue
        return True

    def _alone(self, piece: Piece) -> list[Fault]:
        if piece.inner:
            return self.faults(piece.inner.where) or [Fault(piece, True)]
        if piece.groups:
            return [fault for group in piece.groups for fault in self.faults(group)] or [Fault(piece, True)]
        return [Fault(piece, True)]

    def _restricting(self, flat: list[Piece]) -> list[Fault]:
        single = [piece for piece in flat if piece.kind in _RESTRICTING and self.has_match(_but(flat, piece))]
        return [Fault(piece, False) for piece in single or [p for p in flat if p.kind in _RESTRICTING]]

    def _together(self, flat: list[Piece]) -> list[Fault]:
        """Faults of parts that match apart and not together, the most telling first."""
        candidates = [piece for piece in flat if piece.kind not in _WIDENING]
        for kinds in (self._telling, self._linking, self._holding_values):
            blamed = (fault for piece in filter(kinds, candidates) for fault in self._blamed(piece, flat))
            faults = _distinct(self._so_far(blamed))
            if faults:
                return sorted(faults, key=lambda fault: not fault.instead)
        return [Fault(piece, False) for piece in self._first_too_much(candidates)]

    def _telling(self, piece: Piece) -> bool:
        """Whether a part says something of its own: a term, or a choice."""
        if self._holding_values(piece):
            return False
        return piece.terms is None or _is_term(piece.terms[0]) or _is_term(piece.terms[2])

    def _linking(self, piece: Piece) -> bool:
        return not self._telling(piece) and not self._holding_values(piece)

    def _holding_values(self, piece: Piece) -> bool:
        return piece.kind == "triple" and any(term in piece.text for term in self.given)

    def _blamed(self, piece: Piece, flat: list[Piece]) -> list[Fault]:
        rest = _but(flat, piece)
        if not self.has_match(rest, unless_found=False):
            return []
        if piece.kind == "union":
            return [fault for group in piece.groups for fault in self.faults([*rest, *group])]
        return [Fault(piece, False, self._instead(piece, rest))]

    def _first_too_much(self, candidates: list[Piece]) -> list[Piece]:
        for count in range(2, len(candidates) + 1):
            if not self.has_match(candidates[:count]):
                return [candidates[count - 1]]
        return []

    def _instead(self, piece: Piece, rest: list[Piece]) -> tuple[tuple[str, int], ...]:
        """What the rest has in the place of a term or a choice, with the number of its rows."""
        pattern = "" if piece.kind == "values" else _opened(piece)
        variables = sorted(piece.variables())
        if time.monotonic() > self._end or (not pattern and (piece.kind != "values" or len(variables) != 1)):
            return ()
        wanted = "instead_" if pattern else variables[0]
        near = [part for part in _components(rest) if set().union(*(p.variables() for p in part)) & {*variables}]
        if len(near) != 1:
            return ()
        query = (
            f"{self.prologue}\nSELECT ?{wanted} (COUNT(*) AS ?n_) WHERE {{ {{ SELECT ?{wanted} WHERE {{ "
            f"{join(near[0])} {pattern} }} LIMIT 2000 }} }} GROUP BY ?{wanted} ORDER BY DESC(?n_) ?{wanted} LIMIT 4"
        )
        try:
            rows = self.asked.run(query)
        except ImmunographError:
            return ()
        found = rows.rows if isinstance(rows, Rows) else []
        return tuple((row[0].value, int(row[1].value)) for row in found if row[0] and row[1])


def shown_sparql(text: str) -> str:
    """SPARQL on one line, IRIs as CURIEs, cut where it is long."""
    plain = " ".join(_IRI.sub(lambda match: _short(match[1]), text).split())
    return plain if len(plain) <= 160 else f"{plain[:157]}..."


def _named(value: str, label_of: Callable[[str], str]) -> str:
    curie = compress(value)
    label = label_of(value) if curie != value else value
    return curie if label == curie or curie.startswith("ig:") else f"{label} [{curie}]"


def _short(iri: str) -> str:
    curie = compress(iri)
    return f"<{iri}>" if curie == iri else curie


def _flattened(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces with plain groups opened, and terms put in the place of the variables that they are bound to."""
    flat: list[Piece] = []
    for piece in pieces:
        flat += _flattened(piece.groups[0]) if piece.kind == "group" else [piece]
    for piece in [p for p in flat if p.kind == "bind"]:
        match = _BOUND_TO_A_TERM.match(piece.text)
        if match:
            flat = [_with_term(other, match[2], match[1]) for other in flat if other is not piece]
    return flat


def _with_term(piece: Piece, variable: str, term: str) -> Piece:
    if piece.inner or variable not in piece.variables():
        return piece
    terms = piece.terms and tuple(replaced(part, variable, term) for part in piece.terms)
    groups = tuple(tuple(_with_term(inner, variable, term) for inner in group) for group in piece.groups)
    return Piece(piece.kind, replaced(piece.text, variable, term), piece.line, terms, groups)  # type: ignore[arg-type]


def _components(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces that hang together by their variables, in their order."""
    groups: list[tuple[set[str], list[int]]] = []
    for at, piece in enumerate(pieces):
        names, members = piece.variables(), [at]
        for other in [group for group in groups if group[0] & names]:
            groups.remove(other)
            names, members = names | other[0], other[1] + members
        groups.append((names, members))
    return [[pieces[at] for at in sorted(members)] for _, members in groups]


def _needed(pieces: list[Piece]) -> list[Piece]:
    """Pieces without the bindings and options that no other piece uses: those never take a row away."""
    kept = list(pieces)
    for piece in reversed(pieces):
        if piece.kind in _WIDENING:
            own = piece.variables()
            firm = set().union(*(p.variables() for p in kept if p.kind not in _WIDENING | _RESTRICTING))
            used = set().union(*(p.variables() for p in kept if p is not piece))
            bound = set(_ALIAS.findall(piece.text)[-1:]) if piece.kind == "bind" else own - firm
            if not bound & used:
                kept.remove(piece)
    return kept


def _opened(piece: Piece) -> str:
    """A triple with its term left open; empty where it is too long a path, or has no term."""
    if piece.terms is None:
        return ""
    subject, path, object_ = piece.terms
    if _is_term(object_):
        return f"{subject} {path} ?instead_ ."
    if _is_term(subject) and not re.search(r"[/|*+^?!()]", _IRI.sub("", path)):
        return f"{subject} ?instead_ {object_} ."
    return ""


def _is_term(text: str) -> bool:
    return not text.startswith(("?", "$", "_:", "["))


def _but(pieces: list[Piece], one: Piece) -> list[Piece]:
    return [piece for piece in pieces if piece is not one]


def _distinct(faults: Iterable[Fault]) -> list[Fault]:
    seen: dict[tuple[int, str, bool], Fault] = {}
    for fault in faults:
        seen.setdefault((fault.piece.line, fault.piece.text, fault.is_alone), fault)
    return list(seen.values())
