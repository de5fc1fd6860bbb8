"""Pictures as SVG, made here: they need no script, each node is a link, and text stays text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from immunograph.analysis.paths import SIGNS, MechanismPath
from immunograph.identifiers import compress
from immunograph.pages import NodePage, Statement
from immunograph.web.cells import node_address
from immunograph.web.shown import rank_of, spaced

_WIDE, _ROW, _BOX = 210, 34, 26
_GAP = 150
_LONGEST = 30
MOST_NEIGHBOURS, _MOST_OF_A_KIND = 14, 8
"""How many neighbours are drawn on each side of a node, and how many by one kind of statement."""

_CLASS_OF = {-1: "minus", 1: "plus", 0: "plain"}

_TIPS = {"plus": "M0 1 L9 5 L0 9 z", "plain": "M0 1 L9 5 L0 9", "minus": "M7 0 L9 0 L9 10 L7 10 z"}

_TOLD = ("TargetAction", "Interaction", "ImmuneEffect", "Involvement", "Indication", "Secretion", "Response")
"""Kinds of statement that are drawn, the most telling first; the table beside the picture has all."""
_UNTOLD = {"studiedFor", "modulates", "shifts"}
"""Predicates that say the least."""


@dataclass(frozen=True, slots=True)
class _Neighbour:
    curie: str
    label: str
    predicate: str
    sign: int


def neighbourhood(page: NodePage, label_of: Callable[[str], str]) -> str:
    """What acts on a node to its left, what it acts on to its right; empty where nothing is stated.

    Args:
        page: the node with its statements.
        label_of: the label of a predicate, by its local name.
    """
    told = sorted(
        (s for s in page.statements if s.kind in _TOLD),
        key=lambda s: (_TOLD.index(s.kind), rank_of(s.predicate), len(s.sources) * -1),
    )
    own = page.node.curie
    before = _neighbours((s for s in told if s.ends[1] == own and s.ends[0] != own), 0, label_of)
    after = _neighbours((s for s in told if s.ends[0] == own and s.ends[1] != own), 1, label_of)
    if not before and not after:
        return ""
    rows = max(len(before), len(after), 1)
    height = rows * _ROW + 20
    own_x = _WIDE + _GAP if before else 0
    middle = height / 2
    parts: list[str] = []
    for some, x, is_before in ((before, 0, True), (after, own_x + _WIDE + _GAP, False)):
        start = middle - len(some) * _ROW / 2 + _ROW / 2
        for at, one in enumerate(some):
            y = start + at * _ROW
            ends = ((x + _WIDE, y), (own_x, middle)) if is_before else ((own_x + _WIDE, middle), (x, y))
            parts.append(_edge(*ends[0], *ends[1], one.predicate, one.sign, 0.35 if is_before else 0.6))
            parts.append(_box(x, y, one.label, one.curie))
    parts.append(_box(own_x, middle, page.node.label, own, "own"))
    return _picture(
        own_x + _WIDE + (_GAP + _WIDE if after else 0), height, parts, f"What is stated around {page.node.label}"
    )


def _neighbours(statements: Iterable[Statement], end: int, label_of: Callable[[str], str]) -> list[_Neighbour]:
    found: dict[tuple[str, str], _Neighbour] = {}
    drawn: Counter[str] = Counter()
    for statement in statements:
        key = statement.ends[end], statement.predicate
        if statement.is_negated or statement.predicate in _UNTOLD or key in found:
            continue
        drawn[statement.kind] += 1
        if drawn[statement.kind] > _MOST_OF_A_KIND:
            continue
        label = statement.object if end else statement.subject
        sign = SIGNS.get(statement.predicate, 0)
        found[key] = _Neighbour(statement.ends[end], label, label_of(statement.predicate), sign)
    return list(found.values())[:MOST_NEIGHBOURS]


def paths_picture(paths: Sequence[MechanismPath], label_of: Callable[[str], str]) -> str:
    """Mechanism paths from left to right, one a row; empty where there are none.

    Args:
        paths: at least none.
        label_of: the label of a node, by its IRI.
    """
    if not paths:
        return ""
    parts: list[str] = []
    row = 64
    for number, path in enumerate(paths):
        y = number * row + 34
        first = path.links[0].subject
        parts.append(_box(0, y, label_of(first), compress(first), "own"))
        for at, link in enumerate(path.links, start=1):
            x = at * (_WIDE + _GAP)
            parts.append(_edge(x - _GAP, y, x, y, spaced(link.predicate), link.sign, 0.5))
            parts.append(_box(x, y, label_of(link.object), compress(link.object)))
    longest = max(len(path.links) for path in paths)
    return _picture(longest * (_WIDE + _GAP) + _WIDE, len(paths) * row + 10, parts, "Mechanism paths")


def _box(x: float, y: float, label: str, curie: str, kind: str = "") -> str:
    shown = label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"
    return (
        f'<a href="{node_address(curie)}" class="box {kind}"><title>{escape(label)}</title>'
        f'<rect x="{x:.0f}" y="{y - _BOX / 2:.0f}" width="{_WIDE}" height="{_BOX}" rx="5"/>'
        f'<text x="{x + _WIDE / 2:.0f}" y="{y + 4:.0f}">{escape(shown)}</text></a>'
    )


def _edge(x1: float, y1: float, x2: float, y2: float, label: str, sign: int, at: float) -> str:
    kind = _CLASS_OF[sign]
    x, y = x1 + (x2 - x1) * at, y1 + (y2 - y1) * at - (7 if y1 == y2 else 3)
    return (
        f'<g class="edge {kind}"><line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2 - 5:.0f}" y2="{y2:.0f}" '
        f'marker-end="url(#{kind})"/><text x="{x:.0f}" y="{y:.0f}">{escape(label)}</text></g>'
    )


def _picture(width: float, height: float, parts: Sequence[str], title: str) -> str:
    markers = "".join(
        f'<marker id="{name}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="{path}"/></marker>'
        for name, path in (
            ("plus", "M0 1 L9 5 L0 9 z"),
            ("plain", "M0 1 L9 5 L0 9"),
            ("minus", "M7 0 L9 0 L9 10 L7 10 z"),
        )
    )
    return (
        f'<svg class="drawing" role="img" aria-label="{escape(title)}" viewBox="-4 0 {width + 8:.0f} {height:.0f}" '
        f'width="{width + 8:.0f}" height="{height:.0f}"><defs>{markers}</defs>{"".join(parts)}</svg>'
    )
