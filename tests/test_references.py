"""Identifiers in the forms that people write."""

from __future__ import annotations

import doctest

import pytest

from immunograph import references as module
from immunograph.identifiers import compress
from immunograph.references import references

SAME = {
    "MONDO:0005148": (
        "mondo:0005148",
        "MONDO_0005148",
        "Mondo 0005148",
        "obo:MONDO_0005148",
        "<http://purl.obolibrary.org/obo/MONDO_0005148>",
        "https://purl.obolibrary.org/obo/MONDO_0005148",
        "https://identifiers.org/MONDO:0005148",
        "http://identifiers.org/mondo/0005148",
        "https://bioregistry.io/mondo:0005148",
        "https://n2t.net/mondo:0005148",
        "https://monarchinitiative.org/MONDO:0005148",
        "http://www.ontobee.org/ontology/MONDO?iri=http://purl.obolibrary.org/obo/MONDO_0005148",
        "https://www.ebi.ac.uk/ols/ontologies/mondo/terms?iri=http%3A%2F%2Fpurl.obolibrary.org%2Fobo%2FMONDO_0005148",
        "https://www.ebi.ac.uk/ols4/ontologies/mondo/classes/http%253A%252F%252Fpurl.obolibrary.org%252Fobo%252FMONDO_0005148",
    ),
    "CHEBI:15365": ("CHEBI:CHEBI:15365", "chebi:15365", "ChEBI_15365", "https://identifiers.org/CHEBI:15365"),
    "HGNC:6018": (
        "hgnc:6018",
        "HGNC:HGNC:6018",
        "https://identifiers.org/hgnc:6018",
        "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:6018",
    ),
    "UniProtKB:P05231": (
        "UniProt:P05231",
        "uniprot:p05231",
        "P05231",
        "sp|P05231|IL6_HUMAN",
        "https://www.uniprot.org/uniprotkb/P05231/entry",
        "https://rest.uniprot.org/uniprotkb/P05231.json",
    ),
    "NCBIGene:3569": ("Entrez:3569", "entrez gene:3569", "GeneID:3569", "https://www.ncbi.nlm.nih.gov/gene/3569"),
    "ENSEMBL:ENSG00000136244": ("ENSG00000136244", "ensembl:ENSG00000136244"),
    "DRUGBANK:DB01281": ("DB01281", "DrugBank:DB01281", "https://go.drugbank.com/drugs/DB01281"),
    "MESH:D001172": ("D001172", "MSH:D001172", "https://meshb.nlm.nih.gov/record/ui?ui=D001172"),
    "orphanet:377788": ("ORPHA:377788", "Orphanet_377788", "http://www.orpha.net/ORDO/Orphanet_377788"),
    "reactome:R-HSA-1280215": ("R-HSA-1280215", "https://reactome.org/PathwayBrowser/#/R-HSA-1280215"),
    "UNII:7D0YB67S97": ("7D0YB67S97", "unii:7d0yb67s97"),
    "CAS:50-78-2": ("50-78-2", "cas:50-78-2"),
    "ATC:L04AA24": ("L04AA24", "atc:l04aa24"),
    "EFO:0000408": ("EFO_0000408", "http://www.ebi.ac.uk/efo/EFO_0000408"),
    "igd:abatacept": ("IGD:abatacept", "https://w3id.org/immunograph/id/abatacept"),
}


ODD = {
    "MESH:D001172": ("mesh.2021:D001172", "MeSH 2021:D001172", "MeSH ID D001172", "mesh descriptor D001172"),
    "HGNC:6018": ("HGNC ID: 6018", "hgnc_id 6018"),
    "NCBIGene:3569": (
        "entrez gene 3569",
        "NCBI Gene 3569",
        "gene id 3569",
        "hsa:3569",
        "KEGG:hsa:3569",
        "KEGG hsa:3569",
        "LOC3569",
    ),
    "CAS:331731-18-1": ("CAS No. 331731-18-1", "CAS-RN 331731-18-1", "CAS number: 331731-18-1"),
    "ATC:L04AC07": ("ATC code L04AC07", "ATC L04 AC07", "WHO ATC:L04AC07", "L04 A C 07"),
    "GTOPDB:4860": ("GTPL4860", "gtopdb:4860"),
    "ENSEMBL:ENSG00000136244": ("https://www.ensembl.org/Homo_sapiens/Gene/Summary?g=ENSG00000136244;r=7:22725884",),
    "MONDO:0008383": ("urn:miriam:mondo:0008383", "MONDO%3A0008383", "mondo:0008383 rheumatoid arthritis"),
    "UniProtKB:P05231": (
        "UniProtKB/TrEMBL:P05231",
        "UniProtKB-AC:P05231",
        "PR:P05231",
        "http://purl.obolibrary.org/obo/PR_P05231",
        "NX_P05231",
        "https://www.nextprot.org/entry/NX_P05231",
    ),
    "PR:000001393": ("PR_000001393", "http://purl.obolibrary.org/obo/PR_000001393"),
    "wikipathways:WP364": ("WP:WP364", "WP:364", "WP364_r117996"),
    "PUBCHEM.COMPOUND:5743": ("CID5743", "PubChem CID5743", "CID 5743"),
    "HMDB:HMDB0015364": ("HMDB15364", "hmdb:HMDB15364"),
}


@pytest.mark.parametrize(("curie", "written"), [(curie, one) for curie, forms in ODD.items() for one in forms])
def test_what_people_put_around_an_identifier_does_not_count(curie: str, written: str) -> None:
    assert curie in [compress(reference.iri) for reference in references(written)]


@pytest.mark.parametrize(
    "name", ["type 1", "gene therapy", "no 5", "interleukin 12", "code 12", "ID 7", "2021", "CD 20"]
)
def test_a_name_with_a_number_is_no_identifier(name: str) -> None:
    assert references(name) == ()


@pytest.mark.parametrize(
    ("text", "curie"), [(text, curie) for curie, texts in SAME.items() for text in (curie, *texts)]
)
def test_every_form_means_the_same(text: str, curie: str) -> None:
    assert compress(references(text)[0].iri) == curie


@pytest.mark.parametrize(
    ("text", "curie", "note"),
    [
        ("P05231-2", "UniProtKB:P05231", "isoform or chain of it"),
        ("ENSG00000136244.12", "ENSEMBL:ENSG00000136244", "version left out"),
        ("MONDO:5148", "MONDO:0005148", "leading zeros added"),
    ],
)
def test_what_was_changed_is_said(text: str, curie: str, note: str) -> None:
    (found,) = references(text)
    assert (compress(found.iri), found.note) == (curie, note)


def test_a_chembl_accession_may_be_a_compound_or_a_target() -> None:
    assert [compress(one.iri) for one in references("CHEMBL25")] == [
        "CHEMBL.COMPOUND:CHEMBL25",
        "CHEMBL.TARGET:CHEMBL25",
    ]


@pytest.mark.parametrize("text", ["", "interleukin 6", "IL-6", "TNF", "rheumatoid arthritis: severe", "CD20", "C3"])
def test_names_are_no_identifiers(text: str) -> None:
    assert references(text) == ()


def test_an_address_of_nobody_known_stays_as_it_is() -> None:
    assert [one.iri for one in references("http://example.org/onto#Foo")] == ["http://example.org/onto#Foo"]


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(module).failed == 0
