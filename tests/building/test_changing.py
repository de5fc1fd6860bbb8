"""Built graphs that change: the same as building anew, whatever comes and goes."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from immunograph.building.inferring import infer_from, infer_graph
from immunograph.building.loading import load_asserted
from immunograph.building.plan import CLOSURE, BuildPlan, is_built
from immunograph.cli import main
from immunograph.errors import InconsistencyError, QueryTimeoutError, RuleError, StoreError, UnknownTermError
from immunograph.knowledge import KnowledgeGraph, open_graph
from immunograph.store.graph import Graph, source_graph
from immunograph.store.triples import Triple, canonical

from ..conftest import FIXTURE

IG = "https://w3id.org/immunograph/onto/"


@pytest.fixture
def kg(fixture_kg: KnowledgeGraph) -> Iterator[KnowledgeGraph]:
    """The fixture graph, opened once more so that it can change."""
    with KnowledgeGraph(fixture_kg.folder, fixture_kg.plan) as graph:
        yield graph


def content(graph: Graph) -> dict[str, list[Triple]]:
    """All that a graph holds, by named graph; blank nodes by their place."""
    return {name: canonical(graph.triples(name or None)) for name in ["", *graph.graph_names()]}


def test_what_follows_appears_and_vanishes_again(kg: KnowledgeGraph) -> None:
    before, names = content(kg.graph), len(kg.find("sarilumab"))
    change = kg.add([("sarilumab", "ig:primarilyInhibits", "TNF")])
    assert change.stated == 1 and not change.is_full
    assert kg.triple("sarilumab", "a", "ig:TNFInhibitor") in change.appeared
    assert kg.triple("sarilumab", "ig:inhibits", "TNF") in change.appeared
    assert kg.explain("sarilumab", "a", "ig:TNFInhibitor") is not None
    assert source_graph("added") in kg.graph.graph_names()
    back = kg.retract([("sarilumab", "ig:primarilyInhibits", "TNF")])
    assert (back.vanished, back.appeared) == (change.appeared, ())
    assert content(kg.graph) == before
    assert len(kg.find("sarilumab")) == names


def test_a_changed_graph_answers_in_limited_time(kg: KnowledgeGraph) -> None:
    asked = "ASK { igd:sarilumab ig:inhibits UniProtKB:P01375 }"
    assert kg.sparql(asked, timeout=60) is False
    kg.add([("sarilumab", "ig:primarilyInhibits", "TNF")])
    assert kg.sparql(asked, timeout=60) is True
    with pytest.raises(QueryTimeoutError):
        kg.sparql("SELECT * { ?s ?p ?o . ?a ?b ?c . ?x ?y ?z }", timeout=1)
    kg.retract([("sarilumab", "ig:primarilyInhibits", "TNF")])
    assert kg.sparql(asked, timeout=60) is False


@pytest.mark.parametrize("statement", [("sarilumab", "ig:inhibits"), ("sarilumab", "ig:inhibits", "TNF", "CD20")])
def test_what_is_no_triple_is_refused(kg: KnowledgeGraph, statement: tuple[str, ...]) -> None:
    with pytest.raises(RuleError, match="a statement is a subject, a predicate and an object"):
        kg.add([statement])  # type: ignore[list-item]


def test_the_built_graph_stays_as_it_is(kg: KnowledgeGraph, fixture_kg: KnowledgeGraph) -> None:
    kg.add([("sarilumab", "ig:primarilyInhibits", "TNF")])
    assert kg.folder != fixture_kg.folder
    assert fixture_kg.explain("sarilumab", "a", "ig:TNFInhibitor") is None
    copy = kg.folder
    kg.close()
    assert not copy.exists()


def test_a_new_node_is_found_by_its_name(kg: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "new.ttl"
    file.write_text(
        f"<https://w3id.org/immunograph/id/newmab> a <{IG}Biologic> ; <http://www.w3.org/2000/01/rdf-schema#label> "
        '"newmab"@en .\n'
    )
    assert kg.add(file, source="mine").stated == 2
    assert [node.label for node in kg.find("newmab")] == ["newmab"]
    assert kg.report["counts"] == {
        "asserted": len(kg.graph) - kg.closure.inferred_count,
        "inferred": kg.closure.inferred_count,
    }


def test_a_new_node_is_known_at_once_and_gone_when_retracted(kg: KnowledgeGraph) -> None:
    new = [
        ("igd:newmab", "rdf:type", "ig:Biologic"),
        ("igd:newmab", "rdfs:label", '"newmab"'),
        ("igd:newmab", "skos:altLabel", '"Newbrand"'),
    ]
    action = [("igd:newmab", "ig:inhibits", "TNF")]
    earlier = kg.query("effects-by-context", modulator="sarilumab")
    kg.add(new)
    assert [node.label for node in kg.find("newmab")] == ["newmab"]
    assert "no rows" in str(earlier.why_empty)  # an answer of before still has its names
    assert [one.node.label for one in kg.resolve("Newbrand") if one.node] == ["newmab"]
    assert kg.label("https://w3id.org/immunograph/id/newmab") == "newmab"
    assert not kg.query("mechanisms-of-modulator", modulator="newmab").rows
    kg.add(action)
    kg.retract([*action, *new])
    assert "newmab" not in [node.label for node in kg.find("newmab")]
    assert kg.resolve("Newbrand")[0].node is None
    with pytest.raises(UnknownTermError):
        kg.query("mechanisms-of-modulator", modulator="newmab")


@pytest.mark.parametrize(
    ("statement", "near"),
    [
        (("sarilumab", "ig:inhibitz", "TNF"), "ig:inhibits"),
        (("sarilumab", "rdf:type", "ig:Biologicc"), "ig:Biologic"),
        (("iga:x", "ig:predicate", "ig:treatz"), "ig:treats"),
    ],
)
def test_a_term_that_the_ontology_lacks_is_refused(
    kg: KnowledgeGraph, statement: tuple[str, str, str], near: str
) -> None:
    before = content(kg.graph)
    with pytest.raises(UnknownTermError, match=near):
        kg.add([statement])
    assert content(kg.graph) == before


def test_a_term_that_is_declared_beside_its_use_is_not_refused(kg: KnowledgeGraph) -> None:
    declared = ("ig:tickles", "rdf:type", "<http://www.w3.org/2002/07/owl#ObjectProperty>")
    assert kg.add([declared, ("sarilumab", "ig:tickles", "TNF")]).stated == 2


UNSOUND = {
    "IndicationObject": [("TNF", "ig:treats", "adalimumab")],
    "object-of-wrong-kind": [("sarilumab", "ig:depletes", "TNF")],
    "InteractionSubject": [("sarilumab", "ig:inhibitsTarget", "TNF")],
    "two-kinds": [("adalimumab", "rdf:type", "ig:Condition")],
    "association-without-evidence": [
        ("iga:made-up", "rdf:type", "ig:Association"),
        ("iga:made-up", "rdf:type", "ig:TargetAction"),
        ("iga:made-up", "ig:subject", "sarilumab"),
        ("iga:made-up", "ig:predicate", "ig:binds"),
        ("iga:made-up", "ig:object", "TNF"),
    ],
}


@pytest.mark.parametrize("rule", UNSOUND)
def test_validation_of_a_changed_graph_sees_what_was_added(kg: KnowledgeGraph, rule: str, tmp_path: Path) -> None:
    kg.add(UNSOUND[rule])
    report = kg.validate()
    assert rule in {finding.rule for finding in report.findings if finding.severity == "violation"}
    kg.save(tmp_path / "saved")
    with KnowledgeGraph(tmp_path / "saved", kg.plan) as again:
        assert [str(f) for f in again.validate().findings] == [str(f) for f in report.findings]
    kg.retract(UNSOUND[rule])
    assert not kg.validate().findings


def test_validation_of_a_sound_change_finds_nothing(kg: KnowledgeGraph) -> None:
    kg.add([("sarilumab", "ig:primarilyInhibits", "TNF"), ("sarilumab", "ig:inhibits", "TNF")])
    assert not kg.validate().findings


def test_what_is_stated_of_a_narrower_condition_stands_beside_a_mechanism(kg: KnowledgeGraph) -> None:
    kg.add(
        [
            ("igd:severe-crs", "rdf:type", "ig:Condition"),
            ("igd:severe-crs", "rdfs:label", '"severe release"'),
            ("igd:severe-crs", "ig:broader", "cytokine release syndrome"),
            ("blinatumomab", "ig:worsens", "igd:severe-crs"),
        ]
    )
    (row,) = kg.query("worsened-by-mechanism", condition="cytokine release syndrome").to_dicts()
    assert set(str(row["stated"]).split(", ")) == {"has adverse effect", "worsens severe release"}


def test_a_saved_change_is_a_built_graph(kg: KnowledgeGraph, tmp_path: Path) -> None:
    kg.add([("sarilumab", "ig:primarilyInhibits", "TNF")])
    kg.save(tmp_path / "out")
    with pytest.raises(StoreError, match="exists"):
        kg.save(tmp_path / "out")
    with open_graph(tmp_path / "out") as again:
        assert content(again.graph) == content(kg.graph)
        assert again.explain("sarilumab", "a", "ig:TNFInhibitor") is not None
        fallen = again.depends_on("sarilumab", "ig:primarilyInhibits", "TNF")
        assert again.triple("sarilumab", "a", "ig:TNFInhibitor") in fallen
    assert not list(tmp_path.glob(".out*"))


def test_what_depends_on_a_changed_graph_is_asked_of_it(kg: KnowledgeGraph) -> None:
    kg.add([("sarilumab", "ig:primarilyInhibits", "TNF")])
    fallen = kg.depends_on("sarilumab", "ig:primarilyInhibits", "TNF")
    assert kg.triple("sarilumab", "a", "ig:TNFInhibitor") in fallen
    assert kg.explain("sarilumab", "a", "ig:TNFInhibitor") is not None  # nothing was changed by asking


def test_a_contradiction_changes_nothing(kg: KnowledgeGraph) -> None:
    before = content(kg.graph)
    with pytest.raises(InconsistencyError) as caught:
        kg.add([("sarilumab", "a", "ig:Evidence"), ("sarilumab", "a", "ig:Association")])
    assert "disjoint" in str(caught.value) or "cax" in str(caught.value)
    assert content(kg.graph) == before
    assert set(kg.closure.inferred()) == set(kg.graph.triples(source_graph("inferred")))


@pytest.mark.parametrize(
    "triple",
    [('"text"', "ig:inhibits", "TNF"), ("<not an iri>", "ig:inhibits", "TNF"), ("sarilumab", "<p>", "TNF")],
)
def test_what_is_no_triple_changes_nothing(kg: KnowledgeGraph, triple: tuple[str, str, str]) -> None:
    with pytest.raises(RuleError, match="not a triple of RDF"):
        kg.add([triple])
    assert not list(kg.graph.triples(source_graph("added")))


def test_a_source_has_a_plain_name(kg: KnowledgeGraph) -> None:
    with pytest.raises(RuleError, match="cannot name a source"):
        kg.add([("sarilumab", "ig:inhibits", "TNF")], source="inferred")


# -- build --from --------------------------------------------------------------------------------------------------


def blocks() -> tuple[str, list[str]]:
    """The fixture's prefixes, and its blocks of one subject each."""
    header, *rest = (FIXTURE / "graph.ttl").read_text(encoding="utf-8").split("\n\n")
    return header, [block.strip("\n") for block in rest if block.strip()]


