"""Saved queries in rdflib, in the store on disk and in memory, and in pyoxigraph alone.

    python benchmarks/queries/run.py [--data DIR | --graph DIR] [--query NAME ...] [--repeat N] [--patience SECONDS]
        [--output FILE]

Every query is asked with its example. All engines run on one core, so their processor time is compared, which other
work on the machine does not lengthen; the figure of a query is the median of its repeats; the last rows are geometric
means and their ratios. Our figures hold everything from the values to the typed answer: names are looked up, the text
is read and bound, the rows are typed. "command" is the whole command as a user types it, with the interpreter's start
and the text of the table, caches warm, the least of three. rdflib and pyoxigraph are given the bound text and hand out
their own rows. A query that rdflib has not answered in so many seconds counts as that many, so its ratio is a lower
bound; one on which rdflib fails is left out of the means.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path

import pyoxigraph
import rdflib
from rdflib.plugins.sparql.sparql import NotBoundError

from immunograph.building.plan import STORE
from immunograph.knowledge import KnowledgeGraph, open_graph
from immunograph.store.graph import Graph

ENGINES = (
    "command, by the clock",
    "command",
    "rdflib",
    "store",
    "store, pyoxigraph alone",
    "memory",
    "memory, pyoxigraph alone",
)


def seconds(work: Callable[[], object], repeat: int) -> float:
    """The median processor time of some work, the first time left out."""
    work()
    taken = []
    for _ in range(repeat):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return statistics.median(taken)


def patiently(graph: rdflib.Graph, query: str, patience: int) -> float:
    """Processor time of rdflib, in a process that ends when patience does; not a number where it fails."""
    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=answer, args=(graph, query, there, patience))
    process.start()
    there.close()
    try:
        return min(float(here.recv()), patience)
    except EOFError:
        return patience
    finally:
        process.join()


def answer(graph: rdflib.Graph, query: str, there: Connection, patience: int) -> None:
    """Send how long a query takes in rdflib."""
    resource.setrlimit(resource.RLIMIT_CPU, (patience, patience + 1))
    started = time.process_time()
    try:
        list(graph.query(query))
    except NotBoundError:  # rdflib cannot count distinct values where one is not bound
        there.send(math.nan)
    else:
        there.send(time.process_time() - started)


def command(kg: KnowledgeGraph, name: str, values: Mapping[str, str]) -> Callable[[], object]:
    """A question as a command of its own."""
    pairs = [f"{key}={value}" for key, value in values.items()]
    words = [sys.executable, "-m", "immunograph", "query", name, *pairs, "--graph", str(kg.folder), "--quiet"]
    return lambda: subprocess.run(words, check=True, capture_output=True)


def of_command(work: Callable[[], object], repeat: int = 3) -> tuple[float, float]:
    """The least time of a command by the clock, and the least processor time."""
    clock, processor = [], []
    for _ in range(repeat):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        work()
        clock.append(time.perf_counter() - started)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(clock), min(processor)


def in_memory(kg: KnowledgeGraph) -> tuple[KnowledgeGraph, pyoxigraph.Store]:
    """The same graph in memory, and the store behind it."""
    store = pyoxigraph.Store()
    on_disk = pyoxigraph.Store.read_only(str(kg.folder / STORE))
    store.bulk_extend(iter(on_disk))
    copy = KnowledgeGraph(kg.folder, kg.plan)
    copy.__dict__["graph"] = Graph(store)
    return copy, store


def measured(kg: KnowledgeGraph, names: list[str], repeat: int, patience: int) -> dict[str, dict[str, float]]:
    """Query → engine → seconds."""
    memory, raw_memory = in_memory(kg)
    raw_disk = pyoxigraph.Store.read_only(str(kg.folder / STORE))
    graph = kg.to_rdflib()
    found: dict[str, dict[str, float]] = {}
    for name in names or list(kg.queries):
        saved = kg.queries[name]
        values = saved.example()
        bound = saved.bound(values, kg.names)
        clock, processor = of_command(command(kg, name, values))
        found[name] = {
            "command, by the clock": clock,
            "command": processor,
            "rdflib": patiently(graph, bound, patience),
            "store": seconds(lambda name=name, values=values: kg.query(name, values), repeat),
            "store, pyoxigraph alone": seconds(lambda bound=bound: list(raw_disk.query(bound)), repeat),
            "memory": seconds(lambda name=name, values=values: memory.query(name, values), repeat),
            "memory, pyoxigraph alone": seconds(lambda bound=bound: list(raw_memory.query(bound)), repeat),
        }
        print(f"{name}: " + ", ".join(f"{engine} {taken:.4f} s" for engine, taken in found[name].items()), flush=True)
    return found


def geometric_mean(values: list[float]) -> float:
    """The geometric mean."""
    return math.exp(statistics.fmean(map(math.log, values)))


def shown(taken: float, patience: int) -> str:
    """A figure in milliseconds."""
    if math.isnan(taken):
        return "failed"
    return f"{'≥ ' if taken >= patience else ''}{taken * 1000:,.2f}"


def table(found: Mapping[str, Mapping[str, float]], patience: int) -> str:
    """The figures in Markdown, milliseconds."""
    lines = ["| query | " + " | ".join(ENGINES) + " |", "|---|" + "---:|" * len(ENGINES)]
    for name, taken in found.items():
        cells = [shown(taken[engine], patience) for engine in ENGINES]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    answered = [taken for taken in found.values() if not math.isnan(taken["rdflib"])]
    means = {engine: geometric_mean([taken[engine] for taken in answered]) for engine in ENGINES}
    lines.append("| **geometric mean** | " + " | ".join(f"**{means[e] * 1000:,.2f}**" for e in ENGINES) + " |")
    late = sum(taken["rdflib"] >= patience for taken in found.values())
    slowest = max(found, key=lambda name: found[name]["command"])
    by_clock = [taken["command, by the clock"] for taken in found.values()]
    ratios = (
        f"rdflib did not answer {late} of {len(found)} in {patience} s, which count as {patience} s, and failed on "
        f"{len(found) - len(answered)}, which are left out of the means",
        f"commands by the clock: geometric mean {geometric_mean(by_clock):.2f} s, longest {max(by_clock):.2f} s",
        f"slowest command: {slowest}, {found[slowest]['command']:.2f} s; "
        f"{sum(taken['command'] < 0.5 for taken in found.values())} of {len(found)} under 0.5 s",
        f"rdflib / store: {means['rdflib'] / means['store']:.1f}",
        f"rdflib / memory: {means['rdflib'] / means['memory']:.1f}",
        f"store / pyoxigraph alone: {means['store'] / means['store, pyoxigraph alone']:.2f}",
        f"memory / pyoxigraph alone: {means['memory'] / means['memory, pyoxigraph alone']:.2f}",
    )
    return "\n".join([*lines, "", *(f"- {ratio}" for ratio in ratios)]) + "\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of Turtle (default: the shipped data)")
    parser.add_argument("--graph", type=Path, help="a built graph")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--patience", type=int, default=60, help="seconds after which rdflib is given up")
    parser.add_argument("--query", action="append", default=[], help="only this query; may be repeated")
    parser.add_argument("--output", type=Path, help="also write the table to a file")
    options = parser.parse_args()
    with open_graph(options.graph, data=options.data, tell=print) as kg:
        found = measured(kg, options.query, options.repeat, options.patience)
        heading = f"{len(kg.graph):,} triples, Python {platform.python_version()}, {platform.machine()}\n\n"
    text = heading + table(found, options.patience)
    print(text)
    if options.output:
        options.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
