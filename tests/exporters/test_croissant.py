"""Croissant, checked and read by mlcroissant: the description is valid, and the rows are the graph's."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from immunograph.exporters.stream import GraphStream

from .conftest import Write
from .records import edges_of, nodes_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    mlcroissant = pytest.importorskip("mlcroissant")


@pytest.mark.filterwarnings("ignore")
def test_mlcroissant_takes_the_description_and_reads_the_rows(write: Write, fixture_stream: GraphStream) -> None:
    folder = write("croissant", fixture_stream)
    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    (hint,) = dataset.metadata.ctx.issues.warnings  # a graph has versions of sources, and no day of publication
    assert "datePublished" in hint
    for table, wanted in (("nodes", nodes_of(fixture_stream)), ("edges", edges_of(fixture_stream))):
        rows: list[dict[str, Any]] = list(dataset.records(table))
        assert {row[f"{table}/id"].decode() for row in rows} == wanted.keys()
