"""DrugMechDB paths → curated indications, and the mechanism edges between drug and disease.

What a node is follows from its identifier's prefix, never from the type the file gives it: the file calls some
diseases drugs. Which edge becomes which statement is the table ``EDGES``; a key that states no effect (``located in``,
``manifestation of``, ``has metabolite`` ...) or joins other kinds of node is counted and left out.
"""

from __future__ import annotations

import dataclasses
import re
import tarfile
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from immunograph.errors import LoadError, Place
from immunograph.identifiers import as_iri, expand
from immunograph.model import Association, Evidence, Iri, Node, Record, Source, Term
from immunograph.registry import Registry
from immunograph.sources.condition_finder import ConditionFinder, Lost, read_condition_finder
from immunograph.sources.genes import read_genes
from immunograph.sources.importer import Importer, ImportReport
from immunograph.sources.medicines import is_only_endogenous, modulators_by
from immunograph.sources.ontologies import read_terms
from immunograph.sources.rows import plain_rows
from immunograph.sources.slices import CC0, expect_files
from immunograph.vocabulary import IG

SLUG = "drugmechdb"
FILES = MappingProxyType(
    {
        "paths": "the DrugMechDB paths, one YAML file a path, in a tar archive",
        "genes": "the HGNC table of human genes, TSV",
        "processes": "the Gene Ontology as list JSON",
        "cells": "the Cell Ontology as closure JSON",
        "pathways": "Reactome's ReactomePathways.txt: identifiers, names, species",
        "mondo": "MONDO as closure JSON: labels, synonyms, hierarchy",
        "mondo_xrefs": "MONDO as list JSON: cross-references",
        "phenotypes": "the Human Phenotype Ontology as OBO",
    }
)
_CURATED = "0000305"
"""ECO: curator inference used in manual assertion."""

Kind = str
_DOWN = ("decreases activity of", "negatively regulates")
_UP = ("increases activity of", "positively regulates")
_STIMULATES = ("positively regulates", "increases activity of")
_SUPPRESSES = ("negatively regulates", "decreases activity of")
_DRIVES = ("positively correlated with", "causes", "contributes to")
_IMPLICATED = ("correlated with", "negatively correlated with", "participates in")

EDGES: Mapping[tuple[Kind, str, Kind], str] = MappingProxyType(
    {
        **{("modulator", key, "protein"): "inhibits" for key in _DOWN},
        **{("modulator", key, "protein"): "activates" for key in _UP},
        ("modulator", "increases degradation of", "protein"): "degrades",
        ("modulator", "molecularly interacts with", "protein"): "binds",
        **{("protein", key, "protein"): "inhibitsTarget" for key in _DOWN},
        **{("protein", key, "protein"): "activatesTarget" for key in _UP},
        **{
            (kind, key, "process"): "stimulates"
            for kind in ("modulator", "protein", "pathway", "process", "cell")
            for key in _STIMULATES
        },
        **{
            (kind, key, "process"): "suppresses"
            for kind in ("modulator", "protein", "pathway", "process", "cell")
            for key in _SUPPRESSES
        },
        ("protein", "participates in", "pathway"): "participatesIn",
        **{(kind, key, "condition"): "drives" for kind in ("protein", "pathway", "process", "cell") for key in _DRIVES},
        **{
            (kind, key, "condition"): "implicatedIn"
            for kind in ("protein", "pathway", "process", "cell")
            for key in _IMPLICATED
        },
    }
)
"""(kind of source node, key of the edge, kind of target node) → predicate.

A correlation carries the sign of the path: what rises with the disease is what the drug brings down. It is read as
driving the disease; one of the other sign only as being implicated, since to fall with a disease is not to protect
from it. Abundance and expression keys are left out: they do not say whether activity follows.
"""

_DRUG_ID = re.compile(rb"^\s+(?:drugbank|drug_mesh):\s*['\"]?([^\s'\"]+)", re.MULTILINE)
_PMID = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed|europepmc\.org/article/MED)/(\d+)")
_PMC = re.compile(r"(?:ncbi\.nlm\.nih\.gov/(?:labs/)?pmc/articles|europepmc\.org/article/PMC)/(PMC\d+)", re.IGNORECASE)
_DOI = re.compile(r"doi\.org/(10\.\d{4,9}/[^\s\"<>{}|\\^`#?]+)")


