"""``link expand``, ``link check`` and ``link update``: other ontologies, and what their releases change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from immunograph.assets import data_dir, ontology_dir
from immunograph.cli.asking import opened
from immunograph.cli.output import chosen_format, graph_options, output_options, write_answer
from immunograph.identifiers import compress
from immunograph.linking.checking import STATUSES, Finding, answer_of, check, check_against_table
from immunograph.linking.conflicts import answer_of as conflict_rows
from immunograph.linking.conflicts import conflicts
from immunograph.linking.expanding import Slice, attach, detach, slice_of, slug_of
from immunograph.linking.fixing import patch_of
from immunograph.linking.held import held_nodes
from immunograph.linking.mappings import node_matches, term_matches
from immunograph.sources.identifier_table import read_identifier_table
from immunograph.sources.ontologies import Release, read_release
from immunograph.sources.sssom import read_sssom
from immunograph.turtle import write_atomically

ontology_option = click.option(
    "--ontology",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A release: OBO, OBO Graph JSON, OWL (RDF/XML, Turtle, functional, Manchester, XML); .gz and .zst too.",
)


@contextmanager
def progress(path: Path, quiet: bool) -> Iterator[Callable[[float], None]]:
    """A bar for the reading of one file, on a terminal."""
    console = Console(stderr=True, quiet=quiet)
    columns = (TextColumn("reading {task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task(path.name, total=1.0)
        yield lambda share: bars.update(task, completed=share)


def releases(files: Sequence[Path], quiet: bool) -> list[Release]:
    """Read ontology files, with a bar each."""
    found = []
    for path in files:
        with progress(path, quiet) as tell:
            found.append(read_release(path, tell))
    return found


@click.command()
@ontology_option
@click.option("--name", default="", help="Name of the slice's folder and named graph (default: linked-<file>).")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write (default: a folder of the data).")
@click.option("--below", type=click.IntRange(0), default=0, show_default=True, help="Steps below our nodes, too.")
@click.option("--license", "licence", default="", help="IRI of the licence, where the file states none.")
@click.option("--remove", is_flag=True, help="Remove the slice again.")
@click.option("--dry-run", is_flag=True, help="Write nothing, only say what would be attached.")
@graph_options
def expand(
    files: tuple[Path, ...],
    name: str,
    out: Path | None,
    below: int,
    licence: str,
    remove: bool,
    dry_run: bool,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Attach an ontology's hierarchy around the nodes in use, as a source and named graph of its own."""
    if remove:
        folder = out or (data or data_dir()) / (name or slug_of(Release(files[0])) if files or name else "")
        if not (files or name or out):
            raise click.UsageError("say which slice to remove: --name NAME, --ontology FILE or --out DIR")
        detach(folder)
        click.echo(f"removed {folder}", err=True)
        return
    if len(files) != 1:
        raise click.UsageError("give one --ontology FILE")
    (release,) = releases(files, quiet)
    slug = name or (out.name if out else slug_of(release))
    with opened(data, graph, quiet) as kg:
        nodes = held_nodes(kg.graph, without=slug)
        found = slice_of(release, nodes, slug, below)
    folder = out or (data or data_dir()) / slug
    if not dry_run:
        command = f"--ontology {release.path.name} --name {slug}" + (f" --below {below}" if below else "")
        attach(release, found, nodes, folder, command=command, licence=licence)
    if not quiet:
        _tell(found, release, None if dry_run else folder)


