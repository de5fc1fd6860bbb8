"""The stream: everything that is stated arrives, typed, sorted, and nothing else."""

from __future__ import annotations

from immunograph.exporters.selection import Selection
from immunograph.exporters.stream import GraphStream
from immunograph.knowledge import KnowledgeGraph

from .hostile import AWKWARD, BIG, CONTROL, LONG_LIST, TEXTS


def test_nodes_and_edges_come_sorted_by_identifier(hostile: GraphStream) -> None:
    nodes, edges = [node.id for node in hostile.nodes()], [edge.id for edge in hostile.edges()]
    assert nodes == sorted(nodes)
    assert edges == sorted(edges)
    assert len(set(edges)) == len(edges) == 7 + len(TEXTS)


def test_texts_arrive_as_they_were(hostile: GraphStream) -> None:
    found = {edge.properties["population"] for edge in hostile.edges() if edge.id.startswith("iga:text-")}
    assert found == set(TEXTS)
    nodes = {node.id: node for node in hostile.nodes()}
    assert nodes["igd:drug"].label == AWKWARD
    assert nodes["igd:drug"].properties["altLabel"] == tuple(sorted(["", *TEXTS]))
    assert nodes["igd:other"].properties["altLabel"] == tuple(sorted(LONG_LIST))
    assert nodes["igd:other"].label == 'other "drug"'
    assert nodes["igd:other"].properties["rdfs_label_de"] == "anderes Mittel"
    assert nodes["igd:only-empty"].properties["altLabel"] == ("",)
    assert nodes["UniProtKB:P0TEST"].properties["geneSymbol"] == ""
    assert nodes["UniProtKB:P0TEST"].label == "  protein, both target and modulator"


def test_control_characters_arrive(hostile_with_controls: GraphStream) -> None:
    assert CONTROL in {edge.properties.get("population") for edge in hostile_with_controls.edges()}
    nodes = {node.id: node for node in hostile_with_controls.nodes()}
    assert nodes["igd:controls"].label == CONTROL
    assert nodes["igd:controls"].properties["altLabel"] == ("plain", CONTROL)


def test_an_edge_holds_its_types_evidence_and_licences(hostile: GraphStream) -> None:
    edges = {edge.id: edge for edge in hostile.edges()}
    many = edges["iga:many-parts"]
    assert many.properties == {
        "boxedWarning": True,
        "contextCondition": "MONDO:0000002",
        "denominator": BIG,
        "frequencyPercent": 0.05,
        "mediatedBy": ("iga:parallel-1", "iga:parallel-2"),
        "population": "",
    }
    denied = edges["iga:denied"]
    assert denied.is_negated
    assert denied.evidence == ("ige:first", "ige:second")
    assert denied.publications == ("PMID:1", "PMID:2")
    assert denied.sources == ("one", "two")
    assert denied.licences == ("CC-BY-SA-4.0", "CC0-1.0")
    assert edges["iga:year"].properties["approvalYear"] == 2019
    assert edges["iga:no-prefix"].target == "http://example.org/no/prefix"


def test_one_thing_is_one_node_with_all_its_kinds(hostile: GraphStream) -> None:
    protein = next(node for node in hostile.nodes() if node.id == "UniProtKB:P0TEST")
    assert protein.kinds == ("Modulator", "Target", "Cytokine", "Protein")
    assert protein.iri == "http://purl.uniprot.org/uniprot/P0TEST"


def test_inferred_edges_come_only_when_asked_for_and_are_marked(
    hostile: GraphStream, hostile_inferred: GraphStream
) -> None:
    assert not any(edge.is_inferred for edge in hostile.edges())
    (inferred,) = (edge for edge in hostile_inferred.edges() if edge.is_inferred)
    assert (inferred.source, inferred.predicate, inferred.target) == ("igd:drug", "actsOn", "UniProtKB:P0TEST")
    assert inferred.kind == "Entailment"
    assert inferred.id.startswith("iga:inferred-")


def test_links_are_the_hierarchy_and_the_members(hostile: GraphStream) -> None:
    assert [tuple(link) for link in hostile.links()] == [
        ("MONDO:0000002", "broader", "MONDO:0000001"),
        ("igd:both", "member", "igd:drug"),
        ("igd:both", "member", "igd:other"),
    ]


def test_the_stream_holds_what_the_graph_states(fixture_kg: KnowledgeGraph) -> None:
    stated = fixture_kg.graph.select(
        "SELECT ?a ?s ?p ?o WHERE { ?a a ig:Association ; ig:subject ?s ; ig:predicate ?p ; ig:object ?o }"
    ).rows
    with GraphStream.of_graph(fixture_kg.graph) as stream:
        assert stream.count("edges") == len(stated)
        ids = {node.id for node in stream.nodes()}
        assert all(edge.source in ids and edge.target in ids for edge in stream.edges())


def test_a_lifted_triple_is_no_second_edge(fixture_kg: KnowledgeGraph) -> None:
    with GraphStream.of_graph(fixture_kg.graph, Selection(has_inferred=True)) as stream:
        edges = list(stream.edges())
    stated = {(e.source, e.predicate, e.target) for e in edges if not e.is_inferred and not e.is_negated}
    assert not stated & {(e.source, e.predicate, e.target) for e in edges if e.is_inferred}
