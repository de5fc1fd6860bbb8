"""Targets that are more than one protein: which node stands for them, and where their members are listed.

``ontology/scope/target-groups.tsv`` names a node for each such target of ChEMBL, whose file gives one accession a
target at most. Members are never written there: they come from FamPlex or CellPhoneDB.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from immunograph.assets import ontology_dir
from immunograph.errors import LoadError
from immunograph.identifiers import as_iri
from immunograph.sources.scope import read_asset_rows

COLUMNS = ("chembl_target", "named", "iri", "label", "type", "members_from")
TYPES = frozenset({"ProteinComplex", "ProteinFamily", "NucleicAcid", "SmallMoleculeTarget"})


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """A target that is not one protein.

    Attributes:
        chembl_target: its ChEMBL identifier.
        named: what ChEMBL's mechanisms call it.
        iri: IRI of its node.
        label: label of its node.
        type: local name of its target class.
        members_from: ``famplex:NAME`` or ``cellphonedb:NAME``; empty where it has no members.
    """

    chembl_target: str
    named: str
    iri: str
    label: str
    type: str
    members_from: str


def read_target_groups(path: Path | None = None) -> Mapping[str, TargetGroup]:
    """Read the table of target groups, by ChEMBL identifier.

    Args:
        path: the table; None for the shipped one.

    Raises:
        LoadError: the table is missing or broken, or names an unknown type or prefix.
    """
    found: dict[str, TargetGroup] = {}
    for at, row in read_asset_rows(path or ontology_dir() / "scope" / "target-groups.tsv", COLUMNS):
        iri = as_iri(row["iri"])
        if iri is None or row["type"] not in TYPES:
            raise LoadError(f"needs an IRI with a known prefix and one of the types {', '.join(sorted(TYPES))}", at)
        found[row["chembl_target"]] = TargetGroup(
            row["chembl_target"], row["named"], iri, row["label"], row["type"], row["members_from"]
        )
    return found
