"""``release``: dated, versioned artefacts with a changelog."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import click

from immunograph import __version__
from immunograph.cli.asking import opened
from immunograph.exporters.writing import FORMATS
from immunograph.releasing.contents import EXPORTED
from immunograph.releasing.release import ReleaseOptions, release

_LOCAL = [name for name, known in FORMATS.items() if not known.is_remote]


@click.command("release")
@click.option("--out", "-o", required=True, type=click.Path(path_type=Path), help="Folder to put the release under.")
@click.option("--version", "version", default=__version__, show_default=True, help="Version of the release.")
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day of the release.  [default: SOURCE_DATE_EPOCH, else today]",
)
@click.option("--previous", type=click.Path(path_type=Path, exists=True), help="The release before, for the changelog.")
@click.option(
    "--export",
    "formats",
    multiple=True,
    type=click.Choice([*_LOCAL, "none"]),
    help=f"Export format; may be given again.  [default: {', '.join(EXPORTED)}]",
)
@click.option("--with-graph", is_flag=True, help="Add the built graph itself, to open or to build on.")
@click.option("--force", is_flag=True, help="Replace a release of the same version.")
@click.option("--data", type=click.Path(path_type=Path), help="A folder of Turtle (default: the shipped data).")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but the release's folder and errors.")
def release_(
    out: Path,
    version: str,
    day: datetime | None,
    previous: Path | None,
    formats: tuple[str, ...],
    with_graph: bool,
    force: bool,
    data: Path | None,
    quiet: bool,
) -> None:
    """Write ontology, data by licence, N-Quads, exports, descriptions, checksums and a changelog.

    The same data, version and date give the same bytes. `immunograph diff` reads what it writes.
    """

    def tell(stage: str) -> None:
        if not quiet:
            click.echo(f"{stage} ...", err=True)

    options = ReleaseOptions(
        date=day.date() if day else _today(),
        version=version,
        previous=previous,
        formats=[name for name in formats if name != "none"] if formats else tuple(EXPORTED),
        has_graph=with_graph,
        is_forced=force,
        tell=tell,
    )
    with opened(data, None, quiet) as kg:
        click.echo(release(kg, out, options))


def _today() -> date:
    """The day that ``SOURCE_DATE_EPOCH`` names (https://reproducible-builds.org/specs/source-date-epoch/), else today.

    Raises:
        click.UsageError: it names none.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date() if epoch else datetime.now(UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}; give seconds since 1970, or --date") from error
