"""Curation sheets → records: names resolved, identifiers computed, nothing written for a name that fits nothing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from immunograph.errors import Place
from immunograph.identifiers import as_iri
from immunograph.model import (
    Affinity,
    Association,
    Evidence,
    Iri,
    Node,
    Record,
    Source,
    Term,
    decimal,
    integer,
    plain,
    true,
    year,
)
from immunograph.names import name_key
from immunograph.sources.declarations import Declarations, listed
from immunograph.sources.importer import ImportReport
from immunograph.sources.naming import Namer, Unresolved
from immunograph.sources.rechecking import Rechecked, record_of
from immunograph.sources.sheet_keys import (
    CLOSED_VALUES,
    DOCUMENT_TYPES,
    KINDS_OF_KEY,
    NAMED_QUALIFIERS,
    STATUSES,
    TEXT_QUALIFIERS,
)
from immunograph.sources.sheets import Entry, Sheet, Statement
from immunograph.vocabulary import IG, IGD, IGS, KIND_OF_PREDICATE, OBJECT_KINDS, SUBJECT_KINDS

SOURCE = Source(
    slug="curated",
    title="ImmunoGraph curation",
    licence="https://creativecommons.org/licenses/by/4.0/",
    publisher="The ImmunoGraph developers",
    address="https://w3id.org/immunograph/source/curated",
    version="0.1.0",
    command="immunograph import sheets data/curated/sheets/*.yaml --out data/curated",
    comment="Facts read from product labels, regulators, guidelines and open papers, one citation a statement.",
)

_ACTION_TYPES = frozenset(
    "Inhibitor Antagonist InverseAgonist Blocker NegativeAllostericModulator Neutralizer DecoyReceptor "
    "SynthesisInhibitor ExpressionSuppressor Degrader MolecularGlue CytotoxicDepletion Agonist PartialAgonist "
    "PositiveAllostericModulator Activator Replacement Cofactor FunctionalAntagonist Engager Binder Modulator".split()
)
_OTHER_KEYS = {"at", "type", "boxed", "not", "percent", "of", "phase", "by", "affinity"}
_LICENSING = frozenset({"approvedBy", "treats", "prevents"})
_ONCE_LICENSED = frozenset({None, "approved", "withdrawn"})
REGULATORS: Mapping[str, str] = {
    "fda": "United States Food and Drug Administration",
    "ema": "European Medicines Agency",
    "pmda": "Pharmaceuticals and Medical Devices Agency",
    "mhra": "Medicines and Healthcare products Regulatory Agency",
    "nmpa": "National Medical Products Administration",
    "tga": "Therapeutic Goods Administration",
    "health-canada": "Health Canada",
    "swissmedic": "Swissmedic",
    "mfds": "Ministry of Food and Drug Safety",
    "cdsco": "Central Drugs Standard Control Organisation",
    "anvisa": "Brazilian Health Regulatory Agency",
    "cofepris": "Federal Commission for the Protection against Sanitary Risk",
    "minzdrav": "Ministry of Health of the Russian Federation",
    "cecmed": "Center for State Control of Medicines, Equipment and Medical Devices",
}
"""Short name of a regulator, as sheets write it in any case → its name."""


class _NotWrittenError(Exception):
    """A row that gives no record, with the reason."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(slots=True)
