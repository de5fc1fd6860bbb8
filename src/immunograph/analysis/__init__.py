"""Graph algorithms over stated links, where a query cannot say the question."""

from immunograph.analysis.paths import Link, MechanismPath, mechanism_network, mechanism_paths

__all__ = ["Link", "MechanismPath", "mechanism_network", "mechanism_paths"]
