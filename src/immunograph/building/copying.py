"""A copy of a stored graph that shares what is never written again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def copy_store(store: Path, copy: Path) -> None:
    """Copy a stored graph; its sorted tables, which the engine writes once and never changes, become links.

    Where the file system has no links, or the copy lies on another one, they are copied too.

    Raises:
        OSError: the copy cannot be written.
    """
    shutil.copytree(store, copy, copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str) -> str:
    if source.endswith(".sst"):
        try:
            os.link(source, target)
        except OSError:
            pass
        else:
            return target
    return shutil.copy2(source, target)
