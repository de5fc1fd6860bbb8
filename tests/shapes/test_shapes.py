"""Each example is judged by all shapes; a bad one breaks exactly those that its first line names."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, Graph, URIRef

HERE = Path(__file__).resolve().parent
ONTOLOGY = HERE.parent.parent / "ontology"
IGSH = "https://w3id.org/immunograph/shapes/"
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
GOOD_EXAMPLES = sorted(HERE.glob("*/good-*.ttl"))
BAD_EXAMPLES = sorted(HERE.glob("*/bad-*.ttl"))


@cache
def shapes() -> Graph:
    """Every shape, those for after inference among them."""
    graph = Graph()
    for path in sorted((ONTOLOGY / "shapes").rglob("*.ttl")):
        graph.parse(path)
    return graph


@cache
def background() -> Graph:
    """The nodes that the examples refer to, and from the ontology what shapes look at: classes and their instances."""
    graph = Graph().parse(HERE / "context.ttl")
    for path in sorted((ONTOLOGY / "modules").glob("*.ttl")):
        module = Graph().parse(path)
        for wanted in (RDF.type, RDFS.subClassOf):
            for subject, object_ in module.subject_objects(wanted):
                if isinstance(subject, URIRef) and isinstance(object_, URIRef):
                    graph.add((subject, wanted, object_))
    return graph


def failed_shapes(example: Path) -> set[str]:
    """Local names of the shapes that an example breaks."""
    graph = Graph().parse(example)
    for triple in background():
        graph.add(triple)
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes(), inference="none", inplace=True)
    return {str(shape).removeprefix(IGSH) for shape in report.objects(None, SH.sourceShape)}


def named_shapes(example: Path) -> set[str]:
    """Local names of the shapes that an example says it breaks."""
    first = example.read_text(encoding="utf-8").splitlines()[0]
    return {name.strip() for name in first.removeprefix("# fails:").split(",")}


def names_of(kind: URIRef) -> set[str]:
    """Local names of the shapes of one kind, node shapes only where they have a target."""
    return {
        str(shape).removeprefix(IGSH)
        for shape in shapes().subjects(RDF.type, kind)
        if kind == SH.PropertyShape or any((shape, how, None) in shapes() for how in TARGETS)
    }


def shown(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("example", GOOD_EXAMPLES, ids=shown)
def test_good_example_breaks_no_shape(example: Path) -> None:
    assert failed_shapes(example) == set()


@pytest.mark.parametrize("example", BAD_EXAMPLES, ids=shown)
def test_bad_example_breaks_exactly_the_shapes_it_names(example: Path) -> None:
    assert failed_shapes(example) == named_shapes(example)


def test_every_node_shape_has_a_good_and_a_bad_example() -> None:
    expected = names_of(SH.NodeShape)
    assert expected
    assert {path.parent.name for path in GOOD_EXAMPLES} == expected
    assert {path.parent.name for path in BAD_EXAMPLES} == expected


def test_every_property_shape_is_broken_by_an_example() -> None:
    broken = set().union(*(named_shapes(path) for path in BAD_EXAMPLES))
    assert names_of(SH.PropertyShape) - broken == set()


def test_every_shape_is_an_iri_of_ours_with_a_message_and_a_severity() -> None:
    for shape in {*shapes().subjects(RDF.type, SH.NodeShape), *shapes().subjects(RDF.type, SH.PropertyShape)}:
        assert str(shape).startswith(IGSH), shape
        if (shape, RDF.type, SH.PropertyShape) in shapes():
            messages = [str(message) for message in shapes().objects(shape, SH.message)]
            assert len(messages) == 1 and messages[0].endswith("."), shape
            assert (shape, SH.severity, SH.Violation) in shapes(), shape


def test_shapes_are_core_only() -> None:
    for forbidden in (SH.sparql, SH.js, SH.rule, SH.target, SH.select):
        assert (None, forbidden, None) not in shapes(), forbidden
