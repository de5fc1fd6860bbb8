"""Both SHACL engines give the same report: on every example, on damaged data, and on every form of constraint."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, RDFS, SH

from immunograph.store.graph import Graph
from immunograph.store.triples import Triple
from immunograph.validation import Finding, Report, read_shapes, validate_shapes
from immunograph.validation.indexed import validate_indexed
from immunograph.validation.shape_model import UnsupportedShapeError

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "tests" / "shapes").glob("*/*-*.ttl"))
PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = r"""
ex:a a ex:Thing ; ex:p 1 , 2 , "x" , "x"@en , "x"@en-GB , ex:b , "2020-13-45"^^xsd:date , true , "1"^^xsd:boolean .
ex:b a ex:Small ; ex:p "" , "Größe \"q\" \\ 🙂\n", ex:a , 3.5 , "2021"^^xsd:gYear , "later"^^xsd:gYear ; ex:q ex:a .
ex:c a ex:Thing ; ex:q ex:b , "lit" ; ex:r _:x . _:x a ex:Other ; ex:p _:x .
ex:Small rdfs:subClassOf ex:Thing . ex:Tiny rdfs:subClassOf ex:Small . ex:d a ex:Tiny .
"""
CONSTRAINTS = {
    "least": "sh:minCount 1",
    "most": "sh:maxCount 1",
    "class": "sh:class ex:Thing",
    "subclass": "sh:class ex:Small",
    "integer": "sh:datatype xsd:integer",
    "date": "sh:datatype xsd:date",
    "year": "sh:datatype xsd:gYear",
    "text": "sh:datatype xsd:string",
    "spoken": "sh:datatype rdf:langString",
    "iri": "sh:nodeKind sh:IRI",
    "blank or IRI": "sh:nodeKind sh:BlankNodeOrIRI",
    "literal": "sh:nodeKind sh:Literal",
    "in": 'sh:in ( 1 "x" true ex:a )',
    "pattern": 'sh:pattern "^[a-zX]" ; sh:flags "i"',
    "short": "sh:maxLength 3",
    "long": "sh:minLength 2",
    "value": "sh:hasValue ex:a",
    "language": 'sh:languageIn ( "en" )',
    "or": "sh:or ( [ sh:class ex:Small ] [ sh:datatype xsd:integer ] [ sh:nodeKind sh:Literal ; sh:maxLength 1 ] )",
}
BOUNDS = ("sh:minInclusive 2", "sh:maxInclusive 2", "sh:minExclusive 2", "sh:maxExclusive 2", "sh:maxExclusive 2.5")
NUMBERS = 'ex:a a ex:Thing ; ex:p 1 , 2 , 3 , 2.0 , 2.5 , 1e3 , "x" , ex:b , "4"^^xsd:byte .'
TARGETS = ("sh:targetClass ex:Thing", "sh:targetSubjectsOf ex:q", "sh:targetObjectsOf ex:q", "sh:targetNode ex:none")


def graph_of(data: str) -> Graph:
    graph = Graph.in_memory()
    graph.add(
        (str(quad.subject), str(quad.predicate), str(quad.object))
        for quad in ox.parse(PREFIXES + data, ox.RdfFormat.TURTLE)
    )
    return graph


def shapes_of(text: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=PREFIXES + text, format="turtle")


def comparable(report: Report) -> tuple[dict[str, int], list[Finding]]:
    """A report without the names of blank nodes, which each engine makes up."""
    named = (finding if finding.term else replace(finding, value="") for finding in report.findings)
    return report.reached, sorted(named, key=repr)


def assert_same(graph: Graph, shapes: rdflib.Graph) -> Report:
    with_index = validate_indexed(graph.triples(), shapes)
    assert comparable(with_index) == comparable(validate_shapes(graph, shapes, "pyshacl"))
    return with_index


@cache
def all_shapes() -> rdflib.Graph:
    return read_shapes(ROOT / "ontology" / "shapes") + read_shapes(ROOT / "ontology" / "shapes" / "after-inference")


@cache
def background() -> tuple[Triple, ...]:
    graph = Graph.in_memory()
    for path in sorted((ROOT / "ontology" / "modules").glob("*.ttl")):
        graph.load(path)
    wanted = {f"<{RDF.type}>", f"<{RDFS.subClassOf}>"}
    return tuple(triple for triple in graph.triples() if triple[1] in wanted and triple[2].startswith("<"))


def test_same_report_on_every_example_together() -> None:
    graph = Graph.in_memory()
    for example in EXAMPLES:
        graph.load(example)
    graph.load(ROOT / "tests" / "shapes" / "context.ttl")
    graph.add(background())
    assert len(assert_same(graph, all_shapes()).findings) > 100


@pytest.mark.parametrize("seed", range(2))
def test_same_report_on_damaged_data(seed: int) -> None:
    """The fixture graph with statements taken away and with objects exchanged."""
    source = Graph.in_memory()
    source.load(ROOT / "tests" / "fixture" / "graph.ttl")
    draw = random.Random(seed)
    triples = sorted(source.triples())
    objects = [triple[2] for triple in triples]
    damaged = Graph.in_memory()
    damaged.add(background())
    damaged.add(
        (s, p, draw.choice(objects) if draw.random() < 0.1 else o) for s, p, o in triples if draw.random() < 0.95
    )
    assert len(assert_same(damaged, all_shapes()).findings) > 100


@pytest.mark.parametrize("constraint", CONSTRAINTS.values(), ids=CONSTRAINTS)
@pytest.mark.parametrize("target", TARGETS)
def test_same_report_for_a_constraint(target: str, constraint: str) -> None:
    message = 'sh:severity sh:Warning ; sh:message "No."'
    of_values = f"ex:P a sh:PropertyShape ; {target} ; sh:path ex:p ; {constraint} ; {message} ."
    assert_same(graph_of(DATA), shapes_of(of_values))
    if "Count" not in constraint:
        assert_same(graph_of(DATA), shapes_of(f"ex:N a sh:NodeShape ; {target} ; {constraint} ; {message} ."))


@pytest.mark.parametrize("bound", BOUNDS)
def test_same_report_for_bounds(bound: str) -> None:
    shapes = shapes_of(
        f'ex:P a sh:PropertyShape ; sh:targetClass ex:Thing ; sh:path ex:p ; {bound} ; sh:message "No." .'
    )
    assert_same(graph_of(NUMBERS), shapes)


def test_what_cannot_be_compared_is_outside_a_bound() -> None:
    """As the recommendation has it; pySHACL counts a year as smaller than any number."""
    data = 'ex:a a ex:Thing ; ex:p "2021"^^xsd:gYear , true , "soon"^^xsd:integer .'
    shapes = shapes_of(
        'ex:P a sh:PropertyShape ; sh:targetClass ex:Thing ; sh:path ex:p ; sh:maxInclusive 9 ; sh:message "No." .'
    )
    assert len(validate_shapes(graph_of(data), shapes).findings) == 3


@pytest.mark.parametrize("constraint", ["sh:minCount 3", "sh:maxCount 1", "sh:hasValue ex:b", "sh:class ex:Small"])
def test_same_report_for_a_sequence_path(constraint: str) -> None:
    path = "sh:targetSubjectsOf ex:q ; sh:path ( ex:q ex:p )"
    assert_same(graph_of(DATA), shapes_of(f'ex:P a sh:PropertyShape ; {path} ; {constraint} ; sh:message "No." .'))


@pytest.mark.parametrize("target", TARGETS)
def test_same_report_for_closed_shapes_and_their_properties(target: str) -> None:
    shapes = f"""
    ex:N a sh:NodeShape ; {target} ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:message "Closed." ;
      sh:property ex:P , ex:Off .
    ex:P a sh:PropertyShape ; sh:path ex:q ; sh:class ex:Thing ; sh:message "A thing." .
    ex:Off a sh:PropertyShape ; sh:path ex:q ; sh:deactivated true ; sh:minCount 9 ; sh:message "Never." .
    """
    assert_same(graph_of(DATA), shapes_of(shapes))


@pytest.mark.parametrize(
    "shape",
    [
        "sh:path [ sh:inversePath ex:p ] ; sh:minCount 1",
        "sh:path ex:p ; sh:node ex:Other",
        "sh:path ex:p ; sh:equals ex:q",
        'sh:path ex:p ; sh:pattern "a" ; sh:flags "x"',
        "sh:path ex:p ; sh:or ( [ sh:path ex:q ; sh:minCount 1 ] )",
        'sh:path ex:p ; sh:minInclusive "a"',
    ],
)
def test_what_the_index_does_not_know_goes_to_the_complete_engine(shape: str) -> None:
    shapes = shapes_of(f'ex:P a sh:PropertyShape ; sh:targetClass ex:Thing ; {shape} ; sh:message "No." .')
    with pytest.raises(UnsupportedShapeError, match="http://example.org/P"):
        validate_indexed(graph_of(DATA).triples(), shapes)


def test_falling_back_gives_the_report_of_the_complete_engine() -> None:
    shapes = shapes_of(
        "ex:P a sh:PropertyShape ; sh:targetNode ex:c ; sh:path [ sh:inversePath ex:p ] ; sh:minCount 1 ; "
        'sh:message "No." .'
    )
    report = validate_shapes(graph_of(DATA), shapes)
    assert [finding.focus for finding in report.findings] == ["http://example.org/c"]


def test_shipped_shapes_need_no_other_engine() -> None:
    report = validate_indexed([], all_shapes())
    assert set(report.reached.values()) == {0}
    assert len(report.reached) == len(
        {
            str(s)
            for t in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
            for s in all_shapes().subjects(t, None)
        }
    )
