"""A difference → the changelog of a release."""

from __future__ import annotations

from collections.abc import Iterator

from immunograph.comparing import Change, Difference

_HEADINGS = {
    "nodes": "Nodes",
    "associations": "Associations",
    "evidence": "Evidence",
    "sources": "Sources",
    "terms": "Terms of the ontology",
    "inferred": "Inferred facts",
    "answers": "Answers of saved queries to their example values",
}
_MOST = 100
"""Changes told of each part; ``changes.tsv.gz`` has all."""


def changelog(version: str, date: str, previous: str, difference: Difference | None) -> str:
    """The changelog as Markdown.

    Args:
        version: of this release.
        date: its day, ISO.
        previous: version of the release that it is compared with.
        difference: from that one to this; None where there is none before.
    """
    lines = [f"# ImmunoGraph {version} ({date})", ""]
    if difference is None:
        return "\n".join([*lines, "No earlier release was given to compare with.", ""])
    lines += [f"Compared with {previous}. Every change is in `changes.tsv.gz`.", ""]
    lines += ["| part | added | removed | changed |", "|---|---|---|---|"]
    for part, counts in difference.counts().items():
        lines.append(f"| {_HEADINGS[part]} | {counts['added']:,} | {counts['removed']:,} | {counts['changed']:,} |")
    for part in difference.parts:
        lines += _section(_HEADINGS[part], difference.of(part))
    if difference.notes:
        lines += ["", "## Not compared", "", *(f"- {note}" for note in difference.notes)]
    return "\n".join([*lines, ""])


def _section(heading: str, changes: tuple[Change, ...]) -> Iterator[str]:
    if not changes:
        return
    yield from ("", f"## {heading}", "")
    for change in changes[:_MOST]:
        was = f" (was `{change.was}`)" if change.was else ""
        yield f"- {change.change}: {_plain(change.text)} `{change.id}`{was}"
        yield from (f"  - no more: {_plain(value)}" for value in change.lost)
        yield from (f"  - now: {_plain(value)}" for value in change.gained)
    if len(changes) > _MOST:
        yield f"- ... and {len(changes) - _MOST:,} more"


def _plain(text: str) -> str:
    """A text that Markdown takes as it stands, on one line."""
    return " ".join(text.split()).replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_").replace("`", "'")
