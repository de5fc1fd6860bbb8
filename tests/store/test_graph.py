from pathlib import Path

import pytest

from immunograph.errors import QueryError, StoreError
from immunograph.model import Iri, integer
from immunograph.store.graph import Graph
from immunograph.store.triples import n_triples

A, P, B = "<urn:x:a>", "<urn:x:p>", "<urn:x:b>"


@pytest.fixture
def graph() -> Graph:
    graph = Graph.in_memory()
    graph.add([(A, P, B), (A, P, '"1"^^<http://www.w3.org/2001/XMLSchema#integer>')], "urn:x:g")
    return graph


def test_the_default_graph_holds_a_triple_once_and_a_named_graph_again(graph: Graph) -> None:
    assert len(graph) == 2
    assert graph.graph_names() == ["urn:x:g"]
    assert sorted(graph.triples()) == sorted(graph.triples("urn:x:g"))


def test_rows_come_typed(graph: Graph) -> None:
    rows = graph.select("SELECT ?o WHERE { <urn:x:a> <urn:x:p> ?o } ORDER BY ?o")
    assert set(rows.rows) == {(Iri("urn:x:b"),), (integer(1),)}


@pytest.mark.parametrize("text", ["SELECT", "SELECT ?x WHERE { ?x ", "ASK {}", "DROP ALL"])
def test_what_is_no_select_is_refused_with_a_reason(graph: Graph, text: str) -> None:
    with pytest.raises(QueryError):
        graph.select(text)


def test_every_query_form_runs(graph: Graph) -> None:
    assert graph.run("ASK { <urn:x:a> ?p ?o }") is True
    assert graph.run("CONSTRUCT { ?o <urn:x:q> ?s } WHERE { ?s <urn:x:p> ?o FILTER(isIRI(?o)) }") == [
        (B, "<urn:x:q>", A)
    ]


def test_a_graph_on_disk_is_read_back(graph: Graph, tmp_path: Path) -> None:
    stored = Graph.on_disk(tmp_path / "store")
    stored.add(graph.triples())
    stored.flush()
    del stored
    assert sorted(Graph.read_only(tmp_path / "store").triples()) == sorted(graph.triples())


def test_a_store_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="build --force"):
        Graph.read_only(tmp_path / "none")


def test_rdflib_gets_the_same_triples(graph: Graph) -> None:
    assert {tuple(term.n3() for term in triple) for triple in graph.to_rdflib()} == {
        (A, P, B),
        (A, P, '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    }


def test_terms_are_written_as_n_triples() -> None:
    assert n_triples(Iri("urn:x:a")) == A
    assert n_triples(integer(1)) == '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT ?x { ?x a ?y LIMIT 5", "'}' is missing: nothing closes the '{' of line 1"),
        ("SELECT ?x {\n ?x a ?y . OPTIONAL {\n ?x a ?z }", "'}' is missing: nothing closes the '{' of line 1"),
        ("SELECT ?x { ?x a ?y }} LIMIT 5", "'}' in line 1 that nothing opens"),
        ('SELECT ?x { ?x rdfs:label "a{" .\n FILTER(?x = 3 }', "'}' in line 2: ')' is missing before it"),
        ("SELECT ?x WHERE ?x a ?y", "expected"),
        ('SELECT ?x { ?x rdfs:label "}", }', "expected"),
    ],
)
def test_a_bracket_without_its_other_is_named(query: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        Graph.in_memory().select(query)
    assert said in str(caught.value)
