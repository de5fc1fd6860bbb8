"""``find``, ``show``, ``queries``, ``query``, ``sparql``, ``info``: questions and their answers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from immunograph.cli.output import (
    chosen_format,
    graph_options,
    output_options,
    write_answer,
    write_json,
    write_text,
)
from immunograph.knowledge import KnowledgeGraph, NodePage, Statement, open_graph
from immunograph.queries import Answer
from immunograph.vocabulary import NODE_KINDS


def opened(data: Path | None, graph: Path | None, quiet: bool) -> KnowledgeGraph:
    """Open the graph that a command was given, showing the stages where it has to be built first."""
    console = Console(stderr=True, quiet=quiet)
    with console.status("opening the graph ...") if console.is_terminal else nullcontext() as status:

        def tell(stage: str) -> None:
            if status is not None:
                status.update(f"building the graph (once): {stage} ...")

        return open_graph(graph, data=data, tell=tell)


@click.command()
@click.argument("text")
@click.option(
    "--kind", type=click.Choice([*NODE_KINDS, "ModulatorClass"], case_sensitive=False), help="Only this kind."
)
@click.option("--limit", default=20, show_default=True, help="At most so many nodes.")
@output_options("table", "csv", "tsv", "json", "jsonl", "parquet")
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
    note = "" if rows else f"nothing is called {text!r}, or nearly so"
    write_answer(Answer(("node", "label", "kinds", "matched"), rows, note=note), chosen_format(form, output), output)


@click.command()
@click.argument("node")
@click.option("--inferred", is_flag=True, help="Also the classes that were inferred.")
@output_options("table", "json")
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
    """Show one node: names, identifiers, classes, and every statement with its source."""
    with opened(data, graph, quiet) as kg:
        page = kg.show(node)
    if chosen_format(form, output, "table") == "json":
        write_json(_page_data(page), output)
    else:
        _show_page(page, inferred, output)


@click.command()
@click.argument("name", required=False)
@click.option("--tag", help="Only queries with this tag.")
@output_options("table", "csv", "tsv", "json", "jsonl")
@graph_options
def queries(
    name: str | None,
    tag: str | None,
    form: str | None,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """List the saved queries; with a NAME, show one in full."""
    from immunograph.assets import queries_dir
    from immunograph.queries import read_queries
    from immunograph.queries.saved import find_query

    known = read_queries(queries_dir())
    if name:
        write_text(find_query(name, known).text, output)
        return
    rows = tuple(
        (query.name, query.summary, " ".join(f"{p.name}={p.example!r}" for p in query.parameters.values()))
        for query in known.values()
        if not tag or tag in query.tags
    )
    write_answer(Answer(("query", "summary", "example"), rows), chosen_format(form, output), output)


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("name")
@click.argument("values", nargs=-1, type=click.UNPROCESSED, metavar="[KEY=VALUE]...")
@click.option("--param", "-p", "params", multiple=True, metavar="KEY=VALUE", help="A parameter; may be repeated.")
@click.option("--labels", is_flag=True, help="A column of labels beside each column of identifiers.")
@click.option("--limit", type=int, help="At most so many rows.")
@output_options()
@graph_options
def query(  # noqa: D417
    name: str,
    values: tuple[str, ...],
    params: tuple[str, ...],
    labels: bool,
    limit: int | None,
    form: str | None,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Ask a saved query: `immunograph query modulators-of-target target=IL6R` (or `--target IL6R`)."""
    given = _pairs((*values, *params))
    with opened(data, graph, quiet) as kg:
        answer = kg.query(name, given, has_labels=labels)
        title = kg.queries[name].summary
    write_answer(_cut(answer, limit), chosen_format(form, output), output, title)


