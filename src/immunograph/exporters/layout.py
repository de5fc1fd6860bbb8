"""Where nodes stand in a picture: a seeded force layout, and room for the nodes and their labels.

With igraph (extra ``gephi``) nodes that are linked stand together; without it, or above ``MOST_LINKS``, they stand in
a spiral, which needs neither memory nor time. Both give the same places for the same graph, every time.
"""

from __future__ import annotations

import importlib.util
import math
import random
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import igraph

Place = tuple[float, float]
"""x and y, in the units of node sizes."""

Room = tuple[float, float]
"""Half the width and half the height that a node takes with its label."""

MOST_LINKS = 50_000
"""Above this many links no force layout is made: it would hold them all in memory, and show a ball of wool."""

MOST_WITH_LABELS = 1_500
"""Above this many nodes no label is readable anyway, and room is left for the nodes alone."""

_MOST_WITH_ROOM = 6_000
_SEED = 20261122
_PAPER = 2.2
"""How much larger the picture is than the rooms together."""

_SHAPE = 1.3
"""Width by height of the picture."""

_BY_RANK = 0.6
_PATIENCE, _STRETCH = 20, 1.03
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
    letters = len(label) if count <= MOST_WITH_LABELS else 0
    return max(size * 1.2, size * 0.7 * letters), size * 1.5


def force_layout(links: Sequence[tuple[int, int]], rooms: Sequence[Room]) -> list[Place]:
    """Places of nodes so that linked ones stand together and none hides another.

    Args:
        links: pairs of node numbers.
        rooms: the room of each node; one a node.

    Returns:
        One place a node, centred on the origin.
    """
    import igraph

    igraph.set_random_number_generator(random.Random(_SEED))
    whole = igraph.Graph(n=len(rooms), edges=sorted({(min(a, b), max(a, b)) for a, b in links if a != b}))
    linked = [number for number, degree in enumerate(whole.degree()) if degree]
    places = _places_of_linked(whole.subgraph(linked), [rooms[number] for number in linked]) if linked else []
    found = dict(zip(linked, places, strict=True))
    alone = [number for number in range(len(rooms)) if number not in found]
    found.update(_rows_below(alone, places, rooms))
    return [found[number] for number in range(len(rooms))]


def _places_of_linked(graph: igraph.Graph, rooms: Sequence[Room]) -> list[Place]:
    _tie_together(graph)
    is_small = len(rooms) <= _MOST_WITH_ROOM
    count = graph.vcount()
    start = [(math.sqrt(n) * math.cos(n * _GOLDEN), math.sqrt(n) * math.sin(n * _GOLDEN)) for n in range(count)]
    drawn = graph.layout_fruchterman_reingold(
        seed=start, niter=500 if is_small else 60, grid="nogrid" if is_small else "grid"
    )
    places = _spread([(x, y) for x, y in drawn.coords[: len(rooms)]], rooms)
    return apart(places, rooms) if is_small else places


def apart(places: Sequence[Place], rooms: Sequence[Room], rounds: int = 300) -> list[Place]:
    """Push nodes whose rooms overlap away from each other along the shorter way, until none overlap.

    Args:
        places: where they stand.
        rooms: the room of each.
        rounds: after how many rounds to give up; in a crowd the whole picture is stretched a little now and then.
    """
    found = [[x, y] for x, y in places]
    cell = 2 * max((width for width, _ in rooms), default=1.0), 2 * max((height for _, height in rooms), default=1.0)
    for number in range(rounds):
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
        if number % _PATIENCE == _PATIENCE - 1:
            found = [[x * _STRETCH, y * _STRETCH] for x, y in found]
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


def _spread(places: Sequence[Place], rooms: Sequence[Room]) -> list[Place]:
    """Stretch the places to a rectangle that holds the rooms, with crowds thinned out.

    Each coordinate is mixed with its rank, which keeps what is left of what and fills the picture evenly.
    """
    area = _PAPER * sum(4 * width * height for width, height in rooms)
    axes = [_evened([place[axis] for place in places]) for axis in (0, 1)]
    width, height = math.sqrt(area * _SHAPE), math.sqrt(area / _SHAPE)
    return [((x - 0.5) * width, (y - 0.5) * height) for x, y in zip(*axes, strict=True)]


def _evened(values: Sequence[float]) -> list[float]:
    """Values from 0 to 1, each between its place in the range and its rank."""
    if not values:
        return []
    low, range_ = min(values), (max(values) - min(values)) or 1.0
    ranks = {number: rank for rank, number in enumerate(sorted(range(len(values)), key=lambda n: (values[n], n)))}
    last = max(1, len(values) - 1)
    return [_BY_RANK * ranks[n] / last + (1 - _BY_RANK) * (v - low) / range_ for n, v in enumerate(values)]


def _rows_below(alone: Sequence[int], places: Sequence[Place], rooms: Sequence[Room]) -> Iterator[tuple[int, Place]]:
    """Nodes without links, in rows under the picture."""
    left, right = min((x for x, _ in places), default=-500.0), max((x for x, _ in places), default=500.0)
    lowest = min((y for _, y in places), default=0.0)
    height = max((rooms[number][1] for number in alone), default=0.0)
    x, y = left, lowest - 5 * height
    for number in alone:
        width = rooms[number][0]
        if x + 2 * width > right and x > left:
            x, y = left, y - 2 * height
        yield number, (x + width, y)
        x += 2 * width
