"""Curation sheets → records: names resolved, identifiers computed, nothing written for a name that fits nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from immunograph.errors import Place
from immunograph.identifiers import as_iri, compress
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
from immunograph.names import name_key, nearest
from immunograph.sources.declarations import Declarations
from immunograph.sources.importer import ImportReport
from immunograph.sources.naming import Namer, Unresolved
from immunograph.sources.sheet_documents import Documents
from immunograph.sources.sheet_keys import (
    CLOSED_VALUES,
    KINDS_OF_KEY,
    NAMED_QUALIFIERS,
    OTHER_KEYS,
    STATUSES,
    TEXT_QUALIFIERS,
)
from immunograph.sources.sheets import Entry, NotWrittenError, Row, Sheet, Statement, listed
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
    _documents: Documents = field(init=False)
    _stated: dict[tuple[str, tuple[str, ...]], Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._declarations = Declarations(self.namer, self.report)
        self._documents = Documents(SOURCE.slug, self.report)

    def records(self) -> Iterator[tuple[str, Record]]:
        """Every record with the name of the sheet that it belongs to; nodes, then actions, then the rest."""
        for sheet in self.sheets:
            for names in (sheet.aliases(), sheet.names()):
                self._learn_names(names, Place(sheet.path, names.line))
        yield from self._declarations.nodes(self.sheets)
        for sheet in self.sheets:
            for entry in sheet.entries("targets"):
                yield from ((sheet.name, record) for record in self._parts(sheet, entry))
        statements = [(sheet, statement) for sheet in self.sheets for statement in sheet.statements(self.report)]
        statements.sort(key=lambda pair: KIND_OF_PREDICATE[pair[1].predicate] != "TargetAction")
        self._documents.read(self.sheets, statements)
        for sheet, statement in statements:
            self._note_what_is_missing(statement)
            yield from ((sheet.name, record) for record in self._records_of(sheet, statement))

    def _learn_names(self, names: Row, at: Place) -> None:
        for name, target in names.items():
            if retirement := self.namer.retirement(str(target)):
                self.report.skip(at, "a retired identifier", f"{name}: {retirement}", is_malformed=True)
            self.namer.aliases[name_key(name)] = as_iri(str(target)) or ""

    def _note_what_is_missing(self, statement: Statement) -> None:
        said = f"{statement.predicate} {statement.object}"
        if not statement.qualifiers.get("at"):
            self.report.note(statement.at, "a row without `at`, the section to look in", said)
        if statement.predicate == "approvedBy" and not statement.qualifiers.get("year"):
            self.report.note(statement.at, "an approval without its year", said)

    def _note_what_nobody_describes(self, statement: Statement, association: Association) -> None:
        """A public identifier may be named before the graph has it; if it stays so, validation refuses it."""
        for iri in (association.subject, association.object):
            if not iri.startswith((IG, IGD)) and not self.namer.is_described(iri):
                detail = f"{compress(iri)}; mend it, or import its source again so that it is described"
                self.report.note(statement.at, "an identifier that nothing describes yet", detail)

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
            evidence = self._documents.of(sheet, statement)
            _refuse_year(statement, evidence)
            qualifiers, affinities = self._qualifiers(statement, subject)
        except NotWrittenError as error:
            if error.reason:
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
        self._note_what_nobody_describes(statement, association)
        earlier = self._stated.setdefault((association.iri, association.evidence), statement.at)
        if earlier != statement.at:
            detail = f"{statement.predicate} {statement.object}, as in {earlier}"
            self.report.note(statement.at, "a row that says what another one says", detail)
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
        if retirement := self.namer.retirement(name):
            raise NotWrittenError("a retired identifier", retirement)
        found = self.namer.resolve(name, kinds)
        if isinstance(found, Unresolved):
            near = f"; near: {', '.join(found.candidates)}" if found.candidates else ""
            reason = "a name that means several things" if found.is_ambiguous else "a name that fits nothing"
            for kind in kinds[:1]:
                self.report.miss(kind, name)
            raise NotWrittenError(reason, f"{name!r} as {' or '.join(kinds)}{near}")
        return found

    def _qualifiers(self, statement: Statement, subject: str) -> tuple[list[tuple[str, Term]], list[Affinity]]:
        found: list[tuple[str, Term]] = []
        affinities: list[Affinity] = []
        stated = KIND_OF_PREDICATE[statement.predicate]
        for key, value in statement.qualifiers.items():
            if stated not in KINDS_OF_KEY.get(key, (stated,)):
                reason = "a key that its kind of statement does not carry"
                self.report.skip(statement.at, reason, f"{key} of {stated}", is_malformed=True)
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
                near = nearest(key, {*KINDS_OF_KEY, *OTHER_KEYS}, limit=2)
                hint = f"; did you mean {' or '.join(near)}?" if near else ""
                raise NotWrittenError("an unknown key", f"{key}{hint}")
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
                raise NotWrittenError("mediated by an action that the sheets do not state", str(name))
            yield from actions


def _refuse_year(statement: Statement, evidence: Sequence[Evidence]) -> None:
    """A document cannot know of a decision later than the day it was read.

    Raises:
        NotWrittenError: the row's year is later than that, or before there were regulators.
    """
    stated = statement.qualifiers.get("year")
    read = max((one.consulted for one in evidence if one.consulted), default=datetime.date.max)
    if isinstance(stated, int) and not 1800 <= stated <= read.year:
        raise NotWrittenError("a year that cannot be", f"{stated}; the document was consulted on {read}")


def _status(kind: str, name: str) -> str:
    """The closed value that a name stands for, written as one word or as several."""
    word = name.replace(" ", "").casefold()
    for value in STATUSES[kind]:
        if value.casefold() == word:
            return IG + value
    raise NotWrittenError("an unknown status", f"{name!r}; known are {', '.join(STATUSES[kind])}")


def _regulator(name: str) -> str:
    slug = name.casefold().replace(" ", "-")
    if slug not in REGULATORS:
        raise NotWrittenError("an unknown regulator", f"{name!r}; known are {', '.join(REGULATORS)}")
    return IGD + slug


def _closed_value(key: str, value: object) -> tuple[str, Term]:
    name, values = CLOSED_VALUES[key]
    if str(value) not in values:
        raise NotWrittenError(f"an unknown value of `{key}`", f"{value!r}; known are {', '.join(values)}")
    return name, Iri(IG + values[str(value)])


def _plain_qualifier(key: str, value: Any) -> Iterator[tuple[str, Term]]:
    if key == "type":
        if value not in _ACTION_TYPES:
            raise NotWrittenError("an unknown action type", f"{value!r}; known are {', '.join(sorted(_ACTION_TYPES))}")
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
        raise NotWrittenError("a percentage outside 0-100", repr(value))
    return decimal(value)


def _whole(key: str, value: Any) -> int:
    if not isinstance(value, int):
        raise NotWrittenError(f"`{key}` is not a whole number", repr(value))
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
        raise NotWrittenError("an affinity without type or value", repr(value)) from error
