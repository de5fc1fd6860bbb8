"""Shapes and checks → one report that names file, line, shape and value."""

from immunograph.validation.checks import Check, read_checks, run_checks
from immunograph.validation.places import Places
from immunograph.validation.report import Finding, Report
from immunograph.validation.shapes import validate_shapes

__all__ = ["Check", "Finding", "Places", "Report", "read_checks", "run_checks", "validate_shapes"]
