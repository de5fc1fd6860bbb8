"""DrugCentral: what a drug binds, and who approved it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from immunograph.errors import LoadError
from immunograph.identifiers import compress, expand
from immunograph.model import Association, Evidence, Node, Record
from immunograph.registry import Registry
from immunograph.sources.drugcentral import IMPORTER, WIDEST_PROFILE
from immunograph.sources.importer import ImportReport

HERE = Path(__file__).parent / "files" / "drugs"
REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"
SMALL = tuple(
    HERE / name
    for name in ("drugcentral-targets.json", "drugcentral-fda.csv", "drugcentral-all-three.csv", "genes.tsv")
)


def modulator(name: str, *numbers: int, role: str = "TherapeuticModulator", synonyms: tuple[str, ...] = ()) -> Node:
    exact = tuple(expand(f"DrugCentral:{number}") for number in numbers)
    return Node(expand(f"igd:{name}"), ("Modulator", role), name, (), synonyms=synonyms, exact=exact)


def drugs() -> Registry:
    registry = Registry()
    registry.extend(
        [
            modulator("madeupine", 1, 11, synonyms=("madeupine hydrochloride",)),
            modulator("inventumab", 2, role="PreventiveModulator"),
            modulator("labelline"),
            modulator("another", synonyms=("synonymine",)),
            modulator("misnumbered", 5),
            modulator("endogenol", 6, role="EndogenousModulator"),
        ]
    )
    return registry


def imported(targets: Path = SMALL[0], *, is_strict: bool = False) -> tuple[list[Record], ImportReport]:
    report = ImportReport(is_strict=is_strict)
    return list(IMPORTER.read([targets, *SMALL[1:]], drugs(), report)), report


def statements(records: list[Record], predicate: str) -> set[tuple[str, str]]:
    return {
        (compress(one.subject), compress(one.object))
        for one in records
        if isinstance(one, Association) and one.predicate == predicate
    }


def test_targets_are_matched_by_number_and_name_or_by_label() -> None:
    assert statements(imported()[0], "binds") == {
        ("igd:madeupine", "UniProtKB:P05231"),
        ("igd:inventumab", "UniProtKB:P08887"),
        ("igd:labelline", "UniProtKB:P05231"),
        ("igd:endogenol", "UniProtKB:P08887"),
    }


def test_an_action_has_neither_role_nor_affinity() -> None:
    actions = [one for one in imported()[0] if isinstance(one, Association) and one.predicate == "binds"]
    assert {tuple((name, compress(term.value)) for name, term in one.qualifiers) for one in actions} == {
        (("actionType", "ig:BinderAction"),)
    }


def test_the_table_of_all_three_adds_the_other_two_regulators() -> None:
    records, _ = imported()
    assert statements(records, "approvedBy") == {
        ("igd:madeupine", "igd:fda"),
        ("igd:inventumab", "igd:fda"),
        ("igd:inventumab", "igd:ema"),
        ("igd:inventumab", "igd:pmda"),
    }
    assert not any(one.qualifiers for one in records if isinstance(one, Association) and one.predicate == "approvedBy")


def test_what_is_left_out_is_counted() -> None:
    assert imported()[1].skipped == {
        "drug is no modulator of the graph": 2,
        "number of a modulator with another name": 1,
        "target is several proteins": 1,
        "target is no human protein": 1,
        "row without drug or accession": 1,
        "approval: drug is no modulator of the graph": 1,
        "approval: number of a modulator with another name": 1,
        "approval of what the body makes itself": 1,
        "wrong number of cells": 1,
    }


@pytest.mark.parametrize(("proteins", "is_kept"), [(WIDEST_PROFILE, True), (WIDEST_PROFILE + 1, False)])
def test_a_drug_of_a_panel_is_left_out(tmp_path: Path, proteins: int, is_kept: bool) -> None:
    names = [f"P{number:05}" for number in range(proteins)]
    header = (HERE / "genes.tsv").read_text().splitlines()[0]
    genes = [f"HGNC:{at}\tG{at}\tgene {at}\tApproved\t\t\t\t{name}\t\t" for at, name in enumerate(names)]
    (tmp_path / "genes.tsv").write_text("\n".join([header, *genes]))
    rows = [{"struct_id": 1, "name": "madeupine", "accession": name, "target_name": "some"} for name in names]
    (tmp_path / "targets.json").write_text(json.dumps(rows))
    report = ImportReport()
    files = [tmp_path / "targets.json", *SMALL[1:3], tmp_path / "genes.tsv"]
    found = statements(list(IMPORTER.read(files, drugs(), report)), "binds")
    assert len(found) == (proteins if is_kept else 0)
    assert report.skipped["drug tested on a panel, strength not given"] == (0 if is_kept else proteins)


@pytest.mark.parametrize(
    ("modality", "target", "is_kept"),
    [
        ("SmallMolecule", "Interleukin-6", False),
        ("SmallMolecule", "Interleukin-6 receptor subunit alpha", True),
        ("MonoclonalAntibody", "Interleukin-6", True),
    ],
)
def test_a_lowered_release_is_no_binding(tmp_path: Path, modality: str, target: str, is_kept: bool) -> None:
    registry, report = Registry(), ImportReport()
    registry.add(Node(expand("igd:madeupine"), ("Modulator", modality), "madeupine", ()))
    rows = [{"struct_id": 1, "name": "madeupine", "accession": "P05231", "target_name": target}]
    (tmp_path / "targets.json").write_text(json.dumps(rows))
    found = statements(list(IMPORTER.read([tmp_path / "targets.json", *SMALL[1:]], registry, report)), "binds")
    assert bool(found) is is_kept
    assert report.skipped["small molecule and what cells release: not a target"] == (0 if is_kept else 1)


def test_a_malformed_row_is_fatal_when_strict() -> None:
    with pytest.raises(LoadError, match="row without drug or accession: row 10"):
        imported(is_strict=True)


def test_evidence_is_one_record_a_row_with_an_address() -> None:
    records, _ = imported()
    evidence = {one.iri: one for one in records if isinstance(one, Evidence)}
    assert all(set(one.evidence) <= set(evidence) for one in records if isinstance(one, Association))
    assert {"2023|1|P05231", "2023|11|P05231", "2023|2|ema"} <= {one.record for one in evidence.values()}
    assert all(one.address for one in evidence.values())


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the public reference files are not beside the checkout")
def test_the_real_files() -> None:
    registry = Registry()
    registry.extend([modulator("nivolumab", 4923), modulator("ruxolitinib", 4190), modulator("efalizumab")])
    folder = REFERENCE / "drugcentral"
    files = [
        folder / "AllTargets.json.gz",
        folder / "FDA_Approved.csv",
        folder / "FDA+EMA+PMDA_Approved.csv",
        REFERENCE / "ontologies" / "hgnc_entries.tsv.gz",
    ]
    report = ImportReport(is_strict=True)
    records = list(IMPORTER.read(files, registry, report))
    assert ("igd:nivolumab", "UniProtKB:Q15116") in statements(records, "binds")
    assert ("igd:nivolumab", "igd:pmda") in statements(records, "approvedBy")
    assert ("igd:efalizumab", "igd:fda") in statements(records, "approvedBy")
    assert report.skipped["drug tested on a panel, strength not given"] > 100
