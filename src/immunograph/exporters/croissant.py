"""``croissant``: the Parquet tables with ``croissant.json``, which says what each column means.

Format: http://mlcommons.org/croissant/1.0. ``mlcroissant.Dataset("croissant.json").records("edges")`` reads the rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from immunograph.exporters import parquet
from immunograph.exporters.properties import PropertyType
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.tables import ROLES
from immunograph.exporters.writing import Target, sha256_of
from immunograph.licences import LICENCES

_TYPES = {"string": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean"}
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_MEANING = {
    "edges": "Associations and inferred edges between nodes.",
    "nodes": "Modulators, targets, cell types, pathways, processes, conditions, measures and the rest.",
    "evidence": "Records of sources that back associations.",
    "affinities": "Measured affinities that associations name.",
    "sources": "Datasets with version and licence.",
}
_OF_RECORDS = {
    "id": ("sc:Text", False, "CURIE"),
    "iri": ("sc:Text", False, "IRI"),
    "label": ("sc:Text", False, "Name in English"),
    "kinds": ("sc:Text", True, "Classes, the kind first"),
}
_OF_EDGES = {
    "id": ("sc:Text", False, "CURIE of the association"),
    "kind": ("sc:Text", False, "Kind of association"),
    "source": ("sc:Text", False, "CURIE of the subject"),
    "predicate": ("sc:Text", False, "Local name of the predicate; the sign is in it"),
    "target": ("sc:Text", False, "CURIE of the object"),
    "is_negated": ("sc:Boolean", False, "Whether the source says that it is not so"),
    "is_inferred": ("sc:Boolean", False, "Whether it follows, rather than being stated"),
    "evidence": ("sc:Text", True, "CURIEs of the evidence"),
    "publications": ("sc:Text", True, "CURIEs of papers"),
    "addresses": ("sc:Text", True, "URLs where the evidence can be read"),
    "sources": ("sc:Text", True, "Slugs of the datasets that say so"),
    "licences": ("sc:Text", True, "Licences of these datasets"),
}


def write(stream: GraphStream, target: Target) -> None:
    """Write the tables as Parquet and their description."""
    parquet.write(stream, target)
    with target.text("croissant.json") as file:
        json.dump(_description(stream, target), file, indent=1, ensure_ascii=False)
        file.write("\n")


def _description(stream: GraphStream, target: Target) -> dict[str, Any]:
    metadata = stream.metadata
    licences = sorted({source["licence"] for source in metadata.sources if source.get("licence") in LICENCES})
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": "ImmunoGraph",
        "description": "A cited, reasoned knowledge graph of immune modulators. For research, not medical advice.",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "url": "https://w3id.org/immunograph/",
        "version": _semantic(metadata.version),
        "license": [LICENCES[name] for name in licences],
        "creator": {"@type": "sc:Organization", "name": "The ImmunoGraph developers"},
        "citeAs": "See CITATION.cff of ImmunoGraph.",
        "distribution": [_file(target, table) for table in ROLES],
        "recordSet": [_record_set(stream, table) for table in ROLES],
    }


def _semantic(version: str) -> str:
    """The version as three numbers, which Croissant asks for."""
    numbers = [part for part in version.split(".")[:3] if part.isdigit()]
    return ".".join([*numbers, "0", "0", "0"][:3])


def _file(target: Target, table: str) -> dict[str, Any]:
    path = target.path(f"{table}.parquet")
    return {
        "@type": "cr:FileObject",
        "@id": f"{table}.parquet",
        "name": f"{table}.parquet",
        "contentUrl": f"{table}.parquet",
        "encodingFormat": "application/x-parquet",
        "contentSize": f"{path.stat().st_size} B",
        "sha256": sha256_of(path),
    }


def _record_set(stream: GraphStream, table: str) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": _MEANING[table],
        "key": {"@id": f"{table}/id"},
        "field": list(_fields(table, stream.property_types(table))),
    }


def _fields(table: str, properties: tuple[PropertyType, ...]) -> Iterator[dict[str, Any]]:
    for name, (type_, is_list, meaning) in (_OF_EDGES if table == "edges" else _OF_RECORDS).items():
        yield _field(table, name, type_, is_list, meaning)
    for item in properties:
        yield _field(table, item.name, _TYPES[item.type], item.is_list, f"Values of {item.predicate}")


def _field(table: str, name: str, type_: str, is_list: bool, meaning: str) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table}/{name}",
        "name": name,
        "description": meaning,
        "dataType": type_,
        "source": {"fileObject": {"@id": f"{table}.parquet"}, "extract": {"column": name}},
    }
    if is_list:
        field["repeated"] = True
    if table == "edges" and name in {"source", "target"}:
        field["references"] = {"field": {"@id": "nodes/id"}}
    return field
