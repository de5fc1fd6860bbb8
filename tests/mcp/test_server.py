"""The protocol: what is listed, resources, prompts; and real processes: standard input, HTTP, time limits, signals."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import anyio
import pytest
from tests.cli.test_interrupts import PROCESSES, children, wait_until_busy
from tests.mcp.conftest import FIXTURE, text

from immunograph.cli import main
from immunograph.knowledge import KnowledgeGraph
from immunograph.mcp.desk import Desk, RefusedError
from immunograph.mcp.server import INSTRUCTIONS, ImmunoGraphServer
from mcp import Client, MCPError, StdioServerParameters

TOOLS = {"find", "queries", "ask", "node", "explain", "path", "schema", "sparql", "sources"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
COMMAND = [sys.executable, "-m", "immunograph", "mcp", "--data", str(FIXTURE)]


def in_session(server: Any, work: Callable[[Client], Awaitable[Any]]) -> Any:
    async def session() -> Any:
        async with Client(server) as client:
            return await work(client)

    return anyio.run(session)


def test_the_tools_only_read(server: ImmunoGraphServer) -> None:
    tools = in_session(server, lambda client: client.list_tools()).tools
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert tool.annotations.read_only_hint and not tool.annotations.destructive_hint
        assert not tool.annotations.open_world_hint
        assert tool.description and tool.input_schema["type"] == tool.output_schema["type"] == "object"
    assert sum(len(tool.model_dump_json(exclude_none=True)) for tool in tools) < 12_000


def test_the_instructions_say_how_to_read() -> None:
    assert "NOT MEDICAL ADVICE" in INSTRUCTIONS and "No row means not known" in INSTRUCTIONS
    assert "Negated statements" in INSTRUCTIONS
    assert set(re.findall(r"`([a-z]+)`", INSTRUCTIONS)) - TOOLS == {"cites", "citations", "truncated", "more"}


def test_resources_are_the_schema_and_the_queries(server: ImmunoGraphServer) -> None:
    async def read(client: Client) -> tuple[Any, Any]:
        schema = await client.read_resource("immunograph://schema")
        query = await client.read_resource("immunograph://query/class-members")
        with pytest.raises(MCPError, match="no saved query is called 'nothing'"):
            await client.read_resource("immunograph://query/nothing")
        return json.loads(schema.contents[0].text), json.loads(query.contents[0].text)

    schema, query = in_session(server, read)
    assert schema["associations"] and query["query"] == "class-members"


def test_prompts_name_tools_and_queries_that_exist(server: ImmunoGraphServer, fixture_kg: KnowledgeGraph) -> None:
    async def prompts(client: Client) -> list[str]:
        listed = (await client.list_prompts()).prompts
        given = [await client.get_prompt(p.name, {a.name: "IL6" for a in p.arguments or []}) for p in listed]
        return [one.messages[0].content.text for one in given]  # type: ignore[union-attr]

    texts = in_session(server, prompts)
    assert len(texts) == 3
    for said in texts:
        assert "not medical advice" in said.casefold() and set(re.findall(r"`([a-z]+)`", said)) <= TOOLS
        named = set(re.findall(r"\b[a-z]+(?:-[a-z]+)+\b", said)) - {"off-target"}
        assert named and named <= set(fixture_kg.queries)


def test_a_real_process_speaks_on_standard_output_alone(fixture_kg: KnowledgeGraph) -> None:
    async def ask(client: Client) -> tuple[Any, ...]:
        assert client.server_info.name == "immunograph" and "MEDICAL" in (client.instructions or "")
        listed = await client.list_tools()
        found = await client.call_tool("find", {"names": "tocilizumab"})
        return listed, found, await client.call_tool("ask", {"query": "nothing"})

    parameters = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=dict(os.environ))
    listed, found, refused = in_session(parameters, ask)
    assert {tool.name for tool in listed.tools} == TOOLS
    assert found.structured_content["names"][0]["nodes"][0]["node"] == "igd:tocilizumab"
    assert refused.is_error and text(refused).startswith("no saved query is called 'nothing'")


def test_http_is_served_on_loopback_until_interrupted(fixture_kg: KnowledgeGraph) -> None:
    with subprocess.Popen([*COMMAND, "--http", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        url = process.stderr.readline().decode().split()[-1]
        try:
            assert url.startswith("http://127.0.0.1:")
            found = in_session(url, lambda client: client.call_tool("find", {"names": "tocilizumab"}))
            for header in ("Host", "Origin"):  # a page elsewhere must not reach it through the user's browser
                asked = Request(url, b"{}", {"Content-Type": "application/json", header: "http://example.org"})
                with pytest.raises(HTTPError) as refused:
                    urlopen(asked)
                assert refused.value.code in {403, 421}
                refused.value.close()
        finally:
            process.send_signal(signal.SIGINT)
            out, error = process.communicate(timeout=60)
    assert found.structured_content["names"]
    assert (process.returncode, out) == (130, b"")
    assert error.endswith(b"immunograph: interrupted\n") and b"Traceback" not in error


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_while_it_waits(number: signal.Signals, fixture_kg: KnowledgeGraph) -> None:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}}
        process.stdin.write(
            json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}).encode() + b"\n"
        )
        process.stdin.flush()
        greeting = json.loads(process.stdout.readline())
        process.send_signal(number)
        out, error = process.communicate(timeout=60)
    assert greeting["result"]["serverInfo"]["name"] == "immunograph"
    assert (process.returncode, out, error) == (128 + number, b"", b"immunograph: interrupted\n")


def test_a_question_without_end_is_ended_and_the_next_is_answered(fixture_kg: KnowledgeGraph) -> None:
    desk = Desk(None, FIXTURE, 4, is_quiet=True)
    try:
        with pytest.raises(RefusedError, match="no answer in 4 s; ask for less"):
            desk.answer("sparql", {"query": ENDLESS})
        assert desk.answer("sparql", {"query": "ASK { ?s a ig:Target }"})["data"]["answer"] is True
        late = desk.answer("sparql", {"query": ENDLESS.replace("(COUNT(*) AS ?n)", "?a") + " LIMIT 2"})
        assert len(late["data"]["rows"]) == 2 and "not found within the time limit" in late["text"]
    finally:
        desk.stop()


@pytest.mark.skipif(not PROCESSES.is_dir(), reason="looks at processes under /proc")
def test_the_process_of_the_graph_ends_with_its_server(fixture_kg: KnowledgeGraph) -> None:
    asking = f"Desk(None, Path({str(FIXTURE)!r}), 600, True).answer('sparql', {{'query': {ENDLESS!r}}})"
    code = f"from pathlib import Path; from immunograph.mcp.desk import Desk; {asking}"
    with subprocess.Popen([sys.executable, "-c", code]) as server:
        while server.poll() is None and not children(server.pid):
            time.sleep(0.05)
        (child,) = children(server.pid)
        wait_until_busy(child)
        server.kill()
    end = time.monotonic() + 30
    while is_alive(child) and time.monotonic() < end:
        time.sleep(0.1)
    assert not is_alive(child)


def is_alive(process: int) -> bool:
    stat = PROCESSES / str(process) / "stat"
    return stat.is_file() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_graph_that_is_not_there(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--graph", "--data"):
        with pytest.raises(SystemExit) as ended:
            main(["mcp", option, str(tmp_path / "nothing")])
        assert ended.value.code == 3 and capsys.readouterr().err.count("\n") == 1
    desk = Desk(tmp_path / "nothing", None)
    with pytest.raises(RefusedError, match="is not a built graph"):
        desk.answer("schema", {})
    desk.stop()


def test_without_the_extra_one_line_says_what_to_install() -> None:
    code = "import sys; sys.modules['mcp'] = None; from immunograph.cli import main; main(['mcp'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "immunograph: mcp is not installed; install it with `pip install 'immunograph[mcp]'`\n"
