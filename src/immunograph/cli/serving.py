"""``immunograph serve``: the SPARQL endpoint, the JSON interface and the explorer."""

from __future__ import annotations

import signal
import socket
from contextlib import closing, suppress
from pathlib import Path

import click

from immunograph import __version__
from immunograph.building.plan import STORE
from immunograph.cli.asking import opened
from immunograph.cli.output import graph_options
from immunograph.errors import ImmunographError, MissingExtraError
from immunograph.knowledge import open_graph


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="S",
    help="Give up a question after so many seconds.",
)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Questions at once.")
@click.option("--cors", default="", metavar="ORIGIN", help="Let pages from this origin (or *) ask.")
@graph_options
def serve(
    host: str,
    port: int,
    timeout: float,
    workers: int,
    cors: str,
    data: Path | None,
    graph: Path | None,
    quiet: bool,
) -> None:
    """Serve a SPARQL 1.1 endpoint, a JSON interface and an explorer; Ctrl-C ends it.

    Everything is read-only. By default only this machine can ask.
    """
    try:
        import uvicorn

        from immunograph.store.serving import QueryPool
        from immunograph.web.app import application
        from immunograph.web.settings import Settings
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "starlette", "web") from error
    with opened(data, graph, quiet) as kg:
        folder, key = kg.folder, f"{kg.report.get('key')}-{__version__}"
    settings = Settings(seconds=timeout, workers=workers, origin=cors)
    with (
        closing(_listening(host, port)) as listener,
        QueryPool(folder / STORE, workers=workers, seconds=timeout) as pool,
    ):
        app = application(lambda: open_graph(folder), settings, pool, key=key)
        if not quiet:
            click.echo(f"serving on http://{_shown(host)}:{listener.getsockname()[1]}/ (Ctrl-C ends it)", err=True)
        configuration = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        # the server takes both signals, ends what it is at, and raises them again for those who wait, which is here
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(configuration).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        ImmunographError: the address is taken or is none of this machine.
    """
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else a short answer may wait for 40 ms
        return listener
    except OSError as error:
        raise ImmunographError(
            f"{host}:{port}: cannot be listened on ({error.strerror or error}); choose another --port or --host"
        ) from error


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