@dataclass(frozen=True, slots=True)
class MechanismPath:
    """One path as the file gives it."""

    at: Place
    id: str
    drug: str
    drug_ids: tuple[str, ...]
    disease: str
    disease_id: str
    names: Mapping[str, str]
    links: tuple[tuple[str, str, str], ...]
    references: tuple[str, ...]


@dataclass(slots=True)
class NodeFinder:
    """Identifiers of path nodes → kind and IRI.

    Attributes:
        modulators: CURIE → modulator.
        human: accessions of human proteins.
        live: IRIs of current biological processes, cell types and human pathways → kind.
        conditions: finds conditions.
    """

    modulators: Mapping[str, Node]
    human: frozenset[str]
    live: Mapping[str, str]
    conditions: ConditionFinder

    def find(self, identifier: str, name: str) -> tuple[Kind, str] | Lost:
        """Give the kind and the IRI of a node, or why it has none."""
        prefix, _, local = identifier.partition(":")
        if modulator := self.modulators.get(_drug_curie(identifier)):
            return "modulator", modulator.iri
        if prefix == "UniProt":
            is_known = local in self.human
            return ("protein", expand(f"UniProtKB:{local}")) if is_known else Lost("UniProt: no human protein")
        if prefix in ("GO", "CL", "reactome"):
            iri = as_iri(identifier) or ""
            is_live = iri in self.live
            return (self.live[iri], iri) if is_live else Lost(f"{prefix}: no current process, cell type or pathway")
        if prefix in ("MESH", "HP"):
            found = self.conditions.find(identifier, name)
            return ("condition", found) if isinstance(found, str) else Lost(f"{prefix}: {found.reason}")
        return Lost(f"{prefix}: kind of node that the graph does not hold")


_OPPOSED = (frozenset({"stimulates", "suppresses"}), frozenset({"activatesTarget", "inhibitsTarget"}))
"""Predicates of opposite sign that paths state of targets and processes."""


def read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Record]:
    """Read the paths of the modulators that the graph knows as medicines.

    What the body makes itself is left out: as a drug, adrenaline or estradiol is given for what is not immune.

    Args:
        files: as ``FILES`` lists them.
        registry: modulators with their DrugBank and MeSH identifiers, as exact or close matches.
        report: counts paths and edges left out by reason, and identifiers without a node.

    Yields:
        The evidence of each path, then what it states.

    Raises:
        LoadError: a file is missing or broken; or, when strict, a path is malformed.
    """
    paths = expect_files(files, FILES)
    finder = NodeFinder(
        modulators={
            f"{prefix}:{local}": node
            for prefix in ("DRUGBANK", "MESH")
            for local, node in modulators_by(registry, prefix).items()
            if not is_only_endogenous(node)
        },
        human=frozenset(protein for gene in read_genes(paths[1], report) for protein in gene.proteins),
        live=_live_terms(paths[2], paths[3], paths[4], report),
        conditions=read_condition_finder(paths[5], paths[6], paths[7], report),
    )
    told = []
    for path in read_paths(paths[0], report, finder.modulators):
        modulator = _drug_of(path, finder.modulators, registry, report)
        if modulator is None:
            report.skip(path.at, "drug is no modulator of the graph")
            continue
        told.append(list(_path_records(path, modulator, finder, report)))
    yield from _with_contexts(told)


def _drug_of(
    path: MechanismPath, modulators: Mapping[str, Node], registry: Registry, report: ImportReport
) -> Node | None:
    """The modulator that a path is of; where an identifier is another drug's than the name, the name counts.

    The file gives paths of rituximab the DrugBank identifier of alclometasone.
    """
    meant = [node for curie in path.drug_ids if (node := modulators.get(curie))]
    called = registry.by_name(path.drug, ["Modulator"])
    if not meant:
        return None
    if not called or meant[0] in called:
        return meant[0]
    named = next((node for node in (*meant, *called) if node in called and not is_only_endogenous(node)), None)
    if named is None:
        return meant[0]
    report.miss("drug identifier that is another drug's", f"{path.drug_ids[0]} (called {path.drug})")
    return named


