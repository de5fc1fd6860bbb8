"""Mappings as SSSOM: what others' tools make of them, and what cannot all be true."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from immunograph.assets import ontology_dir
from immunograph.cli import main
from immunograph.errors import LoadError
from immunograph.identifiers import expand
from immunograph.knowledge import KnowledgeGraph
from immunograph.linking.conflicts import conflicts
from immunograph.linking.held import held_nodes
from immunograph.linking.mappings import node_matches, rdf_lines, sssom_text, term_matches
from immunograph.sources.sssom import MAPPING, SKOS, Match, read_sssom

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    sssom_parsers = pytest.importorskip("sssom.parsers")
    sssom_validators = pytest.importorskip("sssom.validators")

EXACT = SKOS + "exactMatch"
COMMITTED = sorted((ontology_dir() / "mappings").glob("*.sssom.tsv"))


@pytest.fixture(autouse=True)
def _their_warnings() -> Iterator[None]:
    """The warnings of the judge's own dependencies are not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def judged(path: Path) -> Any:
    """The table as the judge reads it, which finds no fault."""
    table = sssom_parsers.parse_sssom_table(path)
    found = sssom_validators.validate(table, fail_on_error=False)
    assert [str(one) for report in found.values() for one in report.results] == []
    return table.df


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.stem)
def test_committed_tables_pass_the_judge(path: Path) -> None:
    assert len(judged(path)) == len(list(read_sssom(path)))


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.stem)
def test_the_identifier_of_a_committed_mapping_is_that_of_its_content(path: Path) -> None:
    stated = judged(path).get("record_id")
    if stated is not None:
        assert list(stated) == ["igm:" + match.iri.removeprefix(MAPPING) for match in read_sssom(path)]


def test_the_judge_refuses_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "wrong.sssom.tsv"
    path.write_text(COMMITTED[0].read_text().replace("semapv:ManualMappingCuration", "guessing"))
    with pytest.raises(AssertionError, match="mapping_justification"):
        judged(path)


