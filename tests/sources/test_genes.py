"""The table of genes: approved genes with their proteins and symbols."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunograph.errors import LoadError
from immunograph.sources.genes import Gene, read_genes
from immunograph.sources.importer import ImportReport

GENES = Path(__file__).parent / "files" / "ontologies" / "genes.tsv"


def test_approved_genes_come_with_proteins_and_symbols() -> None:
    report = ImportReport()
    assert list(read_genes(GENES, report)) == [
        Gene(
            "HGNC:1",
            "ABC1",
            "abc protein 1",
            ("ABX", "ABY"),
            ("OLD1",),
            ("P00001", "P00002"),
            "11",
            "ENSG01",
            "gene with protein product",
        )
    ]
    assert report.skipped == {
        "gene symbol is not approved": 1,
        "gene without identifier or symbol": 1,
        "wrong number of cells": 1,
    }


def test_a_malformed_row_is_fatal_when_strict() -> None:
    with pytest.raises(LoadError, match=r"genes\.tsv:4"):
        list(read_genes(GENES, ImportReport(is_strict=True)))
