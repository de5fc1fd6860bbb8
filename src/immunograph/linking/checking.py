"""Every external identifier of the graph against releases of the ontologies that it is from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from immunograph.identifiers import compress
from immunograph.linking.held import HeldNode
from immunograph.names import name_key
from immunograph.queries import Answer
from immunograph.sources.identifier_table import IdentifierRow
from immunograph.sources.ontologies import OntologyTerm, Release

Status = Literal["current", "unknown", "obsolete", "merged", "renamed", "label mismatch"]

STATUSES: tuple[Status, ...] = ("unknown", "obsolete", "merged", "label mismatch", "renamed", "current")
"""Worst first. ``renamed``: our label is still a name of the term; ``label mismatch``: it is none."""

_MINE = 20
"""An ontology answers for a prefix of which it has at least so many live terms, or that most of its terms have."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a release says of one identifier in use.

    Attributes:
        iri: the identifier.
        node: the node that has it: the identifier itself, or as a match.
        role: ``node``, ``exact`` or ``close``.
        label: the node's label.
        status: one of ``STATUSES``.
        current_label: what the release calls it.
        replacement: IRI of the term that the release states in its place; empty where it states none.
        consider: IRIs of terms that the release offers to think of.
        release: version of the release.
    """

    iri: str
    node: str
    role: str
    label: str
    status: Status
    current_label: str = ""
    replacement: str = ""
    consider: tuple[str, ...] = ()
    release: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether something has to be mended: not where a match merely has another name, or a node an older one."""
        return self.status in {"unknown", "obsolete", "merged"} or (
            self.status == "label mismatch" and self.role == "node"
        )


CHECK_COLUMNS = (
    "identifier", "role", "node", "label", "status", "current_label", "replacement", "consider", "release",
)  # fmt: skip


def check(nodes: Mapping[str, HeldNode], releases: Iterable[Release]) -> list[Finding]:
    """Look every identifier up in the release that answers for its prefix.

    A release answers for the prefixes that are its own, not for those that it only mentions; a term of its own prefix
    that it does not hold is unknown.

    Args:
        nodes: the nodes, as ``held_nodes`` gives them.
        releases: read releases; where two answer for a prefix, the last one counts.

    Returns:
        One finding an identifier and role, worst first.
    """
    found: dict[tuple[str, str, str], Finding] = {}
    for release in releases:
        former = {old: term.iri for term in release.terms.values() for old in term.merged}
        mine = own_prefixes(release)
        for iri, role, node in _identifiers(nodes.values()):
            if _prefix(iri) in mine:
                found[iri, role, node.iri] = _finding(iri, role, node, release, former)
    return sorted(found.values(), key=lambda one: (STATUSES.index(one.status), compress(one.iri), one.role, one.node))


def check_against_table(nodes: Mapping[str, HeldNode], table: Mapping[str, IdentifierRow]) -> list[Finding]:
    """Look the nodes' own identifiers up in the committed table of identifiers in use, where no release is at hand."""
    prefixes = {_prefix(iri) for iri in table}
    found = []
    for node in nodes.values():
        row = table.get(node.iri)
        if row is None and _prefix(node.iri) in prefixes:
            found.append(Finding(node.iri, node.iri, "node", node.label, "unknown"))
        elif row is not None:
            status: Status = "obsolete" if row.obsolete != "no" else _named(node, row.label, ())
            version = f"{row.file} {row.version}"
            found.append(Finding(node.iri, node.iri, "node", node.label, status, row.label, release=version))
    return sorted(found, key=lambda one: (STATUSES.index(one.status), compress(one.iri)))


def own_prefixes(release: Release) -> set[str]:
    """What the IRIs of a release's own terms begin with, up to the number or local name.

    Those that the ontology is named after (``obo/cl/subsets/some_slim.owl`` answers for CL, however many terms of GO it
    holds); where it is named after none, those of which it has most terms.
    """
    counted = Counter(_prefix(iri) for iri, term in release.terms.items() if term.label)
    named = {word.casefold() for word in re.split(r"[^A-Za-z0-9]+", release.header.iri)}
    after = {prefix for prefix in counted if re.split("[/#]", prefix.rstrip("_:#/"))[-1].casefold() in named}
    if after:
        return after
    return {prefix for prefix, count in counted.items() if count >= min(_MINE, max(counted.values()))} - _mentioned(
        counted
    )


def answer_of(findings: Iterable[Finding]) -> Answer:
    """Findings as rows of ``CHECK_COLUMNS``."""
    return Answer(
        CHECK_COLUMNS,
        tuple(
            (
                compress(one.iri),
                one.role,
                compress(one.node),
                one.label,
                one.status,
                one.current_label or None,
                compress(one.replacement) if one.replacement else None,
                " ".join(map(compress, one.consider)) or None,
                one.release or None,
            )
            for one in findings
        ),
    )


def _mentioned(counted: Counter[str]) -> set[str]:
    """Prefixes of terms that a release borrows: far fewer than its own."""
    most = counted.most_common(1)[0][1] if counted else 0
    return {prefix for prefix, count in counted.items() if count < most / 2}


def _prefix(iri: str) -> str:
    """An IRI without its local name: up to the last ``_``, ``:``, ``#`` or ``/``."""
    return iri[: max(iri.rfind(sign) for sign in "_:#/") + 1]


def _identifiers(nodes: Iterable[HeldNode]) -> Iterator[tuple[str, str, HeldNode]]:
    for node in nodes:
        yield node.iri, "node", node
        for other in node.exact:
            yield other, "exact", node
        for other in node.close:
            yield other, "close", node


def _finding(iri: str, role: str, node: HeldNode, release: Release, former: Mapping[str, str]) -> Finding:
    term = release.terms.get(iri)
    if term is None or not term.label:
        into = release.terms.get(former.get(iri, ""))
        status: Status = "merged" if into else "unknown"
        label, replacement = (into.label, into.iri) if into else ("", "")
        return Finding(iri, node.iri, role, node.label, status, label, replacement, (), release.version)
    if term.is_deprecated:
        replacement = _successor(iri, release, former)
        return Finding(
            iri, node.iri, role, node.label, "obsolete", term.label, replacement, term.consider, release.version
        )
    named = _named(node, term.label, (*term.synonyms, *term.others)) if role == "node" else _matched(node, term)
    return Finding(iri, node.iri, role, node.label, named, term.label, release=release.version)


def _successor(iri: str, release: Release, former: Mapping[str, str]) -> str:
    """The live term that the release states in the place of an obsolete one, over several steps; else empty."""
    seen: set[str] = set()
    while iri not in seen:
        seen.add(iri)
        term = release.terms.get(iri)
        if term and term.label and not term.is_deprecated:
            return iri
        iri = (term.replaced_by if term else "") or former.get(iri, "")
    return ""


def _named(node: HeldNode, label: str, names: Iterable[str]) -> Status:
    if node.label == label:
        return "current"
    known = {name_key(name) for name in names}
    is_same = name_key(node.label) in {name_key(label), *known} or name_key(label) in {name_key(n) for n in node.names}
    return "renamed" if is_same else "label mismatch"


def _matched(node: HeldNode, term: OntologyTerm) -> Status:
    """Whether a match shares a name with its node; that it does not is no fault of a close match, but worth a look."""
    ours = {name_key(name) for name in (node.label, *node.names)}
    theirs = {name_key(name) for name in (term.label, *term.synonyms, *term.others)}
    return "current" if ours & theirs else "label mismatch"
