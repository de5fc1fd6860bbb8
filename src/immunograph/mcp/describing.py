"""``schema``, ``find``, ``node`` and ``sources``: what the graph holds, and all that it says of one node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any

from immunograph.errors import QueryParameterError
from immunograph.identifiers import compress, expand, prefix_map
from immunograph.knowledge import KnowledgeGraph
from immunograph.mcp.replies import Data, Draft, Item, Numbers, Show, Shown, filled, marks, plain
from immunograph.names import nearest
from immunograph.pages import NodePage, Statement
from immunograph.queries import NamedNode
from immunograph.queries.citations import Citation, read_citations
from immunograph.vocabulary import ASSOCIATION_KINDS, IG, KIND_OF_PREDICATE, NODE_KINDS, OBJECT_KINDS, SUBJECT_KINDS

_NOT_QUALIFIERS = frozenset({"rdf:type", "ig:hasEvidence", "ig:subject", "ig:predicate", "ig:object"})
_OWN_PREFIXES = ("ig", "iga", "igd")
_KINDS = " ".join(f"ig:{kind}" for kind in NODE_KINDS)
_OBJECTS = (
    f"SELECT ?p ?k WHERE {{ VALUES ?k {{ {_KINDS} }} ?a ig:predicate ?p ; ig:object ?o . ?o a ?k }} "
    "GROUP BY ?p ?k ORDER BY ?p ?k"
)
_QUALIFIERS = "SELECT ?q (COUNT(*) AS ?n) WHERE { ?a a ig:Association ; ?q ?v } GROUP BY ?q ORDER BY DESC(?n) ?q"
_ENDS = (
    "SELECT ?a ?s ?o WHERE {{ {{ ?a ig:subject <{0}> }} UNION {{ ?a ig:object <{0}> }} "
    "?a ig:subject ?s ; ig:object ?o }}"
)
_PAGES = "SELECT ?source ?page WHERE { ?source a dcat:Dataset ; dcat:landingPage ?page } ORDER BY ?source"
_MOST_NAMES, _MOST_CLASSES = 10, 25

EXAMPLES: Mapping[str, str] = {
    "approved inhibitors of a target": (
        "SELECT DISTINCT ?m WHERE { ?m ig:inhibits UniProtKB:P08887 ; ig:approvedBy ?r }"
    ),
    "statements with qualifiers and where they can be read": (
        "SELECT ?effect ?percent ?title ?address WHERE { ?a a ig:AdverseReaction ; ig:subject igd:tocilizumab ; "
        "ig:object ?effect ; ig:hasEvidence ?e . ?e dcterms:title ?title . OPTIONAL { ?e ig:address ?address } "
        "OPTIONAL { ?a ig:frequencyPercent ?percent } FILTER NOT EXISTS { ?a ig:negated true } }"
    ),
    "members of a class, which is inferred": "SELECT ?m WHERE { ?m a ig:JAKInhibitor , ig:Modulator }",
}
"""What a query is for → the query; each runs on any graph of this model."""

_GUIDE = (
    "An association is a node with ig:subject, ig:predicate, ig:object, qualifiers and ig:hasEvidence; evidence has "
    "dcterms:title, ig:section, ig:address, ig:source. Unless ig:negated true, `subject predicate object` holds "
    "directly too. Modulators are typed with inferred classes (`?m a ig:JAKInhibitor`). ig:broader is transitive: "
    "`?c ig:broader* X` is X or narrower. Labels: rdfs:label; synonyms: skos:altLabel; other identifiers: "
    "skos:exactMatch."
)


def schema(kg: KnowledgeGraph) -> Iterator[Draft]:
    """Kinds of node and association, predicates with what they join, qualifiers, prefixes and examples."""
    content = schema_of(kg)
    yield Draft(_schema_text(content), {**content, "guide": _GUIDE, "examples": list(EXAMPLES.values())}, "")


@lru_cache(maxsize=2)
def schema_of(kg: KnowledgeGraph) -> Data:
    """The schema with counts, as plain data; of each association kind its subjects, and its predicates with objects."""
    info: Mapping[str, Any] = kg.info()
    objects = _object_kinds(kg)
    qualifiers = (compress(row[0].value) for row in kg.graph.select(_QUALIFIERS).rows if row[0])
    used = sorted({curie.partition(":")[0] for curie in _node_curies(kg)} - set(_OWN_PREFIXES))
    return {
        "nodes": {kind: count for kind, count in info["nodes"].items() if count},
        "modulator_classes": info["modulator_classes"],
        "associations": {
            kind: {
                "subjects": "|".join(SUBJECT_KINDS[kind]),
                "predicates": _predicates(kind, info["predicates"], objects),
            }
            for kind in ASSOCIATION_KINDS
            if info["associations"][kind]
        },
        "qualifiers": [name for name in qualifiers if name not in _NOT_QUALIFIERS],
        "prefixes": {name: prefix_map()[name] for name in (*_OWN_PREFIXES, *used)},
    }


def find(kg: KnowledgeGraph, names: str | Sequence[str], kind: str = "", limit: int = 5) -> Iterator[Draft]:
    """The nodes that names mean, best first, for each name."""
    wanted = [names] if isinstance(names, str) else list(names)
    _check(kind, (*NODE_KINDS, "ModulatorClass"), "kind")
    found = {name: kg.find(name, kind or None, limit + 1) for name in wanted}
    items = [Item(_finding(name, nodes, limit)) for name, nodes in found.items()]
    lost = [name for name, nodes in found.items() if not nodes]
    notes = [f"nothing is called {name!r}, or nearly so" for name in lost]
    title = f"Nodes by name, best first ({len(wanted) - len(lost)} of {len(wanted)} names found)"
    yield Draft(title, {}, "names", items, lambda shown: "ask for the rest of the names", notes, len(items))


def node(kg: KnowledgeGraph, name: str, kind: str = "", predicate: str = "", offset: int = 0) -> Iterator[Draft]:
    """A node's names, classes and statements with citations; a fair share of each kind, or one kind alone."""
    _check(kind, ASSOCIATION_KINDS, "kind")
    _check(predicate, tuple(KIND_OF_PREDICATE), "predicate")
    page = kg.show(name)
    wanted = [s for s in page.statements if kind in ("", s.kind) and predicate in ("", s.predicate)]
    taken = wanted[offset:] if kind or predicate else _in_turn(wanted)
    order = {statement.association: at for at, statement in enumerate(wanted)}
    cited = read_citations([expand(s.association) for s in taken], kg.graph)
    others = _others(kg, page.node.iri)
    items = [
        Item(_stated(s, cited[expand(s.association)], others.get(s.association, "")), order[s.association])
        for s in taken
    ]
    head = {**_about(page), "statements_by_kind": _counts(page.statements)}
    yield Draft(
        title=_titled(
            page, head, f"{len(wanted)} statements" + (f" ({kind or predicate})" if kind or predicate else "")
        ),
        head=head,
        name="statements",
        items=items,
        rest=lambda shown: _rest_of(page.node.curie, kind, predicate, taken, shown),
        notes=[]
        if wanted
        else [f"nothing is stated of it{' of that kind' if page.statements else ''}: not known here"],
        total=len(wanted),
        start=offset if kind or predicate else 0,
    )


