"""What a page shows of a node: its statements in groups, in words, with links and citations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from immunograph.identifiers import as_iri
from immunograph.pages import NodePage, Statement
from immunograph.vocabulary import IG

HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "TargetAction": "Targets",
        "MechanismStatement": "Mechanism",
        "ImmuneEffect": "Effects on the immune system",
        "Indication": "Uses, failed uses, contraindications",
        "AdverseReaction": "Adverse reactions",
        "Monitoring": "Monitoring and screening",
        "LabelStatement": "What the label says there is none of",
        "BiomarkerAssociation": "Biomarkers",
        "CombinationUse": "Combinations",
        "Interaction": "Interactions",
        "Involvement": "Part in conditions",
        "Secretion": "Secretion",
        "Expression": "Expression",
        "Response": "Response of cells",
        "Membership": "Pathways, complexes and families",
        "Approval": "Approvals",
    }
)
"""Kind of association → heading, in the order of a page."""

_ORDER = (
    "inhibits", "degrades", "depletes", "activates", "replaces", "modulates", "binds",
    "treats", "prevents", "worsens", "contraindicatedIn", "ineffectiveFor", "withdrawnFor", "studiedFor",
    "drives", "protectsFrom", "implicatedIn", "requiresScreening", "monitoredBy",
)  # fmt: skip
"""Predicates, the most telling of each kind of statement first."""

_QUIET = {"associationType", "label", "comment"}
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class End:
    """Subject or object of a shown statement.

    Attributes:
        label: what to read.
        curie: where its page is; empty where the page is its own.
    """

    label: str
    curie: str


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a statement can be read.

    Attributes:
        text: title or identifier, and the section.
        address: an ``http`` address; empty where there is none to follow.
        source: slug of the dataset.
    """

    text: str
    address: str
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """One statement in words."""

    association: str
    subject: End
    predicate: str
    object: End
    is_negated: bool
    is_boxed: bool
    qualifiers: tuple[tuple[str, str], ...]
    cited: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The statements of one kind."""

    kind: str
    heading: str
    lines: tuple[Line, ...]


def groups_of(page: NodePage, label_of: Callable[[str], str]) -> list[Group]:
    """The statements of a node by kind, in the order of ``HEADINGS``; what names it as subject goes first."""
    by_kind: dict[str, list[Statement]] = {}
    for statement in page.statements:
        by_kind.setdefault(statement.kind, []).append(statement)
    order = [*HEADINGS, *sorted(set(by_kind) - set(HEADINGS))]
    return [
        Group(kind, HEADINGS.get(kind, spaced(kind)), tuple(_lines(by_kind[kind], page.node.curie, label_of)))
        for kind in order
        if kind in by_kind
    ]


def rank_of(predicate: str) -> tuple[int, str]:
    """Where a predicate, given by its local name, stands on a page."""
    return (_ORDER.index(predicate) if predicate in _ORDER else len(_ORDER), predicate)


def spaced(name: str) -> str:
    """A local name in words.

    >>> spaced("frequencyPercent")
    'frequency percent'
    """
    return _WORDS.sub(" ", name).lower()


def web_address(text: str) -> str:
    """An address that a page may link to; empty for any other text, such as a script."""
    return text if text.startswith(("https://", "http://")) else ""


def address_of(curie: str) -> str:
    """Where an identifier of elsewhere can be read."""
    return web_address(as_iri(curie) or "")


def _lines(statements: Iterable[Statement], own: str, label_of: Callable[[str], str]) -> list[Line]:
    ordered = sorted(
        statements,
        key=lambda s: (
            s.ends[0] != own,
            "boxedWarning" not in s.qualifiers,
            rank_of(s.predicate),
            s.object.casefold(),
            s.subject.casefold(),
        ),
    )
    return [
        Line(
            association=statement.association,
            subject=_end(statement.subject, statement.ends[0], own),
            predicate=label_of(IG + statement.predicate),
            object=_end(statement.object, statement.ends[1], own),
            is_negated=statement.is_negated,
            is_boxed=statement.qualifiers.get("boxedWarning") == ("true",),
            qualifiers=tuple(
                (label_of(IG + name), ", ".join(values))
                for name, values in statement.qualifiers.items()
                if name not in _QUIET and name != "boxedWarning"
            ),
            cited=tuple(
                Cited(", ".join(filter(None, (record, section))) or source, web_address(address), source)
                for source, record, section, address in statement.citations
            ),
        )
        for statement in ordered
    ]


def _end(label: str, curie: str, own: str) -> End:
    return End(label, "" if curie == own else curie)
