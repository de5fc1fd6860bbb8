r"""``kgx``: tab-separated tables, as ``kgx`` says; values of a list are joined by ``|``.

The form has neither quotes nor escapes. So that nothing is lost, a backslash, tab, line feed, carriage return and, in
a list, a ``|`` are written as ``\\``, ``\t``, ``\n``, ``\r`` and ``\p``; readers that do not know this see them so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from immunograph.exporters.kgx import EDGE_SLOTS, LIST_SLOTS, NODE_SLOTS, Record, edge_records, node_records
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import Target

_TEXT = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_ITEM = _TEXT | {ord("|"): "\\p"}


def write(stream: GraphStream, target: Target) -> None:
    """Write ``nodes.tsv`` and ``edges.tsv``."""
    _write(target, "nodes.tsv", NODE_SLOTS, node_records(stream))
    _write(target, "edges.tsv", EDGE_SLOTS, edge_records(stream))


def _write(target: Target, name: str, slots: Sequence[str], records: Iterable[Record]) -> None:
    with target.text(name) as file:
        file.write("\t".join(slots) + "\n")
        for record in records:
            file.write("\t".join(_cell(slot, record.get(slot)) for slot in slots) + "\n")


def _cell(slot: str, value: Any) -> str:
    if value is None:
        return ""
    if slot in LIST_SLOTS:
        return "|".join(str(item).translate(_ITEM) for item in value)
    return "true" if value is True else str(value).translate(_TEXT)
