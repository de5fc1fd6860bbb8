"""The nodes that curation sheets declare: new ones, and what they add to nodes that other sources bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from immunograph.errors import Place
from immunograph.identifiers import as_iri
from immunograph.model import Iri, Merged, Node, Term
from immunograph.names import name_key
from immunograph.registry import Registry
from immunograph.sources.importer import ImportReport
from immunograph.sources.medicines import is_only_endogenous
from immunograph.sources.naming import Namer, Unresolved
from immunograph.sources.shared_names import SharedNames
from immunograph.sources.sheet_keys import KEYS_OF_ENTRY
from immunograph.sources.sheets import Entry, Sheet, listed
from immunograph.vocabulary import IG, IGD, IGS

SECTION_KIND: Mapping[str, str] = {
    "modulators": "Modulator",
    "targets": "Target",
    "measures": "Measure",
    "conditions": "Condition",
    "combinations": "Combination",
}
"""Section of a sheet → kind of the nodes that it declares."""

_ROLES = {
    "therapeutic": "TherapeuticModulator",
    "preventive": "PreventiveModulator",
    "endogenous": "EndogenousModulator",
}
_TARGET_TYPES = {
    "Target",
    "Protein",
    "ProteinComplex",
    "ProteinFamily",
    "NucleicAcid",
    "SmallMoleculeTarget",
    "SurfaceAntigen",
}
_SOURCE = IGS + "curated"


@dataclass(slots=True)
class Declarations:
    """Which node each entry of a sheet means, and what is written of it.

    An entry means the node of another source with its slug or its label; else the node that another entry declared
    under the same slug or label; else a new one. Entries of one slug mean one node; which it is, one with a label
    decides.

    Attributes:
        namer: learns the declared nodes.
        report: counts what is left out.
    """

    namer: Namer
    report: ImportReport
    _elsewhere: Registry = field(default_factory=Registry)
    _iris: dict[tuple[str, str], str] = field(default_factory=dict)
    _labels: dict[tuple[str, str], str] = field(default_factory=dict)

    def nodes(self, sheets: Sequence[Sheet]) -> Iterator[tuple[str, Node]]:
        """Every node to write, with the sheet that declared it first; what several sheets say of it is united."""
        self._elsewhere.extend(self.namer.known.nodes.values())
        told_apart = frozenset(self.namer.aliases)
        entries = [(sheet.name, entry) for sheet in sheets for entry in sheet.entries(*SECTION_KIND)]
        for _, entry in sorted(entries, key=lambda pair: "label" not in pair[1].row):
            self._doubt(entry)
            self._learn(entry)
        SharedNames(self.namer.known, self.iri, told_apart, self.report).tell([entry for _, entry in entries])
        merged, first = Merged(), dict[str, str]()
        for name, entry in entries:
            node = self._node(entry)
            if node is not None:
                merged.add(node)
                first.setdefault(node.iri, name)
        for sheet in sheets:
            for node in self._named(sheet):
                merged.add(node)
                first.setdefault(node.iri, sheet.name)
        yield from ((first[iri], node) for iri, node in merged.nodes.items())

    def iri(self, entry: Entry) -> str:
        """The IRI of an entry's node."""
        return self._iris[entry.section, entry.slug]

    def _named(self, sheet: Sheet) -> Iterator[Node]:
        """The nodes that a sheet gives further names."""
        for name, target in sheet.names().items():
            at = Place(sheet.path, sheet.names().line)
            node = self.namer.known.by_identifier(str(target))
            if node is None:
                self.report.skip(at, "a name of a node that nobody describes", f"{name}: {target}", is_malformed=True)
            elif name_key(name) not in {name_key(known) for known in (node.label, *node.synonyms)}:
                kind = tuple(kind for kind in node.types if kind in SECTION_KIND.values())
                yield Node(node.iri, kind, node.label, (_SOURCE,), synonyms=(name,))

    def _doubt(self, entry: Entry) -> None:
        """Report the keys and roles of an entry that mean nothing."""
        known = KEYS_OF_ENTRY[entry.section]
        for key in sorted(entry.row.keys() - known):
            detail = f"{entry.slug}: {key}; known are {', '.join(sorted(known))}"
            self.report.skip(entry.at, "a key that entries of this section do not have", detail, is_malformed=True)
        for role in listed(entry.row, "roles") if entry.section == "modulators" else ():
            if role not in _ROLES:
                detail = f"{entry.slug}: {role}; known are {', '.join(_ROLES)}"
                self.report.skip(entry.at, "a role that is not known", detail, is_malformed=True)

    def _learn(self, entry: Entry) -> None:
        label = _label(entry)
        existing = self._existing(entry, label)
        key = (entry.section, name_key(label))
        aliased = self.namer.aliases.get(name_key(entry.slug))
        declared = self._iris.get((entry.section, entry.slug))
        iri = declared or aliased or (existing.iri if existing else self._labels.get(key, IGD + entry.slug))
        self._labels.setdefault(key, iri)
        self._iris[entry.section, entry.slug] = iri
        if iri != IGD + entry.slug:
            self.namer.aliases.setdefault(name_key(entry.slug), iri)
        known = self.namer.known.nodes.get(iri) or (existing if existing and existing.iri == iri else None)
        self.namer.known.add(
            Node(
                iri=iri,
                types=tuple(dict.fromkeys((*(known.types if known else ()), *_types(entry)))),
                label=known.label if known else label,
                sources=known.sources if known else (_SOURCE,),
                synonyms=(*(known.synonyms if known else ()), *listed(entry.row, "synonyms")),
                exact=known.exact if known else (),
                broader=known.broader if known else (),
                extra=known.extra if known else (),
            )
        )

    def _existing(self, entry: Entry, label: str) -> Node | None:
        own = self._elsewhere.by_identifier(f"igd:{entry.slug}")
        if own:
            return own
        kind = SECTION_KIND[entry.section]
        for registry in (self._elsewhere, self.namer.outside if kind == "Condition" else Registry()):
            found = registry.by_name(label, (kind,))
            same = [node for node in found if name_key(node.label) == name_key(label)]
            if same:
                return same[0]
            if len(found) == 1 and kind != "Condition" and not _is_another(entry, found[0]):
                return found[0]
        return None

    def _node(self, entry: Entry) -> Node | None:
        """What is written of an entry's node; None where the sheet adds nothing to another source's."""
        iri = self.iri(entry)
        elsewhere = self._elsewhere.nodes.get(iri)
        if elsewhere is None and iri in self.namer.outside.nodes:
            return None
        exact = {self._identifier(curie, entry) for curie in listed(entry.row, "xrefs")}
        broader = {self._identifier(curie, entry) for curie in listed(entry.row, "broader")}
        known = self.namer.known.nodes[iri]
        node = Node(
            iri=iri,
            types=_types(entry) if elsewhere is None else self._added_types(entry, elsewhere),
            label=known.label,
            sources=(_SOURCE,),
            synonyms=tuple(set(listed(entry.row, "synonyms")) - set(elsewhere.synonyms if elsewhere else ())),
            exact=tuple(exact - {""} - set(elsewhere.exact if elsewhere else ())),
            broader=() if elsewhere else tuple(broader - {""}),
            extra=tuple(self._members(entry)),
        )
        adds = node.synonyms or node.exact or node.extra or len(node.types) > 1
        return node if elsewhere is None or adds else None

    def _added_types(self, entry: Entry, elsewhere: Node) -> tuple[str, ...]:
        """The kind and what else the sheet states, so that it stands without other sources; never a second modality."""
        modality = entry.row.get("modality")
        kind = SECTION_KIND[entry.section]
        differs = _differs(entry, elsewhere)
        if differs:
            self.report.note(entry.at, "modality differs from another source", f"{entry.slug}: {modality}")
        return tuple(dict.fromkeys((kind, *(name for name in _types(entry) if not (differs and name == modality)))))

    def _members(self, entry: Entry) -> Iterator[tuple[str, Term]]:
        for name in listed(entry.row, "members"):
            found = self.namer.resolve(name, ("Modulator",))
            if isinstance(found, Unresolved):
                self.report.skip(entry.at, "a combination member that fits nothing", name, is_malformed=True)
            else:
                yield IG + "member", Iri(found)

    def _identifier(self, curie: str, entry: Entry) -> str:
        iri = as_iri(curie)
        if iri is None:
            self.report.skip(entry.at, "an identifier with an unknown prefix", curie, is_malformed=True)
            return ""
        if retirement := self.namer.retirement(curie):
            self.report.skip(entry.at, "a retired identifier", retirement, is_malformed=True)
            return ""
        return self.namer.canonical(iri)


