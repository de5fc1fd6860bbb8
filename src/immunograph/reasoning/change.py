"""Change without beginning anew: stated triples come or go, and only what rests on them is derived again.

Delete and re-derive: what the recorded rule of a fact may have got from a removed fact goes too; then what has another
proof comes back, and what is new is followed up. Conclusions from absences and counts that the change may touch go
first and come back in the order of their levels. Where axioms change, rules change: then there must be a full run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from immunograph.reasoning.engine import Engine, FullRunNeeded
from immunograph.reasoning.grounded import GroundRule
from immunograph.reasoning.rules import ASSERTED, Pattern, is_variable
from immunograph.reasoning.sql import FACTS, Query, Source
from immunograph.reasoning.stratification import Dependencies, Node, head_nodes, node_of, overlap, tested_nodes
from immunograph.reasoning.terms import SAME_AS, SCHEMA_CLASSES, SCHEMA_PREDICATES, TYPE, Triple

MOST_ROUNDS: Final = 30_000
"""Rounds are numbered on from change to change; from here on they are numbered anew, by a full run."""
_EARLIER: Final = "{a}.round < f.round"
_FACT_COLUMNS: Final = "s INTEGER, p INTEGER, o INTEGER, round SMALLINT, rule SMALLINT"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a change.

    Attributes:
        stated: how many triples were newly stated, or are no longer.
        reason: why everything was inferred again; empty where only what changed was.
    """

    stated: int
    reason: str = ""

    @property
    def is_full(self) -> bool:
        """Whether everything was inferred again."""
        return bool(self.reason)


def add(engine: Engine, triples: Sequence[Triple]) -> int:
    """State more triples and infer what follows from them.

    Args:
        engine: as it was left by its run, or by the last change.
        triples: N-Triples text; those that are stated already change nothing.

    Returns:
        How many were not stated before.

    Raises:
        RuleError: a triple is malformed; nothing was changed.
        FullRunNeeded: axioms change; the facts are not to be used any more.
    """
    _refuse_axioms(triples)
    if not engine.has_same_as and any(triple[1] == SAME_AS for triple in triples):
        raise FullRunNeeded("owl:sameAs is stated for the first time, which may order the rules otherwise")
    facts = engine.facts
    _numbers_table(engine, "coming", triples)
    settled = _settle(engine)
    inferred = "rule > 0 AND (s, p, o) IN (SELECT (s, p, o) FROM coming)"
    promoted = facts.count(inferred)
    facts.run(f"UPDATE fact SET rule = {ASSERTED} WHERE {inferred}")
    facts.run("DELETE FROM coming WHERE (s, p, o) IN (SELECT (s, p, o) FROM fact)")
    new = int(facts.rows("SELECT count(*) FROM coming")[0][0])
    if new:
        _change(engine, "coming", settled)
    return promoted + new


def retract(engine: Engine, triples: Sequence[Triple]) -> int:
    """State some triples no more, and drop what has no proof without them.

    Args:
        engine: as it was left by its run, or by the last change.
        triples: N-Triples text; those that are not stated, or that the ontology states, change nothing.

    Returns:
        How many had been stated.

    Raises:
        RuleError: a triple is malformed; nothing was changed.
        FullRunNeeded: axioms change; the facts are not to be used any more.
    """
    _refuse_axioms(triples)
    facts = engine.facts
    _numbers_table(engine, "leaving", triples)
    settled = _settle(engine)
    stated = f"SELECT fact.* FROM fact SEMI JOIN leaving USING (s, p, o) WHERE rule = {ASSERTED}"
    facts.run(f"CREATE OR REPLACE TEMP TABLE going AS {stated}")
    old = int(facts.rows("SELECT count(*) FROM going")[0][0])
    facts.run("CREATE OR REPLACE TEMP TABLE coming (s INTEGER, p INTEGER, o INTEGER)")
    if old:
        _change(engine, "going", settled)
    return old


def _refuse_axioms(triples: Iterable[Triple]) -> None:
    for triple in triples:
        if triple[1] in SCHEMA_PREDICATES or (triple[1] == TYPE and triple[2] in SCHEMA_CLASSES):
            raise FullRunNeeded(f"an axiom changes: {' '.join(triple)}")


def _settle(engine: Engine) -> int:
    if engine.round > MOST_ROUNDS:
        raise FullRunNeeded("the rounds are numbered anew")
    return engine.settle()


def _numbers_table(engine: Engine, name: str, triples: Sequence[Triple]) -> None:
    columns = [list(column) for column in zip(*engine.facts.numbers(triples), strict=True)] or [[], [], []]
    engine.facts.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT DISTINCT unnest(?::INTEGER[]) AS s, "
        "unnest(?::INTEGER[]) AS p, unnest(?::INTEGER[]) AS o",
        columns,
    )


def _change(engine: Engine, changed: str, settled: int) -> None:
    """Take ``going`` (where it is what changes) and what rests on it away, put ``coming`` in, and infer on."""
    affected, touched = _affected(engine, changed)
    _over_delete(engine, affected, has_seeds=changed == "going")
    facts = engine.facts
    if facts.rows(f"SELECT count(*) FROM gone WHERE {engine.axiom_condition()}")[0][0]:
        raise FullRunNeeded("an inferred axiom may fall")
    facts.run("DELETE FROM fact WHERE (s, p, o) IN (SELECT (s, p, o) FROM gone)")
    engine.begin_change()
    facts.run(f"INSERT INTO fact SELECT s, p, o, {engine.round}, {ASSERTED} FROM coming")
    for ground in touched:
        ground.pending, ground.first_new = True, 0
    _derive_again(engine, touched)
    engine.merge()
    engine.resume(f"SELECT s, p, o, round, rule FROM fact SEMI JOIN coming USING (s, p, o) WHERE rule = {ASSERTED}")
    if facts.count(engine.axiom_condition()) != settled:
        raise FullRunNeeded("a predicate that has another name comes or goes")


