"""Saved questions, the names that they take, and the answers that they give."""

from immunograph.queries.answer import Answer
from immunograph.queries.names import NamedNode, NameIndex
from immunograph.queries.saved import Parameter, SavedQuery, read_queries

__all__ = ["Answer", "NameIndex", "NamedNode", "Parameter", "SavedQuery", "read_queries"]
