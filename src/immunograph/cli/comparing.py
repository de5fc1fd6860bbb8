"""``diff``: what changed between two graphs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from immunograph.assets import data_dir, queries_dir
from immunograph.cli.output import chosen_format, output_options, write_answer, write_json, write_text
from immunograph.comparing import PARTS, Change, Difference, compare
from immunograph.queries import read_queries
from immunograph.releasing.opening import open_side

SIGNS = {"added": "+", "removed": "-", "changed": "~"}


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path), required=False)
@click.option(
    "--part", "parts", multiple=True, type=click.Choice(PARTS), help="Only this part; may be given again.  [all]"
)
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="Shown of each part; 0 for all.")
@click.option("--data", type=click.Path(path_type=Path), help="Stands for NEW (default: the shipped data).")
@output_options("table", "tsv", "csv", "json", "jsonl", "parquet")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but results and errors.")
def diff(
    old: Path,
    new: Path | None,
    parts: tuple[str, ...],
    limit: int,
    data: Path | None,
    form: str | None,
    output: Path | None,
    quiet: bool,
) -> None:
    """What changed from OLD to NEW: each a built graph, a folder of Turtle or a release.

    Nodes, associations with their qualifiers and evidence, terms, inferred facts, and the answers of the saved queries
    to their example values. --limit holds for the table alone.
    """

    def tell(stage: str) -> None:
        if not quiet:
            click.echo(f"{stage} ...", err=True)

    before, after = open_side(old, tell), open_side(new or data or data_dir(), tell)
    tell("comparing")
    difference = compare(before, after, read_queries(queries_dir()), parts or PARTS)
    chosen = chosen_format(form, output)
    if chosen == "table":
        write_text("".join(f"{line}\n" for line in told(difference, limit or sys.maxsize)), output)
    elif chosen == "json":
        write_json(difference.as_dict(), output)
    else:
        write_answer(difference.to_answer(), chosen, output)
    for note in difference.notes if chosen != "json" and not quiet else ():
        click.echo(note, err=True)


def told(difference: Difference, most: int) -> Iterator[str]:
    """A difference for people: a line of counts a part, then the changes of each, up to a limit."""
    for part, counts in difference.counts().items():
        yield f"{part:<13}" + "".join(f"{count:>8,} {kind}" for kind, count in counts.items())
    for part in difference.parts:
        changes = difference.of(part)
        if changes:
            yield from ("", part)
        for change in changes[:most]:
            yield from _lines(change)
        if len(changes) > most:
            yield f"  ... and {len(changes) - most:,} more; --limit 0 shows all"


def _lines(change: Change) -> Iterator[str]:
    was = f" (was {change.was})" if change.was else ""
    yield f"{SIGNS[change.change]} {change.id}  {change.text}{was}"
    for sign, values in (("-", change.lost), ("+", change.gained)):
        yield from (f"    {sign} {value}" for value in values)
