"""``immunograph mcp``: language-model assistants ask the graph over the Model Context Protocol."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from immunograph.cli.output import graph_options
from immunograph.errors import ImmunographError, MissingExtraError
from immunograph.knowledge import is_at_hand, open_graph
from immunograph.mcp.desk import DEFAULT_SECONDS, Desk

if TYPE_CHECKING:
    from immunograph.mcp.server import ImmunoGraphServer

_LOOPBACK = "127.0.0.1"
_GRACE_SECONDS = 2


@click.command("mcp")
@click.option("--http", "port", type=click.IntRange(0, 65535), metavar="PORT", help="Serve HTTP on loopback instead.")
@click.option(
    "--timeout",
    type=click.IntRange(1),
    default=DEFAULT_SECONDS,
    show_default=True,
    metavar="S",
    help="Give up a question after so many seconds.",
)
@graph_options
def mcp(port: int | None, timeout: int, data: Path | None, graph: Path | None, quiet: bool) -> None:
    """Serve language-model assistants over the Model Context Protocol, on standard input and output."""
    if not is_at_hand(graph, data=data) and graph:
        open_graph(graph)
    try:
        from immunograph.mcp.server import make_server
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("immunograph"):
            raise
        raise MissingExtraError("mcp", "mcp") from error
    desk = Desk(graph, data, timeout, quiet)
    _end_on_signals(desk)
    desk.start()
    try:
        server = make_server(desk)
        if port is None:
            if sys.stdin.isatty() and not quiet:
                click.echo("waiting for a client on standard input; Ctrl-C ends", err=True)
            server.run("stdio")
        else:
            _serve_http(server, port)
    finally:
        desk.stop()


def _end_on_signals(desk: Desk) -> None:
    """Let Ctrl-C and a request to end do so at once: the protocol waits for input and would not look at them."""

    def end(number: int, _: FrameType | None) -> None:
        desk.stop()
        click.echo("immunograph: interrupted", err=True)
        os._exit(128 + number)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)


def _serve_http(server: ImmunoGraphServer, port: int) -> None:
    """Serve the streamable HTTP transport until the process is ended.

    Raises:
        ImmunographError: the port is taken.
    """
    import uvicorn

    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_LOOPBACK, port))
        listening.listen()  # who connects before the server runs waits, instead of being refused
    except OSError as error:
        raise ImmunographError(f"port {port} cannot be used ({error.strerror}); choose another with --http") from error
    click.echo(f"serving http://{_LOOPBACK}:{listening.getsockname()[1]}/mcp", err=True)
    application = server.streamable_http_app(host=_LOOPBACK)
    config = uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=_GRACE_SECONDS)
    uvicorn.Server(config).run(sockets=[listening])
