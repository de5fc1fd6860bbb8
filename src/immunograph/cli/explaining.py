"""``immunograph explain``: the proof of a statement down to the citations."""

from __future__ import annotations

import json
from pathlib import Path

import click

from immunograph.cli.asking import opened
from immunograph.cli.output import graph_options, write_text
from immunograph.explaining import Explanation


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
@click.option("--all", "every", is_flag=True, help="Also the other derivations.")
@click.option("--depends-on", is_flag=True, help="What would fall if this statement were retracted, as N-Triples.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write to a file.")
@graph_options
def explain(
    subject: str,
    predicate: str,
    object_: str,
    form: str,
    every: bool,
    depends_on: bool,
    output: Path | None,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Explain why SUBJECT PREDICATE OBJECT holds, down to the sources (`a` for class membership)."""
    with opened(data, graph, quiet) as kg:
        if depends_on:
            fallen = kg.depends_on(subject, predicate, object_)
            write_text("".join(f"{s} {p} {o} .\n" for s, p, o in fallen), output)
            return
        proof = kg.explain(subject, predicate, object_)
        if proof is None:
            said = kg.why_not(subject, predicate, object_)
            if form == "json":
                content = {"triple": [subject, predicate, object_], "holds": False, "text": said}
                write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", output)
            else:
                click.echo(said, err=True)
            raise SystemExit(1)
        found = kg.derivations(subject, predicate, object_) if every else [proof]
    write_text(_written(found, form), output)


def _written(found: list[Explanation], form: str) -> str:
    """Explanations in a form: JSON as a list where there are several, others one after another."""
    if form == "json":
        data = [one.as_data() for one in found]
        return json.dumps(data[0] if len(data) == 1 else data, ensure_ascii=False, indent=1) + "\n"
    if form == "text":
        return "\n".join(one.as_text() + "\n" for one in found)
    return "\n".join(one.as_mermaid() if form == "mermaid" else one.as_prov() for one in found)
