"""The endpoint by the SPARQL 1.1 Protocol: the W3C's request shapes, every media type, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
import rdflib
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.testclient import TestClient
from tests.web.w3c import ASKING, CHANGING, ONE, Shape, write_store

from immunograph.building.plan import STORE
from immunograph.knowledge import KnowledgeGraph
from immunograph.store.media import RESULTS, TRIPLES
from immunograph.store.serving import QueryPool
from immunograph.web.negotiation import SHORT_NAMES, accepted
from immunograph.web.sparql import sparql_routes

SELECT = "SELECT ?s ?o { ?s ig:treats ?o } ORDER BY ?s ?o"
CONSTRUCT = "CONSTRUCT { ?s ig:treats ?o } WHERE { ?s ig:treats ?o }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def page(_: Request) -> Response:
    return HTMLResponse("<p>ask here</p>")


@pytest.fixture(scope="module")
def pool(fixture_kg: KnowledgeGraph) -> Iterator[QueryPool]:
    with QueryPool(fixture_kg.folder / STORE, workers=1) as pool:
        yield pool


@pytest.fixture(scope="module")
def client(pool: QueryPool) -> TestClient:
    about = b'<https://w3id.org/immunograph/> a dcat:Dataset ; dcterms:title "a graph" .\n'
    return TestClient(Starlette(routes=[*sparql_routes(pool, description=lambda: about, page=page)]))


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The endpoint with the data set of the W3C tests."""
    with QueryPool(write_store(tmp_path_factory.mktemp("documents") / "store"), workers=1) as pool:
        yield TestClient(Starlette(routes=[*sparql_routes(pool)]))


def ask(client: TestClient, query: str, accept: str = "", **fields: str) -> Response:
    headers = {"Accept": accept} if accept else {}
    response: Response = client.get("/sparql", params={"query": query, **fields}, headers=headers)
    return response


@pytest.mark.parametrize("shape", ASKING + CHANGING, ids=lambda shape: shape.name)
def test_a_request_of_the_w3c_is_answered_or_refused(shape: Shape, documents: TestClient) -> None:
    headers = {"Content-Type": shape.kind} if shape.kind else {}
    got = documents.request(shape.method, shape.address, content=shape.body, headers=headers)
    if shape.refused:
        assert got.status_code in shape.refused
        assert len(got.text.splitlines()) <= 3 and "Traceback" not in got.text
        return
    assert got.status_code == 200, got.text
    kind = got.headers["content-type"].partition(";")[0]
    if shape.form == "RDF":
        list(ox.parse(got.content, ox.RdfFormat.from_media_type(kind)))
    elif shape.form == "table":
        assert got.json()["results"]["bindings"][0]["value"]["value"] == "1"
    else:
        assert kind == "application/sparql-results+json"
        assert got.json()["boolean"] is (True if shape.says is None else shape.says)


def test_a_named_data_set_is_asked_alone(documents: TestClient) -> None:
    rest = f"ASK {{ ?document a ?type FILTER(?document != <{ONE}>) }}"
    assert ask(documents, rest).json()["boolean"] is True
    assert ask(documents, rest, **{"default-graph-uri": ONE}).json()["boolean"] is False
    assert ask(documents, "ASK { GRAPH ?g { ?s ?p ?o } }", **{"default-graph-uri": ONE}).json()["boolean"] is False
    assert ask(documents, "ASK { ?s ?p ?o }", **{"named-graph-uri": ONE}).json()["boolean"] is False
    missing = ask(documents, "ASK { ?s ?p ?o }", **{"default-graph-uri": "http://nowhere.example/é"})
    assert missing.json()["boolean"] is False
    assert missing.headers["X-ImmunoGraph-Note"].startswith("not among the graphs here, so taken as empty: <http://now")
    assert ask(documents, "ASK {}", **{"default-graph-uri": "no IRI"}).status_code == 400


@pytest.mark.parametrize("media_type", RESULTS)
def test_rows_and_truths_come_in_every_media_type(
    media_type: str, client: TestClient, fixture_kg: KnowledgeGraph
) -> None:
    got = ask(client, SELECT, media_type)
    assert got.status_code == 200 and got.headers["content-type"].partition(";")[0] == media_type
    assert got.headers["vary"] == "Accept"
    rows = fixture_kg.graph.select(SELECT)
    if media_type == "text/csv":
        assert got.text.splitlines() == ["s,o", *(f"{s.value},{o.value}" for s, o in rows.rows if s and o)]
    else:
        found = ox.parse_query_results(got.content, format=RESULTS[media_type])
        assert [(s.value, o.value) for s, o in found] == [(s.value, o.value) for s, o in rows.rows if s and o]
    assert "true" in ask(client, "ASK { igd:tocilizumab a ig:Modulator }", media_type).text


