"""A closure: stated and inferred triples, with the proof of each; kept in a file so that it can be asked later."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from immunograph.errors import InconsistencyError, RuleError, StoreError
from immunograph.reasoning import change
from immunograph.reasoning.clashes import find_clashes, find_new_clashes
from immunograph.reasoning.engine import Engine, FullRunNeeded, Reporter
from immunograph.reasoning.explaining import Explainer
from immunograph.reasoning.facts import NAMED, FactBase
from immunograph.reasoning.grounded import rule_to_json
from immunograph.reasoning.nearly import NearMiss, NearMisses
from immunograph.reasoning.program import Program
from immunograph.reasoning.proofs import Clash, Proof, Step
from immunograph.reasoning.rules import ASSERTED, ONTOLOGY, Unsupported
from immunograph.reasoning.terms import AXIOM_WORDS, Triple, value_key

FORMAT = 2
_FILE_TABLES = "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() ORDER BY table_name"
_PASSING = {"delta", "candidate", "axiom"}
_AXIOM_OF_ROW = (
    "CREATE OR REPLACE TABLE axiom_of_row AS SELECT a.rule, n, position, s, p, o, f.round, f.rule AS origin "
    "FROM axiom AS a JOIN fact AS f USING (s, p, o) ORDER BY a.rule, n, position"
)


class Closure:
    """Everything that follows from what was stated.

    Attributes:
        clashes: contradictions, each with its proofs.
        unsupported: axioms and rules that were not reasoned with.
    """

    def __init__(self, facts: FactBase, unsupported: Iterable[Unsupported], clashes: Iterable[Clash] = ()) -> None:
        self.facts = facts
        self.unsupported = tuple(unsupported)
        self.clashes = tuple(clashes)
        self._engine: Engine | None = None
        self._has_proofs = True
        self._is_trivial = False
        self._explainer = Explainer(self.facts)

    @property
    def asserted_count(self) -> int:
        """Stated triples, without the ontology's."""
        return self.facts.count(f"rule = {ASSERTED}")

    @property
    def inferred_count(self) -> int:
        """Inferred triples without blank nodes: as many as ``inferred`` gives."""
        return self.facts.count(f"rule > 0 AND {NAMED}")

    @property
    def rounds(self) -> int:
        """How many rounds it took."""
        return int(self.facts.rows("SELECT coalesce(max(round), 0) FROM fact")[0][0])

    def inferred(self, *, anonymous: bool = False) -> Iterator[Triple]:
        """The triples that were not stated, in a fixed order.

        Args:
            anonymous: also those about blank nodes, such as membership in an unnamed restriction.
        """
        return self.facts.decoded("rule > 0" + ("" if anonymous else f" AND {NAMED}"))

    def asserted(self) -> Iterator[Triple]:
        """The triples that were stated, without the ontology's, in a fixed order."""
        return self.facts.decoded(f"rule = {ASSERTED}")

    def stated_among(self, triples: Sequence[Triple]) -> list[Triple]:
        """Those of some triples that are stated, by the data or by the ontology."""
        return [triple for triple in triples if self._explainer.is_stated(triple)]

    def may_be_spelled_otherwise(self, literals: Sequence[str]) -> bool:
        """Whether the value of some literal is known in other words, such as 1 and 1.0, or is inferred of something.

        Where such a literal comes or goes, inferring anew may write the value in another way.
        """
        by_key = {value_key(text): text for text in literals}
        query = "SELECT id, text, coalesce(key, text) FROM term WHERE id < 0 AND list_contains(?, coalesce(key, text))"
        rows = self.facts.rows(query, [list(by_key)]) if by_key else []
        if any(by_key[key] != text for _, text, key in rows) or len(by_key) < len(literals):
            return True
        typed = ", ".join(str(number) for number, text, _ in rows if '"^^<' in text)
        return bool(typed) and self.facts.count(f"rule > 0 AND o IN ({typed})") > 0

    def ontology(self) -> Iterator[Triple]:
        """The triples that the ontology states, in a fixed order."""
        return self.facts.decoded(f"rule = {ONTOLOGY}")

    def __contains__(self, triple: Triple) -> bool:
        return self.step(triple) is not None

    def explain(self, triple: Triple) -> Proof | None:
        """The proof of a triple down to what was stated; None where it does not hold."""
        return self._explainer.proof(triple)

    def step(self, triple: Triple) -> Step | None:
        """The last step of a triple's proof; None where it does not hold."""
        return self._explainer.step(triple)

    def steps(self) -> Iterator[Step]:
        """The recorded step of every inferred triple, those about blank nodes included."""
        return self._explainer.steps()

    def derivations(self, triple: Triple, limit: int = 20) -> list[Step]:
        """Up to ``limit`` different steps that give a triple, whatever came first."""
        return list(self._explainer.derivations(triple, limit))

    def near_misses(self, triple: Triple, limit: int = 3) -> list[NearMiss]:
        """The rules that come nearest to giving a triple that does not hold, and which of their premises fail.

        At most one for each rule, the nearest first; none where the facts do not know its terms.
        """
        ids = self._explainer.find_ids(triple)
        return [] if ids is None else NearMisses(self._explainer.matcher).of(ids, limit)

    def add(self, triples: Iterable[Triple]) -> change.Change:
        """State more triples and infer what follows; the outcome is that of inferring from all of them.

        The ontology and the rules cannot change. A closure that was opened from a file is read into memory first; the
        file stays as it is.

        Args:
            triples: triples as N-Triples text.

        Returns:
            How many are new, and why everything had to be inferred again, where it had to.

        Raises:
            RuleError: a triple is malformed, or the closure was made without proofs.
            StoreError: the file that the closure was opened from cannot be read any more.
        """
        return self._change(list(triples), change.add, lambda stated, given: stated | given)

    def retract(self, triples: Iterable[Triple]) -> change.Change:
        """State some triples no more; the outcome is that of inferring from the others. Otherwise as ``add``.

        What the ontology states stays, and what was inferred and not stated cannot be retracted.
        """
        return self._change(list(triples), change.retract, lambda stated, given: stated - given)

    def _change(
        self,
        triples: list[Triple],
        make: Callable[[Engine, Sequence[Triple]], int],
        combine: Callable[[set[Triple], set[Triple]], set[Triple]],
    ) -> change.Change:
        engine = self._engine or self._restore()
        count, last_round = self.asserted_count, engine.round
        try:
            stated = make(engine, triples)
        except FullRunNeeded as reason:
            old = change.inferred_before(engine, last_round)
            self._begin_anew(combine(set(self.asserted()), self._as_known(triples)), engine.program)
            new = set(self.inferred())
            stated = abs(self.asserted_count - count)
            return change.Change(stated, str(reason), tuple(sorted(new - old)), tuple(sorted(old - new)))
        self._explainer = Explainer(self.facts)
        found = find_clashes(engine) if self.clashes else find_new_clashes(engine)
        self.clashes = tuple(self.proved_clash(*clash) for clash in found)
        return change.Change(stated, "", *change.differences(engine))

    def _restore(self) -> Engine:
        if not self._has_proofs or not self.facts.rows("SELECT 1 FROM rule LIMIT 1"):
            raise RuleError("a closure without proofs cannot change; infer again from the changed triples")
        facts = self.facts.copied()
        self.facts.connection.close()
        self.facts = facts
        ontology = tuple(self.ontology())
        program = Program(ontology, (), self.unsupported, self._is_trivial)
        self._engine = Engine.restored(facts, program)
        self._engine.program = replace(program, file_rules=tuple(self._engine.book.file_rules()))
        return self._engine

    def _as_known(self, triples: Sequence[Triple]) -> set[Triple]:
        """Triples with each literal as it was first written."""
        found = self.facts.numbers(triples)
        texts = self.facts.texts(number for ids in found for number in ids)
        return {(texts[s], texts[p], texts[o]) for s, p, o in found}

    def _begin_anew(self, stated: Iterable[Triple], program: Program) -> None:
        facts = FactBase.empty()
        facts.load(program.ontology, rule=ONTOLOGY)
        facts.load(sorted(stated))
        other = close(facts, program, proofs=self._has_proofs, strict=False)
        self.close()
        self.__dict__.update(vars(other))

    def save(self, path: Path) -> None:
        """Write the closure to a DuckDB file, whole or not at all.

        Raises:
            StoreError: the file cannot be written.
        """
        partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
        try:
            partial.unlink(missing_ok=True)
            self._write(partial)
            partial.replace(path)
        except (OSError, duckdb.Error) as error:
            raise StoreError(f"{path}: the closure cannot be written: {error}") from error
        finally:
            partial.unlink(missing_ok=True)

    def _write(self, path: Path) -> None:
        self.facts.flush()
        tables = [name for (name,) in self.facts.rows(_FILE_TABLES) if name not in _PASSING]
        place = str(path).replace("'", "''")
        self.facts.run(f"ATTACH '{place}' AS file")
        try:
            for name in tables:
                order = " ORDER BY id" if name == "term" else ""
                self.facts.run(f"CREATE TABLE file.{name} AS FROM {name}{order}")
            self.facts.run("CREATE INDEX term_text ON file.term (text)")
            self.facts.run("CREATE INDEX term_id ON file.term (id)")
            self.facts.run("CREATE TABLE file.meta (format INTEGER, document VARCHAR)")
            self.facts.connection.execute("INSERT INTO file.meta VALUES (?, ?)", [FORMAT, self._document()])
        finally:
            self.facts.run("DETACH file")

    def _document(self) -> str:
        unsupported = [[item.what, item.place, item.reason] for item in self.unsupported]
        clashes = [[clash.rule, clash.premises, clash.axioms] for clash in self.clashes]
        document = {"unsupported": unsupported, "clashes": clashes, "trivial": self._is_trivial}
        return json.dumps(document, ensure_ascii=False)

    @classmethod
    def open(cls, path: Path) -> Closure:
        """Open a saved closure; nothing is inferred again.

        Raises:
            StoreError: there is no such file, or it is not a closure of this version.
        """
        if not path.is_file():
            raise StoreError(f"{path}: there is no closure here; run `immunograph build --force`")
        try:
            connection = duckdb.connect(str(path), read_only=True)
            ((format_, text),) = connection.execute("SELECT format, document FROM meta").fetchall()
        except (duckdb.Error, ValueError) as error:
            raise StoreError(
                f"{path}: not a closure that can be read ({error}); run `immunograph build --force`"
            ) from error
        if format_ != FORMAT:
            raise StoreError(f"{path}: written by another version of the reasoner; run `immunograph build --force`")
        return cls._from_document(FactBase.around(connection), json.loads(text))

    @classmethod
    def _from_document(cls, facts: FactBase, document: dict[str, Any]) -> Closure:
        closure = cls(facts, [Unsupported(*item) for item in document["unsupported"]])
        closure._is_trivial = document["trivial"]
        closure.clashes = tuple(
            closure.proved_clash(rule, [_triple(item) for item in premises], [_triple(item) for item in axioms])
            for rule, premises, axioms in document["clashes"]
        )
        return closure

    def proved_clash(self, rule: str, premises: Iterable[Triple], axioms: Iterable[Triple]) -> Clash:
        """A clash with the proof of each of its premises."""
        premises = tuple(premises)
        proofs = (self.explain(triple) for triple in premises)
        return Clash(rule, premises, tuple(axioms), tuple(proof for proof in proofs if proof is not None))

    def close(self) -> None:
        """Let go of the file or the memory."""
        self.facts.connection.close()


