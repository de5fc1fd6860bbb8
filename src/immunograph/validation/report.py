"""What validation finds: a result, not an error."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from immunograph.errors import Place
from immunograph.identifiers import compress, expand

_BY_QUERY = "http://www.w3.org/ns/shacl#SPARQLConstraintComponent"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        rule: name of the property shape or check that says so.
        severity: ``violation``, ``warning`` or ``info``.
        focus: IRI of the node that it is about.
        message: one sentence: what is wrong.
        path: IRI of the property, empty where the node as a whole is meant.
        value: the offending value, empty where one is missing.
        remedy: what to do, empty where the message says it.
        component: IRI of the SHACL constraint component, empty for a check.
        term: the value as an N-Triples term, where the engine gives it.
        at: the file and line where the node's block begins, None where it is not in a file.
        sheet: the curation sheet that the file was written from, and the line where it is known; else None.
    """

    rule: str
    severity: str
    focus: str
    message: str
    path: str = ""
    value: str = ""
    remedy: str = ""
    component: str = ""
    term: str = ""
    at: Place | None = None
    sheet: Place | None = None

    def as_dict(self) -> dict[str, str | int | None]:
        """The finding as plain data, identifiers as CURIEs."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "focus": compress(self.focus),
            "path": compress(self.path),
            "value": compress(self.value),
            "message": self.message,
            "remedy": self.remedy,
            "file": str(self.at.path) if self.at else None,
            "line": self.at.line if self.at else None,
            "sheet": str(self.sheet.path) if self.sheet else None,
            "sheet_line": self.sheet.line if self.sheet else None,
        }

    def as_turtle(self) -> str:
        """The finding as the inside of a ``sh:ValidationResult``, with the prefix ``sh:``."""
        message = json.dumps(f"{self.message} [{self.rule}]", ensure_ascii=False)
        parts = ["a sh:ValidationResult", f"sh:resultSeverity sh:{self.severity.capitalize()}"]
        parts += [f"sh:focusNode <{self.focus}>"] if self.focus else []
        parts += [f"sh:resultPath <{self.path}>"] if self.path else []
        if self.value:
            parts.append(f"sh:value {self.term or json.dumps(self.value, ensure_ascii=False)}")
        parts.append(f"sh:sourceConstraintComponent <{self.component or _BY_QUERY}>")
        if self.component:
            parts.append(f"sh:sourceShape <{expand(f'igsh:{self.rule}')}>")
        return " ; ".join([*parts, f"sh:resultMessage {message}"])

    def __str__(self) -> str:
        sheet = f" (from {self.sheet})" if self.sheet else ""
        where = f"{self.at}{sheet}: " if self.at else ""
        what = f" {compress(self.path)}" if self.path else ""
        value = f" (value: {compress(self.value)})" if self.value else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{where}{self.severity}: {compress(self.focus)}{what}: {self.message}{value}{remedy} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Report:
    """Every finding of one validation.

    Attributes:
        findings: sorted by severity, then by place and focus.
        reached: focus nodes by node shape, so that a shape that reached nothing is seen.
    """

    findings: tuple[Finding, ...] = ()
    reached: dict[str, int] = field(default_factory=dict)

    @property
    def conforms(self) -> bool:
        """Whether nothing worse than a warning was found."""
        return not any(finding.severity == "violation" for finding in self.findings)

    def counts(self) -> Counter[str]:
        """Findings by severity."""
        return Counter(finding.severity for finding in self.findings)

    def joined(self, others: Iterable[Report]) -> Report:
        """One report of several."""
        findings: list[Finding] = list(self.findings)
        reached = dict(self.reached)
        for other in others:
            findings.extend(other.findings)
            reached.update(other.reached)
        return Report(sorted_findings(findings), reached)

    def placed(self, lookup: dict[str, Place]) -> Report:
        """The same report with files and lines, from focus IRI to place."""
        return replace(self, findings=tuple(replace(f, at=f.at or lookup.get(f.focus)) for f in self.findings))

    def placed_first(self, lookup: dict[str, Place]) -> Report:
        """The same report with these places before those it has."""
        return replace(self, findings=tuple(replace(f, at=lookup.get(f.focus, f.at)) for f in self.findings))

    def as_turtle(self) -> str:
        """The report as a SHACL validation report in Turtle."""
        lines = [
            "@prefix sh: <http://www.w3.org/ns/shacl#> .",
            "",
            "[] a sh:ValidationReport ;",
            f"  sh:conforms {str(self.conforms).lower()}",
        ]
        for finding in self.findings:
            lines[-1] += " ;"
            lines.append(f"  sh:result [ {finding.as_turtle()} ]")
        return "\n".join(lines) + " .\n"


def sorted_findings(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Violations first, then warnings, each by rule, focus and value."""
    order = {"violation": 0, "warning": 1, "info": 2}
    return tuple(sorted(findings, key=lambda f: (order[f.severity], f.rule, f.focus, f.path, f.value)))
