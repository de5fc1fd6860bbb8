"""How long the shapes take on the shipped graph by each engine, and whether they find the same.

python benchmarks/validation/run.py [--data DIR] [--repeat N]
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from pathlib import Path

from immunograph.assets import data_dir
from immunograph.building.loading import load_asserted
from immunograph.building.plan import BuildPlan
from immunograph.validation import SHACL_ENGINES, read_shapes, validate_shapes


def main() -> None:
    """Load once, then run each engine in turn; from the loaded graph to the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of Turtle (default: the shipped data)")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    plan = BuildPlan(options.data or data_dir())
    graph, _ = load_asserted(plan)
    shapes = read_shapes(plan.ontology / "shapes")
    taken: dict[str, list[float]] = {engine: [] for engine in SHACL_ENGINES}
    reports = {}
    for _ in range(options.repeat):
        for engine in SHACL_ENGINES:
            started = time.perf_counter()
            reports[engine] = validate_shapes(graph, shapes, engine)
            taken[engine].append(time.perf_counter() - started)
    first, second = (reports[engine] for engine in SHACL_ENGINES)
    same = (first.reached, set(first.findings)) == (second.reached, set(second.findings))
    print(f"Python {platform.python_version()}, {len(graph):,} triples; same report: {str(same).lower()}\n")
    print("| engine | median s | all |\n|---|---:|---|")
    for engine, seconds in taken.items():
        print(f"| {engine} | {statistics.median(seconds):.1f} | {', '.join(f'{one:.1f}' for one in seconds)} |")
    medians = [statistics.median(taken[engine]) for engine in SHACL_ENGINES]
    print(f"\nratio {medians[1] / medians[0]:.1f}")


if __name__ == "__main__":
    main()
