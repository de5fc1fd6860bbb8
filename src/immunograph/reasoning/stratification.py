"""The order in which rules over absences and counts may run: after all that could still change what they test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from immunograph.errors import RuleError
from immunograph.reasoning.rules import Pattern, Rule, is_variable, substitute, variables_of
from immunograph.reasoning.terms import SAME_AS, SCHEMA_CLASSES, SCHEMA_PREDICATES, TYPE

Node: TypeAlias = str
"""A kind of fact: a predicate, or ``a `` and a class; ``*`` and ``a *`` stand for any."""

ANY: Final = "*"
ANY_TYPE: Final = "a *"

_AXIOMS: Final = SCHEMA_PREDICATES | {f"a {term}" for term in SCHEMA_CLASSES}
"""The kinds of facts that rules are made from."""


def node_of(pattern: Pattern) -> Node:
    """The kind of fact that a pattern matches or makes."""
    _, predicate, object_ = pattern
    if is_variable(predicate):
        return ANY
    if predicate == TYPE:
        return ANY_TYPE if is_variable(object_) else f"a {object_}"
    return predicate


def overlap(left: Node, right: Node) -> bool:
    """Whether some fact is of both kinds."""
    if ANY in (left, right) or left == right:
        return True
    return ANY_TYPE in (left, right) and left.startswith("a ") and right.startswith("a ")


def tested_nodes(rule: Rule) -> set[Node]:
    """The kinds of facts whose absence or number the rule tests."""
    patterns = [pattern for absence in rule.absences for pattern in absence.body]
    for count in rule.counts:
        patterns += count.body
        patterns += [pattern for absence in count.absences for pattern in absence.body]
    return {node_of(filled) for filled in _filled(rule, patterns)}


def head_nodes(rule: Rule) -> set[Node]:
    """The kinds of facts that the rule concludes."""
    return {node_of(pattern) for pattern in _filled(rule, rule.head)}


def _filled(rule: Rule, patterns: Iterable[Pattern]) -> set[Pattern]:
    patterns = list(patterns)
    used = [name for name in rule.parameters if name in variables_of(patterns)]
    if not used:
        return set(patterns)
    rows = {tuple(row[rule.parameters.index(name)] for name in used) for row in rule.rows}
    return {substitute(pattern, dict(zip(used, row, strict=True))) for row in rows for pattern in patterns}


class Dependencies:
    """Which kinds of facts lead to which, through the rules as grounded."""

    def __init__(self, rules: Iterable[Rule], *, has_same_as: bool = False) -> None:
        self._heads: dict[Node, set[Node]] = defaultdict(set)
        self.derivable: set[Node] = set()
        for rule in rules:
            concluded = self._add(rule)
            has_same_as = has_same_as or (SAME_AS in concluded and not rule.name.startswith("eq-"))
        for node in _AXIOMS:  # rules are made from axioms, so that facts of any kind may follow
            self._heads[node].add(ANY)
        if has_same_as:  # what is said of one name is said of the other
            self.derivable.add(ANY)

    def _add(self, rule: Rule) -> set[Node]:
        if rule.name.startswith("eq-rep"):  # replaces a term and keeps the predicate: only sameAs leads anywhere new
            self._heads[SAME_AS].add(ANY)
            return set()
        concluded: set[Node] = set()
        for row in rule.rows:
            values = dict(zip(rule.parameters, row, strict=True))
            heads = {node_of(substitute(pattern, values)) for pattern in rule.head}
            concluded |= heads
            for pattern in rule.body:
                self._heads[node_of(substitute(pattern, values))] |= heads
        self.derivable |= concluded
        if not rule.name.startswith("scm-") and concluded & _AXIOMS:  # those of the schema run before all others
            self.derivable.add(ANY)
        return concluded

    def reach(self, start: Iterable[Node]) -> set[Node]:
        """Every kind of fact that facts of the given kinds can lead to, themselves included."""
        seen = set(start)
        todo = list(seen)
        while todo:
            new = self._following(todo.pop()) - seen
            seen |= new
            todo += new
        return seen

    def _following(self, node: Node) -> set[Node]:
        if node == ANY:
            return set().union(*self._heads.values())
        found = self._heads.get(node, set()) | self._heads.get(ANY, set())
        if node == ANY_TYPE:
            return found.union(*(heads for body, heads in self._heads.items() if body.startswith("a ")))
        return found | self._heads.get(ANY_TYPE, set()) if node.startswith("a ") else found

    def touches(self, nodes: Iterable[Node], tested: set[Node]) -> bool:
        """Whether two sets of kinds overlap."""
        return any(overlap(left, right) for left in nodes for right in tested)


def stratify(rules: Sequence[Rule], *, has_same_as: bool = False) -> dict[str, int]:
    """Give every rule over absences or counts its level; all others run at every level.

    Args:
        rules: the rules as grounded.
        has_same_as: whether some facts say owl:sameAs, from which facts of any kind are inferred.

    Returns:
        For each such rule's key, its level: 0 where nothing that it tests can be inferred, else one above every level
        that can still change what it tests (1 at least).

    Raises:
        RuleError: a rule can change what it tests, itself or through others.
    """
    inferring = [rule for rule in rules if rule.head]
    testing = [rule for rule in inferring if not rule.is_monotone]
    if not testing:
        return {}
    graph = Dependencies(inferring, has_same_as=has_same_as)
    tested = {rule.key: tested_nodes(rule) for rule in testing}
    heads = {rule.key: head_nodes(rule) for rule in testing}
    start = {key: int(graph.touches(graph.derivable, nodes)) for key, nodes in tested.items()}
    reached = {key: graph.reach(nodes) for key, nodes in heads.items()} if any(start.values()) else {}
    before = {
        key: [other for other, nodes in reached.items() if graph.touches(nodes, tested[key])] if level else []
        for key, level in start.items()
    }
    places = {rule.key: rule.place for rule in testing}
    levels: dict[str, int] = {}
    for key in before:
        _level(key, before, start, levels, [], places)
    return levels


def _level(
    key: str,
    before: dict[str, list[str]],
    start: dict[str, int],
    levels: dict[str, int],
    path: list[str],
    places: dict[str, str],
) -> int:
    if key in path:
        circle = " -> ".join([*path[path.index(key) :], key])
        raise RuleError(
            f"{places[key]}: the rules are not stratified: {circle} each test the absence or number of what the "
            "next concludes; break the circle by testing stated facts only"
        )
    if key not in levels:
        lower = [_level(other, before, start, levels, [*path, key], places) for other in before[key]]
        levels[key] = max([start[key], *(level + 1 for level in lower)])
    return levels[key]
