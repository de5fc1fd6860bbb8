"""What to build from what, where built graphs lie, and whether one is whole and current."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from immunograph import __version__
from immunograph.assets import ontology_dir
from immunograph.errors import LoadError, Place, StoreError
from immunograph.store.reading import data_files
from immunograph.turtle import write_atomically

STORE, CLOSURE, NAMES, FILES, REPORT = "store", "closure.duckdb", "names.sqlite", "files.json", "report.json"
"""What a built graph's folder holds; the report is written last, so that its presence means whole."""


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """What to build from what.

    Attributes:
        data: folder of Turtle, one folder a source.
        ontology: folder of modules, shapes, rules and checks.
        engine: ``duckdb``, or ``owlrl`` for the reference engine (rule files are then not run).
        licences: IRIs of licences whose sources are kept; None keeps all.
        is_strict: whether warnings, and axioms or rules outside what is supported, are fatal.
    """

    data: Path
    ontology: Path = field(default_factory=ontology_dir)
    engine: str = "duckdb"
    licences: frozenset[str] | None = None
    is_strict: bool = False

    def files(self) -> list[Path]:
        """Every file that the result depends on, sorted.

        Raises:
            LoadError: the data folder is not there.
        """
        ontology = [path for path in self.ontology.rglob("*") if path.suffix in {".ttl", ".rq", ".tsv"}]
        return data_files(self.data) + sorted(ontology)


LAYOUT = 6
"""Counts the changes of what a built graph's folder holds, so that graphs in an older form are built again."""


def cache_dir() -> Path:
    """The folder of built graphs; the environment variable ``IMMUNOGRAPH_CACHE`` overrides the user's cache."""
    return Path(os.environ.get("IMMUNOGRAPH_CACHE") or platformdirs.user_cache_dir("immunograph"))


def graph_dir(plan: BuildPlan) -> Path:
    """The folder under the cache in which the graph of a plan is, or will be.

    Raises:
        LoadError: the data folder is not there.
    """
    return cache_dir() / "graphs" / content_key(plan)[:32]


def content_key(plan: BuildPlan) -> str:
    """The SHA-256 of everything that the built graph depends on.

    Files are hashed again only when a size or a time of change differs from the last look.

    Raises:
        LoadError: the data folder is not there, or a file of it cannot be read.
    """
    files = plan.files()
    digest = hashlib.sha256(
        f"{__version__}|{LAYOUT}|{plan.engine}|{sorted(plan.licences or ())}|{plan.licences is None}".encode()
    )
    stamp = digest.copy()
    for path in files:
        status = path.stat()
        stamp.update(f"{path.absolute()}|{status.st_size}|{status.st_mtime_ns}".encode())
    known = cache_dir() / "keys" / stamp.hexdigest()
    if known.is_file() and len(key := known.read_text(encoding="ascii", errors="replace")) == digest.digest_size * 2:
        return key
    for path in files:
        root = plan.data if path.is_relative_to(plan.data) else plan.ontology
        digest.update(str(path.relative_to(root)).encode() + b"\0" + _hashed(path))
    write_atomically(known, digest.hexdigest())
    return digest.hexdigest()


def is_built(folder: Path) -> bool:
    """Whether a folder holds a whole built graph."""
    return (folder / REPORT).is_file() and (folder / STORE).is_dir()


def built_under(path: Path) -> Path:
    """The folder of the built graph that a path means: itself, or ``graph/`` in a release.

    Raises:
        StoreError: neither holds a whole built graph.
    """
    for folder in (path, path / "graph"):
        if is_built(folder):
            return folder
    raise StoreError(
        f"{path}: is neither a built graph nor a release that holds one; make one with `immunograph build --out` "
        "or `immunograph release --with-graph`"
    )


def is_current(folder: Path, plan: BuildPlan) -> bool:
    """Whether a folder holds a whole graph that was built from the very files of a plan."""
    if not is_built(folder):
        return False
    try:
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    except ValueError:
        return False
    return isinstance(report, dict) and report.get("key") == content_key(plan)


def _hashed(path: Path) -> bytes:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError as error:
        raise LoadError(f"cannot be read ({error.strerror}); check the rights", Place(path)) from error
