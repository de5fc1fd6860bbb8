"""The command line, run in this process on the fixture graph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from immunograph.cli import main
from immunograph.knowledge import KnowledgeGraph

FIXTURE = Path(__file__).resolve().parents[1] / "fixture"

Run = Callable[..., Result]


@pytest.fixture
def run(fixture_kg: KnowledgeGraph) -> Run:
    """Run a command with the fixture's graph as its data; output and messages are kept apart."""
    return lambda *args, **options: CliRunner().invoke(main, [*args, "--data", str(FIXTURE)], **options)


@pytest.fixture
def run_alone() -> Run:
    """Run a command with nothing added."""
    return lambda *args, **options: CliRunner().invoke(main, list(args), **options)
