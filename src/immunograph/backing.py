"""What stands behind the rows of an answer: why there are none, their evidence, their proofs; when it is asked for."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from immunograph.errors import QueryTimeoutError, StoreError
from immunograph.explaining import Explainer, Explanation
from immunograph.identifiers import compress, expand
from immunograph.queries.anatomy import Anatomy, read_anatomy
from immunograph.queries.answer import Answer
from immunograph.queries.citations import citations_of
from immunograph.queries.emptiness import Question, WhyEmpty, why_empty
from immunograph.queries.grounds import Fact, Grounds, grounds_of, triple_of
from immunograph.store.graph import Graph, Rows
from immunograph.store.limits import TimedSession
from immunograph.store.triples import Triple
from immunograph.vocabulary import IG, RDF_TYPE

_STATED = (
    "SELECT ?a ?p ?no WHERE {{ ?a ig:subject <{0}> ; ig:object <{2}> ; ig:predicate ?p . "
    "OPTIONAL {{ ?a ig:negated ?no }} }} ORDER BY ?a"
)
_ABOVE = "SELECT ?under ?over WHERE { ?under rdfs:subPropertyOf ?over }"
_PRIMARY = re.compile(rf"{re.escape(IG)}primarily([A-Z])")
_ENDS = (
    "SELECT ?a ?end WHERE {{ VALUES ?a {{ {associations} }} {{ ?a ig:subject ?end }} UNION {{ ?a ig:object ?end }} }}"
)
_BATCH = 200
_MOST = 10
_MOST_FACTS = 60

Explain = Callable[[Triple], Explanation | None]


class _Watched:
    """Questions with a word before each, which may refuse it."""

    def __init__(self, asked: TimedSession, before: Callable[[], None]) -> None:
        self._asked, self._before = asked, before

    def run(self, query: str) -> Rows | bool | list[Triple]:
        self._before()
        return self._asked.run(query)


class Backing:
    """The question behind an answer, with the graph that answered it.

    Args:
        question: what was asked, and of what.
        rows: what the engine gave.
        explain: proves a triple; None where there are no proofs.
    """

    def __init__(self, question: Question, rows: Rows, explain: Explain | None) -> None:
        self._question = question
        self._rows = rows
        self._explain = explain
        self._proven: dict[Fact, Explanation | None] = {}
        self._stated: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._limit: tuple[float, float] | None = None

    def why_empty(self) -> WhyEmpty:
        """Why there are no rows."""
        return self._why

    @cached_property
    def _why(self) -> WhyEmpty:
        return why_empty(self._question)

    def backed(self, answer: Answer, *, has_sources: bool, has_proofs: bool, seconds: float | None = None) -> Answer:
        """The answer with columns for the evidence, and for the proofs, behind each row.

        Raises:
            QueryTimeoutError: it took longer than so many seconds.
            StoreError: proofs are wanted, and the graph was built without them or is not here.
        """
        if has_proofs and self._explain is None:
            raise StoreError("the proofs are not here: ask the graph on this machine, built with --engine duckdb")
        self._limit = None if seconds is None else (time.monotonic() + seconds, seconds)
        anatomy = read_anatomy(self._question.text)
        rows = Rows(self._rows.columns, self._rows.rows[: len(answer)])
        grounds = self._grounds(anatomy, rows, seconds)
        if has_sources:
            answer = self._with_sources(answer, rows, grounds)
        return _widened(answer, ("proofs",), [(self._proofs(each),) for each in grounds]) if has_proofs else answer

    def _grounds(self, anatomy: Anatomy, rows: Rows, seconds: float | None) -> list[Grounds]:
        """What each row rests on; in limited time, asked of a process that can be killed."""
        path = getattr(self._question.asked, "path", None)
        if seconds is None or path is None:
            return grounds_of(anatomy, rows, self._question.asked)
        with TimedSession(path, seconds) as session:
            return grounds_of(anatomy, rows, _Watched(session, self._expect_time))

    def _with_sources(self, answer: Answer, rows: Rows, grounds: list[Grounds]) -> Answer:
        behind = [self._associations(each) for each in grounds]
        ends = self._ends({iri for each in behind for iri in each})
        shown: list[list[str]] = []
        given = {value for values in self._question.values.values() for value in values}
        for row, found in zip(rows.rows, behind, strict=True):
            own = {term.value for term in row if term} - given
            near = [iri for iri in found if ends.get(iri, set()) & own] or found
            shown.append(sorted(near, key=lambda iri: _nearness(ends.get(iri, set()), own, given)))
        cited = citations_of(sorted({iri for each in shown for iri in each[:_MOST]}), self._question.asked)
        cells = []
        for each in shown:
            citations = dict.fromkeys(text for iri in each[:_MOST] for text in cited[iri])
            cells.append((_listed(map(compress, each), " "), _listed(citations, "; ")))
        return _widened(answer, ("stated_by", "stated_in"), cells)

    def _associations(self, grounds: Grounds) -> list[str]:
        """The associations that a row rests on: matched themselves, or behind a fact that was matched."""
        self._expect_time()
        found = dict(grounds.associations)
        for fact in list(grounds.facts)[:_MOST_FACTS]:
            stated = self._stating(fact, is_exact=False)
            explanation = None if stated else self._proof(fact)
            parts = explanation.walk() if explanation else ()
            found.update(dict.fromkeys(stated or [expand(part.association) for part in parts if part.association]))
        return list(found)

    def _proofs(self, grounds: Grounds) -> str | None:
        """The proofs of the inferred facts behind a row, one after the other; None where all is stated."""
        inferred = [fact for fact in list(grounds.facts)[:_MOST_FACTS] if not self._stating(fact)]
        proofs = [proof for proof in map(self._proof, inferred) if proof and proof.is_inferred]
        return "\n".join(dict.fromkeys(proof.as_text() for proof in proofs[:_MOST])) or None

    def _stating(self, fact: Fact, is_exact: bool = True) -> list[str]:
        """The associations that state a fact; where it need not be exact, those of a narrower predicate as well."""
        self._expect_time()
        subject, predicate, object_ = fact
        if predicate == RDF_TYPE:
            return []
        if (subject, object_) not in self._stated:
            rows = self._question.asked.run(_STATED.format(*fact))
            found = rows.rows if isinstance(rows, Rows) else []
            self._stated[subject, object_] = [(a.value, p.value) for a, p, no in found if a and p and no is None]
        wanted = {predicate} if is_exact else self._narrower(predicate)
        return [association for association, stated in self._stated[subject, object_] if stated in wanted]

    def _expect_time(self) -> None:
        if self._limit and time.monotonic() > self._limit[0]:
            raise QueryTimeoutError(self._limit[1])

    def _narrower(self, predicate: str) -> set[str]:
        """The predicates of associations that give a direct edge: its own, narrower ones, and those of any role."""
        under = {predicate, *(low for low, high in self._hierarchy if high == predicate)}
        return under | {_PRIMARY.sub(lambda match: IG + match[1].lower(), name) for name in under}

    @cached_property
    def _hierarchy(self) -> list[tuple[str, str]]:
        rows = self._question.asked.run(_ABOVE)
        return [(low.value, high.value) for low, high in (rows.rows if isinstance(rows, Rows) else []) if low and high]

    def _proof(self, fact: Fact) -> Explanation | None:
        if fact not in self._proven:
            self._proven[fact] = self._explain(triple_of(fact)) if self._explain else None
        return self._proven[fact]

    def _ends(self, associations: set[str]) -> dict[str, set[str]]:
        """Association → its subject and object."""
        found: dict[str, set[str]] = {}
        ordered = sorted(associations)
        for at in range(0, len(ordered), _BATCH):
            self._expect_time()
            batch = " ".join(f"<{iri}>" for iri in ordered[at : at + _BATCH])
            rows = self._question.asked.run(_ENDS.format(associations=batch))
            for row in rows.rows if isinstance(rows, Rows) else []:
                if row[0] and row[1]:
                    found.setdefault(row[0].value, set()).add(row[1].value)
        return found


def explaining_with(graph: Graph, label_of: Callable[[str], str], prove: Callable[[Triple], object | None]) -> Explain:
    """A function that proves a triple in words, its preparations made once, when first needed."""
    prepared: list[Explainer] = []

    def explain(triple: Triple) -> Explanation | None:
        proof = prove(triple)
        if proof is None:
            return None
        if not prepared:
            prepared.append(Explainer(graph, label_of))
        return prepared[0].explanation(proof)  # type: ignore[arg-type]

    return explain


def _listed(texts: Iterable[str], separator: str) -> str | None:
    every = list(texts)
    more = f"{separator}and {len(every) - _MOST} more" if len(every) > _MOST else ""
    return separator.join(every[:_MOST]) + more or None


def _nearness(ends: set[str], own: set[str], given: set[str]) -> tuple[int, int]:
    """Sorts what names the row's own nodes before what names only the nodes that were asked about."""
    return -len(ends & own), -len(ends & given)


def _widened(answer: Answer, columns: tuple[str, ...], cells: Sequence[tuple[str | None, ...]]) -> Answer:
    rows = tuple((*row, *more) for row, more in zip(answer.rows, cells, strict=True))
    meanings = {**answer.meanings, **{name: _MEANINGS[name] for name in columns}}
    return Answer((*answer.columns, *columns), rows, meanings, answer.note, answer.context)


_MEANINGS = {
    "stated_by": "the associations behind the row",
    "stated_in": "where they can be read: source, record, section and address",
    "proofs": "the proofs of the inferred facts behind the row; empty where all is stated",
}
