"""Questions: saved ones, analyses, SPARQL, and rows joined with what others say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from immunograph.analysis.questions import Analysis, find_question
from immunograph.assets import queries_dir, recipes_dir
from immunograph.backing import Backing, explaining_with
from immunograph.building.plan import CLOSURE, STORE, cache_dir
from immunograph.identifiers import as_iri, compress
from immunograph.knowledge.opened import OpenedGraph
from immunograph.model import Iri
from immunograph.queries import Answer, NameIndex, SavedQuery
from immunograph.queries.answer import answer_of, with_labels
from immunograph.queries.binding import bind_tokens
from immunograph.queries.emptiness import Question, WhyEmpty, why_empty
from immunograph.store.graph import Graph, Rows
from immunograph.store.triples import Triple

if TYPE_CHECKING:
    from immunograph.store.limits import TimedGraph
    from immunograph.store.remote import Endpoint


class AskedGraph(OpenedGraph):
    """Questions: saved ones, analyses, SPARQL, and rows joined with what others say."""

    def query(
        self,
        name: str,
        values: Mapping[str, object] | None = None,
        /,
        *,
        has_labels: bool = False,
        endpoint: Endpoint | None = None,
        timeout: float | None = None,
        limit: int | None = None,
        **more: object,
    ) -> Answer:
        """Ask a saved question, or an analysis.

        Args:
            name: the query's name.
            values: one value for each parameter; a list of names is joined.
            has_labels: whether a column of labels stands beside each column of identifiers.
            endpoint: where to ask instead of here; names are still looked up here.
            timeout: seconds that a question here may take, in a process that is killed then; an endpoint has its own.
            limit: the most rows to read; the note says where there are more.
            more: values again, as keywords.

        Raises:
            QueryNotFoundError: there is no such query.
            QueryParameterError: a parameter is missing, unknown or malformed.
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
            EndpointError: the endpoint failed.
            QueryTimeoutError: the time was up.
        """
        saved = self.question(name)
        given = {key: _joined(value) for key, value in {**(values or {}), **more}.items()}
        parsed = saved.parsed(given, self.names)
        if isinstance(saved, Analysis):
            return saved.answer(endpoint or self._limited(timeout), parsed, limit)
        text = bind_tokens(saved.text, parsed)
        nodes = {key: tuple(t.value for t in terms if isinstance(t, Iri)) for key, terms in parsed.items()}
        rows = (endpoint or self._limited(timeout)).select(text, None if limit is None else limit + 1)
        return self._answer(rows, self._question(text, endpoint, nodes), saved.columns, has_labels, limit)

    def question(self, name: str) -> SavedQuery:
        """A saved question, or an analysis, by name: what it takes and gives.

        Raises:
            QueryNotFoundError: there is none.
        """
        if name not in self._read:
            self._read[name] = find_question(name, queries_dir())
        return self._read[name]

    def sparql(
        self,
        text: str,
        *,
        has_labels: bool = False,
        endpoint: Endpoint | None = None,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Answer | bool | list[Triple]:
        """Run a SPARQL query; the project's prefixes are known, the arguments are those of ``query``.

        Returns:
            The rows of a SELECT, the truth of an ASK, or the triples of a CONSTRUCT or DESCRIBE.

        Raises:
            QueryError: the text does not parse or cannot be evaluated.
            QueryTimeoutError: the time was up.
        """
        found = (endpoint or self._limited(timeout)).run(text, None if limit is None else limit + 1)
        if isinstance(found, Rows):
            return self._answer(found, self._question(text, endpoint), {}, has_labels, limit)
        return found[:limit] if isinstance(found, list) else found

    def why_empty(self, text: str, *, endpoint: Endpoint | None = None) -> WhyEmpty:
        """Why a SPARQL query of any form finds nothing; of an answer without rows, ask ``Answer.why_empty``."""
        return why_empty(self._question(text, endpoint))

    def federate(
        self,
        answer: Answer,
        recipe: str,
        *,
        column: str | None = None,
        url: str | None = None,
        is_offline: bool = False,
        timeout: int = 60,
    ) -> Answer:
        """Join rows with what a remote endpoint says of their identifiers; answers are cached by day.

        Args:
            answer: rows of a question.
            recipe: name of a file of ``queries/recipes``.
            column: the column of identifiers; None for the first that holds some that the recipe takes.
            url: the endpoint; None for the recipe's.
            is_offline: whether nobody is asked, and the cache alone answers.
            timeout: seconds to wait for each batch.

        Raises:
            QueryNotFoundError: there is no such recipe.
            QueryParameterError: no column holds identifiers that it takes.
            EndpointError: the endpoint failed, and the cache does not hold the answer.
        """
        from immunograph.federation import Federation, find_recipe
        from immunograph.federation.answers import AnswerCache

        found = find_recipe(recipe, recipes_dir())
        endpoint = None
        if not is_offline:
            from immunograph.store.remote import Endpoint

            endpoint = Endpoint(url or found.endpoint, timeout)
        cache = AnswerCache(cache_dir() / "remote")
        return Federation(found, url or found.endpoint, endpoint, cache, self._same_as).joined(answer, column)

    def _same_as(self, curie: str) -> list[str]:
        """The identifiers that are stated to mean the same as a node's."""
        iri = as_iri(curie)
        return sorted(map(compress, self._values(f"SELECT ?x {{ <{iri}> skos:exactMatch ?x }}"))) if iri else []

    def _limited(self, timeout: float | None) -> Graph | TimedGraph:
        """What is asked here: the graph, or one in a process of its own that can be killed.

        A graph that was changed is open for writing here; what was changed is written to disk first, for the other.
        """
        if timeout is None:
            return self.graph
        if self._changed is not None:
            self.graph.sync()
        from immunograph.store.limits import TimedGraph

        return TimedGraph(self.folder / STORE, timeout)

    def _question(
        self, text: str, endpoint: Endpoint | None, values: Mapping[str, tuple[str, ...]] | None = None
    ) -> Question:
        nodes = {name: iris for name, iris in (values or {}).items() if iris}
        return Question(text, endpoint or self.graph, self.names, self.label, nodes)

    def _answer(
        self, rows: Rows, question: Question, meanings: Mapping[str, str], has_labels: bool, limit: int | None = None
    ) -> Answer:
        rows, note = _cut(rows, limit)
        has_proofs = question.asked is self.graph and (self.folder / CLOSURE).is_file()
        explain = explaining_with(self.graph, self.label, lambda t: self.closure.explain(t)) if has_proofs else None
        answer = answer_of(rows, meanings, note, Backing(question, rows, explain))
        return with_labels(answer, self.label, rows) if has_labels else answer


