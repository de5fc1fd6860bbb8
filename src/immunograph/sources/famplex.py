"""FamPlex → the families and complexes that are in use, or that a protein in use belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from immunograph.identifiers import compress, prefix_map
from immunograph.model import Association, Evidence, Node, Record, Source
from immunograph.registry import Registry
from immunograph.sources.complexes import (
    Identities,
    Relation,
    accessions_by_symbol,
    family_members,
    identify,
    read_complexes,
    read_relations,
)
from immunograph.sources.genes import read_genes
from immunograph.sources.importer import Importer, ImportReport
from immunograph.sources.rows import plain_rows
from immunograph.sources.slices import CC0, expect_files, proteins_in_use

FILES = {
    "relations": "FamPlex's relations.csv",
    "entities": "FamPlex's entities.csv",
    "equivalences": "FamPlex's equivalences.csv",
    "genes": "the HGNC table of genes",
    "complexes": "CellPhoneDB's complex_input.csv, to tell which families are one of its complexes",
}
SOURCE = Source(
    slug="famplex",
    title="FamPlex: protein families and complexes",
    licence=CC0,
    publisher="FamPlex developers",
    address="https://github.com/sorgerlab/famplex",
    version="2024",
    issued="2024",
)
_MATCHED = {"MESH": "MESH", "NCIT": "NCIT", "COMPLEXPORTAL": "complexportal"}
"""Spaces whose equivalences are carried over → their prefixes."""

_PREDICATES = {"isa": "memberOf", "partof": "subunitOf"}
_TYPES = {"isa": "ProteinFamily", "partof": "ProteinComplex"}
_IMPORTED = "0000322"  # ECO: imported manually asserted information used in automatic assertion


def _read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Record]:
    relation_file, entity_file, equivalence_file, gene_file, complex_file = expect_files(files, FILES)
    relations = read_relations(relation_file, report)
    accessions = accessions_by_symbol(read_genes(gene_file, report))
    identities = identify(read_complexes(complex_file, report), family_members(relations, accessions))
    entities = [cells[0] for _, cells in plain_rows(entity_file, 1, report, delimiter=",")]
    used = _used(entities, identities, registry.in_use, report)
    whole = _with_all_below(used, relations)
    proteins = proteins_in_use(registry) | {_iri(one, accessions) for one in relations if one.parent in whole} - {""}
    kept = _with_all_above(whole | {one.parent for one in relations if _iri(one, accessions) in proteins}, relations)
    relations = _between(relations, kept, proteins, accessions, report)
    equivalences = [cells for _, cells in plain_rows(equivalence_file, 3, report, delimiter=",")]
    yield from _nodes(sorted(kept), relations, equivalences, identities)
    yield from _memberships(relations, accessions, identities)


def _used(entities: Iterable[str], identities: Identities, in_use: set[str], report: ImportReport) -> set[str]:
    """Entities that something else names, by FamPlex's identifier or by that of their node."""
    prefix = prefix_map()["FPLX"]
    known = set(entities)
    for iri in sorted(in_use):
        if iri.startswith(prefix) and iri.removeprefix(prefix) not in known:
            report.miss("FamPlex entity", compress(iri))
    return {name for name in known if prefix + name in in_use or identities.of_family(name).iri in in_use}


def _with_all_below(names: set[str], relations: Sequence[Relation]) -> set[str]:
    """The entities, and every entity that belongs to one of them."""
    found = set(names)
    while below := {one.child for one in relations if one.space == "FPLX" and one.parent in found} - found:
        found |= below
    return found


def _with_all_above(names: set[str], relations: Sequence[Relation]) -> set[str]:
    """The entities, and every entity that one of them belongs to."""
    found = set(names)
    while above := {one.parent for one in relations if one.space == "FPLX" and one.child in found} - found:
        found |= above
    return found


def _between(
    relations: Sequence[Relation],
    kept: set[str],
    proteins: set[str],
    accessions: Mapping[str, str],
    report: ImportReport,
) -> list[Relation]:
    """The relations between kept entities, and between the proteins and kept entities."""
    found = []
    for one in relations:
        if one.parent not in kept:
            continue
        iri = _iri(one, accessions)
        if one.space != "FPLX" and not iri:
            report.miss("protein of a gene", f"{one.space}:{one.child}")
        elif one.child in kept if one.space == "FPLX" else iri in proteins:
            found.append(one)
    return found


def _iri(relation: Relation, accessions: Mapping[str, str]) -> str:
    """IRI of the protein below; empty for an entity and for a gene without protein."""
    accession = {"UP": relation.child, "HGNC": accessions.get(relation.child, "")}.get(relation.space, "")
    return prefix_map()["UniProtKB"] + accession if accession else ""


def _nodes(
    kept: Sequence[str],
    relations: Sequence[Relation],
    equivalences: Sequence[tuple[str, ...]],
    identities: Identities,
) -> Iterator[Node]:
    types: dict[str, set[str]] = {}
    for one in relations:
        types.setdefault(one.parent, set()).add(_TYPES[one.kind])
    claims = Counter((space, identifier) for space, identifier, _ in equivalences)
    per_entity = Counter((space, name) for space, _, name in equivalences)
    for name in kept:
        own = [(space, identifier) for space, identifier, entity in equivalences if entity == name]
        identity = identities.of_family(name)
        famplex = prefix_map()["FPLX"] + name
        matched = [(space, identifier) for space, identifier in own if space in _MATCHED]
        exact = [
            one for one in matched if one[0] != "MESH" and claims[one] == 1 and per_entity[one[0], name] == 1
        ]  # a MeSH heading means the recombinant drug as well as the body's own protein
        yield Node(
            iri=identity.iri,
            types=("Target", *sorted(types.get(name, {"ProteinFamily"}))),
            label=identity.label,
            sources=(SOURCE.iri,),
            synonyms=(name.replace("_", " "), *(label for space, label in own if space == "BEL")),
            exact=(*map(_match_iri, exact), *(() if identity.iri == famplex else (famplex,))),
            close=tuple(_match_iri(one) for one in matched if one not in exact),
        )


def _match_iri(match: tuple[str, str]) -> str:
    space, identifier = match
    return prefix_map()[_MATCHED[space]] + identifier


def _memberships(
    relations: Sequence[Relation], accessions: Mapping[str, str], identities: Identities
) -> Iterator[Record]:
    for one in relations:
        subject = identities.of_family(one.child).iri if one.space == "FPLX" else _iri(one, accessions)
        if subject == identities.of_family(one.parent).iri:
            continue
        record = f"{one.space}:{one.child} {one.kind} FPLX:{one.parent}"
        evidence = Evidence(SOURCE.slug, record, _IMPORTED, title=f"FamPlex: {one.child} {one.kind} {one.parent}")
        yield evidence
        yield Association(
            SOURCE.slug, subject, _PREDICATES[one.kind], identities.of_family(one.parent).iri, (evidence.iri,)
        )


IMPORTER = Importer(SOURCE, "families and complexes in use, and those of the proteins in use", FILES, _read)
