"""``build``, ``infer`` and ``validate``: Turtle → a graph that can be asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from immunograph.assets import data_dir
from immunograph.building import pipeline
from immunograph.building.inferring import infer_files
from immunograph.building.plan import BuildPlan, built_under, graph_dir, is_current
from immunograph.building.validating import validate_data, validate_files
from immunograph.cli.output import write_text
from immunograph.licences import licence_iris
from immunograph.store.graph import source_graph
from immunograph.turtle import write_atomically
from immunograph.validation import SHACL_ENGINES, Report

_REPORTS = click.Choice(["text", "json", "ttl"])
_ENGINES = click.Choice(["duckdb", "owlrl"])
_SHACL_ENGINES = click.Choice(SHACL_ENGINES)


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="A folder of Turtle (default: the shipped data).")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the built graph (default: the user's cache).")
@click.option("--from", "base", type=click.Path(path_type=Path), metavar="RELEASE", help="Go on from an earlier graph.")
@click.option("--engine", type=_ENGINES, default="duckdb", show_default=True, help="owlrl: the reference, no rules.")
@click.option("--license", "licences", help="Keep sources under these licences only, such as CC0,CC-BY.")
@click.option("--force", is_flag=True, help="Build again though it is built, and replace what --out holds.")
@click.option("--strict", is_flag=True, help="Warnings and unsupported axioms are fatal.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
def build(
    data: Path | None,
    out: Path | None,
    base: Path | None,
    engine: str,
    licences: str | None,
    force: bool,
    strict: bool,
    quiet: bool,
) -> None:
    """Parse, check, validate, infer, validate again, and store; exit code 1 where the data do not conform."""
    plan = BuildPlan(
        data or data_dir(),
        engine=engine,
        licences=licence_iris(licences) if licences else None,
        is_strict=strict,
    )
    console = Console(stderr=True, quiet=quiet)
    folder = out or graph_dir(plan)
    earlier = built_under(base) if base else None
    if is_current(folder, plan) and not force:
        console.print(f"{folder} is built and current", highlight=False, soft_wrap=True)
        return
    with console.status("building") as status:
        report = pipeline.build(
            plan, folder, base=earlier, is_forced=force, tell=lambda stage: status.update(f"building: {stage}")
        )
    show_build(report, console)
    if not report.conforms:
        raise SystemExit(1)
    console.print(f"the graph is in {folder}", highlight=False, soft_wrap=True)


def show_build(report: pipeline.BuildReport, console: Console, most: int = 20) -> None:
    """Print the stages of a build with their timings, and its first findings."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, seconds, detail in report.stages:
        table.add_row(name, f"{seconds:.1f} s", detail)
    console.print(table)
    show_notes(report.notes, console)
    show_findings(report.validation, console, most)


def show_notes(notes: Sequence[str], console: Console, most: int = 3) -> None:
    """Print the first notes, a line each."""
    for note in notes[:most]:
        console.print(note, markup=False, highlight=False, soft_wrap=True)
    if len(notes) > most:
        console.print(f"... and {len(notes) - most} more such notes in report.json", highlight=False)


def show_findings(report: Report, console: Console, most: int = 20) -> None:
    """Print the first findings, a line each."""
    for finding in report.findings[:most]:
        console.print(str(finding), markup=False, highlight=False, soft_wrap=True)
    if len(report.findings) > most:
        console.print(f"... and {len(report.findings) - most} more", highlight=False)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option("--data", type=click.Path(path_type=Path), help="A folder of Turtle (default: the shipped data).")
@click.option("--format", "-f", "form", type=_REPORTS, default="text", show_default=True, help="ttl: a SHACL report.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write to a file.")
@click.option("--engine", type=_SHACL_ENGINES, default="indexed", show_default=True, help="pyshacl: the reference.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but findings.")
def validate(
    files: tuple[Path, ...], data: Path | None, form: str, output: Path | None, engine: str, quiet: bool
) -> None:
    """Validate the data, or FILEs together with it; exit code 1 where they do not conform."""
    plan = BuildPlan(data or data_dir())
    console = Console(stderr=True, quiet=quiet)
    with console.status("validating ..."):
        report = validate_files(files, plan, engine) if files else validate_data(plan, engine)
    if form == "json":
        content = {"conforms": report.conforms, "findings": [finding.as_dict() for finding in report.findings]}
        write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", output)
    elif form == "ttl":
        write_text(report.as_turtle(), output)
    else:
        write_text("".join(f"{finding}\n" for finding in report.findings), output)
    counts = report.counts()
    verdict = "conforms" if report.conforms else "does not conform"
    console.print(f"{verdict}: {counts['violation']} violations, {counts['warning']} warnings", highlight=False)
    if not report.conforms:
        raise SystemExit(1)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option("--data", type=click.Path(path_type=Path), help="A folder of Turtle (default: the shipped data).")
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Write to a file; .nq means N-Quads.")
@click.option("--engine", type=_ENGINES, default="duckdb", show_default=True, help="owlrl: the reference, no rules.")
@click.option("--strict", is_flag=True, help="Axioms and rules outside what is supported are fatal.")
@click.option("--no-proofs", is_flag=True, help="Do not keep what explanations need.")
@click.option("--report", "report_file", type=click.Path(path_type=Path), help="Write counts and problems as JSON.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but the triples.")
def infer(
    files: tuple[Path, ...],
    data: Path | None,
    out: Path | None,
    engine: str,
    strict: bool,
    no_proofs: bool,
    report_file: Path | None,
    quiet: bool,
) -> None:
    """Infer alone, on the data or on FILEs with the ontology, and write the new triples, sorted."""
    plan = BuildPlan(data or data_dir(), engine=engine, is_strict=strict)
    console = Console(stderr=True, quiet=quiet)
    with console.status("inferring ..."):
        inference = infer_files(files, plan, has_proofs=not no_proofs)
    named = f" <{source_graph('inferred')}>" if out is not None and out.suffix.casefold() == ".nq" else ""
    write_text("".join(f"{s} {p} {o}{named} .\n" for s, p, o in inference.triples), out)
    content = {
        "engine": engine,
        "asserted": inference.asserted,
        "inferred": len(inference.triples),
        "seconds": round(inference.seconds, 3),
        "unsupported": list(inference.unsupported),
        "not_run": list(inference.not_run),
    }
    show_notes((*inference.unsupported, *inference.not_run), console)
    console.print(f"{len(inference.triples):,} inferred from {inference.asserted:,} triples", highlight=False)
    if report_file:
        write_atomically(report_file, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
