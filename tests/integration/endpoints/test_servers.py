"""The same saved queries, unchanged, on real servers: their answers equal ours as sets, decimals by value."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from immunograph.analysis.questions import ANALYSES
from immunograph.errors import QueryError
from immunograph.knowledge import KnowledgeGraph
from immunograph.queries import Answer
from immunograph.queries.saved import read_queries
from immunograph.store.remote import Endpoint

HERE = Path(__file__).resolve().parent
QUERIES = read_queries(HERE.parents[2] / "queries")
SPEC = importlib.util.spec_from_file_location("endpoint_servers", HERE / "servers.py")
assert SPEC and SPEC.loader
servers = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(servers)

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module", params=list(servers.SERVERS))
def endpoint(
    request: pytest.FixtureRequest, fixture_kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Endpoint]:
    """A server of each kind that holds the fixture graph."""
    triples = tmp_path_factory.mktemp("endpoint") / "graph.nt"
    triples.write_text("".join(f"{s} {p} {o} .\n" for s, p, o in fixture_kg.graph.triples()), encoding="utf-8")
    try:
        with servers.running(request.param, fixture_kg.folder if request.param == "immunograph" else triples) as url:
            yield Endpoint(url, timeout=60)
    except servers.Missing as missing:
        pytest.skip(str(missing))


def comparable(answer: Answer) -> Counter[tuple[object, ...]]:
    """Rows as a bag; numbers by value, joined names in any order."""

    def cell(value: object) -> object:
        if isinstance(value, float | Decimal):
            return round(Decimal(str(value)), 9).normalize()
        return tuple(sorted(re.split(r"[,;] ", value))) if isinstance(value, str) else value

    return Counter(tuple(map(cell, row)) for row in answer.rows)


@pytest.mark.parametrize("name", QUERIES)
def test_a_saved_query_gives_the_same_set_there(name: str, endpoint: Endpoint, fixture_kg: KnowledgeGraph) -> None:
    values = QUERIES[name].example()
    there = fixture_kg.query(name, values, endpoint=endpoint)
    here = fixture_kg.query(name, values)
    assert there.columns == here.columns
    assert comparable(there) == comparable(here)


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_gives_the_same_rows_there(name: str, endpoint: Endpoint, fixture_kg: KnowledgeGraph) -> None:
    values = ANALYSES[name].example()
    assert fixture_kg.query(name, values, endpoint=endpoint).rows == fixture_kg.query(name, values).rows


def test_pages_truths_triples_and_errors_come_from_a_real_server(
    endpoint: Endpoint, fixture_kg: KnowledgeGraph
) -> None:
    query = "SELECT ?s ?o { ?s ig:treats ?o }"
    paged = Endpoint(endpoint.url, page=5).select(query)
    assert sorted(map(str, paged.rows)) == sorted(map(str, fixture_kg.graph.select(query).rows))
    assert endpoint.run("ASK { igd:tocilizumab a ig:Modulator }") is True
    construct = "CONSTRUCT { ?s ig:treats ?o } WHERE { ?s ig:treats ?o }"
    assert endpoint.run(construct) == fixture_kg.graph.run(construct)
    long_query = f"SELECT ?s {{ ?s ig:treats MONDO:0008383 }} # {'x' * 3000}"
    assert len(endpoint.select(long_query).rows) == 4
    with pytest.raises(QueryError, match="cannot parse the query"):
        endpoint.select("SELECT ?s { ?s ig:treats ")
