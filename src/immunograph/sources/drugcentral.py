"""DrugCentral targets and approvals → target actions without a sign, and approvals without a year.

The file of all targets names a drug and the protein it acts on, and nothing else: no action type, no measured
affinity, no mark of the mechanism of action, no paper. So an action here is ``binds`` with an effect that is not
stated, and it has no role: it is neither called primary nor off-target, and takes no part in class definitions.

No potency threshold can be kept, for there is no potency. ``WIDEST_PROFILE`` stands in for it and is no substitute.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from immunograph.errors import Place
from immunograph.identifiers import expand
from immunograph.model import Association, Evidence, Iri, Node, Record, Source
from immunograph.names import name_key
from immunograph.registry import Registry
from immunograph.sources.condition_finder import Lost
from immunograph.sources.genes import read_genes
from immunograph.sources.importer import Importer, ImportReport
from immunograph.sources.json_stream import json_items
from immunograph.sources.medicines import is_only_endogenous, modulators_by
from immunograph.sources.rows import plain_rows
from immunograph.sources.slices import expect_files
from immunograph.vocabulary import IG, IGD

SLUG = "drugcentral"
VERSION = "2023"
FILES = MappingProxyType(
    {
        "targets": "DrugCentral drugs and their targets, JSON",
        "fda": "drugs approved by FDA: DrugCentral number and name, CSV without header",
        "all_three": "drugs approved by each of FDA, EMA and PMDA, CSV without header",
        "genes": "the HGNC table of human genes, TSV",
    }
)
_DATABASE_RECORD = "0000322"

WIDEST_PROFILE = 20
"""Human proteins a drug may be listed with; the rows of a drug with more are left out.

Such drugs were run against a panel (a kinase inhibitor against most kinases), where a listed protein may be hit at
concentrations that no patient reaches, and the file does not say at which.
"""

_RELEASED = re.compile(
    r"(?:interleukin-\d+|interferon (?:alpha|beta|gamma)|tumor necrosis factor|c-(?:c|x-c) motif chemokine)"
    r"(?!.*receptor)",
    re.IGNORECASE,
)
"""Names of proteins that cells release. A small molecule is listed with one where it was measured to lower the release
(prednisolone with interleukin-6), which is no binding; the file does not tell the two apart."""

REGULATORS: Mapping[str, tuple[str, ...]] = MappingProxyType({"fda": ("fda",), "all_three": ("ema", "pmda")})
"""Table → the regulators it adds.

