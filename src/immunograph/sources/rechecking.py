"""Which sections of which documents a second reader compared with every statement that cites them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from immunograph.sources.sheets import Row, Sheet, Statement


def record_of(document: Mapping[str, Any]) -> str:
    """The record's identifier within the curated source: the document's own identifier and its address."""
    return f"{document.get('identifier', '')} {document.get('address', '')}".strip()


@dataclass(slots=True)
class Rechecked:
    """The days of second reading by record and section.

    A document carries ``rechecked: YYYY-MM-DD``; a row of it that was not found again carries ``rechecked: false``.
    A section counts as rechecked only if that holds for every row that cites it, in every sheet.
    """

    _days: dict[tuple[str, str], datetime.date | None] = field(default_factory=dict)

    def read(self, statements: Iterable[tuple[Sheet, Statement]]) -> None:
        """Take in every statement, with the sheet that describes its documents."""
        for sheet, statement in statements:
            is_open = statement.qualifiers.get("rechecked") is False
            for name, section in zip(statement.documents, statement.sections, strict=False):
                document = sheet.documents().get(name)
                if isinstance(document, Row):
                    self._take((record_of(document), section), None if is_open else document.get("rechecked"))

    def _take(self, key: tuple[str, str], value: object) -> None:
        day = value if isinstance(value, datetime.date) else None
        known = self._days.setdefault(key, day)
        self._days[key] = max(day, known) if day and known else None

    def day(self, record: str, section: str) -> datetime.date | None:
        """The day on which the last open statement of the section was closed, or None if one is open."""
        return self._days.get((record, section))
