"""Facts in DuckDB: terms as numbers, triples as rows with the round and the rule that first gave them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import duckdb

from immunograph.errors import RuleError, StoreError
from immunograph.reasoning.rules import ASSERTED, ONTOLOGY
from immunograph.reasoning.terms import Triple, is_literal, number_of, value_key

FIRST_BLANK: Final = 1_500_000_000
"""Numbers below zero are literals, from 1 IRIs, from here on blank nodes."""
NAMED: Final = f"s < {FIRST_BLANK} AND o < {FIRST_BLANK}"
"""The SQL condition of triples that are not about blank nodes."""
_CHUNK: Final = 200_000
_TABLES: Final = """
CREATE TABLE term (id INTEGER, text VARCHAR, key VARCHAR);
CREATE TABLE number (id INTEGER, value DOUBLE);
CREATE TABLE fact (s INTEGER, p INTEGER, o INTEGER, round SMALLINT, rule SMALLINT);
"""

_TABLES_OF_FILE: Final = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'file' AND table_name <> 'meta'"


class FactBase:
    """The triples of one closure, and the dictionary of their terms.

    Attributes:
        connection: the DuckDB connection; tables ``term``, ``number`` and ``fact``.
    """

    def __init__(self, connection: Any = None) -> None:
        self.connection = connection if connection is not None else _connect()
        self._ids: dict[str, int] = {}
        self._is_whole = True
        self._is_indexed = False
        self._next = {"iri": 1, "blank": FIRST_BLANK, "literal": -1}
        self._new: list[tuple[int, str, str]] = []
        self._keeps_order = False

    @classmethod
    def empty(cls) -> FactBase:
        """A fact base in memory, with no facts."""
        base = cls()
        base.connection.execute(_TABLES)
        return base

    @classmethod
    def around(cls, connection: Any, *, is_indexed: bool = True) -> FactBase:
        """A fact base over tables that are there already; terms are looked up in them when asked for."""
        base = cls(connection)
        base._is_whole = False
        base._is_indexed = is_indexed
        base._next = {}
        return base

    def copied(self) -> FactBase:
        """A fact base in memory with the same tables and the same numbers; for one that is read from a file.

        Raises:
            StoreError: the file is not there any more, or cannot be read.
        """
        ((path,),) = self.rows("SELECT path FROM duckdb_databases() WHERE database_name = current_database()")
        connection = _connect()
        place = str(path).replace("'", "''")
        try:
            connection.execute(f"ATTACH '{place}' AS file (READ_ONLY)")
            for (name,) in connection.execute(_TABLES_OF_FILE).fetchall():
                order = {"fact": " ORDER BY p, o, s", "term": " ORDER BY id"}.get(name, "")
                connection.execute(f"CREATE TABLE main.{name} AS FROM file.{name}{order}")
            connection.execute("DETACH file")
        except duckdb.Error as error:
            raise StoreError(f"{path}: cannot be read ({error}); run `immunograph build --force`") from error
        return FactBase.around(connection, is_indexed=False)

    def rows(self, query: str, values: Sequence[Any] = (), *, is_in_order: bool = False) -> list[tuple[Any, ...]]:
        """Run a query and fetch all its rows; its tables may be joined in the order in which they stand."""
        self.keep_order(is_in_order)
        found: list[tuple[Any, ...]] = self.connection.execute(query, list(values)).fetchall()
        return found

    def run(self, statement: str) -> None:
        """Run a statement for its effect."""
        self.keep_order(False)
        self.connection.execute(statement)

    def run_in_order(self, statement: str) -> None:
        """Run a statement that joins its tables in the order in which they stand."""
        self.keep_order(True)
        self.connection.execute(statement)

    def keep_order(self, is_kept: bool) -> None:
        """Have the next statement join its tables as they stand, or as the database thinks best."""
        if is_kept is not self._keeps_order:
            self.connection.execute(f"SET disabled_optimizers = '{'join_order' if is_kept else ''}'")
            self._keeps_order = is_kept

    # -- terms ---------------------------------------------------------------------------------------------------

    def intern(self, term: str) -> int:
        """The number of a term; a new one is given where there is none. ``flush`` writes new terms."""
        known = self._ids.get(term)
        if known is None and not self._is_whole:
            self.learn([term])
            known = self._ids.get(term)
        return self._add(term) if known is None else known

    def find(self, term: str) -> int | None:
        """The number of a term, None where the facts do not know it."""
        known = self._ids.get(term) or self._ids.get(value_key(term))
        if known is None and not self._is_whole:
            self._index()
            self.learn([term])
            known = self._ids.get(term)
        return known

    def _index(self) -> None:
        """Index the terms by their text, when single ones are first looked up."""
        if not self._is_indexed:
            self.run("CREATE INDEX term_text ON term (text)")
            self._is_indexed = True

    def learn(self, terms: Iterable[str]) -> None:
        """Look the numbers of many terms up at once, where not all are at hand."""
        missing = [] if self._is_whole else [term for term in dict.fromkeys(terms) if term not in self._ids]
        if not missing:
            return
        iris = [term for term in missing if not is_literal(term)]
        literals = [term for term in missing if is_literal(term)]
        keys = [value_key(term) for term in literals]
        found: dict[str, int] = {}
        if len(iris) == 1:  # an index is read for one constant only
            found |= dict(self.rows("SELECT text, id FROM term WHERE text = ?", iris))
        elif iris:
            found |= dict(self.rows(f"SELECT text, id FROM term WHERE {_listed('text')}", [iris]))
        if literals:
            query = f"SELECT text, key, id FROM term WHERE id < 0 AND ({_listed('text')} OR {_listed('key')})"
            for text, key, number in self.rows(query, [[*literals, *keys], keys]):
                found |= {text: number} if key is None else {text: number, key: number}
        self._ids.update(found)
        for term, key in zip(literals, keys, strict=True):
            if key in found:
                self._ids[term] = found[key]

    def _count_on(self) -> None:
        ((least, iri, blank),) = self.rows(f"SELECT min(id), max(id) FILTER (id < {FIRST_BLANK}), max(id) FROM term")
        self._next = {
            "literal": min(least or 0, 0) - 1,
            "iri": max(iri or 0, 0) + 1,
            "blank": max((blank or 0) + 1, FIRST_BLANK),
        }

    def _add(self, term: str) -> int:
        ids = self._ids
        key = value_key(term)
        number = ids.get(key)
        if number is None:
            kind = {"<": "iri", "_": "blank", '"': "literal"}.get(term[:1])
            if kind is None:
                raise RuleError(f'{term!r} is not a term in N-Triples form; terms look like <iri>, "text" or _:name')
            if not self._next:
                self._count_on()
            number = self._next[kind]
            self._next[kind] += -1 if kind == "literal" else 1
            ids[key] = number
            self._new.append((number, term, key))
        ids[term] = number
        return number

    def forget_dictionary(self, kept: Iterable[str] = ()) -> None:
        """Free the dictionary's memory, but for some terms; others are looked up in the table when needed."""
        self.flush()
        self._ids = {term: self._ids[term] for term in kept if term in self._ids}
        self._is_whole = False

    def flush(self) -> None:
        """Write the terms that were interned since the last time."""
        if not self._new:
            return
        new, self._new = self._new, []
        numbers = [(number, value) for number, text, _ in new if number < 0 and (value := number_of(text)) is not None]
        lines = (f"{n},{_quoted(text)},{_quoted(key) if key != text else ''}\n" for n, text, key in new)
        self._copy(lines, "term", "id, text, key", {"id": "INTEGER", "text": "VARCHAR", "key": "VARCHAR"})
        if numbers:
            self.connection.execute(
                "INSERT INTO number SELECT unnest(?::INTEGER[]), unnest(?::DOUBLE[])",
                [[number for number, _ in numbers], [value for _, value in numbers]],
            )

    def _copy(self, lines: Iterable[str], table: str, shown: str, columns: dict[str, str]) -> None:
        with tempfile.TemporaryDirectory(prefix="immunograph-") as folder:
            path = Path(folder) / "rows.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                file.writelines(lines)
            self.run(f"INSERT INTO {table} SELECT {shown} FROM {_csv(path, columns)}")

    # -- triples -------------------------------------------------------------------------------------------------

    def load(self, triples: Iterable[Triple], *, rule: int = ASSERTED, round_: int = 0) -> int:
        """Add stated triples that are not there yet.

        Args:
            triples: any iterable; it is read once.
            rule: ``ASSERTED`` or ``ONTOLOGY``.
            round_: the round in which they count as known.

        Returns:
            How many were new.

        Raises:
            RuleError: a literal stands as subject, or a predicate is not an IRI, or a term is not N-Triples.
        """
        columns = {"s": "INTEGER", "p": "INTEGER", "o": "INTEGER"}
        with tempfile.TemporaryDirectory(prefix="immunograph-") as folder:
            path = Path(folder) / "triples.csv"
            with path.open("w", encoding="ascii", newline="") as file:
                source = iter(triples)
                while chunk := list(islice(source, _CHUNK)):
                    self.learn(term for triple in chunk for term in triple)
                    file.write("".join(self._encoded(chunk)))
            self.flush()
            before = self.count("TRUE")
            self.run(
                f"INSERT INTO fact SELECT s, p, o, {round_}, {rule} FROM "
                f"(SELECT DISTINCT s, p, o FROM {_csv(path, columns)}) AS new "
                "ANTI JOIN fact USING (s, p, o) ORDER BY p, o, s"
            )
        return self.count("TRUE") - before

    def numbers(self, triples: Sequence[Triple]) -> list[tuple[int, int, int]]:
        """The numbers of some triples' terms; new terms are given theirs.

        Raises:
            RuleError: as ``load``.
        """
        self.learn(term for triple in triples for term in triple)
        found = [tuple(map(int, line.split(","))) for line in self._encoded(triples)]
        self.flush()
        return [(s, p, o) for s, p, o in found]

    def _encoded(self, triples: Iterable[Triple]) -> Iterator[str]:
        get = self._ids.get
        for subject, predicate, object_ in triples:
            s = get(subject) or self._add(subject)
            p = get(predicate) or self._add(predicate)
            o = get(object_) or self._add(object_)
            if s < 0 or not 0 < p < FIRST_BLANK:
                raise RuleError(f"not a triple of RDF: {subject} {predicate} {object_}; a subject is an IRI or a "
                                "blank node, and a predicate an IRI")  # fmt: skip
            yield f"{s},{p},{o}\n"

    def count(self, condition: str) -> int:
        """How many facts meet an SQL condition."""
        return int(self.rows(f"SELECT count(*) FROM fact WHERE {condition}")[0][0])

    def decoded(self, condition: str, table: str = "fact") -> Iterator[Triple]:
        """The triples of a table that meet an SQL condition, in a fixed order."""
        cursor = self.connection.cursor()
        cursor.execute(
            f"SELECT ts.text, tp.text, tob.text FROM (SELECT s, p, o FROM {table} AS f WHERE {condition}) AS f "
            "JOIN term AS ts ON ts.id = f.s JOIN term AS tp ON tp.id = f.p JOIN term AS tob ON tob.id = f.o "
            "ORDER BY f.s, f.p, f.o"
        )
        while batch := cursor.fetchmany(_CHUNK):
            yield from batch

    def texts(self, ids: Iterable[int]) -> dict[int, str]:
        """The text of each number."""
        wanted = sorted(set(ids))
        rows = self.rows(f"SELECT id, text FROM term WHERE id IN ({', '.join(map(str, wanted)) or 'NULL'})")
        return {int(number): str(text) for number, text in rows}

    def asserted_or_axiom(self) -> str:
        """The SQL condition of stated triples."""
        return f"rule IN ({ASSERTED}, {ONTOLOGY})"


def _connect() -> Any:
    connection = duckdb.connect(":memory:")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    return connection


def _listed(column: str) -> str:
    return f"{column} IN (SELECT unnest(?::VARCHAR[]))"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _csv(path: Path, columns: dict[str, str]) -> str:
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    place = str(path).replace("'", "''")
    return (
        f"read_csv('{place}', header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', "
        f"nullstr = '', max_line_size = 100000000, parallel = false, columns = {{{types}}})"
    )
