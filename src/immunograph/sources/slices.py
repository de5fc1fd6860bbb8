"""The part of a public ontology that the graph needs: what is in use, and what lies above it."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from immunograph.errors import ImmunographError
from immunograph.identifiers import compress, prefix_map
from immunograph.model import Node
from immunograph.registry import Registry
from immunograph.sources.hierarchy import reviewed_hierarchy, with_reviewed_parents
from immunograph.sources.importer import ImportReport
from immunograph.sources.ontologies import OntologyTerm, read_terms

CC_BY_4 = "https://creativecommons.org/licenses/by/4.0/"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
MIT = "https://spdx.org/licenses/MIT"


def expect_files(files: Sequence[Path], wanted: Mapping[str, str]) -> Sequence[Path]:
    """Give the files back, or say which are wanted.

    Raises:
        ImmunographError: there are too few or too many.
    """
    if len(files) != len(wanted):
        names = "; ".join(f"{name} ({summary})" for name, summary in wanted.items())
        raise ImmunographError(f"{len(files)} file(s) given, {len(wanted)} wanted, in this order: {names}")
    return files


def proteins_in_use(registry: Registry) -> set[str]:
    """IRIs of the proteins that a statement names, or that a source describes."""
    prefix = prefix_map()["UniProtKB"]
    return {iri for iri in (*registry.in_use, *registry.nodes) if iri.startswith(prefix)}


@dataclass(slots=True)
class Ontology:
    """The terms of one ontology, by IRI.

    Attributes:
        prefix: the prefix that its own terms have; terms of other ontologies are left out.
        terms: live and obsolete terms.
        merged: IRI of a former term → the term that absorbed it.
    """

    prefix: str
    terms: dict[str, OntologyTerm] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    _children: dict[str, list[str]] = field(default_factory=dict)

    @property
    def namespace(self) -> str:
        """What the IRIs of its own terms begin with."""
        return prefix_map()[self.prefix]

    def add(self, term: OntologyTerm) -> None:
        """Take a term in, if it is one of its own; what was known of it is replaced."""
        if term.iri.startswith(self.namespace):
            self.terms[term.iri] = term
            self._children.clear()
            self.merged.update(dict.fromkeys(term.merged, term.iri))

    def is_live(self, iri: str) -> bool:
        """Whether the term exists, is labelled and is not obsolete."""
        term = self.terms.get(iri)
        return bool(term and term.label and not term.is_deprecated)

    def current(self, iri: str) -> str | None:
        """The live term that an identifier means today; None where it is unknown or gone without successor."""
        seen: set[str] = set()
        while not self.is_live(iri) and iri not in seen:
            seen.add(iri)
            term = self.terms.get(iri)
            iri = (term.replaced_by if term else "") or self.merged.get(iri, "")
        return iri if self.is_live(iri) else None

    def in_use(self, iris: Iterable[str], report: ImportReport) -> set[str]:
        """Pick its live terms out of the identifiers in use; unknown and obsolete ones are reported."""
        found: set[str] = set()
        for iri in sorted(iri for iri in iris if iri.startswith(self.namespace)):
            if self.is_live(iri):
                found.add(iri)
            elif successor := self.current(iri):
                report.miss(f"obsolete {self.prefix} term", f"{compress(iri)} (replaced by {compress(successor)})")
            else:
                report.miss(f"{self.prefix} term", compress(iri))
        return found

    def closure(self, seeds: Iterable[str], stop: Collection[str] = ()) -> set[str]:
        """Its live terms among the seeds and above them; nothing above a term to stop at."""
        found: set[str] = set()
        waiting = deque(seeds)
        while waiting:
            iri = waiting.popleft()
            if iri not in found and self.is_live(iri):
                found.add(iri)
                if iri not in stop:
                    waiting.extend(self.terms[iri].parents)
        return found

    def below(self, root: str, depth: int) -> set[str]:
        """The live terms at most so many steps below a root, the root among them."""
        if not self._children:
            for term in self.terms.values():
                for parent in term.parents:
                    self._children.setdefault(parent, []).append(term.iri)
        layer = {root} if self.is_live(root) else set()
        found = set(layer)
        for _ in range(depth):
            if not layer:
                break
            layer = {child for iri in layer for child in self._children.get(iri, ()) if self.is_live(child)} - found
            found |= layer
        return found


def read_ontology(path: Path, report: ImportReport, prefix: str) -> Ontology:
    """Read the terms of one ontology from a file, with the parents that were reviewed.

    Raises:
        LoadError: as ``read_terms``.
    """
    ontology = Ontology(prefix)
    reviewed = reviewed_hierarchy()
    for term in read_terms(path, report):
        ontology.add(with_reviewed_parents(term, reviewed))
    return ontology


def hierarchy_nodes(ontology: Ontology, kept: Collection[str], kind: str, source: str) -> Iterator[Node]:
    """Nodes of the kept terms, sorted, with those of their direct parents that are kept too.

    Args:
        ontology: where labels, synonyms and parents come from.
        kept: IRIs of terms.
        kind: local name of the ``ig:`` class.
        source: IRI of the dataset.
    """
    for iri in sorted(kept):
        term = ontology.terms[iri]
        yield Node(
            iri=iri,
            types=(kind,),
            label=term.label,
            sources=(source,),
            synonyms=term.synonyms,
            broader=tuple(parent for parent in term.parents if parent in kept),
        )
