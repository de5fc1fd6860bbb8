import pytest
from hypothesis import given
from hypothesis import strategies as st

from immunograph.errors import UnknownTermError
from immunograph.identifiers import as_iri, compress, expand, is_iri, prefix_map, turtle_name


@given(st.sampled_from(sorted(prefix_map())), st.from_regex(r"[A-Za-z0-9_]{1,12}", fullmatch=True))
def test_a_curie_that_is_expanded_is_compressed_to_the_most_specific_prefix(prefix: str, local: str) -> None:
    iri = expand(f"{prefix}:{local}")
    assert expand(compress(iri)) == iri


def test_prefixes_are_read_in_any_case() -> None:
    assert expand("mondo:0005301") == expand("MONDO:0005301")


@pytest.mark.parametrize("text", ["", "MONDO", "MONDO:", "nothing:1", "MONDO:1 2", 'MONDO:1"', "MONDO:1>"])
def test_what_is_no_curie_is_refused(text: str) -> None:
    with pytest.raises(UnknownTermError):
        expand(text)


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("MONDO:0005301", "http://purl.obolibrary.org/obo/MONDO_0005301"),
        ("<http://example.org/a>", "http://example.org/a"),
        ("http://example.org/a", "http://example.org/a"),
        ("rheumatoid arthritis", None),
        ("anti-TNF: a class", None),
        ("http://example.org/a b", None),
    ],
)
def test_curies_and_iris_are_told_from_names(text: str, iri: str | None) -> None:
    assert as_iri(text) == iri


def test_an_iri_with_a_bracket_is_none() -> None:
    assert not is_iri("http://example.org/a>b")


def test_a_local_part_that_needs_an_escape_is_written_in_brackets() -> None:
    assert turtle_name("https://doi.org/10.1/x(y)") == "<https://doi.org/10.1/x(y)>"
