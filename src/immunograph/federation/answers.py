"""What endpoints answered, kept by endpoint, question and date, so that an answer can be had again without them."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from immunograph.model import Iri, Literal, Term
from immunograph.store.graph import Rows
from immunograph.turtle import write_atomically

DATES_KEPT = 5
"""How many dates of one question are kept; the oldest go first."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer and the day on which the endpoint gave it."""

    rows: Rows
    date: datetime.date


class AnswerCache:
    """A folder of answers: one folder a question, one file a day."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def newest(self, endpoint: str, question: str) -> KeptAnswer | None:
        """The last answer to a question; None where there is none, or none that can be read."""
        for path in sorted(self._place(endpoint, question).glob("*.json"), reverse=True):
            try:
                content = json.loads(path.read_text(encoding="utf-8"))
                if (content["endpoint"], content["question"]) == (endpoint, question):
                    rows = [tuple(map(_term, row)) for row in content["rows"]]
                    return KeptAnswer(
                        Rows(tuple(content["columns"]), rows), datetime.date.fromisoformat(content["date"])
                    )
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return None

    def keep(self, endpoint: str, question: str, rows: Rows, date: datetime.date) -> None:
        """Keep an answer of a day."""
        place = self._place(endpoint, question)
        content = {
            "endpoint": endpoint,
            "question": question,
            "date": date.isoformat(),
            "columns": rows.columns,
            "rows": [[_plain(term) for term in row] for row in rows.rows],
        }
        write_atomically(place / f"{date.isoformat()}.json", json.dumps(content, ensure_ascii=False) + "\n")
        for old in sorted(place.glob("*.json"))[:-DATES_KEPT]:
            old.unlink(missing_ok=True)

    def _place(self, endpoint: str, question: str) -> Path:
        return self.folder / hashlib.sha256(f"{endpoint}\0{question}".encode()).hexdigest()[:32]


def _plain(term: Term | None) -> list[str] | None:
    if term is None:
        return None
    return [term.value] if isinstance(term, Iri) else [term.value, term.datatype, term.language]


def _term(content: list[str] | None) -> Term | None:
    if content is None:
        return None
    return Iri(content[0]) if len(content) == 1 else Literal(*content)
