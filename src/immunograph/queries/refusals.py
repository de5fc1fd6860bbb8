"""What speaks against a question: negated, failed, withdrawn, refused and contraindicated, each with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from immunograph.queries.citations import citations_of
from immunograph.queries.relaxing import Asked
from immunograph.store.graph import Rows
from immunograph.vocabulary import IG, KIND_OF_PREDICATE

_WANTED = frozenset({"treats", "prevents", "studiedFor", "combinedFor", "approvedBy"})
_AGAINST = frozenset({"ineffectiveFor", "worsens", "contraindicatedIn", "withdrawnFor", "approvalWithdrawnBy"})
_FAILED = frozenset({"ineffectiveFor", "worsens"})

_AGAINST_QUERY = """
SELECT ?association ?subject ?predicate ?object ?negated ?refused ?withdrawn WHERE {{
  {{ SELECT DISTINCT ?association WHERE {{ {ends} }} }}
  ?association ig:subject ?subject ; ig:predicate ?predicate ; ig:object ?object .
  BIND(EXISTS {{ ?association ig:negated true }} AS ?negated)
  BIND(EXISTS {{ ?association ig:status ig:Refused }} AS ?refused)
  BIND(EXISTS {{ ?association ig:status ig:Withdrawn }} AS ?withdrawn)
  FILTER({denied} || {opposite})
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
    """The statements against what was asked: the same denied, refused or withdrawn, or the opposite stated.

    That something fails, harms or is contraindicated is the opposite of its use; that it is used for a condition is the
    opposite of its failing there or worsening it. Other statements of the same kind deny nothing: a contraindication
    does not say that a drug worsens nothing.

    Args:
        nodes: the values of each parameter, as IRIs; of two parameters one has to be the subject, one the object.
        predicates: local names of the predicates that the question is about.
        asked: the graph or endpoint.
        label_of: label of an IRI.
    """
    plain = {_without_role(name) for name in predicates} & KIND_OF_PREDICATE.keys()
    groups = [group for group in nodes if group]
    if not groups or not plain:
        return []
    said = _against(plain, is_pair=len(groups) > 1)
    if len(groups) == 1:
        ends = [f"{_end('subject', groups[0])} UNION {_end('object', groups[0])}"]
    else:
        ends = [f"{_end('subject', one)} {_end('object', other)}" for one, other in permutations(groups, 2)]
    found: dict[str, Refusal] = {}
    for both in ends:
        for refusal in _asked(both, said, asked, label_of):
            found.setdefault(refusal.association, refusal)
    return list(found.values())


def _against(plain: set[str], is_pair: bool) -> dict[str, str]:
    """The conditions under which a statement speaks against some predicates."""
    if plain & _WANTED:
        same, opposite = plain | _WANTED, _AGAINST
    else:
        same, opposite = plain, frozenset({"treats", "prevents"} if is_pair and plain & _FAILED else ())
    return {
        "denied": f"({_one_of(same)} && (?negated || ?refused || ?withdrawn))",
        "opposite": f"({_one_of(opposite)} && !(?negated || ?refused || ?withdrawn))" if opposite else "false",
    }


def _one_of(predicates: Iterable[str]) -> str:
    return f"?predicate IN ({', '.join(f'ig:{name}' for name in sorted(predicates))})"


def _asked(ends: str, said: Mapping[str, str], asked: Asked, label_of: Callable[[str], str]) -> list[Refusal]:
    query = _AGAINST_QUERY.format(ends=ends, **said)
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
