"""Curation sheets: YAML files of names and short rows (``docs/curation.md``) → what they say, with lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from immunograph.errors import LoadError, Place
from immunograph.names import nearest
from immunograph.sources.importer import ImportReport
from immunograph.sources.sheet_keys import KINDS_OF_KEY, OTHER_KEYS
from immunograph.vocabulary import KIND_OF_PREDICATE

SECTIONS = (
    "documents",
    "modulators",
    "targets",
    "measures",
    "conditions",
    "aliases",
    "names",
    "combinations",
    "classes",
    "statements",
)


class Row(dict[str, Any]):
    """A mapping of a sheet that knows the line it begins on."""

    line: int = 0


class _Loader(yaml.SafeLoader):
    """Reads mappings as rows, and refuses a key given twice."""


def _row(loader: _Loader, node: yaml.MappingNode) -> Row:
    row = Row()
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in row:
            raise yaml.MarkedYAMLError(problem=f"the key {key!r} is given twice", problem_mark=key_node.start_mark)
        row[key] = loader.construct_object(value_node, deep=True)
    row.line = node.start_mark.line + 1
    return row


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _row)


class NotWrittenError(Exception):
    """A row that gives no record, with the reason; an empty reason was told of already."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Entry:
    """A node of a sheet: its section, its slug and what is said of it."""

    section: str
    slug: str
    row: Row
    at: Place


@dataclass(frozen=True, slots=True)
class Statement:
    """One row of one object: the predicate, the object's name and the qualifiers as written.

    Attributes:
        subject: the entry it stands under, or the subject's name.
        percent: the frequency where objects were given as a mapping, else None.
    """

    subject: Entry | str
    predicate: str
    object: str
    qualifiers: Mapping[str, Any]
    documents: tuple[str, ...]
    percent: float | None
    at: Place

    @property
    def sections(self) -> tuple[str, ...]:
        """The section of each document: its own where ``at`` is a list, else what ``at`` says of all."""
        at = self.qualifiers.get("at", "")
        return tuple(map(str, at)) if isinstance(at, list) else (str(at),) * len(self.documents)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as read."""

    path: Path
    sections: Mapping[str, Row]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    def documents(self) -> Row:
        """The documents by short name."""
        return self.sections.get("documents") or Row()

    def aliases(self) -> Row:
        """Label wordings that mean a concept that a public ontology has."""
        return self.sections.get("aliases") or Row()

    def names(self) -> Row:
        """Further names, such as abbreviations, of nodes that other sources describe; written, unlike aliases."""
        return self.sections.get("names") or Row()

    def entries(self, *sections: str) -> Iterator[Entry]:
        """The nodes of these sections, in file order."""
        for section in sections:
            for slug, row in (self.sections.get(section) or Row()).items():
                if not isinstance(row, Row):
                    raise LoadError(f"{section}: {slug} is not a mapping; see docs/curation.md", Place(self.path))
                yield Entry(section, slug, row, Place(self.path, row.line))

    def statements(self, report: ImportReport) -> Iterator[Statement]:
        """Every row, one statement an object, in file order; a malformed row is counted and left out.

        Raises:
            LoadError: a row is malformed and the import is strict; it names the line.
        """
        for row, subject, document in self._rows():
            at = Place(self.path, getattr(row, "line", None))
            try:
                yield from self._of_row(row, subject, document)
            except LoadError as error:
                report.skip(at, "a malformed row", error.reason, is_malformed=True)

    def _rows(self) -> Iterator[tuple[object, Entry | str | None, object]]:
        for entry in self.entries("modulators", "combinations", "classes"):
            yield from ((row, entry, entry.row.get("document")) for row in entry.row.get("statements") or ())
        for row in self.sections.get("statements") or ():
            yield row, str(row["subject"]) if isinstance(row, Row) and "subject" in row else None, None

    def _of_row(self, row: object, subject: Entry | str | None, document: object) -> Iterator[Statement]:
        if not isinstance(row, Row):
            raise LoadError(f"a statement is a mapping, not {row!r}; see docs/curation.md", Place(self.path))
        at = Place(self.path, row.line)
        if subject is None:
            raise LoadError("a row under `statements` needs a `subject`", at)
        predicates = [key for key in row if key in KIND_OF_PREDICATE]
        if len(predicates) != 1:
            raise LoadError(f"a row needs exactly one predicate; {_predicates_of(row, predicates)}", at)
        cited = row.get("doc", document)
        documents = tuple(map(str, cited)) if isinstance(cited, list) else (str(cited),) if cited else ()
        value = row[predicates[0]]
        if value is None or value in ("", [], {}):
            raise LoadError(f"`{predicates[0]}` names nothing", at)
        pairs: list[tuple[object, object]] = (
            list(value.items())
            if isinstance(value, dict)
            else [(name, None) for name in (value if isinstance(value, list) else [value])]
        )
        qualifiers = {key: item for key, item in row.items() if key not in {predicates[0], "doc", "subject"}}
        for name, percent in pairs:
            if percent is not None and not isinstance(percent, int | float):
                raise LoadError(f"the percentage of {name!r} is not a number: {percent!r}", at)
            yield Statement(subject, predicates[0], str(name), qualifiers, documents, percent, at)


def _predicates_of(row: Row, predicates: list[str]) -> str:
    """What a row has in the place of its one predicate, and what may have been meant."""
    if predicates:
        return f"has {' and '.join(predicates)}: make them two rows"
    unknown = [key for key in row if key not in {*KINDS_OF_KEY, *OTHER_KEYS}]
    near = [name for key in unknown for name in nearest(key, KIND_OF_PREDICATE, limit=2)]
    hint = f"did you mean {' or '.join(near)}?" if near else "docs/model.md has them"
    return f"has {', '.join(unknown or row)}; {hint}"


def listed(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The values under a key of a sheet, one or many, as text."""
    value = row.get(key)
    if value is None:
        return ()
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)


def read_sheet(path: Path) -> Sheet:
    """Read a curation sheet.

    Raises:
        LoadError: the file is missing, is not YAML, or has an unknown section or one that is no mapping.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise LoadError(f"cannot be opened ({error.strerror}); check the path", Place(path)) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise LoadError(f"is not valid YAML ({error.problem}); mend the line", Place(path, line)) from error
    if not isinstance(content, Row):
        raise LoadError("is not a mapping of sections; see docs/curation.md", Place(path))
    if unknown := content.keys() - set(SECTIONS):
        raise LoadError(
            f"has unknown section(s) {', '.join(sorted(unknown))}; known are {', '.join(SECTIONS)}", Place(path)
        )
    for section, rows in content.items():
        if rows is not None and section != "statements" and not isinstance(rows, Row):
            raise LoadError(f"{section} is not a mapping of names; see docs/curation.md", Place(path))
    return Sheet(path, content)
