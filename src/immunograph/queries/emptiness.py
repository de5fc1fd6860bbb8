"""No silent empty answer: whether it means no, not known, or a query that does not say what it should."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

from immunograph.errors import EndpointError, QueryError, QueryTimeoutError
from immunograph.identifiers import as_iri, compress
from immunograph.queries.anatomy import Anatomy, Piece, read_anatomy, read_terms, walk
from immunograph.queries.names import NameIndex
from immunograph.queries.refusals import Refusal, refusals
from immunograph.queries.relaxing import Asked, Fault, Relaxing, shown_sparql
from immunograph.queries.unknown_terms import misread_triples, unknown_terms
from immunograph.store.graph import Rows
from immunograph.vocabulary import IG, KIND_OF_PREDICATE

_ROLES = """
SELECT ?predicate ?end (COUNT(?association) AS ?count) WHERE {{
  {{ ?association ig:subject <{iri}> BIND("subject" AS ?end) }} UNION
  {{ ?association ig:object <{iri}> BIND("object" AS ?end) }}
  ?association ig:predicate ?predicate .
}} GROUP BY ?predicate ?end ORDER BY DESC(?count) ?predicate ?end
"""
_SUPER = "SELECT ?under ?over WHERE { ?under rdfs:subPropertyOf ?over }"
_MOST = 5
_SECONDS = 2.0
"""How long the search for the pattern in the way may take."""
_NO_TIME = "there may be more in the way: finding out took too long"


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and of what.

    Attributes:
        text: the SPARQL, values in place.
        asked: the graph or endpoint.
        names: the nodes by name.
        label_of: label of an IRI.
        values: parameter → the IRIs given for it; empty for a query of one's own.
    """

    text: str
    asked: Asked
    names: NameIndex
    label_of: Callable[[str], str]
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WhyEmpty:
    """Why there are no rows.

    Attributes:
        unknown: terms that the graph does not hold, with the nearest ones.
        patterns: the parts of the query without a match.
        roles: what the values are in the graph.
        refusals: statements that it is not so, with their evidence.
        verdict: known no, not known, or a query that asks for what is not there.
    """

    unknown: tuple[str, ...]
    patterns: tuple[str, ...]
    roles: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    verdict: str

    @property
    def is_known_no(self) -> bool:
        """Whether a source says that it is not so."""
        return bool(self.refusals)

    def __str__(self) -> str:
        lines = [f"no rows: {self.verdict}"]
        for heading, texts in (
            ("", self.unknown),
            ("", self.patterns),
            ("", self.roles),
            ("stated against it: ", tuple(map(str, self.refusals))),
        ):
            lines += [f"- {heading}{text}" for text in texts[:_MOST]]
            lines += [f"- {heading}and {len(texts) - _MOST} more"] if len(texts) > _MOST else []
        return "\n".join(lines)

    def as_data(self) -> dict[str, object]:
        """Plain data."""
        return {
            "verdict": self.verdict,
            "unknown": list(self.unknown),
            "patterns": list(self.patterns),
            "roles": list(self.roles),
            "refusals": [
                {"association": compress(r.association), "text": r.text, "citations": list(r.citations)}
                for r in self.refusals
            ],
        }


def why_empty(question: Question) -> WhyEmpty:
    """Find out why a question has no rows; best effort, in a few seconds at most.

    An endpoint that fails meanwhile has answered the question itself, so that its failure becomes the verdict.
    """
    try:
        anatomy = read_anatomy(question.text)
    except QueryError:
        return WhyEmpty((), (), (), (), "not known: nothing in the graph matches the query")
    try:
        return _found_out(question, anatomy)
    except (EndpointError, QueryTimeoutError) as error:
        return WhyEmpty((), (), (), (), f"not known: nothing matches the query, and asking why failed ({error})")


def _found_out(question: Question, anatomy: Anatomy) -> WhyEmpty:
    nodes = _nodes(question)
    given = [f"<{iri}>" for group in nodes for iri in group] if question.values else []
    unknown = unknown_terms(question.text, anatomy, question.asked, question.names)
    faults, ran_out = _searched(anatomy, question.asked, given)
    roles = [_role(iri, question) for iri in dict.fromkeys(iri for group in nodes[:3] for iri in group[:3])]
    against = refusals(nodes, _predicates(anatomy, question.asked), question.asked, question.label_of)
    return WhyEmpty(
        unknown=tuple(unknown),
        patterns=(*_patterns(faults, ran_out, anatomy, question), *((_NO_TIME,) if ran_out else ())),
        roles=tuple(roles),
        refusals=tuple(against),
        verdict=_verdict(unknown, faults or ran_out, against, anatomy),
    )