def read_paths(archive: Path, report: ImportReport, wanted: Container[str] | None = None) -> Iterator[MechanismPath]:
    """Read the paths of an archive, in its order; the archive is streamed.

    Args:
        archive: the tar archive.
        report: counts what is read and left out.
        wanted: CURIEs of drugs; paths that name other drugs alone are counted but not parsed. None for every path.

    Raises:
        LoadError: the archive is missing or broken; or, when strict, a path is malformed.
    """
    try:
        with tarfile.open(archive, "r|*") as tar:
            for member in tar:
                name = Path(member.name)
                if not member.isfile() or name.suffix != ".yaml" or name.name.startswith("_"):
                    continue
                report.read[archive.name] += 1
                stream = tar.extractfile(member)
                content = stream.read() if stream else b""
                named = [_drug_curie(match[1].decode(errors="replace")) for match in _DRUG_ID.finditer(content)]
                if wanted is not None and named and not any(curie in wanted for curie in named):
                    report.skip(Place(archive / name.name), "drug is no modulator of the graph")
                elif path := _parsed(content, Place(archive / name.name), report):
                    yield path
    except (OSError, tarfile.TarError, EOFError) as error:
        raise LoadError(f"cannot be read as a tar archive ({error}); fetch it again", Place(archive)) from error


def _parsed(content: bytes, at: Place, report: ImportReport) -> MechanismPath | None:
    try:
        document = yaml.load(content, Loader=_LOADER)
        return _path(document, at)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        report.skip(at, "path is no YAML", str(error).splitlines()[0], is_malformed=True)
    except (KeyError, TypeError, AttributeError) as error:
        report.skip(at, "path lacks a part", f"{type(error).__name__}: {error}", is_malformed=True)
    return None


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _path(document: Mapping[str, Any], at: Place) -> MechanismPath:
    graph = document["graph"]
    drug_ids = (str(graph.get("drugbank") or ""), str(graph.get("drug_mesh") or ""))
    return MechanismPath(
        at=at,
        id=str(graph["_id"]),
        drug=str(graph["drug"]),
        drug_ids=tuple(_drug_curie(identifier) for identifier in drug_ids if identifier),
        disease=str(graph["disease"]),
        disease_id=str(graph["disease_mesh"]),
        names={str(node["id"]): str(node.get("name") or "") for node in document["nodes"]},
        links=tuple((str(link["source"]), str(link["key"]), str(link["target"])) for link in document["links"]),
        references=tuple(str(reference) for reference in document.get("references") or ()),
    )


def _drug_curie(identifier: str) -> str:
    """A drug identifier in the project's spelling: the file writes ``DB:DB00001`` for DrugBank."""
    return "DRUGBANK:" + identifier[3:] if identifier.startswith("DB:") else identifier


def _live_terms(processes: Path, cells: Path, pathways: Path, report: ImportReport) -> dict[str, str]:
    """IRI → kind, for biological processes, cell types and human pathways that are not obsolete."""
    live = {
        term.iri: "process"
        for term in read_terms(processes, report)
        if term.namespace == "biological_process" and not term.is_deprecated
    }
    cell_prefix = expand("CL:0")[:-1]
    for term in read_terms(cells, report):
        if term.iri.startswith(cell_prefix) and not term.is_deprecated:
            live[term.iri] = "cell"
    for _, (identifier, _, species) in plain_rows(pathways, 3, report):
        if species == "Homo sapiens":
            live[expand(f"reactome:{identifier}")] = "pathway"
    return live


def _path_records(path: MechanismPath, modulator: Node, finder: NodeFinder, report: ImportReport) -> Iterator[Record]:
    evidence = Evidence(
        SLUG,
        path.id,
        _CURATED,
        title=f"Path from {path.drug} to {path.disease}",
        address="https://github.com/SuLab/DrugMechDB",
        references=_references(path.references),
    )
    records = [
        *_indication(path, modulator, finder, evidence, report),
        *_edges(path, modulator, finder, evidence, report),
    ]
    if records:
        yield evidence
        yield from records


