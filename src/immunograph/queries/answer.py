"""What a query gives: typed rows, and the forms that they can be had in."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from immunograph.errors import MissingExtraError
from immunograph.identifiers import compress
from immunograph.model import Iri, Term
from immunograph.store.graph import Rows
from immunograph.vocabulary import XSD

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from immunograph.queries.emptiness import WhyEmpty

Value = str | int | float | Decimal | bool | None

_READ: Mapping[str, Callable[[str], Value]] = {
    XSD + "integer": int,
    XSD + "gYear": int,
    XSD + "decimal": Decimal,
    XSD + "double": float,
    XSD + "float": float,
    XSD + "boolean": lambda text: text in {"true", "1"},
}


class Context(Protocol):
    """What an answer can be asked about itself later."""

    def why_empty(self) -> WhyEmpty:
        """Why there are no rows."""

    def backed(self, answer: Answer, *, has_sources: bool, has_proofs: bool, seconds: float | None = None) -> Answer:
        """The answer with columns for the evidence, and for the proofs, behind each row; in so many seconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Typed rows in a fixed order.

    Identifiers are CURIEs, numbers are numbers, what is not bound is None.

    Attributes:
        columns: names, in order.
        rows: one value a column.
        meanings: meaning and unit by column, where the query states them.
        note: which rows were cut off; empty otherwise.
        context: the question behind the answer; None where the rows were made by hand.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    meanings: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    context: Context | None = field(default=None, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    @property
    def says_nothing(self) -> bool:
        """Whether there are no rows, or one alone that counts nothing: 0, false or empty in every column."""
        return not self.rows or (len(self.rows) == 1 and not any(self.rows[0]))

    @property
    def why_empty(self) -> WhyEmpty | None:
        """Why there are no rows: unknown terms, the pattern without a match, what sources state against it.

        It is worked out when it is asked for; None where there are rows, or no question behind them. One row that
        counts nothing is asked about, too, and the reason given where a term or a pattern is to blame.
        """
        if not self.context or self.note or not self.says_nothing:
            return None
        why = self.context.why_empty()
        return why if not self.rows or why.unknown or why.patterns else None

    def first(self, count: int) -> Answer:
        """The first rows, with a note of how many were cut off."""
        if len(self) <= count:
            return self
        note = f"only the first {count} rows; raise the limit to see more"
        return Answer(self.columns, self.rows[:count], self.meanings, note, self.context)

    def without(self, column: str) -> Answer:
        """The rows without a column; as they are where there is none of that name."""
        kept = [at for at, name in enumerate(self.columns) if name != column]
        rows = tuple(tuple(row[at] for at in kept) for row in self.rows)
        return Answer(tuple(self.columns[at] for at in kept), rows, self.meanings, self.note, self.context)

    def with_sources(self, seconds: float | None = None) -> Answer:
        """The rows with the associations behind each (``stated_by``) and where they can be read (``stated_in``).

        Args:
            seconds: how long it may take; None for as long as it takes.

        Raises:
            QueryTimeoutError: the time was up.
        """
        return self.context.backed(self, has_sources=True, has_proofs=False, seconds=seconds) if self.context else self

    def with_proofs(self) -> Answer:
        """The rows with the proofs of the inferred facts behind each (``proofs``)."""
        return self.context.backed(self, has_sources=False, has_proofs=True) if self.context else self

    def column(self, name: str) -> list[Value]:
        """The values of one column.

        Raises:
            ValueError: there is no such column.
        """
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def to_dicts(self) -> list[dict[str, Value]]:
        """The rows as dictionaries."""
        return list(self)

    def to_json(self) -> str:
        """The rows as a JSON list of objects, decimals as numbers."""
        return json.dumps(self.to_dicts(), ensure_ascii=False, indent=1, default=_jsonable)

    def to_json_lines(self) -> str:
        """The rows as JSON, one object a line."""
        return "".join(json.dumps(row, ensure_ascii=False, default=_jsonable) + "\n" for row in self)

    def to_csv(self, delimiter: str = ",") -> str:
        """The rows as a delimited table with a header; None is an empty cell."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([_shown(value) for value in row] for row in self.rows)
        return buffer.getvalue()

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas frame with typed columns.

        Raises:
            MissingExtraError: pandas or pyarrow is not installed.
        """
        for module in ("pandas", "pyarrow"):
            _optional(module, "pandas")
        frame: pandas.DataFrame = self.to_arrow().to_pandas()
        return frame

    def to_polars(self) -> polars.DataFrame:
        """The rows as a polars frame with typed columns.

        Raises:
            MissingExtraError: polars is not installed.
        """
        polars_module = _optional("polars", "polars")
        return polars_module.DataFrame(
            {name: [_number(value) for value in self.column(name)] for name in self.columns}, strict=False
        )

    def to_arrow(self) -> pyarrow.Table:
        """The rows as an Arrow table; decimals become doubles.

        Raises:
            MissingExtraError: pyarrow is not installed.
        """
        arrow = _optional("pyarrow", "parquet")
        return arrow.table({name: _uniform([_number(value) for value in self.column(name)]) for name in self.columns})

    def _repr_html_(self) -> str:
        head = "".join(
            f"<th title='{html.escape(self.meanings.get(c, ''))}'>{html.escape(c)}</th>" for c in self.columns
        )
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_shown(value))}</td>" for value in row) + "</tr>" for row in self.rows
        )
        why = self.why_empty
        text = str(why) if why else self.note
        note = f"<p>{html.escape(text).replace(chr(10), '<br>')}</p>" if text else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def answer_of(
    rows: Rows, meanings: Mapping[str, str] | None = None, note: str = "", context: Context | None = None
) -> Answer:
    """Make an answer of engine rows."""
    typed = tuple(tuple(value_of(term) for term in row) for row in rows.rows)
    return Answer(rows.columns, typed, meanings or {}, note, context)


def value_of(term: Term | None) -> Value:
    """A term as a Python value: CURIE, number, truth or text."""
    if term is None:
        return None
    if isinstance(term, Iri):
        return compress(term.value)
    try:
        return _READ.get(term.datatype, str)(term.value)
    except (ValueError, ArithmeticError):
        return term.value


def with_labels(answer: Answer, label_of: Callable[[str], str], rows: Rows) -> Answer:
    """Put a column of labels beside each column that holds identifiers without one."""
    columns: list[str] = []
    pieces: list[Sequence[Value]] = []
    for at, name in enumerate(answer.columns):
        columns.append(name)
        pieces.append([row[at] for row in answer.rows])
        terms = [row[at] for row in rows.rows]
        if any(isinstance(term, Iri) for term in terms) and f"{name}_label" not in answer.columns:
            columns.append(f"{name}_label")
            pieces.append([label_of(term.value) if isinstance(term, Iri) else None for term in terms])
    table = tuple(zip(*pieces, strict=True)) if answer.rows else ()
    return Answer(tuple(columns), table, answer.meanings, answer.note, answer.context)


def _optional(package: str, extra: str) -> Any:
    try:
        return __import__(package)
    except ImportError as error:
        raise MissingExtraError(package, extra) from error


def _jsonable(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def _number(value: Value) -> Value:
    return float(value) if isinstance(value, Decimal) else value


def _uniform(values: list[Value]) -> list[Value]:
    """Values of one type, as a column needs: mixed columns become text."""
    types = {type(value) for value in values if value is not None}
    if types <= {int, float} or len(types) <= 1:
        return values
    return [None if value is None else _shown(value) for value in values]


def _shown(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
