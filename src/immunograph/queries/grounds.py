"""What each row of an answer rests on: the associations and facts that the patterns of its query matched.

The patterns are asked again with every variable shown. A solution that agrees with a row in the plain variables of the
projection belongs to it; its triples are the patterns with the solution's terms in the place of the variables. An
inner query is asked apart and belongs to the solutions that agree with it in what it projects. Patterns that must have
no match, and paths that repeat a step, give no fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from immunograph.identifiers import as_iri
from immunograph.model import Iri, Term
from immunograph.queries.anatomy import Anatomy, Piece, join, walk
from immunograph.queries.relaxing import Asked
from immunograph.store.graph import Rows
from immunograph.store.triples import n_triples
from immunograph.vocabulary import IG, IGA, RDF_TYPE

Fact = tuple[str, str, str]
"""Subject, predicate and object, as IRIs."""

MOST_SOLUTIONS = 100_000
"""Solutions that are looked at; rows beyond them are left without grounds."""

_NOT_A_CLAIM = frozenset({"subject", "predicate", "object", "hasEvidence", "broader", "member", "source", "mediatedBy"})
_STEP = re.compile(r"\^?(?:<[^<>\s]*>|[\w.-]*:[\w.%-]+|\ba\b|\([^()?*+/^!]*\))")
_STEPS = re.compile(rf"{_STEP.pattern}(?:\s*/\s*{_STEP.pattern})+|\^(?:<[^<>\s]*>|[\w.-]*:[\w.%-]+)")
_ALTERNATIVES = re.compile(r"(?:<[^<>\s]*>|[\w.-]*:[\w.%-]+|a)(?:\s*\|\s*(?:<[^<>\s]*>|[\w.-]*:[\w.%-]+|a))*")


@dataclass
class Grounds:
    """What one row rests on.

    Attributes:
        associations: IRIs of the statements that its patterns matched, in order.
        facts: the direct edges that its patterns matched, in order; stated or inferred.
    """

    associations: dict[str, None] = field(default_factory=dict)
    facts: dict[Fact, None] = field(default_factory=dict)


def grounds_of(anatomy: Anatomy, rows: Rows, asked: Asked) -> list[Grounds]:
    """The grounds of each row of an answer.

    Args:
        anatomy: the query, values in place.
        rows: its rows, or the first of them.
        asked: the graph or endpoint that answered.
    """
    found = [Grounds() for _ in rows.rows]
    known = set(rows.columns)
    plain = [name for name in anatomy.plain if name in known and _is_bound_inside(name, anatomy.where)]
    columns = [rows.columns.index(name) for name in plain]
    wanted: dict[tuple[Term | None, ...], set[int]] = {}
    for at, row in enumerate(rows.rows):
        wanted.setdefault(tuple(row[column] for column in columns), set()).add(at)
    _gather(anatomy.prologue, anatomy.where, plain, wanted, asked, found)
    return found


def _gather(
    prologue: str,
    where: tuple[Piece, ...],
    plain: Sequence[str],
    wanted: Mapping[tuple[Term | None, ...], set[int]],
    asked: Asked,
    found: list[Grounds],
) -> None:
    """Add what the patterns of one level matched, then those of the queries inside."""
    where = stepwise(where)
    rows = asked.run(f"{prologue}\nSELECT * WHERE {{\n{join(where)}\n}} LIMIT {MOST_SOLUTIONS}")
    if not isinstance(rows, Rows):
        return
    triples = list(_triples(where))
    inner = list(_inner(where))
    below: list[dict[tuple[Term | None, ...], set[int]]] = [{} for _ in inner]
    names = {name: at for at, name in enumerate(rows.columns)}
    for solution in rows.rows:
        terms = {name: solution[at] for name, at in names.items() if solution[at] is not None}
        for at in wanted.get(tuple(terms.get(name) for name in plain), ()):
            _add(found[at], triples, terms)
            for query, more in zip(inner, below, strict=True):
                more.setdefault(tuple(terms.get(name) for name in query.plain), set()).add(at)
    for query, more in zip(inner, below, strict=True):
        _gather(prologue, query.where, query.plain, more, asked, found)


def stepwise(pieces: tuple[Piece, ...], names: Iterator[int] | None = None) -> tuple[Piece, ...]:
    """Pieces with each path of several steps as several triples, so that its middle can be seen."""
    names = names or count(1)
    found: list[Piece] = []
    for piece in pieces:
        if piece.terms and _STEPS.fullmatch(piece.terms[1]):
            found += _steps(piece, names)
        elif piece.kind in {"optional", "union", "group"}:
            groups = tuple(stepwise(group, names) for group in piece.groups)
            text = " UNION ".join(f"{{ {join(group)} }}" for group in groups)
            found.append(Piece(piece.kind, "OPTIONAL " * (piece.kind == "optional") + text, piece.line, groups=groups))
        else:
            found.append(piece)
    return tuple(found)


def _steps(piece: Piece, names: Iterator[int]) -> Iterator[Piece]:
    subject, path, object_ = piece.terms or ("", "", "")
    steps = [match.group() for match in _STEP.finditer(path)]
    ends = [subject, *(f"?step_{next(names)}_" for _ in steps[1:]), object_]
    for at, step in enumerate(steps):
        one, other = ends[at], ends[at + 1]
        terms = (other, step[1:], one) if step.startswith("^") else (one, step, other)
        yield Piece("triple", " ".join(terms), piece.line, terms)


def _add(grounds: Grounds, triples: Sequence[tuple[str, str, str]], terms: Mapping[str, Term | None]) -> None:
    for term in terms.values():
        if isinstance(term, Iri) and term.value.startswith(IGA):
            grounds.associations.setdefault(term.value)
    for subject, path, object_ in triples:
        ends = _iri(subject, terms), _iri(object_, terms)
        plain = path.strip("() ")
        for predicate in re.split(r"\s*\|\s*", plain) if _ALTERNATIVES.fullmatch(plain) else [plain]:
            verb = _iri(predicate, terms)
            if ends[0] and ends[1] and verb and _is_claim(ends[0], verb):
                grounds.facts.setdefault((ends[0], verb, ends[1]))


def _is_claim(subject: str, predicate: str) -> bool:
    """Whether a triple says something of a node that a source or a rule says; not what a statement is made of."""
    if subject.startswith((IGA, IG + "source")) or "/evidence/" in subject:
        return False
    return predicate == RDF_TYPE or (predicate.startswith(IG) and predicate.removeprefix(IG) not in _NOT_A_CLAIM)


def _triples(pieces: tuple[Piece, ...]) -> Iterator[tuple[str, str, str]]:
    """The triples that hold in a solution: those of required, optional and alternative patterns."""
    for piece in pieces:
        if piece.terms:
            yield piece.terms
        elif piece.kind not in {"minus", "filter"}:
            for group in piece.groups:
                yield from _triples(group)


def _inner(pieces: tuple[Piece, ...]) -> Iterator[Anatomy]:
    for piece in pieces:
        if piece.inner:
            yield piece.inner
        elif piece.kind not in {"minus", "filter"}:
            for group in piece.groups:
                yield from _inner(group)


def _is_bound_inside(name: str, where: tuple[Piece, ...]) -> bool:
    return any(name in piece.variables() for piece in walk(where))


def _iri(text: str, terms: Mapping[str, Term | None]) -> str | None:
    if text.startswith(("?", "$")):
        term = terms.get(text[1:])
        return term.value if isinstance(term, Iri) else None
    return RDF_TYPE if text == "a" else as_iri(text)


def triple_of(fact: Fact) -> tuple[str, str, str]:
    """A fact as N-Triples terms."""
    subject, predicate, object_ = (n_triples(Iri(part)) for part in fact)
    return subject, predicate, object_
