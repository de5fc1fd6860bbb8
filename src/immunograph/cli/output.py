"""How answers are written: tables for people, delimited text, JSON, Parquet or Turtle for programs."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

import click

from immunograph.errors import ExportError
from immunograph.identifiers import compress
from immunograph.queries import Answer
from immunograph.store.triples import Triple, turtle_of
from immunograph.turtle import write_atomically

if TYPE_CHECKING:
    from immunograph.store.remote import Endpoint

ENDPOINT_SECONDS = 60
"""How long an endpoint is waited for where nothing else is said."""

FORMATS = ("table", "csv", "tsv", "json", "jsonl", "parquet", "ttl")

Command = TypeVar("Command", bound=Callable[..., Any])


def output_options(*formats: str, default: str = "") -> Callable[[Command], Command]:
    """Give a command ``--format`` and ``--output``."""

    def decorate(command: Command) -> Command:
        command = click.option("--output", "-o", type=click.Path(path_type=Path), help="Write to a file.")(command)
        return click.option(
            "--format",
            "-f",
            "form",
            type=click.Choice(formats or FORMATS),
            help=f"Default: {default or 'table on a terminal, tsv in a pipe'}.",
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


def endpoint_options(command: Command) -> Command:
    """Give a command ``--endpoint``, ``--page`` and ``--timeout``."""
    command = click.option(
        "--timeout",
        type=click.IntRange(1),
        metavar="S",
        help=f"Give up after so many seconds (default: {ENDPOINT_SECONDS} for an endpoint, none for the graph here).",
    )(command)
    command = click.option(
        "--page", type=click.IntRange(1), metavar="N", help="Ask the endpoint for N rows at a time."
    )(command)
    return click.option("--endpoint", metavar="URL", help="Ask this SPARQL 1.1 endpoint instead of the graph here.")(
        command
    )


@overload
def remote(url: str, timeout: int | None, page: int | None) -> Endpoint: ...
@overload
def remote(url: str | None, timeout: int | None, page: int | None) -> Endpoint | None: ...
def remote(url: str | None, timeout: int | None, page: int | None) -> Endpoint | None:
    """The endpoint of an address; None where none was given.

    Raises:
        EndpointError: it is no address.
    """
    if url is None:
        return None
    from immunograph.store.remote import Endpoint

    return Endpoint(url, timeout or ENDPOINT_SECONDS, page=page)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process at once while the engine computes, as it looks at no signal itself.

    Only for questions: the graph is read-only, so that nothing is left half-written.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


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
        from immunograph.cli.showing import draw_answer, drawn

        write_text(drawn(lambda console: draw_answer(console, answer, title), output), output)
    elif form == "parquet":
        write_parquet(answer, output)
    else:
        write_text(rendered(answer, form), output)
    if answer.note:
        click.echo(answer.note, err=True)


def write_triples(triples: Sequence[Triple], form: str, output: Path | None) -> None:
    """Write the triples of a CONSTRUCT or DESCRIBE: as Turtle, or as rows of three columns.

    Raises:
        ExportError: the format needs a file.
    """
    if form == "ttl":
        write_text(turtle_of(triples), output)
        return
    rows = tuple(tuple(compress(t[1:-1]) if t.startswith("<") else t for t in triple) for triple in triples)
    write_answer(Answer(("subject", "predicate", "object"), rows), form, output)


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

    temporary = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        parquet.write_table(table, temporary)
        temporary.replace(output)
    except OSError as error:
        raise ExportError(f"{output}: cannot be written ({error}); choose another place") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
