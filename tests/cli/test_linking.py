"""``link resolve``, ``link annotate`` and ``link expand`` at the door."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from immunograph.cli import main
from immunograph.knowledge import KnowledgeGraph

ROOT = Path(__file__).resolve().parents[1]
JOINTS = ROOT / "sources" / "files" / "ontologies" / "forms" / "joints.ofn"


def run(kg: KnowledgeGraph, *arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, ["link", *arguments, "--graph", str(kg.folder)], input=given)


def test_resolve_takes_arguments_and_standard_input(fixture_kg: KnowledgeGraph) -> None:
    shown = run(fixture_kg, "resolve", "mondo:0008383", "-i", "-", "--format", "json", given="IL6R\n# no\n\nnothing\n")
    assert shown.exit_code == 0
    rows = json.loads(shown.stdout)
    assert [(row["input"], row["status"], row["node"]) for row in rows] == [
        ("mondo:0008383", "found", "MONDO:0008383"),
        ("IL6R", "found", "UniProtKB:P08887"),
        ("nothing", "unknown", None),
    ]


def test_resolve_can_fail_where_something_is_unknown(fixture_kg: KnowledgeGraph) -> None:
    assert run(fixture_kg, "resolve", "IL6R", "--fail-empty").exit_code == 0
    assert run(fixture_kg, "resolve", "nothing at all", "--fail-empty").exit_code == 1
    assert run(fixture_kg, "resolve").exit_code == 2


def test_people_get_a_few_lines_for_each(fixture_kg: KnowledgeGraph) -> None:
    shown = run(fixture_kg, "resolve", "tocilizumab", "nothing at all", "--format", "table")
    assert "  igd:tocilizumab  tocilizumab  [Modulator]  (exact label, tocilizumab)" in shown.stdout
    assert "    exact: CHEMBL.COMPOUND:CHEMBL1237022" in shown.stdout
    assert "nothing at all\n  unknown" in shown.stdout


def test_annotate_keeps_rows_and_lists_what_is_unclear(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("gene,score\nIL6R,1\nnothing at all,2\nnothing at all,3\n")
    shown = run(fixture_kg, "annotate", str(tmp_path / "t.csv"), "--column", "gene")
    rows = list(csv.DictReader(io.StringIO(shown.stdout)))
    assert [(row["gene"], row["score"], row["node"], row["status"]) for row in rows] == [
        ("IL6R", "1", "UniProtKB:P08887", "matched"),
        ("nothing at all", "2", "", "unmatched"),
        ("nothing at all", "3", "", "unmatched"),
    ]
    assert "3 rows: 1 matched, 0 ambiguous, 2 unmatched" in shown.stderr
    assert "'nothing at all' (2 rows) unmatched" in shown.stderr
    wrong = run(fixture_kg, "annotate", str(tmp_path / "t.csv"), "--column", "genes")
    assert (wrong.exit_code, "its columns are gene" in wrong.stderr) == (3, True)


def test_expand_attaches_and_removes(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "fixture", data)
    common = ["expand", "--ontology", str(JOINTS), "--data", str(data)]
    assert run(fixture_kg, *common, "--dry-run").exit_code == 0
    assert not (data / "linked-joints").exists()
    shown = run(fixture_kg, *common)
    assert shown.exit_code == 0
    assert "1 new terms" in shown.stderr
    assert (data / "linked-joints" / "hierarchy.ttl").is_file()
    assert run(fixture_kg, *common, "--remove").exit_code == 0
    assert not (data / "linked-joints").exists()
    assert run(fixture_kg, *common, "--remove").exit_code == 3
    assert run(fixture_kg, "expand").exit_code == 2


def test_the_library_has_the_same_verbs(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    found = fixture_kg.expand(JOINTS, tmp_path / "linked-mine")
    assert found.counts()["new terms"] == 1
    assert (tmp_path / "linked-mine" / "source.ttl").is_file()
    assert {one.status for one in fixture_kg.check(JOINTS)} <= {"current", "unknown", "renamed", "label mismatch"}
    assert any(one.subject.endswith("tocilizumab") for one in fixture_kg.mappings())


@pytest.mark.parametrize("command", ["expand", "check", "resolve", "annotate", "update"])
def test_every_command_has_help(command: str) -> None:
    shown = CliRunner().invoke(main, ["link", command, "--help"])
    assert (shown.exit_code, "Usage" in shown.output) == (0, True)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffIL6R\r\n\r\nTNF\r\n".encode(),
        "IL6R\r\nTNF\r\n".encode("utf-16"),
        "IL6R\nTNF".encode("cp1252"),
    ],
)
def test_a_list_is_read_in_any_encoding(content: bytes, fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_bytes(content)
    result = run(fixture_kg, "resolve", "--file", str(tmp_path / "ids.txt"), "--format", "csv")
    assert [line.split(",")[:3] for line in result.stdout.splitlines()[1:]] == [
        ["IL6R", "found", "UniProtKB:P08887"],
        ["TNF", "found", "UniProtKB:P01375"],
    ]


def test_a_list_with_strange_letters_or_none_is_told_plainly(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_bytes(b"TNF-\xe1\n")
    assert run(fixture_kg, "resolve", "--file", str(tmp_path / "ids.txt"), "--format", "csv").exit_code == 0
    (tmp_path / "ids.txt").write_bytes(b"PK\x03\x04\0\0")
    result = run(fixture_kg, "resolve", "--file", str(tmp_path / "ids.txt"))
    assert result.exit_code == 3 and "is no text" in result.stderr


def test_a_subset_of_an_ontology_is_told(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    subset = tmp_path / "mondo-slim.obo"
    subset.write_text("format-version: 1.2\n\n[Term]\nid: MONDO:0008383\nname: rheumatoid arthritis\n")
    result = run(fixture_kg, "check", "--ontology", str(subset), "--format", "tsv")
    assert result.exit_code == 1 and "likely a subset" in result.stderr
