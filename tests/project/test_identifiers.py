"""Every public identifier in the data is known under that label, current, and its papers stand."""

from __future__ import annotations

import gzip
import importlib.util
import sys
from pathlib import Path

import pytest

from immunograph.identifiers import compress, expand
from immunograph.sources.identifier_table import (
    IdentifierRow,
    PaperRow,
    covered_prefixes,
    identifier_rows,
    paper_rows,
    read_identifier_table,
    read_paper_table,
    table_text,
)

HERE = Path(__file__).parent
REFERENCE = HERE.parents[1].parent / "shared" / "reference"
UPDATE = "run `python tests/project/update_tables.py REFERENCE` after a change of data"

_spec = importlib.util.spec_from_file_location("update_tables", HERE / "update_tables.py")
assert _spec and _spec.loader
update_tables = importlib.util.module_from_spec(_spec)
sys.modules["update_tables"] = update_tables
_spec.loader.exec_module(update_tables)


@pytest.fixture(scope="module")
def labels() -> dict[str, set[str]]:
    found: dict[str, set[str]] = update_tables.labels_in_data()
    return found


def test_there_are_public_identifiers_to_prove(labels: dict[str, set[str]]) -> None:
    prefixes = {compress(iri).partition(":")[0] for iri in labels}
    assert {"MONDO", "HP", "GO", "CL", "UniProtKB", "reactome", "wikipathways", "FPLX"} <= prefixes


def test_every_identifier_has_a_prefix_that_can_be_proven(labels: dict[str, set[str]]) -> None:
    assert {compress(iri).partition(":")[0] for iri in labels} <= covered_prefixes()


def test_the_table_lists_what_the_data_use(labels: dict[str, set[str]]) -> None:
    listed = read_identifier_table(update_tables.IDENTIFIERS).keys()
    assert sorted(compress(iri) for iri in labels.keys() - listed) == [], UPDATE
    assert sorted(compress(iri) for iri in listed - labels.keys()) == [], UPDATE


def test_no_identifier_is_obsolete() -> None:
    table = read_identifier_table(update_tables.IDENTIFIERS)
    assert [row for row in table.values() if row.obsolete != "no"] == []


def test_labels_are_those_of_the_source(labels: dict[str, set[str]]) -> None:
    table = read_identifier_table(update_tables.IDENTIFIERS)
    wrong = {compress(iri): (found, table[iri].label) for iri, found in labels.items() if found != {table[iri].label}}
    assert wrong == {}


def test_no_paper_is_retracted() -> None:
    table = read_paper_table(update_tables.PAPERS)
    papers = {iri for iri in update_tables.papers_in_data() if compress(iri).startswith("PMID:")}
    assert papers == table.keys(), UPDATE
    assert [row for row in table.values() if row.retracted != "no"] == []


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference files are not beside the checkout")
def test_the_tables_are_proven_by_the_public_files() -> None:
    for path, content in update_tables.tables(REFERENCE).items():
        assert path.read_text(encoding="utf-8") == content, UPDATE


def test_rows_say_what_is_obsolete_and_what_takes_its_place(tmp_path: Path) -> None:
    (tmp_path / "ontologies").mkdir()
    (tmp_path / "ontologies" / "hp.obo.gz").write_bytes(
        gzip.compress(
            b"[Term]\nid: HP:0000001\nname: one\nalt_id: HP:0000003\n\n"
            b"[Term]\nid: HP:0000002\nname: obsolete two\nis_obsolete: true\nreplaced_by: HP:0000001\n"
        )
    )
    rows = identifier_rows([expand(f"HP:000000{n}") for n in (1, 2, 3, 4)], tmp_path)
    assert [(row.identifier, row.label, row.obsolete) for row in rows] == [
        ("HP:0000001", "one", "no"),
        ("HP:0000002", "obsolete two", "yes: HP:0000001"),
        ("HP:0000003", "one", "yes: HP:0000001"),
    ]
    (tmp_path / "table.tsv").write_text(table_text(rows, IdentifierRow))
    assert list(read_identifier_table(tmp_path / "table.tsv").values()) == rows


def test_retracted_papers_are_found(tmp_path: Path) -> None:
    (tmp_path / "idmaps").mkdir()
    (tmp_path / "idmaps" / "pubmed_retractions.tsv.gz").write_bytes(gzip.compress(b"12\n7\n"))
    rows = paper_rows([expand("PMID:7"), expand("PMID:100"), expand("DOI:10.1/x")], tmp_path)
    assert rows == [PaperRow("PMID:7", "yes"), PaperRow("PMID:100", "no")]
    (tmp_path / "papers.tsv").write_text(table_text(rows, PaperRow))
    assert list(read_paper_table(tmp_path / "papers.tsv").values()) == rows
