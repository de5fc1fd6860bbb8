"""Every recorded step of the shipped graph, and a thousand whole trees, are accepted by the independent checker."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph
import pytest

from immunograph.reasoning import Closure, compile_program, infer, read_rules
from immunograph.reasoning.terms import Triple

from .proof_checker import ProofChecker, read_rule_texts
from .second_engine import SecondEngine

ROOT = Path(__file__).parents[2]
RULES = ROOT / "ontology" / "rules"
SLOW = {"class-statement-to-members", "monitoring-by-mechanism", "screening-by-mechanism"}
"""Take Oxigraph up to minutes here: run by benchmarks/reasoning/second_engine.py, and on the synthetic graph."""
WAITING = {"class-effect-exception"}
"""Every denial of a class effect in the data is limited to a trial or a population, so that none is an exception."""
SEED = 20261122
TREES = 1000


def read_folder(folder: Path) -> Iterator[Triple]:
    for path in sorted(folder.rglob("*.ttl")):
        for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE):
            yield str(quad.subject), str(quad.predicate), str(quad.object)


def ontology() -> list[Triple]:
    """The modules: slices of other ontologies are no part of what is reasoned with."""
    return list(read_folder(ROOT / "ontology" / "modules"))


@pytest.fixture(scope="module")
def closure() -> Closure:
    program = compile_program(ontology(), read_rules(ROOT / "ontology" / "rules"))
    return infer(read_folder(ROOT / "data"), program, strict=True)


@pytest.fixture(scope="module")
def checker(closure: Closure) -> ProofChecker:
    rows = closure.facts.rows(
        "SELECT a.text, b.text, c.text, f.round FROM fact AS f "
        "JOIN term AS a ON a.id = f.s JOIN term AS b ON b.id = f.p JOIN term AS c ON c.id = f.o"
    )
    rounds = {(s, p, o): number for s, p, o, number in rows}
    return ProofChecker(rounds, read_rule_texts(ROOT / "ontology" / "rules"))


def test_every_recorded_step_is_accepted(closure: Closure, checker: ProofChecker) -> None:
    proved = set()
    for step in closure.steps():
        checker.check(step)
        proved.add(step.triple)
    assert proved == set(closure.inferred(anonymous=True))


def test_whole_trees_drawn_by_seed_are_accepted(closure: Closure, checker: ProofChecker) -> None:
    conclusions = sorted(closure.inferred(anonymous=True))
    for conclusion in random.Random(SEED).sample(conclusions, min(TREES, len(conclusions))):
        proof = closure.explain(conclusion)
        assert proof is not None
        checker.check_tree(proof)


@pytest.fixture(scope="module")
def second_engine(closure: Closure) -> SecondEngine:
    return SecondEngine(closure.facts.decoded("TRUE"))


def test_nothing_follows_by_owl_that_is_not_known(second_engine: SecondEngine) -> None:
    assert list(second_engine.missing({})) == []
    assert second_engine.clashes() == []


@pytest.mark.parametrize("name", [file.name for file in read_rules(RULES) if file.name not in SLOW | WAITING])
def test_a_second_engine_concludes_by_a_rule_file_what_is_recorded(
    closure: Closure, second_engine: SecondEngine, name: str
) -> None:
    concluded = second_engine.concluded(read_rule_texts(RULES)[name])
    assert concluded
    numbers = [str(number) for (number,) in closure.facts.rows("SELECT number FROM rule WHERE name = ?", [name])]
    assert set(closure.facts.decoded(f"rule IN ({', '.join(numbers)})")) <= concluded
    assert concluded <= set(closure.facts.decoded(f"p IN ({', '.join(predicates_of(closure, concluded))})"))


@pytest.mark.parametrize("name", sorted(WAITING))
def test_a_second_engine_concludes_nothing_by_a_rule_that_waits(second_engine: SecondEngine, name: str) -> None:
    assert second_engine.concluded(read_rule_texts(RULES)[name]) == set()


def predicates_of(closure: Closure, triples: Iterable[Triple]) -> list[str]:
    return sorted(str(closure.facts.find(predicate)) for predicate in {predicate for _, predicate, _ in triples})


def test_every_rule_file_fires_or_waits_for_data(closure: Closure) -> None:
    """A rule that no fact of the shipped graph fires is listed here; the list may only shrink."""
    fired = {
        name for (name,) in closure.facts.rows("SELECT DISTINCT name FROM rule JOIN fact ON rule.number = fact.rule")
    }
    waiting = {file.name for file in read_rules(ROOT / "ontology" / "rules")} - fired
    assert waiting <= WAITING
