"""Whatever is typed as a value stays a value: never a term, a pattern or a command of the query."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql.parser import parseQuery

from immunograph.errors import ImmunographError
from immunograph.knowledge import KnowledgeGraph
from immunograph.model import Iri, Literal, Term, decimal, integer
from immunograph.queries.anatomy import read_anatomy, walk
from immunograph.queries.binding import bind_tokens
from immunograph.queries.saved import read_queries

QUERIES = read_queries(Path(__file__).parents[2] / "queries")
TEXT_QUERIES = [name for name, query in QUERIES.items() if any(p.type == "text" for p in query.parameters.values())]
HOSTILE = [
    '" . ?s ?p ?o . #',
    "'}} UNION {{ ?s ?p ?o }}",
    "> } ; DROP ALL #",
    '"""\n} SELECT * WHERE { ?s ?p ?o } #',
    "\\",
    '\\"',
    "?_target_iri",
    "$_kind_text",
    "# a comment",
    "\n\r\t\x0b",
    "\u2028\u202e\ufeff",
    "${jndi:x} {{7*7}} %s %(x)s",
    "<urn:x> ; ig:negated true",
    "tocilizumab> . ?a ?b <",
    "MONDO:0008383 } #",
    "x" * 20_000,
]
CALM = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
PIECES = st.text(st.sampled_from(list("\"'\\{}<>#?$_:;.,|^@()[] \n\tax\u2028\U0001f600")), max_size=40)


def shape(text: str) -> list[str]:
    return [piece.kind for piece in walk(read_anatomy(text).where)]


@CALM
@given(PIECES)
def test_a_text_changes_no_pattern_of_a_query(value: str) -> None:
    query = QUERIES["missing-mappings"].text
    bound = bind_tokens(query, {"kind": [Literal(value)]})
    assert shape(bound) == shape(query)
    parseQuery(bound)
    assert not list(ox.Store().query(bound))  # type: ignore[arg-type]


@CALM
@given(PIECES)
def test_what_is_typed_as_an_iri_is_one_iri_or_refused(value: str) -> None:
    query = "SELECT ?v WHERE { VALUES ?v { ?_v_iri } }"
    try:
        bound = bind_tokens(query, {"v": [Iri("urn:x:" + value)]})
    except ImmunographError:
        return
    (solution,) = list(ox.Store().query(bound))  # type: ignore[arg-type]
    assert solution["v"].value == "urn:x:" + value


@CALM
@given(st.integers(), st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-1e9, max_value=1e9))
def test_numbers_come_back_as_numbers(whole: int, part: object) -> None:
    values: dict[str, list[Term]] = {"a": [integer(whole)], "b": [decimal(part)]}  # type: ignore[arg-type]
    bound = bind_tokens("SELECT (?_a_integer AS ?a) (?_b_decimal AS ?b) WHERE {}", values)
    parseQuery(bound)


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize(
    "name", ["modulators-of-target", "modulators-of-genes", "missing-mappings", "approvals-by-year"]
)
def test_hostile_values_are_refused_in_one_line_and_find_nothing(
    name: str, value: str, fixture_kg: KnowledgeGraph
) -> None:
    parameters = QUERIES[name].parameters
    with pytest.raises(ImmunographError) as raised:
        fixture_kg.query(name, {**QUERIES[name].example(), next(iter(parameters)): value})
    assert "\n" not in str(raised.value) or "\\n" in repr(str(raised.value))
    assert "Traceback" not in str(raised.value)


@CALM
@given(PIECES)
def test_any_name_resolves_or_is_refused(fixture_kg: KnowledgeGraph, value: str) -> None:
    try:
        node = fixture_kg.names.resolve(value)
    except ImmunographError:
        return
    assert fixture_kg.names.node(node.iri) == node or node.label


@pytest.mark.parametrize("name", TEXT_QUERIES)
def test_every_text_is_one_of_the_choices(name: str) -> None:
    assert all(p.choices for p in QUERIES[name].parameters.values() if p.type == "text")
