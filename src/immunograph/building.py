"""The pipeline: parse → checks → shapes → infer → shapes again → read-only store, with a report."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import platformdirs

from immunograph import __version__
from immunograph.assets import ontology_dir
from immunograph.errors import InconsistencyError, LoadError, Place, StoreError
from immunograph.queries import NameIndex
from immunograph.reasoning import Closure, compile_program, infer, infer_with_owlrl, read_rules
from immunograph.store.graph import Graph, Triple, source_graph
from immunograph.store.reading import data_files, parse_file
from immunograph.turtle import write_atomically
from immunograph.validation import Places, Report, run_checks, validate_shapes
from immunograph.validation.shapes import read_shapes

STORE, CLOSURE, NAMES, REPORT = "store", "closure.duckdb", "names.sqlite", "report.json"
"""What a built graph's folder holds; the report is written last, so that its presence means whole."""

_AFTER = "after-inference"


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """What to build from what.

    Attributes:
        data: folder of Turtle, one folder a source.
        ontology: folder of modules, shapes, rules and checks.
        engine: ``duckdb``, or ``owlrl`` for the reference engine (rule files are then not run).
        licences: IRIs of licences whose sources are kept; None keeps all.
        is_strict: whether warnings, and axioms or rules outside what is supported, are fatal.
    """

    data: Path
    ontology: Path = field(default_factory=ontology_dir)
    engine: str = "duckdb"
    licences: frozenset[str] | None = None
    is_strict: bool = False

    def files(self) -> list[Path]:
        """Every file that the result depends on, sorted."""
        ontology = [path for path in self.ontology.rglob("*") if path.suffix in {".ttl", ".rq", ".tsv"}]
        return data_files(self.data) + sorted(ontology)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        key: SHA-256 of everything that the graph depends on.
        conforms: whether validation found nothing worse than a warning.
        stages: (name, seconds, what was done), in order.
        validation: every finding.
        counts: asserted, inferred and dropped statements.
    """

    key: str
    conforms: bool
    stages: tuple[tuple[str, float, str], ...]
    validation: Report
    counts: dict[str, int]
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The report as plain data, for ``report.json``."""
        return {
            "key": self.key,
            "version": __version__,
            "conforms": self.conforms,
            "stages": [{"stage": name, "seconds": round(s, 3), "detail": text} for name, s, text in self.stages],
            "counts": self.counts,
            "notes": list(self.notes),
            "focus_nodes": self.validation.reached,
            "findings": [finding.as_dict() for finding in self.validation.findings],
        }


