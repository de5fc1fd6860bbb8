"""Which terms of an ontology are nodes of ours, and how that is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from immunograph.linking.held import CLASSED, HIERARCHIES, HeldNode, by_identifier, by_label
from immunograph.names import name_key
from immunograph.references import references
from immunograph.sources.ontologies import OntologyTerm, Release

IDENTIFIER, MATCHED, STATED, CROSS_REFERENCED, NAMED = range(5)

HOW = {
    IDENTIFIER: "its identifier is ours",
    MATCHED: "the graph states an exact match",
    STATED: "the ontology states an exact match, an equivalent class, or what takes its place",
    CROSS_REFERENCED: "the ontology's only cross-reference to a node, and that node's only one",
    NAMED: "the label is the same, and no other has it",
}
_SHARED = {
    MATCHED: "the graph states an exact match of several nodes",
    STATED: "several are stated to be the same",
    CROSS_REFERENCED: "several share the cross-reference",
    NAMED: "several have the label",
}
_ALONE = {CROSS_REFERENCED: "only a cross-reference says so", NAMED: "only the label says so"}


@dataclass(frozen=True, slots=True)
class Joint:
    """A term that is a node of ours.

    Attributes:
        term: IRI of the term.
        node: IRI of the node.
        how: key of ``HOW``; smaller is surer.
    """

    term: str
    node: str
    how: int


@dataclass(frozen=True, slots=True)
class Joints:
    """The terms that are nodes of ours, by term; and the pairs that look alike but were not joined, with the reason."""

    joined: Mapping[str, Joint]
    doubtful: tuple[tuple[str, str, str], ...]


def join(release: Release, nodes: Mapping[str, HeldNode]) -> Joints:
    """Find the terms that are nodes of ours; one term means one node, and one node one term besides its own.

    The surest way wins. Nothing is guessed: a cross-reference or a label counts only where it is the only one on both
    sides, and everything else is listed as doubtful.
    """
    every = list(_claims(release, nodes))
    claims = list(_fitting(every, nodes, release))
    kept = set(claims)
    of_term = Counter((claim.term, claim.how) for claim in claims)
    of_node = Counter((claim.node, claim.how) for claim in claims)
    joined: dict[str, Joint] = {}
    taken: set[str] = set()
    doubtful = [
        (claim.term, claim.node, f"the ontology, or what is above it there, is of other kinds; {_ALONE[claim.how]}")
        for claim in every
        if claim not in kept
    ]
    for claim in sorted(claims, key=lambda one: (one.how, one.term, one.node)):
        if claim.term in joined:
            continue
        many = of_term[claim.term, claim.how] > 1 or (of_node[claim.node, claim.how] > 1 and claim.how >= STATED)
        if many:
            doubtful.append((claim.term, claim.node, _SHARED[claim.how]))
        elif claim.node in taken and claim.how > MATCHED:
            doubtful.append((claim.term, claim.node, "another term is that node already"))
        else:
            joined[claim.term] = claim
            if claim.how >= MATCHED:
                taken.add(claim.node)
    return Joints(joined, tuple(one for one in doubtful if one[0] not in joined))


_SHARE = 0.1
_ENOUGH = 20
"""So many sure claims tell what an ontology is about."""


def _fitting(claims: Sequence[Joint], nodes: Mapping[str, HeldNode], release: Release) -> Iterator[Joint]:
    """Leave out claims by cross-reference or label to a kind of node that the ontology is not about, or not there.

    What it is about is told by the surer claims, where there are enough: the kinds with a tenth of them. It is not
    about a kind there where all that is known above the term is of other kinds. Where a cross-reference and the label
    both say so, it is that node whatever the ontology is about.
    """
    sure = [claim for claim in claims if claim.how < CROSS_REFERENCED]
    counted = Counter(nodes[claim.node].kind for claim in (sure if len(sure) >= _ENOUGH else claims))
    about = {kind for kind, count in counted.items() if count >= _SHARE * counted.total()}
    said = Counter((claim.term, claim.node) for claim in claims)
    kinds: dict[str, set[str]] = {}
    for claim in claims:
        kinds.setdefault(claim.term, set()).add(nodes[claim.node].kind)
    for claim in claims:
        kind = nodes[claim.node].kind
        if (
            claim.how < CROSS_REFERENCED
            or said[claim.term, claim.node] > 1
            or (kind in about and _may_be(kind, claim.term, kinds, release))
        ):
            yield claim


def _may_be(kind: str, term: str, kinds: Mapping[str, set[str]], release: Release) -> bool:
    """Whether what is known of the terms above one lets it be of a kind."""
    seen, waiting, above = {term}, [term], set[str]()
    while waiting:
        iri = waiting.pop()
        if iri != term:
            above |= kinds.get(iri, set())
        parents = release.terms[iri].parents if iri in release.terms else ()
        more = [parent for parent in parents if parent not in seen]
        seen.update(more)
        waiting += more
    return not above or kind in above


def _claims(release: Release, nodes: Mapping[str, HeldNode]) -> Iterator[Joint]:
    matched = by_identifier(nodes)
    labelled = by_label(node for node in nodes.values() if node.kind in {*HIERARCHIES, CLASSED})
    for term in release.terms.values():
        if term.iri in nodes:
            yield Joint(term.iri, term.iri, IDENTIFIER)
            if term.is_deprecated and term.replaced_by in release.terms and term.replaced_by not in nodes:
                yield Joint(term.replaced_by, term.iri, STATED)
            for other in {*term.equal} & release.terms.keys() - nodes.keys():  # said of ours, in the other direction
                if term.iri not in release.terms[other].equal:
                    yield Joint(other, term.iri, STATED)
            continue
        if term.is_deprecated:
            continue
        for iri in matched.get(term.iri, ()):
            yield Joint(term.iri, iri, MATCHED)
        for how, others in ((STATED, term.equal), (CROSS_REFERENCED, _cross_references(term))):
            for iri in {iri for other in others for iri in ({other} & nodes.keys()) or matched.get(other, set())}:
                yield Joint(term.iri, iri, how)
        for iri in labelled.get(name_key(term.name), ()):
            yield Joint(term.iri, iri, NAMED)


def _cross_references(term: OntologyTerm) -> set[str]:
    return {reference.iri for other in term.xrefs for reference in references(other)}
