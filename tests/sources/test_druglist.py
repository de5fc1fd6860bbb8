"""The drug list: modulators in scope, cross-references that mean them, approvals."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunograph.errors import ImmunographError, LoadError
from immunograph.identifiers import compress
from immunograph.model import Association, Node
from immunograph.registry import Registry
from immunograph.sources.crosscheck import is_systematic
from immunograph.sources.druglist import FILES, IMPORTER
from immunograph.sources.importer import ImportReport
from immunograph.sources.scope import read_scope

HERE = Path(__file__).parent / "files" / "drugs"
REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"
SMALL = (
    "druglist.csv",
    "vocabulary.csv",
    "chebi.json",
    "chebi_to_chembl.tsv",
    "chebi_to_pubchem.tsv",
    "mesh_labels.tsv",
    "mesh_mappings.tsv",
)
REAL = (
    "everycure/drug_list_stringent.csv.gz",
    "drugbank_vocabulary/drugbank_vocabulary.csv.gz",
    "ontologies/CHEBI-ontology-2026-05-01.json.zst",
    "idmaps/chebi_to_chembl.tsv.gz",
    "idmaps/chebi_to_pubchem.tsv.gz",
    "ontologies/mesh_id_label_mappings.tsv.gz",
    "idmaps/mesh_mappings.tsv.gz",
)
Imported = tuple[dict[str, Node], list[Association], ImportReport]


def imported(folder: Path, names: tuple[str, ...], *, is_strict: bool = False) -> Imported:
    report = ImportReport(is_strict=is_strict)
    records = list(IMPORTER.read([folder / name for name in names], Registry(), report))
    nodes = {compress(record.iri): record for record in records if isinstance(record, Node)}
    return nodes, [record for record in records if isinstance(record, Association)], report


def curies(iris: tuple[str, ...]) -> set[str]:
    return {compress(iri) for iri in iris}


def test_drugs_in_scope_become_modulators() -> None:
    nodes, _, report = imported(HERE, SMALL)
    assert set(nodes) == {"igd:fda", "igd:ema", "igd:pmda", "igd:madeupine", "igd:inventumab"}
    assert nodes["igd:madeupine"].types == ("Modulator", "SmallMolecule", "TherapeuticModulator")
    assert nodes["igd:inventumab"].types[1] == "MonoclonalAntibody"
    assert nodes["igd:madeupine"].synonyms == ("Fictitine",), "a systematic name is no synonym"
    assert set(nodes["igd:inventumab"].synonyms) == {"inventumab-abcd", "Inventumabum"}
    reasons = {
        "not in scope",
        "combination product",
        "modality not known",
        "name taken by another row",
        "wrong number of cells",
    }
    assert reasons <= report.skipped.keys()


def test_identifiers_are_believed_by_name() -> None:
    nodes, _, report = imported(HERE, SMALL)
    drug = nodes["igd:madeupine"]
    expected = {"CHEBI:1", "UNII:U1", "CHEMBL.COMPOUND:CHEMBL1", "DRUGBANK:DB1", "CAS:1-1-1"}
    assert curies(drug.exact) == expected | {"KEGG.COMPOUND:C1", "RXCUI:1"}
    assert curies(drug.close) == {"CHEMBL.COMPOUND:CHEMBL11", "CHEMBL.COMPOUND:CHEMBL12"}
    assert report.skipped["cross-reference of another substance"] == 2


def test_identifiers_of_another_substance_taint_what_cannot_be_checked() -> None:
    nodes, _, report = imported(HERE, SMALL)
    antibody = nodes["igd:inventumab"]
    assert curies(antibody.exact) == {"UNII:U2", "CHEMBL.COMPOUND:CHEMBL2", "DRUGBANK:DB2"}
    found = [skip.detail for skip in report.examples["cross-reference of another substance"]]
    assert found == ["inventumab: CHEBI:9", "inventumab: PUBCHEM.COMPOUND:9"]


def test_approvals_have_a_status_only_while_marketed() -> None:
    _, approvals, _ = imported(HERE, SMALL)
    found = {(compress(one.subject), compress(one.object), bool(one.qualifiers)) for one in approvals}
    assert found == {
        ("igd:madeupine", "igd:fda", True),
        ("igd:madeupine", "igd:pmda", True),
        ("igd:inventumab", "igd:fda", False),
        ("igd:inventumab", "igd:ema", True),
    }
    assert all(one.evidence for one in approvals)


def test_a_malformed_row_is_fatal_when_strict() -> None:
    with pytest.raises(LoadError, match=r"vocabulary\.csv:5: wrong number of cells"):
        imported(HERE, SMALL, is_strict=True)


def test_files_are_counted() -> None:
    with pytest.raises(ImmunographError, match="7 wanted"):
        list(IMPORTER.read([HERE / "druglist.csv"], Registry(), ImportReport()))
    assert len(FILES) == len(SMALL)


def test_systematic_names() -> None:
    assert is_systematic("(11β)-11,17,21-trihydroxypregna-1,4-diene-3,20-dione")
    assert not is_systematic("interferon gamma-1b")


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the public reference files are not beside the checkout")
def test_the_real_list() -> None:
    nodes, approvals, report = imported(REFERENCE, REAL)
    assert len(nodes) >= 200
    assert len(approvals) >= 400
    assert "modality not known" not in report.skipped
    assert "name taken by another row" not in report.skipped
    assert "DRUGBANK:DB08208" not in curies(nodes["igd:tocilizumab"].exact)
    assert "CHEMBL.COMPOUND:CHEMBL1237022" in curies(nodes["igd:tocilizumab"].exact)
    assert "CHEBI:28887" not in curies(nodes["igd:ofatumumab"].exact), "dimethyl ether"
    assert {"igd:mycophenolate-mofetil", "igd:imiquimod", "igd:tisagenlecleucel"} <= nodes.keys()


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the public reference files are not beside the checkout")
def test_every_scope_decision_is_about_a_row_of_that_name() -> None:
    from immunograph.sources.importer import table_rows

    names = {row["curie"]: row["curie_label"] for _, row in table_rows(REFERENCE / REAL[0], ("curie",), ImportReport())}
    wrong = {row.curie for row in read_scope().rows.values() if names.get(row.curie) != row.listed}
    assert not wrong
