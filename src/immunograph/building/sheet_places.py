"""Findings about generated Turtle → the row of the curation sheet that the Turtle was written from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from immunograph.errors import LoadError, Place
from immunograph.identifiers import as_iri
from immunograph.names import name_key
from immunograph.sources.declarations import SECTION_KIND
from immunograph.sources.importer import ImportReport
from immunograph.sources.rechecking import record_of
from immunograph.sources.sheets import Entry, Row, Sheet, Statement, read_sheet
from immunograph.store.graph import Graph
from immunograph.validation import Finding, Report
from immunograph.vocabulary import IG, IGA, IGD, IGE

_STATED = "SELECT ?s ?p ?o WHERE {{ <{iri}> ig:subject ?s ; ig:predicate ?p ; ig:object ?o }}"
_RECORD = "SELECT ?record WHERE {{ <{iri}> dcterms:identifier ?record }}"
_NAMES = "SELECT ?name WHERE {{ <{iri}> rdfs:label|skos:altLabel ?name }}"


def with_sheets(report: Report, graph: Graph) -> Report:
    """The same report; findings in Turtle of a sheet name the sheet, and the line where it can be told.

    Args:
        report: of a validation, with places.
        graph: what was validated.
    """
    places = _SheetPlaces(graph)
    return replace(report, findings=tuple(replace(one, sheet=places.of(one)) for one in report.findings))


@dataclass(slots=True)
class _SheetPlaces:
    """Looks rows up by what a graph says of a finding's node; each sheet is read once."""

    graph: Graph
    _sheets: dict[Path, Sheet | None] = field(default_factory=dict)

    def of(self, finding: Finding) -> Place | None:
        """Where the row of a finding stands; the sheet alone where none can be told; None outside of sheets."""
        path = finding.at.path.parent / "sheets" / f"{finding.at.path.stem}.yaml" if finding.at else None
        if path is None or not path.exists():
            return None
        sheet = self._sheet(path)
        lines = self._lines(sheet, finding.focus) if sheet else ()
        return Place(path, next(iter(lines), None))

    def _sheet(self, path: Path) -> Sheet | None:
        if path not in self._sheets:
            try:
                self._sheets[path] = read_sheet(path)
            except LoadError:  # the import tells of it; here the Turtle is looked at
                self._sheets[path] = None
        return self._sheets[path]

    def _lines(self, sheet: Sheet, focus: str) -> Iterable[int | None]:
        if focus.startswith(IGE):
            return self._documents(sheet, focus)
        return self._rows(sheet, focus) if focus.startswith(IGA) else self._entries(sheet, focus)

    def _documents(self, sheet: Sheet, focus: str) -> Iterator[int]:
        records = {value for (value,) in self._asked(_RECORD, focus)}
        for document in sheet.documents().values():
            if isinstance(document, Row) and record_of(document) in records:
                yield document.line

    def _entries(self, sheet: Sheet, focus: str) -> Iterator[int | None]:
        names = self._names(focus)
        return (entry.at.line for entry in sheet.entries(*SECTION_KIND) if _is_entry_of(entry, focus, names))

    def _rows(self, sheet: Sheet, focus: str) -> list[int | None]:
        """The rows of an association: those of subject, predicate and object."""
        for subject, predicate, object_ in self._asked(_STATED, focus):
            rows = [one for one in sheet.statements(ImportReport()) if IG + one.predicate == predicate]
            names = self._names(subject)
            rows = [one for one in rows if _is_about(one, subject, names)]
            return [one.at.line for one in rows if _means(one.object, object_, self._names(object_))]
        return []

    def _names(self, iri: str) -> frozenset[str]:
        return frozenset(name_key(value) for (value,) in self._asked(_NAMES, iri))

    def _asked(self, query: str, iri: str) -> Iterator[Sequence[str]]:
        for row in self.graph.select(query.format(iri=iri)).rows:
            yield [term.value if term else "" for term in row]


def _is_about(statement: Statement, subject: str, names: frozenset[str]) -> bool:
    if isinstance(statement.subject, Entry):
        return subject == IG + statement.subject.slug or _is_entry_of(statement.subject, subject, names)
    return _means(statement.subject, subject, names)


def _is_entry_of(entry: Entry, iri: str, names: frozenset[str]) -> bool:
    spoken: Mapping[str, object] = entry.row
    return _means(entry.slug, iri, names) or name_key(str(spoken.get("label", ""))) in names


def _means(name: str, iri: str, names: frozenset[str]) -> bool:
    return iri in {IGD + name, as_iri(name)} or name_key(name) in names or name_key(name.replace("-", " ")) in names
