"""A whole graph as N-Quads sorted by line, and back: the same graph gives the same bytes."""

from __future__ import annotations

import gzip
import heapq
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

import pyoxigraph as ox

from immunograph.errors import ExportError, LoadError, Place
from immunograph.store.graph import Graph

_AT_ONCE = 200_000
"""Lines that are sorted in memory; more are sorted on disk and merged."""


def write_quads(graph: Graph, path: Path) -> int:
    """Write a graph as gzipped N-Quads: the default graph's triples, and those of each named graph again.

    Blank nodes get canonical names (RDFC-1.0), lines are sorted by code point, and the gzip header holds no time.

    Returns:
        The number of lines.

    Raises:
        ExportError: the file cannot be written.
    """
    count = 0
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, 0) as file:
            for line in _sorted(graph.quad_lines()):
                file.write(line.encode() + b"\n")
                count += 1
        temporary.replace(path)
    except OSError as error:
        raise ExportError(f"{path}: cannot be written ({error.strerror or error}); choose another place") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return count


def read_quads(path: Path) -> Graph:
    """Read a graph from N-Quads, gzipped or not, into memory.

    Raises:
        LoadError: the file is missing or damaged.
    """
    store = ox.Store()
    try:
        with path.open("rb") as raw:
            file: IO[bytes] = cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if path.suffix == ".gz" else raw
            store.bulk_load(file, ox.RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise LoadError(f"syntax error: {error.msg}; fetch the file again", Place(path, error.lineno)) from error
    except (OSError, EOFError, zlib.error) as error:
        raise LoadError(f"cannot be read ({error}); fetch the file again", Place(path)) from error
    return Graph(store)


def _sorted(lines: Iterator[str]) -> Iterator[str]:
    """Sort lines in constant memory: chunks on disk, then merged."""
    with TemporaryDirectory(prefix="immunograph-sort-") as folder, ExitStack() as files:
        chunks: list[Iterable[str]] = []
        while chunk := sorted(islice(lines, _AT_ONCE)):
            path = Path(folder) / str(len(chunks))
            path.write_text("".join(f"{line}\n" for line in chunk), encoding="utf-8", newline="\n")
            chunks.append(_lines(files.enter_context(path.open(encoding="utf-8", newline="\n"))))
        yield from heapq.merge(*chunks)


def _lines(file: Iterable[str]) -> Iterator[str]:
    return (line.rstrip("\n") for line in file)
