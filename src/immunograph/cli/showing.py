"""What people see: tables and pages, drawn by rich; loaded only when something is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

_NARROW, _WIDE = 12, 40
"""A column narrower than the one is hard to read; none needs more than the other."""
_GAP = 2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from immunograph.pages import NodePage
    from immunograph.queries import Answer


def drawn(draw: Callable[[Console], None], output: Path | None) -> str:
    """What a function draws: as wide as the terminal, or 200 columns for a file."""
    console = Console(width=200) if output else Console()
    with console.capture() as capture:
        draw(console)
    return capture.get()


@contextmanager
def progress(text: str) -> Iterator[Callable[[str], None]]:
    """A spinner on standard error, and a function that changes its text."""
    with Console(stderr=True).status(text) as status:
        yield lambda changed: status.update(changed)


def draw_answer(console: Console, answer: Answer, title: str) -> None:
    """Draw rows as a table, numbers to the right; proofs are trees, and stand below it.

    Where the table is too wide for the console, each row is drawn as a record: a line for each column, empty ones left
    out.
    """
    proofs = answer.column("proofs") if "proofs" in answer.columns else []
    answer = answer.without("proofs")
    widths = [_least_width(name, answer.column(name)) for name in answer.columns]
    if answer.rows and sum(widths) + _GAP * (len(widths) - 1) > console.width:
        _draw_records(console, answer, title)
    else:
        _draw_table(console, answer, title, widths)
    for number, proof in enumerate(proofs, start=1):
        if proof:
            console.print(f"\nrow {number}:\n{proof}", highlight=False, markup=False, soft_wrap=True)


def _least_width(name: str, values: Sequence[object]) -> int:
    """The width that a column needs to be read: no identifier is cut; words may stand below one another."""
    texts = ["" if value is None else str(value) for value in values]
    words = [len(word) for text in texts for word in text.split() if "://" not in word]
    return min(max(map(len, [name, *texts])), max([_NARROW, *words]), _WIDE)


def _draw_table(console: Console, answer: Answer, title: str, widths: Sequence[int]) -> None:
    table = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for name, width in zip(answer.columns, widths, strict=True):
        values = [value for value in answer.column(name) if value is not None]
        is_number = bool(values) and all(isinstance(value, int | float | Decimal) for value in values)
        table.add_column(Text(name), justify="right" if is_number else "left", overflow="fold", min_width=width)
    for row in answer.rows:
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    console.print(table)


def _draw_records(console: Console, answer: Answer, title: str) -> None:
    """Draw each row as lines of name and value; addresses are not broken, so that they can be copied."""
    if title:
        console.print(Text(title, style="italic"), soft_wrap=True)
    column = max(map(len, answer.columns)) + _GAP
    for number, row in enumerate(answer.rows, start=1):
        console.print(Text(f"[{number}]", style="bold"))
        for name, value in zip(answer.columns, row, strict=True):
            if value in (None, ""):
                continue
            lines = wrap(
                str(value), max(console.width - column, _NARROW), break_long_words=False, break_on_hyphens=False
            )
            shown = f"\n{' ' * column}".join(lines)
            console.print(Text.assemble((name.ljust(column), "bold"), shown), soft_wrap=True)


def draw_page(console: Console, page: NodePage, has_inferred: bool) -> None:
    """Draw a node's page; inferred classes only when asked for."""
    first, *others = page.headings(has_inferred=has_inferred)
    rest = first.removeprefix(page.node.label)
    console.print(f"[bold]{escape(page.node.label)}[/bold]{escape(rest)}")
    for line in others:
        console.print(escape(line), highlight=False)
    rows = page.rows()
    table = Table(*rows.columns, box=None, header_style="bold", pad_edge=False)
    for row in rows.rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    console.print(table)


def draw_info(console: Console, content: Mapping[str, Any]) -> None:
    """Draw the counts and the sources of a graph."""
    console.print(f"immunograph {content['version']}, graph {content['build']}", highlight=False)
    for heading in ("nodes", "associations", "qualified", "triples"):
        table = Table(title=heading, title_justify="left", box=None, show_header=False, pad_edge=False)
        for name, count in content[heading].items():
            table.add_row(name, f"{count:,}")
        if heading == "nodes":
            table.add_row("nodes, each once", f"{content['nodes_total']:,}")
            table.add_row("modulator classes", f"{content['modulator_classes']:,}")
        console.print(table)
    table = Table("source", "licence", "version", "associations", title="sources", title_justify="left", box=None)
    for source in content["sources"]:
        table.add_row(source["source"], source["licence"], source["version"], f"{source['associations']:,}")
    console.print(table)
