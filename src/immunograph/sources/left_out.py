"""Statements of public sources that a curator found to mislead, and that are therefore not taken.

Sources that disagree are shown side by side, and most errors are the reader's to judge. ``ontology/scope/left-out.tsv``
is for the few statements that are wrong as they stand here: that of a context which the source does not carry over, or
of a use that was given up. Each has its reason, and the import report counts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from immunograph.assets import ontology_dir
from immunograph.errors import LoadError
from immunograph.identifiers import as_iri, compress
from immunograph.model import Association, Record
from immunograph.sources.importer import ImportReport
from immunograph.sources.scope import read_asset_rows
from immunograph.vocabulary import KIND_OF_PREDICATE

COLUMNS = ("source", "subject", "predicate", "object", "statement", "reason")

Statement = tuple[str, str, str, str]
"""Slug of a source, IRI of the subject, local name of the predicate, IRI of the object."""


def read_left_out(path: Path) -> Mapping[Statement, str]:
    """Read the statements that are not taken, each with its reason.

    Raises:
        LoadError: the table is missing or broken, or a row has an unknown predicate or prefix, or no reason.
    """
    found: dict[Statement, str] = {}
    for at, row in read_asset_rows(path, COLUMNS):
        subject, object_ = as_iri(row["subject"]), as_iri(row["object"])
        if subject is None or object_ is None or row["predicate"] not in KIND_OF_PREDICATE or not row["reason"]:
            raise LoadError("needs two known CURIEs, a predicate of an association and a reason", at)
        found[row["source"], subject, row["predicate"], object_] = row["reason"]
    return found


@cache
def left_out_statements() -> Mapping[Statement, str]:
    """The statements that the shipped table leaves out."""
    return read_left_out(ontology_dir() / "scope" / "left-out.tsv")


def without_left_out(
    records: Iterable[Record], report: ImportReport, left_out: Mapping[Statement, str] | None = None
) -> Iterator[Record]:
    """The records but those left out, which are counted with their reason."""
    left_out = left_out_statements() if left_out is None else left_out
    for record in records:
        if isinstance(record, Association):
            reason = left_out.get((record.source, record.subject, record.predicate, record.object))
            if reason:
                said = f"{compress(record.subject)} {record.predicate} {compress(record.object)}"
                report.miss(f"statement left out: {reason}", said)
                continue
        yield record
