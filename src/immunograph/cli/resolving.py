"""``link resolve`` and ``link annotate``: identifiers and names → nodes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click

from immunograph.cli.asking import opened
from immunograph.cli.output import chosen_format, graph_options, output_options, write_answer, write_text
from immunograph.linking.annotating import Annotation, annotate, read_table
from immunograph.linking.resolving import (
    RESOLUTION_COLUMNS,
    STRENGTHS,
    Resolution,
    read_texts,
    resolution_row,
    resolve_all,
)
from immunograph.linking.user_text import decoded
from immunograph.queries import Answer
from immunograph.vocabulary import NODE_KINDS

_ROWS = ("table", "csv", "tsv", "json", "jsonl", "parquet")
_KINDS = click.Choice([*NODE_KINDS, "ModulatorClass"], case_sensitive=False)


@click.command()
@click.argument("texts", nargs=-1, metavar="[ID|NAME]...")
@click.option("--file", "-i", "file", type=click.File("rb"), help="One a line; `-` for standard input.")
@click.option("--kind", "kinds", type=_KINDS, multiple=True, help="Only nodes of this kind; may be repeated.")
@click.option("--prefix", default="", help="What bare numbers are identifiers of, such as NCBIGene.")
@click.option("--fail-empty", is_flag=True, help="Exit with 1 where something means no single node.")
@output_options(*_ROWS)
@graph_options
def resolve(
    texts: tuple[str, ...],
    file: IO[bytes] | None,
    kinds: tuple[str, ...],
    prefix: str,
    fail_empty: bool,
    form: str | None,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Say which node each identifier or name means, how surely, and what else the same thing is called."""
    wanted = [
        *texts,
        *(read_texts(decoded(file.read(), Path(getattr(file, "name", "-"))).splitlines()) if file else ()),
    ]
    if not wanted:
        raise click.UsageError("give an identifier or a name, or --file FILE")
    with opened(data, graph, quiet) as kg:
        found = resolve_all(kg.names, wanted, kinds=kinds, prefix=prefix)
    form = chosen_format(form, output)
    if form == "table":
        write_text("".join(f"{line}\n" for one in found for line in _lines(one)), output)
    else:
        write_answer(Answer(RESOLUTION_COLUMNS, tuple(map(resolution_row, found))), form, output)
    if fail_empty and any(one.status != "found" for one in found):
        raise SystemExit(1)


@click.command("annotate")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--column", "-c", required=True, help="The column of identifiers or names; its name or number from 1.")
@click.option("--kind", "kinds", type=_KINDS, multiple=True, help="Only nodes of this kind; may be repeated.")
@click.option("--prefix", default="", help="What bare numbers are identifiers of, such as NCBIGene.")
@output_options(*_ROWS)
@graph_options
def annotate_(
    file: Path,
    column: str,
    kinds: tuple[str, ...],
    prefix: str,
    form: str | None,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Add to each row of a table the node that a column means; no row is dropped, what is unclear is listed."""
    table = read_table(file)
    with opened(data, graph, quiet) as kg:
        found = annotate(kg.names, table, column, kinds=kinds, prefix=prefix)
    default = "tsv" if table.delimiter == "\t" else "csv"
    write_answer(found.answer, chosen_format(form, output, default), output)
    if not quiet:
        _tell(found)


def _tell(found: Annotation, most: int = 50) -> None:
    counts = found.counts()
    spoken = ", ".join(f"{counts[status]} {status}" for status in ("matched", "ambiguous", "unmatched"))
    click.echo(f"{len(found.resolutions)} rows: {spoken}", err=True)
    for row, what in list(found.odd.items())[:most]:
        click.echo(f"  row {row}: {what}", err=True)
    if len(found.odd) > most:
        click.echo(f"  ... and {len(found.odd) - most} more such rows; see the column note", err=True)
    left = found.left()
    for text, (one, rows) in list(left.items())[:most]:
        why = {"ambiguous": "means several", "unknown": "unmatched"}[one.status]
        shown = "; ".join(map(str, one.candidates))
        near = f": {shown}" if one.status == "ambiguous" else f"; did you mean {shown}?" if shown else ""
        near = near or (f": {one.note}" if one.note else "")
        click.echo(f"  {text!r} ({rows} row{'s' if rows > 1 else ''}) {why}{near}", err=True)
    if len(left) > most:
        click.echo(f"  ... and {len(left) - most} more; see the column status", err=True)


def _lines(found: Resolution) -> Iterator[str]:
    """One resolution for people: the node, how it was found, and what else it is called."""
    yield found.text
    note = f"; {found.note}" if found.note else ""
    if found.node:
        how = f"{found.strength} {found.via}, {found.matched}{note}"
        yield f"  {found.node.curie}  {found.node.label}  [{'/'.join(found.node.kinds)}]  ({how})"
        for relation in STRENGTHS:
            if others := found.elsewhere(relation):
                yield f"    {relation}: {' '.join(others)}"
    elif found.status == "ambiguous":
        yield f"  means several things by {found.via}{note}:"
        yield from (f"    {node.curie}  {node.label}  [{'/'.join(node.kinds)}]" for node in found.candidates)
    else:
        yield f"  unknown{note}" + ("; near are:" if found.candidates else "")
        yield from (f"    {node.curie}  {node.label}  [{'/'.join(node.kinds)}]" for node in found.candidates)
