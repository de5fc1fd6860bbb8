"""Pieces of SQL that the tables and their writers share: names, texts, lines of files, CURIEs and IRIs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from immunograph.identifiers import prefix_map

_OWN = ("iga", "ige", "igd", "ig", "igs")
_LONGEST_LINE = 1 << 23


def quoted(name: str) -> str:
    """A column's name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def text_sql(value: object) -> str:
    """A text, or the path of a file, as SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def texts_sql(values: Iterable[object]) -> str:
    """Texts as SQL, between commas."""
    return ", ".join(map(text_sql, values))


def lines_sql(files: Sequence[Path]) -> str:
    """A table of the lines of text files, with the one column ``l``."""
    return (
        f"read_csv([{texts_sql(files)}], columns = {{'l': 'VARCHAR'}}, delim = '\x01', quote = '', escape = '', "
        "comment = '', header = false, auto_detect = false, strict_mode = false, "
        f"max_line_size = {_LONGEST_LINE}, buffer_size = {2 * _LONGEST_LINE})"
    )


def iri_sql(column: str) -> str:
    """SQL that gives the IRI of a CURIE; a choice, since a look-up in a table would gather all CURIEs in memory."""
    namespaces = sorted(prefix_map().items(), key=lambda pair: (not pair[0].startswith("ig"), pair))
    cases = " ".join(f"WHEN '{prefix}' THEN '{namespace}'" for prefix, namespace in namespaces)
    local = f"substr({column}, strpos({column}, ':') + 1)"
    return f"coalesce(CASE split_part({column}, ':', 1) {cases} END || {local}, {column})"


def curie_sql(column: str, *, in_brackets: bool = False) -> str:
    """SQL that gives the CURIE of an IRI, or the IRI where no prefix fits.

    Our own namespaces are asked first, since most terms are ours and none nests there; then the longest.

    Args:
        column: holds the IRI; it is named often, so an expression would be evaluated as often.
        in_brackets: whether it holds ``<iri>``, as in N-Triples.
    """
    known = prefix_map()
    others = sorted((name for name in known if name not in _OWN), key=lambda name: -len(known[name]))
    left, both = ("<", 2) if in_brackets else ("", 0)
    cases = "".join(
        f" WHEN starts_with({column}, '{left}{known[name]}') AND length({column}) > {len(known[name]) + both}"
        f" THEN '{name}:' || substr({column}, {len(left + known[name]) + 1}, length({column})"
        f" - {len(known[name]) + both})"
        for name in (*_OWN, *others)
    )
    bare = f"substr({column}, {len(left) + 1}, length({column}) - {both})"
    return f"CASE{cases} ELSE {bare} END"
