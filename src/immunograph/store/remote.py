"""A SPARQL 1.1 endpoint on the network, asked through SPARQLWrapper."""

from __future__ import annotations

import ast
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

import pyoxigraph as ox
from SPARQLWrapper import CONSTRUCT, DESCRIBE, GET, JSON, POST, TURTLE
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException, Unauthorized

from immunograph.errors import EndpointError, QueryError
from immunograph.model import Iri, Term
from immunograph.store.graph import Rows
from immunograph.store.query_text import form_of, is_cut, page_of, with_prefixes
from immunograph.store.triples import Triple
from immunograph.store.wire import Question, credentials, pause_before, read_all
from immunograph.turtle import literal_of

LONGEST_GET = 1500
"""Characters of a query up to which it travels in the address, where caches can keep the answer; longer ones are
posted, as many servers refuse addresses beyond 2,000 characters."""

_RESULTS = {"application/sparql-results+json", "application/json"}
_TRIPLES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}


@dataclass(frozen=True, slots=True)
class _Reply:
    headers: Message
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get_content_type()


class Endpoint:
    """A remote endpoint; it answers ``select`` and ``run`` as a graph does.

    Credentials are those that the environment holds for its host, as ``immunograph.store.wire`` says.

    Args:
        url: its address, ``http`` or ``https``.
        timeout: seconds to wait for an answer; None waits as long as the server takes.
        page: rows to ask for at a time, for endpoints that cut answers off; None asks for all at once.
        tries: how often to ask a server that says it is busy, or whose connection breaks.
        pause: seconds before the second try; each further pause is twice as long.

    Raises:
        EndpointError: the address is none of these, or holds a password.
    """

    def __init__(
        self, url: str, timeout: int | None = 60, *, page: int | None = None, tries: int = 3, pause: float = 0.5
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise EndpointError(
                f"{url}: is not the address of an endpoint; give one that begins with http:// or https://"
            )
        if "@" in parts.netloc:
            raise EndpointError(
                f"{parts.hostname}: an address cannot hold a password; set IMMUNOGRAPH_ENDPOINT_HOST, "
                "IMMUNOGRAPH_ENDPOINT_USER and IMMUNOGRAPH_ENDPOINT_PASSWORD instead"
            )
        self.url = url
        self.timeout = timeout
        self.page = page
        self.tries = tries
        self.pause = pause

    def select(self, query: str, most: int | None = None) -> Rows:
        """Run a SELECT.

        Args:
            query: its text; the project's prefixes are known.
            most: at most so many rows; None for all.

        Raises:
            QueryError: the endpoint cannot parse the query.
            EndpointError: it cannot be reached, fails, or answers with something else than rows.
        """
        found = self.run(query, most)
        if not isinstance(found, Rows):
            raise QueryError("the query is not a SELECT; use SELECT for a table")
        return found

    def run(self, query: str, most: int | None = None) -> Rows | bool | list[Triple]:
        """Run a query of any form: rows of a SELECT, truth of an ASK, triples of a CONSTRUCT or DESCRIBE.

        Raises:
            QueryError, EndpointError: as ``select``.
        """
        text, form = with_prefixes(query), form_of(query)
        if form in {CONSTRUCT, DESCRIBE}:
            return self._triples(self._asked(text, form))[:most]
        if form != "SELECT" or is_cut(query):
            found = self._results(self._asked(text, form))
            return Rows(found.columns, found.rows[:most]) if isinstance(found, Rows) else found
        if self.page:
            return self._pages(text, self.page, most)
        return self._results(self._asked(text if most is None else page_of(text, most), form))

    def _pages(self, text: str, size: int, most: int | None) -> Rows:
        """The rows of a SELECT, page by page until one is empty: a page may be cut off before it is full."""
        first = self._rows(page_of(text, 1))
        rows: list[tuple[Term | None, ...]] = []
        while first.rows and (most is None or len(rows) < most):
            wanted = size if most is None else min(size, most - len(rows))
            page = self._rows(page_of(text, wanted, len(rows), first.columns))
            rows += page.rows
            if not page.rows:
                break
        return Rows(first.columns, rows)

    def _rows(self, text: str) -> Rows:
        found = self._results(self._asked(text, "SELECT"))
        if isinstance(found, bool):
            raise EndpointError(f"{self.url}: answered a SELECT with yes or no; check the address")
        return found

    def _question(self, query: str, form: str) -> Question:
        question = Question(self.url, form, credentials(self.url))
        question.setQuery(query)
        question.setReturnFormat(TURTLE if form in {CONSTRUCT, DESCRIBE} else JSON)
        question.setOnlyConneg(True)
        question.setMethod(GET if len(query) <= LONGEST_GET else POST)
        if self.timeout is not None:
            question.setTimeout(self.timeout)
        return question

    def _asked(self, query: str, form: str) -> _Reply:
        """What the endpoint answers, asked again while it is busy."""
        question = self._question(query, form)
        for attempt in range(1, self.tries + 1):
            try:
                response = question.query().response
                with response:
                    return _Reply(response.headers, read_all(response, self.timeout))
            except (SPARQLWrapperException, TimeoutError, URLError, HTTPException, OSError) as error:
                pause = None if _is_final(error) else pause_before(attempt, error, self.pause)
                _release(error)
                if pause is None or attempt == self.tries:
                    raise self._refused(error, attempt) from error
                time.sleep(pause)
        raise EndpointError(f"{self.url}: was not asked; tries must be 1 or more")

    def _refused(self, error: Exception, attempts: int) -> EndpointError | QueryError:
        """What went wrong, in a sentence that says what to do."""
        times = f" {attempts} times" if attempts > 1 else ""
        if isinstance(error, QueryBadFormed):
            return QueryError(f"{self.url}: the endpoint cannot parse the query: {_reason(error)}; mend the query")
        if isinstance(error, Unauthorized) or (isinstance(error, HTTPError) and error.code == 403):
            said = _reason(error) if isinstance(error, Unauthorized) else "403 Forbidden"
            return EndpointError(
                f"{self.url}: the endpoint wants to know you: {said}; set IMMUNOGRAPH_ENDPOINT_HOST and "
                "IMMUNOGRAPH_ENDPOINT_USER with IMMUNOGRAPH_ENDPOINT_PASSWORD, or IMMUNOGRAPH_ENDPOINT_TOKEN"
            )
        if isinstance(error, SPARQLWrapperException):
            return EndpointError(f"{self.url}: the endpoint refused: {_reason(error)}; check the address")
        if isinstance(error, HTTPError):
            what = "try later" if pause_before(1, error, 0) is not None or error.code == 429 else "check the address"
            return EndpointError(f"{self.url}: the endpoint answered {error.code} {error.reason}{times}; {what}")
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            return EndpointError(f"{self.url}: no answer in {self.timeout} s; raise --timeout or ask for less")
        if isinstance(error, URLError):
            return EndpointError(f"{self.url}: cannot be reached ({error.reason}); check the address")
        return EndpointError(f"{self.url}: the connection broke off{times} ({error!r}); try again")

    def _results(self, reply: _Reply) -> Rows | bool:
        if reply.content_type not in _RESULTS:
            raise EndpointError(self._wrong_type(reply.content_type, "SPARQL results as JSON"))
        try:
            rows = read_results(reply.body)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EndpointError(
                f"{self.url}: the answer is broken or cut off ({error}); try again, or ask for less with LIMIT"
            ) from error
        if isinstance(rows, Rows):
            self._expect_complete(reply.headers, len(rows.rows))
        return rows

    def _expect_complete(self, headers: Message, rows: int) -> None:
        """Refuse an answer that Virtuoso says, in headers of its own, to have cut off."""
        if headers.get("X-SQL-State"):
            raise EndpointError(
                f"{self.url}: gave a part of the answer ({headers.get('X-SQL-Message', 'time is up')}); ask for less"
            )
        most = headers.get("X-SPARQL-MaxRows", "")
        if self.page is None and most.isdigit() and rows >= int(most):
            raise EndpointError(f"{self.url}: gives no more than {most} rows at once; ask with --page {most}")

    def _triples(self, reply: _Reply) -> list[Triple]:
        if reply.content_type not in _TRIPLES:
            raise EndpointError(self._wrong_type(reply.content_type, "Turtle, N-Triples or RDF/XML"))
        try:
            quads = ox.parse(reply.body, _TRIPLES[reply.content_type])
            return sorted({(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads})
        except (SyntaxError, ValueError) as error:
            raise EndpointError(f"{self.url}: the answer is broken or cut off ({error}); try again") from error

    def _wrong_type(self, content_type: str, wanted: str) -> str:
        page = ", a web page" if content_type == "text/html" else ""
        return (
            f"{self.url}: answered with {content_type}{page}, not with {wanted}; "
            "check that the address is the endpoint's query address"
        )


def read_results(body: bytes) -> Rows | bool:
    """SPARQL results in JSON (https://www.w3.org/TR/sparql11-results-json/): rows, or the truth of an ASK.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: they are none.
    """
    content = json.loads(body)
    if "boolean" in content:
        return bool(content["boolean"])
    columns = tuple(content["head"]["vars"])
    return Rows(columns, [tuple(_term(row.get(name)) for name in columns) for row in content["results"]["bindings"]])


def _term(binding: Mapping[str, str] | None) -> Term | None:
    if binding is None:
        return None
    value = binding["value"]
    if binding["type"] == "uri":
        return Iri(value)
    if binding["type"] == "bnode":
        return Iri(f"_:{value}")
    return literal_of(value, binding.get("datatype", ""), binding.get("xml:lang", ""))


def _is_final(error: Exception) -> bool:
    """Whether asking again is of no use: refused for good, no such host, or too slow."""
    reason = error.reason if isinstance(error, URLError) and not isinstance(error, HTTPError) else error
    is_broken = isinstance(reason, HTTPError | HTTPException | ConnectionResetError | BrokenPipeError)
    return not (is_broken or type(reason) is ConnectionError)


def _release(error: Exception) -> None:
    """Close the connection of a refusal, which SPARQLWrapper leaves open."""
    for refused in (error, error.__context__):
        if isinstance(refused, HTTPError):
            refused.close()


def _reason(error: Exception) -> str:
    """The first line of what a server said, as SPARQLWrapper carries it; else what SPARQLWrapper says."""
    summary, _, response = str(error).partition("Response:\n")
    try:
        said = ast.literal_eval(response).decode("utf-8", "replace")
    except (SyntaxError, ValueError, AttributeError):
        said = summary
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[0][:200] if lines and not lines[0].startswith("<") else summary.strip()