def asked_there(endpoint: Endpoint, text: str, limit: int | None = None) -> Answer | bool | list[Triple]:
    """Run a SPARQL query at an endpoint, without a graph here.

    Raises:
        QueryError: the endpoint cannot parse it; EndpointError: it failed.
    """
    found = endpoint.run(text, None if limit is None else limit + 1)
    if isinstance(found, Rows):
        rows, note = _cut(found, limit)
        return answer_of(rows, {}, note, Backing(_question_there(endpoint, text), rows, None))
    return found[:limit] if isinstance(found, list) else found


def why_empty_there(endpoint: Endpoint, text: str) -> WhyEmpty:
    """Why a SPARQL query finds nothing at an endpoint, without a graph here; names are those of the endpoint.

    Raises:
        EndpointError: the endpoint failed.
    """
    return why_empty(_question_there(endpoint, text))


def _question_there(endpoint: Endpoint, text: str) -> Question:
    def label_of(iri: str) -> str:
        found = endpoint.select(f"SELECT ?label {{ <{iri}> rdfs:label ?label }} ORDER BY ?label LIMIT 1").rows
        return found[0][0].value if found and found[0][0] else compress(iri)

    return Question(text, endpoint, NameIndex.empty(), label_of)


def _cut(rows: Rows, limit: int | None) -> tuple[Rows, str]:
    """At most so many rows, and a note where there are more."""
    if limit is None or len(rows.rows) <= limit:
        return rows, ""
    return Rows(rows.columns, rows.rows[:limit]), f"only the first {limit} rows; raise the limit to see more"


def _joined(value: object) -> str:
    """A value as a query parses it: several names one a line."""
    if isinstance(value, str):
        return value
    return "\n".join(map(str, value)) if isinstance(value, Iterable) else str(value)