The table of all three is the intersection: it lies wholly within that of FDA, and is far smaller.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A drug and a target: where it stands, number and name of the drug, accessions and name of the target."""

    at: Place
    drug: str
    name: str
    accession: str
    target: str


@dataclass(slots=True)
class Drugs:
    """DrugCentral drugs → modulators.

    Attributes:
        registry: nodes by name.
        numbered: modulators by DrugCentral number.
    """

    registry: Registry
    numbered: Mapping[str, Node]

    def find(self, number: str, name: str) -> Node | Lost:
        """Give the modulator with this number that also answers to the name, else the one of this very label."""
        node = self.numbered.get(number)
        if node and name_key(name) in {name_key(known) for known in (node.label, *node.synonyms)}:
            return node
        named = self.registry.by_name(name, ("Modulator",))
        labelled = [one for one in named if name_key(one.label) == name_key(name)]
        if len(labelled) == 1:
            return labelled[0]
        return Lost("number of a modulator with another name" if node else "drug is no modulator of the graph")


def read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Record]:
    """Read target actions and approvals of the modulators that the graph knows.

    Args:
        files: as ``FILES`` lists them.
        registry: modulators with their DrugCentral numbers and names.
        report: counts rows left out by reason.

    Yields:
        Associations and their evidence.

    Raises:
        LoadError: a file is missing or broken, or, when strict, a row is malformed.
    """
    targets, fda, all_three, genes = expect_files(files, FILES)
    drugs = Drugs(registry, modulators_by(registry, "DrugCentral"))
    human = frozenset(protein for gene in read_genes(genes, report) for protein in gene.proteins)
    yield from _target_actions(targets, drugs, human, report)
    for name, path in (("fda", fda), ("all_three", all_three)):
        yield from _approvals(path, REGULATORS[name], drugs, report)


def _rows(path: Path, report: ImportReport) -> Iterator[Row]:
    for position, item in json_items(path):
        at = Place(path)
        report.read[path.name] += 1
        cells = item if isinstance(item, dict) else {}
        drug, name, accession, target = (
            str(cells.get(column) or "").strip() for column in ("struct_id", "name", "accession", "target_name")
        )
        if not (drug and name and accession):
            report.skip(at, "row without drug or accession", f"row {position}", is_malformed=True)
            continue
        yield Row(at, drug, name, accession, target)


def _target_actions(path: Path, drugs: Drugs, human: frozenset[str], report: ImportReport) -> Iterator[Record]:
    rows = list(_rows(path, report))
    profiles = Counter(drug for drug, _ in {(row.drug, row.accession) for row in rows if row.accession in human})
    for row in rows:
        modulator = drugs.find(row.drug, row.name)
        if isinstance(modulator, Lost):
            report.skip(row.at, modulator.reason, f"{row.drug} {row.name}")
        elif "|" in row.accession:
            report.skip(row.at, "target is several proteins", f"{row.name}: {row.target}")
        elif row.accession not in human:
            report.skip(row.at, "target is no human protein", f"{row.name}: {row.accession}")
        elif profiles[row.drug] > WIDEST_PROFILE:
            report.skip(row.at, "drug tested on a panel, strength not given", f"{row.name}: {row.target}")
        elif "SmallMolecule" in modulator.types and _RELEASED.match(row.target):
            report.skip(row.at, "small molecule and what cells release: not a target", f"{row.name}: {row.target}")
        else:
            yield from _target_action(row, modulator)


def _target_action(row: Row, modulator: Node) -> Iterator[Record]:
    evidence = _evidence(row.drug, row.accession, f"Target of {row.name}: {row.target or row.accession}")
    yield evidence
    yield Association(
        source=SLUG,
        subject=modulator.iri,
        predicate="binds",
        object=expand(f"UniProtKB:{row.accession}"),
        evidence=(evidence.iri,),
        qualifiers=(("actionType", Iri(IG + "BinderAction")),),
    )


def _approvals(path: Path, regulators: Sequence[str], drugs: Drugs, report: ImportReport) -> Iterator[Record]:
    """One approval for each regulator of a table.

    Without a status: drugs that have left the market are listed too. An endogenous substance gets none, as its node
    is not the product.
    """
    for at, (number, name) in plain_rows(path, 2, report, delimiter=","):
        modulator = drugs.find(number, name)
        if isinstance(modulator, Lost):
            report.skip(at, f"approval: {modulator.reason}", f"{number} {name}")
            continue
        if is_only_endogenous(modulator):
            report.skip(at, "approval of what the body makes itself", name)
            continue
        for regulator in regulators:
            evidence = _evidence(number, regulator, f"{name} among the drugs approved by {regulator.upper()}")
            yield evidence
            yield Association(SLUG, modulator.iri, "approvedBy", IGD + regulator, (evidence.iri,))


def _evidence(number: str, of: str, title: str) -> Evidence:
    address = expand(f"DrugCentral:{number}")
    return Evidence(SLUG, f"{VERSION}|{number}|{of}", _DATABASE_RECORD, title=title, address=address)


IMPORTER = Importer(
    source=Source(
        slug=SLUG,
        title="DrugCentral: drug targets and approvals",
        licence="https://creativecommons.org/licenses/by-sa/4.0/",
        publisher="DrugCentral",
        address="https://drugcentral.org/",
        version=VERSION,
        is_share_alike=True,
        command="immunograph import drugcentral AllTargets.json.gz ... --out data/drugcentral",
        comment="Targets without effect, strength or role, which the file does not give; approvals without a year.",
    ),
    summary="targets, effect not stated, and approvals of known modulators",
    files=FILES,
    read=read,
)
