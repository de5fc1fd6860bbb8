"""How a modulator may reach a condition: signed walks over stated links, each step weighed down by degree.

The weight of a walk is the product, over its steps, of the degrees at both ends to the power of -0.4: the
degree-weighted path count of Hetionet (Himmelstein and Baranzini 2015, doi:10.1371/journal.pcbi.1004259), so that what
is linked to everything says little. The signs of a walk multiply. A walk whose product counteracts the condition counts
whole, one without a sign half, one that promotes it not at all.

A use that is withheld takes along every statement that rests on nothing but the records which state that use: the
mechanism path that a database drew for the very indication would otherwise give it away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import networkx

from immunograph.analysis.statements import Asked, Statement, read_ancestors, read_statements

DAMPING = 0.4

RELATIONS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "treats": ("treats", -1),
        "inhibits": ("acts", -1),
        "degrades": ("acts", -1),
        "depletes": ("acts", -1),
        "activates": ("acts", 1),
        "replaces": ("acts", 1),
        "modulates": ("acts", 0),
        "binds": ("acts", 0),
        "stimulates": ("affects", 1),
        "suppresses": ("affects", -1),
        "shifts": ("affects", 0),
        "drives": ("involved", 1),
        "protectsFrom": ("involved", -1),
        "implicatedIn": ("involved", 0),
        "inhibitsTarget": ("links", -1),
        "activatesTarget": ("links", 1),
        "signalsThrough": ("joins", 1),
        "bindsLigand": ("joins", 1),
        "subunitOf": ("joins", 1),
        "memberOf": ("joins", 1),
    }
)
"""Predicate → the relation that it counts as, and its sign. ``joins`` is walked both ways; ``affects`` counts as
``acts`` from a modulator and as ``links`` from anything else."""

Step = tuple[str, bool]
"""A relation, and whether it is walked from subject to object."""

WALKS: Mapping[str, tuple[Step, ...]] = MappingProxyType(
    {
        "acts on what is involved": (("involved", False), ("acts", False)),
        "acts one link from what is involved": (("involved", False), ("links", False), ("acts", False)),
        "acts as its treatments do": (("treats", False), ("acts", True), ("acts", False)),
        "acts one link from its treatments": (("treats", False), ("acts", True), ("links", False), ("acts", False)),
        "treats what its treatments treat": (("treats", False), ("treats", True), ("treats", False)),
        "treats a related condition": (("under", True), ("under", False), ("treats", False)),
        "acts as treatments of a related condition do": (
            ("under", True),
            ("under", False),
            ("treats", False),
            ("acts", True),
            ("acts", False),
        ),
    }
)
"""Kind of walk → its steps, from the condition to the modulator."""

Weights = dict[str, list[float]]
"""Node → weight of the walks that reach it, by sign: counteracting, without sign, promoting."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the network is made of.

    Attributes:
        statements: stated links of the predicates of ``RELATIONS``.
        modulators: IRIs of all modulators.
        ancestors: condition → every broader one.
    """

    statements: tuple[Statement, ...]
    modulators: frozenset[str]
    ancestors: Mapping[str, set[str]]

    def uses(self) -> set[tuple[str, str]]:
        """(Modulator, condition) of every stated treatment."""
        return {
            (s.subject, s.object) for s in self.statements if s.predicate == "treats" and s.subject in self.modulators
        }


def read_knowledge(graph: Asked, *, has_evidence: bool = False) -> Knowledge:
    """Read what ``use_network`` needs; with evidence, so that uses can be withheld, or without, which is quicker."""
    modulators = frozenset(row[0].value for row in graph.select("SELECT ?m WHERE { ?m a ig:Modulator }").rows if row[0])
    return Knowledge(
        tuple(read_statements(graph, RELATIONS, has_evidence=has_evidence)), modulators, read_ancestors(graph)
    )


class UseNetwork:
    """Relations between modulators, targets, processes, cells and conditions, one directed graph each."""

    def __init__(self, relations: Mapping[str, networkx.DiGraph[str]]) -> None:
        self.relations = relations

    def degree(self, modulator: str) -> int:
        """How many conditions a modulator treats: what the baseline ranks by."""
        treats = self.relations["treats"]
        return int(treats.out_degree(modulator)) if modulator in treats else 0

    def walk(self, start: str, steps: Iterable[Step]) -> Weights:
        """Follow steps from a node.

        Returns:
            The nodes at the end, each with the weight of the walks that reach it.
        """
        weights: Weights = {start: [0.0, 0.0, 1.0]}
        for relation, is_forward in steps:
            weights = self._stepped(weights, relation, is_forward)
        return weights

    def reached(self, start: str, steps: Iterable[Step]) -> dict[str, float]:
        """Node at the end of some steps → weight of what counteracts the start, and half of what has no sign."""
        found = {node: against + unsigned / 2 for node, (against, unsigned, _) in self.walk(start, steps).items()}
        return {node: weight for node, weight in found.items() if weight > 0}

    def _stepped(self, weights: Weights, relation: str, is_forward: bool) -> Weights:
        network = self.relations[relation]
        there, here = (network.succ, network.pred) if is_forward else (network.pred, network.succ)
        found: Weights = defaultdict(lambda: [0.0, 0.0, 0.0])
        for node, (against, unsigned, along) in weights.items():
            if node not in network:
                continue
            leaving = len(there[node])
            for other, edge in there[node].items():
                factor = (leaving * len(here[other])) ** -DAMPING
                reached, sign = found[other], edge["sign"]
                reached[1] += unsigned * factor
                if sign == 0:
                    reached[1] += (against + along) * factor
                else:
                    reached[0] += (along if sign < 0 else against) * factor
                    reached[2] += (against if sign < 0 else along) * factor
        return dict(found)


def use_network(knowledge: Knowledge, withheld: Collection[tuple[str, str]] = ()) -> UseNetwork:
    """Build the network, as if some uses were not known.

    Args:
        knowledge: what is stated.
        withheld: (modulator, condition) pairs to leave out, with what rests on their records alone.
    """
    kept = _without(knowledge.statements, frozenset(withheld))
    relations: dict[str, networkx.DiGraph[str]] = {
        name: networkx.DiGraph() for name in ("treats", "acts", "involved", "links", "under")
    }
    for statement in kept:
        relation, sign = RELATIONS[statement.predicate]
        if relation == "affects":
            relation = "acts" if statement.subject in knowledge.modulators else "links"
        if relation == "treats" and statement.subject not in knowledge.modulators:
            continue
        _link(relations["links" if relation == "joins" else relation], statement.subject, statement.object, sign)
        if relation == "joins":
            _link(relations["links"], statement.object, statement.subject, sign)
    for narrow in _conditions(knowledge.statements):
        for broad in {narrow, *knowledge.ancestors.get(narrow, ())}:
            _link(relations["under"], narrow, broad, 1)
    return UseNetwork(relations)


def _without(statements: Iterable[Statement], withheld: frozenset[tuple[str, str]]) -> list[Statement]:
    """Statements that are neither withheld nor rest on the records of a withheld use alone."""
    if not withheld:
        return list(statements)
    gone: set[str] = set()
    elsewhere: list[Statement] = []
    for statement in statements:
        if statement.predicate == "treats" and (statement.subject, statement.object) in withheld:
            gone |= statement.evidence
        else:
            elsewhere.append(statement)
    return [statement for statement in elsewhere if not statement.evidence <= gone]


def _conditions(statements: Iterable[Statement]) -> set[str]:
    """Conditions that anything is stated of."""
    return {s.object for s in statements if RELATIONS[s.predicate][0] in {"treats", "involved"}}


def _link(network: networkx.DiGraph[str], subject: str, object_: str, sign: int) -> None:
    """Join two nodes; links of different signs between them leave none."""
    if network.has_edge(subject, object_) and network.edges[subject, object_]["sign"] != sign:
        sign = 0
    network.add_edge(subject, object_, sign=sign)
