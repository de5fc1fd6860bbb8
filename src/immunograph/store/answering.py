"""The process that answers: it holds a built graph open, and can do nothing but evaluate queries on it.

It reads one question a line from its standard input, as JSON, and writes one line of JSON, and the bytes of the answer
where there is one. Once the graph is open it gives up its right to open anything: no file, and no socket.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from immunograph.errors import AnswerTooLargeError, ImmunographError, NotOfferedError
from immunograph.store.graph import Graph
from immunograph.store.media import RESULTS, TRIPLES, written
from immunograph.vocabulary import IGD

try:
    import resource
except ImportError:  # Windows has no such limits; SERVICE is refused there by its text alone
    resource = None  # type: ignore[assignment]

_SPARE_SECONDS = 5
"""Processor time beyond its limit after which a process ends by itself, should nobody be left to end it."""


def main() -> None:
    """Answer the questions of the standard input until it ends.

    The arguments are the folder of the store, and how many seconds, bytes, rows and bytes of memory a question may
    take.
    """
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever else prints is no answer
    path = Path(sys.argv[1])
    seconds, most_bytes, most_rows, memory = map(int, sys.argv[2:])
    try:
        graph = Graph.read_only(path)
    except ImmunographError as error:
        _send(answers, {"error": type(error).__name__, "text": str(error)})
        return
    _warm(graph)
    _shut_in(path, memory)
    _send(answers, {"ready": True})
    for line in sys.stdin.buffer:
        _expect_to_end(seconds)
        head, body = _answered(graph, json.loads(line), most_bytes, most_rows)
        _send(answers, head, body)


def _answered(graph: Graph, asked: Mapping[str, Any], most_bytes: int, most_rows: int) -> tuple[dict[str, Any], bytes]:
    """The answer to a question, or the error that it ends in."""
    try:
        found = graph.evaluated(asked["query"], base_iri=IGD, **_dataset(asked))
        media_type, body = written(found, asked["wanted"], most_bytes, most_rows)
        return {"media_type": media_type, "note": _note(graph, asked), "size": len(body)}, body
    except NotOfferedError as error:
        return {"error": "NotOfferedError", "offered": error.offered, "why": error.why}, b""
    except AnswerTooLargeError as error:
        return {"error": "AnswerTooLargeError", "most": error.most}, b""
    except ImmunographError as error:
        return {"error": type(error).__name__, "text": str(error)}, b""
    except MemoryError:
        return {"error": "AnswerTooLargeError", "most": "the memory that a question may take"}, b""
    except Exception as error:
        return {"error": "StoreError", "text": f"the question failed ({type(error).__name__}: {error})"}, b""


def _dataset(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The graphs to ask: where some are named, those alone (SPARQL 1.1 Protocol, 2.1.4)."""
    if not asked["default_graphs"] and not asked["named_graphs"]:
        return {}
    return {
        "default_graph": [ox.NamedNode(iri) for iri in asked["default_graphs"]],
        "named_graphs": [ox.NamedNode(iri) for iri in asked["named_graphs"]],
    }


def _note(graph: Graph, asked: Mapping[str, Any]) -> str:
    """Which of the graphs that were named are not there; they count as empty."""
    named = dict.fromkeys([*asked["default_graphs"], *asked["named_graphs"]])
    missing = [f"<{iri}>" for iri in named if iri not in graph.graph_names()] if named else []
    return f"not among the graphs here, so taken as empty: {', '.join(missing)}" if missing else ""


def _send(answers: IO[bytes], head: Mapping[str, Any], body: bytes = b"") -> None:
    answers.write(json.dumps(head).encode() + b"\n")
    answers.write(body)
    answers.flush()


def _warm(graph: Graph) -> None:
    """Do once what opens files at its first time."""
    for query, kinds in (("SELECT * {} LIMIT 1", RESULTS), ("CONSTRUCT {} WHERE {}", TRIPLES)):
        for kind in kinds:
            written(graph.evaluated(query), [kind], 1 << 20, 10)
    for mistaken in ("SELECT", "SELECT * { ?s none:such ?o }"):
        with suppress(ImmunographError):
            graph.evaluated(mistaken)
    graph.graph_names()


def _shut_in(path: Path, memory: int) -> None:
    """Give up opening files and sockets, and so much more memory than is in use now."""
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, ValueError):  # where the system does not tell or limit it
        in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (in_use + memory, in_use + memory))
    if _all_tables_open(path):
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _all_tables_open(path: Path) -> bool:
    """Whether the engine has every table of the store open; of a very large store it opens some when needed."""
    tables = {file.name for file in path.glob("*.sst")}
    opened = set()
    with suppress(OSError):
        for handle in os.listdir("/proc/self/fd"):
            with suppress(OSError):
                opened.add(os.path.basename(os.readlink(f"/proc/self/fd/{handle}")))
        return tables <= opened
    return len(tables) <= 16  # the engine opens so many at once


def _expect_to_end(seconds: int) -> None:
    """End by the system's hand some time after the limit, should the process that asks be gone by then."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + seconds + _SPARE_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
