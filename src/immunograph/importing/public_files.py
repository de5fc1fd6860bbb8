"""Source → ``data/``: read the records of public files and write them as Turtle, one kind a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path

from immunograph.errors import UnknownTermError
from immunograph.model import Block, Merged, Node, blocks, merge
from immunograph.names import nearest
from immunograph.registry import Registry
from immunograph.sources import Importer, ImportReport, importers
from immunograph.sources.exported import READERS
from immunograph.sources.importer import checksum
from immunograph.sources.left_out import without_left_out
from immunograph.store.reading import data_files, read_blocks, read_iris_in_use, read_nodes
from immunograph.turtle import ordered_block, turtle_text, write_atomically, write_turtle
from immunograph.vocabulary import DCAT_DATASET, IG, NODE_KINDS, RDF_TYPE

FILE_OF_KIND = {
    "Modulator": "modulators",
    "Target": "targets",
    "CellType": "cell-types",
    "Pathway": "pathways",
    "ImmuneProcess": "processes",
    "Condition": "conditions",
    "Measure": "measures",
    "Combination": "combinations",
    "Regulator": "regulators",
    "TargetAction": "target-actions",
    "MechanismStatement": "mechanism-statements",
    "LabelStatement": "label-statements",
    "Interaction": "interactions",
    "ImmuneEffect": "immune-effects",
    "Indication": "indications",
    "AdverseReaction": "adverse-reactions",
    "Membership": "memberships",
    "Expression": "expressions",
    "Secretion": "secretions",
    "Response": "responses",
    "Involvement": "involvements",
    "Monitoring": "monitoring",
    "BiomarkerAssociation": "biomarker-associations",
    "CombinationUse": "combination-uses",
    "Approval": "approvals",
}
"""Kind of node or association → name of its file in a source's folder."""


def find_importer(name: str) -> Importer:
    """Give the importer of a source.

    Raises:
        UnknownTermError: there is none of that name; it carries the nearest names.
    """
    known = importers()
    if name not in known:
        raise UnknownTermError(name, nearest(name, known) or sorted(known))
    return known[name]


def read_registry(data: Path, *without: Path) -> Registry:
    """Gather the nodes that a data folder describes, and the identifiers that it uses.

    Args:
        data: the folder.
        without: folders under it to leave out, such as the one about to be written again.
    """
    registry = Registry()
    if data.is_dir():
        left_out = {folder.resolve() for folder in without}
        files = [path for path in data_files(data) if not left_out & set(path.resolve().parents)]
        registry.extend(merge(read_nodes(files)).nodes.values())
        registry.in_use = read_iris_in_use(files)
    return registry


def import_files(  # noqa: PLR0913 - each is one thing the caller says
    importer: Importer,
    files: Sequence[Path],
    out: Path,
    registry: Registry,
    *,
    is_strict: bool = False,
    version: str = "",
    command: str = "",
) -> ImportReport:
    """Read public files and write what they say under a folder, one kind a file, ``source.ttl`` beside.

    The same input gives the same bytes. Files of kinds that no longer occur are removed.

    Returns:
        The report of what was read, written and left out.

    Raises:
        LoadError: a file is missing or broken, or, when strict, a row is malformed.
        ExportError: the folder cannot be written.
    """
    report = ImportReport(is_strict=is_strict)
    merged = merge(without_left_out(importer.read(files, registry, report), report))
    source = dataclasses.replace(
        importer.source,
        version=version or importer.source.version,
        checksums=tuple(sorted(checksum(path) for path in files)),
        command=command
        or f"immunograph import {importer.source.slug} {' '.join(p.name for p in files)} --out {out.name}",
    )
    by_file = blocks_by_file(merged)
    by_file["source"] = [blocks(source)]
    for name, found in by_file.items():
        write_turtle(found, out / f"{name}.ttl")
    for stale in out.glob("*.ttl"):
        if stale.stem not in by_file and stale.stem in {*FILE_OF_KIND.values(), "evidence", "affinities"}:
            stale.unlink()
    count_written(merged, report)
    return report


def import_export(form: str, folder: Path, out: Path) -> ImportReport:
    """Restore Turtle from one of our own exports, one kind a file.

    Args:
        form: ``kgx`` or ``neo4j-csv``.
        folder: of the export.
        out: folder to write.

    Raises:
        LoadError: the folder is no such export, or a file of it is broken.
        ExportError: the folder cannot be written.
    """
    report = ImportReport()
    by_file: dict[str, list[Block]] = {}
    for block in READERS[form][1](folder):
        kinds = {term.value.removeprefix(IG) for predicate, term in block.pairs if predicate == RDF_TYPE}
        name = next((file for kind, file in _FILE_OF_RECORD.items() if kind in kinds), "others")
        by_file.setdefault(name, []).append(ordered_block(block))
        report.written[name] += 1
    for name, found in by_file.items():
        write_turtle(found, out / f"{name}.ttl")
    return report


_FILE_OF_RECORD = {**FILE_OF_KIND, "Evidence": "evidence", "Affinity": "affinities", DCAT_DATASET: "source"}


def known_beside(out: Path) -> Path | None:
    """The data folder that a source's folder is in; None where nothing else was imported beside it.

    What is written into a checkout has to be read with that checkout, and not with the data of an installed package.
    """
    folder = out.resolve().parent
    others = (path for path in folder.glob("*/source.ttl") if path.parent != out.resolve())
    return folder if any(others) else None


def blocks_by_file(merged: Merged) -> dict[str, list[Block]]:
    """The blocks of records by the name of the file that records of their kind go to."""
    found: dict[str, list[Block]] = {}
    for node in merged.nodes.values():
        found.setdefault(FILE_OF_KIND[_node_kind(node)], []).append(blocks(node))
    for association in merged.associations.values():
        found.setdefault(FILE_OF_KIND[association.kind], []).append(blocks(association))
    if merged.evidence:
        found["evidence"] = [blocks(evidence) for evidence in merged.evidence.values()]
    if merged.affinities:
        found["affinities"] = [blocks(affinity) for affinity in merged.affinities.values()]
    return found


def _node_kind(node: Node) -> str:
    return next(kind for kind in NODE_KINDS if kind in node.types)


def count_written(merged: Merged, report: ImportReport) -> None:
    """Count records by kind."""
    for node in merged.nodes.values():
        report.written[_node_kind(node)] += 1
    for association in merged.associations.values():
        report.written[association.kind] += 1
    report.written["Evidence"] += len(merged.evidence)


def format_files(paths: Iterable[Path], *, is_check: bool = False) -> list[Path]:
    """Rewrite Turtle files of instance data in house form.

    Args:
        paths: files, or folders that are searched for Turtle files.
        is_check: change nothing, only say which files differ.

    Returns:
        The files that were, or would be, rewritten.

    Raises:
        LoadError: a file is missing, does not parse, or holds a blank node; nothing of it is changed.
    """
    files = [file for path in paths for file in (data_files(path) if path.is_dir() else [path])]
    changed = []
    for file in files:
        written = turtle_text(ordered_block(block) for block in read_blocks(file))
        if file.read_text(encoding="utf-8") != written:
            changed.append(file)
            if not is_check:
                write_atomically(file, written)
    return changed
