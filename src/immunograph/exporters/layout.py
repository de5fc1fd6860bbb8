"""Where nodes stand in a picture: a seeded force layout, and room for the nodes and their labels.

With igraph (extra ``gephi``) nodes that are linked stand together; without it, or above ``MOST_LINKS``, they stand in
a spiral, which needs neither memory nor time. Both give the same places for the same graph, every time.
"""

from __future__ import annotations

import importlib.util
import math
import random
from collections.abc import Iterator, Sequence

Place = tuple[float, float]
"""x and y, in the units of node sizes."""

Room = tuple[float, float]
"""Half the width and half the height that a node takes with its label."""

MOST_LINKS = 500_000
"""Above this many links no force layout is made: it would hold them all in memory."""

MOST_WITH_LABELS = 1_500
"""Above this many nodes no label is readable anyway, and room is left for the nodes alone."""

_MOST_WITH_ROOM = 6_000
_SEED = 20261122
_GOLDEN = math.pi * (3 - math.sqrt(5))


def has_forces() -> bool:
    """Whether igraph is there to make a force layout."""
    return importlib.util.find_spec("igraph") is not None


def spiral_sql(rank: str) -> str:
    """SQL columns ``x`` and ``y`` of the place of a rank (from 0) in a sunflower spiral: even density, centre first."""
    radius = f"24 * sqrt({rank} + 0.5)"
    return f"round({radius} * cos({rank} * {_GOLDEN}), 2) AS x, round({radius} * sin({rank} * {_GOLDEN}), 2) AS y"


def room_of(size: float, label: str, count: int) -> Room:
    """The room of a node: its disc, and its label where there are few enough nodes to read any.

    Gephi's labels grow with their nodes: a letter is about two thirds of a node's diameter wide.
    """
    letters = min(len(label), 32) if count <= MOST_WITH_LABELS else 0
    return max(size * 1.2, size * 0.68 * letters), size * 1.5


def force_layout(links: Sequence[tuple[int, int]], rooms: Sequence[Room]) -> list[Place]:
    """Places of nodes so that linked ones stand together and none hides another.

    Args:
        links: pairs of node numbers.
        rooms: the room of each node; one a node.

    Returns:
        One place a node, centred on the origin.
    """
    import igraph

    count = len(rooms)
    igraph.set_random_number_generator(random.Random(_SEED))
    graph = igraph.Graph(n=count, edges=sorted({(min(a, b), max(a, b)) for a, b in links if a != b}))
    _tie_together(graph)
    start = [(math.sqrt(n) * math.cos(n * _GOLDEN), math.sqrt(n) * math.sin(n * _GOLDEN)) for n in range(count + 1)]
    is_small = count <= _MOST_WITH_ROOM
    drawn = graph.layout_fruchterman_reingold(
        seed=start[: graph.vcount()], niter=500 if is_small else 60, grid="nogrid" if is_small else "grid"
    )
    places = _scaled([(x, y) for x, y in drawn.coords[:count]], rooms)
    return apart(places, rooms) if is_small else places


def apart(places: Sequence[Place], rooms: Sequence[Room], rounds: int = 300) -> list[Place]:
    """Push nodes whose rooms overlap away from each other along the shorter way, until none overlap.

    Args:
        places: where they stand.
        rooms: the room of each.
        rounds: after how many rounds to give up.
    """
    found = [[x, y] for x, y in places]
    cell = 2 * max((width for width, _ in rooms), default=1.0), 2 * max((height for _, height in rooms), default=1.0)
    for _ in range(rounds):
        moved = False
        for one, other in _near(found, cell):
            dx, dy = found[other][0] - found[one][0], found[other][1] - found[one][1]
            over_x = rooms[one][0] + rooms[other][0] - abs(dx)
            over_y = rooms[one][1] + rooms[other][1] - abs(dy)
            if over_x <= 0.01 or over_y <= 0.01:
                continue
            moved = True
            axis, push = (0, over_x) if over_x < over_y else (1, over_y)
            sign = math.copysign(0.5 * push + 0.01, dx if axis == 0 else dy)
            found[one][axis] -= sign
            found[other][axis] += sign
        if not moved:
            break
    return [(x, y) for x, y in found]


def _tie_together(graph: object) -> None:
    """Link the busiest node of every part to one more node, so that the parts do not fly off."""
    parts = graph.connected_components()  # type: ignore[attr-defined]
    if len(parts) > 1:
        middle = graph.add_vertex().index  # type: ignore[attr-defined]
        graph.add_edges([(middle, max(part, key=graph.degree)) for part in parts])  # type: ignore[attr-defined]


def _near(places: Sequence[Sequence[float]], cell: Room) -> Iterator[tuple[int, int]]:
    """Pairs of nodes that stand in the same or in neighbouring fields of a grid."""
    grid: dict[tuple[int, int], list[int]] = {}
    for number, (x, y) in enumerate(places):
        grid.setdefault((math.floor(x / cell[0]), math.floor(y / cell[1])), []).append(number)
    for (column, row), here in grid.items():
        for step in ((0, 0), (1, 0), (0, 1), (1, 1), (1, -1)):
            there = grid.get((column + step[0], row + step[1]), ())
            for one in here:
                for other in there:
                    if step != (0, 0) or one < other:
                        yield one, other


def _scaled(places: Sequence[Place], rooms: Sequence[Room]) -> list[Place]:
    """Centre the places and stretch them to hold the rooms, wider than high as labels are."""
    if not places:
        return []
    middle = [sum(place[axis] for place in places) / len(places) for axis in (0, 1)]
    area = 1.6 * sum(4 * width * height for width, height in rooms)
    spread = [math.sqrt(sum((p[axis] - middle[axis]) ** 2 for p in places) / len(places)) or 1.0 for axis in (0, 1)]
    side = math.sqrt(area) / 3.5
    return [((x - middle[0]) / spread[0] * side * 1.25, (y - middle[1]) / spread[1] * side / 1.25) for x, y in places]
