"""The files that an importer is given, checked against the ones that it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from immunograph.errors import LoadError, Place


def check_files(files: Sequence[Path], needed: Mapping[str, str]) -> Sequence[Path]:
    """Give the files back where there are as many as the importer needs.

    Raises:
        LoadError: there are fewer or more; the text lists them in order.
    """
    if len(files) != len(needed):
        listing = "; ".join(f"{name}: {help_}" for name, help_ in needed.items())
        place = Place(files[-1] if files else Path("(no file)"))
        raise LoadError(f"{len(files)} file(s) given, {len(needed)} needed, in this order: {listing}", place)
    return files
