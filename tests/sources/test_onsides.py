"""Annotated labels: reactions by the labels' own words, never by MedDRA."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunograph.errors import LoadError
from immunograph.identifiers import compress, expand
from immunograph.model import Association, Evidence, Node, Record, blocks
from immunograph.registry import Registry
from immunograph.sources.importer import ImportReport
from immunograph.sources.onsides import IMPORTER, read_brands
from immunograph.turtle import block_text

HERE = Path(__file__).parent / "files" / "drugs"
REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"
SMALL = ("labels-train.json", "labels-test.json", "mondo.json", "mondo_xrefs.json", "hp.obo", "oae.owl", "aliases.yaml")


def imported(names: tuple[str, ...] = SMALL, *, is_strict: bool = False) -> tuple[list[Record], ImportReport]:
    registry, report = Registry(), ImportReport(is_strict=is_strict)
    registry.add(Node(expand("igd:inventumab"), ("Modulator",), "inventumab", (), synonyms=("Firstmab",)))
    registry.add(Node(expand("igd:carfilzomib"), ("Modulator",), "carfilzomib", ()))
    registry.add(Node(expand("igd:doom"), ("Condition",), "serious doom", (), synonyms=("doom of old",)))
    return list(IMPORTER.read([HERE / name for name in names], registry, report)), report


def test_reactions_are_found_by_their_words() -> None:
    records, report = imported()
    found = {
        (compress(one.subject), compress(one.object)): {name: compress(term.value) for name, term in one.qualifiers}
        for one in records
        if isinstance(one, Association)
    }
    boxed = {"labelSection": "ig:BoxedWarningSection", "boxedWarning": "true"}
    assert found == {
        ("igd:inventumab", "HP:0000002"): boxed,
        ("igd:inventumab", "igd:doom"): boxed,
        ("igd:carfilzomib", "OAE:0000007"): {"labelSection": "ig:WarningsSection"},
        ("igd:carfilzomib", "igd:doom"): {"labelSection": "ig:WarningsSection"},
    }
    assert report.unmapped["words of a label"] == {"Invented arthritis": 1}


def test_an_event_that_was_decided_to_be_a_phenotype_is_that_phenotype(monkeypatch: pytest.MonkeyPatch) -> None:
    decided = {expand("OAE:0000007"): expand("HP:0000003")}
    monkeypatch.setattr("immunograph.sources.onsides.reviewed_diseases", lambda: decided)
    records, _ = imported()
    objects = {compress(one.object) for one in records if isinstance(one, Association)}
    assert "HP:0000003" in objects and "OAE:0000007" not in objects


def test_each_section_is_evidence() -> None:
    records, _ = imported()
    fever = next(one for one in records if isinstance(one, Association) and one.object == expand("HP:0000002"))
    evidence = {one.iri: one.record for one in records if isinstance(one, Evidence)}
    assert {evidence[iri] for iri in fever.evidence} == {
        "FIRSTMAB|AdverseReactionsSection",
        "FIRSTMAB|BoxedWarningSection",
    }


def test_what_is_left_out_is_counted_and_meddra_is_never_read() -> None:
    records, report = imported()
    reasons = {"label of no modulator of the graph", "words that name no condition", "section lacks a part"}
    assert report.skipped == dict.fromkeys(reasons, 1)
    text = "".join(block_text(blocks(record)) for record in records)
    assert "NOT" not in text
    assert "1000000" not in text


def test_a_malformed_section_is_fatal_when_strict() -> None:
    with pytest.raises(LoadError, match=r"labels-train\.json: section lacks a part: item 3"):
        imported(is_strict=True)


def test_the_sheet_must_have_aliases() -> None:
    with pytest.raises(LoadError, match="is no sheet with aliases"):
        imported((*SMALL[:-1], "mondo.json"))


def test_the_shipped_brands_have_a_source() -> None:
    assert read_brands()["kyprolis"] == "carfilzomib"


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the public reference files are not beside the checkout")
def test_the_real_labels() -> None:
    labels, ontologies = REFERENCE / "onsides_annotations", REFERENCE / "ontologies"
    files = [
        labels / "demner-fushman-train-labels.json.gz",
        labels / "demner-fushman-test-labels.json.gz",
        ontologies / "MONDO-ontology-v2026-05-05.json.zst",
        ontologies / "mondo.json.gz",
        ontologies / "hp.obo.gz",
        REFERENCE / "oae" / "new_OAE_terms_2022.owl.gz",
        HERE / "aliases.yaml",
    ]
    registry = Registry()
    registry.add(Node(expand("igd:tofacitinib"), ("Modulator",), "tofacitinib", (), synonyms=("Xeljanz",)))
    records = list(IMPORTER.read(files, registry, ImportReport()))
    boxed = {
        compress(one.object)
        for one in records
        if isinstance(one, Association) and ("boxedWarning" in dict(one.qualifiers))
    }
    assert "MONDO:0005062" in boxed, "lymphoma"
