"""A loaded graph → what follows from it, by the plan's engine."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from immunograph.building.loading import load_asserted, load_files
from immunograph.building.plan import BuildPlan
from immunograph.errors import InconsistencyError, StoreError
from immunograph.reasoning import Closure, compile_program, infer, infer_with_owlrl, read_rules
from immunograph.store.graph import Graph, Triple, source_graph


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
    """

    triples: list[Triple]
    asserted: int
    closure: Closure | None
    seconds: float
    unsupported: tuple[str, ...] = ()
    not_run: tuple[str, ...] = ()


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
        new = sorted(set(infer_with_owlrl(asserted, ontology)) - asserted - set(ontology))
        not_run = tuple(f"{rule.path or rule.name}: rule files are not run by owlrl" for rule in rules)
        return Inference(new, len(asserted), None, time.perf_counter() - started, not_run=not_run)
    try:
        closure = infer(sorted(asserted), compile_program(ontology, rules), proofs=has_proofs, strict=plan.is_strict)
    except (OSError, duckdb.Error) as error:
        raise StoreError(
            f"{tempfile.gettempdir()}: what the reasoner sets aside cannot be written ({error}); free space there, "
            "or name another folder in TMPDIR"
        ) from error
    if closure.clashes:
        raise InconsistencyError([str(clash) for clash in closure.clashes])
    problems = tuple(map(str, closure.unsupported))
    return Inference(sorted(closure.inferred()), len(asserted), closure, time.perf_counter() - started, problems)


def inferred_without(graph: Graph, plan: BuildPlan, triple: Triple, associations: Sequence[str]) -> set[Triple] | None:
    """Infer again on a built graph's stated triples without one of them.

    Args:
        graph: a built graph, with its ontology and its inferred triples in named graphs.
        plan: says where the rules are.
        triple: what is retracted.
        associations: IRIs of the associations that state it; every triple that names one goes too.

    Returns:
        What is inferred then; None where nothing stated is retracted.
    """
    ontology = list(graph.triples(source_graph("ontology")))
    stated = set(graph.triples()) - set(ontology) - set(graph.triples(source_graph("inferred")))
    gone = {f"<{iri}>" for iri in associations}
    kept = sorted(one for one in stated if one != triple and one[0] not in gone and one[2] not in gone)
    if len(kept) == len(stated):
        return None
    program = compile_program(ontology, read_rules(plan.ontology / "rules"))
    return set(infer(kept, program, proofs=False).inferred())


def infer_files(files: Sequence[Path], plan: BuildPlan, *, has_proofs: bool = True) -> Inference:
    """Infer on files with the ontology, or on the plan's data where no file is given.

    Raises:
        LoadError: a file is missing or does not parse; otherwise as ``infer_graph``.
    """
    graph = load_files(files, plan) if files else load_asserted(plan)[0]
    return infer_graph(graph, plan, has_proofs=has_proofs)
