"""ChEMBL mechanisms and indications → target actions, and conditions that drugs were studied for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType

from immunograph.errors import Place
from immunograph.identifiers import expand, prefix_map
from immunograph.model import Association, Evidence, Iri, Node, Record, Source, decimal
from immunograph.registry import Registry
from immunograph.sources.complexes import accessions_by_symbol, family_members, read_relations
from immunograph.sources.condition_finder import ConditionFinder, Lost, read_condition_finder
from immunograph.sources.genes import read_genes
from immunograph.sources.importer import Importer, ImportReport, table_rows
from immunograph.sources.medicines import modulators_by
from immunograph.sources.slices import expect_files
from immunograph.sources.target_groups import TargetGroup, read_target_groups
from immunograph.vocabulary import IG

SLUG = "chembl"
VERSION = "33"
FILES = MappingProxyType(
    {
        "mechanisms": "ChEMBL drug mechanisms, CSV",
        "indications": "ChEMBL drug indications with the highest phase, CSV",
        "targets": "ChEMBL targets with UniProt accessions, CSV",
        "genes": "the HGNC table of human genes, TSV",
        "mondo": "MONDO as closure JSON: labels, synonyms, hierarchy",
        "mondo_xrefs": "MONDO as list JSON: cross-references",
        "phenotypes": "the Human Phenotype Ontology as OBO",
        "relations": "FamPlex's relations.csv, to tell which targets are a whole family",
    }
)
_DATABASE_RECORD = "0000322"

ACTIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "INHIBITOR": ("inhibits", "InhibitorAction"),
        "ANTAGONIST": ("inhibits", "AntagonistAction"),
        "BLOCKER": ("inhibits", "BlockerAction"),
        "INVERSE AGONIST": ("inhibits", "InverseAgonistAction"),
        "ALLOSTERIC ANTAGONIST": ("inhibits", "NegativeAllostericModulatorAction"),
        "NEGATIVE ALLOSTERIC MODULATOR": ("inhibits", "NegativeAllostericModulatorAction"),
        "ANTISENSE INHIBITOR": ("inhibits", "ExpressionSuppressorAction"),
        "RNAI INHIBITOR": ("inhibits", "ExpressionSuppressorAction"),
        "SEQUESTERING AGENT": ("inhibits", "NeutralizerAction"),
        "DEGRADER": ("degrades", "DegraderAction"),
        "HYDROLYTIC ENZYME": ("degrades", "DegraderAction"),
        "PROTEOLYTIC ENZYME": ("degrades", "DegraderAction"),
        "AGONIST": ("activates", "AgonistAction"),
        "PARTIAL AGONIST": ("activates", "PartialAgonistAction"),
        "ACTIVATOR": ("activates", "ActivatorAction"),
        "POSITIVE MODULATOR": ("activates", "ActivatorAction"),
        "POSITIVE ALLOSTERIC MODULATOR": ("activates", "PositiveAllostericModulatorAction"),
        "STABILISER": ("activates", "ActivatorAction"),
        "EXOGENOUS GENE": ("replaces", "ReplacementAction"),
        "EXOGENOUS PROTEIN": ("replaces", "ReplacementAction"),
        "MODULATOR": ("modulates", "ModulatorAction"),
        "BINDING AGENT": ("binds", "BinderAction"),
        "CROSS-LINKING AGENT": ("binds", "BinderAction"),
    }
)
"""ChEMBL action type → predicate and action type.

