"""``trig``: TriG (https://www.w3.org/TR/trig/)."""

from __future__ import annotations

import itertools

from immunograph.exporters.dataset import describe
from immunograph.exporters.rdf import lay_out_statements, subjects, turtle_block, turtle_header
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import Target


def write(stream: GraphStream, target: Target) -> None:
    """Write every triple in its named graph, one triple a line, and the description of the dataset beside."""
    lay_out_statements(stream, target)
    with target.text() as file:
        file.write(turtle_header())
        for slug, found in itertools.groupby(subjects(stream), key=lambda one: one.graph):
            file.write(f"\nigg:{slug} {{\n")
            for one in found:
                file.write(turtle_block(one, "  "))
            file.write("}\n")
    describe(stream, target, {target.name: "application/trig"})
