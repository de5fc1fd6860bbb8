"""Change without beginning anew: stated triples come or go, and only what rests on them is derived again.

Delete and re-derive: what the recorded rule of a fact may have got from a removed fact goes too; then what has another
proof comes back, and what is new is followed up. This is done level by level: rules over absences and counts lose their
conclusions when something of a kind that they test has come or gone, and are run again when that is settled. Where
axioms change, rules change: then there must be a full run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from immunograph.reasoning.engine import Engine, FullRunNeeded
from immunograph.reasoning.facts import NAMED
from immunograph.reasoning.grounded import GroundRule
from immunograph.reasoning.rules import ASSERTED, Pattern, is_variable, variables_of
from immunograph.reasoning.sql import FACTS, Query, Source
from immunograph.reasoning.stratification import Node, head_nodes, overlap, tested_nodes
from immunograph.reasoning.terms import SAME_AS, SCHEMA_CLASSES, SCHEMA_PREDICATES, TYPE, Triple

MOST_ROUNDS: Final = 30_000
"""Rounds are numbered on from change to change; from here on they are numbered anew, by a full run."""
_EARLIER: Final = "{a}.round < f.round"
_HELD: Final = ("fact", "gone")
_FACT_COLUMNS: Final = "s INTEGER, p INTEGER, o INTEGER, round SMALLINT, rule SMALLINT"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a change.

    Attributes:
        stated: how many triples were newly stated, or are no longer.
        reason: why everything was inferred again; empty where only what changed was.
        appeared: the triples that are inferred now and were not before, sorted; those about blank nodes are left out.
        vanished: the triples that were inferred and are not now, sorted; some may be stated instead.
    """

    stated: int
    reason: str = ""
    appeared: tuple[Triple, ...] = ()
    vanished: tuple[Triple, ...] = ()

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
    _begin(engine)
    facts.run("CREATE OR REPLACE TEMP TABLE promoted AS SELECT fact.* FROM fact SEMI JOIN coming USING (s, p, o)")
    promoted = int(facts.rows("SELECT count(*) FILTER (rule > 0) FROM promoted")[0][0])
    if promoted:
        facts.run(f"UPDATE fact SET rule = {ASSERTED} WHERE rule > 0 AND (s, p, o) IN (SELECT (s, p, o) FROM promoted)")
    facts.run("DELETE FROM coming WHERE (s, p, o) IN (SELECT (s, p, o) FROM promoted)")
    facts.run("DELETE FROM promoted WHERE rule <= 0")
    new = int(facts.rows("SELECT count(*) FROM coming")[0][0])
    if new:
        _change(engine, "coming")
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
    _begin(engine)
    stated = f"SELECT fact.* FROM fact SEMI JOIN leaving USING (s, p, o) WHERE rule = {ASSERTED}"
    facts.run(f"CREATE OR REPLACE TEMP TABLE going AS {stated}")
    old = int(facts.rows("SELECT count(*) FROM going")[0][0])
    if old:
        _change(engine, "going")
    return old


def differences(engine: Engine) -> tuple[tuple[Triple, ...], tuple[Triple, ...]]:
    """The inferred triples that appeared and that vanished with the last change, sorted."""
    was = f"SELECT s, p, o FROM gone WHERE rule > 0 AND NOT {engine.is_new} UNION SELECT s, p, o FROM promoted"
    now = f"SELECT s, p, o FROM fact WHERE rule > 0 AND {engine.is_new}"
    return _named(engine, f"({now}) EXCEPT ({was})"), _named(engine, f"({was}) EXCEPT ({now})")


def inferred_before(engine: Engine, last_round: int) -> set[Triple]:
    """The triples that were inferred before a change that was given up half way.

    Args:
        engine: as the change left it.
        last_round: its round before the change.
    """
    if engine.round == last_round:
        return set(_named(engine, "SELECT s, p, o FROM fact WHERE rule > 0"))
    was = " UNION ".join(f"SELECT s, p, o FROM {table} WHERE rule > 0 AND NOT {engine.is_new}" for table in _HELD)
    return set(_named(engine, f"{was} UNION SELECT s, p, o FROM promoted"))


