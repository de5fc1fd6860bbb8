"""``immunograph serve`` as a real process: it says where it is, answers, and ends cleanly."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from SPARQLWrapper import JSON, SPARQLWrapper

from immunograph.knowledge import KnowledgeGraph

COMMAND = [sys.executable, "-m", "immunograph", "serve"]


@contextmanager
def serving(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server on a free port, and its address; it is killed in the end if it still runs."""
    command = [*COMMAND, "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stderr
            line = process.stderr.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert found, line
            yield process, found[0]
        finally:
            process.kill()


@pytest.fixture(scope="module")
def server(fixture_kg: KnowledgeGraph) -> Iterator[str]:
    """The address of a server over the fixture graph."""
    with serving("--graph", str(fixture_kg.folder), "--timeout", "20") as (_, address):
        yield address


def fetched(address: str, **headers: str) -> tuple[int, str, str]:
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get_content_type(), error.read().decode()


def test_endpoint_pages_and_interface_answer_from_one_address(server: str) -> None:
    assert fetched(f"{server}/node/igd:tocilizumab", Accept="text/html")[:2] == (200, "text/html")
    assert fetched(f"{server}/api/info")[:2] == (200, "application/json")
    assert fetched(f"{server}/static/explorer.js")[0] == 200
    endpoint = SPARQLWrapper(f"{server}/sparql")
    endpoint.setQuery("SELECT ?m WHERE { ?m a ig:TNFInhibitor } ORDER BY ?m")
    endpoint.setReturnFormat(JSON)
    rows = endpoint.queryAndConvert()["results"]["bindings"]
    assert {"value": "https://w3id.org/immunograph/id/adalimumab", "type": "uri"} in [row["m"] for row in rows]


def test_the_command_line_asks_the_server_and_gets_what_it_has_itself(server: str, fixture_kg: KnowledgeGraph) -> None:
    command = [sys.executable, "-m", "immunograph", "query", "modulators-of-target", "target=IL6R", "--format", "json"]
    graph = ["--graph", str(fixture_kg.folder)]
    here = subprocess.run([*command, *graph], capture_output=True, text=True, check=True)
    there = subprocess.run(
        [*command, *graph, "--endpoint", f"{server}/sparql"], capture_output=True, text=True, check=True
    )
    assert json.loads(there.stdout) == json.loads(here.stdout) != []


def test_several_visitors_at_once_get_their_own_answers(server: str) -> None:
    names = ["tocilizumab", "adalimumab", "sarilumab", "infliximab"] * 4
    found: dict[int, str] = {}

    def visit(at: int, name: str) -> None:
        page = fetched(f"{server}/node/igd:{name}", Accept="text/html")[2]
        proof = fetched(f"{server}/api/explain?s={name}&p=a&o=ig:TherapeuticModulator")[2]
        found[at] = name if f"<h1>{name} " in page and json.loads(proof)["holds"] else page[:300]

    visitors = [threading.Thread(target=visit, args=pair) for pair in enumerate(names)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert [found[at] for at in range(len(names))] == names


def test_a_page_may_let_others_ask(fixture_kg: KnowledgeGraph) -> None:
    with serving("--graph", str(fixture_kg.folder), "--cors", "https://example.org") as (_, address):
        request = urllib.request.Request(f"{address}/api/find?q=IL6", headers={"Origin": "https://example.org"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == "https://example.org"


@pytest.mark.skipif(os.name == "nt", reason="signals differ on Windows")
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_told_and_leaves_no_process_behind(fixture_kg: KnowledgeGraph, told: signal.Signals) -> None:
    with serving("--graph", str(fixture_kg.folder)) as (process, address):
        query = urllib.parse.urlencode({"query": "ASK { ?s a ig:Modulator }"})
        assert fetched(f"{address}/sparql?{query}")[0] == 200
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        left = children.read_text().split() if children.is_file() else []
        process.send_signal(told)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (0, "")
    assert not [child for child in left if Path(f"/proc/{child}").exists()]


def test_an_address_that_is_taken_is_told_in_one_line(server: str, fixture_kg: KnowledgeGraph) -> None:
    port = server.rpartition(":")[2]
    done = subprocess.run(
        [*COMMAND, "--port", port, "--graph", str(fixture_kg.folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "choose another --port" in done.stderr and done.stderr.count("\n") == 1
