"""Selections: neighbourhoods, kinds, predicates, licences."""

from __future__ import annotations

from pathlib import Path

from immunograph.exporters.selection import Selection
from immunograph.exporters.stream import GraphStream
from immunograph.knowledge import KnowledgeGraph

from .hostile import hostile_graph


def selected(kg: KnowledgeGraph, selection: Selection) -> tuple[set[str], list[tuple[str, str, str]]]:
    with GraphStream.of_graph(kg.graph, selection) as stream:
        return {node.id for node in stream.nodes()}, [(e.source, e.predicate, e.target) for e in stream.edges()]


def test_a_neighbourhood_holds_every_chosen_edge_between_its_nodes(fixture_kg: KnowledgeGraph) -> None:
    _, everything = selected(fixture_kg, Selection())
    nodes, edges = selected(fixture_kg, Selection(focus="igd:tocilizumab", hops=1))
    direct = {end for edge in everything for end in (edge[0], edge[2]) if "igd:tocilizumab" in (edge[0], edge[2])}
    assert direct <= nodes
    assert sorted(edges) == sorted(edge for edge in everything if edge[0] in direct and edge[2] in direct)
    wider, _ = selected(fixture_kg, Selection(focus="igd:tocilizumab", hops=2))
    assert nodes < wider


def test_no_hop_is_the_node_alone(fixture_kg: KnowledgeGraph) -> None:
    assert selected(fixture_kg, Selection(focus="igd:tocilizumab", hops=0)) == ({"igd:tocilizumab"}, [])


def test_a_member_is_one_hop_from_its_combination(fixture_kg: KnowledgeGraph) -> None:
    nodes, _ = selected(fixture_kg, Selection(focus="igd:ipilimumab", hops=1))
    assert "igd:ipilimumab-nivolumab" in nodes
    assert "igd:nivolumab" in nodes  # the combination is whole


def test_kinds_and_predicates_narrow_the_edges(fixture_kg: KnowledgeGraph) -> None:
    _, edges = selected(fixture_kg, Selection(edge_kinds=("TargetAction",), predicates=("inhibits",)))
    assert edges
    assert {predicate for _, predicate, _ in edges} == {"inhibits"}
    nodes, edges = selected(fixture_kg, Selection(node_kinds=("Target", "Pathway")))
    assert edges
    assert all(not node.startswith("MONDO:") for edge in edges for node in (edge[0], edge[2]))


def test_what_qualifiers_name_comes_along() -> None:
    with GraphStream.of_graph(hostile_graph(), Selection(predicates=("inhibits",))) as stream:
        assert stream.count("affinities") == 1
        assert {node.id for node in stream.evidence()} == {"ige:first", "ige:second"}
    with GraphStream.of_graph(hostile_graph(), Selection(edge_kinds=("Interaction",))) as stream:
        assert stream.count("affinities") == 0
        assert {node.id for node in stream.evidence()} == {"ige:second"}
        assert {node.id for node in stream.sources()} == {"igs:two"}


def test_a_licence_filters_before_inference(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    free = Selection(licences=("CC0",), has_inferred=True)
    everything = fixture_kg.export("csv", tmp_path / "all", selection=Selection(has_inferred=True))
    filtered = fixture_kg.export("csv", tmp_path / "free", selection=free)
    assert filtered.counts["sources"] == 1
    assert filtered.counts["edges"] < everything.counts["edges"]
    assert "fixture-share-alike" not in (tmp_path / "free" / "edges.csv").read_text()
