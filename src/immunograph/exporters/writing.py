"""Where an export goes: whole or not at all, with a manifest beside it; and which formats there are."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import duckdb

from immunograph.errors import ExportError
from immunograph.exporters.staging import first_line
from immunograph.exporters.stream import GraphStream
from immunograph.names import nearest

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Format:
    """One form that the graph can be written in.

    Attributes:
        module: module of this room with ``write(stream, target)``, loaded when asked for.
        summary: one line for ``--help``.
        is_folder: whether it is several files in a folder; otherwise one file, with its manifest beside it.
        is_remote: whether ``--out`` is the address of a server and ``write`` does everything itself.
    """

    module: str
    summary: str
    is_folder: bool = False
    is_remote: bool = False


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "csv": Format("csv_tables", "nodes.csv, edges.csv and what they cite, for spreadsheets", is_folder=True),
        "croissant": Format("croissant", "Parquet tables described for machine learning", is_folder=True),
        "cx2": Format("cx2", "CX2 for Cytoscape and NDEx"),
        "gexf": Format("gexf", "GEXF 1.3 for Gephi and Gephi Lite, drawn"),
        "graphml": Format("graphml", "GraphML for networkx, igraph, yEd"),
        "jsonld": Format("rdf_jsonld", "JSON-LD, one named graph a source"),
        "kgx": Format("kgx_tsv", "KGX nodes.tsv and edges.tsv in Biolink terms", is_folder=True),
        "kgx-jsonl": Format("kgx_jsonl", "KGX nodes.jsonl and edges.jsonl in Biolink terms", is_folder=True),
        "networkx": Format("node_link", "node-link JSON for networkx"),
        "nquads": Format("rdf_nquads", "sorted N-Quads, one named graph a source"),
        "parquet": Format("parquet", "Parquet tables with list columns", is_folder=True),
        "sssom": Format("sssom", "SSSOM table of every cross-reference, with justification, source and confidence"),
        "sssom-rdf": Format("sssom_rdf", "the same mappings as N-Triples in the form of SSSOM/RDF"),
        "trig": Format("rdf_trig", "TriG, one named graph a source"),
        "turtle": Format("rdf_turtle", "Turtle, one file a source, with a VoID and DCAT description", is_folder=True),
        "neo4j-csv": Format("neo4j_csv", "files for neo4j-admin database import", is_folder=True),
        "neo4j-cypher": Format("neo4j_cypher", "a Cypher script of LOAD CSV with its files", is_folder=True),
        "neo4j": Format("neo4j_live", "a running Neo4j server; --out is its address", is_remote=True),
    }
)
"""Name on the command line → format. A new format is a module of this room and a line here."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What only some formats look at.

    Attributes:
        edges: ``aggregate`` (one edge for parallel ones, with a weight) or ``all``, where a format has the choice.
        user: user's name at a server.
        password: read from the environment; never written anywhere.
        batch: records sent to a server at once.
        tell: is called with progress, in words.
    """

    edges: str = "aggregate"
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    batch: int = 5_000
    tell: Callable[[str], None] = field(default=lambda _: None, repr=False)


@dataclass(slots=True)
class Target:
    """Where a writer writes: a folder that takes its final name only when everything is in it.

    Attributes:
        folder: the temporary folder.
        name: the final name of a format that is one file.
        options: see ``ExportOptions``.
        is_forced: whether a server's earlier load is to be replaced; files are seen to here.
        notes: what a reader should know, such as the command that loads the files; kept in the manifest and printed;
            the same wherever it is written.
        columns: what a format says of its own columns, for the manifest.
    """

    folder: Path
    name: str
    options: ExportOptions = field(default_factory=ExportOptions)
    is_forced: bool = False
    notes: list[str] = field(default_factory=list)
    columns: dict[str, Any] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """The path to write a format of one file to."""
        return self.folder / self.name

    def path(self, name: str) -> Path:
        """The path to write a file of a folder to."""
        return self.folder / name

    @contextlib.contextmanager
    def text(self, name: str = "") -> Iterator[IO[str]]:
        """Open a file to write UTF-8 text with bare line feeds; the one file where no name is given."""
        with (self.folder / (name or self.name)).open("w", encoding="utf-8", newline="\n") as file:
            yield file


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: where, how many records of each kind, and what to do next."""

    path: str
    counts: Mapping[str, int]
    notes: tuple[str, ...]


