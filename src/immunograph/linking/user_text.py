"""Text that users bring: in UTF-8, UTF-16 or Windows-1252, with or without a byte order mark, with remarks on top."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from immunograph.errors import LoadError, Place

_HINT = re.compile(r"sep=.\s*$", re.IGNORECASE)
"""What spreadsheets write on top to say what stands between cells."""


def decoded(content: bytes, path: Path) -> str:
    """The text of a file.

    Raises:
        LoadError: it is no text.
    """
    for encoding in ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252"):
        try:
            found = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in found:
            raise LoadError("is no text; save the sheet as CSV", Place(path))
        return found
    raise LoadError("is no text in UTF-8, UTF-16 or Windows-1252; save it as UTF-8", Place(path))


def without_remarks(content: str, delimiters: Sequence[str]) -> str:
    """A table without empty lines, a spreadsheet's ``sep=;``, and lines that begin with ``#`` on top.

    The last of them is the header, and loses its sign, where it has as many cells as the line below it.
    """
    lines = _begun(content.splitlines(keepends=True))
    content = "".join(lines)
    count = next((n for n, line in enumerate(lines) if not line.startswith("#")), 0)
    if not count:
        return content
    last, below = lines[count - 1], lines[count]
    cells = max(last.count(sign) for sign in delimiters)
    is_header = any(last.count(sign) == below.count(sign) == cells > 0 for sign in delimiters)
    is_word = not cells and not any(sign in below for sign in delimiters) and len(last[1:].split()) == 1
    is_word = is_word and last[1:2] not in {" ", "\t"}
    header = last if last[1:2] in delimiters else last.lstrip("# ")
    return "".join([header] * (is_header or is_word) + lines[count:])


def _begun(lines: list[str]) -> list[str]:
    """The lines from the first that says something."""
    start = next((n for n, line in enumerate(lines) if line.strip() and not _HINT.match(line)), len(lines))
    return lines[start:]
