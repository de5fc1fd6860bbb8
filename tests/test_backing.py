"""What stands behind the rows: the associations and their citations, and the proofs of what was inferred."""

import json

import pytest

from immunograph.errors import QueryTimeoutError, StoreError
from immunograph.knowledge import KnowledgeGraph
from immunograph.queries.answer import Answer


def test_sources_name_the_associations_and_where_they_can_be_read(fixture_kg: KnowledgeGraph) -> None:
    answer = fixture_kg.query("modulators-of-target", target="IL6R")
    sourced = answer.with_sources()
    assert sourced.columns == (*answer.columns, "stated_by", "stated_in")
    assert [row[:-2] for row in sourced.rows] == [*answer.rows]
    for row in sourced:
        associations = str(row["stated_by"]).split()
        assert associations
        for association in associations:
            ends = fixture_kg.sparql(f"SELECT ?s ?o {{ {association} ig:subject ?s ; ig:object ?o }}")
            assert isinstance(ends, Answer) and row["modulator"] in ends.rows[0]
        assert "fixture" in str(row["stated_in"]).casefold()


def test_every_row_of_every_question_has_something_behind_it(fixture_kg: KnowledgeGraph) -> None:
    counting = {"missing-mappings", "sources-and-licences", "statements-by-licence", "targets-without-modulators"}
    bare = []
    for name, query in fixture_kg.queries.items():
        answer = fixture_kg.query(name, query.example()).with_sources()
        bare += [name for cell in answer.column("stated_by") if cell is None and name not in counting]
    assert bare == []


def test_an_inferred_row_is_backed_by_what_it_was_concluded_from(fixture_kg: KnowledgeGraph) -> None:
    row = next(iter(fixture_kg.query("inferred-about", node="adalimumab").with_sources()))
    assert str(row["stated_by"]).startswith("iga:")


def test_proofs_are_of_inferred_facts_only(fixture_kg: KnowledgeGraph) -> None:
    members = fixture_kg.query("class-members", {"class": "TNF inhibitor"}).with_proofs()
    assert all("is a TNF inhibitor  [by" in str(proof) for proof in members.column("proofs"))
    stated = fixture_kg.query("mechanisms-of-modulator", modulator="tocilizumab").with_proofs()
    assert set(stated.column("proofs")) == {None}


def test_rows_that_were_cut_off_are_not_backed(fixture_kg: KnowledgeGraph) -> None:
    cut = fixture_kg.query("evidence-sheet", modulator="adalimumab").first(2).with_sources()
    assert len(cut) == 2 and "only the first 2" in cut.note
    assert all(len(str(cell).split()) == 1 for cell in cut.column("stated_by"))


def test_labels_sources_and_proofs_go_together(fixture_kg: KnowledgeGraph) -> None:
    answer = fixture_kg.query("modulators-of-target", target="IL6R", has_labels=True).with_sources().with_proofs()
    assert answer.columns[-3:] == ("stated_by", "stated_in", "proofs")
    assert json.loads(answer.to_json())[0].keys() == set(answer.columns)


def test_sparql_of_ones_own_is_backed_too(fixture_kg: KnowledgeGraph) -> None:
    answer = fixture_kg.sparql("SELECT ?drug { ?drug ig:usedFor MONDO:0008383 } ORDER BY ?drug")
    assert isinstance(answer, Answer)
    assert all(str(cell).startswith("iga:") for cell in answer.with_sources().column("stated_by"))


def test_rows_made_by_hand_have_nothing_behind_them() -> None:
    answer = Answer(("a",), ((1,),))
    assert answer.with_sources() is answer and answer.with_proofs() is answer


def test_proofs_need_a_graph_that_keeps_them(fixture_kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("immunograph.knowledge.asking.CLOSURE", "no-such-file")
    with pytest.raises(StoreError, match="proofs"):
        fixture_kg.query("modulators-of-target", target="IL6R").with_proofs()


def test_a_row_cites_what_names_its_nodes_and_not_all_that_was_counted(shipped_kg: KnowledgeGraph) -> None:
    """Every effect of the class was counted to say how many members are described; a row is about one of them."""
    answer = shipped_kg.query("class-effects", {"class": "IL-6 inhibitor"}).first(30)
    for row in answer.with_sources():
        for association in str(row["stated_by"]).partition(" and ")[0].split():
            assert shipped_kg.sparql(f"ASK {{ {association} ig:object {row['effect']} }}"), row["effect_label"]


def test_sources_have_their_time(fixture_kg: KnowledgeGraph) -> None:
    answer = fixture_kg.query("modulators-of-target", target="IL6R")
    assert answer.with_sources(60).rows == answer.with_sources().rows
    with pytest.raises(QueryTimeoutError):
        answer.with_sources(0)
