"""A graph as sorted columns: N-Triples → a DuckDB file that every writer reads, in constant memory.

The engine holds triples in an order of its own. Writers want one row a record, sorted by identifier, so the triples
are parsed, shortened to CURIEs and sorted on disk once; ``tables`` then turns them into records, a range at a time.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from immunograph.errors import ExportError
from immunograph.identifiers import prefix_map
from immunograph.store.graph import Graph, source_graph
from immunograph.vocabulary import STANDARD_GRAPHS

MEMORY = "512MB"
"""What the engine of the tables may hold in memory; the rest goes to disk."""

_OWN = ("iga", "ige", "igd", "ig", "igs")
_LONGEST_LINE = 1 << 23

_PARSED = """
CREATE OR REPLACE TEMP VIEW {name}_line AS
SELECT l, split_part(l, ' ', 1) AS s, split_part(l, ' ', 2) AS p
FROM read_csv([{files}], columns = {{'l': 'VARCHAR'}}, delim = '\x01', quote = '', escape = '', comment = '',
  header = false, auto_detect = false, strict_mode = false, max_line_size = {longest}, buffer_size = {buffer});
CREATE OR REPLACE TEMP VIEW {name}_term AS
SELECT s, p, substr(l, length(s) + length(p) + 3, length(l) - length(s) - length(p) - 4) AS o
FROM {name}_line WHERE starts_with(s, '<');
CREATE OR REPLACE TEMP VIEW {name}_split AS
SELECT s, p, o, CASE WHEN NOT starts_with(o, '"') OR ends_with(o, '"') THEN ''
  ELSE regexp_extract(o, '"(@[A-Za-z0-9-]+|\\^\\^<[^<>"]*>)$', 1) END AS suffix
FROM {name}_term;
CREATE OR REPLACE TABLE {name} AS
SELECT curie(substr(s, 2, length(s) - 2)) AS s, curie(substr(p, 2, length(p) - 2)) AS p,
  CASE WHEN NOT starts_with(o, '"') THEN '@id' WHEN suffix = '' THEN 'xsd:string'
    WHEN starts_with(suffix, '@') THEN suffix ELSE curie(substr(suffix, 4, length(suffix) - 4)) END AS form,
  CASE WHEN starts_with(o, '<') THEN curie(substr(o, 2, length(o) - 2)) WHEN NOT starts_with(o, '"') THEN o
    WHEN contains(o, '\\') THEN (left(o, length(o) - length(suffix))::JSON ->> '$')
    ELSE substr(o, 2, length(o) - length(suffix) - 2) END AS v
FROM {name}_split;
"""


class Staging:
    """A temporary DuckDB file with the triples of a graph; deleted when closed.

    Attributes:
        connection: the engine, with the tables ``asserted``, ``inferred`` and ``ontology`` of columns ``s``, ``p``,
            ``form`` (``@id``, ``@`` and a language, or a datatype) and ``v`` (a CURIE or a text).
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Make an empty one, under the system's folder for temporary files where none is given."""
        self.folder = Path(tempfile.mkdtemp(prefix="immunograph-export-", dir=folder))
        self.connection = duckdb.connect(str(self.folder / "tables.duckdb"))
        self.connection.execute(f"SET memory_limit = '{MEMORY}'; SET temp_directory = '{self.folder / 'spill'}'")
        self.connection.execute("SET preserve_insertion_order = true; SET enable_progress_bar = false")
        self.connection.execute(f"CREATE MACRO curie(iri) AS {_shortening()}")

    def load(self, name: str, files: Sequence[Path]) -> None:
        """Read N-Triples files into one table.

        Raises:
            ExportError: the disk is full, or a file cannot be read.
        """
        if not files:
            self.connection.execute(f"CREATE OR REPLACE TABLE {name} (s VARCHAR, p VARCHAR, form VARCHAR, v VARCHAR)")
            return
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
        script = _PARSED.format(name=name, files=listed, longest=_LONGEST_LINE, buffer=2 * _LONGEST_LINE)
        try:
            self.connection.execute(script)
        except duckdb.Error as error:
            raise not_laid_out(self.folder, error) from error

    def close(self) -> None:
        """Delete the file."""
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def stage(graph: Graph, folder: Path | None = None) -> Staging:
    """Lay a built graph out: what is stated, from its graphs by source; what is inferred; the ontology.

    Raises:
        ExportError: there is no room for the temporary file.
    """
    staging = Staging(folder)
    try:
        stated = [name for name in graph.graph_names() if name not in {source_graph(s) for s in STANDARD_GRAPHS}]
        graphs: dict[str, list[str | None]] = {
            "asserted": [*stated] or [None],
            "inferred": [source_graph("inferred")],
            "ontology": [source_graph("ontology")],
        }
        for table, names in graphs.items():
            dumped = [staging.folder / f"{table}-{number}.nt" for number in range(len(names))]
            for name, path in zip(names, dumped, strict=True):
                graph.dump(path, name)
            staging.load(table, [path for path in dumped if path.stat().st_size])
            for path in dumped:
                path.unlink()
    except OSError as error:
        staging.close()
        raise ExportError(f"{staging.folder}: cannot be written ({error.strerror or error}); {_ROOM}") from error
    except BaseException:
        staging.close()
        raise
    return staging


def stage_files(files: Sequence[Path], folder: Path | None = None) -> Staging:
    """Lay N-Triples files out as what is stated, with nothing inferred.

    Raises:
        ExportError: there is no room for the temporary file, or a file cannot be read.
    """
    staging = Staging(folder)
    try:
        staging.load("asserted", files)
        staging.load("inferred", [])
        staging.load("ontology", [])
    except BaseException:
        staging.close()
        raise
    return staging


def not_laid_out(folder: Path, error: duckdb.Error) -> ExportError:
    """What to tell where the engine could not make its tables."""
    return ExportError(f"{folder}: the graph cannot be laid out ({first_line(error)}); {_ROOM}")


def first_line(error: Exception) -> str:
    """What an engine's error says, in one line."""
    return " ".join(str(error).split())[:200]


_ROOM = "free some disk space, or set TMPDIR to a folder with more"


def _shortening() -> str:
    """CURIE of an IRI as SQL; our own namespaces are asked first, since most terms are ours and none nests there."""
    known = prefix_map()
    others = sorted((name for name in known if name not in _OWN), key=lambda name: -len(known[name]))
    cases = "".join(
        f" WHEN starts_with(iri, '{known[name]}') AND length(iri) > {len(known[name])}"
        f" THEN '{name}:' || substr(iri, {len(known[name]) + 1})"
        for name in (*_OWN, *others)
    )
    return f"CASE{cases} ELSE iri END"
