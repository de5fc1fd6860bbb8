"""What a stream holds, and what a reader gave back, as plain data that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from immunograph.exporters.node_link import attributes_of_edge, attributes_of_node
from immunograph.exporters.stream import GraphStream

Records = dict[str, dict[str, Any]]


def nodes_of(stream: GraphStream) -> Records:
    """Identifier → all attributes, of the nodes."""
    return {node.id: attributes_of_node(node) for node in stream.nodes()}


def edges_of(stream: GraphStream) -> Records:
    """Identifier → ends and all attributes, of the edges."""
    return {
        edge.id: {"source": edge.source, "target": edge.target, **attributes_of_edge(edge)} for edge in stream.edges()
    }


def mapped(records: Records, change: Callable[[Any], Any]) -> Records:
    """The same with every value changed, and those left out that become None."""
    return {
        name: without(None, {key: change(value) for key, value in found.items()}) for name, found in records.items()
    }


def replaced(text: str) -> str:
    """A text as XML can hold it."""
    return "".join(sign if sign >= " " or sign in "\t\n\r" else "\ufffd" for sign in text)


def without(nothing: Any, found: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes without those that hold nothing."""
    return {key: value for key, value in found.items() if value != nothing}
