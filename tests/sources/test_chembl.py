"""ChEMBL: what a drug does to a target, and what it was studied for."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunograph.errors import LoadError
from immunograph.identifiers import compress, expand
from immunograph.model import Association, Node, Record
from immunograph.registry import Registry
from immunograph.sources.chembl import ACTIONS, IMPORTER
from immunograph.sources.importer import ImportReport
from immunograph.vocabulary import KIND_OF_PREDICATE

HERE = Path(__file__).parent / "files" / "drugs"
REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"
SMALL = (
    "mechanisms.csv",
    "indications.csv",
    "targets.csv",
    "genes.tsv",
    "mondo.json",
    "mondo_xrefs.json",
    "hp.obo",
    "relations.csv",
)


def drugs() -> Registry:
    registry = Registry()
    chembl = "CHEMBL.COMPOUND:CHEMBL"
    registry.add(
        Node(
            expand("igd:madeupine"),
            ("Modulator", "SmallMolecule"),
            "madeupine",
            (),
            exact=(expand(f"{chembl}1"),),
            close=(expand(f"{chembl}11"),),
        )
    )
    registry.add(
        Node(
            expand("igd:inventumab"),
            ("Modulator", "BispecificAntibody"),
            "inventumab",
            (),
            exact=(expand(f"{chembl}2"),),
        )
    )
    registry.add(Node(expand("MONDO:0000010"), ("Condition",), "arthritis", (), exact=(expand(f"{chembl}999"),)))
    return registry


def imported(*, is_strict: bool = False) -> tuple[list[Record], ImportReport]:
    report = ImportReport(is_strict=is_strict)
    return list(IMPORTER.read([HERE / name for name in SMALL], drugs(), report)), report


def statements(records: list[Record]) -> dict[tuple[str, str, str], dict[str, str]]:
    return {
        (compress(one.subject), one.predicate, compress(one.object)): {
            name: compress(term.value) for name, term in one.qualifiers
        }
        for one in records
        if isinstance(one, Association)
    }


def test_mechanisms_become_target_actions() -> None:
    found = statements(imported()[0])
    primary = {"actionRole": "ig:PrimaryAction"}
    assert found["igd:inventumab", "inhibits", "UniProtKB:P05231"] == primary | {"actionType": "ig:InhibitorAction"}
    assert found["igd:madeupine", "inhibits", "UniProtKB:P05231"], "a salt's mechanism is the drug's"
    assert found["igd:madeupine", "activates", "UniProtKB:P05231"]["actionType"] == "ig:AgonistAction"
    assert ("igd:madeupine", "inhibits", "FPLX:JAK") in found
    assert ("igd:inventumab", "binds", "igd:disialoganglioside-gd2") in found


def test_targets_without_members_are_described_here() -> None:
    nodes = [record for record in imported()[0] if isinstance(record, Node)]
    assert [(node.label, node.types) for node in nodes] == [
        ("disialoganglioside GD2", ("Target", "SmallMoleculeTarget"))
    ]


JAKS = {"JAK1": "P23458", "JAK2": "O60674", "JAK3": "P52333", "TYK2": "P29597"}


def janus(tmp_path: Path, *kinases: str) -> dict[tuple[str, str, str], dict[str, str]]:
    """What is said of a drug that ChEMBL lists as an inhibitor of these kinases."""
    genes = (HERE / "genes.tsv").read_text(encoding="utf-8")
    head, first, *_ = genes.splitlines()
    files = {
        "mechanisms.csv": [
            (HERE / "mechanisms.csv").read_text(encoding="utf-8").splitlines()[0],
            *(f"INHIBITOR,{one} inhibitor,CHEMBL1,T{one}" for one in kinases),
        ],
        "targets.csv": [
            "target_chembl_id,target_name,uniprot_acc,ensembl_id",
            *(f"T{one},{one},{accession}," for one, accession in JAKS.items()),
        ],
        "genes.tsv": [
            head,
            *(first.replace("IL6", one).replace("P05231", accession) for one, accession in JAKS.items()),
        ],
        "relations.csv": [f"HGNC,{one},isa,FPLX,JAK" for one in JAKS],
    }
    for name, lines in files.items():
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    paths = [(tmp_path if name in files else HERE) / name for name in SMALL]
    found = statements(list(IMPORTER.read(paths, drugs(), ImportReport())))
    return {key: value for key, value in found.items() if key[1] == "inhibits"}


def test_whoever_hits_every_member_of_a_family_acts_on_the_family(tmp_path: Path) -> None:
    found = janus(tmp_path, *JAKS)
    assert found["igd:madeupine", "inhibits", "FPLX:JAK"]["actionRole"] == "ig:PrimaryAction"
    members = [found["igd:madeupine", "inhibits", f"UniProtKB:{accession}"] for accession in JAKS.values()]
    assert members == [{"actionType": "ig:InhibitorAction"}] * 4


def test_whoever_hits_some_members_acts_on_those(tmp_path: Path) -> None:
    found = janus(tmp_path, "JAK1", "TYK2")
    assert {key[2] for key in found} == {"UniProtKB:P23458", "UniProtKB:P29597"}
    assert all(value["actionRole"] == "ig:PrimaryAction" for value in found.values())


def test_a_phase_is_neither_an_approval_nor_a_treatment() -> None:
    records, _ = imported()
    found = {key: value for key, value in statements(records).items() if KIND_OF_PREDICATE[key[1]] == "Indication"}
    assert found == {
        ("igd:madeupine", "studiedFor", "MONDO:0000010"): {"maxPhase": "4.0", "status": "ig:Investigational"},
        ("igd:inventumab", "studiedFor", "HP:0000002"): {"maxPhase": "3.0", "status": "ig:Investigational"},
    }


def test_what_is_left_out_is_counted() -> None:
    _, report = imported()
    assert report.skipped == {
        "molecule is no modulator of the graph": 2,
        "mechanism without target": 1,
        "action type that tells no effect on the target": 1,
        "target is no human protein": 1,
        "target without protein": 1,
        "wrong number of cells": 1,
        "studied in phase 1 at most": 1,
        "condition not found: no condition refers to it": 1,
        "condition not found: too wide to be a condition": 1,
        "indication without condition": 1,
        "phase is no number from 0 to 4": 1,
    }
    assert report.unmapped["CHEMBL.TARGET"] == {"CHEMBLT2": 1, "CHEMBLT3": 1}
    assert report.unmapped["EFO"] == {"EFO:2 unheard-of disease": 1, "EFO:3 disease": 1}


def test_a_malformed_row_is_fatal_when_strict() -> None:
    with pytest.raises(LoadError, match=r"mechanisms\.csv:12: wrong number of cells"):
        imported(is_strict=True)


def test_every_association_has_evidence_that_is_there() -> None:
    records, _ = imported()
    known = {record.iri for record in records}
    assert all(one.evidence and set(one.evidence) <= known for one in records if isinstance(one, Association))


def test_actions_lead_to_known_predicates() -> None:
    assert {KIND_OF_PREDICATE[predicate] for predicate, _ in ACTIONS.values()} == {"TargetAction"}


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the public reference files are not beside the checkout")
def test_the_real_files() -> None:
    registry = Registry()
    adalimumab = Node(
        expand("igd:adalimumab"), ("Modulator",), "adalimumab", (), exact=(expand("CHEMBL.COMPOUND:CHEMBL1201580"),)
    )
    registry.add(adalimumab)
    ontologies = REFERENCE / "ontologies"
    files = [
        *(REFERENCE / "chembl" / f"chembl_{name}.csv.gz" for name in ("mechanisms", "indications", "targets")),
        ontologies / "hgnc_entries.tsv.gz",
        ontologies / "MONDO-ontology-v2026-05-05.json.zst",
        ontologies / "mondo.json.gz",
        ontologies / "hp.obo.gz",
        REFERENCE / "famplex" / "relations.csv",
    ]
    found = statements(list(IMPORTER.read(files, registry, ImportReport())))
    assert ("igd:adalimumab", "inhibits", "UniProtKB:P01375") in found
    assert found["igd:adalimumab", "studiedFor", "MONDO:0008383"]["maxPhase"] == "4.0"
