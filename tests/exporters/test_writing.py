"""An export is whole or not there, says what it holds, and refuses what it should."""

from __future__ import annotations

import hashlib
import json
import os
import resource
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from immunograph.cli import main
from immunograph.errors import ExportError, UnknownTermError
from immunograph.exporters.neo4j_csv import array_delimiter
from immunograph.exporters.neo4j_tables import node_tables, prepare
from immunograph.exporters.selection import Selection, read_kinds, read_predicates
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import FORMATS, ExportOptions, whole_folder, write_export
from immunograph.knowledge import KnowledgeGraph
from immunograph.store.graph import Graph, source_graph

from .hostile import hostile_graph

FILES = [name for name, known in FORMATS.items() if not known.is_remote]


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["export", *args])


def small_stream(folder: Path, altogether: str) -> GraphStream:
    path = folder / "small.ttl"
    path.write_text(
        "@prefix ig: <https://w3id.org/immunograph/onto/> . @prefix igd: <https://w3id.org/immunograph/id/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n" + altogether,
        encoding="utf-8",
    )
    graph = Graph.in_memory()
    graph.load(path, source_graph("one"))
    return GraphStream.of_graph(graph)


@pytest.mark.parametrize("form", FILES)
def test_the_same_graph_gives_the_same_bytes(form: str, fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    contents = []
    for name in ("place-1", "place-2"):
        (tmp_path / name).mkdir()
        fixture_kg.export(form, tmp_path / name / "out")
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        contents.append([(path.name, path.read_bytes()) for path in files])
    assert contents[0] == contents[1]


@pytest.mark.parametrize("form", FILES)
def test_the_manifest_tells_of_every_file(form: str, fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    done = fixture_kg.export(form, tmp_path / "out")
    is_folder = FORMATS[form].is_folder
    folder = tmp_path / "out" if is_folder else tmp_path
    manifest = json.loads((folder / ("manifest.json" if is_folder else "out.manifest.json")).read_text())
    assert manifest["format"] == form
    assert manifest["counts"]["edges"] == done.counts["edges"] == 105
    assert manifest["licences"] == ["CC-BY-SA-4.0", "CC0-1.0"]
    assert [source["source"] for source in manifest["sources"]] == ["fixture", "fixture-share-alike"]
    written = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert manifest["files"].keys() == {name for name in written if not name.endswith("manifest.json")}
    for name, told in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == told["sha256"]


@pytest.mark.parametrize("form", FILES)
def test_what_exists_is_replaced_only_by_force_and_then_whole(
    form: str, fixture_kg: KnowledgeGraph, tmp_path: Path
) -> None:
    fixture_kg.export(form, tmp_path / "out")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(ExportError, match="exists; choose another place, or replace it with --force"):
        fixture_kg.export(form, tmp_path / "out")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    fixture_kg.export(form, tmp_path / "out", selection=Selection(predicates=("treats",)), is_forced=True)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert after != before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_folder_that_is_no_export_is_never_replaced(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("dear")
    for form in ("csv", "gexf"):
        with pytest.raises(ExportError, match="choose another place"):
            fixture_kg.export(form, tmp_path / "letters", is_forced=True)
    assert (tmp_path / "letters" / "dear.txt").read_text() == "dear"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_target_without_rights_is_told(hostile: GraphStream, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ExportError, match="cannot be written"):
        write_export("csv", hostile, str(tmp_path / "out"), ExportOptions())


@pytest.mark.parametrize("form", ["csv", "gexf"])
def test_a_target_where_nobody_may_write_is_told(form: str, hostile: GraphStream, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match=r"/file: is a file, so that nothing can be put in it"):
        write_export(form, hostile, str(tmp_path / "file" / "out"), ExportOptions())
    for folder in (tmp_path / "file" / "below", Path("/proc")):
        with pytest.raises(ExportError, match=rf"{folder}/out: cannot be written \(.*\); nothing was left there"):
            write_export(form, hostile, str(folder / "out"), ExportOptions())


@pytest.mark.parametrize("form", [name for name in FILES if not name.startswith("sssom")])
def test_a_file_that_cannot_grow_leaves_nothing_under_the_final_name(
    form: str, hostile: GraphStream, tmp_path: Path
) -> None:
    """As on a full disk, writing stops in the middle: no file may be longer than 3 kB, and the export is."""
    (tmp_path / "target").mkdir()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    write_export(form, hostile, str(tmp_path / "whole"), ExportOptions())  # what the engine keeps is on disk by now
    with pytest.raises(ExportError) as caught:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, hard))
        try:
            write_export(form, hostile, str(tmp_path / "target" / "out"), ExportOptions())
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "cannot be written" in str(caught.value)
    assert "nothing was left there" in str(caught.value)
    assert not list((tmp_path / "target").iterdir())


def test_no_room_for_the_tables_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_room(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("SELECT error('No space left on device')")

    monkeypatch.setattr("immunograph.exporters.laying.lay_out", without_room)
    with pytest.raises(ExportError, match="cannot be laid out .*No space left.*set TMPDIR to a folder with more"):
        GraphStream.of_graph(hostile_graph())


def test_a_full_disk_is_told_in_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(ExportError) as caught, whole_folder(tmp_path / "out"):
        raise duckdb.IOException('Async write failed: {"message":"Could not write file: No space left on device"}')
    assert (
        str(caught.value) == f"{tmp_path / 'out'}: cannot be written (No space left on device); nothing was left there"
    )


def test_an_empty_selection_is_told(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="the selection holds no node and no association; widen"):
        fixture_kg.export(
            "csv", tmp_path / "out", selection=Selection(edge_kinds=("Response",), node_kinds=("Measure",))
        )
    assert not list(tmp_path.iterdir())


def test_lists_are_split_by_a_sign_that_they_do_not_hold(tmp_path: Path) -> None:
    node = 'igd:x a ig:Modulator ; skos:altLabel "a\\u001Fb"@en , "c"@en .'
    with small_stream(tmp_path, node) as stream:
        prepare(stream)
        assert array_delimiter(stream, node_tables(stream)) == 0x1E


@pytest.mark.parametrize("form", ["neo4j-csv", "neo4j-cypher"])
def test_a_list_that_holds_every_sign_is_refused(form: str, tmp_path: Path) -> None:
    node = 'igd:x a ig:Modulator ; skos:altLabel "a\\u001F\\u001E\\u001D\\u001C\\u0002\\u0003b"@en , "c"@en .'
    with small_stream(tmp_path, node) as stream, pytest.raises(ExportError, match="U[+]001F"):
        write_export(form, stream, str(tmp_path / "out"), ExportOptions())
    assert not (tmp_path / "out").exists()


def test_the_command_line_exports_a_part_and_says_what(fixture_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "part"
    where = ["--out", str(out), "--data", str(fixture_folder)]
    done = run("csv", *where, "--focus", "ipilimumab", "--hops", "1", "--kind", "adversereaction,Condition,Modulator")
    assert done.exit_code == 0, done.output
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["selection"]["focus"] == "igd:ipilimumab"
    assert manifest["selection"]["edge_kinds"] == ["AdverseReaction"]
    assert 0 < manifest["counts"]["edges"] < 103
    assert run("csv", *where).exit_code == 3
    assert run("csv", *where, "--force", "--quiet").output == ""


def test_wrong_names_are_told_with_the_exit_code_of_errors(fixture_folder: Path, tmp_path: Path) -> None:
    where = ["--out", str(tmp_path / "out"), "--data", str(fixture_folder)]
    for more in (["--kind", "Modulatr"], ["--predicate", "treat"], ["--focus", "nothing-of-that-name"]):
        done = run("csv", *where, *more)
        assert done.exit_code == 3
        assert "did you mean" in done.output or "nothing is called" in done.output
    assert run("no-such-format", *where).exit_code == 2
    done = run("neo4j", "--out", "somewhere", "--data", str(fixture_folder))
    assert done.exit_code == 3
    assert "is no address of a Neo4j server" in done.output


def test_bad_targets_are_told_in_one_line_with_the_exit_code_of_errors(fixture_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    bad = {
        "file": [str(tmp_path / "file")],
        "exists": [str(tmp_path / "file"), "--force"],
        "under a file": [str(tmp_path / "file" / "out")],
        "empty": [str(tmp_path / "out"), "--kind", "Response,Measure"],
        "licence": [str(tmp_path / "out"), "--license", "MIT"],
    }
    for arguments in bad.values():
        done = run("csv", "--quiet", "--data", str(fixture_folder), "--out", *arguments)
        assert done.exit_code == 3, arguments
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize(
    ("form", "options", "told"),
    [
        ("csv", ["--kind", ","], "--kind names nothing"),
        ("csv", ["--predicate", ""], "--predicate names nothing"),
        ("csv", ["--license", " "], "--license names nothing"),
        ("csv", ["--hops", "2"], "--hops counts from a node"),
        ("parquet", ["--edges", "all"], "--edges is for gexf"),
    ],
)
def test_an_option_that_would_change_nothing_is_wrong_usage(
    form: str, options: list[str], told: str, tmp_path: Path
) -> None:
    done = run(form, "--out", str(tmp_path / "out"), *options)
    assert done.exit_code == 2
    assert told in done.stderr
    assert not list(tmp_path.iterdir())


def test_kinds_and_predicates_are_read_in_any_case() -> None:
    assert read_kinds(["modulator", "TARGETACTION"]) == (("Modulator",), ("TargetAction",))
    assert read_predicates(["ig:treats", "inhibits"]) == ("inhibits", "treats")
    assert read_predicates(["actsOn"], has_inferred=True) == ("actsOn",)
    with pytest.raises(UnknownTermError):
        read_predicates(["actsOn"])
