"""``csv``: the tables as they are, one file each; lists are JSON arrays, what is absent is an empty cell."""

from __future__ import annotations

from immunograph.exporters.properties import PropertyType
from immunograph.exporters.sql import iri_sql, quoted
from immunograph.exporters.stream import EDGE_FIELDS, EDGE_LISTS, GraphStream
from immunograph.exporters.writing import Target

_LISTS = ("kinds", *EDGE_LISTS)


def write(stream: GraphStream, target: Target) -> None:
    """Write ``nodes.csv``, ``edges.csv``, ``evidence.csv``, ``affinities.csv`` and ``sources.csv``."""
    for table in ("nodes", "edges", "evidence", "affinities", "sources"):
        fields = list(EDGE_FIELDS) if table == "edges" else ["id", "iri", "label", "kinds"]
        columns = [_field(name) for name in fields] + [_property(item) for item in stream.property_types(table)]
        stream.copy(f"SELECT {', '.join(columns)} FROM {table}", target.path(f"{table}.csv"))


def _field(name: str) -> str:
    if name == "iri":
        return f"{iri_sql('id')} AS iri"
    return f"to_json({name})::VARCHAR AS {name}" if name in _LISTS else name


def _property(item: PropertyType) -> str:
    column = quoted(item.name)
    return f"to_json({column})::VARCHAR AS {column}" if item.is_list else column
