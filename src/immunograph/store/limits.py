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
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

from immunograph.errors import ImmunographError, QueryError, QueryTimeoutError, StoreError
from immunograph.store.graph import Graph, Rows
from immunograph.store.triples import Triple

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
        asked = _question(self.path, verb, query, most)
        with _process() as process:
            try:
                answer, _ = process.communicate(asked, timeout=self.seconds)
            except subprocess.TimeoutExpired as error:
                raise QueryTimeoutError(self.seconds) from error
            finally:
                process.kill()
                process.wait()
        return _opened(answer, process.returncode)


class TimedSession:
    """Many questions to a built graph in one process, which is killed when one takes too long; the next starts another.

    Used as a context manager; the process starts with the first question, so that many short ones cost little.

    Args:
        path: the folder of the store.
        seconds: how long one question may take.
    """

    def __init__(self, path: Path, seconds: float) -> None:
        self.path = path
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, query: str) -> Rows | bool | list[Triple]:
        """Run a query of any form.

        Raises:
            QueryError: it does not parse or cannot be evaluated.
            QueryTimeoutError: its time was up.
        """
        self._process = process = self._process or _process()
        timer = threading.Timer(self.seconds, process.kill)
        timer.start()
        try:
            if process.stdin is None or process.stdout is None:
                raise OSError("no pipe")
            process.stdin.write(_question(self.path, "run", query, None))
            process.stdin.flush()
            return _unpacked(pickle.load(process.stdout))  # written by our own process
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self._end()
            raise QueryTimeoutError(self.seconds) from error
        finally:
            timer.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what the other did not read any more
                if pipe is not None:
                    pipe.close()
        self._process.wait()
        self._process = None


def _question(path: Path, verb: str, query: str, most: int | None) -> bytes:
    return (json.dumps({"verb": verb, "path": str(path), "query": query, "most": most}) + "\n").encode()


def _process() -> subprocess.Popen[bytes]:
    """A process that answers questions, one a line."""
    paths = [_PACKAGES, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-P", "-m", "immunograph.store.limits"]
    # a session of its own: an interrupt from the terminal reaches this process alone, which then ends the other
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True
    )


def _opened(answer: bytes, code: int) -> Rows | bool | list[Triple]:
    """What the process found; its errors are raised here."""
    if code != 0 or not answer:
        raise StoreError(f"the process that asked the graph ended with {code}; ask for less, or free some memory")
    return _unpacked(pickle.loads(answer))  # written by our own process


def _unpacked(found: object) -> Rows | bool | list[Triple]:
    if isinstance(found, tuple):
        name, text = found
        raise (QueryError if name == QueryError.__name__ else StoreError)(text)
    kept: Rows | bool | list[Triple] = found  # type: ignore[assignment]
    return kept


def _serve() -> None:
    """Answer the questions that stand in the standard input, one a line."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    graphs: dict[str, Graph] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        found: object
        try:
            if asked["path"] not in graphs:
                graphs[asked["path"]] = Graph.read_only(Path(asked["path"]))
            graph = graphs[asked["path"]]
            verb = graph.select if asked["verb"] == "select" else graph.run
            found = verb(asked["query"], asked["most"])
        except ImmunographError as error:
            found = (type(error).__name__, str(error))
        pickle.dump(found, sys.stdout.buffer)
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
