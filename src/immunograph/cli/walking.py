"""``immunograph path``: how one node reaches another, along stated links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from immunograph.cli.asking import opened
from immunograph.cli.output import chosen_format, graph_options, output_options, write_answer, write_text
from immunograph.queries import Answer
from immunograph.queries.answer import Value

if TYPE_CHECKING:
    from immunograph.analysis.ends import Said
    from immunograph.analysis.paths import MechanismPath

_SIGNS = {-1: "-", 1: "+", 0: ""}
_LINKS = ("path", "path_sign", "step", "subject", "predicate", "object", "sign", "associations", "sources")
_COLUMNS = (*_LINKS, "stated", "stated_associations", "stated_sources")


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

    A minus counteracts, a plus promotes; a path explains, it does not claim a treatment. What sources state of the two
    themselves, also against what the paths suggest, stands beneath.
    """
    with opened(data, graph, quiet) as kg:
        paths = kg.path(start, end, hops=max_hops, most=most)
        stated = kg.said_of(start, end)
        nodes = {iri for found in paths for link in found.links for iri in (link.subject, link.object)}
        nodes |= {iri for said in stated for iri in (said.subject, said.object)}
        names = {iri: kg.label(iri) for iri in nodes}
    if not paths:
        click.echo(f"no path of at most {max_hops} stated links leads from {start} to {end}", err=True)
    if chosen_format(form, output, "table") == "table":
        write_text(_text(paths, stated, names), output)
    else:
        write_answer(Answer(_COLUMNS, tuple(_rows(paths, stated, names))), chosen_format(form, output), output)


def _text(paths: Sequence[MechanismPath], stated: Sequence[Said], names: Mapping[str, str]) -> str:
    text = ""
    for number, found in enumerate(paths, start=1):
        text += f"{number}. [{_SIGNS[found.sign] or 'no sign'}] {names[found.links[0].subject]}\n"
        for link in found.links:
            text += f"     {link.predicate} {_SIGNS[link.sign]}> {names[link.object]}   ({'; '.join(link.sources)})\n"
    for said in stated:
        where = "; ".join([*said.associations, *said.sources])
        text += f"stated: {names[said.subject]} {said.how} {names[said.object]}{_beside(said, paths)}   ({where})\n"
    return text


def _beside(said: Said, paths: Sequence[MechanismPath]) -> str:
    """Which paths suggest the same as a statement, and which the contrary."""
    text = ""
    for agreement, words in ((1, "as"), (-1, "against")):
        numbers = [str(n) for n, path in enumerate(paths, start=1) if said.agreement(path.sign) == agreement]
        text += f", {words} path{'s' * (len(numbers) > 1)} {', '.join(numbers)}" if numbers else ""
    return text


def _rows(
    paths: Sequence[MechanismPath], stated: Sequence[Said], names: Mapping[str, str]
) -> Iterator[tuple[Value, ...]]:
    beneath = (
        "; ".join(f"{said.how} {names[said.object]}" for said in stated),
        " ".join(curie for said in stated for curie in said.associations),
        "; ".join(dict.fromkeys(title for said in stated for title in said.sources)),
    )
    for number, found in enumerate(paths, start=1):
        for step, link in enumerate(found.links, start=1):
            way = (names[link.subject], link.predicate, names[link.object], _SIGNS[link.sign])
            where = (" ".join(link.associations), "; ".join(link.sources))
            yield (number, _SIGNS[found.sign], step, *way, *where, *beneath)
