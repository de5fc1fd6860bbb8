"""A built graph → a release: one folder, whole or not there, the same bytes for the same input, version and date."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from immunograph import __version__
from immunograph.building.plan import is_current
from immunograph.comparing import Difference, compare
from immunograph.errors import ExportError
from immunograph.exporters.writing import replace_folder, whole_folder
from immunograph.knowledge import KnowledgeGraph
from immunograph.releasing.changelog import changelog
from immunograph.releasing.contents import (
    EXPORTED,
    pack,
    write_built,
    write_data,
    write_graph,
    write_ontology,
    write_queries,
)
from immunograph.releasing.describing import write_dcat, write_manifest, write_readme
from immunograph.releasing.layout import CHANGELOG, CHANGES, is_release, read_manifest
from immunograph.releasing.opening import open_release

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


@dataclass(frozen=True, slots=True)
class ReleaseOptions:
    """What a release is made with.

    Attributes:
        date: its day.
        version: part of the folder's name; letters, digits, dots, hyphens.
        previous: folder of the release to compare with; None for none.
        formats: export formats.
        has_graph: whether the built graph is put in, too.
        is_forced: whether an earlier release of the same version there is replaced.
        tell: is called with the name of each stage.
    """

    date: date
    version: str = __version__
    previous: Path | None = None
    formats: Sequence[str] = tuple(EXPORTED)
    has_graph: bool = False
    is_forced: bool = False
    tell: Callable[[str], None] = lambda _: None


def release(kg: KnowledgeGraph, out: Path, options: ReleaseOptions) -> Path:
    """Write a release under a folder.

    Returns:
        The release's own folder, ``out/immunograph-VERSION``.

    Raises:
        ExportError: it exists, cannot be written, the version is no name, or the graph was built from other data.
        LoadError: the previous release is damaged.
    """
    if not _VERSION.match(options.version):
        raise ExportError(f"{options.version!r} is no version; use letters, digits, dots and hyphens")
    if not is_current(kg.folder, kg.plan):
        raise ExportError(f"{kg.folder}: was built from other files; release the graph of --data")
    final = out.absolute() / f"immunograph-{options.version}"
    if final.exists() and not (options.is_forced and is_release(final)):
        raise ExportError(f"{final}: exists; choose another place or version, or replace a release with --force")
    difference, previous = _difference(kg, options)
    with whole_folder(final) as folder:
        _write(kg, folder, options, difference, previous)
        replace_folder(folder, final)
    return final


def _difference(kg: KnowledgeGraph, options: ReleaseOptions) -> tuple[Difference | None, str]:
    if options.previous is None:
        return None, ""
    options.tell("comparing with the previous release")
    version = str(read_manifest(options.previous)["version"])
    return compare(open_release(options.previous), kg, kg.queries), version


def _write(
    kg: KnowledgeGraph, folder: Path, options: ReleaseOptions, difference: Difference | None, previous: str
) -> None:
    options.tell("ontology, data and queries")
    write_ontology(kg.plan.ontology, folder)
    licences = write_data(kg.plan.data, folder)
    write_queries(folder)
    write_graph(kg, folder, options.formats, options.tell)
    day = options.date.isoformat()
    written = changelog(options.version, day, previous, difference)
    (folder / CHANGELOG).write_text(written, encoding="utf-8", newline="\n")
    if difference is not None:
        pack(difference.to_answer().to_csv("\t").encode(), folder / CHANGES)
    about: Mapping[str, Any] = {
        "version": options.version,
        "date": day,
        "previous": previous,
        "build": kg.report.get("key"),
        "counts": _counts(kg),
        "licences": licences,
    }
    options.tell("descriptions and checksums")
    write_readme(folder, about)
    write_dcat(folder, about)
    if options.has_graph:
        write_built(kg, folder)
    write_manifest(folder, about)


def _counts(kg: KnowledgeGraph) -> dict[str, object]:
    info = kg.info()
    triples = info["triples"]
    return {
        **(triples if isinstance(triples, dict) else {}),
        "nodes": info["nodes_total"],
        "nodes_by_kind": info["nodes"],
        "associations": info["associations_total"],
        "evidence": info["evidence"],
    }
