"""``immunograph import`` and ``immunograph format``: public files and sheets → ``data/``."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from immunograph import importing
from immunograph.assets import data_dir
from immunograph.sources import ImportReport, importers
from immunograph.sources.exported import READERS
from immunograph.turtle import write_atomically


@click.command("import")
@click.argument("source")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write, such as data/chembl.")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder of what is already known (default: the one that holds --out, else the shipped).",
)
@click.option("--version", default="", help="Version of the source, where the files do not say it.")
@click.option("--report", "report_file", type=click.Path(path_type=Path), help="Write the report as JSON.")
@click.option("--strict", is_flag=True, help="Stop at the first malformed row; nothing is written.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def import_(
    source: str,
    files: tuple[Path, ...],
    out: Path,
    data: Path | None,
    version: str,
    report_file: Path | None,
    strict: bool,
    quiet: bool,
) -> None:
    """Read public files and write what they say as Turtle, each statement with its evidence.

    SOURCE is `sheets` (curation sheets) or a public source; `immunograph import list --out .` names them all.
    """
    console = Console(stderr=True, quiet=quiet)
    if source == "list":
        _list_sources()
        return
    if not files:
        raise click.UsageError(f"{source} takes files; see `immunograph import list --out .`")
    known = data or importing.known_beside(out) or data_dir()
    with console.status(f"reading {', '.join(path.name for path in files[:3])} ..."):
        if source == "sheets":
            registry = importing.registry_for_sheets(known, out)
            report = importing.import_sheets(files, out, registry, is_strict=strict)
        elif source in READERS:
            report = importing.import_export(source, files[0], out)
        else:
            registry = importing.read_registry(known, out)
            importer = importing.find_importer(source)
            report = importing.import_files(importer, files, out, registry, is_strict=strict, version=version)
    if report_file:
        write_atomically(report_file, json.dumps(report.as_dict(), indent=2, ensure_ascii=False) + "\n")
    _show_counts(report, console)
    if source == "sheets":
        _show_notes(report, console)
        _refuse_left_out(report)
    else:
        _show_examples(report, console)


@click.command("format")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 where a file is not in house form.")
def format_(paths: tuple[Path, ...], check: bool) -> None:
    """Rewrite instance data in house form: a block a subject, a line a triple, sorted."""
    changed = importing.format_files(paths or (data_dir(),), is_check=check)
    for path in changed:
        click.echo(f"{'would rewrite' if check else 'rewrote'} {path}")
    if check and changed:
        raise SystemExit(1)


def _list_sources() -> None:
    for name, importer in sorted(importers().items()):
        click.echo(f"{name:<16} {importer.summary}")
        for file, help_text in importer.files.items():
            click.echo(f"{'':<16}   {file}: {help_text}")
    for name, (help_text, _) in READERS.items():
        click.echo(f"{name:<16} {help_text}")
    click.echo(f"{'sheets':<16} Curation sheets (docs/curation.md), and ontology releases to find names in.")


def _show_counts(report: ImportReport, console: Console) -> None:
    table = Table("", "", "count", box=None, show_header=False)
    for heading, counts in (("read", report.read), ("written", report.written), ("left out", report.skipped)):
        for name, count in sorted(counts.items()):
            table.add_row(heading, name, str(count))
    for kind, found in sorted(report.unmapped.items()):
        table.add_row("no node for", kind, f"{len(found)} identifiers, {found.total()} uses")
    console.print(table)


def _show_notes(report: ImportReport, console: Console, most: int = 5) -> None:
    """What was written all the same; that statements went is told even where quiet was asked for."""
    for reason, notes in sorted(report.notes.items()):
        for note in notes[:most]:
            console.print(f"  {note.at}: {reason}: {note.detail}", markup=False, highlight=False, soft_wrap=True)
        if len(notes) > most:
            more = f"  {reason}: and {len(notes) - most} more; --report FILE lists them"
            console.print(more, markup=False, highlight=False, soft_wrap=True)
    if gone := len(report.notes.get(importing.NO_MORE, ())):
        click.echo(f"{gone} statement(s) of the earlier Turtle are stated no more", err=True)


def _refuse_left_out(report: ImportReport) -> None:
    """Tell each row that a curator has to mend, whatever else is quiet, and end with exit code 1."""
    left_out = [(str(skip.at.path), skip.at.line or 0, skip) for skips in report.examples.values() for skip in skips]
    for _, _, skip in sorted(left_out, key=lambda row: row[:2]):
        click.echo(f"{skip.at}: {skip.reason}: {skip.detail}", err=True)
    if left_out:
        click.echo(
            f"{len(left_out)} to mend: what the lines above say is not in the Turtle",
            err=True,
        )
        raise SystemExit(1)


def _show_examples(report: ImportReport, console: Console) -> None:
    for reason, skips in sorted(report.examples.items()):
        for skip in skips:
            console.print(f"  {reason}: {skip.at}: {skip.detail}", markup=False, highlight=False, soft_wrap=True)
        if more := report.skipped[reason] - len(skips):
            console.print(f"  {reason}: and {more} more", highlight=False)
