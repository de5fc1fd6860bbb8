"""What analyses read of a graph: stated, not negated links with their evidence, from here or from an endpoint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from immunograph.store.graph import Rows
from immunograph.vocabulary import IG

_STATEMENTS = """
SELECT ?association ?subject ?predicate ?object %s WHERE {
  ?association ig:predicate ?predicate ;
    ig:subject ?subject ;
    ig:object ?object .
  %s
  FILTER(?predicate IN (%s))
  MINUS { ?association ig:negated true }
}
ORDER BY ?association %s
"""
_BROADER = "SELECT ?narrow ?broad WHERE { ?narrow a ig:Condition ; ig:broader ?broad }"


class Asked(Protocol):
    """Whatever answers a SELECT: a graph, one in a process of its own, or an endpoint."""

    def select(self, query: str, most: int | None = None) -> Rows:
        """The rows of a SELECT."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One stated link.

    Attributes:
        association: IRI of the association that states it.
        subject: IRI.
        predicate: local name.
        object: IRI.
        evidence: IRIs of its evidence records; empty where they were not asked for.
    """

    association: str
    subject: str
    predicate: str
    object: str
    evidence: frozenset[str]


def read_statements(graph: Asked, predicates: Iterable[str], *, has_evidence: bool = False) -> list[Statement]:
    """The stated links of some predicates, given as local names, by association; with their evidence if asked for."""
    record = ("?evidence", "?association ig:hasEvidence ?evidence .") if has_evidence else ("", "")
    named = ", ".join(f"ig:{name}" for name in predicates)
    found: dict[str, tuple[str, str, str]] = {}
    evidence: dict[str, set[str]] = {}
    for association, subject, predicate, object_, *records in graph.select(
        _STATEMENTS % (*record, named, record[0])
    ).rows:
        if association and subject and predicate and object_:
            found[association.value] = subject.value, predicate.value.removeprefix(IG), object_.value
            evidence.setdefault(association.value, set()).update(term.value for term in records if term)
    return [Statement(node, *parts, frozenset(evidence[node])) for node, parts in found.items()]


def read_ancestors(graph: Asked) -> dict[str, set[str]]:
    """Condition → every broader one, as far as the graph holds the closure of ``ig:broader``."""
    found: dict[str, set[str]] = {}
    for narrow, broad in graph.select(_BROADER).rows:
        if narrow and broad and narrow != broad:
            found.setdefault(narrow.value, set()).add(broad.value)
    return found