@pytest.mark.parametrize("media_type", TRIPLES)
def test_triples_come_in_every_media_type(media_type: str, client: TestClient, fixture_kg: KnowledgeGraph) -> None:
    got = ask(client, CONSTRUCT, media_type)
    assert got.headers["content-type"].partition(";")[0] == media_type
    name = {"text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml"}
    found = rdflib.Graph().parse(data=got.content, format=name.get(media_type, "json-ld"))
    assert {(s.n3(), p.n3(), o.n3()) for s, p, o in found} == set(fixture_kg.graph.run(CONSTRUCT))
    assert ask(client, CONSTRUCT, media_type).content == got.content
    assert ask(client, "DESCRIBE <tocilizumab>", media_type).status_code == 200


def test_turtle_has_the_prefixes_that_it_uses(client: TestClient) -> None:
    text = ask(client, CONSTRUCT).text
    assert "@prefix igd: <https://w3id.org/immunograph/id/> ." in text and "igd:tocilizumab ig:treats " in text
    assert "@prefix PMID:" not in text


@pytest.mark.parametrize(("name", "kinds"), SHORT_NAMES.items())
@pytest.mark.parametrize("field", ["format", "output"])
def test_the_address_may_name_the_form(name: str, kinds: tuple[str, ...], field: str, client: TestClient) -> None:
    offered = [query for query, known in ((SELECT, RESULTS), (CONSTRUCT, TRIPLES)) if set(kinds) & set(known)]
    assert offered
    for query in offered:
        got = ask(client, query, "image/png", **{field: name})
        assert got.status_code == 200 and got.headers["content-type"].partition(";")[0] in kinds


@pytest.mark.parametrize(
    ("accept", "query", "given"),
    [
        ("", SELECT, "application/sparql-results+json"),
        ("*/*", CONSTRUCT, "text/turtle"),
        (BROWSER, SELECT, "application/xml"),
        ("application/sparql-results+xml,application/rdf+xml,*/*", CONSTRUCT, "application/rdf+xml"),
        ("application/json", SELECT, "application/json"),
        ("application/json", CONSTRUCT, "application/json"),
        ("text/csv;q=0.2, text/tab-separated-values;q=0.9", SELECT, "text/tab-separated-values"),
        ("text/*, text/csv;q=0", SELECT, "text/tab-separated-values"),
        ("text/csv;q=nonsense", SELECT, "text/csv"),
        ("text/n3", CONSTRUCT, "text/turtle"),
        ("application/turtle,text/turtle", CONSTRUCT, "text/turtle"),
        ("application/json,application/sparql-results+json", SELECT, "application/sparql-results+json"),
        ("image/png", SELECT, None),
        ("text/turtle", SELECT, "application/sparql-results+json"),
        ("text/csv", CONSTRUCT, "text/turtle"),
        ("*/*;q=0", SELECT, None),
        ("nonsense", SELECT, None),
    ],
)
def test_the_best_media_type_that_the_client_takes_is_given(
    accept: str, query: str, given: str | None, client: TestClient
) -> None:
    got = ask(client, query, accept)
    if given:
        assert got.headers["content-type"].partition(";")[0] == given
    else:
        assert got.status_code == 406 and "; ask for " in got.text


def test_a_form_in_the_address_that_the_query_has_not_is_refused(client: TestClient) -> None:
    for query, name in ((CONSTRUCT, "csv"), (SELECT, "ttl"), (SELECT, "text/turtle"), (SELECT, "image/png")):
        got = ask(client, query, "*/*", format=name)
        assert got.status_code == 406 and "; ask for " in got.text
    assert ask(client, SELECT, format="png").status_code == 400


def test_quality_then_nearness_then_naming_then_offer_decide() -> None:
    offered = ["a/one", "a/two", "b/three"]
    assert accepted("", offered) == offered
    assert accepted("*/*", offered) == offered
    assert accepted("b/three, a/two", offered) == ["b/three", "a/two"]
    assert accepted("a/*;q=0.5, */*;q=0.7, a/two;q=0.1", offered) == ["b/three", "a/one", "a/two"]
    assert accepted("x/y, */*;q=0.1", offered, ["x/y", "x/z"]) == ["x/y", *offered]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "the query is empty"),
        ("SELECT ?s\n{ ?s a ?o ?x }", "at 2:"),
        ("ASK {} ASK {}", "at 1:"),
        ("INSERT DATA { <a:a> <b:b> <c:c> }", "INSERT changes data"),
        ("SELECT ?s { ?s uniprot:x ?o }", "uniprot: is no known prefix"),
        ("SELECT ?x { BIND(<http://example.org/f>(1) AS ?x) }", "custom function <http://example.org/f>"),
    ],
)
def test_a_query_that_cannot_be_read_says_where(query: str, said: str, client: TestClient) -> None:
    got = ask(client, query)
    assert got.status_code == 400 and said in got.text
    assert got.headers["content-type"] == "text/plain; charset=utf-8" and got.headers["cache-control"] == "no-store"


