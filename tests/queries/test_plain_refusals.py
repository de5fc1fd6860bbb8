"""What is no question of this graph is refused in plain words, and names are suggested where names are meant."""

import pytest

from immunograph.errors import QueryError
from immunograph.knowledge import KnowledgeGraph
from immunograph.queries import Answer
from immunograph.store.query_text import calls_others


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "the query is empty"),
        ("  # nothing\n", "the query is empty"),
        ("INSERT DATA { ig:a ig:b ig:c }", "INSERT changes data"),
        ("PREFIX x: <http://x/> DROP ALL", "DROP changes data"),
        ("SELECT ?s { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "--federate"),
        ("SELECT ?s { service silent ?s { ?s ?p ?o } }", "--federate"),
        ("SELECT ?s { SERVICE ig:there { ?s ?p ?o } }", "--federate"),
    ],
)
def test_it_is_said_what_is_wrong(query: str, said: str, fixture_kg: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match=said):
        fixture_kg.sparql(query)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?service { ?service rdfs:label "SERVICE <http://x/>"@en }',
        "SELECT ?s { ?s <http://example.org/SERVICE> ?o } # SERVICE <http://x/> {}",
        "SELECT ?s { ?s ig:service ?o }",
        "SELECT ?s { ?s ex:self-service ?o }",
    ],
)
def test_the_word_alone_calls_nobody(query: str) -> None:
    assert not calls_others(query)


def answer(kg: KnowledgeGraph, query: str) -> Answer:
    found = kg.sparql(query)
    assert isinstance(found, Answer)
    return found


def test_a_count_of_nothing_says_why(fixture_kg: KnowledgeGraph) -> None:
    why = answer(fixture_kg, "SELECT (COUNT(*) AS ?n) { ?s ig:treatz ?o }").why_empty
    assert why and "ig:treats" in why.unknown[0]
    assert answer(fixture_kg, "SELECT (COUNT(*) AS ?n) { ?s ig:treats ?o }").why_empty is None
    assert answer(fixture_kg, "SELECT (0 AS ?n) { }").why_empty is None


def test_a_named_graph_is_suggested_by_name(fixture_kg: KnowledgeGraph) -> None:
    why = answer(fixture_kg, "SELECT ?s { GRAPH igg:maping { ?s ?p ?o } }").why_empty
    assert why and "did you mean igg:mappings?" in why.unknown[0]


def test_a_short_number_has_no_near_name(fixture_kg: KnowledgeGraph) -> None:
    why = answer(fixture_kg, "SELECT ?s { ?s ig:treats MONDO:999 }").why_empty
    assert why and why.unknown == ("MONDO:999 is not in the graph",)
