"""Where questions are handed in: one process that holds the graph, killed and started again when time is up."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from immunograph.errors import ImmunographError
from immunograph.mcp.replies import DEFAULT_BUDGET, Data

DEFAULT_SECONDS = 30
"""How long one question may take where nothing else is said."""

_PACKAGES = str(Path(__file__).resolve().parents[2])
_GRACE_SECONDS = 5


class RefusedError(ImmunographError):
    """A question that the graph's process refused; the text is one line that says what to do."""


class Desk:
    """Asks the process that holds the graph, one question at a time.

    Args:
        graph: a folder made by ``immunograph build --out``; None for the cache.
        data: a folder of Turtle to build from; None for the shipped data.
        seconds: how long one question may take; the graph's own making is not counted.
        is_quiet: whether nothing is said of the stages of a build.
    """

    def __init__(
        self, graph: Path | None, data: Path | None, seconds: float = DEFAULT_SECONDS, is_quiet: bool = False
    ) -> None:
        self._settings = {
            "graph": str(graph) if graph else None,
            "data": str(data) if data else None,
            "quiet": is_quiet,
        }
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[Data | None] = queue.Queue()
        self._is_ready = False

    def start(self) -> None:
        """Start the process, unless it runs; the graph is opened, and the first time built, meanwhile."""
        if self._process and self._process.poll() is None:
            return
        paths = [_PACKAGES, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "immunograph.mcp.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,  # an interrupt from the terminal reaches the server alone, which then ends this
        )
        self._answers, self._is_ready = queue.Queue(), False
        threading.Thread(target=_read, args=(self._process, self._answers), daemon=True).start()
        self._send(self._settings)

    def answer(self, tool: str, arguments: Mapping[str, Any], budget: int = DEFAULT_BUDGET) -> Data:
        """The data and the text of a tool's answer.

        Raises:
            RefusedError: the question was refused, took too long, or the graph is not there yet.
        """
        with self._lock:
            self.start()
            self._await_graph(time.monotonic() + max(self._seconds, DEFAULT_SECONDS))
            self._send({"tool": tool, "arguments": dict(arguments), "budget": budget})
            return self._final(time.monotonic() + self._seconds)

    def stop(self) -> None:
        """End the process; a build is given the time to remove what it has half-written."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            process.stdin.close()  # type: ignore[union-attr]
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _await_graph(self, end: float) -> None:
        while not self._is_ready:
            said = self._next(end)
            if said is None:
                raise RefusedError(
                    "the graph is still being opened; the first time it is built, which takes about a minute: ask again"
                )
            if "failed" in said:
                raise RefusedError(said["failed"])
            self._is_ready = "ready" in said

    def _final(self, end: float) -> Data:
        """The last answer, or the last that came before the time was up."""
        best: Data | None = None
        while (said := self._next(end)) is not None:
            if "error" in said:
                raise RefusedError(said["error"])
            if "done" in said and best is not None:
                return best
            best = said
        self._kill()
        if best is None:
            raise RefusedError(
                f"no answer in {self._seconds:g} s; ask for less (a narrower pattern, LIMIT, fewer hops), or start the "
                "server with a larger --timeout"
            )
        return best

    def _next(self, end: float) -> Data | None:
        """What the process says next; None when the time is up.

        Raises:
            RefusedError: the process has ended.
        """
        try:
            said = self._answers.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            return None
        if said is None:
            raise RefusedError("the process that asked the graph has ended; ask again, or for less")
        return said

    def _kill(self) -> None:
        """End a process that computes too long, and start the next."""
        if self._process:
            self._process.kill()
        self.stop()
        self.start()

    def _send(self, content: Mapping[str, Any]) -> None:
        with suppress(OSError):  # a process that has ended is found out when its answer is read
            stream = self._process.stdin if self._process else None
            if stream:
                stream.write(json.dumps(content).encode() + b"\n")
                stream.flush()


def _read(process: subprocess.Popen[bytes], answers: queue.Queue[Data | None]) -> None:
    with process.stdout:  # type: ignore[union-attr]
        for line in process.stdout:  # type: ignore[union-attr]
            with suppress(ValueError):  # half a line of a process that was killed
                answers.put(json.loads(line))
    answers.put(None)
