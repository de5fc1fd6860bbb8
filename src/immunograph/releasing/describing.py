"""What a release says of itself: manifest, checksums, DCAT and a page for people.

DCAT: https://www.w3.org/TR/vocab-dcat-3/. What is in the graph (VoID) comes from the export of N-Quads.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from immunograph import __version__
from immunograph.exporters.writing import sha256_of
from immunograph.licences import LICENCES
from immunograph.model import Block, Iri, Literal, Pair, day, plain, text
from immunograph.releasing.layout import CHECKSUMS, GRAPH, MANIFEST, METADATA, README
from immunograph.turtle import turtle_text
from immunograph.vocabulary import DCAT_DATASET, DCTERMS, DCTERMS_TITLE, IG, PAV_VERSION, RDF_TYPE, SPDX_CHECKSUM, XSD

RELEASES = "https://w3id.org/immunograph/release/"
_DCAT = "http://www.w3.org/ns/dcat#"
_MEDIA = {
    ".ttl": "text/turtle",
    ".owl": "application/rdf+xml",
    ".gz": "application/gzip",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown",
    ".rq": "application/sparql-query",
    ".parquet": "application/vnd.apache.parquet",
    ".graphml": "application/graphml+xml",
    ".gexf": "application/gexf+xml",
}


def files_of(folder: Path) -> dict[str, dict[str, Any]]:
    """Size and checksum of every file of a release by its path, sorted; the built graph is left out."""
    paths = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix(): _file(folder / path) for path in paths if path.parts[0] != GRAPH}


def write_dcat(folder: Path, about: Mapping[str, Any]) -> None:
    """Write ``metadata/dcat.ttl``: the release as a dataset, each of its files as a distribution."""
    files = files_of(folder)
    iri = RELEASES + about["version"]
    blocks = [Block(iri, tuple(_dataset(iri, about, files)))]
    blocks += [Block(f"{iri}/{name}", tuple(_distribution(name, file))) for name, file in files.items()]
    (folder / METADATA).mkdir(exist_ok=True)
    (folder / METADATA / "dcat.ttl").write_text(turtle_text(blocks), encoding="utf-8", newline="\n")


def write_readme(folder: Path, about: Mapping[str, Any]) -> None:
    """Write the page for people."""
    lines = [
        f"# ImmunoGraph {about['version']} ({about['date']})",
        "",
        "A cited, reasoned knowledge graph of immune modulators. For research, not medical advice.",
        "",
        f"{about['counts']['associations']:,} associations between {about['counts']['nodes']:,} nodes, "
        f"{about['counts']['inferred']:,} inferred facts. `release.json` lists every file; "
        f"`sha256sum --check {CHECKSUMS}` checks them. `docs/releases.md` of the project says what is where.",
        "",
        "Each source keeps its licence; what is taken from several carries the strictest of them.",
        "",
        "| licence | sources |",
        "|---|---|",
        *(f"| {licence} | {', '.join(sources)} |" for licence, sources in about["licences"].items()),
        "",
    ]
    (folder / README).write_text("\n".join(lines), encoding="utf-8", newline="\n")


def write_manifest(folder: Path, about: Mapping[str, Any]) -> None:
    """Write the checksums, then the manifest, which lists them too."""
    files = files_of(folder)
    sums = "".join(f"{file['sha256']}  {name}\n" for name, file in files.items())
    (folder / CHECKSUMS).write_text(sums, encoding="utf-8", newline="\n")
    files = dict(sorted({**files, CHECKSUMS: _file(folder / CHECKSUMS)}.items()))
    content = {**about, "generator": f"immunograph {__version__}", "files": files}
    written = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(written, encoding="utf-8", newline="\n")


def _file(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": sha256_of(path)}


def _dataset(iri: str, about: Mapping[str, Any], files: Mapping[str, Any]) -> Iterator[Pair]:
    yield RDF_TYPE, Iri(DCAT_DATASET)
    yield DCTERMS_TITLE, text(f"ImmunoGraph {about['version']}")
    yield DCTERMS + "description", text("A cited, reasoned knowledge graph of immune modulators, for research.")
    yield DCTERMS + "issued", day(date.fromisoformat(about["date"]))
    yield DCTERMS + "publisher", plain("The ImmunoGraph project")
    yield PAV_VERSION, plain(about["version"])
    yield _DCAT + "version", plain(about["version"])
    yield DCTERMS + "conformsTo", Iri(IG)
    if about["previous"]:
        yield _DCAT + "previousVersion", Iri(RELEASES + about["previous"])
    for name in sorted({part for licence in about["licences"] for part in licence.split("+")} & LICENCES.keys()):
        yield DCTERMS + "license", Iri(LICENCES[name])
    for name in files:
        yield _DCAT + "distribution", Iri(f"{iri}/{name}")


def _distribution(name: str, file: Mapping[str, Any]) -> Iterator[Pair]:
    parts = Path(name).parts
    yield RDF_TYPE, Iri(_DCAT + "Distribution")
    yield DCTERMS_TITLE, plain(name)
    yield _DCAT + "mediaType", plain(_MEDIA.get(Path(name).suffix, "application/octet-stream"))
    yield _DCAT + "byteSize", Literal(str(file["bytes"]), XSD + "nonNegativeInteger")
    yield SPDX_CHECKSUM, plain(file["sha256"])
    if parts[0] == "data" and parts[1] in LICENCES:
        yield DCTERMS + "license", Iri(LICENCES[parts[1]])
