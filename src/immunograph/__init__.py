"""A knowledge graph of immune modulators with a semantic query layer.

``open`` gives a ``KnowledgeGraph``; everything else hangs on it. Importing the package loads nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from immunograph.errors import (
    AmbiguousTermError,
    AnswerTooLargeError,
    EndpointError,
    ExportError,
    ImmunographError,
    InconsistencyError,
    LoadError,
    MissingExtraError,
    NotOfferedError,
    NotStatedError,
    QueryError,
    QueryNotFoundError,
    QueryParameterError,
    QueryTimeoutError,
    RuleError,
    ServerBusyError,
    StoreError,
    UnknownTermError,
    WrongKindError,
)

if TYPE_CHECKING:
    from immunograph.knowledge import KnowledgeGraph
    from immunograph.knowledge import open_graph as open
    from immunograph.queries import Answer

__version__ = "0.1.0"

__all__ = [
    "AmbiguousTermError",
    "Answer",
    "AnswerTooLargeError",
    "EndpointError",
    "ExportError",
    "ImmunographError",
    "InconsistencyError",
    "KnowledgeGraph",
    "LoadError",
    "MissingExtraError",
    "NotOfferedError",
    "NotStatedError",
    "QueryError",
    "QueryNotFoundError",
    "QueryParameterError",
    "QueryTimeoutError",
    "RuleError",
    "ServerBusyError",
    "StoreError",
    "UnknownTermError",
    "WrongKindError",
    "open",
]

_LATE = {
    "Answer": ("immunograph.queries", "Answer"),
    "KnowledgeGraph": ("immunograph.knowledge", "KnowledgeGraph"),
    "open": ("immunograph.knowledge", "open_graph"),
}


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module 'immunograph' has no attribute {name!r}")
    module, attribute = _LATE[name]
    return getattr(__import__(module, fromlist=[attribute]), attribute)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