def test_the_place_of_a_mistake_is_marked(client: TestClient) -> None:
    first, line, mark = ask(client, "SELECT ?s\n{ ?s a }").text.splitlines()
    assert "error at 2:9" in first
    assert (line, mark) == ("{ ?s a }", "        ^")


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"ASK { ?s ?p '\xff' }", "application/sparql-query", 400),
        (b"query=ASK%20%7B%20%3Fs%20%3Fp%20%27%FF%27%20%7D", "application/x-www-form-urlencoded", 400),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"query=ASK%7B%7D&query=ASK%7B%7D", "application/x-www-form-urlencoded", 400),
        (b"x=1&" * 1001, "application/x-www-form-urlencoded", 400),
        (b"ASK {} #" + b"x" * 1_000_000, "application/sparql-query", 413),
        (b"ASK {}", "multipart/form-data", 415),
        (b"query=ASK%7B%7D&format=png", "application/x-www-form-urlencoded", 400),
        (b"query=ASK%7B%7D&unknown=1", "application/x-www-form-urlencoded; charset=UTF-8", 200),
        ('SELECT ?x { BIND("é" AS ?x) }'.encode(), "application/sparql-query; charset=utf-8", 200),
    ],
)
def test_a_body_must_be_one_query_in_utf8(content: bytes, kind: str, status: int, client: TestClient) -> None:
    got = client.post("/sparql", content=content, headers={"Content-Type": kind})
    assert got.status_code == status
    assert status == 200 or len(got.text.splitlines()) == 1


def test_other_methods_are_not_allowed(client: TestClient) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        got = client.request(method, "/sparql?query=ASK%7B%7D")
        assert got.status_code == 405 and set(got.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}
    options = client.options("/sparql")
    assert options.status_code == 204 and "POST" in options.headers["allow"]
    head = client.head("/sparql", params={"query": "ASK {}"})
    assert head.status_code == 200 and int(head.headers["content-length"]) > 0


@pytest.mark.parametrize("media_type", TRIPLES)
def test_without_a_query_the_service_describes_itself(
    media_type: str, client: TestClient, fixture_kg: KnowledgeGraph
) -> None:
    got = client.get("/sparql", headers={"Accept": media_type})
    assert got.status_code == 200 and got.headers["content-type"].partition(";")[0] == media_type
    graph = rdflib.Graph()
    for quad in ox.parse(got.content, ox.RdfFormat.from_media_type(media_type), base_iri="http://testserver/"):
        graph.parse(data=f"{quad.subject} {quad.predicate} {quad.object} .", format="nt")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    service = rdflib.URIRef("http://testserver/sparql")
    assert (service, sd.endpoint, service) in graph and (service, rdflib.RDF.type, sd.Service) in graph
    names = {str(name) for name in graph.objects(None, sd.name)}
    assert names == set(fixture_kg.graph.graph_names()) and names
    counts = {int(count) for count in graph.objects(None, rdflib.VOID.triples)}
    assert len(fixture_kg.graph) in counts
    assert len(list(graph.objects(service, sd.resultFormat))) == len(RESULTS) + len(TRIPLES)
    assert (None, rdflib.DCTERMS.title, rdflib.Literal("a graph")) in graph


def test_a_browser_sees_the_page(client: TestClient, documents: TestClient) -> None:
    assert client.get("/sparql", headers={"Accept": BROWSER}).text == "<p>ask here</p>"
    assert documents.get("/sparql", headers={"Accept": BROWSER}).headers["content-type"] == "application/xml"
    assert client.get("/sparql").headers["content-type"] == "text/turtle; charset=utf-8"
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/sparql?format=csv").status_code == 406


def test_what_the_describer_fails_at_is_one_line(pool: QueryPool, caplog: pytest.LogCaptureFixture) -> None:
    def failing() -> bytes:
        raise RuntimeError("broken\nin two lines")

    got = TestClient(Starlette(routes=[*sparql_routes(pool, description=failing)])).get("/sparql")
    assert (got.status_code, got.text) == (500, "the server failed; its log says more\n")
    assert [record.getMessage() for record in caplog.records if record.name == "immunograph.sparql"] == [
        "RuntimeError: broken in two lines"
    ]


def test_the_answer_is_the_json_of_the_standard(client: TestClient) -> None:
    got = json.loads(ask(client, "SELECT ?a ?b { BIND(1 AS ?a) }").content)
    assert got["head"]["vars"] == ["a", "b"]
    assert got["results"]["bindings"] == [
        {"a": {"type": "literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}}
    ]
