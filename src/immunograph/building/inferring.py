"""A loaded graph → what follows from it, by the plan's engine."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from immunograph import __version__
from immunograph.building.loading import load_asserted, load_files
from immunograph.building.plan import CLOSURE, REPORT, STORE, BuildPlan
from immunograph.errors import InconsistencyError, StoreError
from immunograph.reasoning import Closure, RuleFile, compile_program, infer, infer_with_owlrl, read_rules
from immunograph.reasoning.terms import is_blank, value_key
from immunograph.store.graph import Graph, source_graph
from immunograph.store.triples import Triple, canonical

MOST_CHANGED = 0.2
"""Where a larger part of the stated triples comes or goes, inferring anew is quicker."""


@dataclass(frozen=True, slots=True)
class Inference:
    """What an engine concluded.

    Attributes:
        triples: what is new, sorted.
        asserted: how many triples it began with, without the ontology's.
        closure: the closure with its proofs; None for the reference engine, which has none.
        seconds: how long it took.
        unsupported: axioms and rules that were not reasoned with.
        not_run: rule files that the reference engine does not know.
        program: key of the ontology and the rules; a later build may go on from this one where it is the same.
        how: how it was done, in words, where it went on from an earlier graph.
    """

    triples: list[Triple]
    asserted: int
    closure: Closure | None
    seconds: float
    unsupported: tuple[str, ...] = ()
    not_run: tuple[str, ...] = ()
    program: str = ""
    how: str = ""


def infer_graph(graph: Graph, plan: BuildPlan, *, has_proofs: bool = True) -> Inference:
    """Infer with the plan's engine.

    Raises:
        InconsistencyError: the closure contradicts itself; it carries the proofs of the clashes.
        RuleError: strict, and an axiom or rule is not supported.
        StoreError: there is no space left for what the reasoner sets aside.
    """
    started = time.perf_counter()
    ontology = list(graph.triples(source_graph("ontology")))
    asserted = set(graph.triples()) - set(ontology)
    rules = read_rules(plan.ontology / "rules")
    if plan.engine == "owlrl":
        new = sorted(
            (s, p, o)
            for s, p, o in set(infer_with_owlrl(asserted, ontology)) - asserted - set(ontology)
            if not is_blank(s) and not is_blank(o)
        )
        not_run = tuple(f"{rule.path or rule.name}: rule files are not run by owlrl" for rule in rules)
        return Inference(new, len(asserted), None, time.perf_counter() - started, not_run=not_run)
    try:
        closure = infer(sorted(asserted), compile_program(ontology, rules), proofs=has_proofs, strict=plan.is_strict)
    except (OSError, duckdb.Error) as error:
        raise StoreError(
            f"{tempfile.gettempdir()}: what the reasoner sets aside cannot be written ({error}); free space there, "
            "or name another folder in TMPDIR"
        ) from error
    return _concluded(closure, len(asserted), started, program_key(ontology, rules))


def _concluded(closure: Closure, asserted: int, started: float, program: str, how: str = "") -> Inference:
    without_clashes(closure)
    problems = tuple(map(str, closure.unsupported))
    seconds = time.perf_counter() - started
    return Inference(sorted(closure.inferred()), asserted, closure, seconds, problems, program=program, how=how)


def without_clashes(closure: Closure) -> None:
    """See that a closure does not contradict itself.

    Raises:
        InconsistencyError: it does; the error carries the proofs of the clashes.
    """
    if closure.clashes:
        raise InconsistencyError([clash.as_text() for clash in closure.clashes])


def program_key(ontology: Iterable[Triple], rules: Iterable[RuleFile]) -> str:
    """SHA-256 of all that decides what follows from stated triples: the ontology and the rule files."""
    digest = hashlib.sha256(__version__.encode())
    for triple in canonical(ontology):
        digest.update(" ".join(triple).encode() + b"\n")
    for rule in rules:
        digest.update(f"{rule.name}\0{rule.text}\0".encode())
    return digest.hexdigest()


def infer_from(graph: Graph, plan: BuildPlan, base: Path) -> Inference:
    """Infer by going on from an earlier built graph: only what rests on what came or went is derived again.

    All is inferred anew, and ``Inference.how`` says why, where the ontology or the rules differ or a large part of the
    data does. The graph's ontology is replaced by the equal one of the earlier graph, whose blank nodes proofs name.

    Args:
        graph: the loaded graph.
        plan: what is built.
        base: folder of the earlier built graph; it is only read.

    Raises:
        StoreError: the earlier graph cannot be read; otherwise as ``infer_graph``.
    """
    started = time.perf_counter()
    ontology = list(graph.triples(source_graph("ontology")))
    key = program_key(ontology, read_rules(plan.ontology / "rules"))
    if plan.engine != "duckdb" or not (base / CLOSURE).is_file():
        return _anew(graph, plan, "no proofs to go on from")
    if _program_of(base) != key:
        return _anew(graph, plan, "the ontology, the rules or the version differ")
    earlier = Graph.read_only(base / STORE)
    old_ontology = list(earlier.triples(source_graph("ontology")))
    asserted = set(graph.triples()) - set(ontology)
    stated = set(earlier.triples()) - set(old_ontology) - set(earlier.triples(source_graph("inferred")))
    came, went = asserted - stated, stated - asserted
    if len(came) + len(went) > len(stated) * MOST_CHANGED:
        return _anew(graph, plan, f"{len(came) + len(went):,} stated triples differ")
    if _is_said_otherwise(went, asserted):
        return _anew(graph, plan, "a value is written in another way")
    closure = Closure.open(base / CLOSURE)
    reasons = [change.reason for change in (closure.retract(went), closure.add(came)) if change.reason]
    graph.remove(ontology)
    graph.remove(ontology, source_graph("ontology"))
    graph.add(old_ontology, source_graph("ontology"))
    how = f"inferred anew: {reasons[0]}" if reasons else f"{len(came):,} stated triples came and {len(went):,} went"
    return _concluded(closure, len(asserted), started, key, how)


def _anew(graph: Graph, plan: BuildPlan, why: str) -> Inference:
    return replace(infer_graph(graph, plan), how=f"inferred anew: {why}")


def _is_said_otherwise(went: Iterable[Triple], asserted: Iterable[Triple]) -> bool:
    """Whether something that went stands in another spelling of its value, such as 1 and 1.0: it is one fact."""
    values = {(s, p, value_key(o)) for s, p, o in went if o.startswith('"')}
    subjects = {subject for subject, _, _ in values}
    return any(s in subjects and (s, p, value_key(o)) in values for s, p, o in asserted)


def _program_of(base: Path) -> str:
    try:
        report = json.loads((base / REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{base / REPORT}: cannot be read ({error}); build that graph again") from error
    return str(report.get("program", ""))


def falling_without(graph: Graph, closure: Closure, triple: Triple, associations: Sequence[str]) -> list[Triple] | None:
    """What of a closure would fall without one of the stated triples.

    Args:
        graph: the graph that the closure is of.
        closure: it is changed in memory and not to be used any more; its file stays as it is.
        triple: what is retracted.
        associations: IRIs of the associations that state it; every triple that names one goes too.

    Returns:
        The inferred triples that would not hold any more, sorted; None where nothing stated is retracted.
    """
    named = set(graph.around(associations)) | {triple}
    change = closure.retract(sorted(named))
    return None if change.stated == 0 else list(change.vanished)


def infer_files(files: Sequence[Path], plan: BuildPlan, *, has_proofs: bool = True) -> Inference:
    """Infer on files with the ontology, or on the plan's data where no file is given.

    Raises:
        LoadError: a file is missing or does not parse; otherwise as ``infer_graph``.
    """
    graph = load_files(files, plan) if files else load_asserted(plan)[0]
    return infer_graph(graph, plan, has_proofs=has_proofs)
