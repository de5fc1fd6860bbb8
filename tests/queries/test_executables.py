"""Saved queries as ``sh:SPARQLExecutable``: they conform, and hold the texts unchanged."""

from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import RDF, SH, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery

from immunograph.queries.executables import IGQ, executables
from immunograph.queries.saved import read_queries

HERE = Path(__file__).parent
QUERIES = read_queries(HERE.parents[1] / "queries")
SCHEMA = rdflib.Namespace("https://schema.org/")
ONE = URIRef(IGQ + "modulators-of-target")


@pytest.fixture
def graph() -> rdflib.Graph:
    return rdflib.Graph().parse(data=executables(QUERIES.values()), format="turtle")


def conforms(graph: rdflib.Graph) -> bool:
    shapes = rdflib.Graph().parse(HERE / "executables.shapes.ttl")
    return bool(pyshacl.validate(graph, shacl_graph=shapes)[0])


def test_every_query_is_there_with_its_text_unchanged(graph: rdflib.Graph) -> None:
    texts = {str(query).removeprefix(IGQ): str(text) for query, text in graph.subject_objects(SH.select)}
    assert texts == {name: query.text for name, query in QUERIES.items()}
    prepareQuery(texts["combination-toxicity"])


def test_they_conform(graph: rdflib.Graph) -> None:
    assert len(set(graph.subjects(RDF.type, SH.SPARQLExecutable))) == len(QUERIES)
    assert conforms(graph)


@pytest.mark.parametrize(
    ("predicate", "value"),
    [
        (SH.select, Literal("ASK {}")),
        (rdflib.RDFS.comment, Literal("no language")),
        (SCHEMA.keywords, Literal("trailing ")),
        (SCHEMA.keyword, Literal("misspelled")),
    ],
)
def test_the_shapes_refuse_what_they_should(predicate: URIRef, value: Literal, graph: rdflib.Graph) -> None:
    graph.add((ONE, predicate, value))
    assert not conforms(graph)


@pytest.mark.parametrize("predicate", [SH.select, rdflib.RDFS.comment, SCHEMA.target])
def test_the_shapes_miss_what_is_missing(predicate: URIRef, graph: rdflib.Graph) -> None:
    graph.remove((ONE, predicate, None))
    assert not conforms(graph)


def test_parameters_are_described(graph: rdflib.Graph) -> None:
    names = {str(graph.value(parameter, SH.name)) for parameter in graph.objects(ONE, SH.parameter)}
    assert names == set(QUERIES["modulators-of-target"].parameters)


def test_a_target_can_be_given_and_must_be_an_iri() -> None:
    assert "schema:target <https://x.org/sparql> ." in executables(QUERIES.values(), "https://x.org/sparql")
    with pytest.raises(ValueError, match="not an IRI"):
        executables([], "no address")
