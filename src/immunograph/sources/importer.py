"""What every importer is made of: its description, its report, and how it reads files."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import zstandard

from immunograph.errors import LoadError, Place
from immunograph.model import Record, Source
from immunograph.registry import Registry


@dataclass(frozen=True, slots=True)
class Skip:
    """A row that gave no record: where it stands, and why."""

    at: Place
    reason: str
    detail: str = ""


@dataclass(slots=True)
class ImportReport:
    """What an import read, wrote and left out.

    Attributes:
        read: rows or records read, by file name.
        written: records written, by kind.
        skipped: rows left out, by reason.
        unmapped: identifiers without a node, by kind of identifier.
        examples: the first rows left out for each reason, to look at.
        is_strict: whether the first malformed row stops the import.
        most_examples: how many are kept for each reason; None for all, where somebody is to mend each.
        notes: what was written all the same, though somebody may want to know of it, by reason; all are kept.
    """

    read: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    unmapped: dict[str, Counter[str]] = field(default_factory=dict)
    examples: dict[str, list[Skip]] = field(default_factory=dict)
    is_strict: bool = False
    most_examples: int | None = 5
    notes: dict[str, list[Skip]] = field(default_factory=dict)

    def skip(self, at: Place, reason: str, detail: str = "", *, is_malformed: bool = False) -> None:
        """Count a row that gave no record.

        Args:
            at: where it stands.
            reason: one of a small set of short texts; rows are counted by it.
            detail: what was in the row.
            is_malformed: whether the row is broken (fatal when strict) or merely out of scope.

        Raises:
            LoadError: the row is malformed and the import is strict.
        """
        if is_malformed and self.is_strict:
            raise LoadError(f"{reason}: {detail}" if detail else reason, at)
        self.skipped[reason] += 1
        kept = self.examples.setdefault(reason, [])
        if self.most_examples is None or len(kept) < self.most_examples:
            kept.append(Skip(at, reason, detail))

    def note(self, at: Place, reason: str, detail: str = "") -> None:
        """Keep what is odd and still written; it is told, and ends nothing, however strict the import is."""
        self.notes.setdefault(reason, []).append(Skip(at, reason, detail))

    def miss(self, kind: str, identifier: str) -> None:
        """Count an identifier that no node answers to."""
        self.unmapped.setdefault(kind, Counter())[identifier] += 1

    def as_dict(self) -> dict[str, object]:
        """The report as plain data, for JSON; unmapped identifiers are listed, most frequent first."""
        return {
            "read": dict(sorted(self.read.items())),
            "written": dict(sorted(self.written.items())),
            "skipped": dict(sorted(self.skipped.items())),
            "unmapped": {
                kind: {"identifiers": len(found), "uses": found.total(), "most_frequent": dict(found.most_common(20))}
                for kind, found in sorted(self.unmapped.items())
            },
            "examples": {
                reason: [f"{skip.at}: {skip.detail}" for skip in kept] for reason, kept in sorted(self.examples.items())
            },
            "notes": {
                reason: [f"{note.at}: {note.detail}" for note in kept] for reason, kept in sorted(self.notes.items())
            },
        }


Reader = Callable[[Sequence[Path], Registry, ImportReport], Iterable[Record]]


@dataclass(frozen=True, slots=True)
class Importer:
    """How one source becomes records.

    Attributes:
        source: its metadata; version and checksums are completed when it runs.
        summary: one line for the list of sources.
        files: the files it takes, in order, each with one line of help.
        read: files, registry of known nodes, report → records, streamed.
    """

    source: Source
    summary: str
    files: Mapping[str, str]
    read: Reader


class _Told(io.RawIOBase):
    """A stream of bytes that tells how much of it was read."""

    def __init__(self, stream: IO[bytes], size: int, tell: Callable[[float], None]) -> None:
        self._stream, self._size, self._tell = stream, max(size, 1), tell

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, and tell."""
        found = self._stream.readinto(buffer) or 0  # type: ignore[attr-defined]
        self._tell(min(1.0, self._stream.tell() / self._size))
        return int(found)


@contextmanager
def open_bytes(path: Path, tell: Callable[[float], None] | None = None) -> Iterator[IO[bytes]]:
    """Open a file that may be packed (``.gz``, ``.zst``), as bytes.

    Args:
        path: the file.
        tell: is called now and then with the share of it that was read, 0 to 1.

    Raises:
        LoadError: the file is missing or cannot be opened.
    """
    try:
        raw: IO[bytes] = path.open("rb")
    except OSError as error:
        raise LoadError(f"cannot be opened ({error.strerror}); check the path", Place(path)) from error
    with raw:
        if tell is not None:
            raw = io.BufferedReader(_Told(raw, path.stat().st_size, tell), 1 << 20)
        if path.suffix == ".gz":
            yield gzip.open(raw)  # type: ignore[misc]
        elif path.suffix == ".zst":
            yield io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(raw))
        else:
            yield raw


@contextmanager
def open_text(path: Path) -> Iterator[IO[str]]:
    """Open a text file that may be packed (``.gz``, ``.zst``), as UTF-8 without byte-order mark.

    Raises:
        LoadError: the file is missing or cannot be opened.
    """
    with open_bytes(path) as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        yield text


def table_rows(
    path: Path, columns: Sequence[str], report: ImportReport, delimiter: str = ","
) -> Iterator[tuple[Place, dict[str, str]]]:
    """Read a table with a header row, one row at a time.

    A row with too few or too many cells is reported as malformed and left out.

    Args:
        path: the file, possibly packed.
        columns: the columns that must be there; others are kept too.
        report: counts what is read and left out.
        delimiter: between cells.

    Yields:
        Where the row stands, and its cells by column, stripped.

    Raises:
        LoadError: the file is missing, is not text, or lacks a column.
    """
    with open_text(path) as text:
        try:
            rows = csv.reader(text, delimiter=delimiter)
            header = [name.strip() for name in next(rows, [])]
            if missing := [name for name in columns if name not in header]:
                raise LoadError(
                    f"lacks the column(s) {', '.join(missing)}; has {', '.join(header[:8])}", Place(path, 1)
                )
            for cells in rows:
                at = Place(path, rows.line_num)
                if not cells:
                    continue
                report.read[path.name] += 1
                if len(cells) != len(header):
                    report.skip(at, "wrong number of cells", f"{len(cells)} for {len(header)}", is_malformed=True)
                    continue
                yield at, dict(zip(header, (cell.strip() for cell in cells), strict=True))
        except (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile, zstandard.ZstdError) as error:
            raise LoadError(f"cannot be read as a table ({error}); fetch the file again", Place(path)) from error


def checksum(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
