"""Neo4j 5.26 itself reads our exports by all three routes, and holds what the graph states, no more and no less."""

from __future__ import annotations

import importlib.util
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from immunograph.errors import ExportError
from immunograph.exporters import neo4j_csv, neo4j_cypher, neo4j_live
from immunograph.exporters.neo4j_csv import cypher_queries, cypher_query
from immunograph.exporters.selection import Selection
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import ExportOptions, write_export
from immunograph.knowledge import KnowledgeGraph
from immunograph.queries.saved import read_queries
from immunograph.vocabulary import ASSOCIATION_KINDS

neo4j = pytest.importorskip("neo4j", reason="the driver of Neo4j is not installed (extra neo4j)")
HERE = Path(__file__).resolve().parent
TESTS = HERE.parents[1]
QUERIES = read_queries(TESTS.parent / "queries")


def _loaded(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


servers = _loaded("neo4j_servers", HERE / "server.py")
reading = _loaded("neo4j_reading", HERE / "reading.py")
hostile = _loaded("neo4j_hostile", TESTS / "exporters" / "hostile.py")

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def stream() -> Iterator[GraphStream]:
    with GraphStream.of_graph(hostile.hostile_graph(), Selection(has_inferred=True), "1", "key") as found:
        yield found


@pytest.fixture(scope="module")
def imported(stream: GraphStream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server whose database the import tool made from the hostile graph, by the very command that is printed."""
    folder = tmp_path_factory.mktemp("neo4j") / "export"
    done = write_export("neo4j-csv", stream, str(folder), ExportOptions())
    assert done.notes[1] in (folder / "import.sh").read_text()
    try:
        with servers.neo4j() as server:
            server.run(["sh", "import.sh"], folder)
            server.start()
            yield server
    except servers.Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def driver(imported: Any) -> Iterator[Any]:
    with neo4j.GraphDatabase.driver(
        imported.url, auth=("neo4j", servers.PASSWORD), notifications_min_severity="OFF"
    ) as opened:
        opened.verify_connectivity()
        yield opened


def emptied(driver: Any) -> None:
    driver.execute_query("MATCH (x) DETACH DELETE x")


# the order of the tests is that of the server's one database


def test_the_import_tool_gives_the_same_sets(driver: Any, stream: GraphStream) -> None:
    assert reading.read_back(driver) == reading.expected(stream, has_lone_empty=False)


def test_the_schema_fits_what_was_imported(imported: Any, driver: Any, stream: GraphStream, tmp_path: Path) -> None:
    write_export("neo4j-csv", stream, str(tmp_path / "again"), ExportOptions())
    imported.run(["cypher-shell", "-f", "schema.cypher"], tmp_path / "again")
    names = {record["name"] for record in driver.execute_query("SHOW CONSTRAINTS YIELD name").records}
    assert names == {"resource_id", "resource_uri"}


def test_a_cypher_script_gives_the_same_sets_also_when_run_again(
    imported: Any, driver: Any, stream: GraphStream
) -> None:
    emptied(driver)
    folder = imported.home / "import" / neo4j_cypher.FOLDER
    write_export("neo4j-cypher", stream, str(folder), ExportOptions())
    for _ in range(2):
        imported.run(["cypher-shell", "-f", "load.cypher"], folder)
        assert reading.read_back(driver) == reading.expected(stream)


def test_the_driver_gives_the_same_sets_also_when_run_again(imported: Any, driver: Any, stream: GraphStream) -> None:
    emptied(driver)
    options = ExportOptions(password=servers.PASSWORD, batch=5)
    for _ in range(2):
        write_export("neo4j", stream, imported.url, options)
        assert reading.read_back(driver) == reading.expected(stream)


def test_another_load_replaces_an_earlier_one_only_by_force(
    imported: Any, driver: Any, stream: GraphStream, fixture_kg: KnowledgeGraph
) -> None:
    options = ExportOptions(password=servers.PASSWORD)
    with GraphStream.of_graph(fixture_kg.graph, version="1", build="other") as other:
        with pytest.raises(ExportError, match="holds another load"):
            write_export("neo4j", other, imported.url, options)
        assert reading.read_back(driver) == reading.expected(stream)
        write_export("neo4j", other, imported.url, options, is_forced=True)
        assert reading.read_back(driver) == reading.expected(other)


def test_a_wrong_password_is_told_in_one_line(imported: Any, stream: GraphStream) -> None:
    with pytest.raises(ExportError, match="refuses this user; give --user and set IMMUNOGRAPH_PASSWORD"):
        write_export("neo4j", stream, imported.url, ExportOptions(password="wrong"))


@pytest.fixture(scope="module")
def queried(imported: Any, driver: Any, fixture_kg: KnowledgeGraph) -> Any:
    emptied(driver)
    with GraphStream.of_graph(fixture_kg.graph, Selection(has_inferred=True), "1", "queries") as stream:
        write_export("neo4j", stream, imported.url, ExportOptions(password=servers.PASSWORD))
    return driver


def comparable(rows: list[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    """Rows as a bag; numbers by value, joined names in any order, true and false as they are."""

    def cell(value: Any) -> Any:
        if isinstance(value, str):
            return tuple(sorted(re.split(r"[,;] ", value)))
        return value if value is None or isinstance(value, bool) else round(float(value), 9)

    return Counter(tuple(map(cell, row)) for row in rows)


@pytest.mark.parametrize("file", cypher_queries())
def test_a_saved_query_gives_the_same_rows_in_cypher(file: str, queried: Any, fixture_kg: KnowledgeGraph) -> None:
    name = file.removesuffix(".cypher")
    rows = 0
    for values in examples(name):
        here = fixture_kg.query(name, values)
        given = {key: fixture_kg.names.resolve(str(value)).curie for key, value in values.items()}
        there = queried.execute_query(cypher_query(file), given)
        assert tuple(there.keys) == here.columns
        assert comparable([tuple(row.values()) for row in there.records]) == comparable(list(here.rows))
        rows += len(here.rows)
    assert rows


def test_a_saved_query_runs_in_the_shell(imported: Any, queried: Any, fixture_kg: KnowledgeGraph) -> None:
    folder = Path(neo4j_csv.__file__).parent / "cypher"
    given = """{cytokine: "UniProtKB:P05231"}"""
    shown = imported.run(["cypher-shell", "--format", "plain", "-P", given, "-f", "cells-of-cytokine.cypher"], folder)
    rows = fixture_kg.query("cells-of-cytokine", {"cytokine": "UniProtKB:P05231"}).rows
    assert rows
    assert len(shown.strip().splitlines()) == len(rows) + 1


def examples(name: str) -> list[dict[str, Any]]:
    """The query's own example, and more of the same kind, so that answers are seldom empty."""
    more: dict[str, list[dict[str, Any]]] = {
        "mechanisms-of-modulator": [{"modulator": "sarilumab"}],
        "adverse-effects-of-modulator": [{"modulator": "vedolizumab"}, {"modulator": "ipilimumab"}],
        "combinations-for-condition": [{"condition": "immune system disorder"}],
        "targets-of-condition": [{"condition": "ulcerative colitis"}, {"condition": "tuberculosis"}],
    }
    return [dict(QUERIES[name].example()), *more.get(name, [])]


def test_the_cypher_queries_touch_every_kind_of_association(queried: Any, fixture_kg: KnowledgeGraph) -> None:
    assert len(cypher_queries()) >= 10
    counted = queried.execute_query(cypher_query("statements-by-licence.cypher")).records
    assert {row["kind"].removeprefix("ig:") for row in counted} == set(ASSOCIATION_KINDS)
    assert all(row["statements"] for row in counted)


def test_a_load_that_lost_its_server_goes_on_without_doubles(
    imported: Any, driver: Any, stream: GraphStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is killed, as by a power cut, after a few batches; started again, the same command ends the load."""
    emptied(driver)
    monkeypatch.setattr(neo4j_live, "PATIENCE_SECONDS", 3)
    seen: list[str] = []

    def tell(text: str) -> None:
        seen.append(text)
        if len(seen) == 4:
            killer = threading.Thread(target=imported.stop, kwargs={"at_once": True})
            killer.start()
            killer.join()

    options = ExportOptions(password=servers.PASSWORD, batch=2, tell=tell)
    with pytest.raises(ExportError, match="4 of .* batches are loaded. Run the same command again"):
        write_export("neo4j", stream, imported.url, options)
    imported.start()
    driver.verify_connectivity()
    done = write_export("neo4j", stream, imported.url, ExportOptions(password=servers.PASSWORD, batch=2))
    assert "went on after batch 4" in done.notes[0]
    assert reading.read_back(driver) == reading.expected(stream)
