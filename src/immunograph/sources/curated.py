"""Curation sheets → records: names resolved, identifiers computed, nothing written for a name that fits nothing."""

from __future__ import annotations

import datetime
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
from immunograph.registry import Registry
from immunograph.sources.importer import ImportReport
from immunograph.sources.naming import Namer, Unresolved
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

DOCUMENT_TYPES: Mapping[str, tuple[str, str]] = {
    "label": ("ProductLabel", "0000033"),
    "regulator": ("RegulatoryDocument", "0000033"),
    "guideline": ("Guideline", "0000033"),
    "trial": ("TrialReport", "0006016"),
    "paper": ("ResearchArticle", "0006016"),
    "review": ("ReviewArticle", "0000033"),
    "registry": ("RegistryRecord", "0000033"),
}
"""Kind of document → our document type and the ECO term: author statement supported by traceable reference
(0000033), or by the clinical study that it reports (0006016)."""

_CLOSED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "status": (
        "status",
        {
            "approved": "Approved",
            "recommended": "Recommended",
            "investigational": "Investigational",
            "off-label": "OffLabel",
            "refused": "Refused",
            "withdrawn": "Withdrawn",
        },
    ),
    "role": ("actionRole", {"primary": "PrimaryAction", "off-target": "OffTargetAction"}),
    "side": ("axisSide", {"ligand": "LigandSide", "receptor": "ReceptorSide"}),
    "band": (
        "frequencyBand",
        {
            "very-common": "VeryCommon",
            "common": "Common",
            "uncommon": "Uncommon",
            "rare": "Rare",
            "very-rare": "VeryRare",
            "not-known": "FrequencyNotKnown",
        },
    ),
    "seriousness": (
        "seriousness",
        {"serious": "Serious", "life-threatening": "LifeThreatening", "fatal": "Fatal", "not-serious": "NotSerious"},
    ),
    "section": (
        "labelSection",
        {
            "boxed": "BoxedWarningSection",
            "contraindications": "ContraindicationsSection",
            "warnings": "WarningsSection",
            "adverse": "AdverseReactionsSection",
            "postmarketing": "PostmarketingSection",
        },
    ),
    "when": (
        "timing",
        {
            "before": "BeforeTreatment",
            "during": "DuringTreatment",
            "before-and-during": "BeforeAndDuringTreatment",
            "after": "AfterTreatment",
        },
    ),
}
"""Key of a row → qualifier and its closed values."""

