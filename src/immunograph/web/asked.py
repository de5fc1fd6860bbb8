"""What a visitor asked for, worked out in the graph: the pages and the JSON interface show the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from immunograph.errors import QueryParameterError, UnknownTermError
from immunograph.explaining import Explanation
from immunograph.identifiers import compress
from immunograph.knowledge import KnowledgeGraph
from immunograph.pages import NodePage
from immunograph.queries import Answer, NamedNode
from immunograph.vocabulary import IG
from immunograph.web.drawing import neighbourhood, paths_picture
from immunograph.web.settings import Settings
from immunograph.web.shown import Group, groups_of, spaced

LONGEST_NAME = 1000
"""Characters; no name in the graph comes near to it."""

_CLASSES = """
SELECT DISTINCT ?class (EXISTS {{ GRAPH igg:inferred {{ <{iri}> a ?class }} }} AS ?inferred) WHERE {{
  <{iri}> a ?class . ?class a ig:ModulatorClass
}} ORDER BY ?class
"""

_CONCLUDED = {"Modulator", "Combination", "ModulatorClass"}
"""Kinds of node that ``query inferred-about`` takes."""

_LINKS = """
SELECT DISTINCT ?how ?other WHERE {{
  {{ <{iri}> ig:member ?other BIND("member" AS ?how) }}
  UNION {{ ?other ig:member <{iri}> BIND("member of" AS ?how) }}
  UNION {{ <{iri}> rdfs:subClassOf ?other . ?other a ig:ModulatorClass BIND("kind of" AS ?how) }}
  UNION {{ ?other rdfs:subClassOf <{iri}> ; a ig:ModulatorClass BIND("has the kind" AS ?how) }}
  FILTER(?other != <{iri}> && isIRI(?other))
}} ORDER BY ?how ?other
"""

_DEFINITION = "SELECT ?text WHERE {{ <{iri}> skos:definition ?text }} ORDER BY ?text LIMIT 1"


@dataclass(frozen=True, slots=True)
class NodeView:
    """A node for a page.

    Attributes:
        page: what ``show`` gives.
        groups: its statements in words.
        classes: the modulator classes that it is in, as (CURIE, label, whether that is inferred).
        links: what the node is made of or stands under, as (predicate, label, CURIE).
        definition: of a class, in a sentence; empty where there is none.
        inferred: what else was inferred of it, as ``query inferred-about`` gives it.
        members: of a class: its members, as ``query class-members`` gives them; None for other nodes.
        picture: its neighbourhood as SVG.
    """

    page: NodePage
    groups: list[Group]
    classes: list[tuple[str, str, bool]]
    links: list[tuple[str, str, str]]
    definition: str
    inferred: Answer
    members: Answer | None
    picture: str


def node_view(kg: KnowledgeGraph, name: str) -> NodeView:
    """All that a page shows of a node.

    Raises:
        UnknownTermError: nothing is called that; AmbiguousTermError: several nodes are.
    """
    page = kg.show(name)
    is_class = "ModulatorClass" in page.node.kinds
    return NodeView(
        page,
        groups_of(page, kg.label),
        _classes(kg, page.node),
        _links(kg, page.node),
        next((row[0].value for row in kg.graph.select(_DEFINITION.format(iri=page.node.iri)).rows if row[0]), ""),
        kg.query("inferred-about", node=page.node.iri) if _CONCLUDED & set(page.node.kinds) else Answer((), ()),
        kg.query("class-members", {"class": page.node.iri}) if is_class else None,
        neighbourhood(page, _predicate_label(kg)),
    )


def found_nodes(kg: KnowledgeGraph, text: str, kind: str | None, limit: int) -> list[NamedNode]:
    """Nodes by name, as ``find`` gives them; none for an empty text.

    Raises:
        QueryParameterError: the text is longer than any name.
    """
    if len(text) > LONGEST_NAME:
        raise QueryParameterError(f"a name has at most {LONGEST_NAME} characters; this one has {len(text)}")
    return kg.find(text, kind, limit) if text.strip() else []


def answer_of(
    kg: KnowledgeGraph, name: str, values: Mapping[str, str], settings: Settings, *, limit: int | None, sources: bool
) -> Answer:
    """A saved question's answer with labels, in limited time; the evidence behind each row where asked for.

    Raises:
        QueryNotFoundError, QueryParameterError, UnknownTermError, AmbiguousTermError, QueryTimeoutError: as ``query``.
    """
    answer = kg.query(name, dict(values), timeout=settings.seconds, limit=limit)
    return answer.with_sources(settings.seconds) if sources else answer


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a triple holds, or does not.

    Attributes:
        explanation: the proof; None where it does not hold.
        why_not: what is known, and the nearest rules; empty where it holds.
    """

    explanation: Explanation | None
    why_not: str


def reason_of(kg: KnowledgeGraph, subject: str, predicate: str, object_: str) -> Reason:
    """Why a triple holds, or does not.

    Raises:
        UnknownTermError, AmbiguousTermError, StoreError: as ``explain``.
    """
    for what, text in (("a subject", subject), ("a predicate", predicate), ("an object", object_)):
        if not text.strip():
            raise UnknownTermError(f"(empty: give {what})")
    found = kg.explain(subject, predicate, object_)
    return Reason(found, "" if found else kg.why_not(subject, predicate, object_))


@dataclass(frozen=True, slots=True)
class PathView:
    """Mechanism paths for a page.

    Attributes:
        paths: each with its sign, and its links as (subject, predicate, object, sources).
        stated: what sources state of the two ends, as (sentence, CURIEs of the statements, sources).
        picture: the paths as SVG.
    """

    paths: list[tuple[int, list[tuple[str, str, str, str]]]]
    stated: list[tuple[str, tuple[str, ...], str]]
    picture: str


def path_view(kg: KnowledgeGraph, start: str, end: str, hops: int, most: int) -> PathView:
    """Mechanism paths between two nodes.

    Raises:
        UnknownTermError, AmbiguousTermError: as ``path``.
    """
    found = kg.path(start, end, hops=hops, most=most)
    paths = [
        (path.sign, [(kg.label(k.subject), k.predicate, kg.label(k.object), "; ".join(k.sources)) for k in path.links])
        for path in found
    ]
    stated = [
        (
            f"{kg.label(said.subject)} {spaced(said.how)} {kg.label(said.object)}",
            said.associations,
            "; ".join(said.sources),
        )
        for said in kg.said_of(start, end)
    ]
    return PathView(paths, stated, paths_picture(found, kg.label))


def _classes(kg: KnowledgeGraph, node: NamedNode) -> list[tuple[str, str, bool]]:
    rows = kg.graph.select(_CLASSES.format(iri=node.iri)).rows
    return [
        (compress(one.value), kg.label(one.value), bool(inferred and inferred.value == "true"))
        for one, inferred in rows
        if one
    ]


def _links(kg: KnowledgeGraph, node: NamedNode) -> list[tuple[str, str, str]]:
    rows = kg.graph.select(_LINKS.format(iri=node.iri)).rows
    return [(how.value, kg.label(one.value), compress(one.value)) for how, one in rows if how and one]


def _predicate_label(kg: KnowledgeGraph) -> Callable[[str], str]:
    return lambda name: kg.label(IG + name)
