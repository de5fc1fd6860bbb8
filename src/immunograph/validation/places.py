"""Where in the files a node is described."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from immunograph.errors import Place
from immunograph.turtle import subject_lines

_PREFIX_LINE = re.compile(r"^\s*@?prefix\s+([^\s:]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Places:
    """Looks up the block of a node in Turtle files; files are read only when something is looked up."""

    files: tuple[Path, ...]

    def of(self, iris: Iterable[str]) -> dict[str, Place]:
        """The file and line of each node's first block; nodes without one are left out."""
        wanted = set(iris)
        found: dict[str, Place] = {}
        for path in self.files if wanted else ():
            if path.suffix != ".ttl":
                continue
            content = path.read_text(encoding="utf-8")
            prefixes = dict(_PREFIX_LINE.findall(content))
            for line, subject in subject_lines(content):
                iri = _expanded(subject, prefixes)
                if iri in wanted:
                    found.setdefault(iri, Place(path, line))
        return found


def _expanded(subject: str, prefixes: dict[str, str]) -> str:
    if subject.startswith("<"):
        return subject[1:-1]
    prefix, _, local = subject.partition(":")
    return prefixes.get(prefix, prefix + ":") + local