@dataclass(slots=True)
class _Clock:
    """Times the stages, and tells of each as it begins."""

    tell: Callable[[str], None]
    stages: list[tuple[str, float, str]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[list[str]]:
        self.tell(name)
        started, detail = time.perf_counter(), list[str]()
        yield detail
        self.stages.append((name, time.perf_counter() - started, ", ".join(detail)))


def cache_dir() -> Path:
    """The folder of built graphs; the environment variable ``IMMUNOGRAPH_CACHE`` overrides the user's cache."""
    return Path(os.environ.get("IMMUNOGRAPH_CACHE") or platformdirs.user_cache_dir("immunograph"))


def content_key(plan: BuildPlan) -> str:
    """The SHA-256 of everything that the built graph depends on.

    Files are hashed again only when a size or a time of change differs from the last look.
    """
    files = plan.files()
    digest = hashlib.sha256(
        f"{__version__}|{plan.engine}|{sorted(plan.licences or ())}|{plan.licences is None}".encode()
    )
    stamp = digest.copy()
    for path in files:
        status = path.stat()
        stamp.update(f"{path}|{status.st_size}|{status.st_mtime_ns}".encode())
    known = cache_dir() / "keys" / stamp.hexdigest()
    if known.is_file():
        return known.read_text(encoding="utf-8")
    for path in files:
        root = plan.data if path.is_relative_to(plan.data) else plan.ontology
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    write_atomically(known, digest.hexdigest())
    return digest.hexdigest()


def is_built(folder: Path) -> bool:
    """Whether a folder holds a whole built graph."""
    return (folder / REPORT).is_file() and (folder / STORE).is_dir()


def is_current(folder: Path, plan: BuildPlan) -> bool:
    """Whether a folder holds a whole graph that was built from the very files of a plan."""
    if not is_built(folder):
        return False
    report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    return bool(report.get("key") == content_key(plan))


def open_or_build(plan: BuildPlan, tell: Callable[[str], None] = lambda _: None) -> Path:
    """Give the folder of the built graph, building it first where the cache does not hold it.

    Raises:
        StoreError: the data do not conform, so that no graph is built.
    """
    folder = cache_dir() / "graphs" / content_key(plan)[:32]
    if is_built(folder):
        return folder
    report = build(plan, folder, tell=tell)
    if not report.conforms:
        first = "; ".join(map(str, report.validation.findings[:3]))
        raise StoreError(f"{plan.data}: the data do not conform: {first}; see `immunograph validate`")
    return folder


def build(
    plan: BuildPlan, out: Path, *, is_forced: bool = False, tell: Callable[[str], None] = lambda _: None
) -> BuildReport:
    """Build a graph and put it under ``out`` in one step; nothing is left there when the data do not conform.

    Raises:
        LoadError: a file is missing or does not parse.
        InconsistencyError: the closure contradicts itself.
        StoreError: ``out`` holds something else already.
        RuleError: strict, and an axiom or rule is not supported.
    """
    if out.exists() and not is_forced and not is_built(out):
        raise StoreError(f"{out}: exists and is not a built graph; choose another folder or give --force")
    clock = _Clock(tell)
    with clock.stage("parse") as detail:
        graph, notes = load_asserted(plan)
        asserted = sum(1 for _ in graph.triples())
        detail.append(f"{asserted:,} triples")
    with clock.stage("validate") as detail:
        validation = validate_asserted(graph, plan)
        detail.append(_spoken(validation))
    if not _is_good(validation, plan):
        return BuildReport(content_key(plan), False, tuple(clock.stages), validation, {"asserted": asserted}, notes)
    with clock.stage("infer") as detail:
        inference = infer_graph(graph, plan)
        inferred = inference.triples
        detail.append(f"{len(inferred):,} triples")
        notes += inference.unsupported + inference.not_run
    with clock.stage("validate again") as detail:
        validation = validation.joined([validate_inferred(graph, inferred, plan)])
        detail.append(_spoken(validation))
    counts = {"asserted": asserted, "inferred": len(inferred)}
    conforms = _is_good(validation, plan)
    if not conforms:
        return BuildReport(content_key(plan), False, tuple(clock.stages), validation, counts, notes)
    with _whole_folder(out) as folder:
        with clock.stage("store"):
            _store(graph, inferred, inference.closure, folder)
        report = BuildReport(content_key(plan), True, tuple(clock.stages), validation, counts, notes)
        write_atomically(folder / REPORT, json.dumps(report.as_dict(), indent=1, ensure_ascii=False) + "\n")
    return report


def load_asserted(plan: BuildPlan) -> tuple[Graph, tuple[str, ...]]:
    """Load the ontology and the data into memory, each source also in its named graph.

    Returns:
        The graph, and notes on what a licence filter left out.
    """
    graph = Graph.in_memory()
    for path in ontology_files(plan.ontology):
        graph.load(path, source_graph("ontology"))
    folders = sorted({_source_folder(plan.data, path) for path in data_files(plan.data)})
    notes: list[str] = []
    for folder in folders:
        if plan.licences is not None and not (_licences_of(folder) & plan.licences):
            notes.append(f"{folder.name} left out by licence")
            continue
        for path in data_files(folder) if folder != plan.data else sorted(plan.data.glob("*.ttl")):
            graph.load(path, source_graph(folder.name))
    if plan.licences is not None:
        notes.append(f"{graph.drop_dangling()} associations left out because a node that they name was left out")
    return graph, tuple(notes)


def ontology_files(ontology: Path) -> list[Path]:
    """The ontology's header, modules and imports; shapes are not part of it.

    Raises:
        LoadError: the folder holds none.
    """
    files = sorted(
        [*ontology.glob("*.ttl"), *(ontology / "modules").glob("*.ttl"), *(ontology / "imports").glob("*.ttl")]
    )
    if not files:
        raise LoadError("holds no ontology", Place(ontology))
    return files


def validate_asserted(graph: Graph, plan: BuildPlan) -> Report:
    """Run checks and shapes on asserted data; findings name file and line."""
    checked = run_checks(graph, plan.ontology / "checks")
    shapes = read_shapes(plan.ontology / "shapes")
    shaped = validate_shapes(graph.to_rdflib(), shapes)
    report = checked.joined([shaped])
    return report.placed(Places(tuple(data_files(plan.data))).of(finding.focus for finding in report.findings))


def validate_inferred(graph: Graph, inferred: Sequence[Triple], plan: BuildPlan) -> Report:
    """Run the shapes that inference can touch on asserted and inferred triples together."""
    folder = plan.ontology / "shapes" / _AFTER
    if not folder.is_dir():
        return Report()
    whole = Graph.in_memory()
    whole.add(graph.triples())
    whole.add(inferred)
    return validate_shapes(whole.to_rdflib(), read_shapes(folder))


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
    """
    started = time.perf_counter()
    ontology = list(graph.triples(source_graph("ontology")))
    asserted = set(graph.triples()) - set(ontology)
    rules = read_rules(plan.ontology / "rules")
    if plan.engine == "owlrl":
        new = sorted(set(infer_with_owlrl(asserted, ontology)) - asserted - set(ontology))
        not_run = tuple(f"{rule.path or rule.name}: rule files are not run by owlrl" for rule in rules)
        return Inference(new, len(asserted), None, time.perf_counter() - started, not_run=not_run)
    closure = infer(sorted(asserted), compile_program(ontology, rules), proofs=has_proofs, strict=plan.is_strict)
    if closure.clashes:
        raise InconsistencyError([str(clash) for clash in closure.clashes])
    problems = tuple(map(str, closure.unsupported))
    return Inference(sorted(closure.inferred()), len(asserted), closure, time.perf_counter() - started, problems)


def infer_files(files: Sequence[Path], plan: BuildPlan, *, has_proofs: bool = True) -> Inference:
    """Infer on files with the ontology, or on the plan's data where no file is given.

    Raises:
        LoadError: a file is missing or does not parse; otherwise as ``infer_graph``.
    """
    graph = _with_files(files, plan) if files else load_asserted(plan)[0]
    return infer_graph(graph, plan, has_proofs=has_proofs)


def validate_data(plan: BuildPlan) -> Report:
    """Run checks and shapes on the plan's data.

    Raises:
        LoadError: a file is missing or does not parse.
    """
    return validate_asserted(load_asserted(plan)[0], plan)


def validate_files(files: Sequence[Path], plan: BuildPlan) -> Report:
    """Run checks and shapes on files together with the plan's data; only findings about the files are given.

    Raises:
        LoadError: a file is missing or does not parse.
    """
    graph, _ = load_asserted(plan)
    for path in files:
        graph.load(path, source_graph(path.stem))
    places = Places(tuple(files))
    report = validate_asserted(graph, plan)
    found = places.of(finding.focus for finding in report.findings)
    named = {finding.focus for finding in report.findings if _is_named_in(finding.focus, files)}
    findings = tuple(f for f in report.findings if f.focus in found or f.focus in named)
    return replace(report, findings=findings).placed_first(found)


def _is_named_in(iri: str, files: Sequence[Path]) -> bool:
    return any(
        iri == quad_term.removeprefix("<").removesuffix(">")
        for path in files
        for triple in _triples(path)
        for quad_term in triple
    )


def _with_files(files: Sequence[Path], plan: BuildPlan) -> Graph:
    graph = Graph.in_memory()
    for path in ontology_files(plan.ontology):
        graph.load(path, source_graph("ontology"))
    for path in files:
        graph.load(path)
    return graph


def _triples(path: Path) -> Iterator[Triple]:
    for quad in parse_file(path):
        yield str(quad.subject), str(quad.predicate), str(quad.object)


def _store(graph: Graph, inferred: Sequence[Triple], closure: Closure | None, folder: Path) -> None:
    stored = Graph.on_disk(folder / STORE)
    stored.add(graph.triples())
    for name in graph.graph_names():
        stored.add_to(name, graph.triples(name))
    stored.add(inferred, source_graph("inferred"))
    stored.flush()
    NameIndex.of_graph(stored, folder / NAMES).close()
    if closure is not None:
        closure.save(folder / CLOSURE)


@contextmanager
def _whole_folder(out: Path) -> Iterator[Path]:
    """A temporary folder that takes the place of ``out`` when all went well, and is removed otherwise."""
    temporary = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        temporary.mkdir(parents=True)
        yield temporary
        _replace_folder(temporary, out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _replace_folder(new: Path, out: Path) -> None:
    old = out.with_name(f".{out.name}.{os.getpid()}.old")
    if out.exists():
        out.rename(old)
    try:
        new.rename(out)
    except OSError:
        if not is_built(out):
            raise
    shutil.rmtree(old, ignore_errors=True)


def _source_folder(data: Path, path: Path) -> Path:
    parts = path.relative_to(data).parts
    return data / parts[0] if len(parts) > 1 else data


def _licences_of(folder: Path) -> frozenset[str]:
    source = folder / "source.ttl"
    if not source.is_file():
        return frozenset()
    licence = "<http://purl.org/dc/terms/license>"
    return frozenset(object_[1:-1] for _, predicate, object_ in _triples(source) if predicate == licence)


def _is_good(report: Report, plan: BuildPlan) -> bool:
    return report.conforms and not (plan.is_strict and report.findings)


def _spoken(report: Report) -> str:
    counts = report.counts()
    return f"{counts['violation']} violations, {counts['warning']} warnings"
