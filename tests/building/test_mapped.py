"""The named graph of mappings: the matches of nodes and of ontology terms, asked by ``GRAPH``."""

from pathlib import Path

from immunograph.building.changing import ChangingGraph
from immunograph.building.mapped import MAPPINGS, matches_among
from immunograph.knowledge import KnowledgeGraph
from immunograph.linking.mappings import node_matches, term_matches

NODE = "https://w3id.org/immunograph/id/tocilizumab"
EXACT = "http://www.w3.org/2004/02/skos/core#exactMatch"


def asked(kg: KnowledgeGraph, pattern: str) -> bool:
    return bool(kg.sparql(f"ASK {{ GRAPH igg:mappings {{ {pattern} }} }}"))


def test_matches_of_nodes_and_of_terms_are_asked_by_graph(fixture_kg: KnowledgeGraph) -> None:
    assert asked(fixture_kg, f"<{NODE}> skos:exactMatch ?other")
    assert asked(fixture_kg, "ig:Association skos:exactMatch <https://w3id.org/biolink/vocab/Association>")
    assert not asked(fixture_kg, "?s rdfs:label ?o")


def test_the_graph_holds_every_match_and_nothing_else(fixture_kg: KnowledgeGraph) -> None:
    plan = fixture_kg.plan
    assert plan is not None
    matches = [*node_matches(fixture_kg.graph), *term_matches(plan.ontology)]
    wanted = {(f"<{m.subject}>", f"<{m.predicate}>", f"<{m.object}>") for m in matches if not m.is_not}
    held = set(fixture_kg.graph.triples(MAPPINGS))
    assert len(wanted) > 50 and wanted <= held
    assert held == set(matches_among(fixture_kg.graph.triples()))


def test_a_denied_match_is_no_link(shipped_kg: KnowledgeGraph) -> None:
    plan = shipped_kg.plan
    assert plan is not None
    denied = [match for match in term_matches(plan.ontology) if match.is_not]
    held = set(shipped_kg.graph.triples(MAPPINGS))
    assert denied
    assert not {(f"<{m.subject}>", f"<{m.predicate}>", f"<{m.object}>") for m in denied} & held


def test_a_match_that_is_added_and_taken_back_follows(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    triple = (f"<{NODE}>", f"<{EXACT}>", "<http://identifiers.org/example/1>")
    changing = ChangingGraph(fixture_kg.folder)
    try:
        changing.add([triple], "added")
        assert triple in set(changing.graph.triples(MAPPINGS))
        changing.retract([triple])
        assert triple not in set(changing.graph.triples(MAPPINGS)) | set(changing.graph.triples())
    finally:
        changing.close()


def test_a_cross_reference_names_its_source_not_the_collection(fixture_kg: KnowledgeGraph) -> None:
    found = fixture_kg.names.references([NODE])[NODE]
    assert found and "mappings" not in {reference.source for reference in found}
