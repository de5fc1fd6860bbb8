"""Remote endpoints: real answers through SPARQLWrapper from a server on this machine, and every kind of nonsense."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from tests.store.stand_in import Server, serving

from immunograph.cli import main
from immunograph.errors import EndpointError, QueryError
from immunograph.knowledge import KnowledgeGraph
from immunograph.queries.saved import read_queries
from immunograph.store.graph import Rows
from immunograph.store.query_text import with_prefixes
from immunograph.store.remote import LONGEST_GET, Endpoint

FIXTURE = Path(__file__).resolve().parents[1] / "fixture"
QUERIES = read_queries(FIXTURE.parents[1] / "queries")


SPOKEN = {
    "/page": "answered with text/html, a web page",
    "/cut-off": "broken or cut off",
    "/not-results": "broken or cut off",
    "/list": "broken or cut off",
    "/csv": "answered with text/csv",
    "/missing": "check",
    "/closed": "who are you?; set IMMUNOGRAPH_ENDPOINT_HOST",
    "/failing": "out of memory",
    "/busy": "503",
    "/broken-off": "broke off",
}


@pytest.fixture(scope="module")
def server(fixture_kg: KnowledgeGraph) -> Iterator[Server]:
    store = ox.Store()
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in fixture_kg.graph.triples())
    store.bulk_load(lines.encode(), ox.RdfFormat.N_TRIPLES)
    with serving(store) as running:
        yield running


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


def test_words_in_strings_and_comments_are_not_the_form(endpoint: Endpoint) -> None:
    query = (
        'PREFIX select: <http://example.org/ask#>\n# ASK\nSELECT ?a { BIND("""one\n# DELETE {\n} LIMIT 1""" AS ?a) }'
    )
    (row,) = endpoint.select(query, most=3).rows
    assert row[0] is not None and row[0].value == "one\n# DELETE {\n} LIMIT 1"


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
        Endpoint(url, timeout=5, pause=0.01).select("SELECT ?s { ?s ?p ?o }")
    assert str(caught.value).startswith(f"{url}: ")
    assert SPOKEN[path] in str(caught.value)
    assert "\n" not in str(caught.value) and ";" in str(caught.value)


def test_a_page_in_the_place_of_triples_is_refused(server: Server) -> None:
    with pytest.raises(EndpointError, match="a web page"):
        Endpoint(server.url + "page").run("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def test_a_slow_endpoint_is_given_up(server: Server) -> None:
    with pytest.raises(EndpointError, match="no answer in 1 s; raise --timeout"):
        Endpoint(server.url + "slow", timeout=1).select("SELECT ?s { ?s ?p ?o }")


def test_an_answer_that_drips_for_too_long_is_given_up(server: Server) -> None:
    with pytest.raises(EndpointError, match="no answer in 1 s; raise --timeout"):
        Endpoint(server.url + "dripping", timeout=1).select("SELECT ?s { ?s ?p ?o }")


def test_a_busy_endpoint_is_asked_again(server: Server) -> None:
    server.methods.clear()
    assert Endpoint(server.url + "recovering", pause=0.01).run("ASK { ?s a ig:Target }") is True
    assert server.methods == ["GET"] * 3
    with pytest.raises(EndpointError, match="503 Service Unavailable; try later"):
        Endpoint(server.url + "recovering", tries=1).run("ASK { ?s a ig:Target }")


@pytest.mark.parametrize(("path", "times"), [("/busy", 3), ("/broken-off", 3), ("/closed", 1), ("/failing", 1)])
def test_only_what_may_pass_is_tried_again(path: str, times: int, server: Server) -> None:
    server.methods.clear()
    with pytest.raises(EndpointError):
        Endpoint(server.url + path[1:], pause=0.01).run("ASK { ?s ?p ?o }")
    assert len(server.methods) == times


def test_a_capped_answer_is_told_of_and_can_be_had_in_pages(server: Server, fixture_kg: KnowledgeGraph) -> None:
    query = "SELECT ?s ?o { ?s ig:treats ?o }"
    everything = fixture_kg.graph.select(query)
    assert len(everything.rows) > 10
    with pytest.raises(EndpointError, match="no more than 7 rows at once; ask with --page 7"):
        Endpoint(server.url + "capped").select(query)
    for page in (5, 7, 100):
        paged = Endpoint(server.url + "capped", page=page).select(query)
        assert paged.columns == everything.columns
        assert sorted(map(str, paged.rows)) == sorted(map(str, everything.rows))
    assert len(Endpoint(server.url + "capped", page=5).select(query, most=12).rows) == 12
    assert Endpoint(server.url + "capped", page=5).select("SELECT ?s { ?s ig:nothing ?o }").rows == []


def test_pages_keep_the_stated_order_and_limit(endpoint: Endpoint, server: Server) -> None:
    paged = Endpoint(server.url + "sparql", page=3)
    for query in (
        "SELECT ?s ?o { ?s ig:treats ?o } ORDER BY DESC(?o) ?s",
        "SELECT ?s ?o { ?s ig:treats ?o } ORDER BY ?s ?o LIMIT 5",
        "SELECT ?s ?o { ?s ig:treats ?o } ORDER BY ?s ?o VALUES ?o { MONDO:0008383 }",
    ):
        assert paged.select(query) == endpoint.select(query)


def test_at_most_so_many_rows_are_asked_for(endpoint: Endpoint) -> None:
    assert len(endpoint.select("SELECT ?s ?o { ?s ig:treats ?o }", most=2).rows) == 2
    assert len(endpoint.select("SELECT ?s ?o { ?s ig:treats ?o } LIMIT 5", most=2).rows) == 2
    found = endpoint.run("CONSTRUCT { ?s ig:treats ?o } WHERE { ?s ig:treats ?o }", most=2)
    assert isinstance(found, list) and len(found) == 2


@pytest.mark.parametrize(
    ("settings", "header"),
    [
        ({"HOST": "127.0.0.1", "USER": "ada", "PASSWORD": "x:y"}, "Basic YWRhOng6eQ=="),
        ({"HOST": "127.0.0.1", "TOKEN": "t0k"}, "Bearer t0k"),
        ({"HOST": "example.org", "TOKEN": "t0k"}, None),
        ({"TOKEN": "t0k"}, None),
        ({}, None),
    ],
)
def test_credentials_go_to_their_host_alone(
    settings: dict[str, str], header: str | None, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"IMMUNOGRAPH_ENDPOINT_{name}", value)
    server.known_as.clear()
    Endpoint(server.url + "sparql").run("ASK { }")
    assert server.known_as == [header]


def test_a_redirection_takes_no_credentials_along(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMMUNOGRAPH_ENDPOINT_HOST", server.url.split("/")[2])
    monkeypatch.setenv("IMMUNOGRAPH_ENDPOINT_TOKEN", "t0k")
    server.known_as.clear()
    assert Endpoint(server.url + "moved").run("ASK { }") is True
    assert server.known_as == ["Bearer t0k", None]


def test_credentials_never_travel_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMMUNOGRAPH_ENDPOINT_HOST", "example.org")
    monkeypatch.setenv("IMMUNOGRAPH_ENDPOINT_TOKEN", "t0k")
    with pytest.raises(EndpointError, match="use https://") as caught:
        Endpoint("http://example.org/sparql").run("ASK { }")
    assert "t0k" not in str(caught.value)
    with pytest.raises(EndpointError, match="cannot hold a password") as caught:
        Endpoint("http://ada:secret@example.org/sparql")
    assert "secret" not in str(caught.value)


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
