"""``immunograph path``: how one node reaches another, along stated links."""

from __future__ import annotations

from pathlib import Path

import click

from immunograph.cli.asking import opened
from immunograph.cli.output import chosen_format, graph_options, output_options, write_answer, write_text
from immunograph.queries import Answer

_SIGNS = {-1: "-", 1: "+", 0: ""}
_COLUMNS = ("path", "path_sign", "step", "subject", "predicate", "object", "sign", "associations", "sources")


@click.command()
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@click.option("--max-hops", type=click.IntRange(1), default=4, show_default=True, help="The longest path, in links.")
@click.option("-k", "most", type=click.IntRange(1), default=5, show_default=True, help="At most so many paths.")
@output_options("table", "csv", "tsv", "json", "jsonl", "parquet", default="table")
@graph_options
def path(
    start: str,
    end: str,
    max_hops: int,
    most: int,
    form: str | None,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Show signed mechanism paths FROM one node TO another, with the sources of each link.

    A minus counteracts, a plus promotes; a path explains, it does not claim a treatment.
    """
    with opened(data, graph, quiet) as kg:
        paths = kg.path(start, end, hops=max_hops, most=most)
        shown = [[(kg.label(k.subject), kg.label(k.object)) for k in found.links] for found in paths]
    if not paths:
        click.echo(f"no path of at most {max_hops} stated links leads from {start} to {end}", err=True)
    if chosen_format(form, output, "table") == "table":
        text = ""
        for number, (found, names) in enumerate(zip(paths, shown, strict=True), start=1):
            text += f"{number}. [{_SIGNS[found.sign] or 'no sign'}] {names[0][0]}\n"
            for link, (_, object_) in zip(found.links, names, strict=True):
                text += f"     {link.predicate} {_SIGNS[link.sign]}> {object_}   ({'; '.join(link.sources)})\n"
        write_text(text, output)
        return
    rows = tuple(
        (number, _SIGNS[found.sign], step, subject, link.predicate, object_, _SIGNS[link.sign])
        + (" ".join(link.associations), "; ".join(link.sources))
        for number, (found, names) in enumerate(zip(paths, shown, strict=True), start=1)
        for step, (link, (subject, object_)) in enumerate(zip(found.links, names, strict=True), start=1)
    )
    write_answer(Answer(_COLUMNS, rows), chosen_format(form, output), output)