@click.command("check")
@ontology_option
@click.option("--all", "all_", is_flag=True, help="Also the identifiers that are current.")
@click.option(
    "--conflicts", "only_conflicts", is_flag=True, help="Check the mappings instead: what cannot all be true."
)
@click.option(
    "--mappings",
    type=click.Path(path_type=Path),
    multiple=True,
    help="With --conflicts: SSSOM files of others, whose exact matches are followed too.",
)
@click.option("--fix", is_flag=True, help="Rewrite the data: only replacements that a release itself states.")
@click.option("--patch", type=click.Path(path_type=Path), help="Write what --fix would change as a patch.")
@output_options("table", "csv", "tsv", "json", "jsonl", "parquet")
@graph_options
def check_(
    files: tuple[Path, ...],
    all_: bool,
    only_conflicts: bool,
    mappings: tuple[Path, ...],
    fix: bool,
    patch: Path | None,
    form: str | None,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Hold every external identifier against releases: unknown, obsolete, merged, renamed, label mismatch.

    Without --ontology, the nodes' own identifiers are held against the committed table. Exit code 1 where one is
    unknown, obsolete, merged or of another label, or where mappings conflict.
    """
    if only_conflicts:
        with opened(data, graph, quiet) as kg:
            ours = [*node_matches(kg.graph), *term_matches(ontology_dir())]
            faults = conflicts(
                ours, held_nodes(kg.graph).keys(), [one for path in mappings for one in read_sssom(path)]
            )
        write_answer(conflict_rows(faults), chosen_format(form, output), output)
        if not quiet:
            click.echo(f"{len(ours)} mappings, {len(faults)} conflicts", err=True)
        if faults:
            raise SystemExit(1)
        return
    if mappings:
        raise click.UsageError("--mappings goes with --conflicts")
    if (fix or patch) and not files:
        raise click.UsageError("--fix and --patch take what a release states; give --ontology FILE")
    read = releases(files, quiet)
    with opened(data, graph, quiet) as kg:
        nodes = held_nodes(kg.graph)
    if read:
        findings = check(nodes, read)
    else:
        findings = check_against_table(
            nodes, read_identifier_table(ontology_dir() / "tables" / "identifiers-in-use.tsv")
        )
    answer = answer_of(one for one in findings if all_ or one.status != "current")
    write_answer(answer, chosen_format(form, output), output)
    if not quiet:
        _tell_checked(findings)
    if fix or patch:
        _mend(findings, read, data or data_dir(), fix, patch)
    if any(one.is_fault for one in findings):
        raise SystemExit(1)


def _tell_checked(findings: Sequence[Finding]) -> None:
    counts = Counter(one.status for one in findings)
    spoken = ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status])
    click.echo(f"{len(findings)} identifiers: {spoken or 'none of a checked ontology'}", err=True)
    if counts["unknown"] * 4 > len(findings):
        click.echo(
            "so many are unknown that the file is likely a subset, or much older than the data; check a whole release",
            err=True,
        )


def _mend(findings: Sequence[Finding], read: Sequence[Release], data: Path, fix: bool, file: Path | None) -> None:
    labels = {term.iri: term.label for release in read for term in release.terms.values()}
    patch = patch_of(findings, labels, data)
    if file:
        write_atomically(file, patch.as_diff())
    if fix:
        patch.apply()
    done = "rewrote" if fix else "would rewrite"
    click.echo(f"{done} {len(patch.texts)} files: {len(patch.replaced)} identifiers replaced", err=True)
    for old, new in sorted(patch.replaced.items()):
        click.echo(f"  {compress(old)} -> {compress(new)}", err=True)
    for old, why in patch.left:
        click.echo(f"  left: {compress(old)}: {why}", err=True)
    for place in patch.sheets:
        click.echo(f"  by hand: {place}", err=True)


def _tell(found: Slice, release: Release, folder: Path | None, most: int = 20) -> None:
    click.echo(f"{release.path.name}, release {release.version}: {len(release.terms)} terms", err=True)
    for name, count in found.counts().items():
        click.echo(f"  {count:>6} {name}", err=True)
    listed = [
        *(f"not joined: {compress(t)} and {compress(n)}: {why}" for t, n, why in found.joints.doubtful),
        *(f"link left out: {compress(narrow)} under {compress(broad)}: {why}" for narrow, broad, why in found.left_out),
    ]
    for line in listed[:most]:
        click.echo(f"  {line}", err=True)
    if len(listed) > most:
        click.echo(f"  ... and {len(listed) - most} more", err=True)
    if folder:
        click.echo(f"written to {folder}; the next command builds the graph with it", err=True)
