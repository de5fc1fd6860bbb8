"""What the README shows runs as it stands; what takes minutes on the shipped data runs on the fixture graph."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from immunograph.cli.main import _COMMANDS
from immunograph.knowledge import KnowledgeGraph

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "tests" / "fixture"
README = (ROOT / "README.md").read_text(encoding="utf-8")
SLOW = {"demo", "build", "validate", "infer"}
ENDLESS = {"serve"}
"""Commands that run until they are stopped: ``tests/cli/test_serving.py`` runs them; here they say what they take."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


COMMANDS = [
    line.removeprefix("$ ").strip()
    for block in blocks("console")
    for line in block.splitlines()
    if line.startswith("$ immunograph ")
]


def test_the_readme_shows_commands_and_a_program() -> None:
    assert len(COMMANDS) >= 5 and blocks("python")
    assert {shlex.split(command)[1] for command in COMMANDS} <= _COMMANDS.keys()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(command: str, shipped_kg: KnowledgeGraph, tmp_path: Path) -> None:
    words = [word for word in shlex.split(command, comments=True)[1:] if word != "|"]
    if words[0] in SLOW:
        words += ["--data", str(FIXTURE)]
    if words[0] in ENDLESS:
        words += ["--help"]
    done = subprocess.run(
        [sys.executable, "-m", "immunograph", *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout or done.stderr or list(tmp_path.iterdir())


@pytest.mark.parametrize("program", blocks("python"))
def test_a_program_of_the_readme_runs(program: str, shipped_kg: KnowledgeGraph, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": ""},
    )
    assert done.returncode == 0, done.stderr


def test_the_folders_and_files_that_the_readme_names_are_there() -> None:
    named = re.findall(r"`(?:\./)?((?:docs|data|scripts|ontology|queries|benchmarks|tests|src)/[\w./-]*)", README)
    assert named and [path for path in named if not (ROOT / path).exists()] == []
