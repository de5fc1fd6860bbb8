"""Shapes and checks → one report that names file, line, shape and value."""

from immunograph.validation.checks import Check, read_checks, run_checks
from immunograph.validation.places import Places
from immunograph.validation.report import Finding, Report
from immunograph.validation.shapes import ENGINES as SHACL_ENGINES
from immunograph.validation.shapes import read_shapes, validate_shapes

__all__ = [
    "SHACL_ENGINES",
    "Check",
    "Finding",
    "Places",
    "Report",
    "read_checks",
    "read_shapes",
    "run_checks",
    "validate_shapes",
]
