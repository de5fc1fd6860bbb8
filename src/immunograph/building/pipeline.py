"""The pipeline: parse → checks → shapes → infer → shapes again → read-only store, with a report."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from immunograph import __version__
from immunograph.building.difference import BeginAnewError, write_files
from immunograph.building.going_on import GoingOn
from immunograph.building.plan import REPORT, BuildPlan, content_key, graph_dir, is_built, is_current
from immunograph.building.stages import FromTheStart, Stages
from immunograph.errors import StoreError
from immunograph.turtle import write_atomically
from immunograph.validation import Report

_ABANDONED_SECONDS = 24 * 3600
"""A temporary folder that was not touched for so long was left by a build that died."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        key: SHA-256 of everything that the graph depends on.
        conforms: whether validation found nothing worse than a warning.
        stages: (name, seconds, what was done), in order.
        validation: every finding.
        counts: asserted and inferred triples.
        notes: what a licence filter left out, and axioms and rules that were not reasoned with.
        program: key of the ontology and the rules, for builds that go on from this graph.
    """

    key: str
    conforms: bool
    stages: tuple[tuple[str, float, str], ...]
    validation: Report
    counts: dict[str, int]
    notes: tuple[str, ...] = ()
    program: str = ""

    def as_dict(self) -> dict[str, object]:
        """The report as plain data, for ``report.json``."""
        return {
            "key": self.key,
            "version": __version__,
            "conforms": self.conforms,
            "stages": [{"stage": name, "seconds": round(s, 3), "detail": text} for name, s, text in self.stages],
            "counts": self.counts,
            "program": self.program,
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


def open_or_build(plan: BuildPlan, tell: Callable[[str], None] = lambda _: None) -> Path:
    """Give the folder of the built graph, building it first where the cache does not hold it.

    Raises:
        StoreError: the data do not conform, so that no graph is built; otherwise as ``build``.
    """
    folder = graph_dir(plan)
    if is_built(folder):
        return folder
    report = build(plan, folder, tell=tell)
    if not report.conforms:
        first = "; ".join(map(str, report.validation.findings[:3]))
        raise StoreError(f"{plan.data}: the data do not conform: {first}; see `immunograph validate`")
    return folder


def build(
    plan: BuildPlan,
    out: Path,
    *,
    base: Path | None = None,
    is_forced: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> BuildReport:
    """Build a graph and put it under ``out`` in one step; nothing is left there when the data do not conform.

    Args:
        plan: what to build from what.
        out: the folder; where it holds a graph built from other files, that one is replaced.
        base: folder of an earlier built graph; only what rests on what changed since is derived again. The result is
            the same as without it.
        is_forced: whether anything else that ``out`` holds is replaced, too.
        tell: is called with the name of each stage as it begins.

    Raises:
        LoadError: a file is missing or does not parse.
        InconsistencyError: the closure contradicts itself.
        StoreError: ``out`` holds something else already, or the graph cannot be written.
        RuleError: strict, and an axiom or rule is not supported.
    """
    if out.exists() and not is_forced and not is_built(out):
        raise StoreError(f"{out}: exists and is not a built graph; choose another folder or give --force")
    key = content_key(plan)
    clock = _Clock(tell)
    kept = None if is_forced else lambda there: is_current(there, plan)
    if base is not None:
        try:
            return _build(GoingOn(plan, base), plan, out, key, clock, kept)
        except BeginAnewError as why:
            clock.stages = [("begin anew", sum(seconds for _, seconds, _ in clock.stages), str(why))]
    return _build(FromTheStart(plan, base), plan, out, key, clock, kept)


def _build(
    stages: Stages, plan: BuildPlan, out: Path, key: str, clock: _Clock, kept: Callable[[Path], bool] | None
) -> BuildReport:
    with clock.stage("parse") as detail:
        detail.append(stages.parse())
    with clock.stage("validate") as detail:
        validation = stages.validate()
        detail.append(_spoken(validation))
    counts = {"asserted": stages.asserted}
    if not _is_good(validation, plan):
        return BuildReport(key, False, tuple(clock.stages), validation, counts, stages.notes)
    with clock.stage("infer") as detail:
        detail.append(stages.infer())
    with clock.stage("validate again") as detail:
        validation = stages.validate_again(validation)
        detail.append(_spoken(validation))
    counts["inferred"] = stages.inferred
    if not _is_good(validation, plan):
        return BuildReport(key, False, tuple(clock.stages), validation, counts, stages.notes)
    with whole_folder(out, kept) as folder:
        with clock.stage("store"):
            stages.store(folder)
            write_files(plan, folder)
        if content_key(plan) != key:
            raise StoreError(f"{plan.data}: files changed while they were read; build again")
        report = BuildReport(key, True, tuple(clock.stages), validation, counts, stages.notes, stages.program)
        write_atomically(folder / REPORT, json.dumps(report.as_dict(), indent=1, ensure_ascii=False) + "\n")
    return report


@contextmanager
def whole_folder(out: Path, kept: Callable[[Path], bool] | None) -> Iterator[Path]:
    """A temporary folder that takes the place of ``out`` when all went well, and is removed otherwise.

    Args:
        out: the folder to write.
        kept: whether what another has put there in the meantime stays; None never.

    Raises:
        StoreError: the folder cannot be written.
    """
    _sweep(out)
    temporary = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        temporary.mkdir(parents=True)
        yield temporary
        if kept is None or not kept(out):
            _replace_folder(temporary, out)
    except OSError as error:
        raise StoreError(f"{out}: cannot be written ({error}); check the rights and the free space") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _replace_folder(new: Path, out: Path) -> None:
    """Put a whole folder in the place of another; where another build was quicker, its result stays."""
    old = out.with_name(f".{out.name}.{os.getpid()}.old")
    with suppress(FileNotFoundError):
        out.rename(old)
    try:
        new.rename(out)
    except OSError:
        if not is_built(out):
            raise
    shutil.rmtree(old, ignore_errors=True)


def _sweep(out: Path) -> None:
    """Remove what builds of the same folder left behind when they died."""
    with suppress(OSError):
        for left in out.parent.iterdir():
            is_ours = left.name.startswith(f".{out.name}.") and left.suffix in {".tmp", ".old"}
            if is_ours and time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _is_good(report: Report, plan: BuildPlan) -> bool:
    return report.conforms and not (plan.is_strict and report.findings)


def _spoken(report: Report) -> str:
    counts = report.counts()
    return f"{counts['violation']} violations, {counts['warning']} warnings"
