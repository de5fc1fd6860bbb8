"""A graph → the tables of an export: laid out once, and kept for the next export where there is a place for them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from immunograph.exporters.sql import curie_sql
from immunograph.exporters.staging import Staging
from immunograph.exporters.tables import lay_out
from immunograph.licences import LICENCES
from immunograph.store.graph import Graph, source_graph
from immunograph.vocabulary import NODE_KINDS, STANDARD_GRAPHS

LAYOUT = 1
"""Counts the changes of how tables are laid out, so that those in an older form are not read."""

MOST_KEPT = 4 << 30
"""How many bytes of tables are kept; those that were not used for longest go first."""

_STATED, _INFERRED = "stated", "followed"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder in which the tables of a built graph are kept between exports.

    What cannot be kept, since the folder cannot be written or is on a full disk, is laid out again the next time.

    Attributes:
        folder: of all graphs' tables; made when first needed.
        key: of the built graph, a hash of everything that it depends on.
    """

    folder: Path
    key: str

    def place(self, part: str) -> Path:
        """Where a part of the tables is, or would be; another one where tables are laid out in another way."""
        form = repr((LAYOUT, duckdb.__version__, curie_sql("iri"), NODE_KINDS, sorted(LICENCES.items())))
        digest = hashlib.sha256(f"{self.key}|{part}|{form}".encode()).hexdigest()
        return self.folder / f"{digest[:32]}.duckdb"

    def keep(self, part: str, made: Path) -> Path:
        """Move a file here, whole or not at all, and give the path where it is then."""
        place = self.place(part)
        moving = place.with_name(f".{place.name}.{os.getpid()}.tmp")
        try:
            if made.stat().st_size > MOST_KEPT:
                return made
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(made, moving)
            moving.replace(place)
        except OSError:
            return made
        finally:
            with contextlib.suppress(OSError):
                moving.unlink(missing_ok=True)
        self._make_room(place)
        return place

    def _make_room(self, newest: Path) -> None:
        """Delete what was not used for longest, down to what may be kept; and what moves left behind that died."""
        with contextlib.suppress(OSError):
            found = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in self.folder.iterdir())
            too_much = sum(size for _, size, _ in found) - MOST_KEPT
            for _, size, path in found:
                if too_much > 0 and path != newest:
                    path.unlink(missing_ok=True)
                    too_much -= size


def lay_out_graph(staging: Staging, graph: Graph, has_inferred: bool, shelf: Shelf | None) -> None:
    """Attach the tables of a built graph, and what is inferred where that is wanted.

    Raises:
        ExportError: there is no room for the temporary files.
    """
    if not _is_taken(staging, _STATED, shelf):
        stated = [name for name in graph.graph_names() if name not in {source_graph(s) for s in STANDARD_GRAPHS}]
        with staging.filling(_STATED) as made:
            staging.load_graphs(graph, {"asserted": [*stated] or [None], "ontology": [source_graph("ontology")]})
            lay_out(staging.connection)
            staging.unload("asserted", "ontology")
        staging.attach(_STATED, shelf.keep(_STATED, made) if shelf else made)
    if has_inferred and not _is_taken(staging, _INFERRED, shelf):
        with staging.filling(_INFERRED) as made:
            staging.load_graphs(graph, {"all_inferred": [source_graph("inferred")]})
            _keep_inferred(staging)
        staging.attach(_INFERRED, shelf.keep(_INFERRED, made) if shelf else made)


def lay_out_files(staging: Staging, files: Sequence[Path]) -> None:
    """Attach the tables of N-Triples files, as what is stated, with nothing inferred.

    Raises:
        ExportError: there is no room for the temporary files, or a file cannot be read.
    """
    with staging.filling(_STATED) as made:
        staging.load("asserted", files)
        staging.load("ontology", [])
        lay_out(staging.connection)
        staging.load("all_inferred", [])
        _keep_inferred(staging)
        staging.unload("asserted", "ontology")
    staging.attach(_STATED, made)


def _is_taken(staging: Staging, part: str, shelf: Shelf | None) -> bool:
    """Attach tables that were kept; whether there are any that can be read."""
    place = shelf.place(part) if shelf else None
    if place is None or not place.is_file():
        return False
    try:
        staging.attach(part, place)
        place.touch()
    except duckdb.Error:
        return False
    except OSError:
        pass
    return True


def _keep_inferred(staging: Staging) -> None:
    """Make the table ``inferred`` of what an export shows: relations but for the hierarchy, and types."""
    staging.connection.execute("""
        CREATE TABLE inferred AS SELECT DISTINCT s, p, v FROM all_inferred
        WHERE form = '@id' AND (starts_with(p, 'ig:') AND p NOT IN ('ig:broader', 'ig:member')
                                OR p = 'rdf:type' AND starts_with(v, 'ig:'))
    """)
    staging.unload("all_inferred")
