"""The DrugBank vocabulary → cross-references of the modulators that carry its names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from immunograph.model import Record, Source
from immunograph.registry import Registry
from immunograph.sources.crosscheck import vocabulary_rows
from immunograph.sources.importer import Importer, ImportReport
from immunograph.sources.namesakes import namesakes, referenced
from immunograph.sources.slices import expect_files

FILES = {"vocabulary": "names, CAS, UNII and InChIKey of DrugBank identifiers, CSV with semicolons"}
SOURCE = Source(
    slug="drugbank-vocabulary",
    title="DrugBank vocabulary",
    licence="https://creativecommons.org/publicdomain/zero/1.0/",
    publisher="DrugBank",
    address="https://go.drugbank.com/releases/latest#open-data",
    version="2021",
    issued="2021",
    command="immunograph import drugbank-vocabulary drugbank_vocabulary.csv.gz --out data/drugbank-vocabulary",
    comment="Names and public identifiers only: the open part of DrugBank.",
)


def read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Record]:
    """Read the DrugBank, CAS, UNII and InChIKey identifiers of modulators, by name.

    Args:
        files: as ``FILES`` lists them.
        registry: modulators by name.
        report: counts the rows, and those left out by reason.

    Yields:
        Each modulator with its cross-references, sorted by IRI.

    Raises:
        LoadError: the file is missing or lacks a column.
    """
    (path,) = expect_files(files, FILES)
    for node, substance in namesakes(vocabulary_rows(path, report), registry, report):
        yield referenced(node, substance, SOURCE.iri)


IMPORTER = Importer(SOURCE, "cross-references of modulators by name", FILES, read)
