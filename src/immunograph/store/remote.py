"""A SPARQL 1.1 endpoint on the network, asked through SPARQLWrapper."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

import pyoxigraph as ox
from SPARQLWrapper import ASK, CONSTRUCT, DESCRIBE, GET, JSON, POST, SELECT, TURTLE, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from immunograph.errors import EndpointError, QueryError
from immunograph.identifiers import prefix_map
from immunograph.model import Iri, Term
from immunograph.store.graph import Rows, Triple
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
_PREFIX_USED = re.compile(r"\b([A-Za-z][\w.-]*):")
_FORMS = {SELECT, ASK, CONSTRUCT, DESCRIBE}
_PREFIX_STATED = re.compile(r"\bPREFIX\s+([^\s:]*):", re.IGNORECASE)


class Endpoint:
    """A remote endpoint; it answers ``select`` and ``run`` as a graph does.

    Args:
        url: its address, ``http`` or ``https``.
        timeout: seconds to wait for an answer; None waits as long as the server takes.

    Raises:
        EndpointError: the address is none of these.
    """

    def __init__(self, url: str, timeout: int | None = 60) -> None:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
            raise EndpointError(
                f"{url}: is not the address of an endpoint; give one that begins with http:// or https://"
            )
        self.url = url
        self.timeout = timeout

    def select(self, query: str) -> Rows:
        """Run a SELECT.

        Raises:
            QueryError: the endpoint cannot parse the query.
            EndpointError: it cannot be reached, fails, or answers with something else than rows.
        """
        found = self.run(query)
        if not isinstance(found, Rows):
            raise QueryError("the query is not a SELECT; use SELECT for a table")
        return found

    def run(self, query: str) -> Rows | bool | list[Triple]:
        """Run a query of any form: rows of a SELECT, truth of an ASK, triples of a CONSTRUCT or DESCRIBE.

        Raises:
            QueryError, EndpointError: as ``select``.
        """
        wrapper = self._wrapper(with_prefixes(query))
        content_type, body = self._asked(wrapper)
        if wrapper.queryType in {CONSTRUCT, DESCRIBE}:
            return self._triples(content_type, body)
        return self._results(content_type, body)

    def _wrapper(self, query: str) -> Any:
        wrapper = SPARQLWrapper(self.url, agent="immunograph")
        with warnings.catch_warnings(action="error"):
            try:
                wrapper.setQuery(_without_comment_lines(query))
            except RuntimeWarning as error:
                raise QueryError("the query is not a SELECT, ASK, CONSTRUCT or DESCRIBE") from error
        if wrapper.queryType not in _FORMS:
            raise QueryError(f"{wrapper.queryType} changes data; only questions are sent to an endpoint")
        wrapper.setReturnFormat(TURTLE if wrapper.queryType in {CONSTRUCT, DESCRIBE} else JSON)
        wrapper.setOnlyConneg(True)
        wrapper.setMethod(GET if len(query) <= LONGEST_GET else POST)
        if self.timeout is not None:
            wrapper.setTimeout(self.timeout)
        return wrapper

    def _asked(self, wrapper: Any) -> tuple[str, bytes]:
        """The media type and the bytes of an answer."""
        try:
            response = wrapper.query().response
            with response:
                return response.headers.get_content_type(), response.read()
        except QueryBadFormed as error:
            _release(error)
            raise QueryError(f"{self.url}: the endpoint cannot parse the query: {_reason(error)}") from error
        except SPARQLWrapperException as error:
            _release(error)
            raise EndpointError(f"{self.url}: the endpoint refused: {_reason(error)}; check the address") from error
        except HTTPError as error:
            error.close()
            raise EndpointError(
                f"{self.url}: the endpoint answered {error.code} {error.reason}; check the address and your rights"
            ) from error
        except TimeoutError as error:
            raise EndpointError(self._too_slow()) from error
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise EndpointError(self._too_slow()) from error
            raise EndpointError(f"{self.url}: cannot be reached ({error.reason}); check the address") from error
        except (HTTPException, OSError) as error:
            raise EndpointError(f"{self.url}: the connection broke off ({error!r}); try again") from error

    def _too_slow(self) -> str:
        return f"{self.url}: no answer in {self.timeout} s; raise --timeout or ask for less"

    def _results(self, content_type: str, body: bytes) -> Rows | bool:
        if content_type not in _RESULTS:
            raise EndpointError(self._wrong_type(content_type, "SPARQL results as JSON"))
        try:
            content = json.loads(body)
            if "boolean" in content:
                return bool(content["boolean"])
            columns = tuple(content["head"]["vars"])
            bindings = content["results"]["bindings"]
            return Rows(columns, [tuple(_term(row.get(name)) for name in columns) for row in bindings])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EndpointError(
                f"{self.url}: the answer is broken or cut off ({error}); try again, or ask for less with LIMIT"
            ) from error

    def _triples(self, content_type: str, body: bytes) -> list[Triple]:
        if content_type not in _TRIPLES:
            raise EndpointError(self._wrong_type(content_type, "Turtle, N-Triples or RDF/XML"))
        try:
            quads = ox.parse(body, _TRIPLES[content_type])
            return sorted({(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads})
        except (SyntaxError, ValueError) as error:
            raise EndpointError(f"{self.url}: the answer is broken or cut off ({error}); try again") from error

    def _wrong_type(self, content_type: str, wanted: str) -> str:
        page = ", a web page" if content_type == "text/html" else ""
        return (
            f"{self.url}: answered with {content_type}{page}, not with {wanted}; "
            "check that the address is the endpoint's query address"
        )


def with_prefixes(query: str) -> str:
    """Put the project's prefixes that a query uses, and does not declare itself, before it."""
    stated = set(_PREFIX_STATED.findall(query))
    used = {name for name in _PREFIX_USED.findall(query) if name in prefix_map()}
    lines = [f"PREFIX {name}: <{prefix_map()[name]}>\n" for name in sorted(used - stated)]
    return "".join(lines) + query


def _term(binding: Mapping[str, str] | None) -> Term | None:
    if binding is None:
        return None
    value = binding["value"]
    if binding["type"] == "uri":
        return Iri(value)
    if binding["type"] == "bnode":
        return Iri(f"_:{value}")
    return literal_of(value, binding.get("datatype", ""), binding.get("xml:lang", ""))


def _release(error: SPARQLWrapperException) -> None:
    """Close the connection of a refusal, which SPARQLWrapper leaves open."""
    if isinstance(error.__context__, HTTPError):
        error.__context__.close()


def _reason(error: Exception) -> str:
    """The first line of what a server said, as SPARQLWrapper carries it; else what SPARQLWrapper says."""
    summary, _, response = str(error).partition("Response:\n")
    try:
        said = ast.literal_eval(response).decode("utf-8", "replace")
    except (SyntaxError, ValueError, AttributeError):
        said = summary
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[0][:200] if lines and not lines[0].startswith("<") else summary.strip()


def _without_comment_lines(query: str) -> str:
    """Leave out lines that are comments: SPARQLWrapper takes words in them for the query's form."""
    return "\n".join(line for line in query.splitlines() if not line.startswith("#"))
