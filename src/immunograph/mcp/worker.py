"""The process that holds the graph: reads questions as JSON lines, writes answers as JSON lines.

The first line says which graph. An answer may come twice, first without what takes longer. When
the standard input ends, so does the process, whatever it is computing: its server is gone.
"""

from __future__ import annotations

import _thread
import json
import os
import queue
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from immunograph.errors import ImmunographError
from immunograph.knowledge import KnowledgeGraph, open_graph
from immunograph.mcp import describing, proofs, questions
from immunograph.mcp.replies import Data, Draft, fitted, jsonable, plain

TOOLS: Mapping[str, Callable[..., Iterator[Draft]]] = {
    "schema": describing.schema,
    "find": describing.find,
    "node": describing.node,
    "queries": questions.queries,
    "ask": questions.ask,
    "explain": proofs.explain,
    "path": proofs.path,
    "sparql": questions.sparql,
    "sources": describing.sources,
}
"""Tool → what answers it."""

_COMMAND = re.compile(r"`immunograph (find|queries|explain|path|sparql|show)\b[^`]*`")
_GRACE_SECONDS = 2


def answers(kg: KnowledgeGraph, tool: str, arguments: Mapping[str, Any], budget: int) -> Iterator[Data]:
    """The answers to one question, each better than the one before, and ``done``; or one line of ``error``."""
    try:
        for draft in TOOLS[tool](kg, **arguments):
            yield fitted(draft, budget)
        yield {"done": True}
    except ImmunographError as error:
        yield {"error": told(error)}
    except UnicodeEncodeError:
        yield {"error": "the text holds half of a character pair, which is no text; give it again without"}
    except (RecursionError, MemoryError):
        yield {"error": "the question is too large to be answered here; ask for less at a time"}
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        yield {"error": f"{tool} failed with {type(error).__name__}, a fault of this server; please report it"}


def told(error: Exception) -> str:
    """An error in one line, with tools in the place of commands."""
    return plain(_COMMAND.sub(lambda match: f"the tool `{'node' if match[1] == 'show' else match[1]}`", str(error)))


def main() -> None:
    """Open the graph that the first line names, then answer line by line until the input ends."""
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anybody prints must not stand between the answers
    lines: queue.Queue[bytes] = queue.Queue()
    try:
        threading.Thread(target=_read, args=(sys.stdin.buffer, lines), daemon=True).start()
        settings = json.loads(lines.get())
        _serve(settings, lines, wire)
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(130)


def _serve(settings: Data, lines: queue.Queue[bytes], wire: BinaryIO) -> None:
    def tell(stage: str) -> None:
        if not settings["quiet"]:
            print(f"building the graph (once): {stage} ...", file=sys.stderr, flush=True)  # noqa: T201

    try:
        kg = open_graph(settings["graph"], data=settings["data"], tell=tell)
    except ImmunographError as error:
        _send(wire, {"failed": told(error)})
        return
    with kg:
        _send(wire, {"ready": True})
        while line := lines.get():
            asked = json.loads(line)
            for answer in answers(kg, asked["tool"], asked["arguments"], asked["budget"]):
                _send(wire, answer)


def _send(wire: BinaryIO, content: Data) -> None:
    wire.write(json.dumps(content, default=jsonable).encode() + b"\n")
    wire.flush()


def _read(stream: BinaryIO, lines: queue.Queue[bytes]) -> None:
    """Hand on each line; at the end of the input stop what is being computed, which leaves nothing half-done."""
    for line in stream:
        lines.put(line)
    lines.put(b"")
    _thread.interrupt_main()
    time.sleep(_GRACE_SECONDS)
    os._exit(130)


if __name__ == "__main__":
    main()
