"""Complexes and families of proteins: what FamPlex and CellPhoneDB call them, and which node stands for each.

Two sources mean one thing where they list the same proteins. Its node is the one that
``ontology/scope/target-groups.tsv`` names; else FamPlex's; else one of our own, named after CellPhoneDB's complex.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from immunograph.identifiers import expand
from immunograph.sources.genes import Gene
from immunograph.sources.importer import ImportReport, table_rows
from immunograph.sources.rows import plain_rows
from immunograph.sources.target_groups import TargetGroup, read_target_groups

Members = frozenset[str]
"""UniProt accessions."""

_SLUG = re.compile(r"[^a-z0-9]+")
_SUBUNITS = ("uniprot_1", "uniprot_2", "uniprot_3", "uniprot_4", "uniprot_5")


@dataclass(frozen=True, slots=True)
class Identity:
    """The node that stands for a complex or family: IRI and label."""

    iri: str
    label: str


@dataclass(frozen=True, slots=True)
class Complex:
    """A complex of CellPhoneDB.

    Attributes:
        name: its name there, which is its identifier.
        members: accessions of its subunits.
        portal: its identifier in the Complex Portal; empty where there is none.
    """

    name: str
    members: Members
    portal: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A line of FamPlex: a gene, protein or entity ``isa`` or ``partof`` an entity.

    Attributes:
        space: ``HGNC``, ``UP`` or ``FPLX``.
        child: gene symbol, accession or entity.
        kind: ``isa`` or ``partof``.
        parent: the entity above.
    """

    space: str
    child: str
    kind: str
    parent: str


@dataclass(slots=True)
class Identities:
    """Which node stands for a set of proteins, or for an entity of FamPlex.

    Attributes:
        by_members: the node of each set.
        by_family: the node of each FamPlex entity.
    """

    by_members: dict[Members, Identity] = field(default_factory=dict)
    by_family: dict[str, Identity] = field(default_factory=dict)

    def of_family(self, name: str) -> Identity:
        """The node of a FamPlex entity."""
        return self.by_family.get(name) or Identity(expand(f"FPLX:{name}"), name.replace("_", " "))


def slug(name: str) -> str:
    """The readable end of an IRI of our own.

    >>> slug("integrin_aVb6_complex")
    'integrin-avb6-complex'
    """
    return _SLUG.sub("-", name.casefold()).strip("-")


def read_complexes(path: Path, report: ImportReport) -> list[Complex]:
    """Read the complexes of CellPhoneDB, in file order.

    Raises:
        LoadError: the file is missing or lacks a column; or, when strict, a row is malformed.
    """
    found = []
    for at, row in table_rows(path, ("complex_name", *_SUBUNITS, "complexPortal_complex"), report):
        members = frozenset(row[column] for column in _SUBUNITS if row[column])
        if not row["complex_name"] or not members:
            report.skip(at, "complex without name or subunit", row["complex_name"], is_malformed=True)
            continue
        found.append(Complex(row["complex_name"], members, row["complexPortal_complex"]))
    return found


def read_relations(path: Path, report: ImportReport) -> list[Relation]:
    """Read FamPlex's relations, in file order.

    Raises:
        LoadError: the file is missing; or, when strict, a row is malformed.
    """
    found = []
    for at, (space, child, kind, parent_space, parent) in plain_rows(path, 5, report, delimiter=","):
        if kind not in {"isa", "partof"} or space not in {"HGNC", "UP", "FPLX"} or parent_space != "FPLX":
            report.skip(at, "relation of an unknown kind", f"{space} {kind} {parent_space}", is_malformed=True)
            continue
        found.append(Relation(space, child, kind, parent))
    return found


def accessions_by_symbol(genes: Iterable[Gene]) -> dict[str, str]:
    """Symbol → the accession that HGNC lists first.

    A symbol that was approved once is taken too, where it was that of a single gene and is approved for none.
    """
    approved: dict[str, str] = {}
    former: dict[str, set[str]] = {}
    for gene in genes:
        if gene.proteins:
            approved[gene.symbol] = gene.proteins[0]
            for symbol in gene.previous:
                former.setdefault(symbol, set()).add(gene.proteins[0])
    return {symbol: next(iter(found)) for symbol, found in former.items() if len(found) == 1} | approved


def family_members(relations: Iterable[Relation], accessions: Mapping[str, str]) -> dict[str, Members]:
    """FamPlex entity → its proteins; entities with a member that is no known protein are left out."""
    found: dict[str, set[str]] = {}
    incomplete = set()
    for relation in relations:
        accession = relation.child if relation.space == "UP" else accessions.get(relation.child)
        if relation.space == "FPLX" or accession is None:
            incomplete.add(relation.parent)
        else:
            found.setdefault(relation.parent, set()).add(accession)
    return {name: frozenset(members) for name, members in found.items() if name not in incomplete}


def identify(
    complexes: Iterable[Complex],
    families: Mapping[str, Members],
    groups: Mapping[str, TargetGroup] | None = None,
) -> Identities:
    """Decide which node stands for each complex and family.

    Args:
        complexes: those of CellPhoneDB.
        families: those of FamPlex with their proteins.
        groups: the reviewed table of target groups; None for the shipped one.
    """
    named = {
        group.members_from: Identity(group.iri, group.label)
        for group in (read_target_groups() if groups is None else groups).values()
        if group.members_from
    }
    identities = Identities()
    complexes = list(complexes)
    for one in complexes:
        if identity := named.get(f"cellphonedb:{one.name}"):
            identities.by_members.setdefault(one.members, identity)
    for name in sorted({*families, *_famplex_names(named)}):
        members = families.get(name, frozenset())
        identity = named.get(f"famplex:{name}") or identities.by_members.get(members) or identities.of_family(name)
        identities.by_family[name] = identity
        if len(members) > 1:
            identities.by_members.setdefault(members, identity)
    for one in complexes:
        if len(one.members) > 1:
            own = Identity(expand(f"igd:{slug(one.name)}"), _spoken(one.name))
            identities.by_members.setdefault(one.members, own)
    return identities


def _spoken(name: str) -> str:
    """A complex's name as a label; one that could be a gene symbol is told apart by the word complex."""
    label = name.replace("_", " ")
    return label if label.casefold().endswith(("complex", "receptor")) else f"{label} complex"


def _famplex_names(named: Iterable[str]) -> set[str]:
    return {name.removeprefix("famplex:") for name in named if name.startswith("famplex:")}
