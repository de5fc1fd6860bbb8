"""What several test rooms share: the fixture graph, built once, and where the public files lie."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from immunograph.building.pipeline import open_or_build
from immunograph.building.plan import BuildPlan, cache_dir
from immunograph.knowledge import KnowledgeGraph

ROOT = Path(__file__).resolve().parent.parent
FIXTURE = ROOT / "tests" / "fixture"
REFERENCE = ROOT.parent / "shared" / "reference"


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep built graphs out of the user's cache; the workers of one run share theirs."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if folder.name.startswith("popen-") else folder
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMMUNOGRAPH_CACHE", str(shared / "immunograph-cache"))
        yield


@pytest.fixture(scope="session")
def fixture_plan() -> BuildPlan:
    """The plan of the fixture graph."""
    return BuildPlan(FIXTURE)


@pytest.fixture(scope="session")
def fixture_kg(fixture_plan: BuildPlan, _own_cache: None) -> Iterator[KnowledgeGraph]:
    """The fixture graph: a dozen modulators, made-up evidence, every kind of association."""
    with alone("fixture"):
        folder = open_or_build(fixture_plan)
    with KnowledgeGraph(folder, fixture_plan) as graph:
        yield graph


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Let one worker of a test run in at a time, so that a graph is built once and opened by the others."""
    cache_dir().mkdir(parents=True, exist_ok=True)
    with (cache_dir() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def shipped_kg(_own_cache: None) -> Iterator[KnowledgeGraph]:
    """The shipped graph, built once a test run."""
    plan = BuildPlan(ROOT / "data")
    with alone("shipped"):
        folder = open_or_build(plan)
    with KnowledgeGraph(folder, plan) as graph:
        yield graph
