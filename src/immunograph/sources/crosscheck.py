"""Whether a cross-reference of a drug means that drug, checked by the names in other public tables.

Lists that join many databases put identifiers of other substances on a drug's row. An identifier is believed only where
a table names it as the drug is named, or where no table knows it and it is the only one of its kind on the row.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import MappingProxyType

from immunograph.errors import LoadError, Place
from immunograph.names import name_key
from immunograph.sources.importer import ImportReport, open_text, table_rows

_LABORATORY_CODE = re.compile(r"[a-z]{2,6} ?\d{3,}")
_STEREO = re.compile(r"(?:(?:\d*(?:alpha|beta|[rsdlez])|\d+|dl|rac|cis|trans) )+")

VOCABULARY_PREFIXES = MappingProxyType(
    {"DrugBank ID": "DRUGBANK", "CAS": "CAS", "UNII": "UNII", "Standard InChI Key": "INCHIKEY"}
)
VOCABULARY_COLUMNS = (*VOCABULARY_PREFIXES, "Common name", "Synonyms")


class Verdict(Enum):
    """What the tables say of an identifier: the drug itself, a salt or ester of it, another substance, nothing."""

    SAME = "same"
    FORM = "form"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class NameTables:
    """Names of identifiers, as public tables give them.

    Attributes:
        keys: CURIE → keys of every name that a table gives it.
        synonyms: name key → the other names of the substance with that common name.
    """

    keys: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    synonyms: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, curie: str, names: Iterable[str]) -> None:
        """Take in names of an identifier."""
        self.keys[curie].update(key for name in names if (key := name_key(name)))

    def verdict(self, curie: str, accepted: frozenset[str], *, is_small: bool) -> Verdict:
        """Judge an identifier.

        A table that gives only a laboratory code, or only the systematic name of a small molecule, does not tell. A
        stereochemical prefix makes no other drug: ChEBI calls colchicine ``(S)-colchicine``.

        Args:
            curie: the identifier.
            accepted: keys of the names that the drug goes by.
            is_small: whether the drug is a molecule that has a systematic name.
        """
        keys = {key for key in self.keys.get(curie, ()) if not _LABORATORY_CODE.fullmatch(key)}
        if keys & accepted or {_STEREO.sub("", key, count=1) for key in keys if _STEREO.match(key)} & accepted:
            return Verdict.SAME
        if not keys or (is_small and all(is_systematic(key) for key in keys)):
            return Verdict.UNKNOWN
        if any(key.startswith(f"{name} ") for key in keys for name in accepted):
            return Verdict.FORM
        return Verdict.OTHER


def is_systematic(name: str) -> bool:
    """Whether a name looks like a systematic chemical name: long, or with three or more locants."""
    words = name_key(name).split()
    return len(words) > 8 or sum(word[0].isdigit() for word in words) >= 3


def read_vocabulary(path: Path, tables: NameTables, report: ImportReport) -> None:
    """Read the DrugBank vocabulary: names of DrugBank, CAS, UNII and InChIKey identifiers.

    The published file has a line of made-up column names above its header; it is passed over.

    Raises:
        LoadError: the file is missing or lacks a column.
    """
    for substance in vocabulary_rows(path, report):
        tables.synonyms[name_key(substance.name)] = substance.synonyms
        for curie in substance.identifiers:
            tables.add(curie, [substance.name, *substance.synonyms])


@dataclass(frozen=True, slots=True)
class Substance:
    """A row of the DrugBank vocabulary: its common name, its other names, its identifiers as CURIEs."""

    at: Place
    name: str
    synonyms: tuple[str, ...]
    identifiers: tuple[str, ...]


def vocabulary_rows(path: Path, report: ImportReport) -> Iterator[Substance]:
    """Rows of the DrugBank vocabulary, the DrugBank identifier first among those of each row.

    Raises:
        LoadError: the file is missing or lacks a column.
    """
    with open_text(path) as lines:
        first = lines.readline()
    start = 1 if first.startswith("Column1") else 0
    for at, row in _table_after(path, start, VOCABULARY_COLUMNS, report):
        yield Substance(
            at,
            row["Common name"],
            tuple(name.strip() for name in row["Synonyms"].split("|") if name.strip()),
            tuple(f"{prefix}:{row[cell]}" for cell, prefix in VOCABULARY_PREFIXES.items() if row[cell]),
        )


def read_chebi_names(path: Path, tables: NameTables) -> None:
    """Read the labels and synonyms of ChEBI from the ontology as JSON.

    Raises:
        LoadError: the file is missing or is not the expected JSON.
    """
    with open_text(path) as text:
        try:
            terms = json.load(text)
            for curie, term in terms.items():
                if not term.get("deprecated"):
                    tables.add(curie, [term.get("label") or "", *(term.get("synonyms") or ())])
        except (ValueError, AttributeError) as error:
            raise LoadError(f"is not an ontology as JSON ({error}); fetch the file again", Place(path)) from error


def read_chebi_links(path: Path, column: str, prefix: str, tables: NameTables, report: ImportReport) -> None:
    """Give the identifiers that ChEBI links to the names of their ChEBI terms; read after the names."""
    for _, row in table_rows(path, ("CHEBI", column), report, "\t"):
        if keys := tables.keys.get(f"CHEBI:{row['CHEBI']}"):
            tables.keys[f"{prefix}:{row[column]}"] |= keys


def read_mesh_names(path: Path, columns: tuple[int, int, int | None], tables: NameTables, report: ImportReport) -> None:
    """Read names of MeSH records from a tab-separated table without header.

    Args:
        path: the table.
        columns: which columns hold the identifier, the name and the ``|`` separated synonyms (None: there are none).
        tables: where the names go.
        report: counts the rows.
    """
    id_at, name_at, synonyms_at = columns
    with open_text(path) as lines:
        for number, line in enumerate(lines, 1):
            cells = line.rstrip("\r\n").split("\t")
            report.read[path.name] += 1
            if len(cells) <= max(id_at, name_at, synonyms_at or 0):
                report.skip(Place(path, number), "wrong number of cells", str(len(cells)), is_malformed=True)
                continue
            synonyms = cells[synonyms_at].split("|") if synonyms_at is not None else ()
            tables.add(f"MESH:{cells[id_at]}", [cells[name_at], *synonyms])


def _table_after(
    path: Path, start: int, columns: Sequence[str], report: ImportReport
) -> Iterator[tuple[Place, dict[str, str]]]:
    """Rows of a ``;`` separated table whose header stands after some lines."""
    with open_text(path) as lines:
        for _ in range(start):
            next(lines, "")
        rows = csv.reader(lines, delimiter=";")
        header = [name.strip() for name in next(rows, [])]
        if missing := [name for name in columns if name not in header]:
            raise LoadError(f"lacks the column(s) {', '.join(missing)}", Place(path, start + 1))
        for cells in rows:
            at = Place(path, rows.line_num + start)
            report.read[path.name] += 1
            if len(cells) != len(header):
                report.skip(at, "wrong number of cells", f"{len(cells)} for {len(header)}", is_malformed=True)
                continue
            yield at, dict(zip(header, (cell.strip() for cell in cells), strict=True))
