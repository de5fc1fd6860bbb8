"""The pipeline: what it reports, when it builds again, and that a build is whole or not there."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from immunograph.building.pipeline import build, open_or_build
from immunograph.building.plan import CLOSURE, FILES, NAMES, REPORT, STORE, BuildPlan, content_key, graph_dir, is_built
from immunograph.building.validating import validate_files
from immunograph.cli import main
from immunograph.errors import InconsistencyError, LoadError, StoreError
from immunograph.knowledge import KnowledgeGraph, open_graph

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "tests" / "fixture"
TREATS = "SELECT ?s { ?s ig:treats MONDO:0008383 }"


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache for one test."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("IMMUNOGRAPH_CACHE", str(cache))
    return cache


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the fixture's data."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(FIXTURE / "graph.ttl", folder)
    return folder


@pytest.fixture
def built(fixture_kg: KnowledgeGraph, tmp_path: Path) -> Path:
    """A copy of the fixture's built graph, to be damaged."""
    return Path(shutil.copytree(fixture_kg.folder, tmp_path / "built"))


def is_whole(folder: Path) -> bool:
    """Whether a folder opens as a graph and answers."""
    with open_graph(folder, data=FIXTURE) as kg:
        rows = kg.graph.select(TREATS).rows
        return (
            len(rows) == 4
            and kg.find("tocilizumab") != []
            and kg.explain("tocilizumab", "a", "IL-6 inhibitor") is not None
        )


