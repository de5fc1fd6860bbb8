"""A table of cytokines → endogenous modulators, the receptors they signal through, and what GO says they regulate.

The table's companion, the programmes that cytokines induce in immune cells, names no cytokine in its rows; it supports
no statement about which cell responds to which cytokine, and is not read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from immunograph.errors import Place
from immunograph.identifiers import compress, expand, prefix_map
from immunograph.model import Association, Evidence, Iri, Node, Record, Source, Term
from immunograph.registry import Registry
from immunograph.sources.complexes import (
    Identities,
    Identity,
    Members,
    accessions_by_symbol,
    family_members,
    identify,
    read_complexes,
    read_relations,
    slug,
)
from immunograph.sources.genes import read_genes
from immunograph.sources.importer import Importer, ImportReport, table_rows
from immunograph.sources.regulation import Regulation, read_regulations
from immunograph.sources.slices import MIT, expect_files
from immunograph.sources.uniprot import read_proteins

FILES = {
    "cytokines": "the table of cytokines with genes, receptor genes and families",
    "genes": "the HGNC table of genes",
    "proteins": "the UniProt table of reviewed human proteins",
    "complexes": "CellPhoneDB's complex_input.csv",
    "relations": "FamPlex's relations.csv",
    "processes": "the Gene Ontology of 2024-07 as list JSON",
}
SOURCE = Source(
    slug="cytokines",
    title="Human cytokines, their receptors and what they regulate",
    licence=MIT,
    publisher="huCIRA developers",
    address="https://github.com/theislab/huCIRA",
    version="2026-05",
    issued="2026-05",
    comment="What a cytokine regulates is read from the GO annotations that the table lists, without their codes.",
)

_COLUMNS = (
    "name",
    "gene",
    "family_level_1",
    "receptor gene",
    "alternative names",
    "single_gene",
    "go_annotations",
)
_CLASSES = {"chemokine": "Chemokine", "complement": "ComplementFactor", "other": "EndogenousLigand"}
"""Family of the table → modulator class; the other families are cytokines."""

_FRAGMENTS = frozenset({"C3a", "C4a", "C4b", "C5a"})
"""Names of cleavage products: they are not the protein that the gene column names."""

_NOT_LIGANDS = frozenset({"Noggin", "Decorin"})
"""Antagonists of growth factors: the receptors listed are those that they keep from signalling."""

_IMPORTED = "0000322"  # ECO: imported manually asserted information used in automatic assertion
_AUTOMATIC = "0000501"  # ECO: evidence used in automatic assertion; the table gives annotations without their codes
_GO = re.compile(r"GO:\d{7}")


@dataclass(frozen=True, slots=True)
class _Row:
    """A cytokine of the table, with its proteins; ``receptors`` are alternatives, each a set of components."""

    at: Place
    name: str
    family: str
    members: Members
    receptors: tuple[tuple[str, ...], ...]
    is_antagonist: bool
    annotated: str
    annotations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    """What rows are resolved with: accessions by symbol, protein names, complexes, regulated processes."""

    accessions: Mapping[str, str]
    labels: Mapping[str, str]
    identities: Identities
    regulations: Mapping[str, Regulation]


def _read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Record]:
    table, gene_file, protein_file, complex_file, relation_file, process_file = expect_files(files, FILES)
    accessions = accessions_by_symbol(read_genes(gene_file, report))
    families = family_members(read_relations(relation_file, report), accessions)
    names = _Names(
        accessions,
        {protein.accession: protein.name for protein in read_proteins(protein_file, report)},
        identify(read_complexes(complex_file, report), families),
        read_regulations(process_file, report),
    )
    rows = list(_rows(table, names, report))
    shared = Counter(row.members for row in rows if len(row.members) > 1)
    for row in rows:
        node = _node(row, names, is_shared=shared[row.members] > 1)
        yield node
        yield from _signalling(row, node.iri, names)
        yield from _effects(row, names)


def _rows(path: Path, names: _Names, report: ImportReport) -> Iterator[_Row]:
    for at, row in table_rows(path, _COLUMNS, report, delimiter="\t"):
        members = _accessions(row["gene"], names, report)
        if not row["name"] or not row["gene"]:
            report.skip(at, "cytokine without name or gene", row["name"], is_malformed=True)
        elif row["name"] in _NOT_LIGANDS:
            report.skip(at, "antagonist of growth factors, no cytokine", row["name"])
        elif members is None:
            report.skip(at, "gene without a reviewed human protein", f"{row['name']}: {row['gene']}")
        else:
            receptors = (_accessions(part, names, report) for part in row["receptor gene"].split(";") if part.strip())
            yield _Row(
                at=at,
                name=row["name"],
                family=row["family_level_1"],
                members=frozenset(members),
                receptors=tuple(found for found in receptors if found),
                is_antagonist="receptor antagonist" in row["alternative names"].casefold(),
                annotated=names.accessions.get(row["single_gene"], ""),
                annotations=tuple(dict.fromkeys(_GO.findall(row["go_annotations"]))),
            )


def _accessions(symbols: str, names: _Names, report: ImportReport) -> tuple[str, ...] | None:
    """The reviewed proteins of a list of gene symbols; None where one has none."""
    found = []
    for symbol in (part.strip() for part in symbols.split(",") if part.strip()):
        accession = names.accessions.get(symbol, "")
        if accession not in names.labels:
            report.miss("gene symbol", symbol)
            return None
        found.append(accession)
    return tuple(found)


def _node(row: _Row, names: _Names, *, is_shared: bool) -> Node:
    is_complex = len(row.members) > 1
    if row.name in _FRAGMENTS or is_shared:
        identity = Identity(expand(f"igd:{slug(row.name)}"), row.name)
    elif is_complex:
        identity = names.identities.by_members.get(row.members) or Identity(expand(f"igd:{slug(row.name)}"), row.name)
    else:
        (accession,) = row.members
        identity = Identity(_protein(accession), names.labels[accession])
    role = _CLASSES.get(row.family, "Cytokine")
    return Node(
        iri=identity.iri,
        types=("Modulator", "EndogenousModulator", role, "Target", "ProteinComplex" if is_complex else "Protein"),
        label=identity.label,
        sources=(SOURCE.iri,),
        synonyms=(row.name,),
    )


def _signalling(row: _Row, subject: str, names: _Names) -> Iterator[Record]:
    """What the cytokine does at each component of each of its receptors."""
    if not row.receptors:
        return
    evidence = Evidence(SOURCE.slug, row.name, _IMPORTED, title=f"Receptors of {row.name} in the table of cytokines")
    yield evidence
    predicate = "inhibitsTarget" if row.is_antagonist else "signalsThrough"
    for components in row.receptors:
        receptor = names.identities.by_members.get(frozenset(components)) if len(components) > 1 else None
        qualifiers: tuple[tuple[str, Term], ...] = ()
        if receptor and not row.is_antagonist:
            qualifiers = (("requiresComplex", Iri(receptor.iri)),)
            yield Node(receptor.iri, ("Target", "ProteinComplex"), receptor.label, (SOURCE.iri,))
        for accession in components:
            yield Association(SOURCE.slug, subject, predicate, _protein(accession), (evidence.iri,), qualifiers)


def _effects(row: _Row, names: _Names) -> Iterator[Record]:
    """What GO says that the cytokine's gene regulates; where it says both up and down, the process is shifted."""
    if row.annotated not in names.labels:
        return
    found = [names.regulations[iri] for one in row.annotations if (iri := expand(one)) in names.regulations]
    signs: dict[str, set[str]] = {}
    for regulation in found:
        signs.setdefault(regulation.process, set()).add(regulation.predicate)
    for regulation in found:
        record = f"{row.name}|{compress(regulation.iri)}"
        title = f"GO annotation of {row.name}: {regulation.label} ({compress(regulation.iri)})"
        evidence = Evidence(SOURCE.slug, record, _AUTOMATIC, title=title)
        predicate = regulation.predicate if len(signs[regulation.process]) == 1 else "shifts"
        yield evidence
        yield Association(SOURCE.slug, _protein(row.annotated), predicate, regulation.process, (evidence.iri,))


def _protein(accession: str) -> str:
    return prefix_map()["UniProtKB"] + accession


IMPORTER = Importer(SOURCE, "cytokines and their receptors, and what they regulate", FILES, _read)
