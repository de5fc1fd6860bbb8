"""The adjuvants of the Vaccine Ontology → modulators, the receptors they engage, and the responses they induce."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from immunograph.errors import Place
from immunograph.identifiers import expand, prefix_map
from immunograph.model import Association, Evidence, Iri, Node, Record, Source
from immunograph.names import name_key
from immunograph.registry import Registry
from immunograph.sources.complexes import slug
from immunograph.sources.genes import read_genes
from immunograph.sources.importer import Importer, ImportReport, table_rows
from immunograph.sources.slices import CC_BY_4, expect_files
from immunograph.sources.uniprot import read_proteins
from immunograph.vocabulary import IG

FILES = {
    "adjuvants": "the Vaccine Ontology's vaccine_adjuvant.csv",
    "proteins": "the UniProt table of reviewed human proteins",
    "genes": "the HGNC table of genes",
}
SOURCE = Source(
    slug="adjuvants",
    title="Vaccine Ontology: vaccine adjuvants",
    licence=CC_BY_4,
    publisher="Vaccine Ontology developers",
    address="https://github.com/vaccineontology/VO",
    version="2026-05",
    issued="2026-05",
)

_COLUMNS = (
    "ID",
    "LABEL",
    "Comment",
    "Parent",
    "alternative label",
    "definition source",
    "target receptor",
    "induces immune profile",
)
_ENDING = re.compile(r"( vac+i[cn]+[ce]*e?)? ad?juvant$")  # the table misspells both words here and there
_PAPER = re.compile(r"(?:pubmed:\s*|pmid:\s*|term=|ncbi\.nlm\.nih\.gov/(?:pubmed/)?)(\d+)", re.IGNORECASE)
_LONGEST_NAME = 60

_FAMILIES = {"toll-like receptor": "FPLX:TLR"}
"""Receptors that are named as a family → its identifier."""

_RESPONSES = {
    "Th1": "GO:0042088",  # T-helper 1 type immune response
    "Th2": "GO:0042092",  # type 2 immune response
    "Th17": "GO:0072538",  # T-helper 17 type immune response
}
"""Part of a profile's name → the response that it is a profile of; what is not here has no term of its own."""

_IMPORTED = "0000322"  # ECO: imported manually asserted information used in automatic assertion


@dataclass(frozen=True, slots=True)
class _Adjuvant:
    """A row of the table; ``is_agonist`` where it, or what stands above it, is named an agonist."""

    at: Place
    identifier: str
    label: str
    synonyms: tuple[str, ...]
    receptors: tuple[str, ...]
    profiles: tuple[str, ...]
    papers: tuple[str, ...]
    is_agonist: bool

    @property
    def iri(self) -> str:
        """IRI of its node; ``-adjuvant`` keeps it apart from a drug of the same name."""
        return expand(f"igd:{slug(_ENDING.sub('', self.label))}-adjuvant")


def _read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Record]:
    table, protein_file, gene_file = expect_files(files, FILES)
    receptors = _receptor_iris(protein_file, gene_file, report)
    for adjuvant in _adjuvants(table, report):
        yield Node(
            iri=adjuvant.iri,
            types=("Modulator", "VaccineAdjuvant", "PreventiveModulator"),
            label=adjuvant.label,
            sources=(SOURCE.iri,),
            synonyms=adjuvant.synonyms,
            exact=(expand(adjuvant.identifier),),
        )
        evidence = Evidence(
            SOURCE.slug,
            adjuvant.identifier,
            _IMPORTED,
            title=f"{adjuvant.label} ({adjuvant.identifier})",
            address=expand(adjuvant.identifier),
            references=adjuvant.papers,
        )
        statements = [*_actions(adjuvant, receptors, evidence, report), *_effects(adjuvant, evidence, report)]
        if statements:
            yield evidence
            yield from statements


def _adjuvants(path: Path, report: ImportReport) -> Iterator[_Adjuvant]:
    rows = [(at, row) for at, row in table_rows(path, _COLUMNS, report) if row["ID"] != "ID"]
    parents = {row["LABEL"]: row["Parent"] for _, row in rows}
    seen: dict[str, str] = {}
    for at, row in rows:
        if not re.fullmatch(r"VO:\d{7}", row["ID"]) or not row["LABEL"]:
            report.skip(at, "adjuvant without identifier or label", row["ID"], is_malformed=True)
        elif row["Comment"] == "category":
            report.skip(at, "category of adjuvants", row["LABEL"])
        else:
            adjuvant = _adjuvant(at, row, parents)
            if adjuvant.iri in seen:
                report.skip(at, "name of another adjuvant", f"{row['ID']} {row['LABEL']}: {seen[adjuvant.iri]}")
                continue
            seen[adjuvant.iri] = row["ID"]
            yield adjuvant


