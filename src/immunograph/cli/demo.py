"""``immunograph demo``: the main job from end to end, on the shipped data."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from immunograph.assets import data_dir
from immunograph.building import pipeline
from immunograph.building.plan import BuildPlan, graph_dir, is_built
from immunograph.cli.making import show_build
from immunograph.cli.output import write_answer
from immunograph.knowledge import KnowledgeGraph
from immunograph.queries import Answer

_QUESTIONS = (
    (
        "Which approved modulators inhibit interleukin-6 or its receptor?",
        "approved-inhibitors-of-target",
        {"target": "IL6"},
        ("modulator_label", "action", "acts_on_label", "route", "sources"),
    ),
    (
        "Which classes of modulators are in use for rheumatoid arthritis?",
        "classes-for-condition",
        {"condition": "rheumatoid arthritis"},
        ("class_label", "treating", "studied", "members"),
    ),
    (
        "By which mechanisms does upadacitinib act, and who says so?",
        "mechanisms-of-modulator",
        {"modulator": "upadacitinib"},
        ("action", "target_label", "action_type", "source", "record"),
    ),
)
_EXPLAINED = ("tocilizumab", "a", "ig:IL6Inhibitor")


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="A folder of Turtle (default: the shipped data).")
@click.option("--rows", default=12, show_default=True, help="At most so many rows a table.")
@click.option("--quiet", "-q", is_flag=True, help="Print no stages.")
def demo(data: Path | None, rows: int, quiet: bool) -> None:
    """Build, validate and infer; ask three questions; explain one answer down to its sources."""
    console = Console()
    plan = BuildPlan(data or data_dir())
    folder = graph_dir(plan)
    with Console(stderr=True, quiet=quiet).status("building") as status:
        report = pipeline.build(
            plan, folder, is_forced=not is_built(folder), tell=lambda stage: status.update(f"building: {stage}")
        )
    show_build(report, Console(quiet=quiet), most=2)
    if not report.conforms:
        raise SystemExit(1)
    with KnowledgeGraph(folder, plan) as kg:
        for question, query, values, columns in _QUESTIONS:
            console.rule(question, align="left")
            answer = kg.query(query, values)
            write_answer(_narrowed(answer, columns, rows), "table", None)
            click.echo()
        console.rule("Why is tocilizumab an interleukin-6 inhibitor?", align="left")
        explanation = kg.explain(*_EXPLAINED)
        click.echo(explanation.as_text() if explanation else "not known")
    click.echo("\nFor research, not medical advice. More: `immunograph queries`, `immunograph find TEXT`.")


def _narrowed(answer: Answer, columns: tuple[str, ...], rows: int) -> Answer:
    places = [answer.columns.index(name) for name in columns]
    kept = tuple(tuple(row[place] for place in places) for row in answer.rows[:rows])
    note = f"... and {len(answer) - rows} more rows: `immunograph query`" if len(answer) > rows else ""
    return Answer(columns, kept, answer.meanings, note)
