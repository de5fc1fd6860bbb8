"""``turtle``: a Turtle file for each source, and the description of the dataset (https://www.w3.org/TR/turtle/)."""

from __future__ import annotations

from immunograph.exporters.dataset import describe
from immunograph.exporters.rdf import graph_slugs, lay_out_statements, subjects, turtle_block, turtle_header
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import Target


def write(stream: GraphStream, target: Target) -> None:
    """Write ``<source>.ttl`` for each source, ``inferred.ttl`` and ``ontology.ttl`` where selected, ``dataset.ttl``."""
    lay_out_statements(stream, target)
    files = {}
    for slug in graph_slugs(stream):
        with target.text(f"{slug}.ttl") as file:
            file.write(turtle_header())
            for one in subjects(stream, slug):
                file.write("\n" + turtle_block(one))
        files[f"{slug}.ttl"] = "text/turtle"
    describe(stream, target, files)
