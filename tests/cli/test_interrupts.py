"""Ctrl-C in real processes: they end, nothing of theirs stays, the terminal and the graph are as before."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import FIXTURE

from immunograph.building.plan import STORE
from immunograph.knowledge import KnowledgeGraph

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
PROCESSES = Path("/proc")

pytestmark = pytest.mark.skipif(not PROCESSES.is_dir(), reason="looks at processes under /proc")


def command(*args: str) -> list[str]:
    return [sys.executable, "-m", "immunograph", *args, "--data", str(FIXTURE)]


def seconds_computed(process: int) -> float:
    """Processor time of a process; 0 where it is gone."""
    try:
        fields = (PROCESSES / str(process) / "stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return int(fields[11]) / os.sysconf("SC_CLK_TCK")


def children(process: int) -> list[int]:
    found = (PROCESSES / str(process) / "task" / str(process) / "children").read_text()
    return [int(child) for child in found.split()]


def wait_until_busy(process: int, seconds: float = 2) -> None:
    """Wait until a process computes: its start takes less than so many seconds."""
    end = time.monotonic() + 60
    while time.monotonic() < end and PROCESSES.joinpath(str(process)).is_dir() and seconds_computed(process) < seconds:
        time.sleep(0.05)


def state(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.stat().st_size) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def store(fixture_kg: KnowledgeGraph) -> Iterator[Path]:
    """The store's folder; afterwards it holds the same files, and answers."""
    folder = fixture_kg.folder / STORE
    before = state(folder)
    yield folder
    assert state(folder) == before
    asked = subprocess.run(command("sparql", "ASK { ?s a ig:Target }"), capture_output=True, text=True, check=False)
    assert (asked.returncode, asked.stdout) == (0, "true\n")


def test_an_interrupt_ends_a_question(store: Path) -> None:
    with subprocess.Popen(command("sparql", ENDLESS), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_until_busy(process.pid)
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert (out, error) == (b"", b"")


def test_an_interrupt_ends_the_process_of_a_timed_question(store: Path) -> None:
    timed = command("sparql", ENDLESS, "--timeout", "600")
    with subprocess.Popen(timed, stderr=subprocess.PIPE, start_new_session=True) as process:
        while process.poll() is None and not children(process.pid):
            time.sleep(0.05)
        (child,) = children(process.pid)
        wait_until_busy(child)
        os.killpg(process.pid, signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (130, b"immunograph: interrupted\n")
    assert seconds_computed(child) == 0


@pytest.mark.skipif(shutil.which("setsid") is None, reason="needs setsid, of util-linux")
def test_the_key_leaves_the_terminal_as_it_was(store: Path) -> None:
    keyboard, terminal = pty.openpty()
    try:
        before = termios.tcgetattr(terminal)
        started = ["setsid", "--ctty", *command("sparql", ENDLESS)]
        with subprocess.Popen(started, stdin=terminal, stdout=terminal, stderr=terminal) as process:
            wait_until_busy(process.pid)
            os.write(keyboard, b"\x03")
            process.wait(60)
        assert process.returncode == -signal.SIGINT
        assert termios.tcgetattr(terminal) == before
    finally:
        os.close(keyboard)
        os.close(terminal)


def test_an_interrupted_build_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "built" / "graph"
    started = command("build", "--out", str(out))
    with subprocess.Popen(started, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        wait_until_busy(process.pid, 0.8)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert error.endswith(b"immunograph: interrupted\n") and b"Traceback" not in error
    assert not out.exists() and not (out.parent.is_dir() and list(out.parent.iterdir()))