def run_build(out: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "immunograph", "build", "--data", str(FIXTURE), "--out", str(out), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def leftovers(out: Path) -> list[str]:
    return [path.name for path in out.parent.iterdir() if path.name.startswith(f".{out.name}.")]


# the report


def test_the_report_says_what_was_done(fixture_kg: KnowledgeGraph) -> None:
    report = json.loads((fixture_kg.folder / REPORT).read_text(encoding="utf-8"))
    assert list(report) == [
        "key", "version", "conforms", "stages", "counts", "program", "notes", "focus_nodes", "findings"
    ]  # fmt: skip
    assert report["key"] == content_key(fixture_kg.plan) and report["conforms"] is True
    assert [stage["stage"] for stage in report["stages"]] == ["parse", "validate", "infer", "validate again", "store"]
    assert all(stage["seconds"] >= 0 for stage in report["stages"])
    assert report["counts"]["inferred"] > 1000 and report["counts"]["asserted"] > report["counts"]["inferred"]
    nodes = fixture_kg.info()["nodes"]
    assert isinstance(nodes, dict) and report["focus_nodes"]["Modulator"] == nodes["Modulator"] > 10
    assert report["findings"] == []


def test_the_folder_holds_store_names_and_proofs(fixture_kg: KnowledgeGraph) -> None:
    assert {path.name for path in fixture_kg.folder.iterdir()} == {STORE, NAMES, CLOSURE, FILES, REPORT}


def test_the_graphs_are_those_of_the_design(fixture_kg: KnowledgeGraph) -> None:
    graph = fixture_kg.graph
    names = {name.rpartition("/")[2] for name in graph.graph_names()}
    assert {"ontology", "inferred"} < names
    default = set(graph.triples())
    assert len(default) == len(graph)
    assert set().union(*(graph.triples(name) for name in graph.graph_names())) == default
    stated = fixture_kg.report["counts"]
    assert isinstance(stated, dict) and len(default) == stated["asserted"] + stated["inferred"]


# the key


def test_the_key_follows_the_content_and_nothing_else(data: Path, own_cache: Path, tmp_path: Path) -> None:
    ontology = Path(shutil.copytree(ROOT / "ontology", tmp_path / "ontology"))
    plan = BuildPlan(data, ontology)
    key = content_key(plan)
    assert content_key(plan) == key
    os.utime(data / "graph.ttl", ns=(1, 1))
    assert content_key(plan) == key, "a new time alone changes nothing"
    moved = BuildPlan(Path(shutil.copytree(data, tmp_path / "elsewhere")), ontology)
    assert content_key(moved) == key, "nor does another place"
    (data / "notes.txt").write_text("not data")
    assert content_key(plan) == key
    seen = {key}
    for path in (data / "graph.ttl", ontology / "modules" / "core.ttl", *sorted(ontology.glob("*/*.rq"))[:3]):
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        seen.add(content_key(plan))
    (data / "more.ttl").write_text("")
    seen.add(content_key(plan))
    assert len(seen) == 7
    for other in (BuildPlan(data, ontology, "owlrl"), BuildPlan(data, ontology, licences=frozenset())):
        seen.add(content_key(other))
    assert len(seen) == 9


def test_a_damaged_memory_of_keys_is_passed_over(data: Path, own_cache: Path) -> None:
    key = content_key(BuildPlan(data))
    (remembered,) = (own_cache / "keys").iterdir()
    remembered.write_text("half a ke")
    assert content_key(BuildPlan(data)) == key


def test_a_file_that_cannot_be_read_is_named(data: Path, own_cache: Path) -> None:
    (data / "broken.ttl").symlink_to(data / "nowhere.ttl")
    shown = CliRunner().invoke(main, ["find", "IL6", "--data", str(data)])
    assert shown.exit_code == 3
    assert "broken.ttl" in shown.stderr and shown.stderr.count("\n") == 1


# the cache


def test_the_second_opening_builds_nothing(own_cache: Path, fixture_kg: KnowledgeGraph) -> None:
    folder = graph_dir(fixture_kg.plan)
    shutil.copytree(fixture_kg.folder, folder)
    told: list[str] = []
    with open_graph(data=FIXTURE, tell=told.append) as kg:
        assert kg.folder == folder
    assert told == []


def test_the_first_opening_tells_of_the_stages(data: Path, own_cache: Path) -> None:
    told: list[str] = []
    with open_graph(data=data, tell=told.append) as kg:
        assert kg.folder.parent.parent == own_cache
    assert told == ["parse", "validate", "infer", "validate again", "store"]


def test_a_graph_that_is_current_is_left_alone(built: Path) -> None:
    before = (built / REPORT).stat().st_ino
    shown = CliRunner().invoke(main, ["build", "--data", str(FIXTURE), "--out", str(built)])
    assert (shown.exit_code, (built / REPORT).stat().st_ino) == (0, before)
    assert "is built and current" in shown.stderr


def test_a_folder_of_something_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="is not a built graph; choose another folder or give --force"):
        build(BuildPlan(FIXTURE), tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_changed_data_replace_the_old_graph(built: Path, data: Path) -> None:
    path = data / "graph.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace('"Actemra"', '"RoActemra"'), encoding="utf-8")
    report = build(BuildPlan(data), built)
    assert report.conforms
    with open_graph(built, data=data) as kg:
        assert [node.curie for node in kg.find("RoActemra")] == ["igd:tocilizumab"]
    assert leftovers(built) == []


def test_data_that_change_while_they_are_read_are_not_stored(data: Path, tmp_path: Path) -> None:
    def meddle(stage: str) -> None:
        if stage == "infer":
            (data / "more.ttl").write_text("<urn:x:a> <urn:x:b> <urn:x:c> .")

    with pytest.raises(StoreError, match="changed while they were read; build again"):
        build(BuildPlan(data), tmp_path / "built", tell=meddle)
    assert not (tmp_path / "built").exists()


def test_data_that_do_not_conform_are_not_stored(data: Path, own_cache: Path) -> None:
    path = data / "graph.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("ig:frequencyPercent 12.0", "ig:frequencyPercent 120.0"))
    report = build(BuildPlan(data), own_cache / "built")
    assert not report.conforms and [finding.rule for finding in report.validation.findings] == ["FrequencyPercent"]
    assert not own_cache.joinpath("built").exists() and leftovers(own_cache / "built") == []
    with pytest.raises(StoreError, match="do not conform: .*graph.ttl:[0-9]+: violation"):
        open_or_build(BuildPlan(data))


def test_strict_takes_warnings_for_faults(data: Path, tmp_path: Path) -> None:
    text = (data / "graph.ttl").read_text(encoding="utf-8")
    block = text[text.index("iga:kssxbc5l3zuyh246") :].partition("\n\n")[0]
    assert "igd:infliximab" in block and "ig:treats" in block
    harm = "\n".join(line for line in block.splitlines() if "ig:regulator" not in line and "ig:status" not in line)
    harm = harm.replace("kssxbc5l3zuyh246", "aaaaaaaaaaaaaaaa")
    prefixes = text[text.index("@prefix") : text.index("CL:0000084\n")]
    (data / "harm.ttl").write_text(prefixes + harm.replace("ig:treats", "ig:ineffectiveFor") + "\n", encoding="utf-8")
    lax = build(BuildPlan(data), tmp_path / "lax")
    assert lax.conforms and {finding.severity for finding in lax.validation.findings} == {"warning"}
    assert not build(BuildPlan(data, is_strict=True), tmp_path / "strict").conforms
    assert not (tmp_path / "strict").exists()


def test_a_missing_ontology_is_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="holds no ontology"):
        build(BuildPlan(data, tmp_path / "nothing"), tmp_path / "built")


# whole or not there


