"""Small graphs of associations, written as rows of subject, predicate, object, evidence."""

from __future__ import annotations

from immunograph.identifiers import expand
from immunograph.store.graph import Graph
from immunograph.vocabulary import IG, KIND_OF_PREDICATE, RDF_TYPE

Row = tuple[str, str, str] | tuple[str, str, str, str]


def iri(name: str) -> str:
    return expand(f"igd:{name}")


def graph_of(rows: list[Row], *, modulators: str, broader: dict[str, str] | None = None) -> Graph:
    """A graph of associations; ``modulators`` are words, ``broader`` maps a condition to a broader one."""
    graph = Graph.in_memory()
    triples = [(f"<{iri(name)}>", f"<{RDF_TYPE}>", f"<{IG}Modulator>") for name in modulators.split()]
    for narrow, broad in (broader or {}).items():
        triples.append((f"<{iri(narrow)}>", f"<{RDF_TYPE}>", f"<{IG}Condition>"))
        triples.append((f"<{iri(narrow)}>", f"<{IG}broader>", f"<{iri(broad)}>"))
    for number, (subject, predicate, object_, *evidence) in enumerate(rows):
        node = f"<{expand(f'iga:a{number}')}>"
        record = evidence[0] if evidence else f"e{number}"
        triples += [
            (node, f"<{RDF_TYPE}>", f"<{IG}Association>"),
            (node, f"<{RDF_TYPE}>", f"<{IG}{KIND_OF_PREDICATE[predicate.removeprefix('not ')]}>"),
            (node, f"<{IG}subject>", f"<{iri(subject)}>"),
            (node, f"<{IG}predicate>", f"<{IG}{predicate.removeprefix('not ')}>"),
            (node, f"<{IG}object>", f"<{iri(object_)}>"),
            (node, f"<{IG}hasEvidence>", f"<{expand(f'ige:{record}')}>"),
        ]
        if predicate.startswith("not "):
            triples.append((node, f"<{IG}negated>", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'))
    graph.add(triples)
    return graph