A bispecific that cross-links its targets is an engager. ``DISRUPTING AGENT``, ``CHELATING AGENT``, ``OTHER`` and
``UNKNOWN`` do not say what is done to the target: their rows are counted and left out.
"""

LOWEST_PHASE = Decimal(2)
"""Phase 1 asks whether a drug is tolerated, often in any tumour: it says little about a condition."""


@dataclass(slots=True)
class Targets:
    """ChEMBL targets → nodes.

    Attributes:
        accessions: ChEMBL target → UniProt accession.
        human: accessions of human proteins.
        groups: ChEMBL target → the node of a complex, family or substance.
        families: IRI of a protein family's node → IRIs of its members.
    """

    accessions: Mapping[str, str]
    human: frozenset[str]
    groups: Mapping[str, TargetGroup]
    families: Mapping[str, frozenset[str]]

    def find(self, target: str) -> str | Lost:
        """Give the IRI of a target, or why it has none."""
        if group := self.groups.get(target):
            return group.iri
        accession = self.accessions.get(target)
        if not accession:
            return Lost("target without protein")
        if accession not in self.human:
            return Lost("target is no human protein")
        return expand(f"UniProtKB:{accession}")


def read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Record]:
    """Read target actions and studied conditions of the modulators that the graph knows.

    Args:
        files: as ``FILES`` lists them.
        registry: modulators with their ChEMBL identifiers, as exact or close matches.
        report: counts rows left out by reason, and identifiers without a node.

    Yields:
        Target nodes that are no protein, associations and their evidence.

    Raises:
        LoadError: a file is missing or broken.
    """
    paths = expect_files(files, FILES)
    modulators = modulators_by(registry, "CHEMBL.COMPOUND")
    targets = _read_targets(paths[2], paths[3], paths[7], report)
    yield from _target_actions(paths[0], modulators, targets, report)
    finder = read_condition_finder(paths[4], paths[5], paths[6], report)
    yield from _indications(paths[1], modulators, finder, report)


def _read_targets(targets: Path, gene_file: Path, relation_file: Path, report: ImportReport) -> Targets:
    accessions = {
        row["target_chembl_id"]: row["uniprot_acc"]
        for _, row in table_rows(targets, ("target_chembl_id", "uniprot_acc"), report)
    }
    genes = list(read_genes(gene_file, report))
    human = frozenset(protein for gene in genes for protein in gene.proteins)
    groups = read_target_groups()
    members = family_members(read_relations(relation_file, report), accessions_by_symbol(genes))
    families = {
        group.iri: frozenset(expand(f"UniProtKB:{one}") for one in members[name])
        for group in groups.values()
        if group.type == "ProteinFamily" and (name := group.members_from.removeprefix("famplex:")) in members
    }
    return Targets(accessions, human, groups, families)


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One row of the mechanisms: what a modulator does to a target, by ``ACTIONS``."""

    row: Mapping[str, str]
    modulator: Node
    action: tuple[str, str]
    target: str


def _target_actions(
    path: Path, modulators: Mapping[str, Node], targets: Targets, report: ImportReport
) -> Iterator[Record]:
    """The target actions, each the primary one, but where a modulator has a row for every member of a family.

    It is then the family that it acts on: that action is primary, and those on the members have no role. An inhibitor
    of all four Janus kinases is no TYK2 inhibitor.
    """
    mechanisms: list[Mechanism] = []
    for mechanism in _mechanisms(path, modulators, targets, report):
        if isinstance(mechanism, Node):
            yield mechanism
        else:
            mechanisms.append(mechanism)
    hit: dict[tuple[str, tuple[str, str]], set[str]] = {}
    for one in mechanisms:
        hit.setdefault((one.modulator.iri, one.action), set()).add(one.target)
    for one in mechanisms:
        whole = [
            family
            for family, members in targets.families.items()
            if one.target in members and members <= hit[one.modulator.iri, one.action]
        ]
        yield from _target_action(one, one.target, is_primary=not whole)
        for family in whole:
            yield from _target_action(one, family, is_primary=True)


def _mechanisms(
    path: Path, modulators: Mapping[str, Node], targets: Targets, report: ImportReport
) -> Iterator[Mechanism | Node]:
    """The rows that say what is done to a target, and the nodes of targets that no other source describes."""
    columns = ("action_type", "mechanism_of_action", "molecule_chembl_id", "target_chembl_id")
    for at, row in table_rows(path, columns, report):
        modulator = modulators.get(row["molecule_chembl_id"])
        if modulator is None:
            report.skip(at, "molecule is no modulator of the graph")
            continue
        if not row["target_chembl_id"]:
            report.skip(at, "mechanism without target", row["mechanism_of_action"])
            continue
        if (action := ACTIONS.get(row["action_type"])) is None:
            report.skip(at, "action type that tells no effect on the target", row["action_type"])
            continue
        target = targets.find(row["target_chembl_id"])
        if isinstance(target, Lost):
            report.skip(at, target.reason, f"{row['target_chembl_id']} {row['mechanism_of_action']}")
            report.miss("CHEMBL.TARGET", row["target_chembl_id"])
            continue
        group = targets.groups.get(row["target_chembl_id"])
        if group and not group.members_from:
            yield Node(group.iri, ("Target", group.type), group.label, (prefix_map()["igs"] + SLUG,))
        yield Mechanism(row, modulator, action, target)


