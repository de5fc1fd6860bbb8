"""Shapes and checks run on a graph: what they find, how often they looked, and what a broken file says."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib

from immunograph.errors import LoadError
from immunograph.store.graph import Graph
from immunograph.validation import SHACL_ENGINES, read_checks, read_shapes, run_checks, validate_shapes

SHAPES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Thing a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ex:ThingSize , ex:ThingName .
ex:ThingSize a sh:PropertyShape ; sh:path ex:size ; sh:datatype xsd:integer ; sh:maxInclusive 10 ;
  sh:severity sh:Violation ; sh:message "A size is at most ten." .
ex:ThingName a sh:PropertyShape ; sh:path ex:name ; sh:minCount 1 ;
  sh:severity sh:Warning ; sh:message "A thing has a name." .
ex:Other a sh:NodeShape ; sh:targetClass ex:Other .
"""
CHECK = """\
#+ summary: A thing is larger than another.
#+ remedy: >-
#+   Make it smaller.
#+ severity: warning
#+ columns:
#+   node: the larger
#+   other: the smaller
#+   size: how large
PREFIX ex: <http://example.org/>
SELECT ?node ?other ?size { ?node ex:size ?size . ?other ex:size ?less FILTER(?size > ?less) }
"""
INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"


def triples() -> list[tuple[str, str, str]]:
    rdf_type, thing = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<http://example.org/Thing>"
    size, name = "<http://example.org/size>", "<http://example.org/name>"
    return [
        ("<http://example.org/a>", rdf_type, thing),
        ("<http://example.org/a>", size, f'"11"^^{INTEGER}'),
        ("<http://example.org/a>", name, '"a"'),
        ("<http://example.org/b>", rdf_type, thing),
        ("<http://example.org/b>", size, f'"3"^^{INTEGER}'),
    ]


@pytest.fixture
def graph() -> Graph:
    made = Graph.in_memory()
    made.add(triples())
    return made


@pytest.mark.parametrize("engine", SHACL_ENGINES)
def test_findings_name_shape_node_path_and_value(graph: Graph, engine: str) -> None:
    shapes = rdflib.Graph().parse(data=SHAPES, format="turtle")
    report = validate_shapes(graph, shapes, engine)
    assert [(f.rule, f.severity, f.focus, f.path, f.value, f.message) for f in report.findings] == [
        ("ThingSize", "violation", "http://example.org/a", "http://example.org/size", "11", "A size is at most ten."),
        ("ThingName", "warning", "http://example.org/b", "http://example.org/name", "", "A thing has a name."),
    ]
    assert report.reached == {"Thing": 2, "Other": 0}


def test_each_row_of_a_check_is_a_finding(graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "larger.rq").write_text(CHECK)
    (finding,) = run_checks(graph, tmp_path).findings
    assert (finding.rule, finding.severity, finding.focus) == ("larger", "warning", "http://example.org/a")
    assert finding.value == "http://example.org/b, 11" and finding.remedy == "Make it smaller."
    assert [check.name for check in read_checks(tmp_path)] == ["larger"]


def test_shapes_that_are_missing_or_broken_are_named(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="holds no shapes"):
        read_shapes(tmp_path)
    (tmp_path / "broken.ttl").write_text("ex:Thing a sh:NodeShape")
    with pytest.raises(LoadError, match=r"broken\.ttl: the shapes do not parse"):
        read_shapes(tmp_path)
