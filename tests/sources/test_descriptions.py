"""Ontology slices: what is in use is described with what lies above it; what is gone is reported."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from immunograph.errors import ImmunographError
from immunograph.identifiers import compress, expand
from immunograph.model import Node
from immunograph.registry import Registry
from immunograph.sources import cells, go, hp, mondo, oae
from immunograph.sources.importer import Importer, ImportReport

FILES = Path(__file__).parent / "files" / "slices"
OAE = Path(__file__).parent / "files" / "ontologies" / "small.owl"
MONDO = ("mondo-closure.json", "mondo-listed.json", "hp.obo")


def described(
    importer: Importer, files: Iterable[str | Path], in_use: Iterable[str], known: Iterable[Node] = ()
) -> tuple[dict[str, Node], ImportReport]:
    registry, report = Registry(in_use={expand(curie) for curie in in_use}), ImportReport()
    registry.extend(known)
    records = importer.read([FILES / file for file in files], registry, report)
    return {compress(node.iri): node for node in records if isinstance(node, Node)}, report


def broader(node: Node) -> set[str]:
    return {compress(iri) for iri in node.broader}


def test_mondo_describes_what_is_in_use_and_above() -> None:
    nodes, report = described(mondo.IMPORTER, MONDO, ["MONDO:0000011"])
    assert sorted(nodes) == ["MONDO:0000001", "MONDO:0000010", "MONDO:0000011"]
    assert broader(nodes["MONDO:0000011"]) == {"MONDO:0000010"}
    assert nodes["MONDO:0000010"].synonyms == ("arthropathy",)
    assert nodes["MONDO:0000011"].types == ("Condition",)
    assert report.read == {"mondo-closure.json": 8, "mondo-listed.json": 4, "hp.obo": 9}


def test_mondo_matches_are_exact_only_where_unambiguous() -> None:
    nodes, _ = described(mondo.IMPORTER, MONDO, ["MONDO:0000011"])
    arthritis = nodes["MONDO:0000011"]
    assert {compress(iri) for iri in arthritis.exact} == {"DOID:11"}
    assert {compress(iri) for iri in arthritis.close} == {"MESH:D1", "MESH:D2", "orphanet:7"}


def test_mondo_reports_obsolete_and_unknown_identifiers() -> None:
    nodes, report = described(mondo.IMPORTER, MONDO, ["MONDO:0000020", "MONDO:0000021", "MONDO:9999999"])
    assert not nodes
    assert report.unmapped == {
        "obsolete MONDO term": {"MONDO:0000020 (replaced by MONDO:0000011)": 1},
        "MONDO term": {"MONDO:0000021": 1, "MONDO:9999999": 1},
    }


@pytest.mark.parametrize(
    ("used", "disease", "phenotype"),
    [
        ("HP:0000030", "MONDO:0000012", "HP:0000030"),  # one label
        ("HP:0000031", "MONDO:0000013", "HP:0000031"),  # referred to, and a synonym is the label
        ("HP:0000032", "MONDO:0000012", "HP:0000030"),  # what lies above the one in use
    ],
)
def test_mondo_takes_phenotypes_that_are_its_concepts(used: str, disease: str, phenotype: str) -> None:
    nodes, _ = described(mondo.IMPORTER, MONDO, [used])
    assert [compress(iri) for iri in nodes[disease].exact] == [phenotype]


def test_mondo_reference_to_another_concept_is_close() -> None:
    nodes, _ = described(mondo.IMPORTER, MONDO, ["MONDO:0000010"])
    assert expand("HP:0000040") in nodes["MONDO:0000010"].close


def test_hp_stops_where_mondo_has_the_concept() -> None:
    in_use = ["HP:0000030", "HP:0000032", "HP:0000040"]
    diseases, _ = described(mondo.IMPORTER, MONDO, in_use)
    nodes, report = described(hp.IMPORTER, ["hp.obo"], in_use, diseases.values())
    assert sorted(nodes) == ["HP:0000032", "HP:0000040", "HP:0000118"]
    assert broader(nodes["HP:0000032"]) == {"MONDO:0000012"}
    assert broader(nodes["HP:0000118"]) == set()
    assert report.unmapped == {"HP term that is a MONDO concept": {"HP:0000030 (use MONDO:0000012)": 1}}


def test_hp_lends_its_label_to_the_disease_that_it_is() -> None:
    disease = Node(expand("MONDO:0000077"), ("Condition",), "a disease", (), exact=(expand("HP:0000040"),))
    nodes, _ = described(hp.IMPORTER, ["hp.obo"], ["HP:0000040"], [disease])
    named = nodes["MONDO:0000077"]
    assert (named.label, named.sources) == ("a disease", (hp.SOURCE.iri,))
    assert len(named.synonyms) == 1
    again = Node(disease.iri, disease.types, "a disease", (), synonyms=named.synonyms, exact=disease.exact)
    assert not described(hp.IMPORTER, ["hp.obo"], ["HP:0000040"], [again])[0]


def test_hp_keeps_a_used_term_outside_the_tops_alone() -> None:
    nodes, _ = described(hp.IMPORTER, ["hp.obo"], ["HP:0000033"])
    assert sorted(nodes) == ["HP:0000033"]
    assert not nodes["HP:0000033"].broader


def test_hp_reports_an_obsolete_term() -> None:
    _, report = described(hp.IMPORTER, ["hp.obo"], ["HP:0000050"])
    assert report.unmapped == {"obsolete HP term": {"HP:0000050 (replaced by HP:0000040)": 1}}


def test_oae_points_to_the_concept_that_is_elsewhere() -> None:
    known = Node(expand("MONDO:0000012"), ("Condition",), "fever", ())
    nodes, report = described(oae.IMPORTER, [OAE], ["OAE:0000002", "OAE:0000003"], [known])
    assert nodes["OAE:0000002"].label == "fever AE"
    assert nodes["OAE:0000002"].close == (known.iri,)
    assert report.unmapped == {
        "obsolete OAE term": {"OAE:0000003 (replaced by OAE:0000002)": 1},
        "OAE term that is a MONDO or HP concept": {"OAE:0000002 (use MONDO:0000012)": 1},
    }


def test_go_gives_a_broad_set_and_what_is_in_use() -> None:
    nodes, _ = described(go.IMPORTER, ["go.json"], [])
    assert sorted(nodes) == ["GO:0000101", "GO:0000102", "GO:0000103", "GO:0002376", "GO:0045321"]
    nodes, report = described(go.IMPORTER, ["go.json"], ["GO:0000104", "GO:0000202", "GO:0000299", "GO:0000300"])
    assert broader(nodes["GO:0000104"]) == {"GO:0000103"}
    assert broader(nodes["GO:0000202"]) == set()
    assert "GO:0000201" not in nodes
    assert report.unmapped == {
        "obsolete GO term": {"GO:0000299 (replaced by GO:0000202)": 1},
        "GO term": {"GO:0000300": 1},
    }


def test_cells_take_the_slim_before_the_whole() -> None:
    nodes, _ = described(cells.IMPORTER, ["cl-slim.obo", "cl-closure.json"], ["CL:0000813"])
    assert sorted(nodes) == ["CL:0000000", "CL:0000084", "CL:0000813"]
    assert nodes["CL:0000084"].label == "T cell"
    assert nodes["CL:0000084"].synonyms == ("T lymphocyte",)
    assert nodes["CL:0000084"].close == (expand("MESH:D013601"),)
    assert broader(nodes["CL:0000813"]) == {"CL:0000084"}
    assert broader(nodes["CL:0000000"]) == set()


def test_too_few_files_are_named() -> None:
    with pytest.raises(ImmunographError, match="2 wanted, in this order: slim"):
        described(cells.IMPORTER, ["cl-slim.obo"], [])
