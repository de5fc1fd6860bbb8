"""``jsonld``: JSON-LD 1.1, one object a subject and graph (https://www.w3.org/TR/json-ld11/)."""

from __future__ import annotations

import itertools
import json
from typing import Any

from immunograph.exporters.dataset import describe
from immunograph.exporters.rdf import Subject, joined, lay_out_statements, literal_parts, subjects
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import Target
from immunograph.identifiers import compress, prefix_map
from immunograph.vocabulary import RDF_TYPE


def write(stream: GraphStream, target: Target) -> None:
    """Write every triple in its named graph, one subject a line, and the description of the dataset beside."""
    lay_out_statements(stream, target)
    context = {name: {"@id": namespace, "@prefix": True} for name, namespace in sorted(prefix_map().items())}
    with target.text() as file:
        file.write(f'{{"@context": {json.dumps(context)},\n"@graph": [')
        groups = itertools.groupby(subjects(stream), key=lambda one: one.graph)
        for number, (slug, found) in enumerate(groups):
            file.write(("," if number else "") + f'\n{{"@id": "igg:{slug}", "@graph": [\n')
            for text in joined((json.dumps(_object(one), ensure_ascii=False) for one in found), ",\n"):
                file.write(text)
            file.write("\n]}")
        file.write("\n]}\n")
    describe(stream, target, {target.name: "application/ld+json"})


def _object(found: Subject) -> dict[str, Any]:
    content: dict[str, Any] = {"@id": _name(found.subject)}
    for predicate, object_ in found.pairs:
        iri = predicate[1:-1]
        if iri == RDF_TYPE and object_.startswith("<"):
            content.setdefault("@type", []).append(_name(object_))
        else:
            content.setdefault(compress(iri), []).append(_value(object_))
    return content


def _value(term: str) -> dict[str, str]:
    if not term.startswith('"'):
        return {"@id": _name(term)}
    text, datatype, language = literal_parts(term)
    if language:
        return {"@value": text, "@language": language}
    return {"@value": text, "@type": compress(datatype)} if datatype else {"@value": text}


def _name(term: str) -> str:
    return compress(term[1:-1]) if term.startswith("<") else term
