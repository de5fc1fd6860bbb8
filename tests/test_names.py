import pytest

from immunograph.names import loose_key, name_key, nearest


@pytest.mark.parametrize(
    ("one", "other"),
    [("TNF-α", "tnf alpha"), ("Crohn’s disease", "crohn s disease"), ("Sjögren", "SJOGREN"), ("IL-6", "il 6")],
)
def test_case_greek_accents_and_punctuation_do_not_count(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("IFN-γ", "IFNG"), ("IL-6", "IL6"), ("TNF alpha", "TNFA")])
def test_the_loose_form_also_ignores_spaces_and_shortens_greek(one: str, other: str) -> None:
    assert loose_key(one) == loose_key(other)


def test_different_numbers_stay_different() -> None:
    assert name_key("IL-6") != name_key("IL-16")


def test_a_near_miss_is_suggested_and_nonsense_is_not() -> None:
    assert nearest("tocilizumabb", ["tocilizumab", "sarilumab"]) == ["tocilizumab"]
    assert nearest("qqqqqq", ["tocilizumab"]) == []
