"""Where the ontology, the data and the saved queries lie, in a checkout or in an installed wheel."""

from __future__ import annotations

from pathlib import Path

from immunograph.errors import StoreError

_PACKAGE = Path(__file__).resolve().parent


def assets_root() -> Path:
    """The folder that holds ``ontology/``, ``data/`` and ``queries/``.

    Raises:
        StoreError: neither the wheel's copy nor a checkout's folders are there.
    """
    for root in (_PACKAGE / "assets", _PACKAGE.parent.parent):
        if (root / "ontology").is_dir() and (root / "queries").is_dir():
            return root
    raise StoreError(f"{_PACKAGE}: the ontology and queries are missing; install the package again")


def ontology_dir() -> Path:
    """The folder of the ontology: modules, shapes, rules, checks, mappings, imports."""
    return assets_root() / "ontology"


def data_dir() -> Path:
    """The folder of the shipped data, one folder a source."""
    return assets_root() / "data"


def queries_dir() -> Path:
    """The folder of the saved queries."""
    return assets_root() / "queries"


def recipes_dir() -> Path:
    """The folder of the recipes for remote endpoints."""
    return queries_dir() / "recipes"
