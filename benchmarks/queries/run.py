"""Saved queries in rdflib, in the store on disk and in memory, and in pyoxigraph alone.

    python benchmarks/queries/run.py [--data DIR | --graph DIR] [--query NAME ...] [--repeat N] [--patience SECONDS]
        [--output FILE]

Every query is asked with its example. The figure of a query is the median of its repeats; the last rows are geometric
means and their ratios. Our figures hold everything from the values to the typed answer: names are looked up, the text
is read and bound, the rows are typed. "process" is the whole command as a user types it, with the interpreter's start
and the table's text, caches warm; "processor" is its processor time, which load does not lengthen. rdflib and
pyoxigraph are given the bound text and hand out their own rows. A query that rdflib has not answered in so many seconds
counts as that many, so its ratio is a lower bound; one on which rdflib fails is left out of the means.
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
    "process",
    "process, processor",
    "rdflib",
    "store",
    "store, pyoxigraph alone",
    "memory",
    "memory, pyoxigraph alone",
)


def seconds(work: Callable[[], object], repeat: int) -> float:
    """The median time of some work, the first time left out."""
    work()
    taken = []
    for _ in range(repeat):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def patiently(graph: rdflib.Graph, query: str, patience: float) -> float:
    """How long rdflib takes, in a process that is killed when patience ends; not a number where it fails."""
    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=answer, args=(graph, query, there))
    process.start()
    taken = here.recv() if here.poll(patience) else patience
    process.kill()
    process.join()
    return min(taken, patience) if not math.isnan(taken) else taken


def answer(graph: rdflib.Graph, query: str, there: Connection) -> None:
    """Send how long a query takes in rdflib."""
    started = time.perf_counter()
    try:
        list(graph.query(query))
    except NotBoundError:  # rdflib cannot count distinct values where one is not bound
        there.send(math.nan)
    else:
        there.send(time.perf_counter() - started)


def command(kg: KnowledgeGraph, name: str, values: Mapping[str, str]) -> Callable[[], object]:
    """A question as a command of its own."""
    pairs = [f"{key}={value}" for key, value in values.items()]
    words = [sys.executable, "-m", "immunograph", "query", name, *pairs, "--graph", str(kg.folder), "--quiet"]
    return lambda: subprocess.run(words, check=True, capture_output=True)


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor time of a command, the least of three: what it takes on a quiet machine, as it runs on one core."""
    found = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        work()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(found)


def in_memory(kg: KnowledgeGraph) -> tuple[KnowledgeGraph, pyoxigraph.Store]:
    """The same graph in memory, and the store behind it."""
    store = pyoxigraph.Store()
    on_disk = pyoxigraph.Store.read_only(str(kg.folder / STORE))
    store.bulk_extend(iter(on_disk))
    copy = KnowledgeGraph(kg.folder, kg.plan)
    copy.__dict__["graph"] = Graph(store)
    return copy, store


def measured(kg: KnowledgeGraph, names: list[str], repeat: int, patience: float) -> dict[str, dict[str, float]]:
    """Query → engine → seconds."""
    memory, raw_memory = in_memory(kg)
    raw_disk = pyoxigraph.Store.read_only(str(kg.folder / STORE))
    graph = kg.to_rdflib()
    found: dict[str, dict[str, float]] = {}
    for name in names or list(kg.queries):
        saved = kg.queries[name]
        values = saved.example()
        bound = saved.bound(values, kg.names)
        found[name] = {
            "process": seconds(command(kg, name, values), min(repeat, 3)),
            "process, processor": processor_seconds(command(kg, name, values)),
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


def shown(taken: float, patience: float) -> str:
    """A figure in milliseconds."""
    if math.isnan(taken):
        return "failed"
    return f"{'≥ ' if taken >= patience else ''}{taken * 1000:,.2f}"


def table(found: Mapping[str, Mapping[str, float]], patience: float) -> str:
    """The figures in Markdown, milliseconds."""
    lines = ["| query | " + " | ".join(ENGINES) + " |", "|---|" + "---:|" * len(ENGINES)]
    for name, taken in found.items():
        cells = [shown(taken[engine], patience) for engine in ENGINES]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    answered = [taken for taken in found.values() if not math.isnan(taken["rdflib"])]
    means = {engine: geometric_mean([taken[engine] for taken in answered]) for engine in ENGINES}
    lines.append("| **geometric mean** | " + " | ".join(f"**{means[e] * 1000:,.2f}**" for e in ENGINES) + " |")
    slowest = max(found, key=lambda name: found[name]["process"])
    ratios = (
        f"slowest process: {slowest}, {found[slowest]['process']:.2f} s; of {len(found)}, "
        f"{sum(taken['process'] < 0.5 for taken in found.values())} under 0.5 s by the clock, "
        f"{sum(taken['process, processor'] < 0.5 for taken in found.values())} by processor time",
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
    parser.add_argument("--patience", type=float, default=60.0, help="seconds after which rdflib is given up")
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
