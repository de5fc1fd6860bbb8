"""SHACL shapes, run by pySHACL with inference off: our own closure comes before, where it is wanted."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import rdflib
from rdflib.namespace import RDF, SH

from immunograph.errors import LoadError, Place
from immunograph.validation.report import Finding, Report, sorted_findings

_SEVERITIES = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}


def read_shapes(folder: Path) -> rdflib.Graph:
    """Every shapes file of a folder as one graph.

    Raises:
        LoadError: the folder holds none, or one does not parse.
    """
    shapes = rdflib.Graph()
    files = sorted(folder.glob("*.ttl"))
    if not files:
        raise LoadError("holds no shapes", Place(folder))
    for path in files:
        try:
            shapes.parse(path, format="turtle")
        except Exception as error:  # rdflib's parsers raise many kinds
            raise LoadError(f"the shapes do not parse: {error}", Place(path)) from error
    return shapes


def validate_shapes(data: rdflib.Graph, shapes: rdflib.Graph) -> Report:
    """Validate a graph against shapes.

    Args:
        data: asserted triples with the ontology's class tree among them.
        shapes: node shapes that target classes by ``sh:targetClass``.

    Returns:
        The findings, and how many focus nodes each node shape reached.
    """
    import pyshacl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, results, _ = pyshacl.validate(
            data, shacl_graph=shapes, inference="none", advanced=False, allow_warnings=True
        )
    return Report(sorted_findings(list(_findings(results, shapes))), dict(_reached(data, shapes)))


def _findings(results: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[Finding]:
    for result in results.subjects(RDF.type, SH.ValidationResult):
        shape = results.value(result, SH.sourceShape)
        severity = results.value(result, SH.resultSeverity)
        value = results.value(result, SH.value)
        yield Finding(
            rule=_local(shape),
            severity=_SEVERITIES.get(severity, "violation"),  # type: ignore[call-overload]
            focus=str(results.value(result, SH.focusNode) or ""),
            message=str(shapes.value(shape, SH.message) or results.value(result, SH.resultMessage) or ""),
            path=str(results.value(result, SH.resultPath) or ""),
            value=str(value) if value is not None else "",
            component=str(results.value(result, SH.sourceConstraintComponent) or ""),
            term=value.n3() if isinstance(value, rdflib.URIRef | rdflib.Literal) else "",
        )


def _reached(data: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[tuple[str, int]]:
    for shape, target in shapes.subject_objects(SH.targetClass):
        yield _local(shape), len(set(data.subjects(RDF.type, target)))
    for shape, target in shapes.subject_objects(SH.targetSubjectsOf):
        yield _local(shape), len(set(data.subjects(target, None)))


def _local(shape: object) -> str:
    return str(shape or "").rpartition("/")[2].rpartition("#")[2]
