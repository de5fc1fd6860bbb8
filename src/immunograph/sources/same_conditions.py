"""Which phenotypes and events are a MONDO or HP concept: by label, by cross-reference, and by what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from immunograph.assets import ontology_dir
from immunograph.identifiers import as_iri
from immunograph.names import name_key
from immunograph.sources.ontologies import OntologyTerm
from immunograph.sources.slices import Ontology
from immunograph.sources.sssom import SKOS, Match, read_sssom


def reviewed_matches() -> Iterator[Match]:
    """Every row of ``ontology/mappings/conditions`` and ``do-not-merge``: what a curator decided.

    Raises:
        LoadError: a table is missing or broken.
    """
    for name in ("conditions", "do-not-merge"):
        yield from read_sssom(ontology_dir() / "mappings" / f"{name}.sssom.tsv")


def reviewed_diseases() -> dict[str, str]:
    """IRI of a phenotype or an event → IRI of the disease or phenotype that a curator decided it is."""
    return {match.subject: match.object for match in exact_matches(reviewed_matches())}


def exact_matches(matches: Iterable[Match]) -> Iterator[Match]:
    """The matches that make two things one; those that are broader, narrower, near or denied are left out."""
    return (match for match in matches if match.predicate == SKOS + "exactMatch" and not match.is_not)


def equal_phenotypes(
    mondo: Ontology,
    phenotypes: Ontology,
    xrefs: Mapping[str, Sequence[str]],
    reviewed: Iterable[Match] = (),
) -> dict[str, str]:
    """Find the phenotypes that are a MONDO concept, so that one concept stays one node.

    A phenotype is a MONDO concept where a reviewed match says so; else where both have one label; else where MONDO
    refers to it, and the label of one is a name of the other. A reviewed ``Not`` outdoes labels and cross-references.

    Args:
        mondo: the diseases.
        phenotypes: the phenotypes.
        xrefs: cross-references of diseases, as CURIEs by IRI.
        reviewed: exact matches and their denials, phenotype first; rows about other things are passed over.

    Returns:
        IRI of the phenotype → IRI of the disease.
    """
    decided = [match for match in reviewed if match.predicate == SKOS + "exactMatch"]
    apart = {(match.subject, match.object) for match in decided if match.is_not}
    equal = {
        match.subject: match.object
        for match in exact_matches(decided)
        if phenotypes.is_live(match.subject) and mondo.is_live(match.object)
    }
    for phenotype, disease in _alike(mondo, phenotypes, xrefs):
        if (phenotype, disease) not in apart:
            equal.setdefault(phenotype, disease)
    return equal


def phenotype_xrefs(
    mondo: Ontology, phenotypes: Ontology, xrefs: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    """Pairs of a live disease and the live phenotype that it refers to, sorted."""
    for disease, others in sorted(xrefs.items()):
        for other in others:
            phenotype = as_iri(other) if other.startswith("HP:") else None
            if phenotype and phenotypes.is_live(phenotype) and mondo.is_live(disease):
                yield disease, phenotype


def _alike(mondo: Ontology, phenotypes: Ontology, xrefs: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Pairs of a phenotype and a disease that names show to be one, the surest first."""
    by_label = {name_key(term.label): iri for iri, term in sorted(mondo.terms.items()) if mondo.is_live(iri)}
    for phenotype, term in sorted(phenotypes.terms.items()):
        if phenotypes.is_live(phenotype) and (key := name_key(term.label)) in by_label:
            yield phenotype, by_label[key]
    for disease, phenotype in phenotype_xrefs(mondo, phenotypes, xrefs):
        if _share_a_label(mondo.terms[disease], phenotypes.terms[phenotype]):
            yield phenotype, disease


def _share_a_label(one: OntologyTerm, other: OntologyTerm) -> bool:
    return name_key(one.label) in _names(other) or name_key(other.label) in _names(one)


def _names(term: OntologyTerm) -> set[str]:
    return {name_key(name) for name in (term.label, *term.synonyms)}
