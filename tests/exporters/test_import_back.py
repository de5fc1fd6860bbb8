"""Our own exports give back the graph that they were made from, triple by triple."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from immunograph.cli import main
from immunograph.errors import LoadError
from immunograph.exporters.selection import Selection
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import ExportOptions, write_export
from immunograph.importing import import_export
from immunograph.store.graph import Graph
from immunograph.store.triples import Triple

from .hostile import hostile_graph, hostile_triples

FORMS = {"kgx": "kgx", "kgx-jsonl": "kgx", "neo4j-csv": "neo4j-csv"}
ALT_LABEL = "<http://www.w3.org/2004/02/skos/core#altLabel>"
ONLY_EMPTY = ("<https://w3id.org/immunograph/id/only-empty>", ALT_LABEL, '""@en')


def triples_of(graph: Graph) -> set[Triple]:
    """The triples as sets, decimals and integers by value."""
    return {(s, p, str(ox.Literal(float(o.split('"')[1]))) if "#decimal>" in o else o) for s, p, o in graph.triples()}


def restored(stream: GraphStream, form: str, folder: Path) -> set[Triple]:
    write_export(form, stream, str(folder / "export"), ExportOptions())
    import_export(FORMS[form], folder / "export", folder / "back")
    graph = Graph.in_memory()
    for path in sorted((folder / "back").glob("*.ttl")):
        graph.load(path)
    return triples_of(graph)


@pytest.mark.parametrize("form", FORMS)
def test_the_hostile_graph_comes_back(form: str, tmp_path: Path) -> None:
    stated = Graph.in_memory()
    stated.add(hostile_triples())
    with GraphStream.of_graph(hostile_graph(), Selection(has_inferred=True)) as stream:
        found = restored(stream, form, tmp_path)
    wanted = triples_of(stated)
    # an unquoted cell cannot tell a list of one empty text from no list
    lost = {ONLY_EMPTY} if form == "kgx" else set()
    assert wanted - found == lost
    assert found - wanted == set()


@pytest.mark.parametrize("form", FORMS)
def test_the_fixture_comes_back(form: str, fixture_folder: Path, tmp_path: Path) -> None:
    stated = Graph.in_memory()
    for path in sorted(fixture_folder.glob("*.ttl")):
        stated.load(path)
    with GraphStream.of_graph(stated) as stream:
        assert restored(stream, form, tmp_path) == triples_of(stated)


def test_the_command_line_restores_a_folder_that_can_be_read_again(fixture_folder: Path, tmp_path: Path) -> None:
    stated = Graph.in_memory()
    for path in sorted(fixture_folder.glob("*.ttl")):
        stated.load(path)
    with GraphStream.of_graph(stated) as stream:
        write_export("neo4j-csv", stream, str(tmp_path / "export"), ExportOptions())
    done = CliRunner().invoke(main, ["import", "neo4j-csv", str(tmp_path / "export"), "--out", str(tmp_path / "back")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "back" / "modulators.ttl").is_file()
    checked = CliRunner().invoke(main, ["format", "--check", str(tmp_path / "back")])
    assert checked.exit_code == 0, checked.output


def test_a_folder_that_is_no_export_of_that_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="give the folder of an export"):
        import_export("kgx", tmp_path, tmp_path / "back")
    (tmp_path / "manifest.json").write_text(json.dumps({"format": "csv"}))
    with pytest.raises(LoadError, match="is no manifest of an export in neo4j-csv"):
        import_export("neo4j-csv", tmp_path, tmp_path / "back")
    assert not (tmp_path / "back").exists()
