"""A row of a name table means a modulator only where its very name says so, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunograph.errors import LoadError
from immunograph.identifiers import compress, expand
from immunograph.model import Node, Record
from immunograph.registry import Registry
from immunograph.sources.drugbank_vocabulary import IMPORTER
from immunograph.sources.importer import ImportReport

HEADER = "DrugBank ID;Accession Numbers;Common name;CAS;UNII;Synonyms;Standard InChI Key\n"


def node(name: str, *synonyms: str, kind: str = "SmallMolecule", exact: str = "") -> Node:
    iri = expand(f"igd:{name.replace(' ', '-')}")
    return Node(iri, ("Modulator", kind), name, (), synonyms=synonyms, exact=(expand(exact),) if exact else ())


def found(tmp_path: Path, rows: str, *nodes: Node) -> tuple[dict[str, list[str]], ImportReport]:
    path = tmp_path / "vocabulary.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    registry, report = Registry(), ImportReport()
    registry.extend(nodes)
    records: list[Record] = list(IMPORTER.read([path], registry, report))
    return {compress(one.iri): [compress(iri) for iri in one.exact] for one in records if isinstance(one, Node)}, report


def test_label_synonym_and_nothing_else(tmp_path: Path) -> None:
    rows = "DB1;;Alphamide;1-1-1;U1;;KEY1\nDB2;;Betamide;;U2;Gammamide;KEY2\nDB3;;Deltamide;;U3;Brand;KEY3\n"
    got, report = found(
        tmp_path,
        rows,
        node("alphamide"),
        node("gammamide"),
        node("epsilonmide", "Brand"),
        node("zetamide", "deltamide"),
    )
    assert got == {
        "igd:alphamide": ["DRUGBANK:DB1", "CAS:1-1-1", "UNII:U1", "INCHIKEY:KEY1"],
        "igd:gammamide": ["DRUGBANK:DB2", "UNII:U2", "INCHIKEY:KEY2"],
        "igd:zetamide": ["DRUGBANK:DB3", "UNII:U3", "INCHIKEY:KEY3"],
    }
    assert not report.skipped


def test_a_salt_does_not_take_the_place_of_its_base(tmp_path: Path) -> None:
    rows = "DB1;;Thetasone acetate;;U1;thetasone;\nDB2;;Thetasone;;U2;;\n"
    got, report = found(tmp_path, rows, node("thetasone"))
    assert got == {"igd:thetasone": ["DRUGBANK:DB2", "UNII:U2"]}
    assert report.skipped == {"another row has the very name": 1}


def test_doubt_is_left_out_and_counted(tmp_path: Path) -> None:
    rows = "DB1;;Iotamab;;U1;;\nDB2;;Kappamab;;U2;lambdamab;\nDB3;;Mumab;;U3;lambdamab;\nDB4;;Numab;;U4;;\nDB5;short\n"
    nodes = (
        node("one", "iotamab"),
        node("two", "iotamab"),
        node("lambdamab"),
        node("numab", exact="DRUGBANK:DB9"),
    )
    got, report = found(tmp_path, rows, *nodes)
    assert got == {}
    assert report.skipped == {
        "fits several modulators": 1,
        "several rows fit one modulator": 2,
        "modulator has another identifier of this database": 1,
        "wrong number of cells": 1,
    }


def test_structures_are_for_small_molecules_and_adjuvants_need_the_label(tmp_path: Path) -> None:
    rows = "DB1;;Ximab;;U1;;KEY1\nDB2;;Saponinol;;U2;;KEY2\n"
    got, _ = found(
        tmp_path,
        rows,
        node("ximab", kind="MonoclonalAntibody"),
        node("Saponinol vaccine adjuvant", "saponinol", kind="VaccineAdjuvant"),
    )
    assert got == {"igd:ximab": ["DRUGBANK:DB1", "UNII:U1"]}


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.csv"
    path.write_text("DrugBank ID;Common name\n")
    with pytest.raises(LoadError, match="lacks the column"):
        list(IMPORTER.read([path], Registry(), ImportReport()))
