"""Runs every rule file on the closed shipped graph by a second engine, Oxigraph, and compares both ways.

Run: python benchmarks/reasoning/second_engine.py [GRAPH] [--only NAME,NAME]

Nothing that Oxigraph concludes may be missing from the closure, and everything that the closure records as concluded by
a rule file must be among what Oxigraph concludes by it. GRAPH is a built graph; without it, one is inferred from data/.
Exit code 1 where the engines differ.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks" / "reasoning"))

from run import ontology, read_folder  # noqa: E402
from tests.reasoning.proof_checker import read_rule_texts  # noqa: E402
from tests.reasoning.second_engine import SecondEngine  # noqa: E402

from immunograph.building.plan import CLOSURE  # noqa: E402
from immunograph.reasoning import Closure, compile_program, infer, read_rules  # noqa: E402

RULES = ROOT / "ontology" / "rules"
RECORDED = "SELECT number FROM rule WHERE name = ?"


def closure_of(folder: str | None) -> Closure:
    if folder:
        return Closure.open(Path(folder) / CLOSURE)
    return infer(read_folder(ROOT / "data"), compile_program(ontology(), read_rules(RULES)))


def recorded(closure: Closure, name: str) -> set[tuple[str, str, str]]:
    """The facts that the rules of one file were the first to give."""
    numbers = [str(number) for (number,) in closure.facts.rows(RECORDED, [name])]
    return set(closure.facts.decoded(f"rule IN ({', '.join(numbers)})")) if numbers else set()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("graph", nargs="?")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    closure = closure_of(options.graph)
    facts = set(closure.facts.decoded("TRUE"))
    engine = SecondEngine(facts)
    print(f"{len(facts):,} facts", flush=True)
    is_equal, only = True, set(filter(None, options.only.split(",")))
    for name, text in read_rule_texts(RULES).items():
        if only and name not in only:
            continue
        started, used = time.perf_counter(), time.process_time()
        concluded = engine.concluded(text)
        ours = recorded(closure, name)
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
        unknown, unproved = len(concluded - facts), len(ours - concluded)
        is_equal &= unknown == unproved == 0
        print(
            f"{name}: {len(concluded):,} concluded, {unknown} of them missing; {len(ours):,} recorded, {unproved} of "
            f"them not concluded ({seconds:.1f} s, {cpu:.1f} of the processor)",
            flush=True,
        )
    return 0 if is_equal else 1


if __name__ == "__main__":
    sys.exit(main())
