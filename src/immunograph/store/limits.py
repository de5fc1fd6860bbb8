"""Questions to a built graph in a process of their own, which is killed when their time is up.

The engine cannot be interrupted inside one evaluation; a process can. The graph is opened read-only, so that a
killed one leaves nothing behind.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

from immunograph.errors import ImmunographError, QueryError, QueryTimeoutError, StoreError
from immunograph.store.graph import Graph, Rows, Triple

_PACKAGES = str(Path(__file__).resolve().parents[2])


class TimedGraph:
    """A built graph on disk; it answers ``select`` and ``run`` as a graph does, in limited time.

    Args:
        path: the folder of the store.
        seconds: how long one question may take, the start of its process (about 0.1 s) included.

    Raises:
        QueryError: the time is not above zero.
    """

    def __init__(self, path: Path, seconds: float) -> None:
        if not seconds > 0:
            raise QueryError(f"a time-out of {seconds} s leaves no time; give a number above 0")
        self.path = path
        self.seconds = seconds

    def select(self, query: str, most: int | None = None) -> Rows:
        """Run a SELECT; at most so many rows are read.

        Raises:
            QueryError: the text does not parse, is no SELECT, or cannot be evaluated.
            QueryTimeoutError: its time was up.
        """
        found = self._asked("select", query, most)
        if not isinstance(found, Rows):
            raise QueryError("the query is not a SELECT; use SELECT for a table")
        return found

    def run(self, query: str, most: int | None = None) -> Rows | bool | list[Triple]:
        """Run a query of any form; at most so many rows or triples are read.

        Raises:
            QueryError, QueryTimeoutError: as ``select``.
        """
        return self._asked("run", query, most)

    def _asked(self, verb: str, query: str, most: int | None) -> Rows | bool | list[Triple]:
        asked = json.dumps({"verb": verb, "path": str(self.path), "query": query, "most": most})
        paths = [_PACKAGES, *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        command = [sys.executable, "-P", "-m", "immunograph.store.limits"]
        # a session of its own: an interrupt from the terminal reaches this process alone, which then ends the other
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True
        ) as process:
            try:
                answer, _ = process.communicate(asked.encode(), timeout=self.seconds)
            except subprocess.TimeoutExpired as error:
                raise QueryTimeoutError(self.seconds) from error
            finally:
                process.kill()
                process.wait()
        return _opened(answer, process.returncode)


def _opened(answer: bytes, code: int) -> Rows | bool | list[Triple]:
    """What the process found; its errors are raised here."""
    if code != 0 or not answer:
        raise StoreError(f"the process that asked the graph ended with {code}; ask for less, or free some memory")
    found = pickle.loads(answer)  # written by our own process
    if isinstance(found, tuple):
        name, text = found
        raise (QueryError if name == QueryError.__name__ else StoreError)(text)
    kept: Rows | bool | list[Triple] = found
    return kept


def _serve() -> None:
    """Answer the one question that stands in the standard input."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asked = json.load(sys.stdin)
    found: object
    try:
        graph = Graph.read_only(Path(asked["path"]))
        verb = graph.select if asked["verb"] == "select" else graph.run
        found = verb(asked["query"], asked["most"])
    except ImmunographError as error:
        found = (type(error).__name__, str(error))
    pickle.dump(found, sys.stdout.buffer)
    sys.stdout.flush()


if __name__ == "__main__":
    _serve()