def _with_contexts(told: Iterable[Sequence[Record]]) -> Iterator[Record]:
    """What the paths tell; where two of them give one effect both signs, each in the condition of its path."""
    paths = list(told)
    said: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for association in (record for records in paths for record in records if isinstance(record, Association)):
        said[association.subject, association.object].add(association.predicate)
    for records in paths:
        condition = next((r.object for r in records if isinstance(r, Association) and r.predicate == "treats"), None)
        for record in records:
            if isinstance(record, Association) and condition and _is_opposed(record, said):
                context = ("contextCondition", Iri(condition))
                yield dataclasses.replace(record, qualifiers=(*record.qualifiers, context))
            else:
                yield record


def _is_opposed(association: Association, said: Mapping[tuple[str, str], set[str]]) -> bool:
    predicates = said[association.subject, association.object]
    return any(association.predicate in pair and pair <= predicates for pair in _OPPOSED)


def _indication(
    path: MechanismPath, modulator: Node, finder: NodeFinder, evidence: Evidence, report: ImportReport
) -> Iterator[Association]:
    """The pair that the path explains: a curated indication, which says treats but names no regulator."""
    condition = finder.conditions.find(path.disease_id, path.disease)
    if isinstance(condition, Lost):
        report.skip(path.at, f"disease not found: {condition.reason}", f"{path.disease_id} {path.disease}")
        report.miss(path.disease_id.partition(":")[0], f"{path.disease_id} {path.disease}")
        return
    yield Association(SLUG, modulator.iri, "treats", condition, (evidence.iri,))


def _edges(
    path: MechanismPath, modulator: Node, finder: NodeFinder, evidence: Evidence, report: ImportReport
) -> Iterator[Association]:
    for source, key, target in path.links:
        ends = [
            ("modulator", modulator.iri)
            if _drug_curie(identifier) in path.drug_ids
            else finder.find(identifier, path.names.get(identifier, ""))
            for identifier in (source, target)
        ]
        for identifier, end in zip((source, target), ends, strict=True):
            if isinstance(end, Lost):
                report.miss(f"node ({end.reason})", f"{identifier} {path.names.get(identifier, '')}")
        if isinstance(ends[0], Lost) or isinstance(ends[1], Lost):
            report.skip(path.at, "edge with a node that was not found", f"{source} {key} {target}")
            continue
        (subject_kind, subject), (object_kind, object_) = ends[0], ends[1]
        predicate = EDGES.get((subject_kind, key, object_kind))
        if predicate is None or subject == object_:
            report.skip(path.at, "edge that states no effect", f"{subject_kind} {key} {object_kind}")
            continue
        yield Association(SLUG, subject, predicate, object_, (evidence.iri,), _qualifiers(predicate))


def _qualifiers(predicate: str) -> tuple[tuple[str, Term], ...]:
    """The action type where the edge tells it; whether an action is the primary one, a path does not say."""
    types = {"degrades": "DegraderAction", "binds": "BinderAction"}
    return (("actionType", Iri(IG + types[predicate])),) if predicate in types else ()


def _references(listed: Sequence[str]) -> tuple[str, ...]:
    """IRIs of the papers among the references; web pages are left to the record itself."""
    found = []
    for reference in listed:
        for pattern, prefix in ((_PMID, "PMID"), (_PMC, "PMC"), (_DOI, "DOI")):
            if match := pattern.search(reference):
                found.append(expand(f"{prefix}:{match[1].rstrip('.,;)/')}"))
                break
    return tuple(dict.fromkeys(found))


IMPORTER = Importer(
    source=Source(
        slug=SLUG,
        title="DrugMechDB: curated mechanism paths",
        licence=CC0,
        publisher="Su Lab, Scripps Research",
        address="https://sulab.github.io/DrugMechDB/",
        version="2026-07",
        issued="2026-07",
        command="immunograph import drugmechdb paths.tar.gz ... --out data/drugmechdb",
        comment="Paths of known modulators: the indication, and the edges whose key states an effect.",
    ),
    summary="indications and mechanism edges of curated paths",
    files=FILES,
    read=read,
)
