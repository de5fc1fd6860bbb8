"""SHACL shapes, run with inference off: our own closure comes before, where it is wanted.

Two engines give the same report: pySHACL, which knows all of SHACL Core, and the index of ``indexed``, which knows what
our shapes use and is many times faster.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import rdflib
from rdflib.namespace import RDF, RDFS, SH

from immunograph.errors import LoadError, Place
from immunograph.store.graph import Graph
from immunograph.validation.indexed import validate_indexed
from immunograph.validation.report import Finding, Report, sorted_findings
from immunograph.validation.shape_model import UnsupportedShapeError

ENGINES = ("indexed", "pyshacl")

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


def validate_shapes(graph: Graph, shapes: rdflib.Graph, engine: str = ENGINES[0]) -> Report:
    """Validate a graph against shapes.

    Args:
        graph: asserted triples with the ontology's class tree among them.
        shapes: node shapes and property shapes with targets.
        engine: one of ``ENGINES``. Shapes that the index does not know are given to pySHACL, all of them.

    Returns:
        The findings, and how many focus nodes each shape reached.
    """
    with quiet_literals():
        if engine != "pyshacl":
            try:
                return validate_indexed(graph.triples(), shapes)
            except UnsupportedShapeError:
                pass
        return validate_by_pyshacl(graph.to_rdflib(), shapes)


@contextmanager
def quiet_literals() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each literal that is not of its datatype: it becomes a finding."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def validate_by_pyshacl(data: rdflib.Graph, shapes: rdflib.Graph) -> Report:
    """Validate a graph against shapes by pySHACL.

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
        path = results.value(result, SH.resultPath)
        yield Finding(
            rule=_local(shape),
            severity=_SEVERITIES.get(severity, "violation"),  # type: ignore[call-overload]
            focus=str(results.value(result, SH.focusNode) or ""),
            message=str(shapes.value(shape, SH.message) or results.value(result, SH.resultMessage) or ""),
            path=str(path) if isinstance(path, rdflib.URIRef) else "",
            value=str(value) if value is not None else "",
            component=str(results.value(result, SH.sourceConstraintComponent) or ""),
            term=value.n3() if isinstance(value, rdflib.URIRef | rdflib.Literal) else "",
        )


def _reached(data: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[tuple[str, int]]:
    found: dict[str, set[object]] = {}
    for shape, target in shapes.subject_objects(SH.targetClass):
        classes = set(data.transitive_subjects(RDFS.subClassOf, target))
        found.setdefault(_local(shape), set()).update(node for one in classes for node in data.subjects(RDF.type, one))
    for shape, target in shapes.subject_objects(SH.targetSubjectsOf):
        found.setdefault(_local(shape), set()).update(data.subjects(target, None))
    for shape, target in shapes.subject_objects(SH.targetObjectsOf):
        found.setdefault(_local(shape), set()).update(data.objects(None, target))
    for shape, target in shapes.subject_objects(SH.targetNode):
        found.setdefault(_local(shape), set()).add(target)
    for name, nodes in found.items():
        yield name, len(nodes)


def _local(shape: object) -> str:
    return str(shape or "").rpartition("/")[2].rpartition("#")[2]