def _target_action(mechanism: Mechanism, target: str, *, is_primary: bool) -> Iterator[Record]:
    row, modulator, (predicate, action_type) = mechanism.row, mechanism.modulator, mechanism.action
    if row["action_type"] == "CROSS-LINKING AGENT" and "BispecificAntibody" in modulator.types:
        action_type = "EngagerAction"
    evidence = Evidence(
        SLUG,
        f"{VERSION}|{row['molecule_chembl_id']}|{row['action_type']}|{row['target_chembl_id']}",
        _DATABASE_RECORD,
        title=f"Mechanism of {row['molecule_chembl_id']}: {row['mechanism_of_action']}",
        address=expand(f"CHEMBL.COMPOUND:{row['molecule_chembl_id']}"),
    )
    role = (("actionRole", Iri(IG + "PrimaryAction")),) if is_primary else ()
    yield evidence
    yield Association(
        source=SLUG,
        subject=modulator.iri,
        predicate=predicate,
        object=target,
        evidence=(evidence.iri,),
        qualifiers=(*role, ("actionType", Iri(IG + action_type))),
    )


@dataclass(frozen=True, slots=True)
class Studied:
    """One row of the indications: a molecule in a condition (as listed, as named), with the highest phase reached."""

    molecule: str
    condition: str
    listed: str
    name: str
    phase: Decimal


def _indications(
    path: Path, modulators: Mapping[str, Node], finder: ConditionFinder, report: ImportReport
) -> Iterator[Record]:
    """One association for a modulator and a condition: the highest phase of all its molecules.

    A phase, the fourth too, says what was studied: it is neither an approval nor a treatment.
    """
    best: dict[tuple[str, str], list[Studied]] = {}
    for at, row in table_rows(path, ("efo_id", "efo_term", "max_phase_for_ind", "molecule_chembl_id"), report):
        modulator = modulators.get(row["molecule_chembl_id"])
        if modulator is None:
            report.skip(at, "molecule is no modulator of the graph")
            continue
        studied = _studied(at, row, finder, report)
        if studied is None:
            continue
        known = best.setdefault((modulator.iri, studied.condition), [])
        if known and studied.phase > known[0].phase:
            known.clear()
        if not known or studied.phase == known[0].phase:
            known.append(studied)
    for (modulator_iri, condition), rows in best.items():
        yield from _indication(modulator_iri, condition, rows)


def _studied(at: Place, row: Mapping[str, str], finder: ConditionFinder, report: ImportReport) -> Studied | None:
    try:
        phase = Decimal(row["max_phase_for_ind"])
    except InvalidOperation:
        phase = Decimal(-1)
    if not 0 <= phase <= 4:
        report.skip(at, "phase is no number from 0 to 4", row["max_phase_for_ind"], is_malformed=True)
        return None
    if not row["efo_id"]:
        report.skip(at, "indication without condition", row["molecule_chembl_id"])
        return None
    if phase < LOWEST_PHASE:
        report.skip(at, "studied in phase 1 at most")
        return None
    condition = finder.find(row["efo_id"], row["efo_term"])
    if isinstance(condition, Lost):
        report.skip(at, f"condition not found: {condition.reason}", f"{row['efo_id']} {row['efo_term']}")
        report.miss(row["efo_id"].partition(":")[0], f"{row['efo_id']} {row['efo_term']}")
        return None
    return Studied(row["molecule_chembl_id"], condition, row["efo_id"], row["efo_term"], phase)


def _indication(modulator: str, condition: str, rows: Sequence[Studied]) -> Iterator[Record]:
    evidence = [
        Evidence(
            SLUG,
            f"{VERSION}|{row.molecule}|{row.listed}",
            _DATABASE_RECORD,
            title=f"{row.molecule} studied in {row.name}, phase {row.phase.normalize():f}",
            address=expand(f"CHEMBL.COMPOUND:{row.molecule}"),
        )
        for row in rows
    ]
    yield from evidence
    yield Association(
        source=SLUG,
        subject=modulator,
        predicate="studiedFor",
        object=condition,
        evidence=tuple(record.iri for record in evidence),
        qualifiers=(("maxPhase", decimal(rows[0].phase)), ("status", Iri(IG + "Investigational"))),
    )


IMPORTER = Importer(
    source=Source(
        slug=SLUG,
        title="ChEMBL: drug mechanisms and indications",
        licence="https://creativecommons.org/licenses/by-sa/3.0/",
        publisher="EMBL-EBI",
        address="https://www.ebi.ac.uk/chembl/",
        version=VERSION,
        is_share_alike=True,
        command="immunograph import chembl chembl_mechanisms.csv.gz ... --out data/chembl",
        comment="Mechanisms, and the highest phase in which a drug was studied; a phase is not an approval.",
    ),
    summary="target actions, and conditions studied, of known modulators",
    files=FILES,
    read=read,
)
