"""Names with what tables add to them."""

from __future__ import annotations

import doctest

import pytest

from immunograph.linking import name_forms as module
from immunograph.linking.name_forms import name_forms
from immunograph.names import loose_key, name_key


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("tofacitinib citrate", "tofacitinib"),
        ("methotrexate sodium 2.5 mg tablets", "methotrexate"),
        ("infliximab-dyyb", "infliximab"),
        ("adalimumab (Humira)", "Humira"),
        ("adalimumab (Humira)", "adalimumab"),
        ("Arthritis, Rheumatoid", "Rheumatoid Arthritis"),
        ("diabetes mellitus type II", "diabetes mellitus type 2"),
        ("regulatory T cells", "regulatory T cell"),
        ("recombinant human IL-2", "IL-2"),
        ("IL6_HUMAN", "IL6"),
        ("Crohns disease", "Crohn disease"),
        ("CD8+ T cell", "CD8-positive T cell"),
        ("CD8+ T cells", "CD8-positive, alpha-beta T cell"),
        ("TNF alfa", "TNF alpha"),
        ("anti-PD-1", "PD-1 inhibitor"),
        ("IL-6 blockers", "IL-6 inhibitor"),
        ("anti-CD20 antibody", "CD20-directed therapy"),
        ("Th17", "Th17 cell"),
        ("tumour necrosis factor alpha", "TNF alpha"),
        ("Interleukin 6 receptor", "IL 6R"),
        ("TNF receptor 1", "TNFR 1"),
        ("diabetes mellitus type I", "type 1 diabetes mellitus"),
        ("CD8+ T-cells", "CD8-positive, alpha-beta T cell"),
        ("CD4 T cells", "CD4-positive, alpha-beta T cell"),
        ("CD4 T cell", "CD4-positive T cell"),
        ("anti-TNFα", "TNF inhibitor"),
        ("JAKi", "JAK inhibitor"),
        ("adalimumab biosimilar", "adalimumab"),
        ("CAR-T", "CAR-T cell therapy"),
        ("prednisolon", "prednisolone"),
    ],
)
def test_the_plain_name_is_among_the_forms(written: str, meant: str) -> None:
    assert meant in [form for form, _ in name_forms(written)]


def test_the_name_itself_comes_first_and_without_note() -> None:
    assert next(name_forms("  zinc   sulfate ")) == ("zinc sulfate", "")


@pytest.mark.parametrize(
    "written", ["IL-6 receptor antagonist", "CD20 antibody", "anti-CD20", "IL-6 inhibitors", "CD20i"]
)
def test_what_acts_on_a_thing_is_never_read_as_the_thing(written: str) -> None:
    assert not {"il 6", "il 6 receptor", "cd20"} & {name_key(form) for form, _ in name_forms(written)}


def test_a_name_is_never_emptied() -> None:
    assert all(form for form, _ in name_forms("sodium chloride"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Humira®", "humira"), ("Humira™", "humira"), ("TNF-α", "TNF alpha"), ("β-glucan", "beta glucan")],
)
def test_marks_and_greek_letters_do_not_count(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Crohn’s disease", "Crohn disease"),
        ("anaemia", "anemia"),
        ("tumour", "tumor"),
        ("oesophagitis", "esophagitis"),
        ("coeliac disease", "celiac disease"),
        ("IL-6", "IL 6"),
        ("NF-κB", "NFkappaB"),
        ("signalling", "signaling"),
        ("sulphasalazine", "sulfasalazine"),
        ("leucocyte", "leukocyte"),
        ("neutropaenia", "neutropenia"),
        ("immunisation", "immunization"),
    ],
)
def test_spellings_do_not_count_loosely(one: str, other: str) -> None:
    assert loose_key(one) == loose_key(other)


def test_protein_s_is_not_protein() -> None:
    assert loose_key("protein S") != loose_key("protein")


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(module).failed == 0
