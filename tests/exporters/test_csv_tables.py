"""CSV, read by DuckDB, polars and pandas: nothing is lost but what the reader itself cannot tell apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pytest

from immunograph.exporters.properties import PropertyType
from immunograph.exporters.stream import GraphStream

from .conftest import Write
from .records import Records, edges_of, nodes_of, without

_LISTS = ("kinds", "evidence", "publications", "addresses", "sources", "licences")
_CASTS: dict[str, Callable[[str], Any]] = {"integer": int, "number": float, "boolean": "true".__eq__, "string": str}


def by_duckdb(path: Path) -> list[dict[str, Any]]:
    """As documented: every cell a text, quoted empty cells not nothing."""
    found = duckdb.connect().execute(
        "SELECT * FROM read_csv(?, all_varchar = true, allow_quoted_nulls = false, max_line_size = 20000000)",
        [str(path)],
    )
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def by_polars(path: Path) -> list[dict[str, Any]]:
    return polars.read_csv(path, infer_schema=False).to_dicts()


def by_pandas(path: Path) -> list[dict[str, Any]]:
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def typed(rows: list[dict[str, Any]], types: tuple[PropertyType, ...], is_empty: Callable[[Any], bool]) -> Records:
    """Rows by identifier with lists and numbers as they were."""
    known = {item.name: item for item in types}
    flags = {"is_negated", "is_inferred"}

    def value(name: str, cell: str) -> Any:
        if name in _LISTS or (name in known and known[name].is_list):
            return json.loads(cell)
        return cell == "true" if name in flags else _CASTS[known[name].type if name in known else "string"](cell)

    return {
        row["id"]: {name: value(name, cell) for name, cell in row.items() if name != "id" and not is_empty(cell)}
        for row in rows
    }


def is_none(cell: Any) -> bool:
    return cell is None


def is_nothing(cell: Any) -> bool:
    """pandas, and most spreadsheets, do not tell an empty text from nothing."""
    return cell is None or cell == ""


def without_empty(records: Records) -> Records:
    return {name: without("", found) for name, found in records.items()}


@pytest.mark.parametrize("which", ["hostile", "hostile_with_controls"])
@pytest.mark.parametrize("read", [by_duckdb, by_polars, by_pandas])
def test_every_node_and_edge_is_read_back(
    write: Write, which: str, read: Callable[[Path], list[dict[str, Any]]], request: pytest.FixtureRequest
) -> None:
    stream: GraphStream = request.getfixturevalue(which)
    folder = write("csv", stream)
    is_pandas = read is by_pandas
    for table, wanted in (("nodes", nodes_of(stream)), ("edges", edges_of(stream))):
        found = typed(read(folder / f"{table}.csv"), stream.property_types(table), is_nothing if is_pandas else is_none)
        assert found == (without_empty(wanted) if is_pandas else wanted)


@pytest.mark.parametrize("table", ["evidence", "affinities", "sources"])
def test_what_edges_name_is_read_back(write: Write, hostile: GraphStream, table: str) -> None:
    rows = by_duckdb(write("csv") / f"{table}.csv")
    found = typed(rows, hostile.property_types(table), is_none)
    assert found == {
        node.id: {
            "iri": node.iri,
            "label": node.label,
            "kinds": list(node.kinds),
            **{name: list(value) if isinstance(value, tuple) else value for name, value in node.properties.items()},
        }
        for node in getattr(hostile, table)()
    }
