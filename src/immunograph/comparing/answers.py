"""A saved query asked of two graphs → the rows that only one of them gives."""

from __future__ import annotations

import re
from collections import Counter

from immunograph.comparing.difference import Change
from immunograph.comparing.side import Side
from immunograph.errors import ImmunographError
from immunograph.queries import Answer, SavedQuery
from immunograph.queries.answer import answer_of

Row = tuple[str, ...]

_SEPARATOR = re.compile(r"""SEPARATOR\s*=\s*["']([^"']*)["']""", re.IGNORECASE)


def changed_answers(query: SavedQuery, old: Side, new: Side) -> tuple[list[Change], str]:
    """Ask both graphs with the query's example values.

    Returns:
        A change for each row that only one gives (rows are told apart by all their values, not by their order), and
        a note where one of the graphs cannot be asked; then nothing is compared.
    """
    answers: list[Counter[Row]] = []
    for name, side in (("old", old), ("new", new)):
        try:
            answers.append(_rows(_asked(query, side), _separators(query)))
        except ImmunographError as error:
            return [], f"{query.name} cannot be asked of the {name} graph: {error}"
    before, after = answers
    changes = [_change(query, "removed", row) for row in (before - after).elements()]
    return changes + [_change(query, "added", row) for row in (after - before).elements()], ""


def _asked(query: SavedQuery, side: Side) -> Answer:
    return answer_of(side.graph.select(query.bound(query.example(), side.names)))


def _separators(query: SavedQuery) -> list[str]:
    """What a query joins lists by: an engine joins them in any order, so order is no difference."""
    return sorted({one or " " for one in _SEPARATOR.findall(query.text)}) if "GROUP_CONCAT" in query.text else []


def _rows(answer: Answer, separators: list[str]) -> Counter[Row]:
    """The rows as ``column: value`` texts, so that a column more or less is a difference too."""
    return Counter(
        tuple(f"{column}: {_in_order(str(value), separators)}" for column, value in row.items() if value is not None)
        for row in answer
    )


def _in_order(text: str, separators: list[str]) -> str:
    for separator in separators:
        text = separator.join(sorted(text.split(separator)))
    return text


def _change(query: SavedQuery, change: str, row: Row) -> Change:
    return Change("answers", change, query.name, "; ".join(row))
