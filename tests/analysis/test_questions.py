"""Analyses have the face of saved queries: typed parameters, documented columns, every format, also elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from immunograph.analysis.questions import ANALYSES
from immunograph.cli import main
from immunograph.errors import QueryParameterError, UnknownTermError
from immunograph.knowledge import KnowledgeGraph
from immunograph.queries import Answer

FIXTURE = Path(__file__).resolve().parents[1] / "fixture"


def run(*args: str) -> tuple[int, str, str]:
    shown = CliRunner().invoke(main, [*args, "--data", str(FIXTURE)])
    return shown.exit_code, shown.stdout, shown.stderr


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_answers_its_example(name: str, fixture_kg: KnowledgeGraph) -> None:
    analysis = ANALYSES[name]
    answer = fixture_kg.query(name, analysis.example())
    assert answer.rows and answer.columns == tuple(analysis.columns)
    assert all(analysis.columns.values()) and analysis.tags and analysis.description
    assert all(len(row) == len(answer.columns) for row in answer.rows)
    cut = fixture_kg.query(name, analysis.example(), limit=1)
    assert cut.rows == answer.rows[:1]
    assert fixture_kg.query(name, analysis.example(), timeout=120) == answer


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_is_asked_as_a_query_is(name: str) -> None:
    pairs = [f"{key}={value}" for key, value in ANALYSES[name].example().items()]
    code, out, error = run("query", name, *pairs, "--format", "json")
    assert (code, error) == (0, "")
    assert list(json.loads(out)[0]) == list(ANALYSES[name].columns)
    code, out, _ = run("queries", name)
    assert code == 0 and out.startswith(f"# {name}: ")
    assert f"\n{name}\t" in run("queries", "--format", "tsv")[1]
    assert name not in run("queries", "--format", "ttl")[1]


def test_parameters_are_typed(fixture_kg: KnowledgeGraph) -> None:
    with pytest.raises(QueryParameterError, match="most takes a whole number"):
        fixture_kg.query("repurposing-ranking", condition="rheumatoid arthritis", most="many")
    for wrong in ("-1", "1e3", str(2**63), "nan", "1.5", ""):
        with pytest.raises(QueryParameterError, match="0 or more"):
            fixture_kg.query("repurposing-ranking", condition="rheumatoid arthritis", most=wrong)
    with pytest.raises(UnknownTermError):
        fixture_kg.query("effect-bottlenecks", effect="no such harm")
    with pytest.raises(QueryParameterError, match="second is missing"):
        fixture_kg.query("shared-neighbours", first="tocilizumab")


def test_an_empty_answer_says_so(fixture_kg: KnowledgeGraph) -> None:
    answer = fixture_kg.query("shared-neighbours", first="nivolumab", second="MONDO:0008383")
    assert not answer.rows and "no stated links" in answer.note


def test_a_ranking_never_holds_what_treats_the_condition_and_shows_the_baseline(fixture_kg: KnowledgeGraph) -> None:
    answer = fixture_kg.query("repurposing-ranking", condition="rheumatoid arthritis")
    treating = fixture_kg.sparql("SELECT ?m { ?m ig:treats MONDO:0008383 }")
    assert isinstance(treating, Answer) and treating.rows
    assert not set(answer.column("modulator")) & set(treating.column("m"))
    assert all(isinstance(uses, int) for uses in answer.column("uses"))
    assert answer.column("rank") == list(range(1, len(answer) + 1))


def test_a_ranking_says_what_signed_links_say(shipped_kg: KnowledgeGraph) -> None:
    """Walks have no sign: what would further the disease stands beside what would oppose it, and is told apart."""
    answer = shipped_kg.query("repurposing-ranking", condition="systemic lupus erythematosus", most=40)
    told = {row["modulator"]: row["mechanism"] for row in answer}
    for effect in ("mechanisticallyOpposes", "mechanisticallyPromotes"):
        known = shipped_kg.sparql(f"SELECT ?m {{ ?m ig:{effect} MONDO:0007915 }}")
        assert isinstance(known, Answer)
        assert {m for m, said in told.items() if effect in str(said)} == {*known.column("m")} & told.keys()
    assert "mechanisticallyOpposes" in told.values()
