"""Croissant, checked and read by mlcroissant: the description is valid, and the rows are the graph's."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from immunograph.exporters.stream import GraphStream

from .conftest import Write
from .hostile import BIG
from .records import edges_of, nodes_of, without

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    mlcroissant = pytest.importorskip("mlcroissant")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("which", ["fixture_stream", "hostile"])
def test_mlcroissant_takes_the_description_and_reads_the_rows(
    write: Write, which: str, request: pytest.FixtureRequest
) -> None:
    stream: GraphStream = request.getfixturevalue(which)
    dataset = mlcroissant.Dataset(jsonld=str(write("croissant", stream) / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    (hint,) = dataset.metadata.ctx.issues.warnings  # a graph has versions of sources, and no day of publication
    assert "datePublished" in hint
    edges = edges_of(stream)
    if which == "hostile":  # mlcroissant holds whole numbers as doubles
        edges["iga:many-parts"]["denominator"] = BIG - 1
    for table, wanted in (("nodes", nodes_of(stream)), ("edges", edges)):
        rows = [_row(row, table) for row in dataset.records(table)]
        assert {row.pop("id"): row for row in rows} == wanted


def _row(row: dict[str, Any], table: str) -> dict[str, Any]:
    return without(None, {name.removeprefix(f"{table}/"): _plain(value) for name, value in row.items()})


def _plain(value: Any) -> Any:
    """Texts come as bytes."""
    if isinstance(value, bytes):
        return value.decode()
    return [_plain(one) for one in value] if isinstance(value, list) else value
