"""What strangers may try: reaching other servers, endless and enormous questions, leaving, and broken requests."""

from __future__ import annotations

import asyncio
import logging
import random
import re
import socket
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from immunograph.building.plan import STORE
from immunograph.errors import ServerBusyError
from immunograph.knowledge import KnowledgeGraph
from immunograph.store.query_text import calls_others
from immunograph.store.serving import QueryPool
from immunograph.web.sparql import sparql_routes

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"

CALLS = [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE<URL>{ ?s ?p ?o } }",
    "SELECT * { service SILENT <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<URL>{ ?s ?p ?o } }",
    "SELECT * { BIND(<URL> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { BIND(<URL> AS ?x) SERVICE?x{ ?s ?p ?o } }",
    "SELECT * { VALUES ?x { <URL> } SERVICE $x{ ?s ?p ?o } }",
    "SELECT * { ?a ?b ?c.SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { { ?a ?b 5SERVICE <URL> { ?s ?p ?o } } UNION {} }",
    "PREFIX : <URL> SELECT * { SERVICE: { ?s ?p ?o } }",
    "PREFIX : <URL> SELECT * { SERVICE :{ ?s ?p ?o } }",
    "PREFIX e: <URL> SELECT * { SERVICE SILENTe:{ ?s ?p ?o } }",
    "BASE <URL> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "SELECT * { FILTER(1<2) SERVICE#>\n<URL>{ ?s ?p ?o } }",
    "SELECT * { FILTER(1<2)SERVICE#>\n<URL>{ ?s ?p ?o } }",
    "SELECT * { FILTER(1<2) #>\n SERVICE <URL>#x\r { ?s ?p ?o } }",
    'SELECT * { BIND("""\n# """ AS ?x) SERVICE <URL> { ?s ?p ?o } }',
    'SELECT * { BIND("#" AS ?x) SERVICE <URL> { ?s ?p ?o } }',
    "SELECT * { ?a ?b ?c .#\rSERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { ?a <urn:b>?<urn:c>SERVICE <URL> { ?s ?p ?o } }",
    "ASK { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "ASK { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
    "ASK { FILTER NOT EXISTS { {} UNION { SERVICE <URL> { ?s ?p ?o } } } }",
    "ASK { ?a ?b ?c LATERAL { SERVICE <URL> { ?s ?p ?o } } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { OPTIONAL { SERVICE <URL> { ?s ?p ?o } } }",
    "DESCRIBE ?s { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT (EXISTS { SERVICE <URL> { ?s ?p ?o } } AS ?x) {}",
]

ELSEWHERE = [
    "SELECT * FROM <URL> { ?s ?p ?o }",
    "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { GRAPH <URL> { ?s ?p ?o } }",
    "DESCRIBE <URL>",
    "SELECT ?service ?x { ?service ?x <URL> }",
    "SELECT ?s { ?s ig:treats ?o } # SERVICE <URL> { ?s ?p ?o }",
]


@pytest.fixture
def trap() -> Iterator[tuple[str, list[bytes]]]:
    """An address on this machine, and what came to it."""
    came: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        is_over = threading.Event()

        def listen() -> None:
            while not is_over.is_set():
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    continue
                with connection:
                    came.append(b"called")

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/sparql", came
        is_over.set()
        thread.join()


@pytest.fixture(scope="module")
def pool(fixture_kg: KnowledgeGraph) -> Iterator[QueryPool]:
    with QueryPool(fixture_kg.folder / STORE, workers=1, seconds=2, most_rows=1000) as pool:
        yield pool


@pytest.fixture(scope="module")
def application(pool: QueryPool) -> Starlette:
    return Starlette(routes=[*sparql_routes(pool)])


@pytest.fixture(scope="module")
def client(application: Starlette) -> TestClient:
    return TestClient(application)


def test_no_other_server_is_asked_in_any_form(client: TestClient, trap: tuple[str, list[bytes]]) -> None:
    url, came = trap
    for query in CALLS:
        got = client.get("/sparql", params={"query": query.replace("URL", url)})
        assert got.status_code == 400 and got.text.startswith("SERVICE is not asked from here"), query
    for query in ELSEWHERE:
        assert client.get("/sparql", params={"query": query.replace("URL", url)}).status_code == 200, query
    graphs = {"default-graph-uri": url, "named-graph-uri": url}
    assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }", **graphs}).json()["boolean"] is False
    assert not came