def write_some(folder: Path, seed: int) -> BuildPlan:
    """A folder with most of the fixture's blocks, drawn by seed; it need not conform."""
    header, all_blocks = blocks()
    chosen = [block for block in all_blocks if random.Random(f"{seed} {block}").random() < 0.93]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "graph.ttl").write_text(header + "\n\n" + "\n\n".join(chosen) + "\n", encoding="utf-8")
    return BuildPlan(folder)


@pytest.fixture
def base(fixture_kg: KnowledgeGraph) -> Path:
    return fixture_kg.folder


@pytest.mark.parametrize("seed", range(6))
def test_going_on_from_an_earlier_graph_is_inferring_anew(base: Path, tmp_path: Path, seed: int) -> None:
    plan = write_some(tmp_path / "data", seed)
    anew, going_on = load_asserted(plan)[0], load_asserted(plan)[0]
    expected, found = infer_graph(anew, plan), infer_from(going_on, plan, base)
    assert "went" in found.how
    assert found.triples == expected.triples
    assert (found.asserted, found.program) == (expected.asserted, expected.program)
    assert content(going_on) == content(anew)
    assert found.closure is not None and expected.closure is not None
    assert set(found.closure.asserted()) == set(expected.closure.asserted())


def invoke(*arguments: str) -> str:
    done = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_goes_on_from_build_to_build(base: Path, tmp_path: Path) -> None:
    data, earlier = tmp_path / "data", base
    shutil.copytree(FIXTURE, data)
    text = (data / "graph.ttl").read_text(encoding="utf-8")
    at = text.index("ig:inhibits ;")
    for number, (old, new) in enumerate([("ig:inhibits ;", "ig:modulates ;"), ("ig:modulates ;", "ig:inhibits ;")]):
        text = text[:at] + new + text[at + len(old) :]
        (data / "graph.ttl").write_text(text, encoding="utf-8")
        out, anew = tmp_path / f"out{number}", tmp_path / f"anew{number}"
        shown = invoke("build", "--data", str(data), "--out", str(out), "--from", str(earlier))
        assert "came and" in shown
        invoke("build", "--data", str(data), "--out", str(anew))
        with open_graph(out) as left, open_graph(anew) as right:
            assert content(left.graph) == content(right.graph)
            assert left.report["counts"] == right.report["counts"]
            assert left.report["key"] == right.report["key"]
            assert set(left.closure.inferred()) == set(right.closure.inferred())
            told = [one.explain("tocilizumab", "a", "ig:IL6Inhibitor") for one in (left, right)]
            assert told[0] is not None and told[1] is not None and told[0].as_text() == told[1].as_text()
        earlier = out