class Curation:
    """Sheets that are read together: a node declared in one may be named in every other.

    Attributes:
        sheets: the sheets.
        namer: looks names up; declared nodes are added to it.
        report: counts what is left out, by reason.
    """

    sheets: Sequence[Sheet]
    namer: Namer
    report: ImportReport
    _declarations: Declarations = field(init=False)
    _actions: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _regulators: set[str] = field(default_factory=set)
    _described: dict[str, tuple[str, str]] = field(default_factory=dict)
    _rechecked: Rechecked = field(default_factory=Rechecked)

    def __post_init__(self) -> None:
        self._declarations = Declarations(self.namer, self.report)

    def records(self) -> Iterator[tuple[str, Record]]:
        """Every record with the name of the sheet that it belongs to; nodes, then actions, then the rest."""
        for sheet in self.sheets:
            self.namer.aliases.update(
                {
                    name_key(name): as_iri(str(target)) or ""
                    for name, target in (*sheet.aliases().items(), *sheet.names().items())
                }
            )
        yield from self._declarations.nodes(self.sheets)
        for sheet in self.sheets:
            for entry in sheet.entries("targets"):
                yield from ((sheet.name, record) for record in self._parts(sheet, entry))
        statements = [(sheet, statement) for sheet in self.sheets for statement in sheet.statements(self.report)]
        statements.sort(key=lambda pair: KIND_OF_PREDICATE[pair[1].predicate] != "TargetAction")
        self._rechecked.read(statements)
        for sheet, statement in statements:
            yield from ((sheet.name, record) for record in self._records_of(sheet, statement))

    def _parts(self, sheet: Sheet, entry: Entry) -> Iterator[Record]:
        whole = self._declarations.iri(entry)
        predicate = "memberOf" if "ProteinFamily" in listed(entry.row, "types") else "subunitOf"
        document = entry.row.get("document")
        for name in listed(entry.row, "parts"):
            qualifiers: dict[str, Any] = {}
            documents = (str(document),) if document else ()
            statement = Statement(name, predicate, whole, qualifiers, documents, None, entry.at)
            yield from self._records_of(sheet, statement)

    def _records_of(self, sheet: Sheet, statement: Statement) -> Iterator[Record]:
        self.report.read[sheet.path.name] += 1
        try:
            subject = self._subject(statement)
            target = self._object(statement)
            evidence = self._evidence(sheet, statement)
            qualifiers, affinities = self._qualifiers(statement, subject)
        except _NotWrittenError as error:
            self.report.skip(statement.at, error.reason, error.detail, is_malformed=True)
            return
        association = Association(
            source=SOURCE.slug,
            subject=subject,
            predicate=statement.predicate,
            object=target,
            evidence=tuple(item.iri for item in evidence),
            qualifiers=tuple(qualifiers),
        )
        if association.kind == "TargetAction":
            self._actions.setdefault((subject, target), []).append(association.iri)
        yield association
        yield from evidence
        yield from affinities
        yield from self._new_regulators(association)

    def _new_regulators(self, association: Association) -> Iterator[Node]:
        """The regulators that an association names first, where no other source describes them."""
        named = {association.object} if association.kind == "Approval" else set()
        named |= {term.value for name, term in association.qualifiers if name == "regulator"}
        for iri in sorted(named - self._regulators - self.namer.known.nodes.keys()):
            self._regulators.add(iri)
            label = REGULATORS[iri.removeprefix(IGD)]
            yield Node(iri, ("Regulator",), label, (IGS + SOURCE.slug,))

    def _subject(self, statement: Statement) -> str:
        if isinstance(statement.subject, Entry):
            if statement.subject.section == "classes":
                return IG + statement.subject.slug
            return self._declarations.iri(statement.subject)
        return self._must(statement.subject, SUBJECT_KINDS[KIND_OF_PREDICATE[statement.predicate]])

    def _object(self, statement: Statement) -> str:
        kind = KIND_OF_PREDICATE[statement.predicate]
        if kind in STATUSES:
            return _status(kind, statement.object)
        if kind == "Approval":
            return _regulator(statement.object)
        kinds = ("CellType",) if statement.predicate == "depletes" else OBJECT_KINDS[kind]
        return self._must(statement.object, kinds)

    def _must(self, name: str, kinds: Sequence[str]) -> str:
        found = self.namer.resolve(name, kinds)
        if isinstance(found, Unresolved):
            near = f"; near: {', '.join(found.candidates)}" if found.candidates else ""
            reason = "a name that means several things" if found.is_ambiguous else "a name that fits nothing"
            for kind in kinds[:1]:
                self.report.miss(kind, name)
            raise _NotWrittenError(reason, f"{name!r} as {' or '.join(kinds)}{near}")
        return found

    def _evidence(self, sheet: Sheet, statement: Statement) -> list[Evidence]:
        if not statement.documents:
            raise _NotWrittenError("a row without a document", f"{statement.predicate} {statement.object}")
        if len(statement.sections) != len(statement.documents):
            raise _NotWrittenError("sections that do not fit the documents", f"`at` {statement.qualifiers['at']!r}")
        cited = zip(statement.documents, statement.sections, strict=True)
        return [self._cited(sheet, name, section, statement.at) for name, section in cited]

    def _cited(self, sheet: Sheet, name: str, section: str, at: Place) -> Evidence:
        document = sheet.documents().get(name)
        if not isinstance(document, dict):
            raise _NotWrittenError("a document that the sheet does not describe", name)
        address = str(document.get("address", ""))
        kind = str(document.get("kind", "label"))
        if not address or kind not in DOCUMENT_TYPES:
            raise _NotWrittenError("a document without address, or of an unknown kind", name)
        record = record_of(document)
        title, described = self._described.setdefault(record, (str(document.get("title", name)), kind))
        if kind != described:
            self.report.skip(at, "a document that sheets call of two kinds", f"{name}: {kind}, elsewhere {described}")
        document_type, evidence_type = DOCUMENT_TYPES[described]
        return Evidence(
            source=SOURCE.slug,
            record=record,
            evidence_type=evidence_type,
            title=title,
            address=address,
            references=_references(str(document.get("identifier", ""))),
            section=section,
            consulted=_day(document.get("consulted"), name),
            rechecked=self._rechecked.day(record, section),
            document_type=document_type,
        )

    def _qualifiers(self, statement: Statement, subject: str) -> tuple[list[tuple[str, Term]], list[Affinity]]:
        found: list[tuple[str, Term]] = []
        affinities: list[Affinity] = []
        stated = KIND_OF_PREDICATE[statement.predicate]
        for key, value in statement.qualifiers.items():
            if stated not in KINDS_OF_KEY.get(key, (stated,)):
                self.report.skip(statement.at, "a key that its kind of statement does not carry", f"{key} of {stated}")
            elif key in CLOSED_VALUES:
                found.append(_closed_value(key, value))
            elif key in TEXT_QUALIFIERS:
                found.append((TEXT_QUALIFIERS[key], plain(str(value))))
            elif key in NAMED_QUALIFIERS:
                name, kind = NAMED_QUALIFIERS[key]
                found.append((name, Iri(self._named_value(str(value), kind))))
            elif key == "by":
                found.extend(("mediatedBy", Iri(iri)) for iri in self._mediating(value, subject))
            elif key == "affinity":
                affinities.append(_affinity(value))
                found.append(("hasAffinity", Iri(affinities[-1].iri)))
            elif key == "year":
                found.append((_kind_of_year(statement), year(_whole(key, value))))
            elif key == "rechecked":
                continue
            elif key in _OTHER_KEYS:
                found.extend(_plain_qualifier(key, value))
            else:
                raise _NotWrittenError("an unknown key", key)
        if statement.percent is not None:
            found.append(("frequencyPercent", _percentage(statement.percent)))
        return found, affinities

    def _named_value(self, value: str, kind: str) -> str:
        if kind == "Regulator":
            return _regulator(value)
        return self._must(value, (kind,))

    def _mediating(self, value: object, subject: str) -> Iterator[str]:
        for name in value if isinstance(value, list) else [value]:
            target = self._must(str(name), ("Target", "CellType"))
            actions = self._actions.get((subject, target))
            if not actions:
                raise _NotWrittenError("mediated by an action that the sheets do not state", str(name))
            yield from actions


