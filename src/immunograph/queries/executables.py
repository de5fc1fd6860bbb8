"""Saved queries as RDF: ``sh:SPARQLExecutable`` as the SIB collections of example queries describe theirs.

The vocabulary is that of SHACL Advanced Features (section 5, SPARQL-based functions) with ``schema:keywords`` and
``schema:target``; ``rdfs:comment`` is a text in English. Parameters are ``sh:parameter`` as functions have them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from immunograph.identifiers import is_iri
from immunograph.queries.saved import Parameter, SavedQuery

IGQ = "https://w3id.org/immunograph/query/"
"""Namespace of the saved queries."""

DEFAULT_TARGET = "http://localhost:8000/sparql"
"""Where a query is said to run when no endpoint is named: a server on the reader's own machine."""

_PREFIXES = f"""\
@prefix igq: <{IGQ}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_TYPES = {
    "iri": "sh:nodeKind sh:IRI",
    "iris": "sh:nodeKind sh:IRI",
    "integer": "sh:datatype xsd:integer",
    "decimal": "sh:datatype xsd:decimal",
    "text": "sh:datatype xsd:string",
}


def executables(queries: Iterable[SavedQuery], target: str = DEFAULT_TARGET) -> str:
    """Saved queries as Turtle, one block each, in the order given.

    Args:
        queries: the queries.
        target: address of the endpoint that they are for.

    Raises:
        ValueError: the target is not an IRI.
    """
    if not is_iri(target):
        raise ValueError(f"{target!r} is not an IRI")
    return "\n".join([_PREFIXES, *(_block(query, target) for query in queries)])


def _block(query: SavedQuery, target: str) -> str:
    lines = [
        f"igq:{query.name}",
        "  a sh:SPARQLExecutable",
        "  a sh:SPARQLSelectExecutable",
        f"  rdfs:label {_text(query.summary)}@en",
        f"  rdfs:comment {_text(query.description)}@en",
        f"  sh:select {_long(query.text)}",
        *(f"  sh:parameter igq:{query.name}.{name}" for name in query.parameters),
        *(f"  schema:keywords {_text(tag)}" for tag in query.tags),
        f"  schema:target <{target}>",
    ]
    blocks = [" ;\n".join([f"{lines[0]}\n{lines[1]}", *lines[2:]]) + " .\n"]
    return "\n".join([*blocks, *_parameters(query)])


def _parameters(query: SavedQuery) -> Iterator[str]:
    for order, (name, parameter) in enumerate(query.parameters.items()):
        lines = [
            "  a sh:Parameter",
            f"  sh:path igq:{name}",
            f"  sh:name {_text(name)}@en",
            f"  sh:description {_text(_described(parameter))}@en",
            f"  {_TYPES[parameter.type]}",
            f"  sh:order {order}",
            *(["  sh:optional true"] if parameter.default is not None else []),
        ]
        yield f"igq:{query.name}.{name}\n" + " ;\n".join(lines) + " .\n"


def _described(parameter: Parameter) -> str:
    token = f"?_{parameter.name}_{parameter.type}"
    return f"{parameter.help}; stands for {token}, example: {parameter.example}"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _long(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""{escaped}"""' if not escaped.endswith('"') else _text(text)