def test_exported_tables_pass_the_judge(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    out = tmp_path / "m.sssom.tsv"
    fixture_kg.export("sssom", str(out))
    table = judged(out)
    row = table[(table.subject_id == "igd:tocilizumab") & (table.object_id == "CHEMBL.COMPOUND:CHEMBL1237022")]
    assert len(row) == 1
    assert row.iloc[0].predicate_id == "skos:exactMatch"
    assert row.iloc[0].mapping_justification == "semapv:UnspecifiedMatching"
    assert (table.subject_id == "ig:Association").sum() == 2
    again = {(one.subject, one.predicate, one.object, one.is_not) for one in read_sssom(out)}
    assert {(one.subject, one.predicate, one.object, one.is_not) for one in node_matches(fixture_kg.graph)} <= again


def test_rdf_holds_each_mapping_with_what_is_known_of_it(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    out = tmp_path / "m.nt"
    fixture_kg.export("sssom-rdf", str(out))
    store = ox.Store()
    store.bulk_load(path=str(out), format=ox.RdfFormat.N_TRIPLES)
    rows = list(
        store.query(
            "PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX sssom: <https://w3id.org/sssom/> "
            "SELECT ?how WHERE { ?m a owl:Axiom ; owl:annotatedSource <https://w3id.org/immunograph/id/tocilizumab> ; "
            "sssom:mapping_justification ?how ; sssom:confidence ?c FILTER(?c > 0.5) }"
        )  # type: ignore[arg-type]
    )
    assert rows
    assert ox.Quad(
        ox.NamedNode(expand("igd:aldesleukin")), ox.NamedNode(EXACT), ox.NamedNode(expand("UniProtKB:P60568"))
    ) not in set(store)


def test_a_denied_mapping_has_no_link_of_its_own() -> None:
    match = Match("http://x/a", EXACT, "http://x/b", "ManualMappingCuration", is_not=True)
    assert not any(line.startswith("<http://x/a>") for line in rdf_lines(match))


def test_a_table_is_read_with_its_own_prefixes(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sssom.tsv"
    path.write_text(
        "# curie_map:\n#   THEIRS: http://example.org/t_\n# mapping_justification: semapv:LexicalMatching\n"
        "subject_id\tpredicate_id\tobject_id\tconfidence\nTHEIRS:1\tskos:exactMatch\tmesh:D001172\t0.5\n"
    )
    (found,) = read_sssom(path)
    assert (found.subject, found.object) == ("http://example.org/t_1", expand("MESH:D001172"))
    assert (found.justification, found.confidence) == ("LexicalMatching", 0.5)


def test_what_is_no_sssom_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text("a\tb\n1\t2\n")
    with pytest.raises(LoadError, match="lacks the SSSOM column"):
        list(read_sssom(path))


def test_who_read_a_mapping_again_is_kept(tmp_path: Path) -> None:
    reviewed = Match("http://x/a", EXACT, "http://y/b", "ManualMappingCuration", reviewer="a second reader")
    path = tmp_path / "reviewed.sssom.tsv"
    path.write_text(sssom_text([reviewed], "x", "x", "http://l", "1"))
    assert [one.reviewer for one in read_sssom(path)] == ["a second reader"]
    assert any("reviewer_label" in line for line in rdf_lines(reviewed))


def test_the_text_is_the_same_in_any_order() -> None:
    matches = [Match(f"http://x/{n}", EXACT, f"http://y/{n}", "LexicalMatching") for n in range(3)]
    written = sssom_text(matches, "x", "x", "http://l", "1")
    assert written == sssom_text(matches[::-1], "x", "x", "http://l", "1")


def match(one: str, other: str, *, is_not: bool = False) -> Match:
    return Match(f"http://x/{one}", EXACT, f"http://x/{other}", "ManualMappingCuration", is_not=is_not)


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        ([match("a_1", "m_1"), match("a_1", "m_2")], [], "one-to-many"),
        ([match("a_1", "m_1"), match("a_2", "m_1")], [], "many-to-one"),
        ([match("a_1", "m_1"), match("a_2", "n_1")], [match("m_1", "n_1")], "chain"),
        ([match("a_1", "m_1"), match("a_1", "n_1", is_not=True)], [match("m_1", "n_1")], "do-not-merge"),
    ],
)
def test_each_kind_of_conflict(ours: list[Match], theirs: list[Match], kind: str) -> None:
    found = conflicts(ours, {"http://x/a_1", "http://x/a_2"}, theirs)
    assert kind in {one.kind for one in found}


def test_no_conflict_where_all_can_be_true() -> None:
    ours = [match("a_1", "m_1"), match("a_2", "m_2"), match("a_1", "a_2", is_not=True)]
    assert conflicts(ours, {"http://x/a_1", "http://x/a_2"}) == []


def test_the_command_tells_of_conflicts(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.sssom.tsv"
    rows = [("CHEMBL.COMPOUND:CHEMBL1237022", "MONDO:0008383")]
    theirs.write_text(
        "subject_id\tpredicate_id\tobject_id\n" + "".join(f"{a}\tskos:exactMatch\t{b}\n" for a, b in rows)
    )
    arguments = ["link", "check", "--conflicts", "--graph", str(fixture_kg.folder), "--format", "tsv"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    shown = CliRunner().invoke(main, [*arguments, "--mappings", str(theirs)])
    assert shown.exit_code == 1
    assert "MONDO:0008383 = CHEMBL.COMPOUND:CHEMBL1237022 = igd:tocilizumab" in shown.stdout


def test_shipped_mappings_have_no_conflict(shipped_kg: KnowledgeGraph) -> None:
    ours = [*node_matches(shipped_kg.graph), *term_matches(ontology_dir())]
    assert len(ours) > 10_000
    assert conflicts(ours, held_nodes(shipped_kg.graph).keys()) == []
