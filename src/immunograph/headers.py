"""The ``#+`` header of a ``.rq`` file: YAML in comments (grlc syntax), shared by queries, rules and checks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from immunograph.errors import LoadError, Place


def read_header(path: Path) -> tuple[Mapping[str, Any], str]:
    """Split a ``.rq`` file into its header and its whole text.

    Raises:
        LoadError: the file is missing, or its header is not a YAML mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LoadError(f"cannot be opened ({error.strerror})", Place(path)) from error
    header = "\n".join(line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+"))
    try:
        content = yaml.safe_load(header) or {}
    except yaml.YAMLError as error:
        raise LoadError(f"the #+ header is not YAML: {error}", Place(path, 1)) from error
    if not isinstance(content, dict):
        raise LoadError("the #+ header is not a mapping", Place(path, 1))
    return content, text
