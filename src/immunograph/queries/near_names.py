"""Near misses: names that share letter triples with what was typed.

A slip of one letter destroys at most three triples of a name, so two slips leave one of its seven rarest. Only a few
rare triples are looked up, which keeps common ones (``ion``, ``ing``) from bringing half of all names.
"""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Iterable, Sequence

from immunograph.names import name_key

SCHEMA = """
CREATE VIRTUAL TABLE near USING fts5 (key, iri UNINDEXED, name UNINDEXED, tokenize = 'trigram');
CREATE TABLE triple (letters TEXT PRIMARY KEY, names INTEGER) WITHOUT ROWID;
"""
_COUNT = """
CREATE VIRTUAL TABLE temp.counted USING fts5vocab ('main', 'near', 'row');
INSERT INTO triple SELECT term, doc FROM temp.counted;
DROP TABLE temp.counted;
"""
_RAREST, _AT_LEAST = 9, 4
_NAMES_AT_MOST = 3000
"""How many names the rarest triples may bring together before the next, more common one is left out."""
_LOOKED_AT = 200
_AT_ONCE = 500
_COMPARED = 12
_ALIKE = 0.6
"""The least likeness of a near miss, from 0 to 1, as ``difflib`` measures it."""

Row = tuple[str, str, str, str, str]
"""Name as it is looked up, IRI, label, kinds (parted by spaces), name as written."""


def fill_near(connection: sqlite3.Connection, names: Iterable[tuple[str, str, str]]) -> None:
    """Fill the tables of near misses from (name as it is looked up, IRI, name as written)."""
    connection.executemany("INSERT INTO near VALUES (?, ?, ?)", ((f" {key} ", iri, name) for key, iri, name in names))
    connection.executescript(_COUNT)


def near_rows(connection: sqlite3.Connection, text: str, kinds: Sequence[str], limit: int) -> list[tuple[float, Row]]:
    """The names most like a text, with their likeness, best first.

    Args:
        connection: a database with the tables of near misses.
        text: what was typed.
        kinds: only nodes of these; empty for all.
        limit: how many are wanted; somewhat more are given, since a node has many names.
    """
    key = name_key(text)
    asked = _triples(key)
    rare = _rarest(connection, asked)
    if not rare:
        return []
    rows: list[Row] = connection.execute(
        "SELECT trim(near.key), n.iri, n.label, n.kinds, near.name FROM near JOIN node n ON n.iri = near.iri "
        "WHERE near MATCH ? ORDER BY rank LIMIT ?",
        (" OR ".join(f'"{triple}"' for triple in rare), _LOOKED_AT),
    ).fetchall()
    wanted = [row for row in rows if not kinds or set(kinds) & set(row[3].split())]
    alike = sorted(wanted, key=lambda row: (-_shared(asked, _triples(row[0])), row))[: max(_COMPARED, 2 * limit)]
    matcher = difflib.SequenceMatcher(None, b=key, autojunk=False)
    scored: list[tuple[float, Row]] = []
    for row in alike:
        matcher.set_seq1(row[0])
        if (score := matcher.ratio()) >= _ALIKE:
            scored.append((score, row))
    return sorted(scored, key=lambda pair: (-pair[0], pair[1]))


def _rarest(connection: sqlite3.Connection, asked: set[str]) -> list[str]:
    """The triples of a text that are in the fewest names, rarest first."""
    some = sorted(asked)[:_AT_ONCE]
    known = connection.execute(
        f"SELECT letters, names FROM triple WHERE letters IN ({','.join('?' * len(some))}) "
        f"ORDER BY names, letters LIMIT {_RAREST}",
        some,
    )
    kept: list[str] = []
    brought = 0
    for letters, names in known:
        brought += names
        if len(kept) >= _AT_LEAST and brought > _NAMES_AT_MOST:
            break
        kept.append(letters)
    return kept


def _triples(key: str) -> set[str]:
    padded = f" {key} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)} if key else set()


def _shared(one: set[str], other: set[str]) -> float:
    """The part of the letter triples that two names share (Dice), from 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other))
