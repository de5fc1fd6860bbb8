"""How fast each form is written, and how much memory that takes, on synthetic graphs of growing size.

python benchmarks/exports/run.py [--sizes 100000,1000000] [--forms csv,gexf,...] [--rival]
python benchmarks/exports/run.py --commands [--sizes ...] [--forms ...]

A size is a number of associations. Each size runs in a process of its own, so that peak memory is its own too; the peak
is that of the process so far. "Seconds" is writing alone, from the tables that all forms share; "with laying out" is
the rate by seconds of processor of N-Triples to file, in which these tables are made first.

``--commands`` measures ``immunograph export`` itself, from the start of Python to its end, on a stored graph: the first
export, which lays the graph out, and then each form from the tables that were kept.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "synthetic"))

FORMS = ("csv", "parquet", "gexf", "gexf --edges all", "graphml", "kgx-jsonl", "networkx", "cx2")
TRIPLES_PER_ASSOCIATION = 8.3


def main() -> None:
    """Measure every size, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100000,1000000", help="numbers of associations")
    parser.add_argument("--forms", default=",".join(FORMS))
    parser.add_argument("--rival", action="store_true", help="networkx.write_gexf of the same edges, without lists")
    parser.add_argument("--commands", action="store_true", help="the whole command, on a stored graph")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    forms = options.forms.split(",") + (["networkx.write_gexf"] if options.rival else [])
    if options.child:
        print(json.dumps(measured(options.child, forms)))
        return
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    if options.commands:
        print("| associations | command | seconds | of processor | a second | a processor second | peak MiB |")
        print("|---:|---|---:|---:|---:|---:|---:|")
        for size in map(int, options.sizes.split(",")):
            command_rows(size, forms)
        return
    titles = "associations | form | seconds | of processor | a second | a processor second | with laying out | peak MiB"
    print(f"| {titles} |")
    print("|---:|---|---:|---:|---:|---:|---:|---:|")
    for size in map(int, options.sizes.split(",")):
        command = [sys.executable, __file__, "--child", str(size), "--forms", options.forms]
        ended = subprocess.run(
            [*command, *(["--rival"] if options.rival else [])], stdout=subprocess.PIPE, text=True, check=True
        )
        rows: list[Row] = json.loads(ended.stdout)
        before = rows[0][3]
        for count, form, seconds, busy, most in rows:
            whole = busy if form == rows[0][1] else before + busy
            rates = " | ".join(f"{count / taken:,.0f}" for taken in (seconds, busy, whole))
            print(f"| {count:,} | {form} | {seconds:.2f} | {busy:.2f} | {rates} | {most:,.0f} |", flush=True)


def command_rows(size: int, forms: list[str]) -> None:
    """Print what the command takes on a stored synthetic graph, first and later."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:  # its memory is not to count as the command's
            graph = pool.submit(stored, size, folder).result()
        for number, form in enumerate([forms[0], *forms]):
            name = f"export {form}" + ("" if number else ", first")
            command = [sys.executable, "-m", "immunograph", "export", *form.split(), "--graph", str(graph)]
            command += ["--out", str(folder / "out"), "--quiet"]
            started = time.perf_counter()
            child = subprocess.Popen(command, env={**os.environ, "IMMUNOGRAPH_CACHE": str(folder / "cache")})
            _, status, used = os.wait4(child.pid, 0)
            seconds, busy = time.perf_counter() - started, used.ru_utime + used.ru_stime
            if status:
                raise SystemExit(f"{' '.join(command)} ended with {status}")
            count = counted(folder)
            rates = " | ".join(f"{count / taken:,.0f}" for taken in (seconds, busy))
            print(
                f"| {count:,} | {name} | {seconds:.2f} | {busy:.2f} | {rates} | {used.ru_maxrss / 1024:,.0f} |",
                flush=True,
            )


def stored(size: int, folder: Path) -> Path:
    """A synthetic graph in a store with what ``export`` reads beside it; nothing is validated or inferred."""
    import pyoxigraph
    from generate import generate

    from immunograph.store.graph import source_graph

    triples = folder / "graph.nt"
    with triples.open("w", encoding="utf-8") as file:
        file.writelines(f"{s} {p} {o} .\n" for s, p, o in generate(int(size * TRIPLES_PER_ASSOCIATION)))
    graph = folder / "graph"
    graph.mkdir()
    store = pyoxigraph.Store(str(graph / "store"))
    source = pyoxigraph.NamedNode(source_graph("synthetic"))
    store.bulk_load(path=str(triples), format=pyoxigraph.RdfFormat.N_TRIPLES, to_graph=source)
    store.flush()
    store.optimize()
    triples.unlink()
    (graph / "report.json").write_text(json.dumps({"key": f"{size:064x}"}), encoding="utf-8")
    return graph


def counted(folder: Path) -> int:
    """How many edges the last export wrote, by its manifest; it is removed."""
    found = folder / "out" / "manifest.json"
    manifest = found if found.is_file() else folder / "out.manifest.json"
    count = int(json.loads(manifest.read_text(encoding="utf-8"))["counts"]["edges"])
    shutil.rmtree(folder / "out", ignore_errors=True)
    for left in folder.glob("out*"):
        left.unlink(missing_ok=True)
    return count


Row = tuple[int, str, float, float, float]
"""How many edges, form, seconds, seconds of processor, peak memory in MiB."""


def measured(size: int, forms: list[str]) -> list[Row]:
    """Lay a synthetic graph out and write it in each form."""
    from generate import generate

    from immunograph.exporters.stream import GraphStream

    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "graph.nt"
        with graph.open("w", encoding="utf-8") as file:
            file.writelines(f"{s} {p} {o} .\n" for s, p, o in generate(int(size * TRIPLES_PER_ASSOCIATION)))
        laid_out: list[GraphStream] = []
        taken = timed(lambda: laid_out.append(GraphStream.of_files([graph])))
        with laid_out[0] as stream:
            count = stream.count("edges")
            rows = [(count, "(laying out)", *taken, peak())]
            for form in forms:
                rows.append((count, form, *timed(job(form, stream, Path(folder))), peak()))
    return rows


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and seconds of processor of all threads, that some work takes."""
    started, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - busy


def job(form: str, stream: Any, folder: Path) -> Callable[[], object]:
    """The work of writing a form; for networkx, filling the network is not part of it."""
    from immunograph.exporters.writing import ExportOptions, write_export

    if form == "networkx.write_gexf":
        import networkx

        network = filled(stream)
        return lambda: networkx.write_gexf(network, folder / "rival.gexf")
    name, _, edges = form.partition(" --edges ")
    options = ExportOptions(edges=edges or "aggregate")
    return lambda: write_export(name, stream, str(folder / f"out.{name}"), options, is_forced=True)


def filled(stream: Any) -> Any:
    """A network of the edges with what networkx can write: no lists."""
    import networkx

    network: Any = networkx.MultiDiGraph()
    for node in stream.nodes():
        network.add_node(node.id, label=node.label, kind=node.kinds[0])
    for edge in stream.edges():
        texts = {name: value for name, value in edge.properties.items() if not isinstance(value, tuple)}
        network.add_edge(edge.source, edge.target, key=edge.id, predicate=edge.predicate, **texts)
    return network


def peak() -> float:
    """Peak memory of this process, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