def _adjuvant(at: Place, row: Mapping[str, str], parents: Mapping[str, str]) -> _Adjuvant:
    names = _parts(row["alternative label"])
    short = _ENDING.sub("", row["LABEL"])
    papers = sorted(set(_PAPER.findall(row["definition source"])), key=int)
    return _Adjuvant(
        at=at,
        identifier=row["ID"],
        label=_ENDING.sub(lambda found: f"{' vaccine' if found[1] else ''} adjuvant", row["LABEL"]),
        synonyms=tuple(name for name in (short, *names) if len(name) <= _LONGEST_NAME),
        receptors=tuple(_parts(row["target receptor"])),
        profiles=tuple(_parts(row["induces immune profile"])),
        papers=tuple(expand(f"PMID:{number}") for number in papers),
        is_agonist=any("agonist" in name.casefold().split() for name in _lineage(row["LABEL"], parents)),
    )


def _parts(cell: str) -> list[str]:
    return [" ".join(part.split()) for part in cell.split("|") if part.strip()]


def _lineage(label: str, parents: Mapping[str, str]) -> Iterator[str]:
    """The label and those of everything above it."""
    seen: set[str] = set()
    while label and label not in seen:
        seen.add(label)
        yield label
        label = parents.get(label, "")


def _receptor_iris(protein_file: Path, gene_file: Path, report: ImportReport) -> dict[str, str]:
    """Key of a protein's name → its IRI.

    Names are the recommended one, ``protein SYMBOL``, and any other name that a single protein has.
    """
    names = {name_key(name): expand(identifier) for name, identifier in _FAMILIES.items()}
    others: dict[str, set[str]] = {}
    prefix = prefix_map()["UniProtKB"]
    for protein in read_proteins(protein_file, report):
        names.setdefault(name_key(protein.name), prefix + protein.accession)
        for name in protein.others:
            others.setdefault(name_key(name), set()).add(prefix + protein.accession)
    for gene in read_genes(gene_file, report):
        for symbol in (gene.symbol, *gene.previous) if gene.proteins else ():
            names.setdefault(name_key(f"protein {symbol}"), prefix + gene.proteins[0])
    for name, iris in others.items():
        if len(iris) == 1:
            names.setdefault(name, next(iter(iris)))
    return names


def _receptor(name: str, receptors: Mapping[str, str]) -> str | None:
    """IRI of a receptor, by its name or by the short name that ends it (``... receptor RIG-I``)."""
    return receptors.get(name_key(name)) or receptors.get(name_key(name.split(" receptor ")[-1]))


def _actions(
    adjuvant: _Adjuvant, receptors: Mapping[str, str], evidence: Evidence, report: ImportReport
) -> Iterator[Association]:
    """The receptors it engages; it activates them only where the ontology calls it an agonist."""
    predicate, action = ("activates", "AgonistAction") if adjuvant.is_agonist else ("binds", "BinderAction")
    for name in adjuvant.receptors:
        iri = _receptor(name, receptors)
        if iri is None:
            report.miss("receptor", name)
            continue
        qualifiers = (("actionRole", Iri(IG + "PrimaryAction")), ("actionType", Iri(IG + action)))
        yield Association(SOURCE.slug, adjuvant.iri, predicate, iri, (evidence.iri,), qualifiers)


def _effects(adjuvant: _Adjuvant, evidence: Evidence, report: ImportReport) -> Iterator[Association]:
    for profile in adjuvant.profiles:
        for part in _profile_parts(profile):
            if identifier := _RESPONSES.get(part):
                yield Association(SOURCE.slug, adjuvant.iri, "stimulates", expand(identifier), (evidence.iri,))
            else:
                report.miss("immune profile", f"{part} ({profile})")


def _profile_parts(profile: str) -> Iterable[str]:
    """``Th1/Th17 mixed immune profile`` → ``Th1``, ``Th17``."""
    head = re.split(r"[ -](?:biased|mixed)\b| immune profile", profile)[0]
    return head.split("/")


IMPORTER = Importer(SOURCE, "vaccine adjuvants, their receptors and the responses they induce", FILES, _read)
