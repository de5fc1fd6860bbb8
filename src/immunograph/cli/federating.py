"""``--federate``: rows joined with what remote endpoints say, for the commands that give rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from immunograph.assets import recipes_dir
from immunograph.cli.output import ENDPOINT_SECONDS
from immunograph.knowledge import KnowledgeGraph
from immunograph.queries import Answer

Command = TypeVar("Command", bound=Callable[..., Any])


def federation_options(command: Command) -> Command:
    """Give a command ``--federate`` and ``--offline``."""
    command = click.option("--offline", is_flag=True, help="With --federate: answer from the cache alone.")(command)
    return click.option(
        "--federate",
        "recipes",
        multiple=True,
        metavar="RECIPE[@URL]",
        help="Join what a remote endpoint says; `immunograph queries --recipes` lists the recipes.",
    )(command)


def federated(kg: KnowledgeGraph, answer: Answer, recipes: Sequence[str], offline: bool, timeout: int | None) -> Answer:
    """An answer joined with each recipe in turn."""
    for text in recipes:
        name, _, url = text.partition("@")
        answer = kg.federate(answer, name, url=url or None, is_offline=offline, timeout=timeout or ENDPOINT_SECONDS)
    return answer


def recipe_rows() -> Answer:
    """The recipes as rows."""
    from immunograph.federation import read_recipes

    recipes = read_recipes(recipes_dir()).values()
    rows = tuple((r.name, r.summary, " ".join(r.keys), r.endpoint, r.licence) for r in recipes)
    return Answer(("recipe", "summary", "identifiers", "endpoint", "licence"), rows)