def _is_another(entry: Entry, node: Node) -> bool:
    """Whether a node that has an entry's name among its synonyms only is something else all the same.

    A vaccine adjuvant is not the substance that it is made with: levamisole is a small molecule.
    """
    return _is_medicine_of(entry, node) or _differs(entry, node)


def _differs(entry: Entry, node: Node) -> bool:
    """Whether an entry's modality is not among those of a node that has one."""
    modality = entry.row.get("modality")
    stated = set(node.types) - {SECTION_KIND[entry.section], "Modulator", *_ROLES.values(), *_TARGET_TYPES}
    return bool(modality) and bool(stated) and modality not in stated


def _is_medicine_of(entry: Entry, mediator: Node) -> bool:
    """Whether an entry is given as a medicine, and a node of like name is only what the body makes itself.

    UniProt calls a protein by the name of its recombinant form too (becaplermin, molgramostim).
    """
    roles = listed(entry.row, "roles")
    return bool(roles) and "endogenous" not in roles and is_only_endogenous(mediator)


def _label(entry: Entry) -> str:
    return str(entry.row.get("label", entry.slug.replace("-", " ")))


def _types(entry: Entry) -> tuple[str, ...]:
    if entry.section == "modulators":
        roles = [_ROLES[name] for name in listed(entry.row, "roles") or ("therapeutic",) if name in _ROLES]
        return ("Modulator", *listed(entry.row, "modality"), *roles)
    return (SECTION_KIND[entry.section], *listed(entry.row, "types"))