@pytest.mark.integration
def test_a_build_that_is_killed_leaves_nothing_that_opens(tmp_path: Path) -> None:
    out = tmp_path / "built"
    for delay in (0.4, 1.2, 1.8, 2.4):
        process = run_build(out, "--force")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(delay)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert not is_built(out) or is_whole(out), f"killed after {delay} s"
    done = run_build(out, "--force")
    _, messages = done.communicate()
    assert done.returncode == 0, messages
    assert is_whole(out)


@pytest.mark.integration
def test_a_build_that_is_killed_while_storing_leaves_nothing_that_opens(tmp_path: Path) -> None:
    out = tmp_path / "built"
    for reached in (STORE, NAMES, CLOSURE):
        process = run_build(out)
        while process.poll() is None and not any(tmp_path.glob(f".built.{process.pid}.tmp/{reached}*")):
            time.sleep(0.005)
        process.kill()
        process.communicate()
        assert not is_built(out)
        with pytest.raises(StoreError, match="is not a built graph"):
            open_graph(out)
    again = run_build(out)
    again.communicate()
    assert again.returncode == 0 and is_whole(out)


def test_what_dead_builds_left_is_swept_away(tmp_path: Path) -> None:
    dead, living = tmp_path / ".built.1.tmp", tmp_path / ".built.2.tmp"
    for folder in (dead, living):
        folder.mkdir()
        (folder / "half a store").write_text("")
    os.utime(dead, (1, 1))
    build(BuildPlan(FIXTURE), tmp_path / "built")
    assert leftovers(tmp_path / "built") == [living.name]


@pytest.mark.integration
def test_two_builds_at_once_give_one_whole_graph(tmp_path: Path) -> None:
    out = tmp_path / "built"
    both = [run_build(out), run_build(out)]
    messages = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], messages
    assert is_whole(out) and leftovers(out) == []


# what the disk does


