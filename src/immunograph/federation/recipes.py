"""Recipes: what to ask of which endpoint about which identifiers, read from ``queries/recipes/<name>.rq``.

A recipe is SPARQL that runs as it stands at its endpoint, for one example; ``VALUES ?key { ... }`` is where the
identifiers of a batch are put. Its header names the endpoint, the prefixes of the identifiers that it takes (``keys``),
how they are written there (``written``, with ``{iri}`` or ``{id}``), and how many go into one question (``batch``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from immunograph.errors import LoadError, Place, QueryNotFoundError
from immunograph.headers import read_header
from immunograph.identifiers import expand
from immunograph.model import Iri, Literal, Term
from immunograph.names import nearest
from immunograph.queries.binding import sparql_term

_KEYS = re.compile(r"VALUES \?key \{[^{}]*\}")
KEY = "key"
"""The variable that a recipe's rows are joined by."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A question to a remote endpoint about some identifiers.

    Attributes:
        name: the file's name without its ending.
        summary: one line for lists.
        endpoint: its address.
        keys: prefixes of the CURIEs that it takes.
        written: how such an identifier is written there, as SPARQL with ``{iri}`` or ``{id}``.
        batch: how many identifiers go into one question.
        licence: of what it gives.
        columns: meaning of each column.
        text: the SPARQL, valid as it stands.
    """

    name: str
    summary: str
    endpoint: str
    keys: tuple[str, ...]
    written: str
    batch: int
    licence: str
    columns: Mapping[str, str]
    text: str

    def takes(self, curie: str) -> bool:
        """Whether an identifier is of a kind that it takes."""
        return curie.partition(":")[0] in self.keys

    def key_of(self, curie: str) -> Term:
        """An identifier as the endpoint writes it."""
        values = {"iri": expand(curie), "id": curie.partition(":")[2]}
        filled = self.written[1:-1].format_map(values)
        return Literal(filled) if self.written.startswith('"') else Iri(filled)

    def question(self, keys: Iterable[Term]) -> str:
        """The SPARQL for the identifiers of one batch.

        Raises:
            QueryParameterError: one is not an IRI.
        """
        terms = " ".join(sparql_term(key) for key in keys)
        query = "\n".join(line for line in self.text.splitlines() if not line.startswith("#+"))
        return _KEYS.sub(lambda _: f"VALUES ?{KEY} {{ {terms} }}", query)


def read_recipes(folder: Path) -> dict[str, Recipe]:
    """Every recipe of a folder, by name.

    Raises:
        LoadError: a header is malformed, or a text has no place for the identifiers.
    """
    return {path.stem: _read(path) for path in sorted(folder.glob("*.rq"))}


def find_recipe(name: str, folder: Path) -> Recipe:
    """Read the recipe of a name.

    Raises:
        QueryNotFoundError: there is none; it carries the nearest names, or all.
        LoadError: as ``read_recipes``.
    """
    known = sorted(path.stem for path in folder.glob("*.rq"))
    if name not in known:
        raise QueryNotFoundError(name, nearest(name, known) or known)
    return _read(folder / f"{name}.rq")


def _read(path: Path) -> Recipe:
    header, text = read_header(path)
    missing = [name for name in ("summary", "endpoint", "keys", "columns") if not header.get(name)]
    if missing or len(_KEYS.findall(text)) != 1 or KEY not in (header.get("columns") or {}):
        raise LoadError(
            f"a recipe needs summary, endpoint, keys and columns with {KEY!r} in its header, and one "
            f"`VALUES ?{KEY} {{ ... }}`; missing: {', '.join(missing) or 'the latter'}",
            Place(path, 1),
        )
    return Recipe(
        name=path.stem,
        summary=str(header["summary"]),
        endpoint=str(header["endpoint"]),
        keys=tuple(header["keys"]),
        written=str(header.get("written", "<{iri}>")),
        batch=int(header.get("batch", 100)),
        licence=str(header.get("licence", "")),
        columns={name: str(meaning) for name, meaning in header["columns"].items()},
        text=text,
    )
