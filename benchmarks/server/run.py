"""How quickly `immunograph serve` answers SPARQL, against the server of Oxigraph on the same store.

    python benchmarks/server/run.py --output FILE

Both servers run at the same time and are asked in turns, with connections that are kept open; the clients run on the
same machine and take their part of it. Oxigraph's server (`pip install oxigraph`) is the same engine without a process
between, and has no limits of rows or bytes, sends answers while it finds them, and asks other servers when told to.
"""

from __future__ import annotations

import argparse
import http.client
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from immunograph.building.plan import STORE
from immunograph.knowledge import KnowledgeGraph, open_graph
from immunograph.store.query_text import with_prefixes

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SMALL = (
    "ASK { igd:tocilizumab a ig:Modulator }",
    "SELECT ?p ?o { igd:tocilizumab ?p ?o }",
    "SELECT ?s ?o { ?s ig:treats ?o } LIMIT 10",
    "CONSTRUCT { ?s ig:treats ?o } WHERE { ?s ig:treats ?o } LIMIT 10",
)
LARGE = ("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 50000",)


@contextmanager
def serving(command: Sequence[str], path: str) -> Iterator[tuple[int, str]]:
    """A server: its port, and the path of its endpoint."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [word.replace("PORT", str(port)) for word in command]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + 120
            while time.monotonic() < end:
                try:
                    asked(http.client.HTTPConnection("127.0.0.1", port), path, "ASK {}")
                    break
                except OSError:
                    time.sleep(0.1)
            yield port, path
        finally:
            process.terminate()
            process.wait()


def asked(connection: http.client.HTTPConnection, path: str, query: str) -> tuple[int, int]:
    """Ask one query: the status, and the bytes that came."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "*/*"}
    connection.request("POST", path, urlencode({"query": query}), headers)
    answer = connection.getresponse()
    return answer.status, len(answer.read())


def latencies(port: int, path: str, queries: Sequence[str], seconds: float) -> list[float]:
    """How long each query of one client takes, asked one after another for so long, each at least once."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(taken) < len(queries):
        started = time.perf_counter()
        status, _ = asked(connection, path, queries[len(taken) % len(queries)])
        taken.append(time.perf_counter() - started)
        if status != 200:
            raise SystemExit(f"{status} for {queries[(len(taken) - 1) % len(queries)]}")
    connection.close()
    return taken


def round_of(port: int, path: str, queries: Sequence[str], clients: int, seconds: float) -> tuple[float, list[float]]:
    """Queries a second, and every latency, of some clients at once."""
    started = time.perf_counter()
    turned = [[*queries[place:], *queries[:place]] for place in range(clients)]
    with ThreadPoolExecutor(clients) as threads:
        found = list(threads.map(lambda mine: latencies(port, path, mine, seconds), turned))
    every = [one for taken in found for one in taken]
    return len(every) / (time.perf_counter() - started), every


def killed(graph: Path, limit: float) -> tuple[float, float]:
    """Seconds until a cross product is refused, and until the next answer after it."""
    with serving(ours(graph, limit), "/sparql") as (port, path):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        started = time.perf_counter()
        status, _ = asked(connection, path, CROSS)
        refused = time.perf_counter()
        assert status == 503, status
        asked(connection, path, "ASK {}")
        asked(connection, path, "ASK {}")  # the second of two processes may have answered the first
        return refused - started, time.perf_counter() - refused


def ours(graph: Path, limit: float = 60) -> list[str]:
    command = [sys.executable, "-m", "immunograph", "serve", "--quiet", "--graph", str(graph), "--port", "PORT"]
    return [*command, "--timeout", str(limit)]


def theirs(graph: Path) -> list[str]:
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or "oxigraph"
    return [program, "serve-read-only", "--location", str(graph / STORE), "--bind", "127.0.0.1:PORT"]


def workloads(kg: KnowledgeGraph) -> dict[str, list[str]]:
    """Name → queries, with every prefix, as Oxigraph knows none."""
    saved = [query.bound(query.example(), kg.names) for query in kg.queries.values()]
    named = {"small queries": SMALL, f"the {len(saved)} saved queries": saved, "50,000 rows": LARGE}
    return {name: [with_prefixes(query) for query in queries] for name, queries in named.items()}


def measured(kg: KnowledgeGraph, rounds: int, seconds: float) -> list[str]:
    """The table in Markdown."""
    lines = [
        "| workload | clients | server | queries a second | p50, ms | p95, ms |",
        "|---|---:|---|---:|---:|---:|",
    ]
    with ExitStack() as stack:
        servers = {
            "immunograph": stack.enter_context(serving(ours(kg.folder), "/sparql")),
            "oxigraph": stack.enter_context(serving(theirs(kg.folder), "/query")),
        }
        for name, queries in workloads(kg).items():
            for server in servers.values():
                round_of(*server, queries, 1, 0)
            for clients in (1, 4):
                rates: dict[str, list[float]] = {server: [] for server in servers}
                taken: dict[str, list[float]] = {server: [] for server in servers}
                for _ in range(rounds):
                    for server, where in servers.items():
                        rate, found = round_of(*where, queries, clients, seconds)
                        rates[server].append(rate)
                        taken[server] += found
                for server in servers:
                    cuts = statistics.quantiles(taken[server], n=20)
                    figures = (
                        f"{statistics.median(rates[server]):,.1f} | {cuts[9] * 1000:,.1f} | {cuts[18] * 1000:,.1f}"
                    )
                    lines.append(f"| {name} | {clients} | {server} | {figures} |")
                ratio = statistics.median(rates["immunograph"]) / statistics.median(rates["oxigraph"])
                lines.append(f"| | | **immunograph / oxigraph** | **{ratio:.2f}** | | |")
                print("\n".join(lines[-3:]), flush=True)
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of Turtle (default: the shipped data)")
    parser.add_argument("--graph", type=Path, help="a built graph")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4, help="of each round")
    parser.add_argument("--output", type=Path, help="also write the table to a file")
    options = parser.parse_args()
    with open_graph(options.graph, data=options.data, tell=print) as kg:
        lines = measured(kg, options.rounds, options.seconds)
        refused, after = killed(kg.folder, 2)
        heading = f"{len(kg.graph):,} triples, Python {platform.python_version()}, {platform.machine()}, 2 processes\n"
    last = f"\nA cross product under `--timeout 2` is refused after {refused:.2f} s; two answers {after:.2f} s later.\n"
    text = "\n".join([heading, *lines, last])
    print(text)
    if options.output:
        options.output.write_text(f"# The server\n\n{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