def test_other_rules_mean_inferring_anew(base: Path, tmp_path: Path, fixture_plan: BuildPlan) -> None:
    ontology = shutil.copytree(fixture_plan.ontology, tmp_path / "ontology")
    (ontology / "rules" / "reversal.rq").unlink()
    plan = BuildPlan(FIXTURE, ontology=ontology)
    found = infer_from(load_asserted(plan)[0], plan, base)
    assert found.how == "inferred anew: the ontology, the rules or the version differ"
    assert found.triples == infer_graph(load_asserted(plan)[0], plan).triples


def test_a_release_with_its_graph_may_be_gone_on_from(base: Path, tmp_path: Path) -> None:
    shutil.copytree(base, tmp_path / "release" / "graph")
    shown = invoke("build", "--data", str(FIXTURE), "--out", str(tmp_path / "out"), "--from", str(tmp_path / "release"))
    assert "0 stated triples came and 0 went" in shown
    assert is_built(tmp_path / "out") and (tmp_path / "out" / CLOSURE).is_file()


@pytest.mark.parametrize("seconds", [1.2, 2.4])
def test_a_build_that_is_killed_leaves_both_graphs_whole(base: Path, tmp_path: Path, seconds: float) -> None:
    before = {path: path.stat().st_mtime_ns for path in base.rglob("*")}
    out = tmp_path / "out"
    command = [sys.executable, "-m", "immunograph", "build", "--data", str(FIXTURE), "--out", str(out)]
    process = subprocess.Popen([*command, "--from", str(base)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    process.kill()
    process.wait()
    assert not out.exists() or is_built(out)
    assert {path: path.stat().st_mtime_ns for path in base.rglob("*")} == before


def test_what_is_no_graph_cannot_be_gone_on_from(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["build", "--data", str(FIXTURE), "--from", str(tmp_path)])
    assert done.exit_code == 3
    assert "neither a built graph nor a release" in done.output
