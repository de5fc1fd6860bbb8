"""A user's table, with a column of identifiers or names → the same table with the nodes that they mean."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from immunograph.errors import ImmunographError, LoadError, Place
from immunograph.linking.resolving import Resolution, resolve_all
from immunograph.linking.user_text import decoded, without_remarks
from immunograph.names import nearest
from immunograph.queries import Answer, NameIndex
from immunograph.sources.importer import open_bytes

ADDED = ("node", "label", "kind", "cross_references", "status", "strength", "note", "candidates")
"""The columns that a table gains; one that the table has already is called ``immunograph_...``."""

_DELIMITERS = (",", "\t", ";", "|")
_STATUS = {"found": "matched", "ambiguous": "ambiguous", "unknown": "unmatched"}


@dataclass(frozen=True, slots=True)
class UserTable:
    """A table as read: its header, and every row in order, each as long as the header.

    Attributes:
        path: where it was read from.
        columns: unique names, in order.
        rows: the cells, as they stand.
        delimiter: what stands between cells.
        odd: row, counted from 1 → what is said of one with more or fewer cells than the header.
    """

    path: Path
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    odd: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotated table.

    Attributes:
        answer: every row of the table with the ``ADDED`` columns.
        resolutions: what each row's cell means, in order.
        odd: row, counted from 1 → what is said of one with more or fewer cells than the header.
    """

    answer: Answer
    resolutions: tuple[Resolution, ...]
    odd: Mapping[int, str] = field(default_factory=dict)

    def counts(self) -> Counter[str]:
        """Rows by status: ``matched``, ``ambiguous``, ``unmatched``."""
        return Counter(_STATUS[one.status] for one in self.resolutions)

    def left(self) -> dict[str, tuple[Resolution, int]]:
        """The values that mean no single node, with the number of rows that hold each, in order."""
        counted = Counter(one.text for one in self.resolutions if one.status != "found")
        return {one.text: (one, counted[one.text]) for one in self.resolutions if one.status != "found"}


def annotate(
    names: NameIndex, table: UserTable, column: str, *, kinds: Sequence[str] = (), prefix: str = ""
) -> Annotation:
    """Give each row of a table the node that its cell means; no row is dropped, and none is added.

    Args:
        names: the nodes by name.
        table: the table.
        column: name of the column, in any case, or its number from 1.
        kinds: node kinds to keep; empty for all.
        prefix: what bare numbers are identifiers of, such as ``NCBIGene``.

    Raises:
        ImmunographError: the table has no such column, or no database that prefix.
    """
    at = _position(table, column)
    found = tuple(resolve_all(names, [row[at] for row in table.rows], kinds=kinds, prefix=prefix))
    added = [f"immunograph_{name}" if name in table.columns else name for name in ADDED]
    rows = tuple(
        (*row, *_cells(one, table.odd.get(number, "")))
        for number, (row, one) in enumerate(zip(table.rows, found, strict=True), start=1)
    )
    return Annotation(Answer((*table.columns, *added), rows), found, table.odd)


def read_table(path: Path) -> UserTable:
    """Read a delimited table: comma, tab, semicolon or bar; UTF-8, UTF-16 or Windows-1252; possibly packed.

    Lines on top that begin with ``#`` are passed over; a header may begin so. Rows that are longer than
    the header lengthen it; shorter ones are filled with empty cells; of both, ``odd`` tells.

    Raises:
        LoadError: the file is missing, empty, or is no text.
    """
    with open_bytes(path) as stream:
        content = without_remarks(decoded(stream.read(), path), _DELIMITERS)
    lines = content.splitlines()
    if not lines:
        raise LoadError("is empty; a table needs a header line", Place(path))
    delimiter = _delimiter(lines[0], path)
    try:
        parsed = list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise LoadError(f"cannot be read as a table ({error}); check the quotes", Place(path)) from error
    header, body = parsed[0], [row for row in parsed[1:] if row or len(parsed[0]) == 1]
    width = max(len(header), *(len(row) for row in body)) if body else len(header)
    columns = _unique([name.strip() or f"column_{n}" for n, name in enumerate(_filled(header, width), 1)])
    odd = {n: _odd(len(row), len(header)) for n, row in enumerate(body, 1) if len(row) != len(header)}
    return UserTable(path, columns, tuple(_filled(row, width) for row in body), delimiter, odd)


def _odd(cells: int, wanted: int) -> str:
    cause = "a cell that holds the delimiter needs quotes" if cells > wanted else "the rest is left empty"
    return f"the row has {cells} cell{'s' * (cells != 1)}, the header {wanted}: {cause}"


def _cells(found: Resolution, odd: str) -> tuple[str | None, ...]:
    node = found.node
    return (
        node.curie if node else None,
        node.label if node else None,
        " ".join(node.kinds) if node else None,
        " ".join(found.elsewhere("exact")) or None,
        _STATUS[found.status],
        found.strength or None,
        "; ".join(filter(None, (found.note, odd))) or None,
        "; ".join(map(str, found.candidates)) or None,
    )


def _position(table: UserTable, column: str) -> int:
    folded = [name.casefold() for name in table.columns]
    if column.strip().casefold() in folded:
        return folded.index(column.strip().casefold())
    if column.isdigit() and 1 <= int(column) <= len(folded):
        return int(column) - 1
    near = nearest(column, table.columns) or table.columns[:8]
    raise ImmunographError(f"{table.path}: has no column {column!r}; its columns are {', '.join(near)}")


def _delimiter(header: str, path: Path) -> str:
    if ".tsv" in path.suffixes:
        return "\t"
    return max(_DELIMITERS, key=header.count) if any(sign in header for sign in _DELIMITERS) else ","


def _filled(row: Sequence[str], width: int) -> tuple[str, ...]:
    return (*row, *[""] * (width - len(row)))


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(found)
