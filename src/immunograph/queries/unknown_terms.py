"""Terms of a query that the graph does not hold, each with the nearest that it does hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from immunograph.identifiers import compress, prefix_map
from immunograph.model import Literal
from immunograph.names import nearest
from immunograph.queries.anatomy import Anatomy, Piece, read_terms, walk
from immunograph.queries.names import NameIndex
from immunograph.queries.relaxing import Asked, shown_sparql
from immunograph.store.graph import Rows
from immunograph.vocabulary import IG, IGG, XSD

_IN_USE = (
    "ASK {{ {{ <{iri}> ?p ?o }} UNION {{ ?s <{iri}> ?o }} UNION {{ ?s ?p <{iri}> }} UNION "
    "{{ GRAPH <{iri}> {{ ?s ?p ?o }} }} }}"
)
_TERMS = (
    "SELECT DISTINCT ?term WHERE {{ ?term a ?kind ; rdfs:label ?label . FILTER(?kind IN (owl:Class, owl:ObjectProperty,"
    " owl:DatatypeProperty, owl:NamedIndividual, owl:AnnotationProperty) || ?kind != ?term) "
    "FILTER(STRSTARTS(STR(?term), '{namespace}')) }}"
)
_PROPERTIES = "SELECT DISTINCT ?term WHERE {{ ?s ?term ?o FILTER(STRSTARTS(STR(?term), '{namespace}')) }}"
_STATED_PREFIX = re.compile(r"PREFIX\s+([^\s:]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_LITERAL = re.compile(r"(\"\"\"|'''|\"|')(?P<text>.*)\1(?P<rest>@[\w-]+|\^\^\S+)?\Z", re.DOTALL)
_SIMPLE_PATH = re.compile(r"<[^<>\s]*>|[\w.-]*:[\w.%-]+|a")
_KNOWN_ANYWHERE = (XSD, "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2005/xpath-functions")


def unknown_terms(text: str, anatomy: Anatomy, asked: Asked, names: NameIndex) -> list[str]:
    """A sentence for each term of a query that the graph does not hold, in the order of the text."""
    prefixes = {**prefix_map(), **dict(_STATED_PREFIX.findall(anatomy.prologue))}
    found: dict[str, str] = {}
    for written, iri in _iris(text, prefixes):
        if iri not in found and not iri.startswith(_KNOWN_ANYWHERE) and not asked.run(_IN_USE.format(iri=iri)):
            found[iri] = f"{written} is not in the graph{_hint(near_terms(iri, asked, names))}"
    return [*found.values(), *_unbound(anatomy)]


def near_terms(iri: str, asked: Asked, names: NameIndex, limit: int = 3) -> list[str]:
    """The terms of the graph most like an IRI that it does not hold, as CURIEs with labels."""
    known = names.node(iri)
    if known:
        return [f"{known}, which the graph here holds" if known.iri == iri else str(known)]
    if iri.startswith(IG):
        return [compress(IG + local) for local in nearest(iri.removeprefix(IG), _locals(asked), limit)]
    if iri.startswith(IGG):
        return [compress(IGG + slug) for slug in nearest(iri.removeprefix(IGG), _graphs(asked), limit)]
    local = re.split(r"[/#:=_]", iri.rstrip("/#"))[-1]
    by_identifier = [str(node) for node in names.like(iri, limit)]
    if by_identifier or not re.search(r"[A-Za-z]{3}", local):  # a number has no near name
        return by_identifier
    return [str(node) for node in names.find(local.replace("-", " "), (), limit)]


def misread_triples(faults: Sequence[Piece], anatomy: Anatomy, asked: Asked, names: NameIndex) -> list[str]:
    """What is off in triples without a match: a text that is written otherwise, or ends that are swapped."""
    return [line for piece in faults if piece.terms for line in _misread(piece, anatomy, asked, names)]


def _misread(piece: Piece, anatomy: Anatomy, asked: Asked, names: NameIndex) -> Iterator[str]:
    subject, path, object_ = piece.terms or ("", "", "")
    literal = _LITERAL.match(object_)
    if literal:
        quoted = object_.removesuffix(literal["rest"] or "")
        rows = asked.run(
            f"{anatomy.prologue}\nSELECT DISTINCT ?o WHERE {{ ?s {path} ?o . "
            f"FILTER(LCASE(STR(?o)) = LCASE({quoted})) }} LIMIT 3"
        )
        for row in rows.rows if isinstance(rows, Rows) else []:
            if isinstance(row[0], Literal):
                language = f"@{row[0].language}" if row[0].language else ""
                yield f'{object_} is written "{row[0].value}"{language} here'
        named = names.find(literal["text"], (), 3) if not (isinstance(rows, Rows) and rows.rows) else []
        if named:
            yield f"{object_} is a name of {', '.join(map(str, named))}; names stand under rdfs:label and skos:altLabel"
    elif _SIMPLE_PATH.fullmatch(path) and asked.run(f"{anatomy.prologue}\nASK {{ {object_} {path} {subject} }}"):
        yield f"`{shown_sparql(f'{object_} {path} {subject}')}` has a match: the ends may be swapped"


def _iris(text: str, prefixes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each IRI that a query names, as it is written and in full; the prologue and datatypes are left out."""
    for kind, written in read_terms(text):
        if kind == "iri":
            yield compress(written[1:-1]), written[1:-1]
        else:
            prefix, _, local = written.partition(":")
            if prefix in prefixes:
                yield written, prefixes[prefix] + local.replace("\\", "")


def _unbound(anatomy: Anatomy) -> list[str]:
    """The variables of the projection that no pattern names."""
    named: set[str] = set().union(*(piece.variables() for piece in walk(anatomy.where)))
    lost = [name for name in anatomy.plain if name not in named]
    return [f"?{name} is in no pattern{_hint([f'?{near}' for near in nearest(name, named, 2)])}" for name in lost]


def _locals(asked: Asked) -> list[str]:
    found: list[str] = []
    for query in (_TERMS, _PROPERTIES):
        rows = asked.run(query.format(namespace=IG))
        found += [row[0].value.removeprefix(IG) for row in (rows.rows if isinstance(rows, Rows) else []) if row[0]]
    return found


def _graphs(asked: Asked) -> list[str]:
    rows = asked.run("SELECT ?graph WHERE { GRAPH ?graph { } }")
    return [row[0].value.removeprefix(IGG) for row in (rows.rows if isinstance(rows, Rows) else []) if row[0]]


def _hint(near: Sequence[str]) -> str:
    return f"; did you mean {', '.join(near)}?" if near else ""
