"""``explain`` on the command line: what holds, what is known not to hold, and what is not known."""

from __future__ import annotations

import json
from collections.abc import Callable

import rdflib
from click.testing import Result
from rdflib.namespace import PROV, RDF

Run = Callable[..., Result]
CLASS = ("explain", "tocilizumab", "a", "IL-6 receptor inhibitor")


def test_the_text_goes_down_to_the_source(run: Run) -> None:
    shown = run(*CLASS)
    assert shown.exit_code == 0
    first, *_, last = [line for line in shown.stdout.splitlines() if "by definition" not in line]
    assert first.startswith("tocilizumab is an IL-6 receptor inhibitor  [by ")
    assert "https://example.org/fixture/1" in last


def test_the_data_are_nested(run: Run) -> None:
    content = json.loads(run(*CLASS, "--format", "json").stdout)
    assert content["inferred"] is True

    def stated(part: dict[str, object]) -> list[dict[str, object]]:
        premises = part["premises"]
        assert isinstance(premises, list)
        return ([part] if part["association"] else []) + [found for premise in premises for found in stated(premise)]

    (association,) = {found["association"] for found in stated(content)}
    assert association == "iga:nznnjvoze37miutq"


def test_the_chart_draws_each_fact_once(run: Run) -> None:
    lines = run(*CLASS, "--format", "mermaid").stdout.splitlines()
    assert lines[0] == "flowchart BT"
    nodes = [line.split("[")[0].strip() for line in lines if '["' in line]
    assert len(nodes) == len(set(nodes)) > 3
    drawn = {word for line in lines if "-->" in line for word in line.split() if word.startswith("n")}
    assert set(nodes) == {word for word in drawn if word[1:].isdigit()}


def test_the_provenance_is_turtle(run: Run) -> None:
    graph = rdflib.Graph().parse(data=run(*CLASS, "--format", "prov").stdout, format="turtle")
    facts = set(graph.subjects(RDF.type, PROV.Entity))
    assert len(facts) > 3
    assert {object_ for object_ in graph.objects(None, PROV.wasDerivedFrom)} <= facts
    sources = set(graph.objects(None, PROV.hadPrimarySource))
    assert sources == {rdflib.URIRef("https://example.org/fixture/1")}


def test_an_association_is_explained_by_its_evidence(run: Run) -> None:
    shown = run("explain", "tocilizumab", "treats", "rheumatoid arthritis")
    assert shown.exit_code == 0
    assert "source: Fixture" in shown.stdout


def test_known_not_and_not_known_are_told_apart(run: Run) -> None:
    denied = run("explain", "sarilumab", "inhibits", "TNF")
    assert (denied.exit_code, denied.stdout) == (1, "")
    assert denied.stderr.startswith(
        "known not to hold: sarilumab inhibits tumor necrosis factor (negated by iga:aaujz2gfgowfanyj)\n"
    )
    assert "fails: must not hold, and does: statement iga:aaujz2gfgowfanyj negated true" in denied.stderr
    unknown = run("explain", "adalimumab", "inhibits", "IL6R")
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert unknown.stderr.startswith("not known: nothing states or implies that adalimumab inhibits interleukin-6")
    assert "nearest rule lift-statement: " in unknown.stderr
    assert "    fails: no statement says that adalimumab inhibits interleukin-6" in unknown.stderr
    assert "holds: statement " not in unknown.stderr


def test_a_predicate_is_known_by_its_label(run: Run) -> None:
    assert run("explain", "tocilizumab", "primarily inhibits", "IL6R").exit_code == 0
    assert run("explain", "tocilizumab", "ig:primarilyInhibits", "IL6R").exit_code == 0


def test_what_does_not_hold_is_data_too(run: Run) -> None:
    shown = run("explain", "sarilumab", "inhibits", "TNF", "--format", "json")
    content = json.loads(shown.stdout)
    assert shown.exit_code == 1
    assert content["holds"] is False and content["text"].startswith("known not to hold: ")


def test_a_label_is_shown_without_its_language(run: Run) -> None:
    shown = run("explain", "infliximab", "rdfs:label", '"infliximab"@en')
    assert shown.stdout == "infliximab rdfs:label infliximab  [stated]\n"


def test_what_is_stated_of_the_two_instead_is_told(run: Run) -> None:
    asked = run("explain", "tocilizumab", "worsens", "rheumatoid arthritis")
    assert asked.exit_code == 1
    assert "stated: tocilizumab treats rheumatoid arthritis (iga:" in asked.stderr
