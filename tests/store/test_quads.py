"""N-Quads are read into named graphs and, once, into the default graph."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from immunograph.errors import LoadError
from immunograph.store.quads import read_quads

QUADS = b"""<urn:x:a> <urn:x:says> "a\\tb \\"quoted\\" \xc3\xbc"@en <urn:x:first> .
<urn:x:a> <urn:x:says> "a\\tb \\"quoted\\" \xc3\xbc"@en <urn:x:second> .
<urn:x:a> <urn:x:of> <urn:x:b> <urn:x:second> .
"""


@pytest.mark.parametrize("name", ["graph.nq", "graph.nq.gz"])
def test_named_graphs_and_the_default_graph_are_filled(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(QUADS) if name.endswith(".gz") else QUADS)
    graph = read_quads(path)
    assert graph.graph_names() == ["urn:x:first", "urn:x:second"]
    assert len(graph) == 2 and len(list(graph.triples("urn:x:second"))) == 2


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "1.nq.gz"
    path.write_bytes(gzip.compress(QUADS)[:40])
    with pytest.raises(LoadError, match="1.nq.gz: cannot be read"):
        read_quads(path)
    path.write_bytes(gzip.compress(b"<urn:x:a> <urn:x:b> .\n"))
    with pytest.raises(LoadError, match="1.nq.gz:1: syntax error"):
        read_quads(path)
    with pytest.raises(LoadError, match="nowhere.nq: cannot be read"):
        read_quads(tmp_path / "nowhere.nq")