def sources(kg: KnowledgeGraph) -> Iterator[Draft]:
    """The sources of the graph with licence, version, address and number of statements."""
    info: Mapping[str, Any] = kg.info()
    pages = {compress(s.value).partition(":")[2]: page.value for s, page in kg.graph.select(_PAGES).rows if s and page}
    items = [Item(_source({**one, "address": pages.get(str(one["source"]), "")})) for one in info["sources"]]
    head = {"version": info["version"], "associations": info["associations_total"], "evidence": info["evidence"]}
    title = f"{len(items)} sources of {info['associations_total']} statements"
    yield Draft(title, head, "sources", items, lambda _: "give a larger budget", (), len(items))


def _predicates(kind: str, counts: Mapping[str, int], objects: Mapping[str, str]) -> dict[str, str]:
    """Predicate → kinds of its objects, and how many statements have it."""
    names = [name for name, own in KIND_OF_PREDICATE.items() if own == kind and name in counts]
    return {name: f"{objects.get(name, 'a status')}, {counts[name]}" for name in names}


def _object_kinds(kg: KnowledgeGraph) -> dict[str, str]:
    """Predicate → the kinds of node that its objects are, of those that they may be."""
    may_be = {
        kind: {*kinds, *(("CellType",) if kind == "TargetAction" else ())} for kind, kinds in OBJECT_KINDS.items()
    }
    found: dict[str, list[str]] = {}
    for row in kg.graph.select(_OBJECTS).rows:
        predicate, kind = (term.value.removeprefix(IG) if term else "" for term in row)
        if kind in may_be.get(KIND_OF_PREDICATE.get(predicate, ""), ()):
            found.setdefault(predicate, []).append(kind)
    return {predicate: "|".join(kinds) for predicate, kinds in found.items()}


def _node_curies(kg: KnowledgeGraph) -> list[str]:
    rows = kg.graph.select(f"SELECT DISTINCT ?n WHERE {{ VALUES ?k {{ {_KINDS} }} ?n a ?k }}").rows
    return [curie for row in rows if row[0] and "://" not in (curie := compress(row[0].value))]


def _schema_text(content: Data) -> str:
    lines = [_GUIDE, "Nodes: " + ", ".join(f"{kind} {n}" for kind, n in content["nodes"].items())]
    lines += ["Associations, with predicates (of ig:), objects and counts:"]
    for kind, stated in content["associations"].items():
        predicates = "; ".join(f"{name} {text}" for name, text in stated["predicates"].items())
        lines.append(f"- {kind} of {stated['subjects']}: {predicates}")
    lines += ["Qualifiers: " + ", ".join(content["qualifiers"])]
    lines += ["Prefixes, all known to `sparql`: " + ", ".join(content["prefixes"])]
    return "\n".join([*lines, *(f"Example, {what}: {query}" for what, query in EXAMPLES.items())])


