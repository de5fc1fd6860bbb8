"""Empty answers of SPARQL at an endpoint say why, with a graph here and without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.cli.conftest import Run
from tests.store.stand_in import serving

from immunograph.building.plan import STORE
from immunograph.knowledge import KnowledgeGraph
from immunograph.store.remote import Endpoint


@pytest.fixture(scope="module")
def url(fixture_kg: KnowledgeGraph) -> Iterator[str]:
    with serving(ox.Store.read_only(str(fixture_kg.folder / STORE))) as server:
        yield server.url


@pytest.fixture
def no_graph(tmp_path: Path) -> tuple[str, str]:
    """Options that name data of which no graph was built."""
    (tmp_path / "data").mkdir()
    return "--data", str(tmp_path / "data")


MISSPELT = "SELECT ?s { ?s ig:treatz MONDO:0008383 }"
NO_MATCH = "SELECT ?s { igd:tocilizumab ig:treats ?s . ?s a ig:Pathway }"


def test_unknown_terms_are_pointed_out_with_a_graph_here(run: Run, url: str) -> None:
    result = run("sparql", MISSPELT, "--endpoint", url + "sparql")
    assert result.exit_code == 0
    assert "ig:treatz is not in the graph; did you mean ig:treats" in result.stderr


def test_the_pattern_without_a_match_is_shown_with_a_graph_here(run: Run, url: str) -> None:
    result = run("sparql", NO_MATCH, "--endpoint", url + "sparql")
    assert "?s a ig:Pathway" in result.stderr and "nothing matches" in result.stderr
    assert "Condition" in result.stderr  # what stands there instead


@pytest.mark.parametrize(("text", "said"), [(MISSPELT, "did you mean ig:treats"), (NO_MATCH, "?s a ig:Pathway")])
def test_the_same_is_said_without_a_graph_here(
    text: str, said: str, run_alone: Run, url: str, no_graph: tuple[str, str]
) -> None:
    result = run_alone("sparql", text, "--endpoint", url + "sparql", *no_graph)
    assert result.exit_code == 0 and result.stdout.strip() == "s"
    assert said in result.stderr and "building" not in result.stderr


def test_a_count_of_nothing_says_why(run_alone: Run, url: str, no_graph: tuple[str, str]) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?s ig:treatz ?o }"
    result = run_alone("sparql", text, "--endpoint", url + "sparql", *no_graph)
    assert result.stdout.split() == ["n", "0"] and "did you mean ig:treats" in result.stderr


def test_no_reason_is_looked_for_when_quiet_or_when_there_are_rows(
    run_alone: Run, url: str, no_graph: tuple[str, str]
) -> None:
    assert not run_alone("sparql", MISSPELT, "--endpoint", url + "sparql", "--quiet", *no_graph).stderr
    found = run_alone("sparql", "SELECT ?o { igd:tocilizumab ig:treats ?o }", "--endpoint", url + "sparql", *no_graph)
    assert "MONDO:0008383" in found.stdout and not found.stderr


def test_a_false_ask_says_why(run_alone: Run, url: str, no_graph: tuple[str, str]) -> None:
    result = run_alone("sparql", "ASK { igd:nothing ig:treats ?o }", "--endpoint", url + "sparql", *no_graph)
    assert result.stdout.strip() in {"false", "answer\nfalse"}
    assert "igd:nothing is not in the graph" in result.stderr


def test_the_library_says_why_of_an_endpoint(fixture_kg: KnowledgeGraph, url: str) -> None:
    answer = fixture_kg.sparql(MISSPELT, endpoint=Endpoint(url + "sparql", 10))
    assert not isinstance(answer, bool | list) and answer.why_empty
    assert "ig:treatz" in answer.why_empty.unknown[0]


def test_an_endpoint_that_fails_afterwards_has_answered(fixture_kg: KnowledgeGraph, url: str) -> None:
    why = fixture_kg.why_empty(MISSPELT, endpoint=Endpoint(url + "missing", 10))
    assert "asking why failed" in why.verdict
