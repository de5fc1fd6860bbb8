"""Questions of strangers to a built graph: answered by a few processes that are ended when their time is up.

Each process (``immunograph.store.answering``) is started beforehand, in a session of its own, opens the graph
read-only, and then gives up opening files and sockets. One that is ended or dies is replaced at once.
"""

from __future__ import annotations

import json
import math
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

from immunograph.errors import (
    AnswerTooLargeError,
    ImmunographError,
    NotOfferedError,
    QueryError,
    QueryTimeoutError,
    ServerBusyError,
    StoreError,
)

_PACKAGES = str(Path(__file__).resolve().parents[2])
_START_SECONDS = 30.0
"""How long a process may take to open the graph."""

_MEMORY = 2 << 30
"""Bytes that a question may take beyond what the open graph takes."""

WAITING = 8
"""Questions that may wait for each process; more are refused at once."""


@dataclass(frozen=True, slots=True)
class Served:
    """An answer.

    Attributes:
        media_type: what the bytes are.
        body: all of it.
        note: what the asker should know about it, in a line; empty for nothing.
    """

    media_type: str
    body: bytes
    note: str = ""


class Withdrawal:
    """By which whoever asked a question takes it back; its process is free again soon."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self.is_made = False

    def make(self) -> None:
        """Take the question back; nothing happens where it is answered already."""
        with self._lock:
            self.is_made = True
            if self._process:
                self._process.end()

    def watch(self, process: _Process | None) -> None:
        """Say which process is working on the question; None for none any more."""
        with self._lock:
            self._process = process
            if self.is_made and process:
                process.end()


class QueryPool:
    """A few processes that answer SPARQL queries on a built graph.

    Args:
        path: the folder of the store.
        workers: how many questions are worked on at once; ``WAITING`` times as many may wait.
        seconds: how long one may take, and how long it may wait before.
        most_bytes: of an answer.
        most_rows: rows or triples of an answer.
        memory: bytes that a question may take beyond what the open graph takes, where the system can limit it.

    Raises:
        QueryError: a number is not above zero.
        StoreError: the graph cannot be opened.
    """

    def __init__(
        self,
        path: Path,
        *,
        workers: int = 2,
        seconds: float = 30.0,
        most_bytes: int = 50_000_000,
        most_rows: int = 100_000,
        memory: int = _MEMORY,
    ) -> None:
        if min(workers, seconds, most_bytes, most_rows, memory) <= 0:
            raise QueryError("a limit of the server leaves nothing; give numbers above 0")
        self.path, self.workers, self.seconds = path, workers, seconds
        self.most_bytes, self.most_rows = most_bytes, most_rows
        self._limits = [str(number) for number in (math.ceil(seconds), most_bytes, most_rows, memory)]
        self._lock = threading.Lock()
        self._waiting = 0
        self._is_closed = False
        self._idle: queue.SimpleQueue[_Process] = queue.SimpleQueue()
        self._all = {self._start() for _ in range(workers)}
        try:
            for process in self._all:
                process.expect_ready()
                self._idle.put(process)
        except ImmunographError:
            self.close()
            raise

    def __enter__(self) -> QueryPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes; a question that is being worked on fails."""
        with self._lock:
            self._is_closed = True
            processes = list(self._all)
        for process in processes:
            process.close()

    def ask(
        self,
        query: str,
        wanted: Sequence[str] = (),
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        withdrawal: Withdrawal | None = None,
    ) -> Served:
        """Answer a query of any form; may be called from several threads.

        Args:
            query: its text; the project's prefixes are known, and relative IRIs are those of ``igd:``.
            wanted: media types, the best first; the first that the form of the query has is given. None are for
                SPARQL results as JSON, or Turtle.
            default_graphs: IRIs of the graphs that are asked as one, instead of those that the query names.
            named_graphs: IRIs of the graphs that GRAPH may name, likewise.
            withdrawal: by which the question may be taken back.

        Raises:
            QueryError: the text does not parse, has SERVICE, changes data, or cannot be evaluated.
            QueryTimeoutError: its time was up.
            ServerBusyError: too many wait already, or it waited too long.
            AnswerTooLargeError: the answer is larger than may be; it is never cut off.
            NotOfferedError: the form of the query has none of the media types.
            StoreError: the graph cannot be read, or the process died, as one does that needs too much memory.
        """
        asked = {
            "query": query,
            "wanted": list(wanted),
            "default_graphs": list(default_graphs),
            "named_graphs": list(named_graphs),
        }
        withdrawal = withdrawal or Withdrawal()
        process = self._taken()
        try:
            if withdrawal.is_made:
                raise QueryError("the question was taken back")
            process.expect_ready()
            return process.ask(asked, self.seconds, withdrawal)
        except StoreError as error:
            if withdrawal.is_made:
                raise QueryError("the question was taken back") from error
            raise
        finally:
            self._give_back(process)

    def _taken(self) -> _Process:
        """A process that has nothing to do, waited for where there is none."""
        with suppress(queue.Empty):
            return self._idle.get_nowait()
        with self._lock:
            if self._waiting >= self.workers * WAITING:
                raise ServerBusyError(f"{self._waiting} questions wait already; ask again in a while")
            self._waiting += 1
        try:
            return self._idle.get(timeout=self.seconds)
        except queue.Empty:
            raise ServerBusyError(f"others were asked first for {self.seconds:g} s; ask again in a while") from None
        finally:
            with self._lock:
                self._waiting -= 1

    def _give_back(self, process: _Process) -> None:
        """Make the process, or a new one where it has ended, free for the next question."""
        if process.is_alive:
            self._idle.put(process)
            return
        process.close()
        with self._lock:
            self._all.discard(process)
            if self._is_closed:
                return
            process = self._start()
            self._all.add(process)
        self._idle.put(process)

    def _start(self) -> _Process:
        return _Process([str(self.path), *self._limits])


