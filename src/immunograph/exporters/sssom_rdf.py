"""``sssom-rdf``: the mappings as N-Triples, each an axiom with its metadata, as SSSOM/RDF has them."""

from __future__ import annotations

from immunograph.exporters.sssom import selected_matches
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import Target
from immunograph.linking.mappings import rdf_lines


def write(stream: GraphStream, target: Target) -> None:
    """Write the triples of each mapping, sorted by mapping."""
    with target.text() as file:
        for match in sorted(selected_matches(stream), key=lambda one: one.iri):
            file.writelines(rdf_lines(match))
