"""What people see: tables and pages, drawn by rich; loaded only when something is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

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
    """Draw rows as a table, numbers to the right; proofs are trees, and stand below it."""
    proofs = answer.column("proofs") if "proofs" in answer.columns else []
    answer = answer.without("proofs")
    table = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for name in answer.columns:
        values = [value for value in answer.column(name) if value is not None]
        is_number = bool(values) and all(isinstance(value, int | float | Decimal) for value in values)
        table.add_column(Text(name), justify="right" if is_number else "left", overflow="fold")
    for row in answer.rows:
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    console.print(table)
    for number, proof in enumerate(proofs, start=1):
        if proof:
            console.print(f"\nrow {number}:\n{proof}", highlight=False, markup=False, soft_wrap=True)


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
