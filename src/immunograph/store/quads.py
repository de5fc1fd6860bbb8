"""N-Quads → a graph in memory."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from immunograph.errors import LoadError, Place
from immunograph.store.graph import Graph


def read_quads(path: Path) -> Graph:
    """Read named graphs from N-Quads, gzipped or not; the default graph gets every triple once.

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
    named = store.quads_for_pattern(None, None, None)
    store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in named)
    return Graph(store)
