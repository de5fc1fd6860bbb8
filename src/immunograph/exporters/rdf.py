"""The triples of a selection as they are stored, graph by graph, sorted; what all RDF formats share.

Each named graph is one source, ``inferred`` where that was selected, and ``ontology`` where the whole graph is. Blank
nodes, which the ontology alone has, get canonical names (RDFC-1.0, https://www.w3.org/TR/rdf-canon/), so that the same
graph gives the same bytes. Sorting is the engine's, on disk.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from immunograph.errors import ExportError
from immunograph.exporters.sql import lines_sql, text_sql
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.tables import ROLES
from immunograph.exporters.writing import Target
from immunograph.identifiers import prefix_map, turtle_name
from immunograph.store.graph import source_graph
from immunograph.vocabulary import IGG, RDF_TYPE, STANDARD_GRAPHS

_ROWS = 20_000
_TYPE = f"<{RDF_TYPE}>"


class Statement(NamedTuple):
    """One triple of one named graph, as N-Triples terms."""

    graph: str
    subject: str
    predicate: str
    object: str


class Subject(NamedTuple):
    """All that one graph states of one subject: pairs of predicate and object, types first."""

    graph: str
    subject: str
    pairs: tuple[tuple[str, str], ...]


def lay_out_statements(stream: GraphStream, target: Target) -> None:
    """Make the table ``statement`` with columns ``g`` (slug of the graph), ``s`` and ``l`` (the line without its stop).

    Raises:
        ExportError: the stream was made from files, so that no stored graph is behind it.
    """
    if stream.graph is None:
        raise ExportError("RDF is written from a stored graph, and this stream has none; open one first")
    selection = stream.metadata.selection
    connection = stream.connection
    connection.execute("CREATE OR REPLACE TABLE statement (g VARCHAR, s VARCHAR, l VARCHAR)")
    dumped = target.path(".dumped.nt")
    for name in stream.graph.graph_names():
        slug = name.removeprefix(IGG)
        if (slug == "inferred" and not selection.has_inferred) or (
            slug in STANDARD_GRAPHS and slug != "inferred" and selection.is_partial
        ):
            continue
        if slug == "ontology":
            stream.graph.dump_canonical(dumped, source_graph(slug))
        else:
            stream.graph.dump(dumped, source_graph(slug))
        connection.execute(_loading(dumped, slug))
        dumped.unlink()
    if selection.is_partial:
        kept = " UNION ALL ".join(f"SELECT id FROM {table}" for table in ROLES)
        connection.execute(f"""
            CREATE OR REPLACE TABLE kept_id AS {kept};
            DELETE FROM statement WHERE curie(substr(s, 2, length(s) - 2)) NOT IN (SELECT id FROM kept_id);
            DELETE FROM statement WHERE g = 'inferred' AND NOT contains(l, ' {_TYPE} ')
              AND ends_with(l, '>') AND curie(regexp_extract(l, ' <([^ ]*)>$', 1)) NOT IN (SELECT id FROM kept_id);
            DROP TABLE kept_id
        """)


def sorted_quads(stream: GraphStream) -> Iterator[str]:
    """The lines of sorted N-Quads, some thousand at a time."""
    cursor = stream.cursor()
    cursor.execute(f"SELECT l || ' <{IGG}' || g || '> .' || chr(10) AS line FROM statement ORDER BY line")
    while rows := cursor.fetchmany(_ROWS):
        yield "".join(line for (line,) in rows)


def subjects(stream: GraphStream, graph: str = "") -> Iterator[Subject]:
    """What each graph, or one, states of each subject, sorted."""
    cursor = stream.cursor()
    cursor.execute(
        "SELECT g, l FROM statement WHERE g = ? OR ? = '' ORDER BY g, s, l",
        [graph, graph],
    )
    for (slug, subject), found in itertools.groupby(_statements(cursor), key=lambda one: (one.graph, one.subject)):
        pairs = [(one.predicate, one.object) for one in found]
        yield Subject(slug, subject, tuple(sorted(pairs, key=lambda pair: pair[0] != _TYPE)))


def graph_slugs(stream: GraphStream) -> list[str]:
    """The graphs that hold a statement, sorted."""
    return [slug for (slug,) in stream.connection.execute("SELECT DISTINCT g FROM statement ORDER BY g").fetchall()]


def turtle_header() -> str:
    """The project's prefixes as Turtle."""
    return "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in sorted(prefix_map().items()))


def turtle_block(found: Subject, indent: str = "") -> str:
    """What is stated of a subject as Turtle, one triple a line."""
    lines = [
        f"{indent}  {'a' if predicate == _TYPE else turtle_term(predicate)} {turtle_term(object_)}"
        for predicate, object_ in found.pairs
    ]
    return f"{indent}{turtle_term(found.subject)}\n" + " ;\n".join(lines) + " .\n"


def turtle_term(term: str) -> str:
    """An N-Triples term with its IRIs shortened."""
    if term.startswith("<"):
        return turtle_name(term[1:-1])
    if term.endswith(">"):
        text, _, datatype = term.rpartition("^^")
        return f"{text}^^{turtle_name(datatype[1:-1])}"
    return term


def literal_parts(term: str) -> tuple[str, str, str]:
    """Text, datatype IRI ("" for a plain string) and language of a literal in N-Triples."""
    if term.endswith(">"):
        quoted, _, datatype = term.rpartition("^^")
        return json.loads(quoted, strict=False), datatype[1:-1], ""
    if term.endswith('"'):
        return json.loads(term, strict=False), "", ""
    quoted, _, language = term.rpartition("@")
    return json.loads(quoted, strict=False), "", language


def _statements(cursor: object) -> Iterator[Statement]:
    while rows := cursor.fetchmany(_ROWS):  # type: ignore[attr-defined]
        for graph, line in rows:
            subject, predicate, object_ = line.split(" ", 2)
            yield Statement(graph, subject, predicate, object_)


def _loading(file: Path, slug: str) -> str:
    return f"""
        INSERT INTO statement SELECT {text_sql(slug)}, split_part(l, ' ', 1), left(l, length(l) - 2)
        FROM {lines_sql([file])}
    """


def joined(parts: Iterable[str], separator: str) -> Iterator[str]:
    """Texts with a separator before each but the first."""
    for number, part in enumerate(parts):
        yield separator + part if number else part