def find_format(name: str) -> Format:
    """The format of a name.

    Raises:
        ExportError: there is none.
    """
    if name not in FORMATS:
        near = nearest(name, FORMATS)
        hint = f"did you mean {', '.join(near)}?" if near else f"known are {', '.join(FORMATS)}"
        raise ExportError(f"no export format is called {name!r}; {hint}")
    return FORMATS[name]


def check_target(name: str, out: str, is_forced: bool) -> None:
    """Refuse a target before any work is done.

    Raises:
        ExportError: it exists and is not to be replaced, or a folder there is no earlier export.
    """
    if find_format(name).is_remote:
        return
    path = Path(out)
    if path.parent.is_file():
        raise ExportError(f"{path.parent}: is a file, so that nothing can be put in it; choose another place")
    if not path.exists() and not path.is_symlink():
        return
    if find_format(name).is_folder:
        if not path.is_dir() or (any(path.iterdir()) and not (path / MANIFEST).is_file()):
            raise ExportError(f"{path}: is no earlier export and is left alone; choose another place")
    elif path.is_dir():
        raise ExportError(f"{path}: is a folder, and {name} is one file; choose another place")
    if not is_forced:
        raise ExportError(f"{path}: exists; choose another place, or replace it with --force (is_forced=True)")


def write_export(name: str, stream: GraphStream, out: str, options: ExportOptions, is_forced: bool = False) -> Exported:
    """Write a stream in one format, whole or not at all.

    Raises:
        ExportError: the target exists or cannot be written, the disk is full, or a value has no such form.
    """
    known = find_format(name)
    check_target(name, out, is_forced)
    write: Callable[[GraphStream, Target], None] = importlib.import_module(
        f"immunograph.exporters.{known.module}"
    ).write
    counts = {table: stream.count(table) for table in ("nodes", "edges", "evidence", "affinities", "sources")}
    if known.is_remote:
        target = Target(Path(), out, options, is_forced=is_forced)
        write(stream, target)
        return Exported(out, counts, tuple(target.notes))
    path = Path(os.path.abspath(out))
    with whole_folder(path) as folder:
        target = Target(folder, path.name, options)
        write(stream, target)
        manifest = manifest_of(name, stream, target, counts)
        _write_json(folder / (MANIFEST if known.is_folder else f"{path.name}.{MANIFEST}"), manifest)
        if known.is_folder:
            replace_folder(folder, path)
        else:
            for file in sorted(folder.iterdir(), key=lambda file: file.name == path.name):
                file.replace(path.with_name(file.name))
    return Exported(str(path), counts, tuple(target.notes))


def manifest_of(name: str, stream: GraphStream, target: Target, counts: Mapping[str, int]) -> dict[str, Any]:
    """What an export holds: format, versions, selection, counts, schema, files with checksums, sources, licences."""
    metadata = stream.metadata
    return {
        "format": name,
        "generator": f"immunograph {metadata.version}".strip(),
        "build": metadata.build,
        "selection": metadata.selection.as_dict(),
        "counts": dict(counts),
        **({"columns": target.columns} if target.columns else {}),
        "schema": {
            table: [known.as_dict() for known in stream.property_types(table)]
            for table in ("nodes", "edges", "evidence", "affinities", "sources")
        },
        "files": {
            str(path.relative_to(target.folder)): {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
            for path in sorted(target.folder.rglob("*"))
            if path.is_file()
        },
        "licences": sorted({source["licence"] for source in metadata.sources if "licence" in source}),
        "sources": [dict(source) for source in metadata.sources],
        "notes": target.notes,
    }


def sha256_of(path: Path) -> str:
    """Checksum of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder beside the target, removed in the end; whatever goes wrong in it becomes one clear error."""
    folder = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        yield folder
    except OSError as error:
        raise ExportError(f"{path}: cannot be written ({error.strerror or error}); nothing was left there") from error
    except duckdb.Error as error:
        raise ExportError(f"{path}: cannot be written ({first_line(error)}); nothing was left there") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def replace_folder(folder: Path, path: Path) -> None:
    """Give a folder its final name; an earlier export there is moved aside first and deleted last."""
    old = path.with_name(f".{path.name}.{os.getpid()}.old")
    if path.exists():
        path.rename(old)
    try:
        folder.rename(path)
    except OSError:
        if old.exists():
            old.rename(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
