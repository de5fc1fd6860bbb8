"""What sources state of the two ends of a path: whether the one treats, harms or fails in the other.

A path's sign is composed; what a source states of its ends is not, and goes before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from immunograph.analysis.statements import Asked
from immunograph.identifiers import compress
from immunograph.vocabulary import IG

SAID: Mapping[str, int] = MappingProxyType(
    {
        "treats": -1,
        "prevents": -1,
        "worsens": 1,
        "hasAdverseEffect": 1,
        "ineffectiveFor": 0,
        "contraindicatedIn": 0,
        "withdrawnFor": 0,
    }
)
"""Predicate of a modulator and a condition → what it does to it: -1 counteracts, 1 furthers, 0 fails to counteract."""

_ENDS = """
SELECT ?association ?predicate ?object ?title (EXISTS { ?association ig:negated true } AS ?denied)
  (EXISTS { ?association ig:status ?status FILTER(?status IN (ig:Refused, ig:Withdrawn)) } AS ?taken_back) WHERE {
  { BIND(<%s> AS ?object) } UNION { ?object ig:broader <%s> }
  ?association ig:object ?object ;
    ig:subject <%s> ;
    ig:predicate ?predicate .
  FILTER(?predicate IN (%s))
  OPTIONAL { ?association ig:hasEvidence/ig:source/dcterms:title ?title }
}
ORDER BY ?association ?title
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What sources state of two nodes.

    Attributes:
        subject: IRI.
        predicate: local name, one of ``SAID``.
        object: IRI: the node that was asked for, or a narrower condition.
        is_negated: whether it is stated that it is not so.
        is_taken_back: whether the use was refused or withdrawn.
        associations: CURIEs of the associations that state it.
        sources: titles of their sources.
    """

    subject: str
    predicate: str
    object: str
    is_negated: bool
    is_taken_back: bool
    associations: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def how(self) -> str:
        """The predicate with what takes it back: ``not treats``, ``treats (refused or withdrawn)``."""
        return f"{'not ' * self.is_negated}{self.predicate}{' (refused or withdrawn)' * self.is_taken_back}"

    def agreement(self, sign: int) -> int:
        """Whether it says what a path of a sign suggests: 1 the same, -1 the contrary, 0 neither."""
        said = SAID[self.predicate]
        if self.is_negated or self.is_taken_back:
            return -1 if said and said == sign else 0
        return said * sign if said else min(sign, 0)


def said_of(graph: Asked, start: str, end: str) -> list[Said]:
    """What is stated of two nodes, given as IRIs, and of the first and what is narrower than the second.

    Returns:
        One for each predicate and condition: those of the second node itself first, then by predicate and condition.
    """
    predicates = ", ".join(f"ig:{name}" for name in SAID)
    found: dict[tuple[str, str, bool, bool], tuple[dict[str, None], dict[str, None]]] = {}
    for association, predicate, object_, title, denied, back in graph.select(
        _ENDS % (end, end, start, predicates)
    ).rows:
        if association and predicate and object_ and denied and back:
            key = predicate.value.removeprefix(IG), object_.value, denied.value == "true", back.value == "true"
            associations, titles = found.setdefault(key, ({}, {}))
            associations[compress(association.value)] = None
            titles.update({title.value: None} if title else {})
    order = sorted(found, key=lambda key: (key[1] != end, list(SAID).index(key[0]), *key[1:]))
    return [Said(start, *key, *map(tuple, found[key])) for key in order]
