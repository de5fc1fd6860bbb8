from pathlib import Path

import rdflib
from rdflib.namespace import SH

from immunograph.errors import Place
from immunograph.validation import Finding, Report
from immunograph.validation.report import sorted_findings

IG = "https://w3id.org/immunograph/onto/"
NODE = "https://w3id.org/immunograph/id/a"
WRONG = Finding(
    "Potency",
    "violation",
    NODE,
    "It is too high.",
    IG + "potency",
    "120",
    component=str(SH.MaxInclusiveConstraintComponent),
    term='"120"^^<http://www.w3.org/2001/XMLSchema#decimal>',
)
ODD = Finding("two-labels", "warning", NODE, "It has two labels.", value='a "quoted" \\ name', remedy="Keep one.")


def test_a_finding_is_one_line_with_place_shape_and_value() -> None:
    placed = Report((WRONG,)).placed({NODE: Place(Path("mine.ttl"), 7)}).findings[0]
    assert str(placed) == "mine.ttl:7: violation: igd:a ig:potency: It is too high. (value: 120) [Potency]"
    assert str(ODD) == 'warning: igd:a: It has two labels. (value: a "quoted" \\ name) Keep one. [two-labels]'


def test_a_place_that_is_known_is_kept_unless_asked_otherwise() -> None:
    first, second = Place(Path("a.ttl"), 1), Place(Path("b.ttl"), 2)
    placed = Report((WRONG,)).placed({NODE: first})
    assert placed.placed({NODE: second}).findings[0].at == first
    assert placed.placed_first({NODE: second}).findings[0].at == second
    assert placed.placed_first({}).findings[0].at == first


def test_warnings_do_not_break_conformance() -> None:
    assert Report((ODD,)).conforms and not Report((ODD, WRONG)).conforms
    assert Report((ODD, WRONG)).counts() == {"warning": 1, "violation": 1}


def test_reports_are_joined_worst_first() -> None:
    joined = Report((ODD,), {"A": 1}).joined([Report((WRONG,), {"B": 2})])
    assert joined.findings == (WRONG, ODD) == sorted_findings([ODD, WRONG])
    assert joined.reached == {"A": 1, "B": 2}


def test_the_turtle_is_a_shacl_report() -> None:
    graph = rdflib.Graph().parse(data=Report((WRONG, ODD)).as_turtle(), format="turtle")
    assert list(graph.objects(None, SH.conforms)) == [rdflib.Literal(False)]
    results = list(graph.objects(None, SH.result))
    assert len(results) == 2
    for result in results:  # what https://www.w3.org/TR/shacl/#results-validation-result asks of each
        for predicate in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent, SH.resultMessage):
            assert len(list(graph.objects(result, predicate))) == 1
    assert set(graph.objects(None, SH.value)) == {
        rdflib.Literal("120", datatype=rdflib.XSD.decimal),
        rdflib.Literal('a "quoted" \\ name'),
    }
    empty = rdflib.Graph().parse(data=Report().as_turtle(), format="turtle")
    assert list(empty.objects(None, SH.conforms)) == [rdflib.Literal(True)]


def test_data_hold_everything() -> None:
    keys = "rule severity focus path value message remedy file line sheet sheet_line"
    assert list(WRONG.as_dict()) == keys.split()
    assert WRONG.as_dict()["focus"] == "igd:a"