def _status(kind: str, name: str) -> str:
    """The closed value that a name stands for, written as one word or as several."""
    word = name.replace(" ", "").casefold()
    for value in STATUSES[kind]:
        if value.casefold() == word:
            return IG + value
    raise _NotWrittenError("an unknown status", f"{name!r}; known are {', '.join(STATUSES[kind])}")


def _regulator(name: str) -> str:
    slug = name.casefold().replace(" ", "-")
    if slug not in REGULATORS:
        raise _NotWrittenError("an unknown regulator", f"{name!r}; known are {', '.join(REGULATORS)}")
    return IGD + slug


def _closed_value(key: str, value: object) -> tuple[str, Term]:
    name, values = CLOSED_VALUES[key]
    if str(value) not in values:
        raise _NotWrittenError(f"an unknown value of `{key}`", f"{value!r}; known are {', '.join(values)}")
    return name, Iri(IG + values[str(value)])


def _plain_qualifier(key: str, value: Any) -> Iterator[tuple[str, Term]]:
    if key == "type":
        if value not in _ACTION_TYPES:
            raise _NotWrittenError("an unknown action type", f"{value!r}; known are {', '.join(sorted(_ACTION_TYPES))}")
        yield "actionType", Iri(f"{IG}{value}Action")
    elif key == "boxed" and value:
        yield "boxedWarning", true()
    elif key == "not" and value:
        yield "negated", true()
    elif key == "percent":
        yield "frequencyPercent", _percentage(value)
    elif key == "of":
        yield "denominator", integer(_whole(key, value))
    elif key == "phase":
        yield "maxPhase", decimal(value)


def _kind_of_year(statement: Statement) -> str:
    """The year of a licence, or of another decision: of `treats` with the status `withdrawn` it is the licence's."""
    licensed = statement.predicate in _LICENSING and statement.qualifiers.get("status") in _ONCE_LICENSED
    return "approvalYear" if licensed else "decisionYear"


def _percentage(value: Any) -> Term:
    if not isinstance(value, int | float) or not 0 <= value <= 100:
        raise _NotWrittenError("a percentage outside 0-100", repr(value))
    return decimal(value)


def _whole(key: str, value: Any) -> int:
    if not isinstance(value, int):
        raise _NotWrittenError(f"`{key}` is not a whole number", repr(value))
    return value


def _affinity(value: Any) -> Affinity:
    try:
        return Affinity(
            type=str(value["type"]),
            value=Decimal(str(value["value"])),
            relation=str(value.get("relation", "=")),
            unit=str(value.get("unit", "nM")),
        )
    except (TypeError, KeyError, ArithmeticError) as error:
        raise _NotWrittenError("an affinity without type or value", repr(value)) from error


def _references(identifier: str) -> tuple[str, ...]:
    """The papers and trials that an identifier names, however it is punctuated."""
    found = [
        *(f"PMID:{number}" for number in re.findall(r"PMID:?\s*(\d+)", identifier)),
        *(f"PMC:{number}" for number in re.findall(r"\b(PMC\d+)", identifier)),
        *(f"NCT:{number}" for number in re.findall(r"\b(NCT\d{8})\b", identifier)),
        *(f"DOI:{name.rstrip('.,;)')}" for name in re.findall(r"\b(10\.\d{4,9}/[^\s\"<>]+)", identifier)),
    ]
    return tuple(iri for iri in map(as_iri, found) if iri)


def _day(value: object, name: str) -> datetime.date:
    if isinstance(value, datetime.date):
        return value
    raise _NotWrittenError("a document without the day it was consulted", f"{name}: give `consulted: YYYY-MM-DD`")
