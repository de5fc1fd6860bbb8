"""A graph in the engine of the tables: DuckDB files in a temporary folder, and N-Triples → columns.

The store holds triples in an order of its own. Writers want one row a record, sorted by identifier, so the triples are
parsed and shortened to CURIEs once; ``tables`` then sorts them and turns them into records, a range at a time.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb

from immunograph.errors import ExportError
from immunograph.exporters.sql import curie_sql, lines_sql, text_sql
from immunograph.store.graph import Graph

MEMORY = "512MB"
"""What the engine of the tables may hold in memory; the rest goes to disk."""

CHOSEN = "chosen"
"""The file of what a selection and its writer make."""

_DUMPS_AT_ONCE = 2

_PARSED = """
SELECT {subject} AS s, p, form,
  CASE WHEN starts_with(o, '<') THEN {object} WHEN NOT starts_with(o, '"') THEN o
    WHEN contains(o, '\\') THEN (left(o, length(o) - length(form))::JSON ->> '$')
    ELSE substr(o, 2, length(o) - length(form) - 2) END AS v
FROM (
  SELECT s, p, o, CASE WHEN starts_with(o, '"') THEN split_part(o, '"', -1) ELSE '<' END AS form
  FROM (
    SELECT s, p, substr(l, length(s) + length(p) + 3, length(l) - length(s) - length(p) - 4) AS o
    FROM (SELECT l, split_part(l, ' ', 1) AS s, split_part(l, ' ', 2) AS p FROM {lines})
    WHERE starts_with(s, '<')
  )
)
"""

_NAMED = """
CREATE OR REPLACE TEMP TABLE {name}_form AS
SELECT p AS p_read, form AS form_read, {predicate} AS p,
  CASE WHEN form = '<' THEN '@id' WHEN form = '' THEN 'xsd:string' WHEN starts_with(form, '@') THEN form
    ELSE {datatype} END AS form
FROM (SELECT p, form, substr(form, 3) AS datatype FROM (SELECT DISTINCT p, form FROM {name}_read));
CREATE OR REPLACE TEMP VIEW {name} AS
SELECT s, f.p, f.form, v FROM {name}_read r JOIN {name}_form f ON r.p = f.p_read AND r.form = f.form_read;
"""


class Staging:
    """A temporary folder with DuckDB files; deleted when closed.

    A name without a file means a table of the selection, then one of the files that were attached, which are only read.

    Attributes:
        connection: the engine.
        folder: holds what the engine writes.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Make an empty one, under the system's folder for temporary files where none is given."""
        self.folder = Path(tempfile.mkdtemp(prefix="immunograph-export-", dir=folder))
        self._attached: list[str] = []
        self.connection = duckdb.connect(str(self.folder / f"{CHOSEN}.duckdb"))
        self.connection.execute(f"SET memory_limit = '{MEMORY}'; SET temp_directory = '{self.folder / 'spill'}'")
        self.connection.execute("SET preserve_insertion_order = true; SET enable_progress_bar = false")
        self.connection.execute(f"CREATE MACRO curie(iri) AS {curie_sql('iri')}")

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Another connection to the same tables, to be read while the first one is used."""
        cursor = self.connection.cursor()
        cursor.execute(_meaning(CHOSEN, *self._attached))
        return cursor

    def attach(self, name: str, place: Path) -> None:
        """Read the tables of a DuckDB file.

        Raises:
            duckdb.Error: it is no such file, or not one of this version.
        """
        self.connection.execute(f"ATTACH {text_sql(place)} AS {name} (READ_ONLY)")
        self._attached.append(name)
        self.connection.execute(_meaning(CHOSEN, *self._attached))

    @contextmanager
    def filling(self, name: str) -> Iterator[Path]:
        """A new DuckDB file, in which tables are made meanwhile; it can be moved or attached afterwards."""
        place = self.folder / f"{name}.duckdb"
        self.connection.execute(f"ATTACH {text_sql(place)} AS {name}")
        self.connection.execute(_meaning(name, CHOSEN, *self._attached))
        yield place
        self.connection.execute(_meaning(CHOSEN, *self._attached))
        self.connection.execute(f"DETACH {name}")

    def load(self, name: str, files: Sequence[Path]) -> None:
        """Read N-Triples files as something temporary to select from, until ``unload``.

        Its columns are ``s``, ``p``, ``form`` (``@id``, ``@`` and a language, or a datatype) and ``v`` (a CURIE or a
        text).

        Raises:
            ExportError: the disk is full, or a file cannot be read.
        """
        subject, object_ = curie_sql("s", in_brackets=True), curie_sql("o", in_brackets=True)
        parsed = _PARSED.format(subject=subject, object=object_, lines=lines_sql(files))
        nothing = "SELECT '' AS s, '' AS p, '' AS form, '' AS v WHERE false"
        named = _NAMED.format(
            name=name,
            predicate=curie_sql("p", in_brackets=True),
            datatype=curie_sql("datatype", in_brackets=True),
        )
        try:
            self.connection.execute("SET preserve_insertion_order = false")
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name}_read AS {parsed if files else nothing}")
            self.connection.execute(f"SET preserve_insertion_order = true; {named}")
        except duckdb.Error as error:
            raise not_laid_out(self.folder, error) from error

    def load_graphs(self, graph: Graph, graphs: Mapping[str, Sequence[str | None]]) -> None:
        """Read named graphs of a store, or its default graph for None, under a name each; see ``load``.

        Raises:
            ExportError: there is no room for the temporary files.
        """
        dumped = {
            name: [(self.folder / f"{name}-{number}.nt", one) for number, one in enumerate(wanted)]
            for name, wanted in graphs.items()
        }
        try:
            with ThreadPoolExecutor(_DUMPS_AT_ONCE) as pool:
                list(pool.map(lambda one: graph.dump(*one), (one for found in dumped.values() for one in found)))
            for name, found in dumped.items():
                self.load(name, [path for path, _ in found if path.stat().st_size])
                for path, _ in found:
                    path.unlink()
        except OSError as error:
            raise ExportError(f"{self.folder}: cannot be written ({error.strerror or error}); {_ROOM}") from error

    def unload(self, *names: str) -> None:
        """Let go of what was loaded under some names."""
        for name in names:
            self.connection.execute(f"DROP VIEW {name}; DROP TABLE {name}_form; DROP TABLE {name}_read")

    def close(self) -> None:
        """Delete the folder."""
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def not_laid_out(folder: Path, error: duckdb.Error) -> ExportError:
    """What to tell where the engine could not make its tables."""
    return ExportError(f"{folder}: the graph cannot be laid out ({first_line(error)}); {_ROOM}")


def first_line(error: Exception) -> str:
    """What an engine's error says, in one line; a full disk is told plainly."""
    full = os.strerror(errno.ENOSPC)
    return full if full in str(error) else " ".join(str(error).split())[:200]


_ROOM = "free some disk space, or set TMPDIR to a folder with more"


def _meaning(*files: str) -> str:
    """SQL that says in which files, in this order, a name is looked up; what is made is made in the first."""
    return f"SET search_path = '{','.join(f'{name}.main' for name in files)}'"
