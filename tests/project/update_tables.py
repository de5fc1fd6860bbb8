"""Writes ``ontology/tables/`` anew: ``python tests/project/update_tables.py FOLDER_OF_PUBLIC_FILES``."""

from __future__ import annotations

import sys
from pathlib import Path

from immunograph.assets import data_dir, ontology_dir
from immunograph.model import Iri
from immunograph.sources.identifier_table import (
    IdentifierRow,
    PaperRow,
    covered_prefixes,
    identifier_rows,
    paper_rows,
    table_text,
)
from immunograph.sources.retired import RetiredRow, retired_rows
from immunograph.store.reading import data_files, read_blocks
from immunograph.turtle import write_atomically
from immunograph.vocabulary import IG, IGD, NODE_KINDS, RDF_TYPE, RDFS_LABEL

IDENTIFIERS = ontology_dir() / "tables" / "identifiers-in-use.tsv"
PAPERS = ontology_dir() / "tables" / "papers-in-use.tsv"
RETIRED = ontology_dir() / "tables" / "retired.tsv"

__all__ = ["IDENTIFIERS", "PAPERS", "RETIRED", "covered_prefixes", "labels_in_data", "papers_in_data", "tables"]


def labels_in_data() -> dict[str, set[str]]:
    """IRI of every node that has a public identifier → its labels."""
    kinds = {Iri(IG + kind) for kind in NODE_KINDS}
    found: dict[str, set[str]] = {}
    for path in data_files(data_dir()):
        for block in read_blocks(path):
            if not block.subject.startswith(IGD) and any(
                predicate == RDF_TYPE and term in kinds for predicate, term in block.pairs
            ):
                labels = (term.value for predicate, term in block.pairs if predicate == RDFS_LABEL)
                found.setdefault(block.subject, set()).update(labels)
    return found


def papers_in_data() -> set[str]:
    """IRIs of the papers that evidence refers to."""
    return {
        term.value
        for path in data_files(data_dir())
        for block in read_blocks(path)
        for predicate, term in block.pairs
        if predicate == IG + "reference"
    }


def tables(reference: Path) -> dict[Path, str]:
    """The tables as they should be, by file."""
    return {
        IDENTIFIERS: table_text(identifier_rows(labels_in_data(), reference), IdentifierRow),
        PAPERS: table_text(paper_rows(papers_in_data(), reference), PaperRow),
        RETIRED: table_text(retired_rows(reference), RetiredRow),
    }


if __name__ == "__main__":
    for file, content in tables(Path(sys.argv[1])).items():
        write_atomically(file, content)
