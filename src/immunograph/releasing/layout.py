"""What lies where in a release; ``docs/releases.md`` says it for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from immunograph.errors import LoadError, Place

MANIFEST = "release.json"
"""Written last, so that its presence means whole."""

CHECKSUMS = "SHA256SUMS"
README = "README.md"
CHANGELOG, CHANGES = "CHANGELOG.md", "changes.tsv.gz"
ONTOLOGY_TURTLE, ONTOLOGY_XML = "immunograph.ttl", "immunograph.owl"
QUADS = "immunograph.nq.gz"
ONTOLOGY, DATA, QUERIES, EXPORTS, METADATA, GRAPH = "ontology", "data", "queries", "exports", "metadata", "graph"


def is_release(folder: Path) -> bool:
    """Whether a folder holds a whole release."""
    return (folder / MANIFEST).is_file()


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """The manifest of a release.

    Raises:
        LoadError: it is missing or damaged.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LoadError(f"is no manifest of a release ({error}); fetch the release again", Place(path)) from error
    if not isinstance(content, dict) or not {"version", "date", "files"} <= content.keys():
        raise LoadError("is no manifest of a release; fetch the release again", Place(path))
    return content


def data_folder(path: Path) -> Path:
    """The folder of stated data in a release; any other folder as it is."""
    return path / DATA if is_release(path) else path
