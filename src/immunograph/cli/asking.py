"""``find``, ``show``, ``queries``, ``query``, ``sparql``, ``info``: questions and their answers."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from immunograph.analysis.questions import ANALYSES, Analysis, find_question
from immunograph.assets import queries_dir
from immunograph.cli.federating import federated, federation_options, recipe_rows
from immunograph.cli.output import (
    chosen_format,
    endpoint_options,
    graph_options,
    interruptible,
    output_options,
    remote,
    rendered,
    write_answer,
    write_json,
    write_text,
    write_triples,
)
from immunograph.errors import LoadError, Place
from immunograph.knowledge import KnowledgeGraph, asked_there, is_at_hand, open_graph, why_empty_there
from immunograph.names import loose_key
from immunograph.queries import Answer, SavedQuery, read_queries
from immunograph.queries.executables import DEFAULT_TARGET, executables
from immunograph.store.triples import Triple
from immunograph.vocabulary import NODE_KINDS

if TYPE_CHECKING:
    from immunograph.store.remote import Endpoint

_ROWS = ("table", "csv", "tsv", "json", "jsonl", "parquet")


@contextmanager
def opened(data: Path | None, graph: Path | None, quiet: bool) -> Iterator[KnowledgeGraph]:
    """Open the graph that a command was given, telling of the stages where it has to be built first."""

    def tell(stage: str) -> None:
        if not quiet:
            click.echo(f"building the graph (once): {stage} ...", err=True)

    with open_graph(graph, data=data, tell=tell) as kg:
        yield kg


@click.command()
@click.argument("text")
@click.option(
    "--kind", type=click.Choice([*NODE_KINDS, "ModulatorClass"], case_sensitive=False), help="Only this kind."
)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many nodes.")
@output_options(*_ROWS)
@graph_options
def find(  # noqa: D417
    text: str,
    kind: str | None,
    limit: int,
    form: str | None,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Find nodes by name, synonym, brand name, gene symbol, CURIE or IRI."""
    with opened(data, graph, quiet) as kg:
        nodes = kg.find(text, kind, limit)
    rows = tuple((node.curie, node.label, " ".join(node.kinds), node.matched) for node in nodes)
    note = ""
    if not rows:
        note = f"nothing is called {text!r}, or nearly so"
    elif not any("://" in node.matched or loose_key(text) in loose_key(node.matched) for node in nodes):
        note = f"nothing is called {text!r}; these names are near"
    write_answer(Answer(("node", "label", "kinds", "matched"), rows, note=note), chosen_format(form, output), output)