@click.command()
@click.argument("text")
@click.option("--labels", is_flag=True, help="A column of labels beside each column of identifiers.")
@click.option("--limit", type=int, help="At most so many rows.")
@output_options()
@graph_options
def sparql(
    text: str,
    labels: bool,
    limit: int | None,
    form: str | None,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Run a SPARQL query given as TEXT, as `-` (standard input) or as `@FILE`; our prefixes are known."""
    content = _text_of(text)
    with opened(data, graph, quiet) as kg:
        found = kg.sparql(content, has_labels=labels)
    if isinstance(found, Answer):
        write_answer(_cut(found, limit), chosen_format(form, output), output)
    elif isinstance(found, bool):
        write_text(f"{str(found).lower()}\n", output)
    else:
        write_text("".join(f"{s} {p} {o} .\n" for s, p, o in found[:limit]), output)


@click.command()
@output_options("table", "json")
@graph_options
def info(form: str | None, output: Path | None, data: Path | None, graph: Path | None, quiet: bool) -> None:
    """Counts by kind, versions, sources and licences."""
    with opened(data, graph, quiet) as kg:
        content = kg.info()
    if chosen_format(form, output, "table") == "json":
        write_json(content, output)
        return
    console = _console(output)
    for heading in ("nodes", "associations", "qualified", "triples"):
        counts = content[heading]
        table = Table(title=heading, title_justify="left", box=None, show_header=False, pad_edge=False)
        for name, count in counts.items() if isinstance(counts, dict) else ():
            table.add_row(name, f"{count:,}")
        console.print(table)
    sources = content["sources"]
    table = Table("source", "licence", "version", "associations", title="sources", title_justify="left", box=None)
    for source in sources if isinstance(sources, list) else ():
        table.add_row(source["source"], source["licence"], source["version"], f"{source['associations']:,}")
    console.print(table)


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
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
            raise click.UsageError(f"{text!r} is not KEY=VALUE")
        pairs[key] = value
    return pairs


def _text_of(text: str) -> str:
    if text == "-":
        return sys.stdin.read()
    return Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text


def _cut(answer: Answer, limit: int | None) -> Answer:
    if limit is None or len(answer) <= limit:
        return answer
    note = f"{len(answer) - limit} more rows; raise --limit to see them"
    return Answer(answer.columns, answer.rows[:limit], answer.meanings, note)


def _console(output: Path | None) -> Console:
    return Console(file=output.open("w", encoding="utf-8"), width=160) if output else Console()


def _show_page(page: NodePage, has_inferred: bool, output: Path | None) -> None:
    console = _console(output)
    console.print(f"[bold]{escape(page.node.label)}[/bold]  {page.node.curie}  ({', '.join(page.node.kinds)})")
    for heading, values in (("also called", page.synonyms), ("same as", page.matches)):
        if values:
            console.print(f"{heading}: {escape(', '.join(values))}", highlight=False)
    classes = [label for label, is_inferred in page.classes if has_inferred or not is_inferred]
    console.print(f"is a: {escape(', '.join(classes))}", highlight=False)
    table = Table(
        "subject", "predicate", "object", "qualifiers", "source", box=None, header_style="bold", pad_edge=False
    )
    for statement in page.statements:
        negated = "not " if statement.is_negated else ""
        table.add_row(
            escape(statement.subject),
            negated + statement.predicate,
            escape(statement.object),
            escape("; ".join(f"{name}: {', '.join(found)}" for name, found in statement.qualifiers.items())),
            escape(", ".join(statement.sources)),
        )
    console.print(table)


def _page_data(page: NodePage) -> dict[str, object]:
    as_data: Callable[[Statement], dict[str, object]] = lambda s: {  # noqa: E731
        "association": s.association,
        "kind": s.kind,
        "subject": s.subject,
        "predicate": s.predicate,
        "object": s.object,
        "negated": s.is_negated,
        "qualifiers": {name: list(found) for name, found in s.qualifiers.items()},
        "sources": list(s.sources),
        "addresses": list(s.addresses),
    }
    return {
        "node": page.node.curie,
        "iri": page.node.iri,
        "label": page.node.label,
        "kinds": list(page.node.kinds),
        "synonyms": list(page.synonyms),
        "matches": list(page.matches),
        "classes": [{"label": label, "inferred": is_inferred} for label, is_inferred in page.classes],
        "statements": [as_data(statement) for statement in page.statements],
    }
