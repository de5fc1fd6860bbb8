"""Saved queries: ``queries/<name>.rq``, plain SPARQL with a ``#+`` header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from immunograph.errors import LoadError, Place, QueryNotFoundError, QueryParameterError
from immunograph.headers import read_header
from immunograph.model import Iri, Literal, Term, decimal, integer
from immunograph.names import nearest
from immunograph.queries.binding import bind_tokens, tokens
from immunograph.queries.names import NameIndex

TYPES = ("iri", "iris", "integer", "decimal", "text")
"""Types of a token: one node, several nodes, a whole number, a decimal, a text."""


_TOO_LARGE = 2**63
"""Engines hold whole numbers in 64 bits; a larger one would match nothing, without a word."""
_SPOKEN = {"integer": "whole number", "decimal": "number"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a query asks for.

    Attributes:
        name: as given on the command line.
        type: one of ``TYPES``.
        kinds: kinds of node that it may be, for ``iri`` and ``iris``.
        help: one line.
        example: a value that gives an answer.
        default: the value where none is given; None where one must be.
        choices: the values that a text may have; empty where any will do.
    """

    name: str
    type: str
    kinds: tuple[str, ...]
    help: str
    example: str
    default: str | None = None
    choices: tuple[str, ...] = ()

    def parse(self, value: str, names: NameIndex) -> list[Term]:
        """Read a value as the terms it stands for.

        Raises:
            QueryParameterError: a number is malformed, a text is none of the choices, or no value is given.
            UnknownTermError: nothing has that name; AmbiguousTermError: several things have it.
        """
        if self.type in {"iri", "iris"}:
            parts = [value] if self.type == "iri" else [part for part in _split(value) if part]
            if not parts:
                raise QueryParameterError(f"{self.name} needs at least one name; example: {self.example}")
            return [Iri(names.resolve(part, self.kinds).iri) for part in parts]
        if self.type == "text":
            return [self._text(value)]
        return [self._number(value)]

    def _text(self, value: str) -> Term:
        if self.choices and value not in self.choices:
            near = nearest(value, self.choices) or self.choices
            raise QueryParameterError(f"{self.name} cannot be {value!r}; choose {', '.join(near)}")
        return Literal(value)

    def _number(self, value: str) -> Term:
        try:
            number = int(value) if self.type == "integer" else Decimal(value)
            if not 0 <= number < _TOO_LARGE:  # years and counts; not a number is in no order either
                raise ValueError(value)
            return integer(number) if isinstance(number, int) else decimal(number)
        except (ValueError, InvalidOperation) as error:
            raise QueryParameterError(
                f"{self.name} takes a {_SPOKEN[self.type]}, not {value!r} (0 or more); example: {self.example}"
            ) from error


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A question that the graph can answer, read from ``queries/<name>.rq``.

    Attributes:
        name: the file's name without its ending; also the command-line and web name.
        summary: one line for lists.
        description: what the answer holds, and what it does not.
        tags: for finding it.
        parameters: what a caller gives, by name.
        columns: meaning and unit of each column.
        text: the SPARQL, valid as it stands.
    """

    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    columns: Mapping[str, str]
    text: str

    def bound(self, values: Mapping[str, str], names: NameIndex) -> str:
        """The SPARQL for these values.

        Raises:
            QueryParameterError: a parameter is missing, unknown or malformed.
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
        """
        return bind_tokens(self.text, self.parsed(values, names))

    def parsed(self, values: Mapping[str, str], names: NameIndex) -> dict[str, list[Term]]:
        """The terms that these values stand for, defaults included.

        Raises:
            QueryParameterError: a parameter is missing, unknown or malformed.
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
        """
        given = {
            name: parameter.default for name, parameter in self.parameters.items() if parameter.default is not None
        }
        given.update(values)
        if wrong := sorted(given.keys() ^ self.parameters.keys()):
            raise QueryParameterError(self._misfit(wrong))
        return {name: self.parameters[name].parse(str(value), names) for name, value in given.items()}

    def example(self) -> dict[str, str]:
        """The example value of each parameter."""
        return {name: parameter.example for name, parameter in self.parameters.items()}

    def _misfit(self, wrong: list[str]) -> str:
        missing = [name for name in wrong if name in self.parameters]
        unknown = [name for name in wrong if name not in self.parameters]
        parts = [f"{name} is missing ({self.parameters[name].help})" for name in missing]
        for name in unknown:
            near = nearest(name, self.parameters)
            parts.append(f"{name} is unknown" + (f", did you mean {near[0]}?" if near else ""))
        takes = (
            ", ".join(f"{name}={parameter.example!r}" for name, parameter in self.parameters.items()) or "no parameters"
        )
        return f"{self.name}: {'; '.join(parts)}; it takes {takes}"


def read_queries(folder: Path) -> dict[str, SavedQuery]:
    """Every saved query of a folder, by name.

    Raises:
        LoadError: a header is malformed, or its parameters and the tokens of the text differ.
    """
    return {path.stem: read_query(path) for path in sorted(folder.glob("*.rq"))}


def read_query(path: Path) -> SavedQuery:
    """Read one saved query.

    Raises:
        LoadError: as ``read_queries``.
    """
    header, text = read_header(path)
    parameters = {name: _parameter(name, content, path) for name, content in (header.get("parameters") or {}).items()}
    found = tokens(text)
    if found.keys() != parameters.keys() or any(found[name] != parameters[name].type for name in found):
        stated = {name: parameter.type for name, parameter in parameters.items()}
        raise LoadError(f"the header states the parameters {stated}, the text has the tokens {found}", Place(path, 1))
    return SavedQuery(
        name=path.stem,
        summary=str(header.get("summary", "")),
        description=" ".join(str(header.get("description", "")).split()),
        tags=tuple(header.get("tags") or ()),
        parameters=parameters,
        columns={name: str(text) for name, text in (header.get("columns") or {}).items()},
        text=text,
    )


def find_query(name: str, folder: Path) -> SavedQuery:
    """Read the saved query of a name, and no other.

    Raises:
        QueryNotFoundError: there is none; it carries the nearest names.
        LoadError: as ``read_queries``.
    """
    known = sorted(path.stem for path in folder.glob("*.rq"))
    if name not in known:
        raise QueryNotFoundError(name, nearest(name, known))
    return read_query(folder / f"{name}.rq")


def _parameter(name: str, content: Any, path: Path) -> Parameter:
    if not isinstance(content, dict) or content.get("type") not in TYPES:
        raise LoadError(f"the parameter {name} needs a type, one of {', '.join(TYPES)}", Place(path, 1))
    kinds = content.get("kinds") or ()
    default = content.get("default")
    return Parameter(
        name=name,
        type=content["type"],
        kinds=tuple(kinds),
        help=str(content.get("help", "")),
        example=str(content.get("example", "")),
        default=None if default is None else str(default),
        choices=tuple(content.get("choices") or ()),
    )


def _split(value: str) -> list[str]:
    """The parts of a list: one a line, or separated by semicolons, or else by commas."""
    for separator in ("\n", ";", ","):
        if separator in value:
            return [part.strip() for part in value.split(separator)]
    return [value.strip()]
