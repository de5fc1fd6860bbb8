"""Which cross-references may be called exact: undamaged, and one of each database."""

from __future__ import annotations

from collections.abc import Iterable

from immunograph.identifiers import compress, prefix_map


def exact_and_close(found: Iterable[str], known: Iterable[str] = ()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sort identifiers of one thing into exact and close ones.

    A thing has one exact identifier in a database. Where a source gives several, or another than is known already, none
    says which is meant: all that the source adds are close. Damaged ones are left out.

    Args:
        found: IRIs that a source gives.
        known: IRIs that other sources state to be exact.

    Returns:
        The exact ones and the close ones, in order.
    """
    formed = [iri for iri in dict.fromkeys(found) if is_formed(iri)]
    by_database: dict[str, set[str]] = {}
    for iri in (*formed, *known):
        by_database.setdefault(_database(iri), set()).add(iri)
    exact = tuple(iri for iri in formed if len(by_database[_database(iri)]) == 1)
    return exact, tuple(iri for iri in formed if iri not in exact)


def is_formed(iri: str) -> bool:
    """Whether an identifier was not damaged by a spreadsheet: a CAS number that it read as a date has full stops."""
    return not (iri.startswith(_CAS) and "." in iri[len(_CAS) :])


_CAS = prefix_map()["CAS"]


def _database(iri: str) -> str:
    return compress(iri).partition(":")[0]