class _Process:
    """One process that answers, one question at a time."""

    def __init__(self, arguments: Sequence[str]) -> None:
        paths = [_PACKAGES, *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "MALLOC_ARENA_MAX": "2"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "immunograph.store.answering", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        self._lock = threading.Lock()
        self._asked: object = None
        self._is_late = False
        self._is_ready = False
        self.is_alive = True

    @property
    def pid(self) -> int:
        return self._process.pid

    def expect_ready(self) -> None:
        """Wait until the graph is open.

        Raises:
            StoreError: it cannot be opened, or not in time.
        """
        if not self._is_ready:
            self._exchanged(b"", _START_SECONDS)
            self._is_ready = True

    def ask(self, asked: Mapping[str, Any], seconds: float, withdrawal: Withdrawal) -> Served:
        """Answer one question, which ends the process where it is taken back.

        Raises:
            QueryTimeoutError: its time was up, and the process is ended.
            ImmunographError: as ``QueryPool.ask``.
        """
        head, body = self._exchanged(json.dumps(asked).encode() + b"\n", seconds, withdrawal)
        return Served(head["media_type"], body, head["note"])

    def end(self) -> None:
        """Kill the process if it is working on a question."""
        with self._lock:
            if self._asked:
                self._process.kill()

    def close(self) -> None:
        """Kill the process, and wait until it is gone."""
        self.is_alive = False
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError, ValueError):
                _there(pipe).close()

    def _end_late(self, asked: object) -> None:
        """Kill the process if it is still working on the question whose time was up."""
        with self._lock:
            if self._asked is asked:
                self._is_late = True
                self._process.kill()

    def _exchanged(
        self, line: bytes, seconds: float, withdrawal: Withdrawal | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """What the process answers to a line; it is killed where that takes too long."""
        asked = object()
        timer = threading.Timer(seconds, self._end_late, [asked])
        timer.daemon = True
        withdrawal = withdrawal or Withdrawal()
        with self._lock:
            self._asked = asked
        timer.start()
        withdrawal.watch(self)
        try:
            head, body = self._written_and_read(line)
        finally:
            withdrawal.watch(None)
            timer.cancel()
            with self._lock:
                self._asked = None
        if not head or len(body) < head.get("size", 0):
            self._tell_of_end(seconds)
        if "error" in head:
            _raise(head)
        return head, body

    def _written_and_read(self, line: bytes) -> tuple[dict[str, Any], bytes]:
        """What comes back for a line; nothing where the process has ended."""
        try:
            if line:
                _there(self._process.stdin).write(line)
                _there(self._process.stdin).flush()
            answers = _there(self._process.stdout)
            head = json.loads(answers.readline() or b"{}")
            return head, answers.read(head.get("size", 0))
        except (OSError, ValueError):
            return {}, b""

    def _tell_of_end(self, seconds: float) -> NoReturn:
        self.is_alive = False
        if self._is_late:
            raise QueryTimeoutError(seconds)
        self._process.kill()
        code = self._process.wait()
        raise StoreError(f"the process that asked the graph ended with {code}; ask for less, or free some memory")


def _there(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("no pipe")
    return pipe


def _raise(head: Mapping[str, Any]) -> NoReturn:
    """Raise the error that a process tells of."""
    if head["error"] == "NotOfferedError":
        raise NotOfferedError(head["offered"], head["why"])
    if head["error"] == "AnswerTooLargeError":
        raise AnswerTooLargeError(head["most"])
    raise (QueryError if head["error"] == "QueryError" else StoreError)(head["text"])
