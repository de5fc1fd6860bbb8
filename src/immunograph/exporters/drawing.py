"""How a graph looks: colours by kind and sign, sizes by degree, places by a seeded layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import duckdb

from immunograph.analysis.paths import SIGNS
from immunograph.exporters.layout import MOST_LINKS, force_layout, has_forces, room_of, spiral_sql
from immunograph.exporters.properties import PropertyType

NODE_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "Modulator": "#56B4E9",
        "ModulatorClass": "#0072B2",
        "Combination": "#004B76",
        "Target": "#E69F00",
        "CellType": "#009E73",
        "Pathway": "#CC79A7",
        "ImmuneProcess": "#F0E442",
        "Condition": "#D55E00",
        "Measure": "#8C6BB1",
        "Regulator": "#6B4F3A",
    }
)
"""Kind of node → colour; after Okabe and Ito, so that they differ for colour-blind readers too."""

OTHER_COLOUR = "#888888"
SIGN_COLOURS: Mapping[str, str] = MappingProxyType({"-": "#B2182B", "+": "#1B7837"})
"""Sign of a stated link (as mechanism paths compose them) → colour; red takes away, green adds."""

EDGE_COLOURS: Mapping[str, str] = MappingProxyType(
    {"treats": "#2166AC", "prevents": "#2166AC", "hasAdverseEffect": "#F4A582", "contraindicatedIn": "#F4A582"}
)
"""Predicate without a sign → colour; the others are grey."""

PLAIN_EDGE = "#BDBDBD"
NEGATED_EDGE = "#E0E0E0"
SMALLEST, LARGEST = 10.0, 18.0
"""Radius of the nodes with the fewest links, which is what Gephi gives by itself, and of the largest."""


def signed_predicates() -> dict[str, str]:
    """Predicate with a sign → ``-`` or ``+``."""
    return {name: "-" if sign < 0 else "+" for name, sign in SIGNS.items() if sign}


def signs_sql(predicate: str) -> str:
    """SQL that gives ``-``, ``+`` or nothing for a predicate."""
    return _case(predicate, signed_predicates(), "")


def edge_colour_sql(predicate: str, is_negated: str) -> str:
    """SQL that gives the colour of an edge as ``r="1" g="2" b="3"``; what is denied is the palest."""
    shown = {name: SIGN_COLOURS[sign] for name, sign in signed_predicates().items()}
    colours = _case(predicate, _as_rgb({**EDGE_COLOURS, **shown}), _rgb(PLAIN_EDGE))
    return f"CASE WHEN {is_negated} THEN '{_rgb(NEGATED_EDGE)}' ELSE {colours} END"


def node_colour_sql(kind: str) -> str:
    """SQL that gives the colour of a node of a kind, in the same form."""
    return _case(kind, _as_rgb(NODE_COLOURS), _rgb(OTHER_COLOUR))


def pulls_sql(properties: Sequence[PropertyType]) -> str:
    """A SELECT of what belongs together besides the edges: a node and its parents, a combination and its members."""
    known = [item.name for item in properties if item.name in {"broader", "member"}]
    return " UNION ALL ".join(f"SELECT id, unnest({name}) FROM nodes" for name in known) or "SELECT '', '' WHERE false"


def draw(connection: duckdb.DuckDBPyConnection, links: str, pulls: str, has_layout: bool = True) -> None:
    """Make the table ``drawn``: degree, size and place of each node, a row for each of ``nodes``, in their order.

    Tables that are sorted stand in for numbers by window functions and for updates, which the engine holds in memory.

    Args:
        connection: holds ``nodes``, sorted by identifier, and the links.
        links: a SELECT of ``source``, ``target`` and ``n``, whose sum is how many links there are between two.
        pulls: a SELECT of further pairs that are to stand together, such as the hierarchy; they are not drawn.
        has_layout: whether linked nodes are to stand together; needs igraph and at most ``MOST_LINKS`` links.
    """
    connection.execute(f"""
        CREATE OR REPLACE TABLE linked AS
        SELECT id, sum(n) AS links FROM (
          SELECT unnest(CASE WHEN source = target THEN [source] ELSE [source, target] END) AS id, n FROM ({links})
        ) GROUP BY id
    """)
    # the busiest stand in the middle
    connection.execute(f"""
        CREATE OR REPLACE TABLE ranked AS
        SELECT id, coalesce(links, 0)::BIGINT AS degree FROM nodes LEFT JOIN linked USING (id) ORDER BY degree DESC, id;
        CREATE OR REPLACE TABLE drawn AS
        SELECT id, degree, {spiral_sql("rowid")},
          least({LARGEST}, {SMALLEST} + 0.8 * (sqrt(degree) - sqrt((SELECT min(degree) FROM ranked)))) AS size
        FROM ranked ORDER BY id;
        DROP TABLE ranked; DROP TABLE linked
    """)
    (count,) = connection.execute(f"SELECT coalesce(sum(n), 0) FROM ({links})").fetchall()[0]
    if has_layout and has_forces() and count <= MOST_LINKS:
        _place(connection, links, pulls)


def _place(connection: duckdb.DuckDBPyConnection, links: str, pulls: str) -> None:
    pairs = connection.execute(f"""
        SELECT s.rowid, t.rowid FROM (SELECT DISTINCT source, target FROM ({links}) UNION ALL {pulls}) l
        JOIN drawn s ON s.id = l.source JOIN drawn t ON t.id = l.target ORDER BY ALL
    """).fetchall()
    shown = connection.execute("SELECT size, label FROM drawn JOIN nodes USING (id) ORDER BY id").fetchall()
    places = force_layout(pairs, [room_of(size, label, len(shown)) for size, label in shown])
    connection.execute("CREATE OR REPLACE TABLE place (number BIGINT, x DOUBLE, y DOUBLE)")
    columns = [*zip(*((number, round(x, 2), round(y, 2)) for number, (x, y) in enumerate(places)), strict=True)]
    if columns:
        query = "INSERT INTO place SELECT unnest(?::BIGINT[]), unnest(?::DOUBLE[]), unnest(?::DOUBLE[])"
        connection.execute(query, [list(column) for column in columns])
    connection.execute("UPDATE drawn SET x = place.x, y = place.y FROM place WHERE drawn.rowid = place.number")
    connection.execute("DROP TABLE place")


def _case(column: str, chosen: Mapping[str, str], otherwise: str) -> str:
    cases = " ".join(f"WHEN '{name}' THEN '{value}'" for name, value in chosen.items())
    return f"(CASE {column} {cases} ELSE '{otherwise}' END)"


def _as_rgb(chosen: Mapping[str, str]) -> dict[str, str]:
    return {name: _rgb(colour) for name, colour in chosen.items()}


def _rgb(colour: str) -> str:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return f'r="{red}" g="{green}" b="{blue}"'
