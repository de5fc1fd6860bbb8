"""Licences of sources: short names for people, IRIs for the graph."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from immunograph.errors import UnknownTermError
from immunograph.names import nearest

LICENCES: Mapping[str, str] = MappingProxyType(
    {
        "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
        "PDM-1.0": "https://creativecommons.org/publicdomain/mark/1.0/",
        "CC-BY-3.0": "https://creativecommons.org/licenses/by/3.0/",
        "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
        "CC-BY-SA-3.0": "https://creativecommons.org/licenses/by-sa/3.0/",
        "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
        "MIT": "https://spdx.org/licenses/MIT",
        "Apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0",
        "HPO": "https://hpo.jax.org/app/license",
    }
)
"""SPDX-like name → IRI of every licence that a source may have."""


def short_name(iri: str) -> str:
    """The short name of a licence, or its IRI where it has none."""
    return next((name for name, known in LICENCES.items() if known == iri), iri)


def licence_iris(names: str) -> frozenset[str]:
    """Read a comma-separated list of short names, or of their beginnings (``CC-BY`` takes every version but not SA).

    Raises:
        UnknownTermError: a name fits no licence.
    """
    found: set[str] = set()
    for name in (part.strip() for part in names.split(",") if part.strip()):
        fitting = [iri for known, iri in LICENCES.items() if _fits(name.casefold(), known.casefold())]
        if not fitting and name not in LICENCES.values():
            raise UnknownTermError(name, nearest(name, LICENCES) or sorted(LICENCES))
        found.update(fitting or [name])
    return frozenset(found)


def _fits(asked: str, known: str) -> bool:
    return asked == known or known.rpartition("-")[0] == asked or (asked == "cc0" and known.startswith("cc0"))
