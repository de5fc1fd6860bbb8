"""Remote endpoints: real answers through SPARQLWrapper from a server on this machine, and every kind of nonsense."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from immunograph.cli import main
from immunograph.errors import EndpointError, QueryError
from immunograph.knowledge import KnowledgeGraph
from immunograph.queries.saved import read_queries
from immunograph.store.graph import Rows
from immunograph.store.remote import LONGEST_GET, Endpoint, with_prefixes

FIXTURE = Path(__file__).resolve().parents[1] / "fixture"
QUERIES = read_queries(FIXTURE.parents[1] / "queries")
JSON = "application/sparql-results+json"


class Server(ThreadingHTTPServer):
    """Answers from a store on ``/sparql``, and with faults on other paths."""

    daemon_threads = True

    def __init__(self, store: ox.Store) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.store = store
        self.methods: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.answer(parse_qs(urlsplit(self.path).query)["query"][0])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(parse_qs(body)["query"][0])

    def answer(self, query: str) -> None:
        self.server.methods.append(self.command)
        path = urlsplit(self.path).path
        if path in FAULTS:
            self.reply(*FAULTS[path])
        elif path == "/slow":
            time.sleep(3)
        elif path == "/broken-off":
            self.reply(200, JSON, b'{"head": {"vars": ["s"]}, "results": {', length=1000)
        else:
            self.evaluate(query)

    def evaluate(self, query: str) -> None:
        try:
            found = self.server.store.query(query)
        except SyntaxError as error:
            self.reply(400, "text/plain", f"Malformed query: {error}\n".encode())
            return
        if isinstance(found, ox.QueryTriples):
            self.reply(200, "text/turtle", found.serialize(format=ox.RdfFormat.TURTLE) or b"")
        else:
            self.reply(200, JSON, found.serialize(format=ox.QueryResultsFormat.JSON) or b"")

    def reply(self, status: int, content_type: str, body: bytes, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


FAULTS = {
    "/page": (200, "text/html; charset=utf-8", b"<html><body>Welcome</body></html>"),
    "/cut-off": (200, JSON, b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri", "va'),
    "/not-results": (200, JSON, b'{"hello": "world"}'),
    "/list": (200, JSON, b"[1, 2]"),
    "/csv": (200, "text/csv", b"s\r\nhttp://example.org/\r\n"),
    "/missing": (404, "text/html", b"<html>not here</html>"),
    "/closed": (401, "text/plain", b"who are you?"),
    "/failing": (500, "text/plain", b"out of memory"),
    "/busy": (503, "text/plain", b"come back later"),
}

SPOKEN = {
    "/page": "answered with text/html, a web page",
    "/cut-off": "broken or cut off",
    "/not-results": "broken or cut off",
    "/list": "broken or cut off",
    "/csv": "answered with text/csv",
    "/missing": "check",
    "/closed": "who are you?",
    "/failing": "out of memory",
    "/busy": "503",
    "/broken-off": "broke off",
}


@pytest.fixture(scope="module")
def server(fixture_kg: KnowledgeGraph) -> Iterator[Server]:
    store = ox.Store()
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in fixture_kg.graph.triples())
    store.bulk_load(lines.encode(), ox.RdfFormat.N_TRIPLES)
    with Server(store) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()


@pytest.fixture
def endpoint(server: Server) -> Endpoint:
    return Endpoint(server.url + "sparql", timeout=20)


@pytest.mark.parametrize("name", QUERIES)
def test_a_saved_query_gives_the_same_rows_there(name: str, endpoint: Endpoint, fixture_kg: KnowledgeGraph) -> None:
    values = QUERIES[name].example()
    there = fixture_kg.query(name, values, endpoint=endpoint, has_labels=True)
    here = fixture_kg.query(name, values, has_labels=True)
    assert there.columns == here.columns
    assert [sorted(map(str, row)) for row in there.rows if "," not in str(row)] == [
        sorted(map(str, row)) for row in here.rows if "," not in str(row)
    ]
    assert len(there) == len(here) > 0


def test_every_kind_of_term_comes_back(endpoint: Endpoint, fixture_kg: KnowledgeGraph) -> None:
    query = 'SELECT * { VALUES (?a ?b ?c ?d ?e) { (ig:treats "x"@en "y" 2.5 UNDEF) } BIND(BNODE() AS ?f) }'
    there, here = endpoint.select(query), fixture_kg.graph.select(query)
    assert there.columns == here.columns
    assert there.rows[0][:5] == here.rows[0][:5]
    assert there.rows[0][5] is not None and there.rows[0][5].value.startswith("_:")


def test_truths_and_triples_come_back(endpoint: Endpoint) -> None:
    assert endpoint.run("ASK { igd:tocilizumab a ig:Modulator }") is True
    assert endpoint.run("ASK { igd:tocilizumab a ig:Target }") is False
    treats = endpoint.run("CONSTRUCT { ?s ig:treats ?o } WHERE { ?s ig:treats ?o }")
    assert isinstance(treats, list) and len(treats) > 5 and treats == sorted(treats)
    with pytest.raises(QueryError, match="not a SELECT"):
        endpoint.select("ASK { }")


def test_long_queries_are_posted_and_short_ones_are_not(endpoint: Endpoint, server: Server) -> None:
    server.methods.clear()
    endpoint.select("SELECT ?s { ?s ig:treats MONDO:0008383 }")
    padded = "SELECT ?s { ?s ig:treats MONDO:0008383 } # " + "x" * LONGEST_GET
    assert len(endpoint.select(padded).rows) == 4
    assert server.methods == ["GET", "POST"]


def test_our_prefixes_are_put_before_a_query_that_lacks_them() -> None:
    assert with_prefixes("ASK { ?s ig:treats ?o }").startswith("PREFIX ig: <https://w3id.org/immunograph/onto/>\n")
    own = "PREFIX ig: <http://example.org/>\nASK { ?s ig:treats ?o }"
    assert with_prefixes(own) == own


def test_a_query_that_does_not_parse_there_is_said_to(endpoint: Endpoint) -> None:
    with pytest.raises(QueryError, match="Malformed query"):
        endpoint.select("SELECT ?s { ?s ig:treats ")


@pytest.mark.parametrize("query", ["DELETE WHERE { ?s ?p ?o }", "CLEAR ALL", "hello"])
def test_what_is_no_question_is_not_sent(query: str, endpoint: Endpoint, server: Server) -> None:
    server.methods.clear()
    with pytest.raises(QueryError):
        endpoint.run(query)
    assert server.methods == []


@pytest.mark.parametrize("path", SPOKEN)
def test_a_faulty_answer_is_one_clear_error(path: str, server: Server) -> None:
    url = server.url + path[1:]
    with pytest.raises(EndpointError) as caught:
        Endpoint(url, timeout=5).select("SELECT ?s { ?s ?p ?o }")
    assert str(caught.value).startswith(f"{url}: ")
    assert SPOKEN[path] in str(caught.value)
    assert "\n" not in str(caught.value) and ";" in str(caught.value)


def test_a_page_in_the_place_of_triples_is_refused(server: Server) -> None:
    with pytest.raises(EndpointError, match="a web page"):
        Endpoint(server.url + "page").run("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def test_a_slow_endpoint_is_given_up(server: Server) -> None:
    with pytest.raises(EndpointError, match="no answer in 1 s; raise --timeout"):
        Endpoint(server.url + "slow", timeout=1).select("SELECT ?s { ?s ?p ?o }")


def test_an_endpoint_that_is_not_there_is_named() -> None:
    with Server(ox.Store()) as closed:
        url = closed.url
    with pytest.raises(EndpointError, match="cannot be reached"):
        Endpoint(url, timeout=2).select("SELECT ?s { ?s ?p ?o }")


@pytest.mark.parametrize("url", ["", "example.org/sparql", "file:///etc/passwd", "http://"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(EndpointError, match="http://"):
        Endpoint(url)


def test_rows_are_those_of_the_graph_type(endpoint: Endpoint) -> None:
    found = endpoint.select("SELECT ?s { ?s a igx:Nothing }".replace("igx", "ig"))
    assert found == Rows(("s",), [])


def ask(*args: str) -> tuple[int, str, str]:
    shown = CliRunner().invoke(main, list(args))
    return shown.exit_code, shown.stdout, shown.stderr


def test_the_command_line_asks_an_endpoint(server: Server, fixture_kg: KnowledgeGraph) -> None:
    url = server.url + "sparql"
    data = ("--data", str(FIXTURE))
    asked = ("query", "modulators-of-genes", "genes=IL6R", *data)
    assert ask(*asked, "--endpoint", url, "--timeout", "20") == ask(*asked)
    construct = ("sparql", "CONSTRUCT { ?s ig:treats ?o } WHERE { ?s ig:treats ?o }", *data)
    assert ask(*construct, "--endpoint", url) == ask(*construct)
    assert ask("sparql", "ASK { igd:tocilizumab a ig:Modulator }", "--endpoint", url) == (0, "true\n", "")
    labelled = ("sparql", "SELECT ?s { ?s ig:treats MONDO:0008383 } ORDER BY ?s", "--labels", *data)
    assert ask(*labelled, "--endpoint", url) == ask(*labelled)
    code, out, error = ask(*asked, "--endpoint", server.url + "page")
    assert (code, out) == (3, "") and "a web page" in error and error.count("\n") == 1
