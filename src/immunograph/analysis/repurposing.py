"""Repurposing candidates of a condition, ranked by degree-weighted walks, always beside a ranking by degree alone.

The score of a modulator is the sum, over the kinds of walk, of ``asinh(weight / mean weight)``, the mean taken over
all candidates, so that no kind outweighs the others by its scale. Nothing is trained. The baseline knows nothing of the
condition: it ranks by the number of conditions that a modulator treats. A candidate is a question, not a
recommendation.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from immunograph.analysis.use_network import WALKS, UseNetwork


@dataclass(frozen=True, slots=True)
class Candidate:
    """A modulator that is not stated to treat a condition.

    Attributes:
        modulator: IRI.
        score: the sum of its walks; without unit, to be compared within one condition only.
        rank: its place by score, from 1.
        degree: how many conditions it treats.
        degree_rank: its place by degree alone; ties share the middle place.
        walks: kind of walk → its part of the score, largest first.
    """

    modulator: str
    score: float
    rank: int
    degree: int
    degree_rank: float
    walks: Mapping[str, float]


def scores(network: UseNetwork, condition: str, candidates: Collection[str]) -> dict[str, dict[str, float]]:
    """Candidate → kind of walk → its part of the score; those that no walk reaches have no parts."""
    found: dict[str, dict[str, float]] = {candidate: {} for candidate in candidates}
    for name, steps in WALKS.items():
        reached = {node: weight for node, weight in network.reached(condition, steps).items() if node in found}
        if not reached:
            continue
        mean = sum(reached.values()) / len(found)
        for node, weight in reached.items():
            found[node][name] = math.asinh(weight / mean)
    return found


def ranked(network: UseNetwork, condition: str, candidates: Collection[str]) -> list[Candidate]:
    """The candidates that any walk reaches, best first."""
    parts = scores(network, condition, candidates)
    degrees = {candidate: network.degree(candidate) for candidate in candidates}
    places = middle_places(degrees)
    order = sorted((-math.fsum(walks.values()), node) for node, walks in parts.items() if walks)
    return [
        Candidate(
            node,
            -negative,
            rank,
            degrees[node],
            places[node],
            dict(sorted(parts[node].items(), key=lambda pair: (-pair[1], pair[0]))),
        )
        for rank, (negative, node) in enumerate(order, start=1)
    ]


def middle_places(values: Mapping[str, float]) -> dict[str, float]:
    """Place by value, the largest first, from 1; equal values share the mean of their places."""
    order = sorted(values, key=lambda node: -values[node])
    places: dict[str, float] = {}
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        places.update((node, (start + 1 + end) / 2) for node in order[start:end])
        start = end
    return places


def stations(network: UseNetwork, condition: str) -> dict[str, float]:
    """Node that modulators act on → weight of the walks that lead from it to a condition."""
    found: dict[str, float] = {}
    for steps in WALKS.values():
        if steps[-1] == ("acts", False):
            for node, (against, unsigned, along) in network.walk(condition, steps[:-1]).items():
                found[node] = found.get(node, 0.0) + against + unsigned + along
    return found


def through(network: UseNetwork, weights: Mapping[str, float], modulator: str, most: int = 3) -> list[str]:
    """The nodes that a modulator acts on and that matter most to the condition whose ``stations`` are given."""
    acts = network.relations["acts"]
    reached = [node for node in acts.successors(modulator) if node in weights] if modulator in acts else []
    return sorted(reached, key=lambda node: (-weights[node], node))[:most]
