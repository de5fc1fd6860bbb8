"""Tables without a header row, one row at a time."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import zstandard

from immunograph.errors import LoadError, Place
from immunograph.sources.importer import ImportReport, open_text


def plain_rows(
    path: Path, width: int, report: ImportReport, delimiter: str = "\t"
) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Read a table that has no header row.

    A row with too few or too many cells is reported as malformed and left out.

    Args:
        path: the file, possibly packed.
        width: the number of cells that a row has.
        report: counts what is read and left out.
        delimiter: between cells.

    Yields:
        Where the row stands, and its cells, stripped.

    Raises:
        LoadError: the file is missing or is not text.
    """
    with open_text(path) as text:
        try:
            if delimiter == "\t":
                rows = csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE)
            else:
                rows = csv.reader(text, delimiter=delimiter)
            for cells in rows:
                at = Place(path, rows.line_num)
                if not cells:
                    continue
                report.read[path.name] += 1
                if len(cells) != width:
                    report.skip(at, "wrong number of cells", f"{len(cells)} for {width}", is_malformed=True)
                    continue
                yield at, tuple(cell.strip() for cell in cells)
        except (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile, zstandard.ZstdError) as error:
            raise LoadError(f"cannot be read as a table ({error}); fetch the file again", Place(path)) from error