def _named(engine: Engine, query: str) -> tuple[Triple, ...]:
    found = engine.facts.rows(f"SELECT * FROM ({query}) WHERE {NAMED}")
    texts = engine.facts.texts(number for ids in found for number in ids) if found else {}
    return tuple(sorted((texts[s], texts[p], texts[o]) for s, p, o in found))


def _refuse_axioms(triples: Iterable[Triple]) -> None:
    for triple in triples:
        if triple[1] in SCHEMA_PREDICATES or (triple[1] == TYPE and triple[2] in SCHEMA_CLASSES):
            raise FullRunNeeded(f"an axiom changes: {' '.join(triple)}")


def _begin(engine: Engine) -> None:
    if engine.round > MOST_ROUNDS:
        raise FullRunNeeded("the rounds are numbered anew")
    engine.begin_change()
    for name in ("gone", "going", "promoted"):
        engine.facts.run(f"CREATE OR REPLACE TEMP TABLE {name} ({_FACT_COLUMNS})")


def _numbers_table(engine: Engine, name: str, triples: Sequence[Triple]) -> None:
    columns = [list(column) for column in zip(*engine.facts.numbers(triples), strict=True)] or [[], [], []]
    engine.facts.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT DISTINCT unnest(?::INTEGER[]) AS s, "
        "unnest(?::INTEGER[]) AS p, unnest(?::INTEGER[]) AS o",
        columns,
    )


def _change(engine: Engine, changed: str) -> None:
    """Take ``going`` (where it is what changes) and what rests on it away, put ``coming`` in, and infer on."""
    nodes = _nodes(engine, changed)
    if changed == "going":
        _over_delete(engine)
    nodes |= _nodes(engine, "gone")
    for level in range(engine.top_level + 1):
        testing = [
            ground
            for ground in engine.book.inferring()
            if not ground.rule.is_monotone and engine.level(ground) == level
        ]
        may_be = [ground for ground in testing if _may_be_affected(engine, ground, nodes)]
        if may_be:
            _changed_table(engine, is_coming=level == 0 and changed == "coming")
        affected = [ground for ground in may_be if engine.has_same_as or _is_affected(engine, ground)]
        if affected:
            engine.facts.run(f"INSERT INTO going SELECT * FROM fact WHERE rule IN ({_numbers(affected)})")
            _over_delete(engine, affected)
        _derive_again(engine, level, affected)
        for ground in testing:
            if ground in affected:
                ground.pending, ground.first_new = True, 0
            elif level:  # what came at lower levels was not shown to it
                engine.catch_up(ground)
        engine.merge()
        if level == 0 and changed == "coming":
            engine.enter("coming")
        engine.saturate_level(level)
        nodes |= _nodes(engine, "gone") | _nodes(engine, f"fact WHERE {engine.is_new}")
    engine.check_axioms()


def _numbers(rules: Iterable[GroundRule]) -> str:
    return ", ".join(str(ground.number) for ground in rules)


def _may_be_affected(engine: Engine, ground: GroundRule, changed: Collection[Node]) -> bool:
    """Whether facts changed of a kind that a rule tests the absence or number of; sameAs may carry any change to it."""
    tested = tested_nodes(ground.rule)
    return engine.has_same_as or any(overlap(node, other) for node in changed for other in tested)


def _changed_table(engine: Engine, *, is_coming: bool) -> None:
    """Put what changed so far into ``changed``, and all facts of before and of now into ``either``."""
    tables = ["gone", f"fact WHERE {engine.is_new}", *(["coming"] if is_coming else [])]
    selects = " UNION ".join(f"SELECT s, p, o FROM {table}" for table in tables)
    engine.facts.run(f"CREATE OR REPLACE TEMP TABLE changed AS {selects}")
    engine.facts.run("CREATE OR REPLACE TEMP VIEW either AS SELECT s, p, o FROM fact UNION ALL SELECT * FROM changed")


def _is_affected(engine: Engine, ground: GroundRule) -> bool:
    """Whether something that changed is part of what a rule tests the absence or number of, before or now."""
    counts = ground.rule.counts
    bodies = [absence.body for absence in ground.rule.absences] + [count.body for count in counts]
    bodies += [absence.body for count in counts for absence in count.absences]
    return any(_has_changed(engine, ground, body) for body in bodies)


