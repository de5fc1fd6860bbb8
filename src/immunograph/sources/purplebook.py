"""The FDA's Purple Book → brand names of licensed biologics, and the year they were first licensed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from immunograph.errors import LoadError, Place
from immunograph.identifiers import expand
from immunograph.model import Association, Evidence, Iri, Node, Record, Source, Term, year
from immunograph.names import name_key
from immunograph.registry import Registry
from immunograph.sources.importer import Importer, ImportReport, open_text
from immunograph.sources.medicines import is_only_endogenous
from immunograph.sources.slices import expect_files
from immunograph.vocabulary import IG

FILES = {"products": "the Purple Book's monthly data download, CSV"}
COLUMNS = (
    "BLA Number",
    "Proprietary Name",
    "Proper Name",
    "BLA Type",
    "Licensure",
    "Approval Date",
    "Submission Type",
    "Date of First Licensure",
)
SOURCE = Source(
    slug="purplebook",
    title="Purple Book: licensed biological products",
    licence="https://creativecommons.org/publicdomain/mark/1.0/",
    publisher="United States Food and Drug Administration",
    address="https://purplebooksearch.fda.gov/",
    version="2025-04",
    issued="2025-04",
    command="immunograph import purplebook purplebook-data-download_2025_04.csv.gz --out data/purplebook",
)
_REGULATORY = "0000033"
"""ECO: author statement supported by traceable reference."""

_SUFFIX = re.compile(r"-[a-z]{4}$")
_ORIGINATOR = "351(a)"

Row = Mapping[str, str]


def read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Record]:
    """Read the products of the modulators that the graph knows.

    Args:
        files: as ``FILES`` lists them.
        registry: modulators by name.
        report: counts the products left out by reason.

    Yields:
        Each modulator with its brand names, its approval and the evidence, sorted by IRI.

    Raises:
        LoadError: the file is missing or has no table.
    """
    (path,) = expect_files(files, FILES)
    products: dict[str, list[Row]] = {}
    nodes: dict[str, Node] = {}
    for at, row in _rows(path, report):
        found = _modulators(row["Proper Name"], registry)
        if len(found) != 1:
            report.skip(at, "several modulators of that name" if found else "no modulator of the graph")
            continue
        if set(found[0].types) == {"Modulator"}:
            report.skip(at, "modulator that no source describes yet", found[0].label)
            continue
        nodes[found[0].iri] = found[0]
        products.setdefault(found[0].iri, []).append(row)
    for iri in sorted(products):
        yield _branded(nodes[iri], products[iri])
        yield from _approval(nodes[iri], products[iri], report, path)


def _rows(path: Path, report: ImportReport) -> Iterator[tuple[Place, Row]]:
    """Rows under each header; the file lists the month's changes first, then everything, each under a title."""
    header: list[str] = []
    with open_text(path) as text:
        rows = csv.reader(text)
        for cells in rows:
            at = Place(path, rows.line_num)
            if cells[:1] == ["N/R/U"]:
                header = cells
                if missing := [name for name in COLUMNS if name not in header]:
                    raise LoadError(f"lacks the column(s) {', '.join(missing)}", at)
            elif header and sum(map(bool, cells)) > 1:
                report.read[path.name] += 1
                if len(cells) != len(header):
                    report.skip(at, "wrong number of cells", f"{len(cells)} for {len(header)}", is_malformed=True)
                    continue
                yield at, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    if not header:
        raise LoadError("has no table (a header that begins with N/R/U)", Place(path))


def _modulators(proper: str, registry: Registry) -> list[Node]:
    """The medicines of a proper name, with or without its four-letter suffix.

    A protein of the body is passed over, though UniProt gives it the name of the recombinant medicine too.
    """
    for name in (proper, _SUFFIX.sub("", proper)):
        if found := [node for node in registry.by_name(name, ["Modulator"]) if not is_only_endogenous(node)]:
            labelled = [node for node in found if name_key(node.label) == name_key(name)]
            return labelled or found
    return []


def _branded(node: Node, rows: Sequence[Row]) -> Node:
    brands: dict[str, str] = {}
    for row in rows:
        if row["Proprietary Name"] and name_key(row["Proprietary Name"]) != name_key(node.label):
            brands.setdefault(name_key(row["Proprietary Name"]), row["Proprietary Name"])
    return Node(node.iri, node.types, node.label, (SOURCE.iri,), synonyms=tuple(brands.values()))


def _approval(node: Node, rows: Sequence[Row], report: ImportReport, path: Path) -> Iterator[Record]:
    """The approval of the originator: first licensed in the earliest year, withdrawn where no licence is left."""
    own = [row for row in rows if row["BLA Type"] == _ORIGINATOR]
    dates = [found for row in own if (found := _first_licensed(row, report, path))]
    if not dates:
        return
    evidence = [
        Evidence(SOURCE.slug, f"BLA{number}", _REGULATORY, title=f"Purple Book entry BLA {number} ({brand})")
        for number, brand in sorted({row["BLA Number"]: row["Proprietary Name"] for row in own}.items())
    ]
    yield from evidence
    is_licensed = any(row["Licensure"] == "Licensed" for row in own)
    qualifiers: tuple[tuple[str, Term], ...] = (
        ("approvalYear", year(min(dates).year)),
        ("status", Iri(IG + ("Approved" if is_licensed else "Withdrawn"))),
    )
    yield Association(
        SOURCE.slug,
        node.iri,
        "approvedBy",
        expand("igd:fda"),
        tuple(record.iri for record in evidence),
        qualifiers,
    )


def _first_licensed(row: Row, report: ImportReport, path: Path) -> date | None:
    """The day a product was first licensed; None for a supplement, whose date is its own."""
    text = row["Date of First Licensure"] or (row["Approval Date"] if row["Submission Type"] == "Original" else "")
    if not text:
        return None
    for form in ("%B %d, %Y", "%m/%d/%Y", "%d-%b-%y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    report.skip(Place(path), "date cannot be read", text, is_malformed=True)
    return None


IMPORTER = Importer(SOURCE, "brand names and first licence of biologics", FILES, read)
