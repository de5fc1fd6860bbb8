"""Identifiers and names of diseases in other systems → the one condition node: MONDO, else HP.

A cross-reference is followed only where it is certain: MONDO's own names agree with the name given, or the two
identifiers are each other's only match. Everything else is told as a reason, never guessed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from immunograph.identifiers import as_iri, compress
from immunograph.names import name_key
from immunograph.sources.importer import ImportReport
from immunograph.sources.ontologies import OntologyTerm, read_terms, xref
from immunograph.sources.same_conditions import equal_phenotypes, reviewed_matches
from immunograph.sources.slices import Ontology, read_ontology

_NARROWING = frozenset(
    {"susceptibility", "familial", "hereditary", "congenital", "neonatal", "recurrent", "chronic", "acute"}
)
"""Words of a label that make a term narrower than a name without them."""

ROOTS = frozenset({"MONDO:0000001", "MONDO:0700096", "MONDO:0042489", "HP:0000001", "HP:0000118"})
"""Terms too wide to be a condition anyone is treated for."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Why an identifier gave no condition."""

    reason: str


@dataclass(slots=True)
class ConditionFinder:
    """Finds condition nodes.

    Attributes:
        mondo: diseases.
        phenotypes: phenotypes.
        equal: IRI of a phenotype → IRI of the disease that is the same concept.
        claims: CURIE of another system → MONDO IRIs that refer to it.
        is_only: CURIE of another system → whether it and its one MONDO term are each other's only match.
    """

    mondo: Ontology
    phenotypes: Ontology
    equal: Mapping[str, str]
    claims: Mapping[str, Sequence[str]]
    is_only: Mapping[str, bool]
    _by_label: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _by_synonym: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _found: dict[tuple[str, str], str | Lost] = field(default_factory=dict)

    def find(self, identifier: str, name: str) -> str | Lost:
        """Give the condition of an identifier; its name, where known, must not mean another condition.

        Args:
            identifier: a CURIE of MONDO, HP, or a system that MONDO refers to (EFO, MESH, DOID, orphanet ...).
            name: what the source calls it; empty where it does not say.

        Returns:
            The IRI of the condition, or why there is none.
        """
        asked = (identifier, name)
        if asked not in self._found:
            found = self._looked_up(xref(identifier), name)
            is_root = isinstance(found, str) and compress(found) in ROOTS
            self._found[asked] = Lost("too wide to be a condition") if is_root else found
        return self._found[asked]

    def by_name(self, name: str) -> str | Lost:
        """Give the condition whose label, or else whose synonym, a name is; MONDO before HP, label before synonym."""
        keys = _keys(name)
        for table in (self._by_label, self._by_synonym):
            iris = {iri for key in keys for iri in table.get(key, ()) if not _adds_narrowing(self._label(iri), name)}
            diseases = {self.equal.get(iri, iri) for iri in iris}
            of_mondo = {iri for iri in diseases if iri.startswith(self.mondo.namespace)}
            best = of_mondo or diseases
            if len(best) == 1:
                return next(iter(best))
            if best:
                return Lost("name of several conditions")
        return Lost("no condition of that name")

    def index(self) -> ConditionFinder:
        """Take the names of all live terms in; called once."""
        for ontology in (self.mondo, self.phenotypes):
            for iri, term in ontology.terms.items():
                if ontology.is_live(iri):
                    self._by_label[name_key(term.label)].add(iri)
                    for synonym in term.synonyms:
                        self._by_synonym[name_key(synonym)].add(iri)
        return self

    def _looked_up(self, identifier: str, name: str) -> str | Lost:
        prefix = identifier.partition(":")[0]
        if prefix == "MONDO":
            return self._own(self.mondo, identifier, name)
        if prefix == "HP":
            found = self._own(self.phenotypes, identifier, name)
            return self.equal.get(found, found) if isinstance(found, str) else found
        claimed = self.claims.get(identifier, ())
        agreeing = [iri for iri in claimed if self._agrees(self.mondo.terms[iri], name)]
        if len(agreeing) == 1:
            return agreeing[0]
        by_name = self.by_name(name) if name else Lost("no name")
        is_claimed = len(claimed) == 1 and self.is_only.get(identifier)
        if is_claimed and isinstance(by_name, Lost) and not _is_narrower(self.mondo.terms[claimed[0]].label, name):
            return claimed[0]
        if isinstance(by_name, str):
            return by_name
        return Lost("several conditions refer to it" if claimed else "no condition refers to it")

    def _own(self, ontology: Ontology, identifier: str, name: str) -> str | Lost:
        iri = ontology.current(as_iri(identifier) or "")
        if iri is None:
            return Lost("obsolete or unknown term")
        if name and not self._agrees(ontology.terms[iri], name):
            by_name = self.by_name(name)
            if isinstance(by_name, str) and self.equal.get(iri, iri) != by_name:
                return Lost("name means another condition than the identifier")
        return iri

    def _label(self, iri: str) -> str:
        return (self.mondo.terms.get(iri) or self.phenotypes.terms[iri]).label

    @staticmethod
    def _agrees(term: OntologyTerm, name: str) -> bool:
        return not _keys(name).isdisjoint(name_key(known) for known in (term.label, *term.synonyms))


def _keys(name: str) -> set[str]:
    """Keys of a name as written, and turned round where it is inverted (``Rhinitis, Allergic``)."""
    return {name_key(name), name_key(" ".join(reversed(name.split(", "))))}


def _is_narrower(label: str, name: str) -> bool:
    """Whether a term's label says more than a name: every word of the name and others, or a word that narrows."""
    more, words = set(name_key(label).split()), set(name_key(name).split())
    return bool(name) and (words < more or _adds_narrowing(label, name))


def _adds_narrowing(label: str, name: str) -> bool:
    """Whether a label has a narrowing word that the name lacks: synonyms of ontologies are not all exact."""
    return bool((set(name_key(label).split()) - set(name_key(name).split())) & _NARROWING)


def read_condition_finder(labels: Path, xrefs: Path, phenotypes: Path, report: ImportReport) -> ConditionFinder:
    """Read the ontologies that conditions are found in.

    Args:
        labels: MONDO with labels, synonyms and hierarchy.
        xrefs: MONDO with cross-references.
        phenotypes: the Human Phenotype Ontology.
        report: counts what is read.

    Raises:
        LoadError: a file is missing or broken.
    """
    mondo = read_ontology(labels, report, "MONDO")
    hp = read_ontology(phenotypes, report, "HP")
    live = {term.iri: term.xrefs for term in read_terms(xrefs, report) if mondo.is_live(term.iri)}
    claims: dict[str, list[str]] = defaultdict(list)
    is_only: dict[str, bool] = {}
    for iri, others in sorted(live.items()):
        prefixes = Counter(other.partition(":")[0] for other in others)
        for other in others:
            claims[other].append(iri)
            is_only[other] = prefixes[other.partition(":")[0]] == 1 and len(claims[other]) == 1
    return ConditionFinder(mondo, hp, equal_phenotypes(mondo, hp, live, reviewed_matches()), claims, is_only).index()
