"""Names of conditions and measures in other words, and near names that are more than a match of letters."""

from __future__ import annotations

import pytest

from immunograph.knowledge import KnowledgeGraph
from immunograph.linking.word_forms import is_alike, likely_kinds, word_bag, worded
from immunograph.references import not_held


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("QT prolongation", "Prolonged QT interval"),
        ("appetite decreased", "Decreased appetite"),
        ("Ferritin elevated", "Increased circulating ferritin concentration"),
    ],
)
def test_order_and_endings_do_not_count(one: str, other: str) -> None:
    assert word_bag(one) == word_bag(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("appetite decreased", "appetite increased"), ("neutrophil count", "lymphocyte count"), ("T cell", "B cell")],
)
def test_other_words_count(one: str, other: str) -> None:
    assert word_bag(one) != word_bag(other)


def test_what_is_not_abbreviated_has_no_other_wording() -> None:
    assert list(worded("rheumatoid arthritis")) == []
    assert [form for form, _ in worded("platelet count decreased")] == ["thrombocytopenia"]
    assert list(worded("platelet count")) == []


def test_letters_alone_do_not_make_names_alike() -> None:
    assert not is_alike("QT prolongation", "translational elongation", 0.7)
    assert is_alike("sarilumabb", "sarilumab", 0.95)
    assert is_alike("skin infection", "infection of the bone", 0.5)
    assert likely_kinds("neutrophil count decreased") and not likely_kinds("tofacitinib")


@pytest.mark.parametrize(
    ("text", "vocabulary"),
    [
        ("ICD10:M05.9", "ICD"),
        ("ICD-10-CM: M05.9", "ICD"),
        ("M05.9", "ICD"),
        ("ICD9:714.0", "ICD"),
        ("ICD-O:8000/3", "ICD-O"),
        ("OMIM:180300", "OMIM"),
        ("https://omim.org/MIM:180300", "OMIM"),
        ("UMLS:C0003873", "UMLS"),
        ("C0003873", "UMLS"),
        ("SNOMEDCT_US:69896004", "SNOMED CT"),
        ("MedDRA:10039073", "MedDRA"),
        ("10039073", "MedDRA"),
    ],
)
def test_codes_of_what_is_not_held_say_so(text: str, vocabulary: str, fixture_kg: KnowledgeGraph) -> None:
    (found,) = fixture_kg.resolve(text)
    assert (found.status, found.candidates) == ("unknown", ())
    assert found.note.startswith(f"{vocabulary} codes are not held; use the name")


@pytest.mark.parametrize("text", ["MONDO:0008383", "C2884", "D001172", "IL-6", "3569", "L04AC07", "CD80/CD86", "B7.1"])
def test_other_identifiers_and_names_are_no_such_codes(text: str) -> None:
    assert not_held(text) == ""


NAMES = {
    "QT prolongation": "HP:0001657",
    "electrocardiogram QT prolonged": "HP:0001657",
    "DVT": "HP:0002625",
    "ALT increased": "HP:0031964",
    "Neutrophil count decreased": "MONDO:0001475",
    "weight gain": "HP:0004324",
    "Anaphylactic reaction": "MONDO:0100053",
    "Anemia, NOS": "MONDO:0002280",
    "Actemra SC 162 mg": "igd:tocilizumab",
    "imiquimod 5% cream": "igd:imiquimod",
}


def test_names_of_reports_are_found(shipped_kg: KnowledgeGraph) -> None:
    found = {one.text: (one.node.curie if one.node else None) for one in shipped_kg.resolve(NAMES)}
    assert found == NAMES
    assert {one.strength for one in shipped_kg.resolve(NAMES)} == {"close"}
    assert "words in another order" in shipped_kg.resolve("QT prolongation")[0].note


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("anti-thymocyte globulin", {"igd:antithymocyte-globulin-equine", "igd:antithymocyte-globulin-rabbit"}),
        ("IFNα2b", {"UniProtKB:P01563", "igd:interferon-alfa-2b"}),
        ("γ-interferon", {"UniProtKB:P01579", "igd:interferon-gamma"}),
    ],
)
def test_what_fits_two_nodes_is_ambiguous(text: str, candidates: set[str], shipped_kg: KnowledgeGraph) -> None:
    (found,) = shipped_kg.resolve(text)
    assert found.status == "ambiguous"
    assert {node.curie for node in found.candidates} == candidates


def test_names_of_substances_are_not_taken_apart(shipped_kg: KnowledgeGraph) -> None:
    assert shipped_kg.resolve("globulin antithymocyte")[0].node is None