def _check(text: str, known: Sequence[str], what: str) -> None:
    if text and text not in known:
        near = nearest(text, known) or known
        raise QueryParameterError(f"{what} cannot be {text!r}; choose {', '.join(near)}")


def _finding(name: str, nodes: Sequence[NamedNode], limit: int) -> Show:
    shown = [{"node": n.curie, "label": n.label, "kinds": list(n.kinds), "matched": n.matched} for n in nodes[:limit]]
    left = {"more": "there are more; give a larger limit"} if len(nodes) > limit else {}

    def show(_: Numbers) -> Shown:
        told = "; ".join(f"{plain(n)}, matched {plain(n.matched)!r}" for n in nodes[:limit]) or "nothing"
        return {"name": name, "nodes": shown, **left}, f"- {plain(name)}: {told}{' (and more)' if left else ''}"

    return show


def _about(page: NodePage) -> Data:
    """A node's names and classes; long lists are cut, and the rest is counted."""
    classes = [f"{label} (inferred)" if is_inferred else label for label, is_inferred in page.classes]
    data: Data = {
        "node": page.node.curie,
        "iri": page.node.iri,
        "label": page.node.label,
        "kinds": list(page.node.kinds),
    }
    lists = (("synonyms", page.synonyms, _MOST_NAMES), ("same_as", page.matches, _MOST_NAMES))
    for name, values, most in (*lists, ("classes", classes, _MOST_CLASSES)):
        data[name] = list(values[:most])
        data |= {f"{name}_left_out": len(values) - most} if len(values) > most else {}
    return data


def _titled(page: NodePage, head: Data, counted: str) -> str:
    """The first lines of a node's text: its names, classes and kinds of statement."""
    lines = [f"{plain(page.node)}: {counted}"]
    for said, key in (("also called", "synonyms"), ("same as", "same_as"), ("is", "classes")):
        left = f" and {head[f'{key}_left_out']} more" if f"{key}_left_out" in head else ""
        lines += [f"{said}: {plain('; '.join(head[key]))}{left}"] if head[key] else []
    counts = ", ".join(f"{kind} {count}" for kind, count in head["statements_by_kind"].items())
    return "\n".join([*lines, f"stated: {counts}"] if counts else lines)


def _counts(statements: Sequence[Statement]) -> dict[str, int]:
    kinds = [statement.kind for statement in statements]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


def _in_turn(statements: Sequence[Statement]) -> list[Statement]:
    """Statements one of each kind in turn."""
    groups = [[s for s in statements if s.kind == kind] for kind in _counts(statements)]
    return [s for s in chain.from_iterable(zip_longest(*groups)) if s is not None]


def _others(kg: KnowledgeGraph, iri: str) -> dict[str, str]:
    """Association → CURIE of the node at its other end."""
    found: dict[str, str] = {}
    for row in kg.graph.select(_ENDS.format(iri)).rows:
        association, subject, object_ = (term.value if term else "" for term in row)
        found[compress(association)] = compress(object_ if subject == iri else subject)
    return found


def _stated(statement: Statement, citations: tuple[Citation, ...], other: str) -> Show:
    def show(numbers: Numbers) -> Shown:
        cites = numbers.of(citations)
        qualifiers = {name: "; ".join(values) for name, values in statement.qualifiers.items()}
        data = {
            "kind": statement.kind,
            "subject": statement.subject,
            "predicate": statement.predicate,
            "object": statement.object,
            "other": other,
            "association": statement.association,
            "qualifiers": qualifiers,
        }
        said = f"{'NOT: ' if statement.is_negated else ''}{statement.subject} {statement.predicate} {statement.object}"
        more = f" ({', '.join(f'{name}: {text}' for name, text in qualifiers.items())})" if qualifiers else ""
        negated = {"negated": True} if statement.is_negated else {}
        return {**filled(data), **negated, "cites": cites}, f"- {plain(said + more)}{marks(cites)}"

    return show


def _rest_of(curie: str, kind: str, predicate: str, taken: Sequence[Statement], shown: int) -> str:
    """How to ask for the statements that were cut off: one kind at a time, from where it stopped."""
    if kind or predicate:
        what = ", ".join(f"{key}={value!r}" for key, value in (("kind", kind), ("predicate", predicate)) if value)
        return f"ask node(name={curie!r}, {what}, offset={shown})"
    seen, every = _counts(taken[:shown]), _counts(taken)
    left = {name: seen.get(name, 0) for name, count in every.items() if seen.get(name, 0) < count}
    asks = "; ".join(f"kind={name!r}, offset={start} ({every[name] - start} left)" for name, start in left.items())
    return f"ask node(name={curie!r}, ...) with {asks}"


def _source(content: Data) -> Show:
    line = "- {title} ({licence}, version {version}): {associations} statements <{address}>"
    told = {name: plain(value) or "not stated" for name, value in content.items()}
    return lambda _: (filled(content), line.format(**told))
