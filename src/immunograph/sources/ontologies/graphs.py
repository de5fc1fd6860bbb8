"""Ontologies as JSON → terms: OBO Graph, and two flat forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import ijson

from immunograph.errors import Place
from immunograph.sources.importer import ImportReport
from immunograph.sources.json_stream import json_members
from immunograph.sources.ontologies.terms import OBO, OntologyHeader, OntologyTerm, term_iri, xref

_OBO_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"
_EXACT_MATCH = "http://www.w3.org/2004/02/skos/core#exactMatch"


def flat_terms(text: IO[str], path: Path, report: ImportReport) -> Iterator[OntologyTerm]:
    """Terms of ``{id: {label, ancestors}}`` and of ``[{id, name, relations}]``, in file order."""
    for key, value in json_members(text):
        if isinstance(value, Mapping) and isinstance(value.get("label"), str):
            yield _closure_term(key, value)
        elif isinstance(value, Mapping) and value.get("id") and isinstance(value.get("name"), str):
            yield _listed_term(value)
        elif key != "meta":
            report.skip(Place(path), "term without identifier or label", key, is_malformed=True)


def graph_links(stream: IO[bytes]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The ``is_a`` edges and the sets of equivalent nodes of OBO Graph JSON: parents, and equals, by node.

    A class without ``is_a`` that is defined logically is placed under its genus.
    """
    parents: dict[str, list[str]] = {}
    genus: dict[str, list[str]] = {}
    equal: dict[str, list[str]] = {}
    for place, value in _objects(stream, ("edges", "equivalentNodesSets", "logicalDefinitionAxioms")):
        if place == "edges" and value.get("pred") == "is_a":
            parents.setdefault(value["sub"], []).append(value["obj"])
        elif place == "logicalDefinitionAxioms":
            genus.setdefault(value["definedClassId"], []).extend(value.get("genusIds", ()))
        elif place == "equivalentNodesSets":
            group = value.get("nodeIds", ())
            for one in group:
                equal.setdefault(one, []).extend(other for other in group if other != one)
    return {**genus, **parents}, equal


def _objects(stream: IO[bytes], places: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of some lists of every graph, one at a time, with the list's name."""
    wanted = {f"graphs.item.{name}.item": name for name in places}
    builder, inside = None, ""
    for place, event, value in ijson.parse(stream, use_float=True):
        if builder is None and event == "start_map" and place in wanted:
            builder, inside = ijson.ObjectBuilder(), place
        if builder is not None:
            builder.event(event, value)
            if event == "end_map" and place == inside:
                yield wanted[inside], builder.value
                builder = None


def graph_terms(
    stream: IO[bytes], parents: Mapping[str, list[str]], equal: Mapping[str, list[str]], header: OntologyHeader
) -> Iterator[OntologyTerm]:
    """The classes of OBO Graph JSON, in file order; memory grows with the links alone."""
    nodes = ijson.parse(stream, use_float=True)
    builder: ijson.ObjectBuilder | None = None
    for place, event, value in nodes:
        if place == "graphs.item.id" and not header.iri:
            header.iri = value
        elif place == "graphs.item.meta.version" and not header.version_iri:
            header.version_iri = value
        elif place == "graphs.item.meta.basicPropertyValues.item.pred":
            header_key = str(value)
        elif place == "graphs.item.meta.basicPropertyValues.item.val":
            _take_header(header, header_key, str(value))
        elif place == "graphs.item.nodes.item" and event == "start_map":
            builder = ijson.ObjectBuilder()
        if builder is not None and place.startswith("graphs.item.nodes.item"):
            builder.event(event, value)
            if place == "graphs.item.nodes.item" and event == "end_map":
                node: dict[str, Any] = builder.value
                builder = None
                if node.get("type") == "CLASS":
                    yield _graph_term(node, parents.get(node["id"], ()), equal.get(node["id"], ()))


def _take_header(header: OntologyHeader, key: str, value: str) -> None:
    if key.endswith("versionInfo"):
        header.version = value
    elif key.endswith("license"):
        header.licence = value
    elif key.endswith("title"):
        header.title = value


def _graph_term(node: Mapping[str, Any], parents: Any, equal: Any) -> OntologyTerm:
    meta = node.get("meta") or {}
    values: dict[str, list[str]] = {}
    for pair in meta.get("basicPropertyValues", ()):
        values.setdefault(pair["pred"], []).append(str(pair["val"]))
    synonyms = meta.get("synonyms", ())
    replaced_by = next(iter(values.get(OBO + "IAO_0100001", ())), "")
    return OntologyTerm(
        iri=term_iri(node["id"]),
        label=node.get("lbl") or "",
        synonyms=tuple(one["val"] for one in synonyms if one["pred"] == "hasExactSynonym"),
        parents=tuple(term_iri(parent) for parent in parents),
        xrefs=tuple(xref(one["val"]) for one in meta.get("xrefs", ())),
        is_deprecated=bool(meta.get("deprecated")),
        replaced_by=term_iri(replaced_by) if replaced_by else "",
        merged=tuple(term_iri(other) for other in values.get(_OBO_IN_OWL + "hasAlternativeId", ())),
        namespace=next(iter(values.get(_OBO_IN_OWL + "hasOBONamespace", ())), ""),
        subsets=tuple(re.split("[#/]", one)[-1] for one in meta.get("subsets", ())),
        others=tuple(one["val"] for one in synonyms if one["pred"] != "hasExactSynonym"),
        equal=tuple(term_iri(other) for other in (*equal, *values.get(_EXACT_MATCH, ()))),
        consider=tuple(term_iri(other) for other in values.get(_OBO_IN_OWL + "consider", ())),
    )


def _closure_term(identifier: str, value: Mapping[str, Any]) -> OntologyTerm:
    """A term of ``{id: {label, ancestors: {id: distance}}}``: what is one step away is a parent."""
    ancestors = value.get("ancestors") or {}
    replaced_by = value.get("replaced_by") or ""
    return OntologyTerm(
        iri=term_iri(identifier),
        label=value["label"],
        synonyms=tuple(value.get("synonyms") or ()),
        parents=tuple(term_iri(parent) for parent, distance in ancestors.items() if distance == 1),
        is_deprecated=bool(value.get("deprecated")),
        replaced_by=term_iri(replaced_by) if replaced_by else "",
    )


def _listed_term(value: Mapping[str, Any]) -> OntologyTerm:
    """A term of ``[{id, name, namespace, relations: {is_a}, synonyms, xrefs: [{namespace, id}]}]``."""
    space = str(value.get("namespace") or "")

    def iri(identifier: str) -> str:
        return term_iri(identifier if ":" in identifier else f"{space.upper()}:{identifier}")

    return OntologyTerm(
        iri=iri(str(value["id"])),
        label=value["name"],
        synonyms=tuple(value.get("synonyms") or ()),
        parents=tuple(iri(parent) for parent in (value.get("relations") or {}).get("is_a", ())),
        xrefs=tuple(xref(f"{other['namespace']}:{other['id']}") for other in value.get("xrefs") or ()),
        merged=tuple(iri(other) for other in value.get("alt_ids") or ()),
        namespace=space,
    )
