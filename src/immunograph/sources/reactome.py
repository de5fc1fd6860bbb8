"""Reactome → the pathways that the proteins in use take part in, with everything above them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from immunograph.identifiers import compress, prefix_map
from immunograph.model import Association, Evidence, Node, Record, Source
from immunograph.registry import Registry
from immunograph.sources.importer import Importer, ImportReport
from immunograph.sources.rows import plain_rows
from immunograph.sources.slices import CC0, expect_files, proteins_in_use

FILES = {
    "pathways": "ReactomePathways.txt: identifier, name, species",
    "hierarchy": "ReactomePathwaysRelation.txt: pathway above, pathway below",
    "memberships": "the human rows of UniProt2Reactome: accession, pathway, address, name, evidence code, species",
}
SOURCE = Source(
    slug="reactome",
    title="Reactome: pathways of the proteins in use",
    licence=CC0,
    publisher="Reactome",
    address="https://reactome.org/",
    version="2025-08 (pathways, hierarchy); 2025-01-14 (memberships)",
    issued="2025-08",
)
_EVIDENCE_TYPES = {
    "TAS": "0000033",  # ECO: author statement supported by traceable reference
    "IEA": "0000501",  # ECO: evidence used in automatic assertion
}
"""Reactome's evidence code → ECO."""


def _read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Record]:
    pathway_file, hierarchy_file, membership_file = expect_files(files, FILES)
    names = _human_names(pathway_file, report)
    above = _parents(hierarchy_file, names, report)
    used = {iri for iri in registry.in_use if iri.startswith(_IRI)}
    for iri in sorted(used - {_IRI + identifier for identifier in names}):
        report.miss("Reactome pathway", compress(iri))
    kept = {identifier for identifier in names if _IRI + identifier in used}
    for association, evidence in _memberships(membership_file, names, proteins_in_use(registry), report):
        kept.add(association.object.removeprefix(_IRI))
        yield evidence
        yield association
    yield from _nodes(kept, names, above)


def _human_names(path: Path, report: ImportReport) -> dict[str, str]:
    rows = plain_rows(path, 3, report)
    return {identifier: name for _, (identifier, name, species) in rows if species == "Homo sapiens"}


def _parents(path: Path, names: Mapping[str, str], report: ImportReport) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for _, (parent, child) in plain_rows(path, 2, report):
        if parent in names and child in names:
            found[child].append(parent)
    return found


def _memberships(
    path: Path, names: Mapping[str, str], proteins: set[str], report: ImportReport
) -> Iterator[tuple[Association, Evidence]]:
    prefix = prefix_map()["UniProtKB"]
    for at, (accession, pathway, _, _, code, _) in plain_rows(path, 6, report):
        if prefix + accession not in proteins:
            report.skip(at, "protein that is not in use", accession)
        elif pathway not in names:
            report.skip(at, "pathway that is no longer there", f"{accession} in {pathway}")
        elif code not in _EVIDENCE_TYPES:
            report.skip(at, "evidence code that is not known", code, is_malformed=True)
        else:
            evidence = Evidence(
                SOURCE.slug,
                f"{accession} {pathway} {code}",
                _EVIDENCE_TYPES[code],
                title=f"Reactome: {accession} in {names[pathway]} ({code})",
                address=_IRI + pathway,
            )
            association = Association(
                SOURCE.slug, prefix + accession, "participatesIn", _IRI + pathway, (evidence.iri,)
            )
            yield association, evidence


def _nodes(kept: set[str], names: Mapping[str, str], above: Mapping[str, Sequence[str]]) -> Iterator[Node]:
    waiting = sorted(kept)
    while waiting:
        parents = above.get(waiting.pop(), ())
        waiting.extend(parent for parent in parents if parent not in kept)
        kept.update(parents)
    for identifier in sorted(kept):
        yield Node(
            iri=_IRI + identifier,
            types=("Pathway",),
            label=names[identifier],
            sources=(SOURCE.iri,),
            broader=tuple(_IRI + parent for parent in above.get(identifier, ())),
        )


_IRI = prefix_map()["reactome"]

IMPORTER = Importer(SOURCE, "pathways of the proteins in use, with what lies above them", FILES, _read)
