"""Which drugs of a drug list are immune modulators, under which name and of which modality.

The choice is data: ``ontology/scope/atc.tsv`` names the ATC groups that are in scope as a whole, and
``ontology/scope/modulators.tsv`` the single drugs that are taken in, left out, renamed or given a modality, each with
its reason.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from immunograph.assets import ontology_dir
from immunograph.errors import LoadError, Place

SCOPE_COLUMNS = ("curie", "listed", "decision", "label", "modality", "reason")
DECISIONS = frozenset({"include", "exclude"})

_STEMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "AntibodyDrugConjugate",
        re.compile(r"mab (vedotin|ozogamicin|deruxtecan|mafodotin|tesirine|soravtansine|emtansine|govitecan)\b"),
    ),
    ("MonoclonalAntibody", re.compile(r"mab$")),
    ("FusionProtein", re.compile(r"cept$")),
    ("RecombinantCytokine", re.compile(r"^(peg)?interferon\b|gra(mo)?stim$")),
)
"""Stems of international non-proprietary names (WHO) that tell the modality."""

_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """One decision about one drug of the list.

    Attributes:
        curie: its identifier in the list.
        listed: its name in the list, so that a reader and a test can tell what the row is about.
        is_included: whether it is in scope.
        label: its name in the graph, empty where the list's name will do.
        modality: local name of its modality class, empty where name and structure tell it.
        reason: why.
    """

    curie: str
    listed: str
    is_included: bool
    label: str
    modality: str
    reason: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What is in scope: whole ATC groups, and decisions about single drugs, which come first."""

    atc_prefixes: tuple[str, ...]
    rows: Mapping[str, ScopeRow]

    def holds(self, curie: str, atc_codes: Sequence[str]) -> bool:
        """Whether a drug of the list is in scope."""
        if row := self.rows.get(curie):
            return row.is_included
        return any(code.startswith(self.atc_prefixes) for code in atc_codes)

    def label_of(self, curie: str, listed: str) -> str:
        """The name of a drug in the graph: the decided one, else the list's in lower case."""
        row = self.rows.get(curie)
        return row.label if row and row.label else listed.lower()

    def modality_of(self, curie: str, label: str, has_structure: bool) -> str | None:
        """Local name of a drug's modality class, None where neither decision, name nor structure tells it."""
        row = self.rows.get(curie)
        if row and row.modality:
            return row.modality
        for modality, stem in _STEMS:
            if stem.search(label):
                return modality
        return "SmallMolecule" if has_structure else None


def read_scope(folder: Path | None = None) -> Scope:
    """Read the scope tables.

    Args:
        folder: where ``atc.tsv`` and ``modulators.tsv`` lie; None for the shipped ones.

    Raises:
        LoadError: a table is missing, lacks a column, or holds a decision that is neither include nor exclude.
    """
    folder = folder or ontology_dir() / "scope"
    prefixes = tuple(row["prefix"] for _, row in read_asset_rows(folder / "atc.tsv", ("prefix", "reason")))
    rows = {}
    for at, row in read_asset_rows(folder / "modulators.tsv", SCOPE_COLUMNS):
        if row["decision"] not in DECISIONS or not row["reason"]:
            raise LoadError("needs a decision (include or exclude) and a reason", at)
        rows[row["curie"]] = ScopeRow(
            row["curie"], row["listed"], row["decision"] == "include", row["label"], row["modality"], row["reason"]
        )
    return Scope(prefixes, rows)


def slug(label: str) -> str:
    """Give the kebab-case form of a label, as in ``igd:peginterferon-alfa-2a``.

    >>> slug("Peginterferon alfa-2a")
    'peginterferon-alfa-2a'
    """
    return _SLUG.sub("-", label.lower()).strip("-")


def read_asset_rows(path: Path, columns: Sequence[str]) -> list[tuple[Place, dict[str, str]]]:
    """Read a tab-separated table that ships with the ontology.

    Raises:
        LoadError: it is missing, has other columns, or a row with too few or too many cells.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LoadError(f"cannot be opened ({error.strerror}); install the package again", Place(path)) from error
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    if list(rows.fieldnames or ()) != list(columns):
        raise LoadError(f"needs the columns {', '.join(columns)}", Place(path, 1))
    found = []
    for row in rows:
        if None in row or None in row.values():
            raise LoadError(f"needs {len(columns)} cells", Place(path, rows.line_num))
        found.append((Place(path, rows.line_num), row))
    return found
