"""Local rows → identifiers in batches → a remote endpoint → joined rows.

``SERVICE`` is not used: which engine contacts which server, when, and with how many identifiers would be its choice.
Here the two steps are explicit, the first needs no network, and the second is cached with its date.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from immunograph.errors import EndpointError, QueryParameterError
from immunograph.federation.answers import AnswerCache, KeptAnswer
from immunograph.federation.recipes import KEY, Recipe
from immunograph.queries.answer import Answer, Value, value_of
from immunograph.store.graph import Rows

if TYPE_CHECKING:
    from immunograph.store.remote import Endpoint


@dataclass(slots=True)
class Federation:
    """One recipe at one endpoint.

    Attributes:
        recipe: what is asked.
        url: address of the endpoint, which names its answers in the cache.
        endpoint: who is asked; None asks no one, and answers from the cache alone.
        cache: the answers of before.
        matches: gives the identifiers that the graph states to mean the same as one of its own.
        today: the day that answers are kept under.
    """

    recipe: Recipe
    url: str
    endpoint: Endpoint | None
    cache: AnswerCache
    matches: Callable[[str], Sequence[str]]
    today: datetime.date = field(default_factory=datetime.date.today)

    def joined(self, answer: Answer, column: str | None = None) -> Answer:
        """An answer with the endpoint's columns beside its own; a row that nothing is said of stays, with empty cells.

        Args:
            answer: local rows.
            column: the column of identifiers; None for the first that holds some that the recipe takes.

        Raises:
            QueryParameterError: no column holds such identifiers.
            EndpointError: the endpoint failed, and the cache does not hold the answer.
        """
        added = [name for name in self.recipe.columns if name != KEY]
        names = [name if name not in answer.columns else f"{self.recipe.name}_{name}" for name in added]
        columns = (*answer.columns, f"{self.recipe.name}_key", *names)
        meanings = {
            **answer.meanings,
            f"{self.recipe.name}_key": "the identifier that was asked for",
            **dict(zip(names, (self.recipe.columns[name] for name in added), strict=True)),
        }
        if not answer.rows:
            return Answer(columns, (), meanings, answer.note)
        at, keys = self._column(answer, column)
        found, note = self._asked(sorted(set(itertools.chain.from_iterable(keys.values()))))
        rows = tuple(_beside(answer.rows, at, keys, found, len(added)))
        return Answer(columns, rows, meanings, "; ".join(filter(None, (answer.note, note))))

    def _column(self, answer: Answer, column: str | None) -> tuple[int, Mapping[Value, Sequence[str]]]:
        """The column of identifiers, and what each of its values is called where the recipe looks."""
        if column is not None and column not in answer.columns:
            raise QueryParameterError(f"there is no column {column!r}; choose one of {', '.join(answer.columns)}")
        for at, name in enumerate(answer.columns):
            if column in {None, name}:
                values = {row[at] for row in answer.rows}
                keys: dict[Value, Sequence[str]] = {
                    value: self._keys(value) for value in values if isinstance(value, str)
                }
                if any(keys.values()):
                    return at, keys
        where = f"the column {column}" if column else f"no column of {', '.join(answer.columns)}"
        raise QueryParameterError(
            f"{where} holds identifiers of {' or '.join(self.recipe.keys)}, which {self.recipe.name} takes"
        )

    def _keys(self, value: str) -> Sequence[str]:
        if self.recipe.takes(value):
            return (value,)
        return tuple(match for match in self.matches(value) if self.recipe.takes(match)) if ":" in value else ()

    def _asked(self, curies: Sequence[str]) -> tuple[dict[str, list[tuple[Value, ...]]], str]:
        """Identifier → the endpoint's rows on it, without the key; and a note on what came from the cache."""
        curie_of = {self.recipe.key_of(curie).value: curie for curie in curies}
        found: dict[str, list[tuple[Value, ...]]] = {}
        notes: list[str] = []
        for batch in _batches(curies, self.recipe.batch):
            kept, note = self._answer(self.recipe.question(map(self.recipe.key_of, batch)))
            notes.append(note)
            for key, row in _by_key(kept.rows, [name for name in self.recipe.columns if name != KEY]):
                if key in curie_of:
                    found.setdefault(curie_of[key], []).append(row)
        return found, "; ".join(dict.fromkeys(filter(None, notes)))

    def _answer(self, question: str) -> tuple[KeptAnswer, str]:
        """Today's answer from the cache, or the endpoint's, or the last one kept where the endpoint fails."""
        kept = self.cache.newest(self.url, question)
        if kept and kept.date == self.today:
            return kept, ""
        host = urlsplit(self.url).hostname
        try:
            if self.endpoint is None:
                raise EndpointError(f"{self.url}: is not asked with --offline")
            rows = self.endpoint.select(question)
        except EndpointError as error:
            if kept is None:
                raise EndpointError(
                    f"{error}; nothing is cached for this question yet, so ask once while the endpoint answers"
                ) from error
            why = "was not asked" if self.endpoint is None else f"failed ({error})"
            return kept, f"{host} {why}; this is its answer of {kept.date.isoformat()}, from the cache"
        self.cache.keep(self.url, question, rows, self.today)
        return KeptAnswer(rows, self.today), ""


def _batches(curies: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (curies[start : start + size] for start in range(0, len(curies), size))


def _by_key(rows: Rows, columns: Sequence[str]) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Each row's key as written there, and its other cells in the recipe's order."""
    places = [rows.columns.index(name) if name in rows.columns else -1 for name in columns]
    at = rows.columns.index(KEY)
    for row in rows.rows:
        if key := row[at]:
            yield key.value, tuple(value_of(row[place]) if place >= 0 else None for place in places)


def _beside(
    rows: Iterable[tuple[Value, ...]],
    at: int,
    keys: Mapping[Value, Sequence[str]],
    found: Mapping[str, Sequence[tuple[Value, ...]]],
    width: int,
) -> Iterator[tuple[Value, ...]]:
    for row in rows:
        said = [(key, more) for key in keys.get(row[at], ()) for more in found.get(key, ())]
        if not said:
            asked = keys.get(row[at], ())
            yield (*row, asked[0] if asked else None, *(None,) * width)
        for key, more in said:
            yield (*row, key, *more)
