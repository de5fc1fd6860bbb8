"""The documents that sheets cite → evidence; one that cannot be cited is told once, at its own line."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from immunograph.errors import Place
from immunograph.identifiers import as_iri
from immunograph.model import Evidence
from immunograph.names import nearest
from immunograph.sources.importer import ImportReport
from immunograph.sources.rechecking import Rechecked, record_of
from immunograph.sources.sheet_keys import DOCUMENT_TYPES
from immunograph.sources.sheets import NotWrittenError, Row, Sheet, Statement


@dataclass(slots=True)
class Documents:
    """Gives the evidence of a row that cites documents of its sheet.

    Attributes:
        source: slug of the source that the evidence belongs to.
        report: is told of documents that cannot be cited.
        today: the day of the import, which no document was read after.
    """

    source: str
    report: ImportReport
    today: datetime.date = field(default_factory=datetime.date.today)
    _faulty: set[tuple[str, str]] = field(default_factory=set)
    _described: dict[str, tuple[str, str]] = field(default_factory=dict)
    _rechecked: Rechecked = field(default_factory=Rechecked)

    def read(self, sheets: Iterable[Sheet], statements: Sequence[tuple[Sheet, Statement]]) -> None:
        """Look at every document, and at which sections of it a second reader has closed."""
        self._rechecked.read(statements)
        citing = Counter((sheet.name, name) for sheet, statement in statements for name in statement.documents)
        for sheet in sheets:
            for name, document in sheet.documents().items():
                at = Place(sheet.path, getattr(document, "line", sheet.documents().line))
                for reason, detail in _faults(document, self.today):
                    rows = citing[sheet.name, name]
                    left_out = f"; rows left out that cite it: {rows}" if rows else ""
                    self._faulty.add((sheet.name, name))
                    self.report.skip(at, reason, f"{name}: {detail}{left_out}", is_malformed=True)

    def of(self, sheet: Sheet, statement: Statement) -> list[Evidence]:
        """The evidence of a row, one record a document.

        Raises:
            NotWrittenError: it cites nothing, or what its sheet does not describe or cannot cite.
        """
        if not statement.documents:
            raise NotWrittenError("a row without a document", f"{statement.predicate} {statement.object}")
        if len(statement.sections) != len(statement.documents):
            raise NotWrittenError("sections that do not fit the documents", f"`at` {statement.qualifiers['at']!r}")
        cited = zip(statement.documents, statement.sections, strict=True)
        return [self._cited(sheet, name, section, statement.at) for name, section in cited]

    def _cited(self, sheet: Sheet, name: str, section: str, at: Place) -> Evidence:
        document = sheet.documents().get(name)
        if document is None:
            near = nearest(name, sheet.documents(), limit=3)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise NotWrittenError("a document that the sheet does not describe", f"{name}{hint}")
        if (sheet.name, name) in self._faulty:
            raise NotWrittenError("", name)
        record, kind = record_of(document), str(document.get("kind", "label"))
        title, described = self._described.setdefault(record, (str(document.get("title", name)), kind))
        if kind != described:
            detail = f"{name}: {kind}, elsewhere {described}"
            self.report.skip(at, "a document that sheets call of two kinds", detail, is_malformed=True)
        document_type, evidence_type = DOCUMENT_TYPES[described]
        return Evidence(
            source=self.source,
            record=record,
            evidence_type=evidence_type,
            title=title,
            address=str(document["address"]),
            references=_references(str(document.get("identifier", ""))),
            section=section,
            consulted=document["consulted"],
            rechecked=self._rechecked.day(record, section),
            document_type=document_type,
        )


def _faults(document: object, today: datetime.date) -> Iterator[tuple[str, str]]:
    """Why a document cannot be cited: reasons, each with what to do."""
    if not isinstance(document, Row):
        yield "a document that is no mapping", f"{document!r}; give title, kind, address and consulted"
        return
    address, kind = str(document.get("address") or ""), str(document.get("kind", "label"))
    if not address:
        yield "a document without an address", "give `address: https://...`"
    elif not re.match(r"https?://\S+$", address):
        whole = re.sub(r"^(\w+:)?/*", "", address)
        yield "an address without https://", f"write `address: https://{whole}`, not {address}"
    if kind not in DOCUMENT_TYPES:
        yield "a document of an unknown kind", f"{kind!r}; known are {', '.join(DOCUMENT_TYPES)}"
    yield from _wrong_days(document, today)


def _wrong_days(document: Mapping[str, Any], today: datetime.date) -> Iterator[tuple[str, str]]:
    consulted, rechecked = document.get("consulted"), document.get("rechecked")
    if not _is_day(consulted):
        yield "a document without the day it was consulted", "give `consulted: YYYY-MM-DD`"
        return
    if consulted > today:
        yield "a day in the future", f"`consulted: {consulted}`; today is {today}"
    if _is_day(rechecked) and rechecked > today:
        yield "a day in the future", f"`rechecked: {rechecked}`; today is {today}"
    elif _is_day(rechecked) and rechecked < consulted:
        yield "a second reading before the first", f"`rechecked: {rechecked}`, `consulted: {consulted}`"


def _is_day(value: object) -> TypeGuard[datetime.date]:
    return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)


def _references(identifier: str) -> tuple[str, ...]:
    """The papers and trials that an identifier names, however it is punctuated."""
    found = [
        *(f"PMID:{number}" for number in re.findall(r"PMID:?\s*(\d+)", identifier)),
        *(f"PMC:{number}" for number in re.findall(r"\b(PMC\d+)", identifier)),
        *(f"NCT:{number}" for number in re.findall(r"\b(NCT\d{8})\b", identifier)),
        *(f"DOI:{name.rstrip('.,;)')}" for name in re.findall(r"\b(10\.\d{4,9}/[^\s\"<>]+)", identifier)),
    ]
    return tuple(iri for iri in map(as_iri, found) if iri)
