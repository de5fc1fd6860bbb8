"""Shared neighbours and bottlenecks, on graphs small enough to count by hand."""

from __future__ import annotations

import math

import pytest
from tests.analysis.small_network import Row, graph_of, iri

from immunograph.analysis.bottlenecks import bottlenecks
from immunograph.analysis.neighbours import shared_neighbours


def test_shared_neighbours_are_counted_in_both_directions_without_negated_links() -> None:
    rows: list[Row] = [
        ("a", "inhibits", "tnf"),
        ("b", "activates", "tnf"),
        ("tnf", "drives", "a"),
        ("a", "treats", "lupus"),
        ("b", "not treats", "lupus"),
        ("a", "inhibits", "hub"),
        ("b", "inhibits", "hub"),
        *((name, "inhibits", "hub") for name in "cdef"),
    ]
    tnf, hub = shared_neighbours(graph_of(rows, modulators="a b"), iri("a"), iri("b"))
    assert (tnf.node, tnf.first, tnf.second, tnf.degree) == (iri("tnf"), ("< drives", "inhibits"), ("activates",), 2)
    assert (hub.node, hub.degree) == (iri("hub"), 6)
    assert hub.specificity == pytest.approx(1 / math.log(6)) and tnf.specificity > hub.specificity


def test_nothing_in_common_is_an_empty_list() -> None:
    rows: list[Row] = [("a", "inhibits", "x"), ("b", "inhibits", "y")]
    assert shared_neighbours(graph_of(rows, modulators="a b"), iri("a"), iri("b")) == []


def test_a_bottleneck_carries_its_part_of_the_shortest_ways() -> None:
    rows: list[Row] = [
        *((name, "hasAdverseEffect", "sepsis") for name in ("one", "two", "aside")),
        ("denied", "not hasAdverseEffect", "sepsis"),
        ("one", "inhibits", "gate"),
        ("two", "inhibits", "gate"),
        ("two", "inhibits", "other"),
        ("denied", "inhibits", "lonely"),
        ("gate", "protectsFrom", "sepsis"),
        ("other", "protectsFrom", "sepsis"),
        ("lonely", "protectsFrom", "sepsis"),
        *((f"x{n}", "inhibits", "other") for n in range(5)),
    ]
    gate, other = bottlenecks(graph_of(rows, modulators="one two denied"), iri("sepsis"))
    assert (gate.node, gate.rank, gate.share, gate.modulators, gate.degree) == (iri("gate"), 1, 0.75, 2, 3)
    assert (other.node, other.rank, other.share, other.modulators, other.degree) == (iri("other"), 2, 0.25, 1, 7)
    assert (gate.degree_rank, other.degree_rank) == (2, 1)


def test_no_way_to_an_effect_is_an_empty_list() -> None:
    rows: list[Row] = [("one", "hasAdverseEffect", "sepsis"), ("one", "inhibits", "gate")]
    assert bottlenecks(graph_of(rows, modulators="one"), iri("sepsis")) == []
