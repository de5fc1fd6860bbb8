"""The fixpoint: rules as SQL over what is new, round after round, until nothing new comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from immunograph.errors import ImmunographError
from immunograph.reasoning.facts import FIRST_BLANK, FactBase
from immunograph.reasoning.grounded import GroundRule, RuleBook
from immunograph.reasoning.grounding import Grounding
from immunograph.reasoning.planning import order_from
from immunograph.reasoning.program import Program
from immunograph.reasoning.rules import ASSERTED, Rule, Unsupported, variables_of
from immunograph.reasoning.schema import Schema
from immunograph.reasoning.sql import FACTS, Query, Source, SqlWriter
from immunograph.reasoning.stratification import stratify
from immunograph.reasoning.terms import (
    AXIOM_WORDS,
    DOMAIN,
    FIRST,
    NOTHING,
    RANGE,
    REFLEXIVE,
    REST,
    SAME_AS,
    SCHEMA_CLASSES,
    SCHEMA_PREDICATES,
    SUB_CLASS,
    THING,
    TYPE,
)


class FullRunNeeded(ImmunographError):  # noqa: N818 - says what to do; it never leaves the reasoner
    """A change reaches axioms, so everything must be inferred again."""


Reporter: TypeAlias = Callable[[str], None]
DELTA: Final = Source("delta")
_CANDIDATES: Final = "CREATE OR REPLACE TABLE candidate (s INTEGER, p INTEGER, o INTEGER, rule SMALLINT)"
_DELTA: Final = "CREATE OR REPLACE TABLE delta (s INTEGER, p INTEGER, o INTEGER, round SMALLINT, rule SMALLINT)"


class Engine:
    """Runs a program over a fact base.

    Args:
        facts: the stated facts, ontology included; conclusions are added to it.
        program: the rules.
        reporter: told about each round, one line a time.

    Attributes:
        book: the rules as grounded so far.
        problems: malformed axioms met among the facts.
        round: the number of the last round that added something.
        has_same_as: whether facts said owl:sameAs when the rules were last ordered.
    """

    def __init__(self, facts: FactBase, program: Program, reporter: Reporter | None = None) -> None:
        self.facts = facts
        self.program = program
        self.book = RuleBook(facts)
        self.writer = SqlWriter(facts.intern)
        self.round = 0
        self.problems: list[Unsupported] = []
        self.has_same_as = False
        self._grounding = Grounding(trivial=program.trivial)
        self._report = reporter or (lambda _: None)
        self._new_predicates: set[int] = set()
        self._new_classes: set[int] = set()
        self._known_predicates: set[int] = set()
        self._known_classes: set[int] = set()
        self._levels: dict[str, int] = {}
        self._settled: int | None = None
        self._schema: Schema | None = None
        self._compiled = 0
        self._begun = 0
        self._had_same_as = False

    def run(self) -> None:
        """Infer everything that follows.

        Raises:
            RuleError: axioms among the facts make the rules unstratified.
        """
        self.facts.run(_DELTA)
        self._known_predicates, self._known_classes = self.kinds("fact")
        self.compile()
        self.saturate(lambda rule: rule.name.startswith("scm-"))
        self._by_level()

    def _by_level(self) -> None:
        for level in range(self.top_level + 1):
            self.saturate_level(level)

    @classmethod
    def restored(cls, facts: FactBase, program: Program) -> Engine:
        """The engine of a closure that was saved, ready for changes.

        Args:
            facts: a copy of the closure's tables.
            program: as it was; its rules are those of the table ``rule``.
        """
        engine = cls(facts, program)
        engine.book = RuleBook.restored(facts)
        facts.learn(AXIOM_WORDS)
        engine.round = int(facts.rows("SELECT coalesce(max(round), 0) FROM fact")[0][0])
        engine._known_predicates, engine._known_classes = engine.kinds("fact")
        engine.has_same_as = facts.count(f"p = {facts.intern(SAME_AS)}") > 0
        engine._levels = stratify([ground.rule for ground in engine.book], has_same_as=engine.has_same_as)
        return engine

    @property
    def top_level(self) -> int:
        """The level of the rules that run last."""
        return max(self._levels.values(), default=0)

    def level(self, ground: GroundRule) -> int:
        """The level from which on a rule runs."""
        return self._levels.get(ground.rule.key, 0)

    def saturate_level(self, top: int) -> None:
        """Run the rules up to a level until nothing new comes."""
        self.saturate(lambda rule: self._levels.get(rule.key, 0) <= top)

    def begin_change(self) -> None:
        """Begin the round in which stated facts come; from now on rules are not compiled again."""
        self.facts.run(_DELTA)
        self.clear_candidates()
        self._begun = self.round + 1
        self.round = self._begun
        self._had_same_as = self.facts.count(f"p = {self.facts.intern(SAME_AS)}") > 0
        self._settled = self.facts.count(self.axiom_condition()) if self._had_same_as else 0

    @property
    def is_new(self) -> str:
        """The SQL condition of facts that came since the change began."""
        return f"round >= {self._begun}"

    def check_axioms(self) -> None:
        """See that the change left the axioms as they were.

        Raises:
            FullRunNeeded: axioms came, so that rules would change.
        """
        condition = self.axiom_condition()
        if self.facts.count(condition if self._had_same_as else f"{self.is_new} AND {condition}") != self._settled:
            raise FullRunNeeded("an axiom is inferred, or a predicate that has another name comes or goes")

    def enter(self, coming: str) -> None:
        """Count stated facts as new in the round that began.

        Args:
            coming: a table with the columns s, p and o.
        """
        rows = f"SELECT s, p, o, {self.round}, {ASSERTED} FROM {coming}"
        self.facts.run(f"INSERT INTO fact {rows}")
        self.facts.run(f"INSERT INTO delta {rows}")
        self._take_in()

    def _take_in(self) -> None:
        self._new_predicates, self._new_classes = self.kinds("delta")
        self._known_predicates |= self._new_predicates
        self._known_classes |= self._new_classes

    def catch_up(self, ground: GroundRule) -> None:
        """Add to the candidates what a rule concludes from facts that came since the change began."""
        new = Source("fact", f"{{a}}.{self.is_new}")
        predicates, classes = self.kinds(f"fact WHERE {self.is_new}")
        for number in range(len(ground.rule.body)):
            if ground.reads(number, predicates, classes):
                sources = [FACTS] * len(ground.rule.body)
                sources[number] = new
                self._insert(ground, sources, small=number)

    def compile(self) -> None:
        """Ground the rules in the axioms known now; rows not seen before are run over all facts."""
        if self._settled is not None:
            self.check_axioms()
            return
        schema = self._schema_now()
        rules = self.program.ground(schema, self._grounding)
        self.problems = list(schema.problems.values())
        self.has_same_as = self.facts.count(f"p = {self.facts.intern(SAME_AS)}") > 0
        self._levels = stratify(rules, has_same_as=self.has_same_as)
        self.book.update(rules, self.round)
        self.facts.flush()

    def _schema_now(self) -> Schema:
        """All axioms, or those of the last time with the ones that came since."""
        condition = self.axiom_condition()
        self.facts.flush()
        if self._schema is None or self.facts.count(f"p = {self.facts.intern(SAME_AS)}"):
            self._schema = Schema(self.facts.decoded(condition))
        else:
            self._schema.extend(self.facts.decoded(f"round > {self._compiled} AND {condition}"))
        self._compiled = self.round
        return self._schema

    def axiom_condition(self) -> str:
        """The SQL condition of facts that rules are compiled from."""
        predicates = self._ids(SCHEMA_PREDICATES)
        classes = self._ids(SCHEMA_CLASSES)
        lists = self._ids([FIRST, REST])  # as stated: what sameAs would do to a list makes it no other list
        condition = f"((p IN ({predicates}) AND (rule <= 0 OR p NOT IN ({lists})))"
        condition += f" OR (p = {self.facts.intern(TYPE)} AND o IN ({classes}))"
        same = self.facts.intern(SAME_AS)
        if self.facts.count(f"p = {same}"):
            condition += f" OR (p = {same} AND s IN (SELECT DISTINCT p FROM fact))"
        return f"{condition})"

    def _ids(self, terms: Iterable[str]) -> str:
        return ", ".join(str(self.facts.intern(term)) for term in sorted(terms))

    def saturate(self, wanted: Callable[[Rule], bool]) -> None:
        """Run the wanted rules until nothing new comes; then, where axioms came, recompile and go on."""
        has_new_axioms = False
        while True:
            self.clear_candidates()
            for ground in self.book.inferring():
                if wanted(ground.rule):
                    self._fire(ground)
            found = self.merge()
            has_new_axioms = self._has_new_axioms() or has_new_axioms
            if found:
                continue
            if not has_new_axioms:
                return
            has_new_axioms = False
            self.compile()
            if not any(ground.pending and wanted(ground.rule) for ground in self.book.inferring()):
                return

    def clear_candidates(self) -> None:
        """Empty the table of candidates."""
        self.facts.run(_CANDIDATES)

    def _fire(self, ground: GroundRule) -> None:
        """Insert what a rule concludes from new rows over all facts, and from all rows over new facts."""
        if ground.pending and all(
            ground.reads(number, self._known_predicates, self._known_classes) for number in range(len(ground.rule.body))
        ):
            self._insert(ground, [FACTS] * len(ground.rule.body), new_rows=True)
        for number in range(len(ground.rule.body)):
            if ground.reads(number, self._new_predicates, self._new_classes):
                old = Source("fact", f"{{a}}.round < {self.round}")
                later = [FACTS] * (len(ground.rule.body) - number - 1)
                self._insert(ground, [*[old] * number, DELTA, *later], small=number)
        ground.pending = False

    def _insert(
        self, ground: GroundRule, sources: list[Source], *, new_rows: bool = False, small: int | None = None
    ) -> None:
        query = self.writer.query(ground.rule, sources, rows=ground.source(new_rows=new_rows))
        if small is not None:
            self.begin_with(query, ground.rule, f"a{small}", variables_of([ground.rule.body[small]]))
        for pattern in ground.rule.head:
            columns = self.writer.head(pattern, query)
            self.run_planned(f"INSERT INTO candidate {query.text(f'{columns}, {ground.number}')}", ground.rule)

    def begin_with(self, query: Query, rule: Rule, first: str, bound: Iterable[str]) -> None:
        """Have a join begin with a table that holds few rows, where a change is being made."""
        if self._settled is not None:
            order_from(query, rule, first, bound)

    def run_planned(self, statement: str, rule: Rule) -> None:
        """Run a statement with its tables joined as they stand, where a change is being made and nothing is counted."""
        if self._settled is None or rule.counts:
            self.facts.run(statement)
        else:
            self.facts.run_in_order(statement)

    def merge(self) -> int:
        """Make the candidates that are new the facts of the next round.

        Returns:
            How many there were.
        """
        if not self.facts.rows("SELECT 1 FROM candidate LIMIT 1"):
            self._new_predicates, self._new_classes = set(), set()
            return 0
        following = self.round + 1
        self.facts.run(
            f"CREATE OR REPLACE TABLE delta AS SELECT s, p, o, {following}::SMALLINT AS round, min(rule) AS rule "
            f"FROM candidate ANTI JOIN fact USING (s, p, o) WHERE {self._keeps()} GROUP BY s, p, o ORDER BY p, o"
        )
        found = int(self.facts.rows("SELECT count(*) FROM delta")[0][0])
        if found:
            self.facts.run("INSERT INTO fact SELECT s, p, o, round, rule FROM delta")
            self.round = following
            self._report(f"round {following}: {found:,} new")
        self._take_in()
        return found

    def kinds(self, table: str) -> tuple[set[int], set[int]]:
        """The predicates of a table, and the classes of its type triples."""
        rows = self.facts.rows(f"SELECT DISTINCT p, CASE WHEN p = {self.facts.intern(TYPE)} THEN o END FROM {table}")
        return {row[0] for row in rows}, {row[1] for row in rows if row[1] is not None}

    def _keeps(self) -> str:
        """The condition of triples worth keeping: triples of RDF, and none that hold of everything."""
        intern = self.facts.intern
        reflexive = [SAME_AS] if self.program.trivial else list(REFLEXIVE)
        kept = f"s > 0 AND p BETWEEN 1 AND {FIRST_BLANK - 1} AND NOT (s = o AND p IN ({self._ids(reflexive)}))"
        if not self.program.trivial:
            thing, nothing = intern(THING), intern(NOTHING)
            kept += f" AND NOT (o = {thing} AND p IN ({self._ids([TYPE, DOMAIN, RANGE])}))"
            kept += f" AND NOT (p = {intern(SUB_CLASS)} AND (o = {thing} OR s = {nothing}))"
        self.facts.flush()
        return kept

    def _has_new_axioms(self) -> bool:
        known = self.facts.find
        predicates = {known(term) for term in SCHEMA_PREDICATES | {SAME_AS}}
        classes = {known(term) for term in SCHEMA_CLASSES}
        return bool(self._new_predicates & predicates or self._new_classes & classes)