# -- rules over absences and counts -------------------------------------------------------------------------------


def _affected(engine: Engine, changed: str) -> tuple[list[GroundRule], list[GroundRule]]:
    """The rules over absences and counts whose tests may come out otherwise, and those that must be run again."""
    testing = [ground for ground in engine.book.inferring() if not ground.rule.is_monotone]
    if not testing or engine.facts.count(f"p = {engine.facts.intern(SAME_AS)}"):
        return testing, testing  # sameAs may carry a change to facts of any kind
    graph = Dependencies(ground.rule for ground in engine.book.inferring())
    start = _nodes(engine, changed)
    affected: dict[int, GroundRule] = {}
    while True:
        reached = graph.reach(start)
        new = [
            ground
            for ground in testing
            if ground.number not in affected and graph.touches(reached, tested_nodes(ground.rule))
        ]
        if not new:
            break
        affected.update({ground.number: ground for ground in new})
        start = start.union(*(head_nodes(ground.rule) for ground in new))
    bodies = {ground.number: {node_of(pattern) for pattern in ground.rule.body} for ground in testing}
    touched = [one for one in testing if one.number in affected or graph.touches(reached, bodies[one.number])]
    return list(affected.values()), touched


def _nodes(engine: Engine, table: str) -> set[Node]:
    predicates, classes = engine.kinds(table)
    texts = engine.facts.texts(predicates | classes)
    nodes = {texts[number] for number in predicates} - {TYPE}
    return nodes | {f"a {texts[number]}" for number in classes}


# -- deleting ------------------------------------------------------------------------------------------------------


def _over_delete(engine: Engine, affected: Sequence[GroundRule], *, has_seeds: bool) -> None:
    """Fill the table ``gone``: what changes, what affected rules concluded, and what may rest on either."""
    facts = engine.facts
    facts.run(f"CREATE OR REPLACE TEMP TABLE gone ({_FACT_COLUMNS})")
    if not has_seeds:
        facts.run(f"CREATE OR REPLACE TEMP TABLE going ({_FACT_COLUMNS})")
    if affected:
        listed = ", ".join(str(ground.number) for ground in affected)
        facts.run(f"INSERT INTO going SELECT * FROM fact WHERE rule IN ({listed})")
    used = {number for (number,) in facts.rows("SELECT DISTINCT rule FROM fact")}
    used -= {ground.number for ground in affected}
    rules = [ground for ground in engine.book.inferring() if ground.number in used]
    while facts.rows("SELECT count(*) FROM going")[0][0]:
        facts.run("INSERT INTO gone FROM going")
        facts.run(f"CREATE OR REPLACE TEMP TABLE falling ({_FACT_COLUMNS})")
        predicates, classes = engine.kinds("going")
        for ground in rules:
            for position in range(len(ground.rule.body)):
                if ground.reads(position, predicates, classes):
                    _fell(engine, ground, position)
        facts.run("CREATE OR REPLACE TEMP TABLE going AS SELECT DISTINCT * FROM falling ANTI JOIN gone USING (s, p, o)")


def _fell(engine: Engine, ground: GroundRule, position: int) -> None:
    """Add what a rule is recorded to have concluded, where an earlier fact that goes may be its premise."""
    sources = [Source("fact", _EARLIER)] * len(ground.rule.body)
    sources[position] = Source("going", _EARLIER)
    for head in ground.rule.head:
        query = _query(engine, ground, head, "fact", sources)
        query.conditions.append(f"f.rule = {ground.number}")
        engine.facts.run(f"INSERT INTO falling {query.text('DISTINCT f.s, f.p, f.o, f.round, f.rule')}")


def _derive_again(engine: Engine, touched: Sequence[GroundRule]) -> None:
    """Make candidates of what is gone but has another proof in one step; rules to be run again find theirs then."""
    engine.clear_candidates()
    if not engine.facts.rows("SELECT count(*) FROM gone")[0][0]:
        return
    later = {ground.number for ground in touched}
    nodes = _nodes(engine, "gone")
    for ground in engine.book.inferring():
        if ground.number in later:
            continue
        if any(overlap(made, node) for made in head_nodes(ground.rule) for node in nodes):
            for head in ground.rule.head:
                query = _query(engine, ground, head, "gone", [FACTS] * len(ground.rule.body))
                engine.facts.run(f"INSERT INTO candidate {query.text(f'DISTINCT f.s, f.p, f.o, {ground.number}')}")


def _query(engine: Engine, ground: GroundRule, head: Pattern, table: str, sources: Sequence[Source]) -> Query:
    """A rule's body where its head is a fact of a table, called ``f``."""
    bound: dict[str, str] = {}
    conditions = []
    for term, column in zip(head, ("f.s", "f.p", "f.o"), strict=True):
        value = bound.setdefault(term, column) if is_variable(term) else str(engine.facts.intern(term))
        conditions += [f"{column} = {value}"] if value != column else []
    query = engine.writer.query(ground.rule, sources, rows=ground.source(), bound=bound)
    query.tables.insert(0, f"{table} AS f")
    query.conditions += conditions
    return query
