"""The HGNC table of human genes → records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from immunograph.sources.importer import ImportReport, table_rows

_COLUMNS = {
    "hgnc": "HGNC ID",
    "symbol": "Approved symbol",
    "name": "Approved name",
    "status": "Status",
    "aliases": "Alias symbols",
    "previous": "Previous symbols",
    "ncbi": "NCBI Gene ID(supplied by NCBI)",
    "uniprot": "UniProt ID(supplied by UniProt)",
    "ensembl": "Ensembl gene ID",
    "locus": "Locus type",
}


@dataclass(frozen=True, slots=True)
class Gene:
    """A human gene as HGNC names it.

    Attributes:
        hgnc: CURIE (``HGNC:11892``).
        symbol: approved symbol.
        name: approved name.
        aliases: other symbols in use.
        previous: symbols that were once approved.
        proteins: UniProt accessions.
        ncbi: NCBI Gene number; empty where there is none.
        ensembl: Ensembl gene identifier; empty where there is none.
        locus: kind of locus, such as ``gene with protein product``.
    """

    hgnc: str
    symbol: str
    name: str
    aliases: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    proteins: tuple[str, ...] = ()
    ncbi: str = ""
    ensembl: str = ""
    locus: str = ""


def read_genes(path: Path, report: ImportReport | None = None) -> Iterator[Gene]:
    """Read the approved genes of an HGNC download, in file order.

    Raises:
        LoadError: the file is missing or lacks a column; or, when strict, a row is malformed.
    """
    report = report if report is not None else ImportReport()
    for at, row in table_rows(path, tuple(_COLUMNS.values()), report, delimiter="\t"):
        cells = {name: row[column] for name, column in _COLUMNS.items()}
        if cells["status"] != "Approved":
            report.skip(at, "gene symbol is not approved", cells["hgnc"])
        elif not cells["hgnc"].startswith("HGNC:") or not cells["symbol"]:
            report.skip(at, "gene without identifier or symbol", cells["hgnc"], is_malformed=True)
        else:
            yield _gene(cells)


def _gene(cells: dict[str, str]) -> Gene:
    return Gene(
        hgnc=cells["hgnc"],
        symbol=cells["symbol"],
        name=cells["name"],
        aliases=_listed(cells["aliases"]),
        previous=_listed(cells["previous"]),
        proteins=_listed(cells["uniprot"]),
        ncbi=cells["ncbi"],
        ensembl=cells["ensembl"],
        locus=cells["locus"],
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(",") if part.strip())
