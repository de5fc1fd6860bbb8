"""What analyses read of a graph: stated, not negated links with their evidence, from here or from an endpoint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from immunograph.store.graph import Rows
from immunograph.vocabulary import IG

_STATEMENTS = """
SELECT ?association ?subject ?predicate ?object (GROUP_CONCAT(DISTINCT STR(?evidence); SEPARATOR=" ") AS ?records)
WHERE {
  ?association a ig:Association ;
    ig:predicate ?predicate ;
    ig:subject ?subject ;
    ig:object ?object ;
    ig:hasEvidence ?evidence .
  FILTER(?predicate IN (%s))
  FILTER NOT EXISTS { ?association ig:negated true }
}
GROUP BY ?association ?subject ?predicate ?object
ORDER BY ?association
"""
_WITHOUT_RECORDS = """
SELECT ?association ?subject ?predicate ?object WHERE {
  ?association a ig:Association ;
    ig:predicate ?predicate ;
    ig:subject ?subject ;
    ig:object ?object .
  FILTER(?predicate IN (%s))
  FILTER NOT EXISTS { ?association ig:negated true }
}
ORDER BY ?association
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
    query = _STATEMENTS if has_evidence else _WITHOUT_RECORDS
    rows = graph.select(query % ", ".join(f"ig:{name}" for name in predicates)).rows
    return [
        Statement(
            association.value,
            subject.value,
            predicate.value.removeprefix(IG),
            object_.value,
            frozenset(records[0].value.split() if records and records[0] else ()),
        )
        for association, subject, predicate, object_, *records in rows
        if association and subject and predicate and object_
    ]


def read_ancestors(graph: Asked) -> dict[str, set[str]]:
    """Condition → every broader one, as far as the graph holds the closure of ``ig:broader``."""
    found: dict[str, set[str]] = {}
    for narrow, broad in graph.select(_BROADER).rows:
        if narrow and broad and narrow != broad:
            found.setdefault(narrow.value, set()).add(broad.value)
    return found
