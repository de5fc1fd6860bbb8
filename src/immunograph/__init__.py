"""A knowledge graph of immune modulators with a semantic query layer."""

__version__ = "0.1.0"
