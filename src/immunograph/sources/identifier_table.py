"""Which public identifiers the data use, and what their sources call them: the table that proves them.

The table is committed, so that a checkout without the public files can still tell a wrong, mislabelled or obsolete
identifier. With the files there, the table itself is proven against them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from io import StringIO
from pathlib import Path
from typing import Any

from immunograph.errors import LoadError, Place
from immunograph.identifiers import compress, expand, prefix_map
from immunograph.sources.importer import ImportReport, open_text
from immunograph.sources.ontologies import read_terms
from immunograph.sources.rows import plain_rows
from immunograph.sources.uniprot import read_proteins
from immunograph.sources.wikipathways import read_titles


@dataclass(frozen=True, slots=True)
class IdentifierRow:
    """One identifier in use.

    Attributes:
        identifier: CURIE.
        label: what its source calls it.
        file: name of the file that says so.
        version: version of that file.
        obsolete: ``no``, or ``yes`` with the successor where one is stated.
    """

    identifier: str
    label: str
    file: str
    version: str
    obsolete: str = "no"


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper in use: its PubMed identifier, and whether it was retracted (``no``, ``yes``)."""

    identifier: str
    retracted: str


@dataclass(frozen=True, slots=True)
class _File:
    """A public file: where it lies in the reference folder, its version, and how its labels are read."""

    path: str
    version: str
    read: Callable[[Path], Iterable[tuple[str, str, str]]]


def identifier_rows(identifiers: Iterable[str], reference: Path) -> list[IdentifierRow]:
    """Look identifiers up in the public files.

    Args:
        identifiers: IRIs; those of namespaces that no file covers are left out.
        reference: folder of the public files.

    Returns:
        One row an identifier that is found, sorted.

    Raises:
        LoadError: a file is missing or broken.
    """
    wanted: dict[str, set[str]] = {}
    for iri in identifiers:
        wanted.setdefault(compress(iri).partition(":")[0], set()).add(iri)
    rows: dict[str, IdentifierRow] = {}
    for prefix, files in _FILES.items():
        missing = set(wanted.get(prefix, ()))
        for file in files:
            if not missing:
                break
            for iri, label, obsolete in file.read(reference / file.path):
                if iri in missing:
                    rows[iri] = IdentifierRow(compress(iri), label, Path(file.path).name, file.version, obsolete)
            missing -= rows.keys()
    return sorted(rows.values(), key=lambda row: row.identifier)


def covered_prefixes() -> frozenset[str]:
    """The prefixes whose identifiers can be proven."""
    return frozenset(_FILES)


def paper_rows(papers: Iterable[str], reference: Path) -> list[PaperRow]:
    """Look PubMed identifiers up in the list of retractions.

    Args:
        papers: IRIs of papers; those without a PubMed identifier are left out.
        reference: folder of the public files.

    Raises:
        LoadError: the list is missing or broken.
    """
    with open_text(reference / "idmaps" / "pubmed_retractions.tsv.gz") as text:
        retracted = {line.strip() for line in text}
    numbers = sorted({iri.removeprefix(_PAPER) for iri in papers if iri.startswith(_PAPER)}, key=int)
    return [PaperRow(f"PMID:{number}", "yes" if number in retracted else "no") for number in numbers]


def ontology_files(reference: Path) -> Iterator[tuple[str, Path, str]]:
    """The releases that sheets take terms from: prefix, file and version, in the order in which they are asked."""
    for prefix in ("MONDO", "HP", "OAE", "GO", "CL"):
        for file in _FILES[prefix]:
            yield prefix, reference / file.path, file.version


def table_text(rows: Iterable[Any], row_type: type) -> str:
    """Write rows as a tab-separated table with a header."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, escapechar="\\")
    writer.writerow(field.name for field in fields(row_type))
    writer.writerows(astuple(row) for row in rows)
    return text.getvalue()


def read_identifier_table(path: Path) -> Mapping[str, IdentifierRow]:
    """Read the committed table of identifiers, by IRI.

    Raises:
        LoadError: it is missing or has other columns.
    """
    return {expand(row[0]): IdentifierRow(*row) for row in read_rows(path, IdentifierRow)}


def read_paper_table(path: Path) -> Mapping[str, PaperRow]:
    """Read the committed table of papers, by IRI.

    Raises:
        LoadError: it is missing or has other columns.
    """
    return {expand(row[0]): PaperRow(*row) for row in read_rows(path, PaperRow)}


def read_rows(path: Path, row_type: type) -> Iterator[tuple[str, ...]]:
    """The rows of a committed table, as cells in the order of a record's fields.

    Raises:
        LoadError: it is missing or has other columns.
    """
    names = tuple(field.name for field in fields(row_type))
    rows = plain_rows(path, len(names), ImportReport(is_strict=True))
    if next(rows, (None, ()))[1] != names:
        raise LoadError(f"needs the columns {', '.join(names)}", Place(path, 1))
    return (cells for _, cells in rows)


def _terms(path: Path) -> Iterator[tuple[str, str, str]]:
    for term in read_terms(path):
        successor = f"yes: {compress(term.replaced_by)}" if term.replaced_by else "yes"
        yield term.iri, term.label, successor if term.is_deprecated else "no"
        for former in term.merged:
            yield former, term.label, f"yes: {compress(term.iri)}"


def _proteins(path: Path) -> Iterator[tuple[str, str, str]]:
    return ((prefix_map()["UniProtKB"] + one.accession, one.name, "no") for one in read_proteins(path))


def _entities(path: Path) -> Iterator[tuple[str, str, str]]:
    rows = plain_rows(path, 1, ImportReport(), delimiter=",")
    return ((prefix_map()["FPLX"] + name, name.replace("_", " "), "no") for _, (name,) in rows)


def _reactome(path: Path) -> Iterator[tuple[str, str, str]]:
    rows = plain_rows(path, 3, ImportReport())
    return ((prefix_map()["reactome"] + identifier, name, "no") for _, (identifier, name, _) in rows)


def _wikipathways(path: Path) -> Iterator[tuple[str, str, str]]:
    return ((prefix_map()["wikipathways"] + one, title, "no") for one, title in read_titles(path).items())


_PAPER = prefix_map()["PMID"]

_FILES: Mapping[str, tuple[_File, ...]] = {
    "MONDO": (_File("ontologies/MONDO-ontology-v2026-05-05.json.zst", "2026-05-05", _terms),),
    "HP": (_File("ontologies/hp.obo.gz", "2025-01-16", _terms),),
    "OAE": (_File("oae/new_OAE_terms_2022.owl.gz", "2022", _terms),),
    "GO": (_File("ontologies/go.json.gz", "2024-07", _terms),),
    "CL": (
        _File("cell_ontology/blood_and_immune_upper_slim.obo.gz", "2026-06-08", _terms),
        _File("ontologies/CL-ontology-v2026-03-26.json.zst", "2026-03-26", _terms),
    ),
    "CHEBI": (_File("ontologies/CHEBI-ontology-2026-05-01.json.zst", "2026-05-01", _terms),),
    "UniProtKB": (
        _File("cellphonedb/uniprot.tab.gz", "5.0.0", _proteins),
        _File("ontologies/UniProt-ontology-2026-01-28.json.zst", "2026-01-28", _terms),
    ),
    "FPLX": (_File("famplex/entities.csv", "2024", _entities),),
    "reactome": (_File("reactome/ReactomePathways.txt.gz", "2025-08", _reactome),),
    "wikipathways": (_File("wikipathways/immune.tar.gz", "2026-08", _wikipathways),),
}
"""Prefix → the files that name its identifiers, the one that counts first."""
