"""``immunograph serve`` asked by real clients: SPARQLWrapper, rdflib, curl, our own commands, and the W3C's manifest.

The manifest is read from a copy of https://github.com/w3c/rdf-tests, whose place ``IMMUNOGRAPH_RDF_TESTS`` names; its
queries over data that the server does not hold are left to ``tests/web/test_protocol.py``.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen
from xml.dom.minidom import Document

import pytest
import rdflib
import SPARQLWrapper as client
from rdflib.collection import Collection
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from immunograph.knowledge import KnowledgeGraph

HERE = Path(__file__).resolve().parent
SPEC = importlib.util.spec_from_file_location("endpoint_servers", HERE / "servers.py")
assert SPEC and SPEC.loader
servers = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(servers)

pytestmark = pytest.mark.integration

SELECT = "PREFIX ig: <https://w3id.org/immunograph/onto/> SELECT ?s ?o { ?s ig:treats ?o } ORDER BY ?s ?o"
CONSTRUCT = "PREFIX ig: <https://w3id.org/immunograph/onto/> CONSTRUCT { ?s ig:treats ?o } WHERE { ?s ig:treats ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
RDF_TESTS = os.environ.get("IMMUNOGRAPH_RDF_TESTS", "")


@pytest.fixture(scope="module")
def url(fixture_kg: KnowledgeGraph) -> Iterator[str]:
    """The endpoint over the fixture graph."""
    with servers.running("immunograph", fixture_kg.folder) as url:
        yield url


def asked(url: str, query: str, form: str) -> client.Wrapper.QueryResult:
    wrapper = client.SPARQLWrapper(url)
    wrapper.setQuery(query)
    wrapper.setReturnFormat(form)
    with warnings.catch_warnings():  # SPARQLWrapper warns of forms that the kind of query has not
        warnings.simplefilter("ignore", RuntimeWarning)
        return wrapper.query()


@pytest.mark.parametrize("form", [client.JSON, client.XML, client.CSV, client.TSV])
def test_sparqlwrapper_reads_rows_in_all_its_forms(form: str, url: str, fixture_kg: KnowledgeGraph) -> None:
    expected = [(s.value, o.value) for s, o in fixture_kg.graph.select(SELECT).rows if s and o]
    with asked(url, SELECT, form).response as raw:
        raw.read()
    found = asked(url, SELECT, form).convert()
    if form == client.JSON:
        got = [(row["s"]["value"], row["o"]["value"]) for row in found["results"]["bindings"]]
    elif form == client.XML:
        assert isinstance(found, Document)
        uris = [node.firstChild.data for node in found.getElementsByTagName("uri")]
        got = list(zip(uris[::2], uris[1::2], strict=True))
    else:
        mark = "," if form == client.CSV else "\t"
        lines = found.decode().splitlines()[1:]
        got = [tuple(cell.strip("<>") for cell in line.split(mark)) for line in lines]
    assert got == expected


@pytest.mark.parametrize("form", [client.TURTLE, client.N3, client.RDF, client.RDFXML, client.JSONLD, client.XML])
def test_sparqlwrapper_reads_triples_in_all_its_forms(form: str, url: str, fixture_kg: KnowledgeGraph) -> None:
    found = asked(url, CONSTRUCT, form).convert()
    if form in {client.TURTLE, client.N3}:
        found = rdflib.Graph().parse(data=found, format="turtle")
    triples = {(s.n3(), p.n3(), o.n3()) for s, p, o in found}
    assert triples == set(fixture_kg.graph.run(CONSTRUCT))


def test_a_form_that_the_query_has_not_is_refused(url: str) -> None:
    with pytest.raises(HTTPError, match="406"):
        asked(url, CONSTRUCT, client.CSV)
    with pytest.raises(client.SPARQLExceptions.QueryBadFormed, match="does not parse"):
        asked(url, "SELECT ?s { ?s", client.JSON)


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_rdflib_reads_rows_truths_and_triples(method: str, form: str, url: str, fixture_kg: KnowledgeGraph) -> None:
    graph = rdflib.Graph(SPARQLStore(url, method=method, returnFormat=form))
    expected = [(s.value, o.value) for s, o in fixture_kg.graph.select(SELECT).rows if s and o]
    assert [(str(s), str(o)) for s, o in graph.query(SELECT)] == expected
    if form in {"json", "xml"}:
        assert graph.query("ASK { ?s ?p ?o }").askAnswer is True
        assert graph.query("ASK { ?s <http://example.org/none> ?o }").askAnswer is False
    found = {(s.n3(), p.n3(), o.n3()) for s, p, o in graph.query(CONSTRUCT)}
    assert found == set(fixture_kg.graph.run(CONSTRUCT))


def curl(*words: str) -> tuple[int, str, str]:
    """Status, media type and text."""
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not installed")
    done = subprocess.run(
        [program, "-sS", "-w", "\n%{http_code} %{content_type}", *words], capture_output=True, text=True, check=True
    )
    text, _, last = done.stdout.rpartition("\n")
    status, _, kind = last.partition(" ")
    return int(status), kind, text


def test_curl_asks_in_every_way(url: str) -> None:
    ways = (
        ("-G", url, "--data-urlencode", "query=ASK {}"),
        (url, "--data-urlencode", "query=ASK {}"),
        (url, "-H", "Content-Type: application/sparql-query", "--data-binary", "ASK {}"),
    )
    for words in ways:
        status, kind, text = curl(*words)
        assert (status, kind) == (200, "application/sparql-results+json") and json.loads(text)["boolean"] is True
    assert curl(url)[:2] == (200, "text/turtle; charset=utf-8")
    assert curl(url, "--data-urlencode", "update=CLEAR ALL")[0] == 403
    assert curl("-X", "PUT", url)[0] == 405
    assert curl("-X", "OPTIONS", url)[0] == 204
    assert curl("-I", f"{url}?query=ASK%20%7B%7D")[0] == 200


def test_our_own_commands_ask_it(url: str, fixture_kg: KnowledgeGraph) -> None:
    def told(*words: str) -> str:
        command = [sys.executable, "-m", "immunograph", *words, "--graph", str(fixture_kg.folder), "--quiet"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    for words in (("query", "opposite-actions"), ("sparql", SELECT)):
        there = told(*words, "--endpoint", url)
        assert there.count("\n") > 1 and there == told(*words)


def test_a_client_that_leaves_does_not_keep_others_waiting(url: str) -> None:
    """Two processes, both with an endless question whose asker leaves after half a second."""
    askers = [
        subprocess.Popen(
            [sys.executable, "-c", f"import urllib.request as r; r.urlopen({url + '?query=' + quote(ENDLESS)!r})"]
        )
        for _ in range(2)
    ]
    time.sleep(1)
    for asker in askers:
        asker.kill()
        asker.wait()
    with urlopen(f"{url}?query=ASK%20%7B%7D", timeout=20) as answer:
        assert json.load(answer)["boolean"] is True


HT = rdflib.Namespace("http://www.w3.org/2011/http#")
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")


@pytest.mark.skipif(not RDF_TESTS, reason="IMMUNOGRAPH_RDF_TESTS names no copy of the W3C's rdf-tests")
def test_every_request_of_the_w3c_manifest_over_the_wire(url: str) -> None:
    manifest = rdflib.Graph().parse(
        Path(RDF_TESTS) / "sparql/sparql11/protocol/manifest.ttl", publicID="http://manifest/", format="turtle"
    )
    entries = Collection(manifest, manifest.value(rdflib.URIRef("http://manifest/"), MF.entries))
    judged = {str(entry).rpartition("#")[2]: judge(manifest, entry, url) for entry in entries}
    assert len(judged) == 34
    wrong = {name: status for name, (is_right, status) in judged.items() if not is_right and "update" not in name}
    assert not wrong
    assert all(status in {400, 403, 415} for name, (_, status) in judged.items() if "update" in name)


def judge(manifest: rdflib.Graph, entry: rdflib.term.Node, url: str) -> tuple[bool, int]:
    """Whether the first request of an entry gets the status that is expected, and the status."""
    action = manifest.value(entry, MF.action)
    request = Collection(manifest, manifest.value(action, HT.requests))[0]
    path = str(manifest.value(request, HT.absolutePath)).removeprefix("/sparql/")
    body, fields = manifest.value(request, HT.body), manifest.value(request, HT.headers)
    headers = {
        str(manifest.value(one, HT.fieldName)): str(manifest.value(one, HT.fieldValue))
        for one in (Collection(manifest, fields) if fields else ())
    }
    data = (
        str(manifest.value(body, CNT.chars)).encode(str(manifest.value(body, CNT.characterEncoding))) if body else None
    )
    sent = Request(
        url + path, data, {"Content-Type": "", **headers}, method=str(manifest.value(request, HT.methodName))
    )
    try:
        with urlopen(sent, timeout=30) as answer:
            status = answer.status
    except HTTPError as refused:
        with refused:
            status = refused.code
    response = manifest.value(request, HT.resp)
    expected = {str(one)[-3] for one in manifest.objects(response, MF.expectedStatus)}
    return str(status)[0] in expected, status
