"""``link update``: slices of public ontologies cut again, and what a new release does to the graph."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from immunograph.assets import data_dir, ontology_dir, queries_dir
from immunograph.cli.ageing import ontology_option, progress
from immunograph.cli.asking import opened
from immunograph.cli.comparing import told
from immunograph.cli.output import graph_options, write_text
from immunograph.comparing import compare
from immunograph.identifiers import prefix_map
from immunograph.knowledge import open_graph
from immunograph.linking.checking import check, own_prefixes
from immunograph.linking.fixing import patch_of
from immunograph.linking.held import HeldNode, held_nodes
from immunograph.linking.refreshing import refreshed
from immunograph.linking.slices import (
    RELATIONS,
    SliceSource,
    iris_in,
    named_after,
    read_slice_sources,
    slice_source_table,
    slice_turtle,
)
from immunograph.queries import read_queries
from immunograph.sources.ontologies import Release, read_release
from immunograph.store.reading import data_files
from immunograph.turtle import write_atomically


@click.command()
@ontology_option
@click.option(
    "--reference", type=click.Path(path_type=Path), help="Folder of the releases that ontology/imports names."
)
@click.option("--imports", type=click.Path(path_type=Path), help="Folder of the slices (default: ontology/imports).")
@click.option("--apply", "is_applied", is_flag=True, help="Also bring the data up to the given releases.")
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="Changes shown a part; 0 for all.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write the difference to a file.")
@graph_options
def update(
    files: tuple[Path, ...],
    reference: Path | None,
    imports: Path | None,
    is_applied: bool,
    limit: int,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Cut the slices of ontology/imports again, and show what releases do to nodes, inferences and answers.

    With --reference, the slices are written. With --ontology, a copy of the data is brought up to the releases (stated
    replacements, labels, hierarchy), built, and compared with the graph as it is; nothing is written unless --apply
    keeps the changes of data, slices and the table of releases.
    """
    if not files and reference is None:
        raise click.UsageError("give --reference DIR for the slices, --ontology FILE for a new release, or both")
    folder = data or data_dir()
    slices = imports or ontology_dir() / "imports"
    sources = read_slice_sources(slices / "releases.tsv")
    given = [_read(path, path.name == "ro.obo", quiet) for path in files]
    cuts = list(_releases(sources, given, reference, quiet))
    for source, release in cuts:
        is_given = any(release is one for one in given)
        if not (is_given and is_applied):
            _cut(source, release, slices, folder, quiet, is_kept=not is_given)
    if not given:
        return
    _compare(given, folder, data, graph, is_applied, limit, output, quiet)
    if is_applied:
        now = {s.slice: named_after(s, r) for s, r in cuts if any(r is one for one in given)}
        kept = [now.get(source.slice, source) for source in sources]
        for source, release in cuts:
            if source.slice in now:
                _cut(now[source.slice], release, slices, folder, quiet, is_kept=True)
        write_atomically(slices / "releases.tsv", slice_source_table(kept))


def _compare(
    given: Sequence[Release],
    folder: Path,
    data: Path | None,
    graph: Path | None,
    is_applied: bool,
    limit: int,
    output: Path | None,
    quiet: bool,
) -> None:
    """Bring a copy of the data up to the releases, tell the difference, and keep the copy's files on demand."""
    with tempfile.TemporaryDirectory(prefix="immunograph-update-") as temporary:
        copy = Path(temporary) / "data"
        shutil.copytree(folder, copy)
        with opened(data, graph, quiet) as kg:
            changed = _bring_up(copy, given, held_nodes(kg.graph))
            if not changed:
                write_text("the releases change nothing in the data\n", output)
                return
            with open_graph(
                data=copy, tell=lambda stage: _say(f"building the changed graph: {stage} ...", quiet)
            ) as new:
                difference = compare(kg, new, read_queries(queries_dir()))
        write_text("".join(f"{line}\n" for line in told(difference, limit or sys.maxsize)), output)
        if is_applied:
            for name in changed:
                write_atomically(folder / name, (copy / name).read_text(encoding="utf-8"))
            _say(f"rewrote {len(changed)} files of {folder}", quiet)
        else:
            _say(f"{len(changed)} files would change; --apply rewrites them", quiet)


def _bring_up(copy: Path, given: Sequence[Release], nodes: Mapping[str, HeldNode]) -> list[Path]:
    """Rewrite a copy of the data; the names of the files that changed."""
    changed: set[Path] = set()
    labels = {term.iri: term.label for release in given for term in release.terms.values()}
    patch = patch_of(check(nodes, given), labels, copy)
    patch.apply()
    changed.update(patch.texts)
    for release in given:
        texts = refreshed(release, copy)
        for path, (_, after) in texts.items():
            write_atomically(path, after)
        changed.update(texts)
    return sorted(path.relative_to(copy) for path in changed)


def _releases(
    sources: Sequence[SliceSource], given: Sequence[Release], reference: Path | None, quiet: bool
) -> list[tuple[SliceSource, Release]]:
    """The release for each slice: a given one that answers for its prefix, else the named file in the folder."""
    found = []
    for source in sources:
        namespace = prefix_map()[source.prefix]
        mine = [release for release in given if any(namespace == prefix for prefix in own_prefixes(release))]
        files = sorted(reference.rglob(source.file)) if reference else []
        if mine:
            found.append((source, mine[-1]))
        elif files:
            found.append((source, _read(files[0], source.prefix in RELATIONS, quiet)))
        elif reference:
            _say(f"{source.slice}: {source.file} is not under {reference}; its slice stays as it is", quiet)
    return found


def _cut(source: SliceSource, release: Release, slices: Path, data: Path, quiet: bool, *, is_kept: bool) -> None:
    """Cut a slice again, and write it where it is to be kept."""
    ontology = ontology_dir()
    files = [*data_files(data), *ontology.glob("*.ttl"), *(ontology / "modules").glob("*.ttl")]
    seeds = iris_in(files, {source.prefix, *(RELATIONS if source.prefix in RELATIONS else ())})
    path = slices / f"{source.slice}.ttl"
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    how = "--reference FOLDER" if release.path.name == source.file else f"--ontology {release.path.name}"
    after = slice_turtle(release, source, seeds, f"immunograph link update {how}")
    if is_kept and after != before:
        write_atomically(path, after)
    old, new = set(before.splitlines()), set(after.splitlines())
    lines = f"{len(new - old)} lines added, {len(old - new)} removed"
    _say(f"{path.name}: release {release.version}, {lines}{'' if is_kept else ' with --apply'}", quiet)


def _read(path: Path, has_relations: bool, quiet: bool) -> Release:
    with progress(path, quiet) as tell:
        return read_release(path, tell, has_relations=has_relations)


def _say(text: str, quiet: bool) -> None:
    if not quiet:
        click.echo(text, err=True)
