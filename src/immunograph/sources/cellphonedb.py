"""CellPhoneDB → which receptor binds which ligand, where the pair is one of the immune system."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from immunograph.identifiers import expand, prefix_map
from immunograph.model import Association, Evidence, Node, Record, Source
from immunograph.registry import Registry
from immunograph.sources.complexes import (
    Complex,
    Identities,
    accessions_by_symbol,
    family_members,
    identify,
    read_complexes,
    read_relations,
)
from immunograph.sources.genes import read_genes
from immunograph.sources.importer import Importer, ImportReport, table_rows
from immunograph.sources.slices import MIT, expect_files
from immunograph.sources.uniprot import ProteinName, read_proteins
from immunograph.vocabulary import IGS

FILES = {
    "interactions": "CellPhoneDB's interaction_input.csv",
    "complexes": "CellPhoneDB's complex_input.csv",
    "proteins": "the UniProt table of reviewed human proteins",
    "genes": "the HGNC table of genes",
    "relations": "FamPlex's relations.csv",
}
SOURCE = Source(
    slug="cellphonedb",
    title="CellPhoneDB: ligands and receptors of the immune system",
    licence=MIT,
    publisher="CellPhoneDB developers",
    address="https://www.cellphonedb.org/",
    version="5.0.0",
)

_COLUMNS = ("partner_a", "partner_b", "source", "is_ppi", "interactors", "classification", "directionality")
_IMMUNE = frozenset(
    {
        "Adhesion by ICAM",
        "Adhesion by VCAM",
        "Signaling by Annexin",
        "Signaling by Chemokines",
        "Signaling by Colony-Stimulating factor",
        "Signaling by Complement",
        "Signaling by FC receptor",
        "Signaling by Galectin",
        "Signaling by HLA",
        "Signaling by Interferon",
        "Signaling by Interleukin",
        "Signaling by Killer Cell Lectin Like Receptor K1",
        "Signaling by Leptin",
        "Signaling by Lipoxin/Leukotriene",
        "Signaling by Lymphotactin",
        "Signaling by Nectin",
        "Signaling by Oncostatin-M precursor",
        "Signaling by Poliovirus receptor",
        "Signaling by Prolactin",
        "Signaling by Selectin",
        "Signaling by Transforming growth factor",
        "Signaling by Tumor necrosis factor",
    }
)
"""Classes of CellPhoneDB that are taken in whole. A pair without a class is taken where one side has a CD number."""

_PAPER = re.compile(r"PMID:\s*(\d+)")
_IMPORTED = "0000322"  # ECO: imported manually asserted information used in automatic assertion


@dataclass(frozen=True, slots=True)
class _Partners:
    """What a partner of an interaction is resolved with."""

    proteins: Mapping[str, ProteinName]
    complexes: Mapping[str, Complex]
    identities: Identities

    def iri(self, partner: str) -> str | None:
        """IRI of a protein or complex; None where it is neither."""
        if partner in self.proteins:
            return prefix_map()["UniProtKB"] + partner
        found = self.complexes.get(partner)
        if found is None or not found.members <= self.proteins.keys():
            return None
        if len(found.members) == 1:
            return prefix_map()["UniProtKB"] + next(iter(found.members))
        return self.identities.by_members[found.members].iri

    def has_cd_number(self, partner: str) -> bool:
        """Whether it, or a subunit of it, has a number in the clusters of differentiation."""
        members = self.complexes[partner].members if partner in self.complexes else {partner}
        return any(self.proteins[one].is_cd_antigen for one in members if one in self.proteins)


def _read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Record]:
    interaction_file, complex_file, protein_file, gene_file, relation_file = expect_files(files, FILES)
    complexes = read_complexes(complex_file, report)
    accessions = accessions_by_symbol(read_genes(gene_file, report))
    partners = _Partners(
        proteins={protein.accession: protein for protein in read_proteins(protein_file, report)},
        complexes={one.name: one for one in complexes},
        identities=identify(complexes, family_members(read_relations(relation_file, report), accessions)),
    )
    used: set[str] = set()
    for association, evidence in _interactions(interaction_file, partners, report):
        used.update((association.subject, association.object))
        yield evidence
        yield association
    yield from _described(complexes, partners, used | _described_elsewhere(registry))


def _interactions(path: Path, partners: _Partners, report: ImportReport) -> Iterator[tuple[Association, Evidence]]:
    """Receptor binds ligand, for the pairs in scope that say which is which."""
    for at, row in table_rows(path, _COLUMNS, report):
        ligand, receptor = row["partner_a"], row["partner_b"]
        reason = _reason_to_skip(row, partners)
        if reason:
            report.skip(at, reason, row["interactors"])
            continue
        subject, object_ = partners.iri(receptor), partners.iri(ligand)
        if subject is None or object_ is None:
            report.skip(at, "partner that is no reviewed human protein or complex", f"{ligand} - {receptor}")
            continue
        evidence = Evidence(
            SOURCE.slug,
            f"{ligand} - {receptor}",
            _IMPORTED,
            title=f"CellPhoneDB: {row['interactors']}",
            references=tuple(expand(f"PMID:{number}") for number in _PAPER.findall(row["source"])),
        )
        yield Association(SOURCE.slug, subject, "bindsLigand", object_, (evidence.iri,)), evidence


def _reason_to_skip(row: Mapping[str, str], partners: _Partners) -> str:
    """Why a row is out of scope; empty where it is in."""
    has_number = partners.has_cd_number(row["partner_a"]) or partners.has_cd_number(row["partner_b"])
    if row["classification"] not in _IMMUNE and (row["classification"] or not has_number):
        return "interaction outside the immune system"
    if row["is_ppi"] != "True":
        return "ligand that is no protein"
    if row["directionality"] == "Ligand-Receptor":
        return ""
    is_integrin = row["partner_b"].startswith("integrin_") and not row["partner_a"].startswith("integrin_")
    return "" if row["directionality"] == "Adhesion-Adhesion" and is_integrin else "neither partner is the receptor"


def _described_elsewhere(registry: Registry) -> set[str]:
    """IRIs of the complexes that a source besides CellPhoneDB and FamPlex speaks of.

    FamPlex is left out so that the outcome is the same whether it was imported before or after.
    """
    own = {SOURCE.iri, IGS + "famplex"}
    return {node.iri for node in registry.of_kind("ProteinComplex") if set(node.sources) - own}


def _described(complexes: Sequence[Complex], partners: _Partners, in_use: set[str]) -> Iterator[Record]:
    """Every complex in use, with its subunits."""
    for one in complexes:
        iri = partners.iri(one.name)
        if len(one.members) < 2 or iri is None or iri not in in_use:
            continue
        identity = partners.identities.by_members[one.members]
        portal = (prefix_map()["complexportal"] + one.portal,) if one.portal.startswith("CPX-") else ()
        yield Node(
            iri=identity.iri,
            types=("Target", "ProteinComplex"),
            label=identity.label,
            sources=(SOURCE.iri,),
            synonyms=(one.name.replace("_", " "),),
            exact=portal,
        )
        evidence = Evidence(SOURCE.slug, one.name, _IMPORTED, title=f"CellPhoneDB: subunits of {one.name}")
        yield evidence
        for accession in sorted(one.members):
            subunit = prefix_map()["UniProtKB"] + accession
            yield Association(SOURCE.slug, subunit, "subunitOf", identity.iri, (evidence.iri,))


IMPORTER = Importer(SOURCE, "ligands and receptors of the immune system, and complexes in use", FILES, _read)
