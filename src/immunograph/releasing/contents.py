"""The parts of a release, each written into its folder: ontology, data by licence, queries, graph, exports."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from immunograph.assets import queries_dir
from immunograph.building.licensing import licences_stated
from immunograph.building.loading import source_folder
from immunograph.exporters.selection import Selection
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import ExportOptions, find_format, write_export
from immunograph.exporting import open_stream
from immunograph.identifiers import prefix_map
from immunograph.knowledge import KnowledgeGraph
from immunograph.licences import short_name
from immunograph.releasing.layout import (
    DATA,
    EXPORTS,
    GRAPH,
    METADATA,
    ONTOLOGY,
    ONTOLOGY_TURTLE,
    ONTOLOGY_XML,
    QUADS,
    QUERIES,
)
from immunograph.store.merging import merged_turtle, rdf_xml, triples_of_turtle
from immunograph.store.reading import data_files
from immunograph.vocabulary import SKOS_DEFINITION

EXPORTED: Mapping[str, bool] = MappingProxyType(
    {
        **dict.fromkeys(("croissant", "csv", "kgx", "kgx-jsonl", "neo4j-csv", "neo4j-cypher"), True),
        **dict.fromkeys(("gexf", "graphml", "cx2"), False),
    }
)
"""Formats of a release, and whether inferred edges are in them, marked; drawings would drown in those."""

OBO_DEFINITION = "http://purl.obolibrary.org/obo/IAO_0000115"
"""The annotation property that OBO tools read definitions from; added to the merged ontology."""

Tell = Callable[[str], None]


def write_ontology(ontology: Path, folder: Path) -> None:
    """Copy the ontology's files, and merge header and modules into one file in two forms.

    Raises:
        LoadError: a file cannot be read, or prefixes disagree.
    """
    for path in sorted(path for path in ontology.rglob("*") if path.suffix in {".ttl", ".rq", ".tsv"}):
        _copy(path, folder / ONTOLOGY / path.relative_to(ontology))
    text = merged_ontology(ontology)
    (folder / ONTOLOGY_TURTLE).write_text(text, encoding="utf-8", newline="\n")
    (folder / ONTOLOGY_XML).write_bytes(rdf_xml(text, prefix_map()))


def merged_ontology(ontology: Path) -> str:
    """Header and modules as one Turtle text, with each definition said again as OBO tools read it; no imports.

    Raises:
        LoadError: a file cannot be read, or prefixes disagree.
    """
    files = [*sorted(ontology.glob("*.ttl")), *sorted((ontology / "modules").glob("*.ttl"))]
    text = merged_turtle(files)
    said = [
        f"{term} <{OBO_DEFINITION}> {definition} .\n"
        for term, predicate, definition in triples_of_turtle(text)
        if predicate == f"<{SKOS_DEFINITION}>" and term.startswith("<")
    ]
    heading = "# every definition again, where OBO tools look for it\n"
    return f"{text}\n{heading}<{OBO_DEFINITION}>\n  a owl:AnnotationProperty .\n\n{''.join(said)}"


def write_data(data: Path, folder: Path) -> dict[str, list[str]]:
    """Copy the stated data, one folder a licence and one a source below it.

    Returns:
        Licence (several joined by ``+`` where one folder has them) → its sources.

    Raises:
        LoadError: a file cannot be read.
    """
    found: dict[str, list[str]] = {}
    files: dict[Path, list[Path]] = {}
    for path in data_files(data):
        files.setdefault(source_folder(data, path), []).append(path)
    for source, paths in sorted(files.items()):
        licence = "+".join(sorted(map(_as_name, licences_stated(paths)))) or "not-stated"
        found.setdefault(licence, []).append(source.name)
        for path in paths:
            _copy(path, folder / DATA / licence / source.name / path.relative_to(source))
    return dict(sorted(found.items()))


def write_queries(folder: Path) -> None:
    """Copy the saved queries."""
    for path in sorted(queries_dir().glob("*.rq")):
        _copy(path, folder / QUERIES / path.name)


def write_graph(kg: KnowledgeGraph, folder: Path, formats: Sequence[str], tell: Tell) -> None:
    """Write the whole graph as sorted N-Quads with its description, and the exports.

    Args:
        kg: the built graph.
        folder: the release.
        formats: names of export formats; those that are no key of ``EXPORTED`` are written without inferred edges.
        tell: is called with the name of each format.

    Raises:
        ExportError: a format is not known, or the disk is full.
    """
    for name in formats:
        find_format(name)
    with TemporaryDirectory(dir=folder) as scratch:
        with open_stream(kg.folder, Selection(has_inferred=True)) as stream:
            tell("N-Quads")
            quads = Path(scratch) / QUADS.removesuffix(".gz")
            write_export("nquads", stream, str(quads), ExportOptions())
            _pack(quads, folder / QUADS)
            _copy(quads.with_name(f"{quads.name}.dataset.ttl"), folder / METADATA / "void.ttl")
            for name in (name for name in formats if EXPORTED.get(name)):
                _export(name, stream, folder, tell)
        rest = [name for name in formats if not EXPORTED.get(name)]
        if rest:
            with open_stream(kg.folder, Selection()) as stream:
                for name in rest:
                    _export(name, stream, folder, tell)


def write_built(kg: KnowledgeGraph, folder: Path) -> None:
    """Copy the built graph itself."""
    shutil.copytree(kg.folder, folder / GRAPH)


def pack(content: bytes, path: Path) -> None:
    """Write gzipped bytes; the header holds neither time nor name, so that the same content gives the same bytes."""
    path.write_bytes(gzip.compress(content, 6, mtime=0))


def _export(name: str, stream: GraphStream, folder: Path, tell: Tell) -> None:
    tell(f"export {name}")
    place = folder / EXPORTS / name
    if not find_format(name).is_folder:
        place = place / f"immunograph.{name}"
    write_export(name, stream, str(place), ExportOptions())


def _pack(source: Path, path: Path) -> None:
    with source.open("rb") as file, path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, 0) as packed:
        shutil.copyfileobj(file, packed, 1 << 20)


def _copy(source: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, path)


def _as_name(licence: str) -> str:
    """A licence as the name of a folder."""
    return short_name(licence).rpartition("/")[2] or "other"
