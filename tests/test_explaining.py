"""Explanations: every leaf is stated and every stated association leads to a source, whatever the form."""

from __future__ import annotations

import json
import re

import pyoxigraph
import pytest
import rdflib

from immunograph.explaining import Explanation
from immunograph.knowledge import KnowledgeGraph

CONCLUSIONS = [
    ("tocilizumab", "a", "ig:IL6ReceptorInhibitor"),
    ("upadacitinib", "a", "ig:JAKInhibitor"),
    ("vedolizumab", "a", "ig:Alpha4IntegrinInhibitor"),
    ("infliximab", "hasAdverseEffect", "tuberculosis"),
    ("etanercept", "requiresScreening", "tuberculosis screening test"),
    ("T cell proliferation", "broader", "lymphocyte activation"),
    ("tocilizumab", "treats", "rheumatoid arthritis"),
    ("tocilizumab", "inhibitsComponentOf", "interleukin-6 receptor complex"),
]


@pytest.fixture(params=CONCLUSIONS, ids=" ".join)
def explanation(request: pytest.FixtureRequest, fixture_kg: KnowledgeGraph) -> Explanation:
    found = fixture_kg.explain(*request.param)
    assert found is not None
    return found


def test_every_leaf_is_stated(explanation: Explanation, fixture_kg: KnowledgeGraph) -> None:
    assert explanation.is_inferred
    leaves = [part for part in explanation.walk() if not part.premises]
    assert leaves and all(not leaf.is_inferred for leaf in leaves)


def test_every_statement_can_be_read_up(explanation: Explanation) -> None:
    stated = [part for part in explanation.walk() if part.association]
    for part in stated:
        assert part.citations
        assert all(c.source.startswith("Fixture") and c.address.startswith("https://") for c in part.citations)


def test_no_step_rests_on_itself(explanation: Explanation) -> None:
    def check(part: Explanation, above: frozenset[str]) -> None:
        assert part.name not in above
        for premise in part.premises:
            check(premise, above | {part.name})

    check(explanation, frozenset())


def test_the_text_is_words(explanation: Explanation) -> None:
    text = explanation.as_text()
    assert not re.search(r"_:|<https://w3id|http://www.w3", text)
    assert len(text.splitlines()) >= len(list(explanation.walk()))


def test_the_forms_agree(explanation: Explanation) -> None:
    parts = list(explanation.walk())
    names = {part.name for part in parts}

    def count(part: dict[str, object]) -> int:
        premises = part["premises"]
        assert isinstance(premises, list)
        return 1 + sum(map(count, premises))

    assert count(json.loads(explanation.as_json())) == len(parts)
    assert explanation.as_mermaid().count('["') == len(names)
    graph = rdflib.Graph().parse(data=explanation.as_prov(), format="turtle")
    assert list(pyoxigraph.parse(explanation.as_prov(), pyoxigraph.RdfFormat.TURTLE)), "no address is relative"
    entities = set(graph.subjects(rdflib.RDF.type, rdflib.RDF.Statement))
    assert {str(entity).rpartition("/")[2] for entity in entities} == names
    cited = {citation.address for part in parts for citation in part.citations}
    assert set(map(str, graph.objects(None, rdflib.PROV.hadPrimarySource))) == cited
    derived = {(s, o) for s, o in graph.subject_objects(rdflib.PROV.wasDerivedFrom)}
    assert len(derived) == len({(part.name, premise.name) for part in parts for premise in part.premises})
    assert not any(s == o for s, o in derived)


def test_what_had_to_be_absent_is_said(fixture_kg: KnowledgeGraph) -> None:
    found = fixture_kg.explain("tocilizumab", "treats", "rheumatoid arthritis")
    assert found is not None and any("negated" in pattern for pattern in found.absent)


def test_quotation_marks_do_not_break_a_form() -> None:
    name = 'a "quoted" [name]\\'
    part = Explanation(("<urn:x:a>", "<urn:x:p>", "<urn:x:b>"), name, "rule", "", (), (), ())
    assert part.as_mermaid().count('"') == 2
    graph = rdflib.Graph().parse(data=part.as_prov(), format="turtle")
    assert rdflib.Literal(name) in set(graph.objects(None, rdflib.RDFS.label))


def test_what_was_counted_is_named(fixture_kg: KnowledgeGraph) -> None:
    found = fixture_kg.explain("ig:ModulatorByMechanism", "ig:hasClassEffect", "tuberculosis")
    assert found is not None and len(found.counted) == 2
    assert any("adalimumab, etanercept, infliximab, tocilizumab" in count for count in found.counted)
    for form in (found.as_text(), found.as_json(), found.as_mermaid(), found.as_prov()):
        assert "adalimumab, etanercept, infliximab" in form


def test_what_does_not_hold_has_its_nearest_rules(fixture_kg: KnowledgeGraph) -> None:
    text = fixture_kg.why_not("infliximab", "mechanisticallyOpposes", "tuberculosis")
    assert "nearest rule oppose-by-target: " in text
    assert "    holds: infliximab acts negatively on tumor necrosis factor" in text
    assert "    fails: nothing says that tumor necrosis factor drives tuberculosis" in text
    assert not re.search(r"_:|<http|\?[a-z]", text)
