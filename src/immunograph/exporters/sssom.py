"""``sssom``: every cross-reference as a row of an SSSOM table (https://mapping-commons.github.io/sssom/)."""

from __future__ import annotations

from collections.abc import Iterator

from immunograph.assets import ontology_dir
from immunograph.errors import ExportError
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import Target
from immunograph.linking.mappings import node_matches, sssom_text, term_matches
from immunograph.sources.sssom import Match


def write(stream: GraphStream, target: Target) -> None:
    """Write one table of the selected nodes' mappings and of the ontology's terms."""
    text = sssom_text(
        selected_matches(stream),
        "immunograph",
        "ImmunoGraph nodes and terms in other vocabularies",
        "https://creativecommons.org/licenses/by/4.0/",
        stream.metadata.version,
    )
    with target.text() as file:
        file.write(text)


def selected_matches(stream: GraphStream) -> Iterator[Match]:
    """The mappings of the nodes that an export selects, then those of the ontology's terms.

    Raises:
        ExportError: the stream was not made from a built graph.
    """
    if stream.graph is None:
        raise ExportError("mappings are read from a built graph; export one, not bare files")
    nodes = {node.iri for node in stream.nodes()}
    yield from (match for match in node_matches(stream.graph) if match.subject in nodes)
    yield from term_matches(ontology_dir())
