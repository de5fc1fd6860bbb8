"""Questions in a process of their own: the same answers, and an end to endless ones."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from immunograph.building.plan import STORE
from immunograph.errors import QueryError, QueryTimeoutError, StoreError
from immunograph.knowledge import KnowledgeGraph
from immunograph.queries import Answer
from immunograph.store.limits import TimedGraph, TimedSession

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture
def timed(fixture_kg: KnowledgeGraph) -> TimedGraph:
    return TimedGraph(fixture_kg.folder / STORE, 60)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ig:treats ?o OPTIONAL { ?s ig:nothing ?x } BIND("x"@en AS ?y) } ORDER BY ?s ?o',
        "ASK { igd:tocilizumab a ig:Modulator }",
        "CONSTRUCT { ?s ig:treats ?o } WHERE { ?s ig:treats ?o }",
    ],
)
def test_the_answers_are_those_of_the_graph(query: str, timed: TimedGraph, fixture_kg: KnowledgeGraph) -> None:
    assert timed.run(query) == fixture_kg.graph.run(query)


def test_an_endless_question_is_killed(fixture_kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Watched(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, **options)  # type: ignore[call-overload]
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    with pytest.raises(QueryTimeoutError, match="no answer in 1.5 s; raise --timeout") as caught:
        fixture_kg.sparql(ENDLESS, timeout=1.5)
    assert caught.value.seconds == 1.5
    assert [process.returncode for process in started] == [-9]


def test_a_process_that_dies_is_told_of(timed: TimedGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(StoreError, match="ended with 1; ask for less"):
        timed.run("ASK { }")


def test_its_errors_are_ours(timed: TimedGraph, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="does not parse"):
        timed.run("SELECT ?s { ?s ")
    with pytest.raises(QueryError, match="not a SELECT"):
        timed.select("ASK { }")
    with pytest.raises(StoreError, match="cannot be read"):
        TimedGraph(tmp_path / "nothing", 60).run("ASK { }")
    with pytest.raises(QueryError, match="above 0"):
        TimedGraph(tmp_path, 0)


@pytest.mark.parametrize("timeout", [None, 60])
def test_at_most_so_many_rows_are_given(timeout: int | None, fixture_kg: KnowledgeGraph) -> None:
    query = "SELECT ?s ?o { ?s ig:treats ?o } ORDER BY ?s ?o"
    everything = fixture_kg.sparql(query)
    some = fixture_kg.sparql(query, timeout=timeout, limit=3)
    assert isinstance(everything, Answer) and isinstance(some, Answer)
    assert some.rows == everything.rows[:3] and some.note.startswith("only the first 3 rows")
    whole = fixture_kg.query("opposite-actions", timeout=timeout, limit=1000)
    assert whole == fixture_kg.query("opposite-actions") and not whole.note
    construct = "CONSTRUCT { ?s ig:treats ?o } WHERE { ?s ig:treats ?o }"
    triples = fixture_kg.sparql(construct, timeout=timeout, limit=2)
    assert isinstance(triples, list) and len(triples) == 2


def test_a_session_answers_many_questions_and_goes_on_after_an_endless_one(fixture_kg: KnowledgeGraph) -> None:
    asked = "ASK { igd:tocilizumab a ig:Modulator }"
    with TimedSession(fixture_kg.folder / STORE, 1.5) as session:
        assert [session.run(asked) for _ in range(3)] == [True] * 3
        with pytest.raises(QueryTimeoutError):
            session.run(ENDLESS)
        with pytest.raises(QueryError):
            session.run("ASK { ? }")
        assert session.run(asked) is True
