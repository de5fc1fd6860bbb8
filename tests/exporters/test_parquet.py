"""Parquet, read by DuckDB, polars and pandas: nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pytest

from immunograph.exporters.stream import GraphStream

from .conftest import Write
from .records import Records, edges_of, nodes_of, without


def by_duckdb(path: Path) -> list[dict[str, Any]]:
    found = duckdb.connect().execute(f"SELECT * FROM '{path}'")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def by_polars(path: Path) -> list[dict[str, Any]]:
    return polars.read_parquet(path).to_dicts()


def by_pandas(path: Path) -> list[dict[str, Any]]:
    frame = pandas.read_parquet(path, dtype_backend="pyarrow")
    return [
        {name: None if value is pandas.NA or value is None else _plain(value) for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    return list(value) if hasattr(value, "tolist") and not isinstance(value, str) else value


@pytest.mark.parametrize("read", [by_duckdb, by_polars, by_pandas])
def test_every_table_is_read(write: Write, hostile: GraphStream, read: Callable[[Path], list[dict[str, Any]]]) -> None:
    folder = write("parquet")
    for table, wanted in (("nodes", nodes_of(hostile)), ("edges", edges_of(hostile))):
        found: Records = {row.pop("id"): without(None, row) for row in read(folder / f"{table}.parquet")}
        assert found == wanted
    assert {row["id"] for row in read(folder / "evidence.parquet")} == {"ige:first", "ige:second"}


def test_nothing_an_empty_text_and_an_empty_list_differ(write: Write) -> None:
    rows = {row["id"]: row for row in by_duckdb(write("parquet") / "edges.parquet")}
    assert rows["iga:parallel-2"]["population"] == "" and rows["iga:loop"]["population"] is None
    assert rows["iga:loop"]["publications"] == [] and rows["iga:year"]["publications"] == ["PMID:1", "PMID:2"]


def test_the_same_graph_gives_the_same_bytes(write: Write) -> None:
    first = {path.name: path.read_bytes() for path in write("parquet").iterdir()}
    assert first == {path.name: path.read_bytes() for path in write("parquet").iterdir()}
