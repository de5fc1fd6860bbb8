import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.sparql.parser import parseQuery

from immunograph.errors import QueryParameterError
from immunograph.model import Iri, Literal, Term, integer
from immunograph.queries.binding import bind_tokens, sparql_term, tokens

QUERY = """
PREFIX ig: <https://w3id.org/immunograph/onto/?_no_iri>
SELECT ?x WHERE { # ?_comment_iri
  BIND(?_target_iri AS ?t)
  ?x ig:p ?t ; ig:q "?_string_text" .
  FILTER(?x IN (?_list_iris) && ?n > ?_least_integer && ?x != ?_target_iri)
}
"""
HOSTILE = ['"', "'", "\\", "\n", "> }", "} DROP ALL #", '""" . ?s ?p ?o', "?_target_iri", "\\u0022", "a\rb\tc", "# x"]


def test_tokens_are_found_outside_of_strings_comments_and_iris() -> None:
    assert tokens(QUERY) == {"target": "iri", "list": "iris", "least": "integer"}


def test_every_place_of_a_token_is_filled() -> None:
    values: dict[str, list[Term]] = {"target": [Iri("urn:x:t")], "list": [Iri("urn:x:1"), Iri("urn:x:2")]}
    bound = bind_tokens(QUERY, {**values, "least": [integer(3)]})
    assert bound.count("<urn:x:t>") == 2
    assert "?x IN (<urn:x:1>, <urn:x:2>) && ?n > 3" in bound
    assert '"?_string_text"' in bound
    parseQuery(bound)


def test_a_query_with_its_tokens_left_is_valid_sparql() -> None:
    parseQuery(QUERY)
    ox.Store().query(QUERY)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_text_stays_a_text(value: str) -> None:
    query = bind_tokens("SELECT (?_v_text AS ?v) WHERE {}", {"v": [Literal(value)]})
    (solution,) = list(ox.Store().query(query))  # type: ignore[arg-type]
    assert solution["v"].value == value


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_any_text_comes_back_as_it_was_given(value: str) -> None:
    query = bind_tokens("SELECT (?_v_text AS ?v) WHERE {}", {"v": [Literal(value)]})
    (solution,) = list(ox.Store().query(query))  # type: ignore[arg-type]
    assert solution["v"].value == value


@pytest.mark.parametrize("value", ["urn:x> } #", "http://a b", 'http://a"', "http://a\n", "http://a{b}", "no-colon"])
def test_what_is_no_iri_is_refused(value: str) -> None:
    with pytest.raises(QueryParameterError, match="not an IRI"):
        sparql_term(Iri(value))
