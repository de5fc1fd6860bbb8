"""``immunograph explain``: the proof of a statement down to the citations."""

from __future__ import annotations

from pathlib import Path

import click

from immunograph.cli.asking import opened
from immunograph.cli.output import graph_options, write_text


@click.command()
@click.argument("subject")
@click.argument("predicate")
@click.argument("object_", metavar="OBJECT")
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(["text", "json", "mermaid", "prov"]),
    default="text",
    show_default=True,
    help="A tree in words, data, a flow chart, or PROV-O.",
)
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write to a file.")
@graph_options
def explain(
    subject: str,
    predicate: str,
    object_: str,
    form: str,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Explain why SUBJECT PREDICATE OBJECT holds, down to the sources (`a` for class membership)."""
    with opened(data, graph, quiet) as kg:
        found = kg.explain(subject, predicate, object_)
        if found is None:
            answer = kg.why_not(subject, predicate, object_)
            click.echo(answer, err=True)
            raise SystemExit(1)
    forms = {"text": lambda: found.as_text() + "\n", "json": lambda: found.as_json() + "\n"}
    forms |= {"mermaid": found.as_mermaid, "prov": found.as_prov}
    write_text(forms[form](), output)
