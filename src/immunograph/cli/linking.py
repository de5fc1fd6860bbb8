"""``immunograph link``: the graph and other vocabularies."""

from __future__ import annotations

import click

from immunograph.cli.ageing import check_, expand
from immunograph.cli.resolving import annotate_, resolve
from immunograph.cli.updating import update


@click.group()
def link() -> None:
    """Link with other vocabularies: resolve identifiers, annotate tables, attach and check ontologies."""


for _command in (expand, check_, resolve, annotate_, update):
    link.add_command(_command)