def _searched(anatomy: Anatomy, asked: Asked, given: Sequence[str]) -> tuple[list[Fault], bool]:
    """The faults found in time, and whether time ran out.

    The engine cannot be interrupted, so a graph on disk is asked in a process of its own, which can be killed.
    """
    from immunograph.store.limits import TimedSession

    path = getattr(asked, "path", None)
    with TimedSession(path, _SECONDS / 4) if path else nullcontext(asked) as timed:
        search = Relaxing(timed, anatomy.prologue, frozenset(given), _SECONDS)
        return _distinct(search.faults(anatomy.where)), search.ran_out


def _patterns(faults: Sequence[Fault], ran_out: bool, anatomy: Anatomy, question: Question) -> list[str]:
    if not faults and not ran_out and anatomy.rest.strip():
        return [f"the patterns have a match, but `{shown_sparql(anatomy.rest)}` leaves no row"]
    alone = [fault.piece for fault in faults if fault.is_alone]
    shown = [fault.described(question.label_of) for fault in faults]
    if question.values:
        return shown
    return [*shown, *misread_triples(alone, anatomy, question.asked, question.names)]


def _verdict(unknown: Sequence[str], has_faults: object, against: Sequence[Refusal], anatomy: Anatomy) -> str:
    if unknown:
        return "the query names what the graph does not hold"
    if against:
        return "what was asked for is not there, and sources speak against some of it"
    if not has_faults and anatomy.rest.strip():
        return "what follows the patterns leaves none"
    return "not known: no source here says so, which is not the same as no"


def _nodes(question: Question) -> list[tuple[str, ...]]:
    """The nodes that the question is about: the values of its parameters, or else those that its text names."""
    if question.values:
        return list(question.values.values())
    named = dict.fromkeys(iri for iri in _named(question.text) if question.names.node(iri))
    return [(iri,) for iri in named if not iri.startswith(IG)]


def _named(text: str) -> list[str]:
    found = [as_iri(written) for _, written in read_terms(text)]
    return [iri for iri in found if iri]


def _role(iri: str, question: Question) -> str:
    """What a node is in the graph: how often each predicate is stated of it, on which side."""
    node = question.names.node(iri)
    name = str(node) if node else compress(iri)
    rows = question.asked.run(_ROLES.format(iri=iri))
    uses = [
        f"{question.label_of(row[0].value)} ({'of it' if row[1].value == 'subject' else 'of others'}, {row[2].value})"
        for row in (rows.rows if isinstance(rows, Rows) else [])
        if row[0] and row[1] and row[2]
    ]
    if not uses:
        return f"{name} is in the graph, but no association is about it"
    more = f" and {len(uses) - 6} more" if len(uses) > 6 else ""
    return f"{name} is in the graph; stated with it: {', '.join(uses[:6])}{more}"


def _predicates(anatomy: Anatomy, asked: Asked) -> set[str]:
    """Local names of the predicates that a query is about, those under a broader one included."""
    texts = [piece.text for piece in _all(anatomy.where)]
    named = set(re.findall(r"\big:(\w+)", " ".join(texts)))
    named |= {iri.removeprefix(IG) for iri in re.findall(r"<([^<>\s]*)>", " ".join(texts)) if iri.startswith(IG)}
    kinds = named & set(KIND_OF_PREDICATE.values())
    about = named | {name for name, kind in KIND_OF_PREDICATE.items() if kind in kinds}
    rows = asked.run(_SUPER)
    for row in rows.rows if isinstance(rows, Rows) else []:
        if row[0] and row[1] and row[1].value.removeprefix(IG) in named:
            about.add(row[0].value.removeprefix(IG))
    return about if about & KIND_OF_PREDICATE.keys() else set(KIND_OF_PREDICATE)


def _all(pieces: tuple[Piece, ...]) -> list[Piece]:
    """Every piece, those of inner queries included."""
    found: list[Piece] = []
    for piece in walk(pieces):
        found += _all(piece.inner.where) if piece.inner else [piece]
    return found


def _distinct(faults: list[Fault]) -> list[Fault]:
    """One fault for each part of the text, the one that says most."""
    best: dict[tuple[int, str], Fault] = {}
    for fault in faults:
        key = fault.piece.line, fault.piece.text
        if key not in best or sum(n for _, n in fault.instead) > sum(n for _, n in best[key].instead):
            best[key] = fault
    return list(best.values())
