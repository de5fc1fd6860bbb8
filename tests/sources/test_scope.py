"""The scope tables: what is in, under which name and modality."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunograph.errors import LoadError
from immunograph.sources.scope import read_scope, slug
from immunograph.sources.target_groups import read_target_groups

HEADER = "curie\tlisted\tdecision\tlabel\tmodality\treason\n"


def scope_folder(folder: Path, rows: str) -> Path:
    folder.joinpath("atc.tsv").write_text("prefix\treason\nL04\timmunosuppressants\n")
    folder.joinpath("modulators.tsv").write_text(HEADER + rows)
    return folder


def test_single_decisions_come_before_atc_groups(tmp_path: Path) -> None:
    rows = "CHEBI:1\tA\texclude\t\t\tnot immune\nCHEBI:2\tB\tinclude\tbetter b\tVaccine\timmune\n"
    scope = read_scope(scope_folder(tmp_path, rows))
    assert not scope.holds("CHEBI:1", ["L04AA01"])
    assert scope.holds("CHEBI:2", [])
    assert scope.holds("CHEBI:3", ["A01AA01", "L04AA01"])
    assert not scope.holds("CHEBI:3", ["L05"])
    assert scope.label_of("CHEBI:2", "B") == "better b"
    assert scope.label_of("CHEBI:3", "Cee") == "cee"
    assert scope.modality_of("CHEBI:2", "better b", has_structure=True) == "Vaccine"


@pytest.mark.parametrize(
    ("label", "has_structure", "modality"),
    [
        ("tocilizumab", True, "MonoclonalAntibody"),
        ("polatuzumab vedotin", True, "AntibodyDrugConjugate"),
        ("abatacept", False, "FusionProtein"),
        ("filgrastim", False, "RecombinantCytokine"),
        ("interferon gamma-1b", False, "RecombinantCytokine"),
        ("tofacitinib", True, "SmallMolecule"),
        ("imlifidase", False, None),
    ],
)
def test_name_stems_tell_the_modality(tmp_path: Path, label: str, has_structure: bool, modality: str | None) -> None:
    assert read_scope(scope_folder(tmp_path, "")).modality_of("CHEBI:0", label, has_structure) == modality


@pytest.mark.parametrize(
    "row",
    [
        "CHEBI:1\tA\tmaybe\t\t\twhy\n",
        "CHEBI:1\tA\tinclude\t\t\t\n",
        "CHEBI:1\tA\tinclude\n",
        "a\tb\tinclude\t\t\tc\td\n",
    ],
)
def test_a_broken_decision_names_its_line(tmp_path: Path, row: str) -> None:
    with pytest.raises(LoadError, match=r"modulators\.tsv:2"):
        read_scope(scope_folder(tmp_path, row))


def test_a_missing_or_foreign_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"atc\.tsv"):
        read_scope(tmp_path)
    tmp_path.joinpath("atc.tsv").write_text("other\n")
    with pytest.raises(LoadError, match="needs the columns prefix, reason"):
        read_scope(tmp_path)


def test_the_shipped_tables_are_sound() -> None:
    scope = read_scope()
    labels = [slug(row.label or row.listed) for row in scope.rows.values() if row.is_included]
    assert len(labels) == len(set(labels)) > 100
    assert scope.holds("CHEBI:8764", []), "mycophenolate mofetil has no ATC code in the list"
    groups = read_target_groups()
    assert groups["CHEMBL2364168"].members_from == "famplex:CD3"


def test_target_groups_need_a_type_and_an_identifier(tmp_path: Path) -> None:
    table = tmp_path / "groups.tsv"
    table.write_text("chembl_target\tnamed\tiri\tlabel\ttype\tmembers_from\nC1\tx\tnope\tx\tProteinComplex\t\n")
    with pytest.raises(LoadError, match=r"groups\.tsv:2: needs an IRI"):
        read_target_groups(table)
