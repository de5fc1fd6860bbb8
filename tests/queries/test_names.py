"""Names → nodes on the fixture: every form that a person may type, and what happens where it means nothing or much."""

import pytest

from immunograph.errors import AmbiguousTermError, UnknownTermError, WrongKindError
from immunograph.knowledge import KnowledgeGraph


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("tocilizumab", "igd:tocilizumab"),
        ("TOCILIZUMAB", "igd:tocilizumab"),
        ("Actemra", "igd:tocilizumab"),
        ("igd:tocilizumab", "igd:tocilizumab"),
        ("IGD:Tocilizumab", "igd:tocilizumab"),
        ("https://w3id.org/immunograph/id/tocilizumab", "igd:tocilizumab"),
        ("<https://w3id.org/immunograph/id/TOCILIZUMAB>", "igd:tocilizumab"),
        ("IL6R", "UniProtKB:P08887"),
        ("il6r", "UniProtKB:P08887"),
        ("uniprotkb:p08887", "UniProtKB:P08887"),
        ("P08887", "UniProtKB:P08887"),
        ("TNF-α", "UniProtKB:P01375"),
        ("TNF alpha", "UniProtKB:P01375"),
        ("tnf", "UniProtKB:P01375"),
        ("mondo:0008383", "MONDO:0008383"),
        ("MONDO_0008383", "MONDO:0008383"),
        ("T cells", "CL:0000084"),
        ("crohns disease", "MONDO:0005011"),
        ("Crohn disease", "MONDO:0005011"),
    ],
)
def test_every_form_of_a_name_means_its_node(text: str, iri: str, fixture_kg: KnowledgeGraph) -> None:
    assert fixture_kg.names.resolve(text).curie == iri


def test_a_near_miss_is_suggested(fixture_kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownTermError) as raised:
        fixture_kg.names.resolve("rheumatoid artritis")
    assert raised.value.suggestions[0].startswith("rheumatoid arthritis [MONDO:0008383")


def test_a_word_of_a_longer_name_is_suggested(fixture_kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownTermError, match="melanoma"):
        fixture_kg.names.resolve("uveal melanoma of the eye", ("Condition",))


def test_nonsense_suggests_nothing(fixture_kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownTermError, match="try `immunograph find`"):
        fixture_kg.names.resolve("qqqqzzzz")


def test_another_kind_is_named(fixture_kg: KnowledgeGraph) -> None:
    with pytest.raises(WrongKindError) as raised:
        fixture_kg.names.resolve("melanoma", ("Modulator",))
    assert raised.value.wanted == ("Modulator",)
    assert raised.value.suggestions == ("melanoma [MONDO:0005105, Condition]",)


def test_ambiguity_lists_the_candidates_with_their_kinds(shipped_kg: KnowledgeGraph) -> None:
    with pytest.raises(AmbiguousTermError) as raised:
        shipped_kg.names.resolve("interferon gamma")
    assert "Interferon gamma [UniProtKB:P01579, Modulator/Target]" in raised.value.candidates
    assert "interferon gamma [igd:interferon-gamma, Modulator]" in raised.value.candidates
    assert shipped_kg.names.resolve("interferon gamma", ("Target",)).curie == "UniProtKB:P01579"
