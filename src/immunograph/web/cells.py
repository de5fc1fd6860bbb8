"""Rows as a page shows them: an identifier and its label are one link, an address is its host."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote, urlencode, urlsplit

from immunograph.queries import Answer
from immunograph.queries.answer import Value
from immunograph.web.shown import address_of

_LABEL = "_label"
_PLAIN = ("iga:", "igs:", "igg:")
"""Prefixes of what has no page of its own."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        text: what to read.
        address: where it leads; empty for nowhere.
        title: what else is known of it, such as the identifier.
        is_number: whether it stands to the right.
        is_outside: whether the address is elsewhere.
    """

    text: str
    address: str = ""
    title: str = ""
    is_number: bool = False
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for a page.

    Attributes:
        columns: name and meaning of each.
        rows: one cell a column.
        note: which rows were cut off; empty otherwise.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str


def table_of(answer: Answer) -> Table:
    """An answer for a page; a column of identifiers with one of labels beside it is a single column of links."""
    shown = [name for name in answer.columns if not (name.endswith(_LABEL) and _named(name) in answer.columns)]
    columns = tuple((name.replace("_", " "), answer.meanings.get(name, "")) for name in shown)
    rows = tuple(tuple(_cell(row, name) for name in shown) for row in answer)
    return Table(columns, rows, answer.note)


def node_address(curie: str) -> str:
    """Where a node's page is."""
    return f"/node/{quote(curie, safe=':')}"


def is_curie(value: object) -> bool:
    """Whether a value is an identifier that has a page."""
    if not isinstance(value, str) or " " in value or value.startswith(("http", *_PLAIN)):
        return False
    return bool(address_of(value))


def _named(label: str) -> str:
    return label.removesuffix(_LABEL)


def _cell(row: dict[str, Value], name: str) -> Cell:
    value, label = row[name], row.get(name + _LABEL)
    if value is None:
        return Cell(str(label or ""))
    if isinstance(value, bool):
        return Cell("yes" if value else "no")
    if isinstance(value, int | float | Decimal):
        return Cell(str(value), is_number=True)
    if is_curie(value):
        return Cell(str(label or value), node_address(value), value if label else "")
    if value.startswith("iga:"):
        query = f"CONSTRUCT {{ {value} ?p ?o . ?e ?q ?r }} WHERE {{ {value} ?p ?o ; ig:hasEvidence ?e . ?e ?q ?r }}"
        return Cell(value, f"/ask?{urlencode({'query': query})}")
    if value.startswith(("https://", "http://")) and " " not in value:
        return Cell(urlsplit(value).netloc, value, value, is_outside=True)
    return Cell(f"{label} ({value})" if label else value)