def _has_changed(engine: Engine, ground: GroundRule, body: tuple[Pattern, ...]) -> bool:
    rule = replace(ground.rule, body=body, filters=(), absences=(), counts=())
    for position, pattern in enumerate(body):
        sources = [Source("either")] * len(body)
        sources[position] = Source("changed")
        query = engine.writer.query(rule, sources, rows=ground.source())
        engine.begin_with(query, rule, f"a{position}", variables_of([pattern]))
        if engine.facts.rows(f"{query.text('1')} LIMIT 1", is_in_order=True):
            return True
    return False


def _nodes(engine: Engine, table: str) -> set[Node]:
    predicates, classes = engine.kinds(table)
    texts = engine.facts.texts(predicates | classes) if predicates else {}
    nodes = {texts[number] for number in predicates} - {TYPE}
    return nodes | {f"a {texts[number]}" for number in classes}


# -- deleting ------------------------------------------------------------------------------------------------------


def _over_delete(engine: Engine, affected: Sequence[GroundRule] = ()) -> None:
    """Move the facts in ``going``, and what may rest on them, from the facts to ``fallen`` and ``gone``."""
    facts = engine.facts
    facts.run(f"CREATE OR REPLACE TEMP TABLE fallen ({_FACT_COLUMNS})")
    used = {number for (number,) in facts.rows("SELECT DISTINCT rule FROM fact")}
    used -= {ground.number for ground in affected}
    rules = [ground for ground in engine.book.inferring() if ground.number in used]
    while facts.rows("SELECT 1 FROM going LIMIT 1"):
        facts.run("INSERT INTO fallen FROM going")
        facts.run(f"CREATE OR REPLACE TEMP TABLE falling ({_FACT_COLUMNS})")
        predicates, classes = engine.kinds("going")
        for ground in rules:
            for position in range(len(ground.rule.body)):
                if ground.reads(position, predicates, classes):
                    _fell(engine, ground, position)
        facts.run(
            "CREATE OR REPLACE TEMP TABLE going AS SELECT DISTINCT * FROM falling ANTI JOIN fallen USING (s, p, o)"
        )
    if facts.rows(f"SELECT 1 FROM fallen WHERE {engine.axiom_condition()} LIMIT 1"):
        raise FullRunNeeded("an inferred axiom may fall")
    facts.run("DELETE FROM fact WHERE (s, p, o) IN (SELECT (s, p, o) FROM fallen)")
    facts.run("INSERT INTO gone FROM fallen")


def _fell(engine: Engine, ground: GroundRule, position: int) -> None:
    """Add what a rule is recorded to have concluded, where an earlier fact that goes may be its premise."""
    sources = [Source("fact", _EARLIER)] * len(ground.rule.body)
    sources[position] = Source("going", _EARLIER)
    for head in ground.rule.head:
        query = _query(engine, ground, head, "fact", sources)
        query.conditions.append(f"f.rule = {ground.number}")
        engine.begin_with(query, ground.rule, f"a{position}", variables_of([ground.rule.body[position]]))
        statement = f"INSERT INTO falling {query.text('DISTINCT f.s, f.p, f.o, f.round, f.rule')}"
        engine.run_planned(statement, ground.rule)


def _derive_again(engine: Engine, level: int, affected: Sequence[GroundRule]) -> None:
    """Make candidates of what is gone but has another proof in one step by a rule that may run at this level.

    Rules of lower levels have had their turn, unless affected rules have taken more away.
    """
    engine.clear_candidates()
    nodes = _nodes(engine, "gone")
    for ground in engine.book.inferring() if nodes else ():
        own = engine.level(ground)
        if own > level or ground in affected or (own < level and not affected):
            continue
        if any(overlap(made, node) for made in head_nodes(ground.rule) for node in nodes):
            for head in ground.rule.head:
                query = _query(engine, ground, head, "gone", [FACTS] * len(ground.rule.body))
                engine.begin_with(query, ground.rule, "f", variables_of([head]))
                statement = f"INSERT INTO candidate {query.text(f'DISTINCT f.s, f.p, f.o, {ground.number}')}"
                engine.run_planned(statement, ground.rule)


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
