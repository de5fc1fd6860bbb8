"""HGNC and UniProt → every protein in use: recommended name, gene symbol, other names, cross-references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from immunograph.identifiers import compress, prefix_map
from immunograph.model import Node, Pair, Source, plain
from immunograph.registry import Registry
from immunograph.sources.genes import Gene, read_genes
from immunograph.sources.importer import Importer, ImportReport, table_rows
from immunograph.sources.matches import exact_and_close
from immunograph.sources.ontologies import read_terms
from immunograph.sources.slices import CC_BY_4, expect_files, proteins_in_use
from immunograph.sources.uniprot import ProteinName, read_proteins
from immunograph.vocabulary import IG

FILES = {
    "proteins": "the UniProt table of reviewed human proteins (Entry, Protein names, Gene names)",
    "genes": "the HGNC table of genes",
    "membrane": "CellPhoneDB's protein_input.csv: which proteins are receptors in the membrane",
    "entries": "labels of all reviewed UniProt entries as closure JSON, for proteins that are not human",
}
SOURCE = Source(
    slug="proteins",
    title="UniProt and HGNC: the proteins in use",
    licence=CC_BY_4,
    publisher="UniProt Consortium; HUGO Gene Nomenclature Committee",
    address="https://www.uniprot.org/",
    version="UniProt table of CellPhoneDB 5.0.0; HGNC 2024-07; UniProt entries 2026-01-28",
    issued="2026-01-28",
    comment="Gene symbols and cross-references come from HGNC (CC0 1.0).",
)
_UNIPROT = prefix_map()["UniProtKB"]


def protein_node(protein: ProteinName, genes: Sequence[Gene], source: str, *, is_on_surface: bool = False) -> Node:
    """Describe a human protein.

    Args:
        protein: its names.
        genes: its genes; the approved symbol is that of the gene UniProt names first, else of the first.
        source: IRI of the dataset.
        is_on_surface: whether it is a receptor in the plasma membrane; an antigen of a CD number is taken as such.
    """
    gene = next((gene for gene in genes if gene.symbol in protein.genes[:1]), genes[0] if genes else None)
    symbols = (gene.symbol, *gene.aliases) if gene else ()
    extra: tuple[Pair, ...] = ((IG + "geneSymbol", plain(gene.symbol)),) if gene else ()
    on_surface = is_on_surface or protein.is_cd_antigen
    exact, close = exact_and_close(iri for one in genes for iri in _gene_iris(one))
    return Node(
        iri=_UNIPROT + protein.accession,
        types=("Target", "Protein", *(("SurfaceAntigen",) if on_surface else ())),
        label=protein.name,
        sources=(source,),
        synonyms=(*symbols, *protein.others, *protein.genes),
        exact=exact,
        close=close,
        extra=extra,
    )


def genes_by_protein(path: Path, report: ImportReport) -> dict[str, list[Gene]]:
    """UniProt accession → its approved genes, in file order."""
    found: dict[str, list[Gene]] = {}
    for gene in read_genes(path, report):
        for accession in gene.proteins:
            found.setdefault(accession, []).append(gene)
    return found


def _read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Node]:
    protein_file, gene_file, membrane_file, entry_file = expect_files(files, FILES)
    missing = {iri.removeprefix(_UNIPROT) for iri in proteins_in_use(registry)}
    genes = genes_by_protein(gene_file, report)
    receptors = _membrane_receptors(membrane_file, report)
    for protein in read_proteins(protein_file, report):
        if protein.accession in missing:
            missing.discard(protein.accession)
            found = genes.get(protein.accession, ())
            if not found:
                report.miss("gene of a protein", compress(_UNIPROT + protein.accession))
            yield protein_node(protein, found, SOURCE.iri, is_on_surface=protein.accession in receptors)
    if missing:
        yield from _foreign(entry_file, missing, report)


def _membrane_receptors(path: Path, report: ImportReport) -> set[str]:
    """Accessions of the proteins that CellPhoneDB takes as receptors with a part across the membrane."""
    rows = table_rows(path, ("uniprot", "transmembrane", "receptor"), report)
    return {row["uniprot"] for _, row in rows if {row["transmembrane"], row["receptor"]} == {"TRUE"}}


def _foreign(path: Path, missing: set[str], report: ImportReport) -> Iterator[Node]:
    """Reviewed proteins outside the human table, under their entry names; what is left is reported."""
    names: Mapping[str, str] = {
        term.iri.removeprefix(_UNIPROT): term.label
        for term in read_terms(path, report)
        if term.iri.removeprefix(_UNIPROT) in missing
    }
    for accession in sorted(missing):
        if accession in names:
            yield Node(_UNIPROT + accession, ("Target", "Protein"), names[accession], (SOURCE.iri,))
        else:
            report.miss("reviewed UniProt protein", compress(_UNIPROT + accession))


def _gene_iris(gene: Gene) -> Iterator[str]:
    prefixes = prefix_map()
    yield prefixes["HGNC"] + gene.hgnc.removeprefix("HGNC:")
    if gene.ncbi:
        yield prefixes["NCBIGene"] + gene.ncbi
    if gene.ensembl:
        yield prefixes["ENSEMBL"] + gene.ensembl


IMPORTER = Importer(SOURCE, "the proteins in use: names, gene symbols, cross-references", FILES, _read)