def _triple(items: Iterable[str]) -> Triple:
    subject, predicate, object_ = items
    return subject, predicate, object_


def infer(
    asserted: Iterable[Triple],
    program: Program,
    *,
    proofs: bool = True,
    strict: bool = False,
    reporter: Reporter | None = None,
) -> Closure:
    """Infer everything that follows from some triples and a program.

    Not materialised: reflexive ``owl:sameAs``, the datatype typing of literals, axiomatic triples, and (unless the
    program says so) that every class is its own superclass and everything an ``owl:Thing``. Literals are equal by
    value.

    Args:
        asserted: triples as N-Triples text.
        program: what to infer with; its ontology is added to the facts.
        proofs: keep what explanations need. Without it ``explain`` knows stated triples only.
        strict: refuse axioms and rules that are not supported, and contradictions.
        reporter: told about each round.

    Raises:
        RuleError: a triple is malformed; or ``strict``, and the program has unsupported parts.
        InconsistencyError: ``strict``, and the graph contradicts itself.
    """
    facts = FactBase.empty()
    facts.load(program.ontology, rule=ONTOLOGY)
    facts.load(asserted)
    return close(facts, program, proofs=proofs, strict=strict, reporter=reporter)


def close(
    facts: FactBase, program: Program, *, proofs: bool, strict: bool, reporter: Reporter | None = None
) -> Closure:
    """Infer over facts that are loaded already; otherwise as ``infer``."""
    engine = Engine(facts, program, reporter)
    engine.run()
    unsupported = dict.fromkeys([*program.unsupported, *engine.problems])
    if strict and unsupported:
        listed = "\n".join(map(str, unsupported))
        raise RuleError(f"{len(unsupported)} axiom(s) or rule(s) are not supported:\n{listed}")
    facts.run("CREATE TABLE rule (number SMALLINT, name VARCHAR, json VARCHAR)")
    for ground in engine.book if proofs else ():
        facts.connection.execute(
            "INSERT INTO rule VALUES (?, ?, ?)", [ground.number, ground.rule.name, rule_to_json(ground.rule)]
        )
    facts.run(_AXIOM_OF_ROW)
    found = find_clashes(engine)
    facts.forget_dictionary(kept=[*engine.book.constants(), *AXIOM_WORDS])
    closure = Closure(facts, unsupported)
    closure._engine, closure._has_proofs, closure._is_trivial = engine, proofs, program.trivial
    closure.clashes = tuple(closure.proved_clash(*clash) for clash in found)
    if strict and closure.clashes:
        raise InconsistencyError([clash.as_text() for clash in closure.clashes])
    return closure