@pytest.mark.integration
@pytest.mark.parametrize("kilobytes", [1, 64, 400])
def test_a_full_disk_is_one_line_and_leaves_nothing(kilobytes: int, tmp_path: Path) -> None:
    code = (
        "import resource, sys; "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({kilobytes * 1024}, {kilobytes * 1024})); "
        "from immunograph.cli import main; main()"
    )
    out = tmp_path / "built"
    command = [sys.executable, "-c", code, "build", "--data", str(FIXTURE), "--out", str(out), "--quiet"]
    environment = {**os.environ, "IMMUNOGRAPH_CACHE": str(tmp_path / "cache")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 3, done.stderr
    assert done.stderr.startswith("immunograph: ") and done.stderr.count("\n") == 1
    assert "cannot be written" in done.stderr
    assert not out.exists() and leftovers(out) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    shown = CliRunner().invoke(main, ["build", "--data", str(FIXTURE), "--out", str(tmp_path / "file" / "built"), "-q"])
    assert shown.exit_code == 3
    assert "cannot be written" in shown.stderr and shown.stderr.count("\n") == 1


def damage_store(folder: Path) -> None:
    for path in (folder / STORE).iterdir():
        path.write_bytes(b"not a store")


def damage_tables(folder: Path) -> None:
    for path in (folder / STORE).glob("*.sst"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def damage_names(folder: Path) -> None:
    (folder / NAMES).write_bytes(b"not a database" * 100)


def drop_names(folder: Path) -> None:
    (folder / NAMES).unlink()


def cut_names(folder: Path) -> None:
    content = (folder / NAMES).read_bytes()
    (folder / NAMES).write_bytes(content[:8192] + b"\0" * (len(content) - 8192))


def damage_proofs(folder: Path) -> None:
    (folder / CLOSURE).write_bytes(b"not a closure" * 100)


def damage_report(folder: Path) -> None:
    (folder / REPORT).write_text('{"key": ')


QUESTIONS = (
    ("find", "tocilizumab"),
    ("query", "mechanisms-of-modulator", "modulator=tocilizumab"),
    ("explain", "tocilizumab", "a", "IL-6 inhibitor"),
    ("info", "--format", "json"),
)


DAMAGES = (damage_store, damage_tables, damage_names, drop_names, cut_names, damage_proofs, damage_report)


def asked() -> list[Result]:
    return [CliRunner().invoke(main, [*question, "--data", str(FIXTURE)]) for question in QUESTIONS]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_is_said_to_be(
    damage: Callable[[Path], None], own_cache: Path, fixture_kg: KnowledgeGraph
) -> None:
    damage(Path(shutil.copytree(fixture_kg.folder, graph_dir(fixture_kg.plan))))
    failed = [result for result in asked() if result.exit_code]
    assert failed
    for result in failed:
        assert result.exit_code == 3, result.exception
        assert "build --force" in result.stderr and result.stderr.count("\n") == 1, result.stderr


def test_force_repairs_a_damaged_cache(own_cache: Path, fixture_kg: KnowledgeGraph) -> None:
    folder = Path(shutil.copytree(fixture_kg.folder, graph_dir(fixture_kg.plan)))
    for damage in (damage_store, damage_names, damage_proofs, damage_report):
        damage(folder)
    assert all(result.exit_code == 3 for result in asked())
    assert CliRunner().invoke(main, ["build", "--force", "--data", str(FIXTURE)]).exit_code == 0
    assert all(result.exit_code == 0 for result in asked())


# engines


def test_the_reference_engine_builds_a_graph_without_proofs(tmp_path: Path) -> None:
    out = tmp_path / "built"
    report = build(BuildPlan(FIXTURE, engine="owlrl"), out)
    assert report.conforms and any("rule files are not run by owlrl" in note for note in report.notes)
    with open_graph(out, data=FIXTURE) as kg:
        assert kg.graph.ask("ASK { GO:0042098 ig:broader GO:0046649 }")
        with pytest.raises(StoreError, match="built without proofs"):
            kg.explain("tocilizumab", "a", "IL-6 inhibitor")


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[KnowledgeGraph, dict[str, object]]]:
    """The fixture's graph without its share-alike source."""
    out = tmp_path_factory.mktemp("free") / "built"
    shown = CliRunner().invoke(main, ["build", "--data", str(FIXTURE), "--out", str(out), "--license", "CC0,CC-BY"])
    assert shown.exit_code == 0, shown.stderr
    with open_graph(out, data=FIXTURE) as kg:
        yield kg, json.loads((out / REPORT).read_text())


Free = tuple[KnowledgeGraph, dict[str, object]]


def test_a_licence_filter_leaves_other_statements_out(free: Free, fixture_kg: KnowledgeGraph) -> None:
    kg, report = free
    sources = kg.info()["sources"]
    assert isinstance(sources, list) and [source["licence"] for source in sources] == ["CC0-1.0"]
    stated = "SELECT ?a { ?a a ig:Association FILTER NOT EXISTS { ?a ig:hasEvidence/ig:source igs:fixture } }"
    left_out = len(fixture_kg.graph.select(stated).rows)
    kept, whole = kg.info()["associations_total"], fixture_kg.info()["associations_total"]
    assert isinstance(kept, int) and isinstance(whole, int) and whole - kept == left_out > 1
    assert report["notes"] == [f"{left_out} associations left out by licence"]
    assert not kg.graph.ask("ASK { GRAPH ?g { ?s ?p igs:fixture-share-alike } }")


def test_a_licence_filter_comes_before_inference(free: Free, fixture_kg: KnowledgeGraph) -> None:
    activates = "ASK { igd:fixture-compound ig:activates UniProtKB:P08887 }"
    assert fixture_kg.graph.ask(activates) and not free[0].graph.ask(activates)
    assert free[0].graph.ask("ASK { igd:tocilizumab a ig:IL6ReceptorInhibitor }")


def test_nothing_points_at_what_was_left_out(free: Free) -> None:
    dangling = (
        "SELECT ?s ?o { ?s ig:subject|ig:object|ig:hasEvidence|ig:mediatedBy|ig:broader|ig:source ?o "
        "FILTER NOT EXISTS { ?o ?p ?v } }"
    )
    assert free[0].graph.select(dangling).rows == []


def test_no_licence_left_is_an_empty_graph_that_conforms(tmp_path: Path) -> None:
    report = build(BuildPlan(FIXTURE, licences=frozenset({"https://spdx.org/licenses/MIT"})), tmp_path / "built")
    assert report.conforms and "fixture left out by licence" in report.notes


def test_a_contradiction_is_refused_with_its_proof(data: Path, tmp_path: Path) -> None:
    ontology = Path(shutil.copytree(ROOT / "ontology", tmp_path / "ontology"))
    (ontology / "modules" / "clash.ttl").write_text(
        "@prefix ig: <https://w3id.org/immunograph/onto/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "ig:IL6Inhibitor owl:disjointWith ig:MonoclonalAntibody .\n"
    )
    with pytest.raises(InconsistencyError, match="contradicts itself in [1-9]"):
        build(BuildPlan(data, ontology), tmp_path / "built")
    assert not (tmp_path / "built").exists()


def test_a_missing_file_is_told_before_the_data_are_read(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"nosuch\.ttl"):
        validate_files([tmp_path / "nosuch.ttl"], BuildPlan(tmp_path / "no data"))
