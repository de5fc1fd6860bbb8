"""UniProt's names, with the brackets that belong to a name and those that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunograph.errors import LoadError
from immunograph.sources.importer import ImportReport
from immunograph.sources.uniprot import read_proteins, split_names


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        (
            "Tumor necrosis factor (Cachectin) (TNF-a) [Cleaved into: X (Y); Z]",
            ["Tumor necrosis factor", "Cachectin", "TNF-a"],
        ),
        ("NAD(+) kinase (EC 2.7.1.23)", ["NAD(+) kinase", "EC 2.7.1.23"]),
        ("(E3-independent) E2 enzyme (UBE2O)", ["(E3-independent) E2 enzyme", "UBE2O"]),
        ("[F-actin]-monooxygenase (M2)", ["[F-actin]-monooxygenase", "M2"]),
        ("Enzyme (Alpha (beta) form)", ["Enzyme", "Alpha (beta) form"]),
        ("Plain", ["Plain"]),
        ("", []),
    ],
)
def test_names_are_split_at_the_outer_brackets(cell: str, names: list[str]) -> None:
    assert split_names(cell) == names


def test_a_protein_without_name_is_counted_or_fatal(tmp_path: Path) -> None:
    path = tmp_path / "u.tsv"
    path.write_text("Entry\tEntry name\tStatus\tProtein names\tGene names\nP1\tA_HUMAN\treviewed\t\tA\n")
    report = ImportReport()
    assert not list(read_proteins(path, report))
    assert report.skipped == {"protein without accession or name": 1}
    with pytest.raises(LoadError, match=r"u\.tsv:2"):
        list(read_proteins(path, ImportReport(is_strict=True)))


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Cw-7 alpha chain", "C alpha chain"),
        ("A-3 alpha chain", "A alpha chain"),
        ("DRB1-15 beta chain", "DRB1 beta chain"),
        ("DQ alpha 1 chain", "DQ alpha 1 chain"),
        ("alpha chain E", "alpha chain E"),
    ],
)
def test_a_protein_is_not_called_by_one_of_its_alleles(tmp_path: Path, given: str, name: str) -> None:
    path, antigen = tmp_path / "u.tsv", "HLA class I histocompatibility antigen,"
    path.write_text(f"Entry\tEntry name\tStatus\tProtein names\tGene names\nP1\tX\treviewed\t{antigen} {given}\tX\n")
    assert [protein.name for protein in read_proteins(path)] == [f"{antigen} {name}"]
