"""How answers are written: tables for people, delimited text, JSON, Parquet or Turtle for programs."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

from immunograph.errors import ExportError
from immunograph.queries import Answer
from immunograph.turtle import write_atomically

FORMATS = ("table", "csv", "tsv", "json", "jsonl", "parquet", "ttl")

Command = TypeVar("Command", bound=Callable[..., Any])


def output_options(*formats: str) -> Callable[[Command], Command]:
    """Give a command ``--format`` and ``--output``."""

    def decorate(command: Command) -> Command:
        command = click.option("--output", "-o", type=click.Path(path_type=Path), help="Write to a file.")(command)
        return click.option(
            "--format",
            "-f",
            "form",
            type=click.Choice(formats or FORMATS),
            help="Default: table on a terminal, tsv in a pipe.",
        )(command)

    return decorate


def graph_options(command: Command) -> Command:
    """Give a command ``--data``, ``--graph`` and ``--quiet``."""
    command = click.option("--quiet", "-q", is_flag=True, help="Print nothing but results and errors.")(command)
    command = click.option(
        "--graph", type=click.Path(path_type=Path), help="A graph made by `immunograph build --out`."
    )(command)
    return click.option(
        "--data", type=click.Path(path_type=Path), help="A folder of Turtle to build from (default: the shipped data)."
    )(command)


def chosen_format(form: str | None, output: Path | None, default: str = "tsv") -> str:
    """The format asked for, or by the file's ending, or by whether a person is looking."""
    if form:
        return form
    if output and output.suffix.lstrip(".") in FORMATS:
        return output.suffix.lstrip(".")
    return "table" if output is None and sys.stdout.isatty() else default


def write_answer(answer: Answer, form: str, output: Path | None, title: str = "") -> None:
    """Write an answer.

    Raises:
        ExportError: the format needs a file, or rows have no such form.
    """
    if form == "table":
        buffer = io.StringIO()
        Console(file=buffer if output else None, width=200 if output else None).print(_table(answer, title))
        if output:
            write_text(buffer.getvalue(), output)
    elif form == "parquet":
        write_parquet(answer, output)
    else:
        write_text(rendered(answer, form), output)
    if answer.note:
        click.echo(answer.note, err=True)


def rendered(answer: Answer, form: str) -> str:
    """An answer as text in one of the program formats.

    Raises:
        ExportError: rows have no such form.
    """
    writers: dict[str, Callable[[], str]] = {
        "csv": answer.to_csv,
        "tsv": lambda: answer.to_csv("\t"),
        "json": lambda: answer.to_json() + "\n",
        "jsonl": answer.to_json_lines,
    }
    if form not in writers:
        raise ExportError(
            f"rows cannot be written as {form}; choose one of {', '.join(('table', *writers, 'parquet'))}"
        )
    return writers[form]()


def write_text(text: str, output: Path | None) -> None:
    """Write to a file in one step, or to standard output."""
    if output is None:
        click.echo(text, nl=False)
    else:
        write_atomically(output, text)


def write_json(content: object, output: Path | None) -> None:
    """Write plain data as JSON."""
    write_text(json.dumps(content, indent=1, ensure_ascii=False, default=str) + "\n", output)


def write_parquet(answer: Answer, output: Path | None) -> None:
    """Write an answer as a Parquet file.

    Raises:
        ExportError: no file was given.
        MissingExtraError: pyarrow is not installed.
    """
    if output is None:
        raise ExportError("Parquet is not text; give --output FILE")
    table = answer.to_arrow()
    from pyarrow import parquet

    parquet.write_table(table, output)


def _table(answer: Answer, title: str) -> Table:
    table = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for name in answer.columns:
        values = [value for value in answer.column(name) if value is not None]
        is_number = bool(values) and all(isinstance(value, int | float | Decimal) for value in values)
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for row in answer.rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    return table
