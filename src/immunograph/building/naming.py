"""Which changes of a graph bear on the index of names."""

from __future__ import annotations

from immunograph.store.graph import Graph
from immunograph.store.triples import Triple
from immunograph.vocabulary import IG, NODE_KINDS, RDF_TYPE, RDFS_LABEL, SKOS_ALT_LABEL

_KINDS = {f"<{IG}{kind}>" for kind in (*NODE_KINDS, "ModulatorClass")}
_NAMES = {f"<{RDFS_LABEL}>", f"<{SKOS_ALT_LABEL}>", f"<{IG}geneSymbol>"}


def may_name(triple: Triple, graph: Graph) -> bool:
    """Whether a triple that came or went may bear on the names of nodes, or their identifiers elsewhere.

    Args:
        triple: what changed.
        graph: the graph as it is now. A node that is none any more is told by its type, which went too.
    """
    subject, predicate, object_ = triple
    if predicate == f"<{RDF_TYPE}>":
        return object_ in _KINDS
    if predicate in _NAMES:
        return any(kind in _KINDS for _, _, kind in graph.matching(subject, f"<{RDF_TYPE}>"))
    return predicate == f"<{IG}atcCode>" or predicate.endswith("Match>")
