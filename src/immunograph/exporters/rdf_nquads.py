"""``nquads``: N-Quads, sorted (https://www.w3.org/TR/n-quads/)."""

from __future__ import annotations

from immunograph.exporters.dataset import describe
from immunograph.exporters.rdf import lay_out_statements, sorted_quads
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import Target


def write(stream: GraphStream, target: Target) -> None:
    """Write every triple in its named graph, sorted, and the description of the dataset beside."""
    lay_out_statements(stream, target)
    with target.text() as file:
        for lines in sorted_quads(stream):
            file.write(lines)
    describe(stream, target, {target.name: "application/n-quads"})
