"""Both engines on the same file give the same OWL 2 RL facts, in the same form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from immunograph.building.inferring import infer_files
from immunograph.building.plan import BuildPlan

TEXT = """\
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:r owl:propertyChainAxiom ( :p :p ) .
:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :D ] .
:a a :C ; :p :b .
:b :p :c .
"""


def test_both_engines_give_the_same_facts(fixture_plan: BuildPlan, tmp_path: Path) -> None:
    file = tmp_path / "some.ttl"
    file.write_text(TEXT, encoding="utf-8")
    ours = infer_files([file], fixture_plan)
    reference = infer_files([file], replace(fixture_plan, engine="owlrl"))
    assert ours.triples == reference.triples
    assert reference.not_run and not ours.not_run
