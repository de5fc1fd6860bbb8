"""The JSON interface: what programs get, and its description of itself."""

from __future__ import annotations

import csv
import io
import json

import pytest
import rdflib
from starlette.testclient import TestClient

from immunograph.knowledge import KnowledgeGraph
from immunograph.queries import Answer


def test_rows_are_those_of_the_library(client: TestClient, fixture_kg: KnowledgeGraph) -> None:
    expected: Answer = fixture_kg.query("modulators-of-target", target="IL6R")
    answer = client.get("/api/query/modulators-of-target", params={"target": "IL6R"}).json()
    assert answer["columns"] == list(expected.columns)
    assert answer["rows"] == json.loads(expected.to_json())
    assert answer["meanings"]["modulator"] == "the modulator" and answer["why_empty"] is None
    lines = list(csv.DictReader(io.StringIO(client.get("/api/query/modulators-of-target?target=IL6R&format=csv").text)))
    assert [line["modulator"] for line in lines] == expected.column("modulator")
    text = client.get("/api/query/modulators-of-target?target=IL6R&format=jsonl").text
    assert [json.loads(line) for line in text.splitlines()] == answer["rows"]


def test_rows_can_be_cut_and_backed(client: TestClient) -> None:
    answer = client.get("/api/query/modulators-of-target?target=IL6R&limit=1&sources=1").json()
    assert len(answer["rows"]) == 1 and "only the first 1 rows" in answer["note"]
    assert answer["rows"][0]["stated_by"].startswith("iga:")


def test_nodes_are_those_of_the_command_line(client: TestClient, fixture_kg: KnowledgeGraph) -> None:
    assert client.get("/api/node/Actemra").json() == fixture_kg.show("tocilizumab").as_dict()
    assert client.get("/node/igd:tocilizumab.json").json() == fixture_kg.show("tocilizumab").as_dict()
    assert client.get("/api/find?q=actemra").json()[0]["node"] == "igd:tocilizumab"
    found = client.get("/api/resolve?q=Actemra&q=P08887&q=zzz").json()
    assert [one["status"] for one in found] == ["found", "found", "unknown"]


def test_a_node_as_turtle_has_its_statements_and_their_evidence(client: TestClient) -> None:
    answer = client.get("/node/igd:tocilizumab.ttl")
    assert answer.headers["content-type"].startswith("text/turtle")
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    node = rdflib.URIRef("https://w3id.org/immunograph/id/tocilizumab")
    ig = rdflib.Namespace("https://w3id.org/immunograph/onto/")
    statements = set(graph.subjects(ig.subject, node))
    assert statements
    assert all(graph.value(evidence, ig.source) for s in statements for evidence in graph.objects(s, ig.hasEvidence))


def test_a_program_asks_for_a_node_by_what_it_accepts(client: TestClient) -> None:
    answer = client.get("/node/igd:tocilizumab", headers={"accept": "text/turtle"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/node/igd:tocilizumab.ttl")
    answer = client.get("/node/Actemra", headers={"accept": "application/json"})
    assert answer.headers["location"] == "/node/Actemra.json"


def test_proofs_and_paths(client: TestClient) -> None:
    proof = client.get("/api/explain?s=tocilizumab&p=a&o=ig:IL6Inhibitor").json()
    assert proof["holds"] and proof["proof"]["inferred"]
    assert "known not to hold" in client.get("/api/explain?s=sarilumab&p=inhibits&o=TNF").json()["why_not"]
    answer = client.get("/api/path?from=tocilizumab&to=rheumatoid+arthritis&k=2").json()
    assert "tocilizumab treats rheumatoid arthritis" in [one["statement"] for one in answer["stated"]]
    paths = answer["paths"]
    assert 1 <= len(paths) <= 2 and {"subject", "predicate", "object", "sources"} <= set(paths[0]["links"][0])


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/api/node/tocilizumb", 404, "tocilizumab"),
        ("/api/query/boxed-warning", 404, "boxed-warnings"),
        ("/api/query/boxed-warnings", 400, "effect is missing"),
        ("/api/query/boxed-warnings?effect=tuberculosis&format=xlsx", 400, "choose json, csv"),
        ("/api/query/approvals-by-year?from=x&to=y", 400, "whole number"),
        ("/api/find?q=il6&kind=Nonsense", 400, "choose Modulator"),
        ("/api/explain?s=tocilizumab&p=&o=", 404, "give a predicate"),
        ("/api/path?from=tocilizumab&to=", 404, "nothing is called"),
        ("/api/nothing", 404, "Not Found"),
    ],
)
def test_what_is_refused_says_what_to_do(client: TestClient, address: str, status: int, said: str) -> None:
    answer = client.get(address, headers={"accept": "text/html"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    assert said in answer.json()["detail"]


def test_the_description_names_every_saved_query_with_examples_that_work(
    client: TestClient, fixture_kg: KnowledgeGraph
) -> None:
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    named = {path.removeprefix("/api/query/") for path in described["paths"] if path.startswith("/api/query/")}
    assert set(fixture_kg.queries) <= named
    for name in ("class-effects", "boxed-warnings", "bottleneck-targets"):
        parameters = described["paths"][f"/api/query/{name}"]["get"]["parameters"]
        values = {one["name"]: one["example"] for one in parameters if "example" in one}
        assert client.get(f"/api/query/{name}", params=values).status_code == 200
