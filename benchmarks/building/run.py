"""How long each stage of a build takes, and how much memory it needs.

python benchmarks/building/run.py [--data DIR] [--engine duckdb|owlrl]
"""

from __future__ import annotations

import argparse
import platform
import resource
import tempfile
from pathlib import Path

from immunograph.assets import data_dir
from immunograph.building.pipeline import build
from immunograph.building.plan import BuildPlan


def main() -> None:
    """Build into a folder that is thrown away, and print the stages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of Turtle (default: the shipped data)")
    parser.add_argument("--engine", choices=["duckdb", "owlrl"], default="duckdb")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plan = BuildPlan(options.data or data_dir(), engine=options.engine)
        report = build(plan, Path(folder) / "graph")
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    print(f"Python {platform.python_version()}, {platform.machine()}, engine {options.engine}\n")
    print("| stage | seconds | |\n|---|---:|---|")
    for name, taken, detail in report.stages:
        print(f"| {name} | {taken:.1f} | {detail} |")
    print(f"| **all** | **{sum(taken for _, taken, _ in report.stages):.1f}** | |\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"- conforms: {str(report.conforms).lower()}; peak memory {peak:,.0f} MiB; on disk {size / 2**20:,.0f} MiB")


if __name__ == "__main__":
    main()
