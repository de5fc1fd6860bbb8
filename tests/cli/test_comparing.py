"""``diff`` on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from immunograph.knowledge import KnowledgeGraph

Run = Callable[..., Result]
FIXTURE = Path(__file__).resolve().parents[1] / "fixture"


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture without what siltuximab acts on."""
    folder = tmp_path_factory.mktemp("newer")
    blocks = (FIXTURE / "graph.ttl").read_text(encoding="utf-8").split("\n\n")
    kept = [b for b in blocks if not ("ig:subject igd:siltuximab" in b and "ig:TargetAction" in b)]
    assert len(kept) < len(blocks)
    (folder / "graph.ttl").write_text("\n\n".join(kept).replace('"T cell"@en', '"T lymphocyte"@en'), encoding="utf-8")
    return folder


def test_two_folders_are_compared_down_to_inferences_and_answers(
    newer: Path, run_alone: Run, fixture_kg: KnowledgeGraph
) -> None:
    shown = run_alone("diff", str(fixture_kg.folder), str(newer), "--format", "json", "-q")
    assert shown.exit_code == 0, shown.stderr
    told = json.loads(shown.stdout)
    assert told["counts"]["nodes"] == {"added": 0, "removed": 0, "changed": 1}
    assert {change["change"] for change in told["associations"]} == {"removed"}
    assert "igd:siltuximab rdf:type ig:IL6LigandInhibitor" in {change["id"] for change in told["inferred"]}
    assert "ligand-or-receptor" in {change["id"] for change in told["answers"]}


def test_the_table_counts_and_is_cut(newer: Path, run_alone: Run, fixture_kg: KnowledgeGraph) -> None:
    shown = run_alone("diff", str(fixture_kg.folder), str(newer), "-f", "table", "--limit", "1", "-q")
    assert shown.exit_code == 0, shown.stderr
    assert "~ CL:0000084  T lymphocyte\n    - rdfs:label: T cell\n    + rdfs:label: T lymphocyte" in shown.stdout
    assert "more; --limit 0 shows all" in shown.stdout
    whole = run_alone("diff", str(fixture_kg.folder), str(newer), "-f", "table", "--limit", "0", "-q")
    assert "more; --limit" not in whole.stdout and len(whole.stdout) > len(shown.stdout)


def test_data_stands_for_the_new_graph(newer: Path, run_alone: Run, fixture_kg: KnowledgeGraph) -> None:
    shown = run_alone("diff", str(newer), "--data", str(FIXTURE), "--part", "nodes")
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout.splitlines()[0].split("\t")[:3] == ["part", "change", "id"]
    assert shown.stdout.splitlines()[1].split("\t")[:3] == ["nodes", "changed", "CL:0000084"]


def test_what_is_no_graph_is_refused(tmp_path: Path, run_alone: Run) -> None:
    missing = run_alone("diff", str(tmp_path / "nowhere"), str(FIXTURE))
    assert missing.exit_code == 3 and "is no folder; give a built graph, a release" in missing.stderr
    (tmp_path / "release.json").write_text("[]")
    damaged = run_alone("diff", str(tmp_path), str(FIXTURE))
    assert damaged.exit_code == 3 and "is no manifest of a release" in damaged.stderr
