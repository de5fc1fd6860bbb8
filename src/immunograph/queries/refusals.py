"""What speaks against a question: negated, failed, withdrawn, refused and contraindicated, each with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations

from immunograph.queries.citations import citations_of
from immunograph.queries.relaxing import Asked
from immunograph.store.graph import Rows
from immunograph.vocabulary import IG, KIND_OF_PREDICATE

_AGAINST = ("ineffectiveFor", "worsens", "contraindicatedIn", "withdrawnFor", "approvalWithdrawnBy")
_USES = frozenset({"Indication", "CombinationUse", "Approval"})

_AGAINST_QUERY = """
SELECT ?association ?subject ?predicate ?object ?negated ?refused ?withdrawn WHERE {{
  {{ SELECT DISTINCT ?association WHERE {{ {ends} }} }}
  ?association ig:subject ?subject ; ig:predicate ?predicate ; ig:object ?object .
  FILTER(?predicate IN ({predicates}))
  BIND(EXISTS {{ ?association ig:negated true }} AS ?negated)
  BIND(EXISTS {{ ?association ig:status ig:Refused }} AS ?refused)
  BIND(EXISTS {{ ?association ig:status ig:Withdrawn }} AS ?withdrawn)
  FILTER(?negated || ?refused || ?withdrawn || ?predicate IN ({against}))
}} ORDER BY ?subject ?predicate ?object ?association LIMIT 40
"""
_END = "{{ ?association ig:{end} <{iri}> }}"
_NARROWER = "{{ ?narrower ig:broader <{iri}> . ?association ig:{end} ?narrower }}"
_MEMBER = "{{ ?member a <{iri}> . ?association ig:{end} ?member }}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A statement that something is not so, or no longer so, with where it can be read.

    Attributes:
        association: IRI of the statement.
        text: the statement in labels.
        citations: source, record, section and address of each evidence record.
    """

    association: str
    text: str
    citations: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.text} ({'; '.join(self.citations)})"


def refusals(
    nodes: Sequence[Sequence[str]], predicates: Iterable[str], asked: Asked, label_of: Callable[[str], str]
) -> list[Refusal]:
    """The statements against what was asked.

    Args:
        nodes: the values of each parameter, as IRIs; of two parameters one has to be the subject, one the object.
        predicates: local names of the predicates that the question is about.
        asked: the graph or endpoint.
        label_of: label of an IRI.
    """
    relevant = relevant_predicates(predicates)
    groups = [group for group in nodes if group]
    if not groups or not relevant:
        return []
    if len(groups) == 1:
        ends = [f"{_end('subject', groups[0])} UNION {_end('object', groups[0])}"]
    else:
        ends = [f"{_end('subject', one)} {_end('object', other)}" for one, other in permutations(groups, 2)]
    found: dict[str, Refusal] = {}
    for both in ends:
        for refusal in _asked(both, relevant, asked, label_of):
            found.setdefault(refusal.association, refusal)
    return list(found.values())


def relevant_predicates(predicates: Iterable[str]) -> list[str]:
    """The predicates whose denial answers a question about some predicates: the same, and those of failed use."""
    plain = {_without_role(name) for name in predicates}
    kinds = {KIND_OF_PREDICATE[name] for name in plain if name in KIND_OF_PREDICATE}
    if kinds & _USES:
        kinds |= _USES
    return sorted(name for name, kind in KIND_OF_PREDICATE.items() if name in plain or kind in kinds)


def _asked(ends: str, predicates: list[str], asked: Asked, label_of: Callable[[str], str]) -> list[Refusal]:
    query = _AGAINST_QUERY.format(
        ends=ends,
        against=", ".join(f"ig:{name}" for name in _AGAINST),
        predicates=", ".join(f"ig:{name}" for name in predicates),
    )
    rows = asked.run(query)
    texts: dict[str, str] = {}
    for row in rows.rows if isinstance(rows, Rows) else []:
        association, subject, predicate, object_, *states = (term.value if term else "" for term in row)
        how = [name for name, state in zip(("denied", "refused", "withdrawn"), states, strict=True) if state == "true"]
        stated = f"{label_of(subject)} {label_of(predicate)} {label_of(object_)}"
        texts[association] = f"{stated}: {' and '.join(how)}" if how else stated
    citations = citations_of(list(texts), asked)
    return [Refusal(iri, text, citations[iri]) for iri, text in texts.items()]


def _end(end: str, iris: Sequence[str]) -> str:
    """Associations at whose end one of some nodes stands, or a narrower one, or a member of the class."""
    branches = [_END.format(end=end, iri=iri) for iri in iris]
    branches += [(_MEMBER if iri.startswith(IG) else _NARROWER).format(end=end, iri=iri) for iri in iris]
    return f"{{ {' UNION '.join(branches)} }}"


def _without_role(name: str) -> str:
    """``primarilyInhibits`` → ``inhibits``."""
    rest = name.removeprefix("primarily")
    return rest[:1].lower() + rest[1:]
