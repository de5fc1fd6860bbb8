"""A release holds everything, gives the same bytes again, can be compared and built from."""

from __future__ import annotations

import csv
import filecmp
import gzip
import io
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from click.testing import CliRunner

from immunograph.assets import ontology_dir
from immunograph.building.loading import load_asserted
from immunograph.building.plan import BuildPlan
from immunograph.cli import main
from immunograph.comparing import compare
from immunograph.errors import ExportError, LoadError
from immunograph.exporters.writing import FORMATS
from immunograph.knowledge import KnowledgeGraph, open_graph
from immunograph.releasing.contents import EXPORTED
from immunograph.releasing.layout import QUADS
from immunograph.releasing.opening import open_release, open_side
from immunograph.releasing.release import ReleaseOptions, release

FIXTURE = Path(__file__).resolve().parents[1] / "fixture"
DAY = date(2026, 11, 22)
LICENCES = "CC-BY-SA-4.0+CC0-1.0"


@pytest.fixture(scope="module")
def released(fixture_kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole release of the fixture."""
    return release(fixture_kg, tmp_path_factory.mktemp("releases"), ReleaseOptions(DAY, "1.0"))


def small(version: str = "1.0", **more: object) -> ReleaseOptions:
    return ReleaseOptions(DAY, version, formats=(), **more)  # type: ignore[arg-type]


def same_files(left: Path, right: Path) -> bool:
    found = filecmp.dircmp(left, right)
    return not (found.left_only or found.right_only or found.diff_files) and all(
        same_files(left / name, right / name) for name in found.common_dirs
    )


def test_every_format_of_a_release_is_one_that_there_is() -> None:
    assert EXPORTED.keys() <= {name for name, known in FORMATS.items() if not known.is_remote}


def test_the_manifest_lists_every_file_with_its_checksum(released: Path) -> None:
    files = json.loads((released / "release.json").read_text())["files"]
    there = {path.relative_to(released).as_posix() for path in released.rglob("*") if path.is_file()}
    assert files.keys() == there - {"release.json"}
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=released, check=False)
    assert checked.returncode == 0
    listed = {line.split("  ")[1] for line in (released / "SHA256SUMS").read_text().splitlines()}
    assert listed == there - {"release.json", "SHA256SUMS"}


def test_what_is_promised_is_there(released: Path) -> None:
    about = json.loads((released / "release.json").read_text())
    assert (about["version"], about["date"], about["previous"]) == ("1.0", "2026-11-22", "")
    assert about["licences"] == {LICENCES: ["fixture"]}
    assert about["counts"]["associations"] == 105 and about["counts"]["nodes"] > 40
    assert {path.name for path in (released / "exports").iterdir()} == EXPORTED.keys()
    assert (released / "data" / LICENCES / "fixture" / "graph.ttl").read_bytes() == (FIXTURE / "graph.ttl").read_bytes()
    assert {path.name for path in (released / "ontology" / "rules").iterdir()} == {
        path.name for path in (ontology_dir() / "rules").iterdir()
    }


def test_another_process_gives_the_same_bytes(released: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "immunograph", "release", "--data", str(FIXTURE), "--out", str(tmp_path)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1795305600", "PYTHONHASHSEED": "7"}
    subprocess.run([*command, "--version", "1.0", "-q"], check=True, env=environment, capture_output=True)
    assert same_files(released, tmp_path / "immunograph-1.0")


def same(first: rdflib.Graph, second: rdflib.Graph) -> bool:
    """Whether two graphs differ in the names of blank nodes alone."""

    def canonical(graph: rdflib.Graph) -> pyoxigraph.Dataset:
        found = pyoxigraph.Dataset(pyoxigraph.parse(graph.serialize(format="nt"), pyoxigraph.RdfFormat.N_TRIPLES))
        found.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
        return found

    return canonical(first) == canonical(second)


def test_the_two_forms_of_the_ontology_say_the_same(released: Path) -> None:
    turtle = rdflib.Graph().parse(released / "immunograph.ttl")
    xml = rdflib.Graph().parse(released / "immunograph.owl", format="xml")
    modules = rdflib.Graph()
    for path in (ontology_dir() / "immunograph.ttl", *(ontology_dir() / "modules").glob("*.ttl")):
        modules.parse(path)
    definition = rdflib.URIRef("http://purl.obolibrary.org/obo/IAO_0000115")
    assert same(turtle, xml)
    said_again = {(s, o) for s, o in turtle.subject_objects(definition)}
    assert said_again == set(modules.subject_objects(rdflib.SKOS.definition))
    for triple in [(definition, None, None), (None, definition, None)]:
        turtle.remove(triple)
    assert same(turtle, modules)


def test_descriptions_parse_and_name_every_file(released: Path) -> None:
    dcat = rdflib.Graph().parse(released / "metadata" / "dcat.ttl")
    described = {str(title) for title in dcat.objects(None, rdflib.DCTERMS.title)}
    assert {"immunograph.nq.gz", f"data/{LICENCES}/fixture/graph.ttl", "CHANGELOG.md"} <= described
    ((issued,),) = dcat.query("SELECT ?d { ?x a dcat:Dataset ; dcterms:issued ?d }", initNs={"dcterms": rdflib.DCTERMS})  # type: ignore[misc]
    assert str(issued) == "2026-11-22"
    void = rdflib.Graph().parse(released / "metadata" / "void.ttl")
    assert any(void.subjects(rdflib.VOID.classPartition, None))
    croissant = json.loads((released / "exports" / "croissant" / "croissant.json").read_text())
    for file in croissant["distribution"]:
        assert (released / "exports" / "croissant" / file["contentUrl"]).is_file()


def test_the_graph_of_a_release_is_the_one_that_was_built(released: Path, fixture_kg: KnowledgeGraph) -> None:
    graph = open_release(released).graph
    assert graph.graph_names() == fixture_kg.graph.graph_names()
    assert len(graph) == len(fixture_kg.graph)
    assert not compare(open_release(released), fixture_kg, fixture_kg.queries)


def test_data_and_ontology_of_a_release_are_enough_to_build(released: Path, fixture_plan: BuildPlan) -> None:
    again, _ = load_asserted(BuildPlan(released / "data", released / "ontology"))
    first, _ = load_asserted(fixture_plan)
    assert again.graph_names() == first.graph_names()
    assert {t for t in again.triples() if "_:" not in t[0] + t[2]} == {
        t for t in first.triples() if "_:" not in t[0] + t[2]
    }


def test_a_later_release_tells_what_changed(released: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(FIXTURE, data)
    path = data / "graph.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace('"T cell"@en', '"T lymphocyte"@en'), encoding="utf-8")
    with open_graph(data=data) as kg:
        later = release(kg, tmp_path, small("1.1", previous=released))
    told = (later / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "Compared with 1.0." in told and "| Nodes | 0 | 0 | 1 |" in told
    assert "- changed: T lymphocyte `CL:0000084`\n  - no more: rdfs:label: T cell" in told
    rows = list(csv.DictReader(io.StringIO(gzip.open(later / "changes.tsv.gz", "rt").read()), delimiter="\t"))
    assert {row["part"] for row in rows} >= {"nodes"} and rows[0]["id"] == "CL:0000084"
    assert json.loads((later / "release.json").read_text())["previous"] == "1.0"


def test_a_release_may_hold_the_built_graph(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    with_graph = release(fixture_kg, tmp_path, small(has_graph=True))
    with open_graph(with_graph / "graph", data=FIXTURE) as kg:
        assert kg.find("RoActemra")
    assert not any(name.startswith("graph/") for name in json.loads((with_graph / "release.json").read_text())["files"])


def test_what_exists_is_left_alone_unless_forced(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    first = release(fixture_kg, tmp_path, small())
    with pytest.raises(ExportError, match="exists; choose another place or version"):
        release(fixture_kg, tmp_path, small())
    release(fixture_kg, tmp_path, small(is_forced=True))
    (first / "release.json").unlink()
    with pytest.raises(ExportError, match="exists; choose"):
        release(fixture_kg, tmp_path, small(is_forced=True))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["immunograph-1.0"]


def test_a_version_that_is_no_name_is_refused(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is no version"):
        release(fixture_kg, tmp_path, small("../1.0"))


def test_a_graph_of_other_data_is_refused(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="was built from other files"):
        release(KnowledgeGraph(fixture_kg.folder, BuildPlan(FIXTURE, engine="owlrl")), tmp_path, small())


def test_a_damaged_release_is_named(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    damaged = release(fixture_kg, tmp_path, small())
    with (damaged / QUADS).open("ab") as file:
        file.write(b" ")
    with pytest.raises(LoadError, match="is not what the release's manifest says"):
        open_side(damaged)
    with pytest.raises(LoadError, match="is not what the release's manifest says"):
        release(fixture_kg, tmp_path, small("1.1", previous=damaged))
    assert not (tmp_path / "immunograph-1.1").exists()


def test_bad_dates_are_wrong_usage(fixture_kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["release", "--data", str(FIXTURE), "--out", str(tmp_path), "--export", "none"]
    assert CliRunner().invoke(main, [*command, "--date", "yesterday"]).exit_code == 2
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    shown = CliRunner().invoke(main, command)
    assert shown.exit_code == 2 and "SOURCE_DATE_EPOCH is 'soon'" in shown.stderr
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    shown = CliRunner().invoke(main, [*command, "--version", "x", "-q"])
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout == f"{tmp_path / 'immunograph-x'}\n"
    assert json.loads((tmp_path / "immunograph-x" / "release.json").read_text())["date"] == "1970-01-01"
