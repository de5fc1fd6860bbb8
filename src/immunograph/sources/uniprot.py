"""The UniProt table of reviewed human proteins → names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from immunograph.sources.importer import ImportReport, table_rows

_COLUMNS = ("Entry", "Entry name", "Status", "Protein names", "Gene names")
_CLEAVED = re.compile(r" \[(?:Cleaved into|Includes): ")
_ENZYME = re.compile(r"EC [\d.\-n]+$")
_CD_ANTIGEN = re.compile(r"CD antigen (CD\S+)$")

_ALLELE = re.compile(r"(?<=histocompatibility antigen, )(A|B|C|DRB1)w?-\d+(?= (?:alpha|beta) chain)")
"""The allele in the name of an HLA protein: UniProt keeps one entry a gene, and once named it after a single allele."""


@dataclass(frozen=True, slots=True)
class ProteinName:
    """What UniProt calls a protein.

    Attributes:
        accession: its identifier (``P11836``).
        entry: its entry name (``CD20_HUMAN``).
        name: its recommended name, without the allele that names of HLA proteins have.
        others: its other names, ``CD20`` for ``CD antigen CD20``; enzyme numbers and cleaved chains are left out.
        genes: the names of its gene, the first one preferred.
        is_cd_antigen: whether it has a number in the clusters of differentiation.
    """

    accession: str
    entry: str
    name: str
    others: tuple[str, ...] = ()
    genes: tuple[str, ...] = ()
    is_cd_antigen: bool = False


def read_proteins(path: Path, report: ImportReport | None = None) -> Iterator[ProteinName]:
    """Read the proteins of a UniProt table, in file order.

    Raises:
        LoadError: the file is missing or lacks a column; or, when strict, a row is malformed.
    """
    report = report if report is not None else ImportReport()
    for at, row in table_rows(path, _COLUMNS, report, delimiter="\t"):
        names = split_names(row["Protein names"])
        if not row["Entry"] or not names:
            report.skip(at, "protein without accession or name", row["Entry"], is_malformed=True)
            continue
        others = [_CD_ANTIGEN.sub(r"\1", name) for name in names[1:] if not _ENZYME.match(name)]
        yield ProteinName(
            accession=row["Entry"],
            entry=row["Entry name"],
            name=_ALLELE.sub(r"\1", names[0]),
            others=tuple(others),
            genes=tuple(row["Gene names"].replace(";", " ").split()),
            is_cd_antigen=any(_CD_ANTIGEN.match(name) for name in names),
        )


def split_names(cell: str) -> list[str]:
    """Split UniProt's ``Recommended (Other) (Other) [Cleaved into: ...]`` into names, the recommended one first.

    >>> split_names("NAD(+) kinase (EC 2.7.1.23) (Poly(P) kinase)")
    ['NAD(+) kinase', 'EC 2.7.1.23', 'Poly(P) kinase']
    """
    cell = _CLEAVED.split(cell)[0].strip()
    parts, depth, begun = [], 0, 0
    for at, letter in enumerate(cell):
        if letter == "(":
            if depth == 0 and at and cell[at - 1] == " ":
                parts.append(cell[begun:at])
                begun = at
            depth += 1
        elif letter == ")":
            depth -= 1
    parts.append(cell[begun:])
    names = [parts[0].strip(), *(part.strip()[1:-1] for part in parts[1:])]
    return [name for name in names if name]
