"""Identifiers and names of the fixture graph, in bulk."""

from __future__ import annotations

import pytest

from immunograph.knowledge import KnowledgeGraph
from immunograph.linking.resolving import RESOLUTION_COLUMNS, read_texts, resolution_row


@pytest.mark.parametrize(
    ("text", "curie", "via", "strength"),
    [
        ("igd:tocilizumab", "igd:tocilizumab", "identifier", "exact"),
        ("https://identifiers.org/mondo:0008383", "MONDO:0008383", "identifier", "exact"),
        ("CHEMBL1237022", "igd:tocilizumab", "cross-reference", "exact"),
        ("P08887-2", "UniProtKB:P08887", "identifier", "broad"),
        ("Tocilizumab®", "igd:tocilizumab", "label", "exact"),
        ("il6r", "UniProtKB:P08887", "symbol", "exact"),
        ("tocilizumab-aazg", "igd:tocilizumab", "label", "close"),
        ("Arthritis, Rheumatoid", "MONDO:0008383", "label", "exact"),
        ("the disease [MONDO:0008383]", "MONDO:0008383", "identifier", "exact"),
    ],
)
def test_a_text_means_a_node(fixture_kg: KnowledgeGraph, text: str, curie: str, via: str, strength: str) -> None:
    (found,) = fixture_kg.resolve([text])
    assert found.node is not None
    assert (found.status, found.node.curie, found.via, found.strength) == ("found", curie, via, strength)


def test_the_other_identifiers_of_the_same_thing_are_given(fixture_kg: KnowledgeGraph) -> None:
    (found,) = fixture_kg.resolve(["tocilizumab"])
    assert "CHEMBL.COMPOUND:CHEMBL1237022" in found.elsewhere("exact")


def test_bare_numbers_need_a_prefix(fixture_kg: KnowledgeGraph) -> None:
    assert fixture_kg.resolve(["8383"])[0].status == "unknown"
    found = fixture_kg.resolve(["8383", "8383.0"], prefix="MONDO")
    assert [one.node.curie if one.node else "" for one in found] == ["MONDO:0008383"] * 2


@pytest.mark.parametrize("text", ["IL6R; tocilizumab", "IL6R|tocilizumab", "IL6R/tocilizumab", "IL6R and tocilizumab"])
def test_several_in_one_are_candidates(fixture_kg: KnowledgeGraph, text: str) -> None:
    (found,) = fixture_kg.resolve([text])
    assert (found.status, found.note, found.text) == ("ambiguous", "several in one", text)
    assert [one.curie for one in found.candidates] == ["UniProtKB:P08887", "igd:tocilizumab"]


def test_what_is_unknown_among_several_is_told(fixture_kg: KnowledgeGraph) -> None:
    (found,) = fixture_kg.resolve(["P08887;P99999;IL6R"])
    assert found.node is not None
    assert (found.status, found.node.curie) == ("found", "UniProtKB:P08887")
    assert found.note == "several in one; unknown or ambiguous: P99999"


def test_a_qualified_name_is_not_several(fixture_kg: KnowledgeGraph) -> None:
    (found,) = fixture_kg.resolve(["rheumatoid arthritis, severe"])
    assert found.status == "unknown"


def test_a_kind_leaves_other_nodes_out(fixture_kg: KnowledgeGraph) -> None:
    assert fixture_kg.resolve(["IL6R"], kinds=["Condition"])[0].status == "unknown"


def test_order_and_repeats_are_kept(fixture_kg: KnowledgeGraph) -> None:
    texts = ["no such thing", "IL6R", "", "IL6R"]
    assert [one.text for one in fixture_kg.resolve(texts)] == texts


def test_unknown_names_are_given_near_ones(fixture_kg: KnowledgeGraph) -> None:
    (found,) = fixture_kg.resolve(["tocilizumaab"])
    assert found.status == "unknown"
    assert found.candidates[0].curie == "igd:tocilizumab"


def test_many_at_once(fixture_kg: KnowledgeGraph) -> None:
    found = fixture_kg.resolve([*(f"nothing {n}" for n in range(3000)), "IL6R"])
    assert [one.status for one in found] == ["unknown"] * 3000 + ["found"]


def test_a_row_has_every_column(fixture_kg: KnowledgeGraph) -> None:
    assert all(len(resolution_row(one)) == len(RESOLUTION_COLUMNS) for one in fixture_kg.resolve(["IL6R", "x"]))


def test_a_file_has_one_text_a_line() -> None:
    assert read_texts(["# genes\n", "IL6R\n", "\n", "  TNF \n"]) == ["IL6R", "TNF"]


def test_a_family_and_a_measure_of_one_abbreviation_are_ambiguous(shipped_kg: KnowledgeGraph) -> None:
    (found,) = shipped_kg.resolve(["ESR"])
    assert {one.curie for one in found.candidates} >= {"FPLX:ESR", "igd:erythrocyte-sedimentation-rate"}
    assert shipped_kg.resolve(["JAK"])[0].status == "found"
