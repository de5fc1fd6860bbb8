"""Measures the reasoner: against owlrl, in growth, and in the price of proofs.

Run: python benchmarks/reasoning/run.py [--sizes 100000,1000000] [--owlrl 10000,shipped] [--limit 600]

Every figure is taken in a child process, one after another; on a shared machine, seconds of the processor tell more
than those on the wall. The clock starts when the triples are encoded (for owlrl: when they are in an rdflib graph) and
stops when nothing new follows.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks" / "synthetic"))

from generate import generate  # noqa: E402

from immunograph.reasoning import closure as closures  # noqa: E402
from immunograph.reasoning import compile_program, read_rules  # noqa: E402
from immunograph.reasoning.facts import FactBase  # noqa: E402
from immunograph.reasoning.rules import ONTOLOGY  # noqa: E402

SAMPLE = 200


def read_folder(folder: Path) -> Iterator[tuple[str, str, str]]:
    for path in sorted(folder.rglob("*.ttl")):
        for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE):
            yield str(quad.subject), str(quad.predicate), str(quad.object)


def graph(name: str) -> Iterator[tuple[str, str, str]]:
    return read_folder(ROOT / "data") if name == "shipped" else generate(int(name))


def ontology() -> list[tuple[str, str, str]]:
    return list(read_folder(ROOT / "ontology" / "modules"))


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_ours(name: str, *, proofs: bool, rules: bool) -> dict[str, object]:
    program = compile_program(ontology(), read_rules(ROOT / "ontology" / "rules") if rules else [])
    start = time.perf_counter()
    facts = FactBase.empty()
    facts.load(program.ontology, rule=ONTOLOGY)
    facts.load(graph(name))
    loaded, used = time.perf_counter(), time.process_time()
    closure = closures.close(facts, program, proofs=proofs, strict=False)
    done = time.perf_counter()
    found: dict[str, object] = {
        "encode_seconds": round(loaded - start, 2),
        "infer_seconds": round(done - loaded, 3),
        "infer_cpu_seconds": round(time.process_time() - used, 3),
        "asserted": closure.asserted_count,
        "closure": closure.facts.count("TRUE"),
        "peak_megabytes": round(peak_megabytes()),
    }
    if proofs and rules:
        found |= explain_median(closure)
    return found


def measure_change(name: str) -> dict[str, object]:
    """Ten triples retracted and added again, three times, against inference from the start in the same process."""
    program = compile_program(ontology(), read_rules(ROOT / "ontology" / "rules"))
    start, used = time.perf_counter(), time.process_time()
    facts = FactBase.empty()
    facts.load(program.ontology, rule=ONTOLOGY)
    facts.load(graph(name))
    loaded = time.perf_counter()
    closure = closures.close(facts, program, proofs=True, strict=False)
    done, all_used = time.perf_counter(), time.process_time() - used
    stated = list(closure.asserted())
    times: dict[str, list[float]] = {"retract": [], "add": []}
    cpu: dict[str, list[float]] = {"retract": [], "add": []}
    reasons = set()
    for offset in range(3):
        ten = stated[7 * offset :: len(stated) // 10][:10]
        for what in ("retract", "add"):
            begin, used = time.perf_counter(), time.process_time()
            reasons.add(getattr(closure, what)(ten).reason)
            times[what].append(round(time.perf_counter() - begin, 3))
            cpu[what].append(round(time.process_time() - used, 3))
    return {
        "encode": round(loaded - start, 2),
        "infer": round(done - loaded, 3),
        "cpu": round(all_used, 3),
        **times,
        "retract_cpu": cpu["retract"],
        "add_cpu": cpu["add"],
        "full": sorted(reasons - {""}),
    }


def measure_kg(folder: str) -> dict[str, object]:
    """Ten associations taken from and given back to an open built graph: the first change copies it."""
    from immunograph.building.plan import BuildPlan  # noqa: PLC0415
    from immunograph.knowledge import KnowledgeGraph  # noqa: PLC0415

    with KnowledgeGraph(Path(folder), BuildPlan(ROOT / "data")) as kg:
        rows = kg.graph.select(
            "SELECT ?s ?p ?o WHERE { ?s a ig:TargetAction ; ig:subject ?x . ?s ?p ?o } LIMIT 40"
        ).rows
        ten = [tuple(f"<{term.value}>" for term in row) for row in rows if all(row) and "#" not in row[2].value][:10]
        times: dict[str, list[float]] = {"retract": [], "add": []}
        for _ in range(3):
            for what in ("retract", "add"):
                begin = time.perf_counter()
                getattr(kg, what)(ten)
                times[what].append(round(time.perf_counter() - begin, 2))
        built = sum(stage["seconds"] for stage in kg.report["stages"])
    return {"full_build_seconds": round(built, 1), **times}


def measure_from(folder: str) -> dict[str, object]:
    """A build of the shipped data less one association: from an earlier graph, and from the start."""
    from immunograph.building.pipeline import build  # noqa: PLC0415
    from immunograph.building.plan import BuildPlan  # noqa: PLC0415

    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as place:
        data = Path(shutil.copytree(ROOT / "data", Path(place) / "data"))
        changed = data / "curated" / "jak-inhibitors.ttl"
        blocks = changed.read_text(encoding="utf-8").split("\n\n")
        blocks.remove(next(block for block in blocks if "a ig:TargetAction" in block))
        changed.write_text("\n\n".join(blocks), encoding="utf-8")
        for name, base in (("from", Path(folder)), ("start", None)):
            begin, used = time.perf_counter(), time.process_time()
            report = build(BuildPlan(data), Path(place) / name, base=base)
            found[f"{name}_seconds"] = round(time.perf_counter() - begin, 1)
            found[f"{name}_cpu"] = round(time.process_time() - used, 1)
            found[f"{name}_stages"] = {stage: round(seconds, 1) for stage, seconds, _ in report.stages}
    return found


def explain_median(closure: closures.Closure) -> dict[str, object]:
    step = max(1, closure.inferred_count // SAMPLE)
    chosen = [triple for number, triple in enumerate(closure.inferred()) if number % step == 0]
    times, cpu = [], []
    for triple in chosen:
        start, used = time.perf_counter(), time.process_time()
        closure.explain(triple)
        times.append(time.perf_counter() - start)
        cpu.append(time.process_time() - used)
    return {
        "explain_median_ms": round(1000 * statistics.median(times), 1),
        "explain_median_cpu_ms": round(1000 * statistics.median(cpu), 1),
    }


def measure_owlrl(name: str, limit: float) -> dict[str, object]:
    import owlrl  # noqa: PLC0415
    import rdflib  # noqa: PLC0415

    triples = [*ontology(), *graph(name)]
    target = rdflib.Graph().parse(data="".join(f"{' '.join(triple)} .\n" for triple in triples), format="nt")
    signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, limit)
    start, used = time.perf_counter(), time.process_time()
    try:
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(target)
    except TimeoutError:
        return {"stopped_after_seconds": round(time.perf_counter() - start, 1), "triples_by_then": len(target)}
    cpu = round(time.process_time() - used, 3)
    return {"infer_seconds": round(time.perf_counter() - start, 3), "infer_cpu_seconds": cpu, "closure": len(target)}


def _stop(number: int, frame: object) -> None:
    raise TimeoutError


def child(what: str, name: str, limit: float) -> dict[str, object]:
    command = [sys.executable, __file__, "--child", what, name, "--limit", str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--owlrl", default="10000,shipped")
    parser.add_argument("--limit", type=float, default=600)
    parser.add_argument("--child", nargs=2)
    options = parser.parse_args()
    if options.child:
        what, name = options.child
        if what == "owlrl":
            print(json.dumps(measure_owlrl(name, options.limit)))
        elif what == "change":
            print(json.dumps(measure_change(name)))
        elif what == "kg":
            print(json.dumps(measure_kg(name)))
        elif what == "from":
            print(json.dumps(measure_from(name)))
        else:
            print(json.dumps(measure_ours(name, proofs="no-proofs" not in what, rules="owl-only" not in what)))
        return
    for name in filter(None, options.owlrl.split(",")):
        ours, other = (told(what, name, options.limit) for what in ("duckdb owl-only", "owlrl"))
        print(f"{name}\towlrl took {ratios(other, ours, options.limit)}", flush=True)
    for name in ("shipped", *filter(None, options.sizes.split(","))):
        proved, plain, _ = (told(what, name, options.limit) for what in ("duckdb", "duckdb no-proofs", "change"))
        print(f"{name}\tproofs took {ratios(proved, plain, options.limit)}", flush=True)


def told(what: str, name: str, limit: float) -> dict[str, object]:
    """What a child measured, printed with the load of the machine when it ended."""
    found = child(what, name, limit) | {"load": round(os.getloadavg()[0], 1)}
    print(f"{name}\t{what}\t{json.dumps(found)}", flush=True)
    return found


def ratios(longer: dict[str, object], shorter: dict[str, object], limit: float) -> str:
    """How many times as long one took as the other; what was stopped counts as the limit."""
    seconds = min(limit, longer.get("infer_seconds", limit)) / shorter["infer_seconds"]
    if "infer_cpu_seconds" not in longer:
        return f"{seconds:.1f} times as long, at least"
    cpu = longer["infer_cpu_seconds"] / shorter["infer_cpu_seconds"]
    return f"{seconds:.1f} times as long, and {cpu:.1f} times the time of the processor"


if __name__ == "__main__":
    main()