_TEXTS = {
    "population": "population",
    "line": "lineOfTherapy",
    "every": "interval",
    "cutoff": "cutOff",
    "state": "activationState",
    "role-in": "membershipRole",
}
_NAMED = {
    "context": ("contextCondition", "Condition"),
    "cell": ("cellContext", "CellType"),
    "for": ("forRisk", "Condition"),
    "regulator": ("regulator", "Regulator"),
    "complex": ("requiresComplex", "Target"),
}
_ACTION_TYPES = frozenset(
    "Inhibitor Antagonist InverseAgonist Blocker NegativeAllostericModulator Neutralizer DecoyReceptor "
    "SynthesisInhibitor ExpressionSuppressor Degrader MolecularGlue CytotoxicDepletion Agonist PartialAgonist "
    "PositiveAllostericModulator Activator Replacement Cofactor FunctionalAntagonist Engager Binder Modulator".split()
)
_OTHER_KEYS = {"at", "type", "boxed", "not", "percent", "of", "year", "phase", "by", "affinity"}
_ROLES = {
    "therapeutic": "TherapeuticModulator",
    "preventive": "PreventiveModulator",
    "endogenous": "EndogenousModulator",
}
_SECTION_KIND = {"modulators": "Modulator", "targets": "Target", "measures": "Measure", "conditions": "Condition"}


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
    _elsewhere: Registry = field(default_factory=Registry)
    _actions: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def records(self) -> Iterator[tuple[str, Record]]:
        """Every record with the name of the sheet that it belongs to; nodes, then actions, then the rest."""
        self._elsewhere.extend(self.namer.known.nodes.values())
        for sheet in self.sheets:
            self.namer.aliases.update(
                {name_key(name): as_iri(str(target)) or "" for name, target in sheet.aliases().items()}
            )
            for entry in sheet.entries("modulators", "targets", "measures", "conditions", "combinations"):
                node = self._declared(entry)
                if node:
                    self.namer.known.add(node)
        for sheet in self.sheets:
            yield from ((sheet.name, record) for record in self._nodes(sheet))
        for wanted in (True, False):
            for sheet in self.sheets:
                for statement in sheet.statements():
                    if (KIND_OF_PREDICATE[statement.predicate] == "TargetAction") is wanted:
                        yield from ((sheet.name, record) for record in self._records_of(sheet, statement))

    def _declared(self, entry: Entry) -> Node | None:
        """The node of an entry, so far as the sheet alone gives it; None for one that is only extended."""
        if self._existing(entry) and "label" not in entry.row:
            return None
        types = _types(entry)
        existing = self._existing(entry)
        if existing:
            return Node(
                iri=existing.iri,
                types=tuple(dict.fromkeys((*existing.types, *types))),
                label=existing.label,
                sources=existing.sources,
                synonyms=(*existing.synonyms, *_listed(entry.row, "synonyms")),
                exact=existing.exact,
                close=existing.close,
                broader=existing.broader,
                extra=existing.extra,
            )
        return Node(
            iri=IGD + entry.slug,
            types=types,
            label=str(entry.row.get("label", entry.slug.replace("-", " "))),
            sources=(IGS + SOURCE.slug,),
            synonyms=_listed(entry.row, "synonyms"),
        )

    def _existing(self, entry: Entry) -> Node | None:
        """The node that another source brings for this entry: by slug, else by the label as its own label."""
        kind = _SECTION_KIND.get(entry.section, "Combination")
        node = self._elsewhere.by_identifier(f"igd:{entry.slug}")
        if node:
            return node
        found = self._elsewhere.by_name(str(entry.row.get("label", entry.slug)), (kind,))
        return found[0] if len(found) == 1 else None

    def _nodes(self, sheet: Sheet) -> Iterator[Record]:
        for entry in sheet.entries("modulators", "targets", "measures", "conditions", "combinations"):
            existing = self._existing(entry)
            iri = existing.iri if existing else IGD + entry.slug
            extra: list[tuple[str, Term]] = []
            for name in _listed(entry.row, "members"):
                member = self._named(name, ("Modulator",), entry.at, report="combination member")
                if member:
                    extra.append((IG + "member", Iri(member)))
            exact = tuple(self._identifier(curie, entry.at) for curie in _listed(entry.row, "xrefs"))
            broader = tuple(self._identifier(curie, entry.at) for curie in _listed(entry.row, "broader"))
            known_exact = set(existing.exact) if existing else set()
            node = Node(
                iri=iri,
                types=self._types_beside(entry, existing),
                label=existing.label if existing else str(entry.row.get("label", entry.slug.replace("-", " "))),
                sources=(IGS + SOURCE.slug,),
                synonyms=tuple(
                    sorted(set(_listed(entry.row, "synonyms")) - set(existing.synonyms if existing else ()))
                ),
                exact=tuple(iri for iri in exact if iri and iri not in known_exact),
                broader=tuple(iri for iri in broader if iri),
                extra=tuple(extra),
            )
            if not existing or node.synonyms or node.exact or len(node.types) > 1:
                yield node
            yield from self._parts(sheet, entry, iri)

    def _types_beside(self, entry: Entry, existing: Node | None) -> tuple[str, ...]:
        """The types to write: all for a new node; for a known one its kind and what is new, never a second modality."""
        types = _types(entry)
        if not existing:
            return types
        modality = entry.row.get("modality")
        stated = set(existing.types)
        if modality and modality not in stated and entry.section == "modulators":
            self.report.skip(entry.at, "modality differs from another source", f"{entry.slug}: {modality}")
        return tuple(
            name
            for name in types
            if name == _SECTION_KIND.get(entry.section) or (name not in stated and name != modality)
        )

    def _parts(self, sheet: Sheet, entry: Entry, whole: str) -> Iterator[Record]:
        predicate = "memberOf" if "ProteinFamily" in _listed(entry.row, "types") else "subunitOf"
        document = entry.row.get("document")
        for name in _listed(entry.row, "parts"):
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

    def _subject(self, statement: Statement) -> str:
        if isinstance(statement.subject, Entry):
            if statement.subject.section == "classes":
                return IG + statement.subject.slug
            existing = self._existing(statement.subject)
            return existing.iri if existing else IGD + statement.subject.slug
        return self._must(statement.subject, SUBJECT_KINDS[KIND_OF_PREDICATE[statement.predicate]])

    def _object(self, statement: Statement) -> str:
        kind = KIND_OF_PREDICATE[statement.predicate]
        if kind == "MechanismStatement":
            return IG + "MechanismNotEstablished"
        if kind == "Approval":
            return IGD + statement.object.casefold().replace(" ", "-")
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

    def _named(self, name: str, kinds: Sequence[str], at: Place, report: str) -> str | None:
        found = self.namer.resolve(name, kinds)
        if isinstance(found, Unresolved):
            self.report.skip(at, f"a {report} that fits nothing", name, is_malformed=True)
            return None
        return found

    def _identifier(self, curie: str, at: Place) -> str:
        iri = as_iri(curie)
        if iri is None:
            self.report.skip(at, "an identifier with an unknown prefix", curie, is_malformed=True)
        return iri or ""

    def _evidence(self, sheet: Sheet, statement: Statement) -> list[Evidence]:
        if not statement.documents:
            raise _NotWrittenError("a row without a document", f"{statement.predicate} {statement.object}")
        section = str(statement.qualifiers.get("at", ""))
        return [self._cited(sheet, name, section) for name in statement.documents]

    def _cited(self, sheet: Sheet, name: str, section: str) -> Evidence:
        document = sheet.documents().get(name)
        if not isinstance(document, dict):
            raise _NotWrittenError("a document that the sheet does not describe", name)
        address = str(document.get("address", ""))
        kind = str(document.get("kind", "label"))
        if not address or kind not in DOCUMENT_TYPES:
            raise _NotWrittenError("a document without address, or of an unknown kind", name)
        document_type, evidence_type = DOCUMENT_TYPES[kind]
        identifier = str(document.get("identifier", ""))
        reference = as_iri(identifier) if identifier.split(":")[0] in {"PMID", "DOI", "PMC", "NCT"} else None
        return Evidence(
            source=SOURCE.slug,
            record=f"{identifier} {address}".strip(),
            evidence_type=evidence_type,
            title=str(document.get("title", name)),
            address=address,
            references=(reference,) if reference else (),
            section=section,
            consulted=_day(document.get("consulted"), name),
            document_type=document_type,
        )

    def _qualifiers(self, statement: Statement, subject: str) -> tuple[list[tuple[str, Term]], list[Affinity]]:
        found: list[tuple[str, Term]] = []
        affinities: list[Affinity] = []
        for key, value in statement.qualifiers.items():
            if key in _CLOSED:
                found.append(_closed_value(key, value))
            elif key in _TEXTS:
                found.append((_TEXTS[key], plain(str(value))))
            elif key in _NAMED:
                name, kind = _NAMED[key]
                found.append((name, Iri(self._named_value(str(value), kind))))
            elif key == "by":
                found.extend(("mediatedBy", Iri(iri)) for iri in self._mediating(value, subject))
            elif key == "affinity":
                affinities.append(_affinity(value))
                found.append(("hasAffinity", Iri(affinities[-1].iri)))
            elif key in _OTHER_KEYS:
                found.extend(_plain_qualifier(key, value))
            else:
                raise _NotWrittenError("an unknown key", key)
        if statement.percent is not None:
            found.append(("frequencyPercent", _percentage(statement.percent)))
        return found, affinities

    def _named_value(self, value: str, kind: str) -> str:
        if kind == "Regulator":
            return IGD + value.casefold().replace(" ", "-")
        return self._must(value, (kind,))

    def _mediating(self, value: object, subject: str) -> Iterator[str]:
        for name in value if isinstance(value, list) else [value]:
            target = self._must(str(name), ("Target", "CellType"))
            actions = self._actions.get((subject, target))
            if not actions:
                raise _NotWrittenError("mediated by an action that the sheets do not state", str(name))
            yield from actions


def _types(entry: Entry) -> tuple[str, ...]:
    if entry.section == "modulators":
        roles = [_ROLES.get(name, name) for name in _listed(entry.row, "roles") or ("therapeutic",)]
        modality = entry.row.get("modality")
        return ("Modulator", *([str(modality)] if modality else []), *roles)
    if entry.section == "combinations":
        return ("Combination",)
    return (_SECTION_KIND[entry.section], *_listed(entry.row, "types"))


def _listed(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = row.get(key)
    if value is None:
        return ()
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)


def _closed_value(key: str, value: object) -> tuple[str, Term]:
    name, values = _CLOSED[key]
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
    elif key == "year":
        yield "approvalYear", year(_whole(key, value))
    elif key == "phase":
        yield "maxPhase", decimal(value)


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


def _day(value: object, name: str) -> datetime.date:
    if isinstance(value, datetime.date):
        return value
    raise _NotWrittenError("a document without the day it was consulted", f"{name}: give `consulted: YYYY-MM-DD`")
