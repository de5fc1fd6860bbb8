"""How well candidates are ranked, by the walks and by degree alone, on indications that the ranking was not told of.

    python benchmarks/repurposing/run.py [--graph DIR] [--year YEAR] [--least N] [--output FILE]

By disease: for each disease with at least N treatments, all of them are withheld, with those of every broader and
narrower condition, and the network is built anew. By year: the uses approved in YEAR or later are withheld at once; a
use without a stated year counts as approved in the year of its modulator's first approval, one without either stays.
Each withheld use takes along the statements that rest on its records alone.

The candidates of a disease are the modulators that treat something (all of them, or those that still treat something
in what is left) and are not left to treat it. AUROC and AUPRC are means over diseases, with the share of positives
beside them, which is the AUPRC of chance; modulators that no walk reaches count as last. Ties count half.
"""

from __future__ import annotations

import argparse
import math
import statistics
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from immunograph.analysis.repurposing import scores
from immunograph.analysis.use_network import Knowledge, UseNetwork, read_knowledge, use_network
from immunograph.knowledge import KnowledgeGraph, open_graph

_YEARS = """
SELECT ?subject ?object (MIN(?year) AS ?first) WHERE {
  ?association a %s ; ig:subject ?subject ; ig:object ?object ; ig:approvalYear ?year .
  FILTER NOT EXISTS { ?association ig:negated true }
} GROUP BY ?subject ?object
"""


@dataclass(frozen=True)
class Trial:
    """One disease: the candidates' scores and degrees, and which of them were withheld."""

    walks: dict[str, float]
    degrees: dict[str, float]
    positives: frozenset[str]


def auroc(scored: Mapping[str, float], positives: Collection[str]) -> float:
    """The chance that a positive is ranked before another, ties half (Mann and Whitney)."""
    others = sorted(value for node, value in scored.items() if node not in positives)
    wins = 0.0
    for node in positives:
        below = sum(1 for value in others if value < scored[node])
        equal = sum(1 for value in others if value == scored[node])
        wins += below + equal / 2
    return wins / (len(positives) * len(others))


def auprc(scored: Mapping[str, float], positives: Collection[str]) -> float:
    """Average precision: the sum of precision times the gain in recall, over the distinct scores from the top."""
    groups: defaultdict[float, list[bool]] = defaultdict(list)
    for node, value in scored.items():
        groups[value].append(node in positives)
    seen = hits = 0
    area = 0.0
    for value in sorted(groups, reverse=True):
        gained = sum(groups[value])
        seen, hits = seen + len(groups[value]), hits + gained
        area += gained / len(positives) * hits / seen
    return area


def trial(network: UseNetwork, condition: str, candidates: set[str], positives: set[str]) -> Trial:
    """Rank the candidates of one disease."""
    parts = scores(network, condition, candidates)
    return Trial(
        {node: math.fsum(walks.values()) for node, walks in parts.items()},
        {node: network.degree(node) for node in candidates},
        frozenset(positives),
    )


def by_disease(knowledge: Knowledge, least: int, known_only: bool) -> Iterator[Trial]:
    """Each disease without any of its own treatments, or those of a broader or narrower one."""
    uses = knowledge.uses()
    treated: defaultdict[str, set[str]] = defaultdict(set)
    for modulator, condition in uses:
        treated[condition].add(modulator)
    for condition in sorted(treated):
        if len(treated[condition]) < least:
            continue
        above = knowledge.ancestors.get(condition, set())
        related = {c for c in treated if c == condition or c in above or condition in knowledge.ancestors.get(c, set())}
        network = use_network(knowledge, {(m, c) for m, c in uses if c in related})
        candidates = {m for m, _ in uses if not known_only or network.degree(m)}
        positives = treated[condition] & candidates
        if positives and len(positives) < len(candidates):
            yield trial(network, condition, candidates, positives)


def by_year(knowledge: Knowledge, years: Mapping[tuple[str, str], int], year: int, known_only: bool) -> Iterator[Trial]:
    """Every disease with a use of that year or later, with all such uses withheld at once."""
    uses = knowledge.uses()
    withheld = {use for use in uses if years.get(use, 0) >= year}
    network = use_network(knowledge, withheld)
    for condition in sorted({c for _, c in withheld}):
        known = {m for m, c in uses - withheld if c == condition}
        candidates = {m for m, _ in uses if not known_only or network.degree(m)} - known
        positives = {m for m, c in withheld if c == condition} & candidates
        if positives and len(positives) < len(candidates):
            yield trial(network, condition, candidates, positives)


def years_of_uses(kg: KnowledgeGraph, uses: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """(Modulator, condition) → year of the use where stated, else of the modulator's first approval."""

    def pairs(kind: str) -> dict[tuple[str, str], int]:
        rows = kg.graph.select(_YEARS % kind).rows
        return {(s.value, o.value): int(y.value) for s, o, y in rows if s and o and y}

    first: dict[str, int] = {}
    for (modulator, _), year in pairs("ig:Approval").items():
        first[modulator] = min(year, first.get(modulator, year))
    stated = pairs("ig:Indication")
    found = {use: stated.get(use, first.get(use[0])) for use in uses}
    return {use: year for use, year in found.items() if year is not None}


def row(name: str, trials: list[Trial]) -> str:
    """One line of the table."""
    means = []
    for kind in ("walks", "degrees"):
        scored = [(getattr(t, kind), t.positives) for t in trials]
        means += [statistics.fmean(measure(*pair) for pair in scored) for measure in (auroc, auprc)]
    better = sum(auroc(t.walks, t.positives) > auroc(t.degrees, t.positives) for t in trials)
    positives = sum(len(t.positives) for t in trials)
    chance = statistics.fmean(len(t.positives) / len(t.walks) for t in trials)
    cells = [f"{value:.3f}" for value in (means[0], means[2], means[1], means[3], chance)]
    return f"| {name} | {len(trials)} | {positives} | " + " | ".join(cells) + f" | {better} of {len(trials)} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graph", type=Path, help="a built graph (default: the shipped one)")
    parser.add_argument("--year", type=int, default=2018)
    parser.add_argument("--least", type=int, default=3, help="least number of treatments of a disease")
    parser.add_argument("--output", type=Path, help="also write the table to a file")
    options = parser.parse_args()
    with open_graph(options.graph, tell=print) as kg:
        knowledge = read_knowledge(kg.graph, has_evidence=True)
        years = years_of_uses(kg, knowledge.uses())
    lines = [
        "| held out | diseases | indications | AUROC walks | AUROC degree | AUPRC walks | AUPRC degree "
        "| AUPRC chance | walks better |",
        "|---|" + "---:|" * 8,
    ]
    for known_only, text in ((False, "all modulators"), (True, "modulators with another use left")):
        trials = list(by_disease(knowledge, options.least, known_only))
        lines.append(row(f"by disease, {text}", trials))
        trials = list(by_year(knowledge, years, options.year, known_only))
        lines.append(row(f"by year ({options.year}), {text}", trials))
    report = "\n".join(lines) + "\n"
    print(report)
    if options.output:
        options.output.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
