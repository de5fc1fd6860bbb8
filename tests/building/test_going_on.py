"""Builds that go on from an earlier graph: the same graph, report and names as a build from the start."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from immunograph.building.difference import BeginAnewError
from immunograph.building.going_on import GoingOn
from immunograph.building.loading import load_asserted
from immunograph.building.pipeline import BuildReport, build
from immunograph.building.plan import CLOSURE, FILES, NAMES, STORE, BuildPlan
from immunograph.building.validating import (
    validate_asserted,
    validate_changed,
    validate_changed_inference,
    validate_inferred,
)
from immunograph.knowledge import KnowledgeGraph
from immunograph.reasoning import Closure
from immunograph.store.graph import Graph, source_graph
from immunograph.store.triples import Triple

from .test_changing import blocks, content

IG = "https://w3id.org/immunograph/onto/"


def write_sources(folder: Path, chosen: list[str], moved: int = 0) -> BuildPlan:
    """The fixture's blocks in two sources, some of them in both; ``moved`` says where the second begins."""
    header, _ = blocks()
    for name, some in (("first", chosen[: len(chosen) // 2 + moved]), ("second", chosen[len(chosen) // 2 :])):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "graph.ttl").write_text(header + "\n\n" + "\n\n".join(some) + "\n", encoding="utf-8")
    return BuildPlan(folder)


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture in two sources, built; beside it its data."""
    folder = tmp_path_factory.mktemp("earlier")
    assert build(write_sources(folder / "data", blocks()[1]), folder / "graph").conforms
    return folder / "graph"


def told(report: BuildReport) -> dict[str, object]:
    found = report.as_dict()
    del found["stages"]
    return found


def names_of(folder: Path) -> list[list[tuple[object, ...]]]:
    with sqlite3.connect(folder / NAMES) as connection:
        return [sorted(connection.execute(f"SELECT * FROM {name}")) for name in ("node", "name", "match", "reference")]


def without_some(seed: int, share: float) -> list[str]:
    """The blocks but for some associations, so that what is left conforms."""
    source = random.Random(seed)
    return [one for one in blocks()[1] if "ig:Association" not in one or source.random() > share]


def test_a_build_that_goes_on_is_one_from_the_start(earlier: Path, tmp_path: Path) -> None:
    base = earlier
    chosen = [(without_some(1, 0.05), 0), (without_some(2, 0.05), 3), (blocks()[1], 0)]
    for number, (some, moved) in enumerate(chosen):
        plan = write_sources(tmp_path / "data", some, moved)
        on, anew = tmp_path / f"on{number}", tmp_path / f"anew{number}"
        found, expected = build(plan, on, base=base), build(plan, anew)
        assert [name for name, _, _ in found.stages] == [name for name, _, _ in expected.stages]
        assert "went" in found.stages[2][2] and "files differ" in found.stages[0][2]
        assert told(found) == told(expected)
        assert content(Graph.read_only(on / STORE)) == content(Graph.read_only(anew / STORE))
        assert names_of(on) == names_of(anew)
        closures = [Closure.open(folder / CLOSURE) for folder in (on, anew)]
        assert set(closures[0].inferred()) == set(closures[1].inferred())
        for triple in random.Random(number).sample(sorted(closures[0].inferred()), 40):
            assert all(closure.explain(triple) is not None for closure in closures)
        base = on


def is_kept(line: str, source: random.Random) -> bool:
    return line.endswith(" .") or not line.startswith("  ") or source.random() < 0.99


@pytest.mark.parametrize("seed", range(8))
def test_what_does_not_conform_is_reported_alike(earlier: Path, tmp_path: Path, seed: int) -> None:
    source = random.Random(seed)
    some = [one for one in blocks()[1] if source.random() < 0.97]
    lines = ["\n".join(line for line in one.split("\n") if is_kept(line, source)) for one in some]
    plan = write_sources(tmp_path / "data", lines)
    going_on = GoingOn(plan, earlier)
    going_on.parse()
    found, expected = going_on.validate(), validate_asserted(load_asserted(plan)[0], plan)
    assert found.findings == expected.findings
    assert found.reached == expected.reached


def changed(triples: list[Triple], seed: int) -> tuple[set[Triple], set[Triple]]:
    """Some triples taken away, and some with a part of another one's."""
    source = random.Random(seed)
    went = set(source.sample(triples, 12))
    came = set()
    for s, p, o in source.sample(triples, 12):
        other = source.choice(triples)
        came.add(source.choice([(s, p, other[2]), (other[0], p, o), (s, other[1], other[2])]))
    came = {one for one in came if "subClassOf" not in one[1]} - set(triples)
    return came, {one for one in went if "subClassOf" not in one[1]}


@pytest.mark.parametrize("seed", range(12))
def test_judging_around_a_change_finds_what_judging_all_finds(fixture_kg: KnowledgeGraph, seed: int) -> None:
    plan = fixture_kg.plan
    graph = load_asserted(plan)[0]
    before = validate_asserted(graph, plan)
    came, went = changed(sorted(t for t in graph.triples() if not any(x.startswith("_:") for x in t)), seed)
    graph.remove(went)
    graph.add(came)
    found, expected = validate_changed(graph, came, went, plan), validate_asserted(graph, plan)
    assert before.findings == () and expected.findings != ()
    assert found.findings == expected.findings
    assert {name: count + found.reached[name] for name, count in before.reached.items()} == expected.reached


@pytest.mark.parametrize("seed", range(12))
def test_judging_around_what_inference_changes_does_too(fixture_kg: KnowledgeGraph, seed: int) -> None:
    plan, old = fixture_kg.plan, fixture_kg.graph
    triples = sorted(old.triples(source_graph("inferred")))
    came, went = changed(triples, seed)
    came -= set(old.triples())
    whole = Graph.in_memory()
    whole.add((set(old.triples()) - went) | came)
    before, expected = validate_inferred(whole_of(old), (), plan), validate_inferred(whole, (), plan)
    found = validate_changed_inference(old, came, went, plan)
    assert found.findings == expected.findings
    assert {name: count + found.reached[name] for name, count in before.reached.items()} == expected.reached


def whole_of(graph: Graph) -> Graph:
    copy = Graph.in_memory()
    copy.add(graph.triples())
    return copy


def reason(plan: BuildPlan, base: Path) -> str:
    with pytest.raises(BeginAnewError) as caught:
        GoingOn(plan, base).parse()
    return str(caught.value)


def test_where_more_than_data_differs_it_begins_anew(earlier: Path, tmp_path: Path, fixture_plan: BuildPlan) -> None:
    data = earlier.parent / "data"
    ontology = shutil.copytree(fixture_plan.ontology, tmp_path / "ontology")
    (ontology / "rules" / "reversal.rq").unlink()
    assert reason(BuildPlan(data, ontology=ontology), earlier) == "the ontology's files differ"
    licensed = BuildPlan(data, licences=frozenset({"https://example.org/licence"}))
    assert "licences differ" in reason(licensed, earlier)
    base = shutil.copytree(earlier, tmp_path / "base")
    (base / FILES).unlink()
    assert "what files it was built from" in reason(BuildPlan(data), base)


def test_blank_nodes_in_a_changed_source_mean_beginning_anew(earlier: Path, tmp_path: Path) -> None:
    data = shutil.copytree(earlier.parent / "data", tmp_path / "data")
    with (data / "first" / "graph.ttl").open("a", encoding="utf-8") as file:
        file.write(f"\n<https://example.org/x> <{IG}note> [ <{IG}note> 1 ] .\n")
    assert "blank nodes" in reason(BuildPlan(data), earlier)


def test_a_class_tree_in_the_data_means_beginning_anew(earlier: Path, tmp_path: Path) -> None:
    data = shutil.copytree(earlier.parent / "data", tmp_path / "data")
    with (data / "first" / "graph.ttl").open("a", encoding="utf-8") as file:
        file.write(f"\n<{IG}Odd> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{IG}Modulator> .\n")
    assert reason(BuildPlan(data), earlier) == "the class tree differs"


def test_beginning_anew_is_said_in_the_report(earlier: Path, tmp_path: Path) -> None:
    base = shutil.copytree(earlier, tmp_path / "base")
    (base / FILES).write_text(json.dumps({}), encoding="utf-8")
    report = build(BuildPlan(earlier.parent / "data"), tmp_path / "out", base=base)
    assert report.stages[0][0] == "begin anew" and report.conforms
