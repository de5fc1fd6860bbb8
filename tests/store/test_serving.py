"""Questions of strangers: several processes, limits that end them, and new ones in their place."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from immunograph.building.plan import STORE
from immunograph.errors import (
    AnswerTooLargeError,
    NotOfferedError,
    QueryError,
    QueryTimeoutError,
    ServerBusyError,
    StoreError,
)
from immunograph.knowledge import KnowledgeGraph
from immunograph.store import serving
from immunograph.store.media import RESULTS, TRIPLES
from immunograph.store.serving import QueryPool, Withdrawal

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f"
QUICK = "ASK { igd:tocilizumab a ig:Modulator }"
TREATS = "SELECT ?s ?o { ?s ig:treats ?o }"
CONSTRUCT = "CONSTRUCT { ?s ig:treats ?o } WHERE { ?s ig:treats ?o }"


@pytest.fixture(scope="module")
def store(fixture_kg: KnowledgeGraph) -> Path:
    return fixture_kg.folder / STORE


@pytest.fixture(scope="module")
def pool(store: Path) -> Iterator[QueryPool]:
    with QueryPool(store, workers=2) as pool:
        yield pool


def workers(pool: QueryPool) -> set[int]:
    return {process.pid for process in pool._all}


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def eventually(is_so: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.01)
    return is_so()


def test_each_form_is_answered_in_its_preferred_media_type(pool: QueryPool) -> None:
    assert pool.ask(QUICK).media_type == next(iter(RESULTS))
    assert pool.ask(CONSTRUCT).media_type == next(iter(TRIPLES))
    assert pool.ask(CONSTRUCT, ["text/csv", "application/n-triples"]).media_type == "application/n-triples"
    with pytest.raises(NotOfferedError) as refused:
        pool.ask(CONSTRUCT, ["text/csv"])
    assert refused.value.offered == tuple(TRIPLES)


def test_several_threads_get_each_their_own_answer(pool: QueryPool) -> None:
    with ThreadPoolExecutor(8) as threads:
        bodies = list(threads.map(lambda n: pool.ask(f"SELECT ({n} AS ?n) {{}}", ["text/csv"]).body, range(16)))
    assert bodies == [f"n\r\n{n}\r\n".encode() for n in range(16)]


def test_an_endless_question_is_ended_and_its_process_replaced(store: Path) -> None:
    with QueryPool(store, workers=1, seconds=1) as pool:
        (first,) = workers(pool)
        with pytest.raises(QueryTimeoutError) as late:
            pool.ask(ENDLESS)
        assert late.value.seconds == 1
        assert not is_running(first)
        assert pool.ask(QUICK).body == b'{"head":{},"boolean":true}'
        assert workers(pool) != {first}


def test_a_question_that_is_taken_back_frees_its_process(store: Path) -> None:
    with QueryPool(store, workers=1) as pool:
        withdrawal = Withdrawal()
        threading.Timer(0.2, withdrawal.make).start()
        with pytest.raises(QueryError, match="taken back"):
            pool.ask(ENDLESS, withdrawal=withdrawal)
        assert pool.ask(QUICK).body
        with pytest.raises(QueryError, match="taken back"):
            pool.ask(QUICK, withdrawal=withdrawal)
        done = Withdrawal()
        pool.ask(QUICK, withdrawal=done)
        kept = workers(pool)
        done.make()
        assert pool.ask(QUICK).body and workers(pool) == kept


def test_a_process_that_dies_is_replaced(store: Path) -> None:
    with QueryPool(store, workers=1) as pool:
        (first,) = workers(pool)
        os.kill(first, signal.SIGKILL)
        with pytest.raises(StoreError, match="ended with -9; ask for less"):
            pool.ask(QUICK)
        assert pool.ask(QUICK).body and workers(pool) != {first}


def test_a_question_that_needs_too_much_memory_takes_its_process_alone(store: Path) -> None:
    with QueryPool(store, workers=1, memory=200 << 20) as pool:
        with pytest.raises((StoreError, AnswerTooLargeError)):
            pool.ask(HUNGRY)
        assert pool.ask(QUICK).body


@pytest.mark.parametrize("media_type", RESULTS)
def test_an_answer_of_too_many_rows_is_refused_and_none_is_cut(media_type: str, store: Path, pool: QueryPool) -> None:
    rows = pool.ask(TREATS, ["text/tab-separated-values"]).body.count(b"\n") - 1
    with QueryPool(store, workers=1, most_rows=rows) as exact:
        assert exact.ask(TREATS, [media_type]).body == pool.ask(TREATS, [media_type]).body
        with pytest.raises(AnswerTooLargeError, match=f"more than {rows} rows"):
            exact.ask(f"SELECT * {{ {{ {TREATS} }} UNION {{ BIND(1 AS ?s) }} }}", [media_type])


def test_marks_in_values_are_no_rows(store: Path) -> None:
    value = r"SELECT ?x ?y { BIND('a\r\n\"b\"},{\"c<result>\n\n\n' AS ?x) VALUES ?y { 1 2 } }"
    with QueryPool(store, workers=1, most_rows=2) as exact:
        for media_type in RESULTS:
            assert exact.ask(value, [media_type]).body
            with pytest.raises(AnswerTooLargeError):
                exact.ask(value.replace("1 2", "1 2 3"), [media_type])


def test_an_answer_of_too_many_bytes_or_triples_is_refused(store: Path) -> None:
    with QueryPool(store, workers=1, most_bytes=500) as small:
        for query in (TREATS, CONSTRUCT):
            with pytest.raises(AnswerTooLargeError, match="more than 500 bytes"):
                small.ask(query)
    with QueryPool(store, workers=1, most_rows=3) as few:
        with pytest.raises(AnswerTooLargeError, match="more than 3 triples"):
            few.ask(CONSTRUCT)
        assert few.ask("CONSTRUCT { ig:a ig:b 1 } WHERE { ?s ig:treats ?o }").body.count(b"ig:a") == 1


def test_more_questions_than_may_wait_are_refused(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "WAITING", 1)
    with QueryPool(store, workers=1, seconds=2) as pool, ThreadPoolExecutor(2) as threads:
        busy = threads.submit(pool.ask, ENDLESS)
        assert eventually(pool._idle.empty)
        waiting = threads.submit(pool.ask, QUICK)
        assert eventually(lambda: pool._waiting == 1)
        with pytest.raises(ServerBusyError, match="1 questions wait already"):
            pool.ask(QUICK)
        assert isinstance(busy.exception(), QueryTimeoutError)
        assert isinstance(waiting.exception(), ServerBusyError) or waiting.result().body


def test_closing_ends_every_process(store: Path) -> None:
    pool = QueryPool(store, workers=2, seconds=60)
    processes = workers(pool)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(pool.ask, ENDLESS)
        assert eventually(lambda: any(process._asked for process in pool._all))
        pool.close()
        assert isinstance(asked.exception(timeout=10), StoreError)
    assert not any(map(is_running, processes))


def test_a_process_ends_with_the_one_that_asks_it(store: Path) -> None:
    with QueryPool(store, workers=1) as pool:
        (process,) = pool._all
        assert process._process.stdin
        process._process.stdin.close()  # as when the other is killed
        assert eventually(lambda: process._process.poll() == 0)


def test_what_cannot_be_served_is_said_at_once(store: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        QueryPool(tmp_path / "nothing")
    with pytest.raises(QueryError, match="above 0"):
        QueryPool(store, seconds=0)


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="the system does not tell the limits of a process")
def test_a_process_can_open_nothing_and_ends_by_itself(pool: QueryPool) -> None:
    for process in pool._all:
        limits = limits_of(process.pid)
        assert limits["Max open files"] == ["0", "0"]
        assert limits["Max core file size"] == ["0", "0"]
        assert limits["Max address space"][1].isdigit()
        assert os.getsid(process.pid) == process.pid
    pool.ask(QUICK)
    assert any(limits_of(pid)["Max cpu time"][0].isdigit() for pid in workers(pool))


def limits_of(pid: int) -> dict[str, list[str]]:
    lines = Path(f"/proc/{pid}/limits").read_text(encoding="utf-8").splitlines()
    return {line[:26].strip(): line[26:].split()[:2] for line in lines}
