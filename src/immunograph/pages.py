"""One node on one page: names, classes, and every statement with its qualifiers and sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from immunograph.identifiers import compress
from immunograph.model import Iri
from immunograph.queries import Answer, NamedNode
from immunograph.queries.citations import read_citations
from immunograph.store.graph import Graph
from immunograph.vocabulary import IG

_STATEMENTS = """
SELECT DISTINCT ?association ?kind ?subject ?predicate ?object ?negated WHERE {{
  {{ ?association ig:subject <{iri}> }} UNION {{ ?association ig:object <{iri}> }}
  ?association ig:predicate ?predicate ; ig:subject ?subject ; ig:object ?object ; a ?kind .
  FILTER(?kind != ig:Association)
  OPTIONAL {{ ?association ig:negated ?negated }}
}}
ORDER BY ?kind ?predicate ?subject ?object ?association
"""

_CLASSES = """
SELECT DISTINCT ?label (EXISTS {{ GRAPH igg:inferred {{ <{iri}> a ?class }} }} AS ?inferred) WHERE {{
  <{iri}> a ?class . ?class rdfs:label ?label
}} ORDER BY ?label
"""

_QUALIFIERS = """
SELECT ?association ?qualifier ?value WHERE {{
  {{ ?association ig:subject <{iri}> }} UNION {{ ?association ig:object <{iri}> }}
  ?association ?qualifier ?value .
  FILTER(?qualifier NOT IN (rdf:type, ig:subject, ig:predicate, ig:object, ig:hasEvidence, ig:negated))
}} ORDER BY ?association ?qualifier ?value
"""

_CITATION = ("source", "record", "section", "address")


@dataclass(frozen=True, slots=True)
class Statement:
    """One association of a node, with the evidence behind it.

    Attributes:
        association: its CURIE.
        sources: slugs of the sources that say so.
        addresses: where the records can be read.
        qualifiers: local name of the qualifier → values, IRIs as labels or CURIEs.
        ends: CURIEs of subject and object.
        citations: the records themselves, as (source slug, title or identifier, section, address).
    """

    association: str
    kind: str
    subject: str
    predicate: str
    object: str
    is_negated: bool
    sources: tuple[str, ...]
    addresses: tuple[str, ...]
    qualifiers: Mapping[str, tuple[str, ...]]
    ends: tuple[str, str] = ("", "")
    citations: tuple[tuple[str, str, str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The statement as plain data."""
        return {
            "association": self.association,
            "kind": self.kind,
            "subject": self.subject,
            "predicate": self.predicate,
            "object": self.object,
            "subject_id": self.ends[0],
            "object_id": self.ends[1],
            "negated": self.is_negated,
            "qualifiers": {name: list(values) for name, values in self.qualifiers.items()},
            "sources": list(self.sources),
            "addresses": list(self.addresses),
            "citations": [dict(zip(_CITATION, citation, strict=True)) for citation in self.citations],
        }


@dataclass(frozen=True, slots=True)
class NodePage:
    """All that the graph says of one node.

    Attributes:
        node: the node.
        synonyms: its other names.
        matches: CURIEs of the same thing elsewhere.
        classes: labels of the classes that it belongs to, with whether that is inferred.
        statements: associations that name it as subject or object.
    """

    node: NamedNode
    synonyms: tuple[str, ...]
    matches: tuple[str, ...]
    classes: tuple[tuple[str, bool], ...]
    statements: tuple[Statement, ...]

    def headings(self, *, has_inferred: bool = False) -> tuple[str, ...]:
        """Lines above the statements: the node, its other names, its matches, its classes (inferred ones if asked)."""
        classes = [label for label, is_inferred in self.classes if has_inferred or not is_inferred]
        lines = (("also called", self.synonyms), ("same as", self.matches), ("is a", classes))
        return (
            f"{self.node.label}  {self.node.curie}  ({', '.join(self.node.kinds)})",
            *(f"{heading}: {', '.join(values)}" for heading, values in lines if values or heading == "is a"),
        )

    def rows(self) -> Answer:
        """The statements as rows of texts."""
        rows = (
            (
                statement.subject,
                f"not {statement.predicate}" if statement.is_negated else statement.predicate,
                statement.object,
                "; ".join(f"{name}: {', '.join(found)}" for name, found in statement.qualifiers.items()),
                ", ".join(statement.sources),
            )
            for statement in self.statements
        )
        return Answer(("subject", "predicate", "object", "qualifiers", "source"), tuple(rows))

    def as_dict(self) -> dict[str, object]:
        """The page as plain data."""
        return {
            "node": self.node.curie,
            "iri": self.node.iri,
            "label": self.node.label,
            "kinds": list(self.node.kinds),
            "synonyms": list(self.synonyms),
            "matches": list(self.matches),
            "classes": [{"label": label, "inferred": is_inferred} for label, is_inferred in self.classes],
            "statements": [statement.as_dict() for statement in self.statements],
        }


def page_of(node: NamedNode, graph: Graph, label_of: Callable[[str], str]) -> NodePage:
    """Gather all that a graph says of a node, labels in the place of identifiers."""
    synonyms = _values(graph, f"SELECT ?x WHERE {{ <{node.iri}> skos:altLabel ?x }} ORDER BY ?x")
    matches = _values(graph, f"SELECT ?x WHERE {{ <{node.iri}> skos:exactMatch ?x }} ORDER BY ?x")
    classes = tuple(
        (label.value, bool(inferred and inferred.value == "true"))
        for label, inferred in graph.select(_CLASSES.format(iri=node.iri)).rows
        if label
    )
    statements = tuple(_statements(node.iri, graph, label_of))
    return NodePage(node, synonyms, tuple(map(compress, matches)), classes, statements)


def _statements(iri: str, graph: Graph, label_of: Callable[[str], str]) -> Iterator[Statement]:
    qualifiers = _qualifiers(iri, graph, label_of)
    rows = [[term.value if term else "" for term in row] for row in graph.select(_STATEMENTS.format(iri=iri)).rows]
    cited = read_citations([row[0] for row in rows], graph)
    for association, kind, subject, predicate, object_, negated in rows:
        found = sorted(cited[association], key=lambda one: (one.dataset, one.address, one.section, one.record))
        citations = tuple((one.dataset, one.record, one.section, one.address) for one in found)
        yield Statement(
            association=compress(association),
            kind=kind.removeprefix(IG),
            subject=label_of(subject),
            predicate=predicate.removeprefix(IG),
            object=label_of(object_),
            is_negated=negated == "true",
            sources=tuple(dict.fromkeys(citation[0] for citation in citations)),
            addresses=tuple(dict.fromkeys(citation[3] for citation in citations if citation[3])),
            qualifiers={name: tuple(values) for name, values in qualifiers.get(association, {}).items()},
            ends=(compress(subject), compress(object_)),
            citations=citations,
        )


def _qualifiers(iri: str, graph: Graph, label_of: Callable[[str], str]) -> dict[str, dict[str, list[str]]]:
    """Association → qualifier → its values, of every association of a node."""
    found: dict[str, dict[str, list[str]]] = {}
    for association, qualifier, value in graph.select(_QUALIFIERS.format(iri=iri)).rows:
        if association and qualifier and value:
            shown = label_of(value.value) if isinstance(value, Iri) else value.value
            values = found.setdefault(association.value, {}).setdefault(qualifier.value.removeprefix(IG), [])
            if shown not in values:
                values.append(shown)
    return found


def _values(graph: Graph, query: str) -> tuple[str, ...]:
    return tuple(row[0].value for row in graph.select(query).rows if row[0])
