"""What a rule is, whether it comes from an OWL axiom or from a rule file.

A pattern is a triple whose terms are N-Triples text or variables (``?name``). An expression is a nested tuple whose
first item is an operator; its leaves are variables, terms and numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeAlias

from immunograph.reasoning.terms import Triple

Pattern: TypeAlias = tuple[str, str, str]
Expression: TypeAlias = Any  # a nested tuple; mypy has no useful recursive form for it

ASSERTED: Final = 0
"""The rule number of a triple that was stated."""
ONTOLOGY: Final = -1
"""The rule number of a triple that the ontology states."""


RECOMMENDATION: Final = "OWL 2 Profiles, section 4.3"
"""The place of the rules that the recommendation states."""


def is_variable(term: object) -> bool:
    """Whether a term of a pattern or a leaf of an expression is a variable."""
    return isinstance(term, str) and term.startswith("?")


def variables_of(patterns: Iterable[Pattern]) -> list[str]:
    """The variables of some patterns, each once, in order of appearance."""
    return list(dict.fromkeys(term for pattern in patterns for term in pattern if is_variable(term)))


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule of our own: a SPARQL CONSTRUCT with a ``#+`` header.

    Attributes:
        name: the file's name without its ending; proofs show it.
        text: the whole file.
        path: where it was read, None for a rule made in memory.
    """

    name: str
    text: str
    path: Path | None = None


def read_rules(folder: Path) -> list[RuleFile]:
    """Read every rule file (``*.rq``) of a folder, by name."""
    return [RuleFile(path.stem, path.read_text(encoding="utf-8"), path) for path in sorted(folder.glob("*.rq"))]


@dataclass(frozen=True, slots=True)
class Unsupported:
    """An axiom or rule that is not reasoned with: what it is, where it stands, and why not."""

    what: str
    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Absence:
    """Patterns that must not match together (``FILTER NOT EXISTS``)."""

    body: tuple[Pattern, ...]
    filters: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """A grouped sub-SELECT: for each group, how many there are.

    Attributes:
        groups: the variables handed to the rule.
        results: for each number, its variable, the variable counted (None: solutions), and whether only different
            values count.
        having: conditions on the numbers.
    """

    groups: tuple[str, ...]
    results: tuple[tuple[str, str | None, bool], ...]
    body: tuple[Pattern, ...]
    filters: tuple[Expression, ...] = ()
    absences: tuple[Absence, ...] = ()
    having: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with the rows of constants it is run with.

    Attributes:
        key: unique name, such as ``prp-spo2/3``.
        name: the name that proofs show, such as ``prp-spo2``.
        head: what is concluded; empty for a clash.
        body: the patterns over facts.
        given: the patterns over axioms, already matched: their solutions are ``rows``.
        parameters: the variables that ``rows`` fill.
        rows: one tuple of terms for each way the axioms match.
        axioms: for each row, the axiom triples it stands on.
        summary: what the rule concludes, one sentence.
        place: the file, or the recommendation's table.
    """

    key: str
    name: str
    head: tuple[Pattern, ...] = ()
    body: tuple[Pattern, ...] = ()
    given: tuple[Pattern, ...] = ()
    filters: tuple[Expression, ...] = ()
    absences: tuple[Absence, ...] = ()
    counts: tuple[Count, ...] = ()
    parameters: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    axioms: tuple[tuple[Triple, ...], ...] = field(default=(), repr=False)
    summary: str = ""
    place: str = ""

    @property
    def has_axioms(self) -> bool:
        """Whether the rule comes from axioms, and not from a rule file or from the recommendation alone."""
        return bool(self.given)

    @property
    def is_clash(self) -> bool:
        """Whether a match means that the graph contradicts itself."""
        return not self.head

    @property
    def is_monotone(self) -> bool:
        """Whether more facts can only mean more conclusions."""
        return not self.absences and not self.counts

    def with_rows(self, rows: Iterable[tuple[tuple[str, ...], tuple[Triple, ...]]]) -> Rule:
        """The same rule run with these rows, each with the axioms it stands on."""
        pairs = list(rows)
        return replace(self, rows=tuple(row for row, _ in pairs), axioms=tuple(axioms for _, axioms in pairs))

    def constants(self) -> Iterator[str]:
        """Every term that the rule names."""
        patterns = [*self.head, *self.body]
        filters = [*self.filters]
        absences = list(self.absences)
        for count in self.counts:
            patterns += count.body
            filters += [*count.filters, *count.having]
            absences += count.absences
        for absence in absences:
            patterns += absence.body
            filters += absence.filters
        yield from (term for pattern in patterns for term in pattern if not is_variable(term))
        yield from (term for row in self.rows for term in row)
        for expression in filters:
            yield from _expression_constants(expression)


def _expression_constants(expression: Expression) -> Iterator[str]:
    if isinstance(expression, (tuple, list)):
        for item in expression[1:]:
            yield from _expression_constants(item)
    elif isinstance(expression, str) and not is_variable(expression):
        yield expression


def substitute(pattern: Pattern, values: dict[str, str]) -> Pattern:
    """A pattern with its known variables filled in."""
    subject, predicate, object_ = (values.get(term, term) for term in pattern)
    return subject, predicate, object_
