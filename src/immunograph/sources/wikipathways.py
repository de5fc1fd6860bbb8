"""The immune pathways of WikiPathways → pathways, and which of the proteins in use they draw.

The files were chosen by title; ``ontology/scope/wikipathways.tsv`` lists the pathways that are not of immunity after
all.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from immunograph.assets import ontology_dir
from immunograph.errors import LoadError, Place
from immunograph.identifiers import compress, prefix_map
from immunograph.model import Association, Evidence, Node, Record, Source
from immunograph.registry import Registry
from immunograph.sources.complexes import accessions_by_symbol
from immunograph.sources.genes import read_genes
from immunograph.sources.importer import Importer, ImportReport
from immunograph.sources.scope import read_asset_rows
from immunograph.sources.slices import CC0, expect_files, proteins_in_use

FILES = {
    "pathways": "the archive of pathways: WP<n>-info.json and WP<n>-datanodes.tsv of each",
    "genes": "the HGNC table of genes",
}
SOURCE = Source(
    slug="wikipathways",
    title="WikiPathways: human immune pathways",
    licence=CC0,
    publisher="WikiPathways",
    address="https://www.wikipathways.org/",
    version="2026-08",
    issued="2026-08",
)
_MEMBER = re.compile(r"(?:.*/)?(WP\d+)-(info\.json|datanodes\.tsv)$")
_SYMBOL = "hgnc.symbol:"
_ACCESSION = "uniprot:"
_IMPORTED = "0000322"  # ECO: imported manually asserted information used in automatic assertion
_IRI = prefix_map()["wikipathways"]
_PROTEIN = prefix_map()["UniProtKB"]


@dataclass(slots=True)
class _Pathway:
    """One pathway: title, revision, species, and the genes and proteins drawn in it, as symbols or accessions."""

    title: str = ""
    revision: str = ""
    species: tuple[str, ...] = ()
    drawn: dict[str, None] = field(default_factory=dict)


def _read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Record]:
    archive, gene_file = expect_files(files, FILES)
    accessions = accessions_by_symbol(read_genes(gene_file, report))
    pathways = _pathways(archive, report)
    for iri in sorted(registry.in_use):
        if iri.startswith(_IRI) and iri.removeprefix(_IRI) not in pathways:
            report.miss("WikiPathways pathway", compress(iri))
    left_out = not_immune()
    proteins = proteins_in_use(registry)
    for identifier, pathway in sorted(pathways.items()):
        if not pathway.title or "Homo sapiens" not in pathway.species:
            report.skip(Place(archive), "pathway without title, or not human", identifier, is_malformed=True)
        elif identifier in left_out:
            report.skip(Place(archive), "pathway that is not of immunity", f"{identifier} {pathway.title}")
        else:
            yield Node(_IRI + identifier, ("Pathway",), pathway.title, (SOURCE.iri,))
            yield from _memberships(identifier, pathway, accessions, proteins, report)


def not_immune(path: Path | None = None) -> Mapping[str, str]:
    """Identifier → title of the pathways that are left out.

    Args:
        path: the table; None for the shipped one.

    Raises:
        LoadError: the table is missing or broken.
    """
    table = path or ontology_dir() / "scope" / "wikipathways.tsv"
    return {row["pathway"]: row["title"] for _, row in read_asset_rows(table, ("pathway", "title", "reason"))}


def read_titles(path: Path) -> dict[str, str]:
    """Identifier → title of every pathway in an archive.

    Raises:
        LoadError: the archive is missing or broken.
    """
    return {identifier: pathway.title for identifier, pathway in _pathways(path, ImportReport()).items()}


def _pathways(path: Path, report: ImportReport) -> dict[str, _Pathway]:
    """Every pathway of the archive, read in one pass."""
    found: dict[str, _Pathway] = {}
    try:
        with tarfile.open(path, "r|*") as archive:
            for member in archive:
                match = _MEMBER.match(member.name)
                file = archive.extractfile(member) if match else None
                if match is None or file is None:
                    continue
                pathway = found.setdefault(match[1], _Pathway())
                place = Place(path / member.name)
                if match[2] == "info.json":
                    _take_info(pathway, file.read(), place)
                else:
                    _take_members(pathway, file.read().decode("utf-8"), place, report)
    except (OSError, tarfile.TarError, EOFError, UnicodeDecodeError) as error:
        raise LoadError(f"cannot be read as an archive ({error}); check the file", Place(path)) from error
    return found


def _take_info(pathway: _Pathway, content: bytes, at: Place) -> None:
    try:
        info = json.loads(content)
    except ValueError as error:
        raise LoadError(f"cannot be read as JSON ({error}); fetch the file again", at) from error
    pathway.title = " ".join(str(info.get("title", "")).split())
    pathway.revision = str(info.get("revision", ""))
    pathway.species = tuple(info.get("organisms", ()))


def _take_members(pathway: _Pathway, content: str, at: Place, report: ImportReport) -> None:
    rows = csv.DictReader(io.StringIO(content), delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in rows:
        report.read[at.path.name] += 1
        if row.get("Type") not in ("GeneProduct", "Protein"):
            continue
        symbols = _listed(row.get("HGNC"), _SYMBOL)
        drawn = symbols or _listed(row.get("UniProt"), _ACCESSION)
        if not drawn:
            report.skip(Place(at.path, rows.line_num), "gene or protein without HGNC symbol", row.get("Label") or "")
        pathway.drawn.update(dict.fromkeys(f"{_SYMBOL}{name}" if symbols else f"{_ACCESSION}{name}" for name in drawn))


def _listed(cell: str | None, prefix: str) -> list[str]:
    return [part.removeprefix(prefix) for part in (cell or "").split(";") if part.startswith(prefix)]


def _memberships(
    identifier: str, pathway: _Pathway, accessions: Mapping[str, str], proteins: set[str], report: ImportReport
) -> Iterator[Record]:
    for drawn in pathway.drawn:
        is_symbol = drawn.startswith(_SYMBOL)
        name = drawn.removeprefix(_SYMBOL if is_symbol else _ACCESSION)
        accession = accessions.get(name, "") if is_symbol else name
        if is_symbol and not accession:
            report.miss("protein of a gene", f"{_SYMBOL}{name}")
        elif _PROTEIN + accession in proteins:
            record = f"{identifier} {pathway.revision} {drawn}"
            title = f"WikiPathways: {name} in {pathway.title} ({identifier}, {pathway.revision})"
            evidence = Evidence(SOURCE.slug, record, _IMPORTED, title=title, address=_IRI + identifier)
            yield evidence
            yield Association(SOURCE.slug, _PROTEIN + accession, "participatesIn", _IRI + identifier, (evidence.iri,))


IMPORTER = Importer(SOURCE, "human immune pathways and the proteins in use that they draw", FILES, _read)
