from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from immunograph.errors import ExportError
from immunograph.model import Block, Iri, Literal, decimal, integer, plain, text, true
from immunograph.store.reading import read_blocks
from immunograph.turtle import subject_lines, turtle_text, write_atomically, write_turtle
from immunograph.vocabulary import IG, RDF_TYPE, RDFS_LABEL

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


@given(st.lists(TEXTS, min_size=1, max_size=4, unique=True))
def test_any_text_is_read_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, values: list[str]) -> None:
    path = tmp_path_factory.mktemp("turtle") / "x.ttl"
    block = Block("https://w3id.org/immunograph/id/a", tuple((RDFS_LABEL, text(value)) for value in values))
    write_turtle([block], path)
    (read,) = read_blocks(path)
    assert {term for _, term in read.pairs} == {text(value) for value in values}


def test_short_forms_are_read_back_with_their_types(tmp_path: Path) -> None:
    pairs = ((IG + "negated", true()), (IG + "denominator", integer(7)), (IG + "frequencyPercent", decimal("0.5")))
    path = tmp_path / "x.ttl"
    write_turtle([Block("urn:x:a", pairs)], path)
    assert set(read_blocks(path)[0].pairs) == set(pairs)


def test_blocks_are_sorted_and_only_used_prefixes_are_declared() -> None:
    blocks = [
        Block("http://purl.obolibrary.org/obo/MONDO_2", ((RDF_TYPE, Iri(IG + "Condition")),)),
        Block("http://purl.obolibrary.org/obo/MONDO_1", ((RDF_TYPE, Iri(IG + "Condition")),)),
    ]
    written = turtle_text(blocks)
    assert written == turtle_text(reversed(blocks))
    assert written.index("MONDO:1") < written.index("MONDO:2")
    assert [line.split()[1] for line in written.splitlines() if line.startswith("@prefix")] == ["ig:", "MONDO:"]


def test_a_target_that_cannot_be_written_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    with pytest.raises(ExportError, match="cannot be written"):
        write_atomically(tmp_path / "file" / "below.ttl", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_line_of_each_subject_is_found_past_strings_comments_and_iris() -> None:
    content = (
        "@prefix ig: <https://example.org/a#> .\nPREFIX b: <urn:b>\n# ig:comment a b .\n"
        'ig:one a ig:X ; ig:p "a. ig:not b ;\\" " , """two\nlines . ig:no""" .\n\n'
        "<urn:two> ig:p 1.5 ; ig:q [ ig:r ig:s ] .\nig:three.a ig:p ig:four.\n"
    )
    assert list(subject_lines(content)) == [(4, "ig:one"), (7, "<urn:two>"), (8, "ig:three.a")]


def test_languages_and_datatypes_are_kept(tmp_path: Path) -> None:
    pairs = ((RDFS_LABEL, Literal("a", language="de")), (RDFS_LABEL, plain("a")), (RDFS_LABEL, text("a")))
    path = tmp_path / "x.ttl"
    write_turtle([Block("urn:x:a", pairs)], path)
    assert set(read_blocks(path)[0].pairs) == set(pairs)
