"""A module imports only from floors below its own; rooms may import within themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "immunograph"

FLOORS = {
    "errors": 0,
    "vocabulary": 0,
    "identifiers": 1,
    "model": 1,
    "names": 1,
    "references": 1,
    "registry": 1,
    "turtle": 1,
    "assets": 1,
    "headers": 1,
    "licences": 1,
    "store": 2,
    "sources": 2,
    "queries": 3,
    "reasoning": 3,
    "validation": 3,
    "analysis": 3,
    "comparing": 4,
    "exporters": 4,
    "federation": 4,
    "linking": 4,
    "backing": 5,
    "knowledge": 5,
    "building": 5,
    "importing": 5,
    "releasing": 5,
    "exporting": 5,
    "explaining": 5,
    "pages": 5,
    "summary": 5,
    "cli": 6,
    "web": 6,
    "mcp": 6,
}

WITHIN_A_FLOOR = {
    ("model", "vocabulary"),
    ("names", "identifiers"),
    ("references", "identifiers"),
    ("registry", "identifiers"),
    ("registry", "model"),
    ("registry", "names"),
    ("turtle", "identifiers"),
    ("turtle", "model"),
    ("licences", "names"),
    ("analysis", "queries"),
    ("cli", "mcp"),
    ("exporting", "building"),
    ("backing", "explaining"),
    ("cli", "web"),
    ("knowledge", "backing"),
    ("exporters", "linking"),
    ("knowledge", "building"),
    ("knowledge", "exporting"),
    ("knowledge", "explaining"),
    ("knowledge", "pages"),
    ("knowledge", "summary"),
    ("releasing", "building"),
    ("releasing", "exporting"),
    ("releasing", "knowledge"),
    ("releasing", "summary"),
}
"""Single modules of one floor that lean on one another, one way only."""

MODULES = sorted(path for path in SRC.rglob("*.py"))


def room_of(path: Path) -> str:
    parts = path.relative_to(SRC).parts
    return parts[0].removesuffix(".py")


def imports(path: Path) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "immunograph":
                found.update((alias.name, node.lineno) for alias in node.names)
            elif node.module.startswith("immunograph."):
                found.add((node.module.split(".")[1], node.lineno))
        elif isinstance(node, ast.Import):
            found.update(
                (alias.name.split(".")[1], node.lineno) for alias in node.names if alias.name.startswith("immunograph.")
            )
    return found


def test_every_room_has_a_floor() -> None:
    rooms = {room_of(path) for path in MODULES} - {"__init__", "__main__"}
    assert rooms <= FLOORS.keys()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SRC)))
def test_a_module_imports_only_from_below(path: Path) -> None:
    room = room_of(path)
    if room in {"__init__", "__main__"}:
        return
    wrong = [
        f"{path.name}:{line} imports {other}"
        for other, line in imports(path)
        if other in FLOORS
        and other != room
        and FLOORS[other] >= FLOORS[room]
        and (room, other) not in WITHIN_A_FLOOR
        and not (FLOORS[room] <= 1 and FLOORS[other] < FLOORS[room])
    ]
    assert not wrong


def test_the_leaning_within_a_floor_goes_one_way() -> None:
    assert not {(b, a) for a, b in WITHIN_A_FLOOR} & WITHIN_A_FLOOR
