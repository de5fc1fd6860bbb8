"""The real programs that read exports back: fetched once into the user's cache by the registries' own clients.

Each ``..._folder`` gives a folder, or raises ``Missing`` with a plain reason, by which its tests are skipped.
"""

from __future__ import annotations

import fcntl
import functools
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import platformdirs

HERE = Path(__file__).resolve().parent
GEPHI = "org.gephi:gephi-toolkit:0.10.1:jar:all"
"""The newest release of Gephi that Maven Central has; its ``all`` jar needs nothing else."""

BIOLINK = "biolink-model==4.4.6"


class Missing(Exception):
    """A program that is not here and cannot be fetched; the text says why."""


def program(name: str) -> str:
    """Where a program is on this machine.

    Raises:
        Missing: it is not installed.
    """
    found = shutil.which(name)
    if found is None:
        raise Missing(f"{name} is not installed")
    return found


def free_port() -> int:
    """A port of the loopback interface that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cache() -> Path:
    """Where fetched programs lie."""
    return Path(platformdirs.user_cache_dir("immunograph")) / "integration"


@contextmanager
def one_at_a_time(name: str) -> Iterator[Path]:
    """Let one worker of a test run fetch a program; the others wait, then find it."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield cache() / name


def fetched(name: str, make: Callable[[Path], None], stamp: str) -> Path:
    """A folder of the cache, made anew where it is not whole or made from something else."""
    with one_at_a_time(name) as folder:
        mark = folder / "made-from.txt"
        if not mark.is_file() or mark.read_text(encoding="utf-8") != stamp:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            make(folder)
            mark.write_text(stamp, encoding="utf-8")
    return folder


def run(command: Sequence[str | Path], folder: Path, what: str, seconds: int = 300) -> str:
    """Run a set-up command.

    Raises:
        Missing: the command is not installed, failed or did not end.
    """
    if shutil.which(str(command[0])) is None:
        raise Missing(f"{command[0]} is not installed, and {what} needs it")
    try:
        ended = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise Missing(f"{what}: {command[0]} did not end in {seconds} s") from error
    if ended.returncode:
        raise Missing(f"{what} cannot be set up: {' '.join((ended.stdout + ended.stderr).split())[-300:]}")
    return ended.stdout


@functools.cache
def gephi_folder() -> Path:
    """The Gephi toolkit and the compiled reader; needs Java 11 or newer with its compiler, and Maven."""
    source = HERE / "gephi" / "ReadGexf.java"

    def make(folder: Path) -> None:
        run(["javac", "-version"], folder, "Gephi")
        copy = ["mvn", "-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"]
        run([*copy, f"-Dartifact={GEPHI}", f"-DoutputDirectory={folder}"], folder, "Gephi")
        run(["javac", "-cp", "*", "-d", "classes", source], folder, "Gephi")

    return fetched("gephi", make, GEPHI + source.read_text(encoding="utf-8"))


def in_gephi(file: Path, merge: str = "keep", picture: Path | None = None) -> Mapping[str, Any]:
    """What Gephi holds after it has opened a file, as ``ReadGexf`` tells it.

    Args:
        file: the GEXF file.
        merge: ``keep`` for every edge, ``merge`` for what Gephi's dialogue proposes.
        picture: where to draw it, as PNG.
    """
    folder = gephi_folder()
    told = file.with_suffix(f".{merge}.json")
    command = ["java", "-Djava.awt.headless=true", "-Xmx2g", "-cp", "classes:*", "ReadGexf", merge, file, told]
    run([*command, *([picture] if picture else [])], folder, "Gephi")
    return _json(told)


@functools.cache
def graphology_folder() -> Path:
    """graphology with its GEXF reader, which Gephi Lite uses too; needs Node.js and npm."""
    manifest = HERE / "graphology" / "package.json"

    def make(folder: Path) -> None:
        shutil.copy(manifest, folder)
        run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"], folder, "graphology")

    return fetched("graphology", make, manifest.read_text(encoding="utf-8"))


def in_graphology(file: Path) -> Mapping[str, Any]:
    """What graphology holds after it has parsed a GEXF file."""
    told = file.with_suffix(".graphology.json")
    run(["node", HERE / "graphology" / "read_gexf.mjs", file, told], graphology_folder(), "graphology")
    return _json(told)


@functools.cache
def biolink_folder() -> Path:
    """The Biolink model's wheel, unpacked: its schema as YAML, and its classes as pydantic models."""

    def make(folder: Path) -> None:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--no-deps", "--target", folder, BIOLINK], folder, "the Biolink model")

    return fetched("biolink", make, BIOLINK)


def _json(path: Path) -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
