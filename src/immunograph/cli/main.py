"""The ``immunograph`` command and its error boundary."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from immunograph import __version__
from immunograph.errors import ImmunographError

INTERRUPTED = 128 + 2
"""Exit code after Ctrl-C: 128 and the number of the signal, as shells count."""

_COMMANDS = {
    "demo": ("immunograph.cli.demo", "demo"),
    "build": ("immunograph.cli.making", "build"),
    "info": ("immunograph.cli.asking", "info"),
    "find": ("immunograph.cli.asking", "find"),
    "show": ("immunograph.cli.asking", "show"),
    "queries": ("immunograph.cli.asking", "queries"),
    "query": ("immunograph.cli.asking", "query"),
    "sparql": ("immunograph.cli.asking", "sparql"),
    "explain": ("immunograph.cli.explaining", "explain"),
    "path": ("immunograph.cli.walking", "path"),
    "infer": ("immunograph.cli.making", "infer"),
    "validate": ("immunograph.cli.making", "validate"),
    "import": ("immunograph.cli.importing", "import_"),
    "export": ("immunograph.cli.exporting", "export"),
    "link": ("immunograph.cli.linking", "link"),
    "diff": ("immunograph.cli.comparing", "diff"),
    "serve": ("immunograph.cli.serving", "serve"),
    "release": ("immunograph.cli.releasing", "release_"),
    "mcp": ("immunograph.cli.assisting", "mcp"),
    "format": ("immunograph.cli.importing", "format_"),
}
"""Command → module and function; a module is loaded when its command is called, so that start-up stays light."""


class Commands(click.Group):
    """The commands, loaded when asked for, in the order of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names for ``--help``."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name]
        command: click.Command = getattr(__import__(module, fromlist=[name]), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, and suggest a near one where there is none of that name."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            from immunograph.names import nearest

            near = nearest(args[0], _COMMANDS)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            ctx.fail(f"no command is called {args[0]!r}{hint}")

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an interrupt ends it with the code that shells give it."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, Exception) as error:
            if not _is_interrupt(error):
                raise
            click.echo("immunograph: interrupted", err=True)
            ctx.exit(INTERRUPTED)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        """Run, and turn a refused thing into one line and exit code 3."""
        try:
            return super().main(args, *rest, **options)
        except ImmunographError as error:
            click.echo(f"immunograph: {error}", err=True)
            sys.exit(error.exit_code)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            click.echo(f"immunograph: {where}{error.strerror or error}; check the path, the rights, the disk", err=True)
            sys.exit(ImmunographError.exit_code)


def _is_interrupt(error: BaseException) -> bool:
    """Whether somebody pressed Ctrl-C; in the middle of a statement DuckDB tells of it by errors of its own."""
    is_engines = type(error).__name__ == "InterruptException" or str(error) == "Query interrupted"
    return isinstance(error, KeyboardInterrupt) or is_engines


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="immunograph")
def main() -> None:
    """Immune modulators as a graph: queried, reasoned over, explained to the last citation.

    For research, not medical advice.
    """
