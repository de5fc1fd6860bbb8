import pytest

from immunograph.building.plan import BuildPlan
from immunograph.errors import NotStatedError
from immunograph.knowledge import KnowledgeGraph
from immunograph.vocabulary import IG, RDF_TYPE

IL6R_INHIBITOR = f"<{IG}IL6ReceptorInhibitor>"


def test_what_rests_on_a_statement_alone_would_fall(fixture_kg: KnowledgeGraph) -> None:
    fallen = fixture_kg.depends_on("tocilizumab", "inhibits", "IL6R")
    tocilizumab = f"<{fixture_kg.names.resolve('tocilizumab').iri}>"
    assert (tocilizumab, f"<{RDF_TYPE}>", IL6R_INHIBITOR) in fallen
    assert fixture_kg.triple("tocilizumab", "inhibits", "IL6R") in fallen
    others = {triple[0] for triple in fallen} | {triple[2] for triple in fallen}
    assert f"<{fixture_kg.names.resolve('sarilumab').iri}>" not in others


def test_what_has_another_proof_stays(fixture_kg: KnowledgeGraph) -> None:
    fallen = fixture_kg.depends_on("tocilizumab", "treats", "rheumatoid arthritis")
    disease = (f"<{fixture_kg.names.resolve('rheumatoid arthritis').iri}>", f"<{RDF_TYPE}>", f"<{IG}Disease>")
    assert fixture_kg.triple("tocilizumab", "treats", "rheumatoid arthritis") in fallen
    assert disease not in fallen


def test_what_nothing_states_cannot_be_retracted(fixture_kg: KnowledgeGraph) -> None:
    with pytest.raises(NotStatedError, match="tocilizumab inhibits tumor necrosis factor is not stated.*does not hold"):
        fixture_kg.depends_on("tocilizumab", "inhibits", "TNF")
    with pytest.raises(NotStatedError, match="it is inferred: retract what"):
        fixture_kg.depends_on("tocilizumab", "a", "ig:IL6Inhibitor")


def test_further_derivations_hold_the_first(fixture_kg: KnowledgeGraph, fixture_plan: BuildPlan) -> None:
    first = fixture_kg.explain("tocilizumab", "a", "ig:IL6Inhibitor")
    every = fixture_kg.derivations("tocilizumab", "a", "ig:IL6Inhibitor")
    assert first is not None
    assert len(every) > 1
    assert all(one.triple == first.triple for one in every)
    assert (first.rule, [p.triple for p in first.premises]) in [(e.rule, [p.triple for p in e.premises]) for e in every]
    assert fixture_kg.derivations("tocilizumab", "inhibits", "TNF") == []
