"""``immunograph export``: the graph in the forms that other programs open."""

from __future__ import annotations

import os
from pathlib import Path

import click

from immunograph.cli.asking import opened
from immunograph.cli.output import graph_options
from immunograph.exporters.selection import Selection, read_kinds, read_predicates
from immunograph.exporters.writing import FORMATS, ExportOptions


def _split(option: str, values: tuple[str, ...]) -> list[str]:
    """Names between commas; an option that names nothing is wrong usage, since it would choose everything."""
    found = [part.strip() for value in values for part in value.split(",") if part.strip()]
    if values and not found:
        raise click.UsageError(f"{option} names nothing; leave it out, or name something")
    return found


def _check_fit(context: click.Context, form: str, focus: str | None) -> None:
    """Refuse options that would be passed over in silence."""

    def is_given(name: str) -> bool:
        return context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT

    if focus is None and is_given("hops"):
        raise click.UsageError("--hops counts from a node; name it with --focus")
    if form != "gexf" and is_given("edges"):
        raise click.UsageError(f"--edges is for gexf; {form} holds each association")


@click.command(epilog="Formats: " + "; ".join(f"{name} ({known.summary})" for name, known in FORMATS.items()) + ".")
@click.argument("form", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@click.option("--out", "-o", required=True, help="File, folder or server's address to write to.")
@click.option("--focus", help="Only what is near this node (name, CURIE or IRI).")
@click.option("--hops", type=click.IntRange(0), default=1, show_default=True, help="How far from --focus.")
@click.option("--kind", "kinds", multiple=True, help="Kinds of node or association, such as Modulator,TargetAction.")
@click.option("--predicate", "predicates", multiple=True, help="Predicates, such as inhibits,treats.")
@click.option("--license", "licences", help="Sources under these licences only, such as CC0,CC-BY.")
@click.option("--asserted-only/--with-inferred", default=True, help="Leave out or add inferred edges.  [asserted-only]")
@click.option(
    "--edges",
    type=click.Choice(["aggregate", "all"]),
    default="aggregate",
    show_default=True,
    help="Parallel edges as one with a weight, or each (where the format has the choice).",
)
@click.option(
    "--user",
    default="neo4j",
    show_default=True,
    help="User at a server; the password is read from IMMUNOGRAPH_PASSWORD.",
)
@click.option("--force", is_flag=True, help="Replace an earlier export.")
@graph_options
@click.pass_context
def export(
    context: click.Context,
    form: str,
    out: str,
    focus: str | None,
    hops: int,
    kinds: tuple[str, ...],
    predicates: tuple[str, ...],
    licences: str | None,
    asserted_only: bool,
    edges: str,
    user: str,
    force: bool,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Write the graph, or a part of it, in FORMAT, with a manifest of what it holds."""

    def tell(stage: str) -> None:
        if not quiet:
            click.echo(f"{stage} ...", err=True)

    _check_fit(context, form, focus)
    node_kinds, edge_kinds = read_kinds(_split("--kind", kinds))
    named = _split("--predicate", predicates)
    licensed = _split("--license", () if licences is None else (licences,))
    with opened(data, graph, quiet) as kg:
        selection = Selection(
            focus=kg.names.resolve(focus).curie if focus is not None else "",
            hops=hops,
            node_kinds=node_kinds,
            edge_kinds=edge_kinds,
            predicates=read_predicates(named, not asserted_only),
            licences=tuple(licensed),
            has_inferred=not asserted_only,
        )
        options = ExportOptions(edges=edges, user=user, password=os.environ.get("IMMUNOGRAPH_PASSWORD", ""), tell=tell)
        done = kg.export(form, out, selection=selection, options=options, is_forced=force)
    if not quiet:
        click.echo(", ".join(f"{count:,} {name}" for name, count in done.counts.items()) + f" in {done.path}", err=True)
        for note in done.notes:
            click.echo(note, err=True)
