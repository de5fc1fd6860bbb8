"""What is already known: nodes by identifier and by name, for importers that attach statements to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from immunograph.identifiers import as_iri, compress
from immunograph.model import Node
from immunograph.names import name_key, nearest


@dataclass(slots=True)
class Registry:
    """Nodes by IRI, by cross-reference and by name.

    A name may mean several nodes; a cross-reference means one (the first that claimed it).

    Attributes:
        nodes: described nodes by IRI.
        in_use: IRIs that an association names as subject, object or qualifier, described or not.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    in_use: set[str] = field(default_factory=set)
    _by_match: dict[str, str] = field(default_factory=dict)
    _by_name: dict[str, list[str]] = field(default_factory=dict)

    def add(self, node: Node) -> None:
        """Take a node in under its IRI, its exact matches, its label and its synonyms."""
        self.nodes[node.iri] = node
        for iri in node.exact:
            self._by_match.setdefault(iri, node.iri)
        for name in (node.label, *node.synonyms):
            iris = self._by_name.setdefault(name_key(name), [])
            if node.iri not in iris:
                iris.append(node.iri)

    def extend(self, nodes: Iterable[Node]) -> None:
        """Take many nodes in."""
        for node in nodes:
            self.add(node)

    def by_identifier(self, curie_or_iri: str) -> Node | None:
        """The node with this CURIE or IRI, as its own or as an exact match."""
        iri = as_iri(curie_or_iri)
        if iri is None:
            return None
        return self.nodes.get(iri) or self.nodes.get(self._by_match.get(iri, ""))

    def by_name(self, name: str, kinds: Sequence[str] = ()) -> list[Node]:
        """The nodes of this label or synonym, of one of the kinds where any is given; labels come first."""
        found = [self.nodes[iri] for iri in self._by_name.get(name_key(name), ())]
        fitting = [node for node in found if not kinds or set(kinds) & set(node.types)]
        return sorted(fitting, key=lambda node: (name_key(node.label) != name_key(name), compress(node.iri)))

    def of_kind(self, kind: str) -> Iterator[Node]:
        """Every node that states this kind, in the order they were added."""
        return (node for node in self.nodes.values() if kind in node.types)

    def suggestions(self, name: str, kinds: Sequence[str] = ()) -> list[str]:
        """Known names like this one, for an error text."""
        names = (
            known
            for node in self.nodes.values()
            if not kinds or set(kinds) & set(node.types)
            for known in (node.label, *node.synonyms)
        )
        return nearest(name, names, limit=3)