@pytest.mark.skipif(find_spec("resource") is None, reason="the system has no such limits")
def test_even_an_overlooked_call_gets_nowhere(
    fixture_kg: KnowledgeGraph, trap: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The process has no right to a socket: a check of the text that lets everything through changes nothing."""
    (tmp_path / "sitecustomize.py").write_text(
        "import immunograph.store.query_text as text\ntext.calls_others = lambda query: False\n", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    url, came = trap
    with QueryPool(fixture_kg.folder / STORE, workers=1) as blind:
        application = Starlette(routes=[*sparql_routes(blind)])
        for query in CALLS[:3]:
            got = TestClient(application).get("/sparql", params={"query": query.replace("URL", url)})
            assert "SERVICE is not asked" not in got.text, got.text
    assert not came


BEFORE = [
    *(
        "?a ?b ?c",
        "?a ?b ?c.",
        "?a ?b ?c;",
        "?a ?b 5",
        "?a ?b 5.",
        "?a ?b true",
        "?a ?b 'x'",
        "?a ?b 'x'@en ",
        "?a ?b []",
    ),
    *("?a ?b e:c ", "?a ?b e:c\\#", "<urn:a#b> ?b ?c", "?a ?b <urn:x'y>", "?a ?b <urn:#>#", "?a <urn:b>?<urn:c>"),
    *("FILTER(1<2)", "FILTER(?a<?b)", "FILTER(?a <?b) #>", "FILTER('#'='#')", "BIND('''\n#''' AS ?z)"),
    *("BIND(<URL> AS ?x)", "{}", "{}UNION", "MINUS", "OPTIONAL", "LATERAL", "#", "#\r", "# x\n"),
]
JOINTS = ["", " ", "\n", "\r", "#\n", "#>\n", "#'\n", '#"\n', "#<\r", "# {\n"]
NAMES = ["<URL>", "?x", "$x", "e:", ":", "<>", "SERVICE:"]


def test_whatever_makes_the_engine_call_is_refused() -> None:
    """Clauses put together at random, on a bare engine and an address where nobody listens."""
    url, draw = "http://127.0.0.1:1/x", random.Random(7)
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:c")))
    calls = 0
    for _ in range(6000):
        parts = [draw.choice(BEFORE) + draw.choice(JOINTS) for _ in range(draw.randint(0, 2))]
        silent = draw.choice(["", "", "SILENT"])
        clause = ["SERVICE", silent, draw.choice(NAMES), "{ ?s ?p ?o } }"]
        query = "PREFIX : <URL> PREFIX e: <URL> PREFIX SERVICE: <URL> BASE <URL> SELECT * { " + "".join(parts)
        query = (query + "".join(word + draw.choice(JOINTS) for word in clause)).replace("URL", url)
        try:
            list(store.query(query))
        except SyntaxError:
            continue
        except (OSError, RuntimeError):
            calls += 1
            assert calls_others(query), query
    assert calls > 100


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?service { ?service rdfs:label "SERVICE <http://x/>"@en }',
        "SELECT ?service ?x { ?service ?x <http://example.org/SERVICE> }",
        "SELECT $myservice $x { $myservice a $x } # SERVICE <http://x/> {}",
        "# SERVICE <http://x/> {\nSELECT ?s { ?s ig:service ?o }",
        "SELECT ?s { ?s ex:self-service ?o }",
    ],
)
def test_the_word_alone_is_let_through(query: str) -> None:
    assert not calls_others(query)


def test_an_endless_question_is_ended_with_a_word_about_the_limit(
    client: TestClient, pool: QueryPool, caplog: pytest.LogCaptureFixture
) -> None:
    before = {process.pid for process in pool._all}
    got = client.get("/sparql", params={"query": ENDLESS})
    assert got.status_code == 503 and "no answer in 2 s, the limit of this server" in got.text
    assert int(got.headers["retry-after"]) > 2
    assert before.isdisjoint(process.pid for process in pool._all)
    assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
    said = [record for record in caplog.records if record.name == "immunograph.sparql"]
    assert [record.getMessage() for record in said] == ["no answer in 2 s; the process was ended"]
    assert all(record.exc_info is None and record.levelno == logging.WARNING for record in said)


def test_an_enormous_answer_is_refused_whole(client: TestClient) -> None:
    for accept in ("text/csv", "application/sparql-results+json", "text/turtle"):
        form = "CONSTRUCT { ?s ?p ?o }" if accept == "text/turtle" else "SELECT *"
        got = client.get("/sparql", params={"query": f"{form} WHERE {{ ?s ?p ?o }}"}, headers={"Accept": accept})
        assert got.status_code == 413 and re.match(r"the answer has more than 1,000 (rows|triples), and none", got.text)


def test_a_server_with_too_many_questions_says_so(
    client: TestClient, pool: QueryPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise ServerBusyError("16 questions wait already; ask again in a while")

    monkeypatch.setattr(pool, "ask", busy)
    got = client.get("/sparql", params={"query": "ASK {}"})
    assert (got.status_code, got.headers["retry-after"]) == (503, "2")
    assert got.text == "16 questions wait already; ask again in a while\n"


def test_a_process_that_dies_is_one_line(client: TestClient, monkeypatch: pytest.MonkeyPatch, pool: QueryPool) -> None:
    (process,) = pool._all
    process._process.kill()
    got = client.get("/sparql", params={"query": "ASK {}"})
    assert got.status_code == 500 and len(got.text.splitlines()) == 1 and "ended with" in got.text
    assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_a_client_that_goes_away_frees_the_process(application: Starlette, fixture_kg: KnowledgeGraph) -> None:
    """The client leaves at once: the question, which would take its 60 s, is taken back."""
    with QueryPool(fixture_kg.folder / STORE, workers=1, seconds=60) as patient:
        routes = Starlette(routes=[*sparql_routes(patient)])
        sent: list[Any] = []
        came = [{"type": "http.request", "body": ENDLESS.encode(), "more_body": False}, {"type": "http.disconnect"}]

        async def receive() -> Any:
            if len(came) == 1:
                while not any(process._asked for process in patient._all):
                    await asyncio.sleep(0.01)
            return came.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/sparql",
            "query_string": b"",
            "headers": [(b"content-type", b"application/sparql-query")],
        }
        asyncio.run(asyncio.wait_for(routes(scope, receive, send), 30))
        assert not came and sent[0]["status"] == 400
        assert patient.ask("ASK {}").body


def test_hostile_fields_are_refused_in_a_line(client: TestClient) -> None:
    deep = f"ASK {{ FILTER({'(' * 20_000}1{')' * 20_000}) }}"
    for query in ("\x00", "ASK { \ud800 }".encode("utf-16", "surrogatepass").decode("utf-16", "replace"), deep):
        got = client.post("/sparql", data={"query": query})
        assert got.status_code >= 400 and "Traceback" not in got.text
    assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
