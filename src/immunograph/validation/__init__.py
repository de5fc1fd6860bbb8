"""Shapes and checks → one report that names file, line, shape and value."""

from immunograph.validation.around import Overlay, validate_around
from immunograph.validation.checks import Check, read_checks, run_checks
from immunograph.validation.edges import stated_edges, validate_edges
from immunograph.validation.places import Places
from immunograph.validation.report import Finding, Report
from immunograph.validation.shape_model import UnsupportedShapeError
from immunograph.validation.shapes import ENGINES as SHACL_ENGINES
from immunograph.validation.shapes import read_shapes, validate_shapes

__all__ = [
    "SHACL_ENGINES",
    "Check",
    "Finding",
    "Overlay",
    "Places",
    "Report",
    "UnsupportedShapeError",
    "read_checks",
    "read_shapes",
    "run_checks",
    "stated_edges",
    "validate_around",
    "validate_edges",
    "validate_shapes",
]
