"""Where a public hierarchy would mislead a question, and what this graph holds instead.

A hierarchy is followed by every question about *this condition or a narrower one*. A link that clinicians would not
draw (psoriatic arthritis below rheumatoid arthritis) makes it answer with what belongs elsewhere, and a link that is
missing (lymphoma below cancer) makes it lose what belongs there. ``ontology/scope/hierarchy.tsv`` lists both, each
with its reason; everything else is taken as published.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from immunograph.assets import ontology_dir
from immunograph.errors import LoadError
from immunograph.identifiers import as_iri
from immunograph.sources.ontologies import OntologyTerm
from immunograph.sources.scope import read_asset_rows

COLUMNS = ("term", "label", "broader", "broader_label", "decision", "reason")
DECISIONS = ("leave out", "add")


@dataclass(slots=True)
class ReviewedParents:
    """What was decided of the direct parents of one term.

    Attributes:
        left_out: IRIs of published parents that are not taken.
        added: IRIs of terms that are taken as parents, of the same ontology or of another.
    """

    left_out: set[str] = field(default_factory=set)
    added: list[str] = field(default_factory=list)


def read_hierarchy(path: Path) -> Mapping[str, ReviewedParents]:
    """Read the reviewed links, by IRI of the narrower term.

    Raises:
        LoadError: the table is missing or broken, or a row has no known prefix, decision or reason.
    """
    found: dict[str, ReviewedParents] = {}
    for at, row in read_asset_rows(path, COLUMNS):
        term, broader = as_iri(row["term"]), as_iri(row["broader"])
        if term is None or broader is None or row["decision"] not in DECISIONS or not row["reason"]:
            raise LoadError(f"needs two known CURIEs, a decision ({' or '.join(DECISIONS)}) and a reason", at)
        parents = found.setdefault(term, ReviewedParents())
        if row["decision"] == "add":
            parents.added.append(broader)
        else:
            parents.left_out.add(broader)
    return found


@cache
def reviewed_hierarchy() -> Mapping[str, ReviewedParents]:
    """The reviewed links that ship with the ontology."""
    return read_hierarchy(ontology_dir() / "scope" / "hierarchy.tsv")


def with_reviewed_parents(term: OntologyTerm, reviewed: Mapping[str, ReviewedParents]) -> OntologyTerm:
    """The term with the parents that were decided on."""
    decided = reviewed.get(term.iri)
    if decided is None:
        return term
    kept = [parent for parent in term.parents if parent not in decided.left_out]
    return dataclasses.replace(term, parents=(*kept, *(iri for iri in decided.added if iri not in kept)))


def foreign_parents(iri: str, described: Collection[str]) -> tuple[str, ...]:
    """The parents decided on for a term that other sources describe, as a disease above a phenotype."""
    decided = reviewed_hierarchy().get(iri)
    return tuple(parent for parent in decided.added if parent in described) if decided else ()
