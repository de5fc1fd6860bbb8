"""Which modulator a drug list's identifier means, and which modulators are medicines at all."""

from __future__ import annotations

from immunograph.identifiers import prefix_map
from immunograph.model import Node
from immunograph.registry import Registry

_GIVEN = frozenset({"TherapeuticModulator", "PreventiveModulator"})


def modulators_by(registry: Registry, prefix: str) -> dict[str, Node]:
    """Identifiers of one prefix → the modulator that has it as exact match, or else as close match."""
    found: dict[str, Node] = {}
    nodes = sorted((node for node in registry.nodes.values() if "Modulator" in node.types), key=lambda node: node.iri)
    namespace = prefix_map()[prefix]
    for kind in ("exact", "close"):
        for node in nodes:
            for iri in getattr(node, kind):
                if iri.startswith(namespace):
                    found.setdefault(iri[len(namespace) :], node)
    return found


def is_only_endogenous(node: Node) -> bool:
    """Whether a modulator is stated to be made by the body, and not to be given as a medicine."""
    return "EndogenousModulator" in node.types and not _GIVEN & set(node.types)
