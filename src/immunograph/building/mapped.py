"""The named graph ``mappings``: every match of a node or an ontology term with something elsewhere, in one place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from immunograph.linking.mappings import term_matches
from immunograph.sources.sssom import SKOS
from immunograph.store.graph import Graph, source_graph
from immunograph.store.triples import Triple, n_triples

MAPPINGS = source_graph("mappings")
RELATIONS = tuple(f"{SKOS}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related"))
"""The relations of SKOS that a match may be."""

_MATCHES = f"SELECT ?s ?p ?o WHERE {{ VALUES ?p {{ {' '.join(f'<{one}>' for one in RELATIONS)} }} ?s ?p ?o }}"


def add_mappings(graph: Graph, ontology: Path) -> None:
    """Fill ``igg:mappings`` of a loaded graph: the sources' matches again, and the committed ones of our terms.

    Matches that a table denies (``predicate_modifier`` ``Not``) are no links, and are left out.

    Raises:
        LoadError: a table of mappings is broken.
    """
    of_nodes = [(n_triples(s), n_triples(p), n_triples(o)) for s, p, o in graph.select(_MATCHES).rows if s and p and o]
    graph.add([*of_nodes, *matches_of_terms(ontology)], MAPPINGS)


def matches_of_terms(ontology: Path) -> list[Triple]:
    """The committed matches of the ontology's terms, without those that a table denies.

    Raises:
        LoadError: a table of mappings is broken.
    """
    return [
        (f"<{match.subject}>", f"<{match.predicate}>", f"<{match.object}>")
        for match in term_matches(ontology)
        if not match.is_not and match.predicate in RELATIONS
    ]


def matches_among(triples: Iterable[Triple]) -> list[Triple]:
    """Those of some triples that belong into ``igg:mappings``."""
    relations = {f"<{one}>" for one in RELATIONS}
    return [triple for triple in triples if triple[1] in relations]