@click.command()
@click.argument("node")
@click.option("--inferred", is_flag=True, help="Also the classes that were inferred.")
@output_options("table", "tsv", "json")
@graph_options
def show(
    node: str,
    inferred: bool,
    form: str | None,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Show one node: names, identifiers, classes, and every statement with its source.

    As tsv, statements are a line each, below the names as lines that begin with `#`.
    """
    with opened(data, graph, quiet) as kg:
        page = kg.show(node)
    form = chosen_format(form, output)
    if form == "json":
        write_json(page.as_dict(), output)
        return
    if form != "table":
        headings = "".join(f"# {line}\n" for line in page.headings(has_inferred=inferred))
        write_text(headings + rendered(page.rows(), "tsv"), output)
        return
    from immunograph.cli.showing import draw_page, drawn

    write_text(drawn(lambda console: draw_page(console, page, inferred), output), output)


@click.command()
@click.argument("name", required=False)
@click.option("--tag", help="Only queries with this tag.")
@click.option("--recipes", is_flag=True, help="The recipes for --federate instead.")
@click.option("--endpoint", metavar="URL", help="With --format ttl: the endpoint that the queries are for.")
@output_options(*_ROWS, "ttl")
@graph_options
def queries(
    name: str | None,
    tag: str | None,
    recipes: bool,
    endpoint: str | None,
    form: str | None,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """List the saved queries; with a NAME, show one in full; as ttl, both are sh:SPARQLExecutable."""
    if recipes:
        write_answer(recipe_rows(), chosen_format(form, output), output)
        return
    if name:
        saved = find_question(name, queries_dir())
        if form == "json":
            write_json(_query_data(saved), output)
        elif form == "ttl":
            write_text(_executables([saved], endpoint), output)
        else:
            write_text(saved.text, output)
        return
    known = sorted([*read_queries(queries_dir()).values(), *ANALYSES.values()], key=lambda query: query.name)
    wanted = [query for query in known if not tag or tag in query.tags]
    if chosen_format(form, output) == "ttl":
        write_text(_executables([query for query in wanted if not isinstance(query, Analysis)], endpoint), output)
        return
    rows = tuple((query.name, query.summary, " ".join(query.tags), _example(query)) for query in wanted)
    note = "" if rows else f"no query has the tag {tag!r}"
    write_answer(Answer(("query", "summary", "tags", "example"), rows, note=note), chosen_format(form, output), output)


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("name")
@click.argument("values", nargs=-1, type=click.UNPROCESSED, metavar="[KEY=VALUE]...")
@click.option("--param", "-p", "params", multiple=True, metavar="KEY=VALUE", help="A parameter; may be repeated.")
@click.option("--labels", is_flag=True, help="A column of labels beside each column of identifiers.")
@click.option("--sources", is_flag=True, help="The statements behind each row, and where they can be read.")
@click.option("--explain", is_flag=True, help="The proofs of the inferred facts behind each row.")
@click.option("--limit", type=click.IntRange(0), help="At most so many rows.")
@click.option("--fail-empty", is_flag=True, help="Exit with 1 where there is no row.")
@federation_options
@endpoint_options
@output_options(*_ROWS)
@graph_options
def query(  # noqa: D417
    name: str,
    values: tuple[str, ...],
    params: tuple[str, ...],
    labels: bool,
    sources: bool,
    explain: bool,
    limit: int | None,
    fail_empty: bool,
    recipes: tuple[str, ...],
    offline: bool,
    endpoint: str | None,
    timeout: int | None,
    page: int | None,
    form: str | None,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Ask a saved query: `immunograph query modulators-of-target target=IL6R` (or `--target IL6R`)."""
    saved = find_question(name, queries_dir())
    given = _pairs((*values, *params), saved)
    there = remote(endpoint, timeout, page)
    with opened(data, graph, quiet) as kg:
        with _evaluating(there, timeout):
            answer = kg.query(name, given, has_labels=labels, endpoint=there, timeout=timeout, limit=limit)
        answer = answer.with_sources() if sources else answer
        answer = answer.with_proofs() if explain else answer
        _tell_why(answer, quiet)
        answer = federated(kg, answer, recipes, offline, timeout)
    write_answer(answer, chosen_format(form, output), output, saved.summary)
    if fail_empty and not answer.rows:
        raise SystemExit(1)


@click.command()
@click.argument("text")
@click.option("--labels", is_flag=True, help="A column of labels beside each column of identifiers.")
@click.option("--limit", type=click.IntRange(0), help="At most so many rows.")
@click.option("--fail-empty", is_flag=True, help="Exit with 1 where there is no row.")
@federation_options
@endpoint_options
@output_options()
@graph_options
def sparql(  # noqa: D417
    text: str,
    labels: bool,
    limit: int | None,
    fail_empty: bool,
    recipes: tuple[str, ...],
    offline: bool,
    endpoint: str | None,
    timeout: int | None,
    page: int | None,
    form: str | None,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Run a SPARQL query given as TEXT, as `-` (standard input) or as `@FILE`; our prefixes are known."""
    there = remote(endpoint, timeout, page)
    found = _found(_text_of(text), labels, data, graph, quiet, there, timeout, limit)
    if isinstance(found, Answer) and recipes:
        with opened(data, graph, quiet) as kg:
            found = federated(kg, found, recipes, offline, timeout)
    if isinstance(found, bool):
        if form in {None, "table"}:
            write_text(f"{str(found).lower()}\n", output)
        else:
            write_answer(Answer(("answer",), ((found,),)), chosen_format(form, output), output)
    elif isinstance(found, Answer):
        write_answer(found, chosen_format(form, output), output)
    else:
        write_triples(found, chosen_format(form, output, "ttl"), output)
    if fail_empty and not isinstance(found, bool) and not len(found):
        raise SystemExit(1)


def _found(
    text: str,
    labels: bool,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
    endpoint: Endpoint | None,
    timeout: int | None,
    limit: int | None,
) -> Answer | bool | list[Triple]:
    """What a query finds; a remote endpoint is asked without building a graph here, unless labels are wanted."""
    if endpoint and not labels and not is_at_hand(graph, data=data):
        found = asked_there(endpoint, text, limit)
        if isinstance(found, Answer):
            _tell_why(found, quiet)
        elif not found and limit != 0 and not quiet:
            click.echo(str(why_empty_there(endpoint, text)), err=True)
        return found
    with opened(data, graph, quiet) as kg, _evaluating(endpoint, timeout):
        answer = kg.sparql(text, has_labels=labels, endpoint=endpoint, timeout=timeout, limit=limit)
        if isinstance(answer, Answer):
            _tell_why(answer, quiet)
        elif not answer and not quiet:
            click.echo(str(kg.why_empty(text, endpoint=endpoint)), err=True)
        return answer


def _tell_why(answer: Answer, quiet: bool) -> None:
    """Say on standard error why there are no rows."""
    if not quiet and (why := answer.why_empty):
        click.echo(str(why), err=True)


def _evaluating(endpoint: object, timeout: int | None) -> AbstractContextManager[None]:
    """Make Ctrl-C work while a question is evaluated in this process; elsewhere it works by itself."""
    return interruptible() if endpoint is None and timeout is None else nullcontext()


@click.command()
@output_options("table", "json", default="table")
@graph_options
def info(form: str | None, output: Path | None, data: Path | None, graph: Path | None, quiet: bool) -> None:
    """Counts by kind, versions, sources and licences."""
    with opened(data, graph, quiet) as kg:
        content = kg.info()
    if chosen_format(form, output, "table") == "json":
        write_json(content, output)
        return
    from immunograph.cli.showing import draw_info, drawn

    write_text(drawn(lambda console: draw_info(console, content), output), output)


def _executables(queries: list[SavedQuery], endpoint: str | None) -> str:
    try:
        return executables(queries, endpoint or DEFAULT_TARGET)
    except ValueError as error:
        raise click.UsageError(f"--endpoint: {error}") from error


def _query_data(saved: SavedQuery) -> dict[str, object]:
    parameters = {
        name: {
            "type": parameter.type,
            "kinds": list(parameter.kinds),
            "help": parameter.help,
            "example": parameter.example,
            "default": parameter.default,
        }
        for name, parameter in saved.parameters.items()
    }
    return {
        "query": saved.name,
        "summary": saved.summary,
        "description": saved.description,
        "tags": list(saved.tags),
        "parameters": parameters,
        "columns": dict(saved.columns),
        "text": saved.text,
    }


def _example(saved: SavedQuery) -> str:
    """Parameters as they can be typed."""
    return " ".join(shlex.quote(f"{name}={value}") for name, value in saved.example().items())


def _pairs(texts: tuple[str, ...], saved: SavedQuery) -> dict[str, str]:
    """Read ``key=value``, ``--key=value`` and ``--key value``.

    Raises:
        UsageError: a text is none of these.
    """
    pairs: dict[str, str] = {}
    rest = list(texts)
    while rest:
        text = rest.pop(0)
        key, equals, value = text.removeprefix("--").partition("=")
        if not equals and text.startswith("--") and rest:
            value, equals = rest.pop(0), "="
        if not equals or not key:
            raise click.UsageError(
                f"{text!r} is not KEY=VALUE; {saved.name} takes {_example(saved) or 'no parameters'}"
            )
        pairs[key] = value
    return pairs


def _text_of(text: str) -> str:
    """The query itself: what was given, what a file holds, or standard input.

    Raises:
        LoadError: the file cannot be read.
    """
    if text == "-":
        return sys.stdin.read()
    if not text.startswith("@"):
        return text
    path = Path(text[1:])
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise LoadError(f"the query cannot be read ({error.strerror}); check the path", Place(path)) from error
    except UnicodeDecodeError as error:
        raise LoadError("the query is not UTF-8 text; save it as such", Place(path)) from error
