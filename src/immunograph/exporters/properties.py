"""Which properties the records of a graph have, and how each is typed: the scan before the writing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

RESERVED = frozenset(
    "id iri label kinds kind source predicate target is_negated is_inferred evidence publications addresses sources "
    "licences properties type name uri".split()
)
"""Names that records or the programs beyond use themselves; a property so called gets its prefix in front."""

ALWAYS_LISTS = frozenset(
    "skos:altLabel skos:exactMatch skos:closeMatch ig:broader ig:member dcterms:source ig:hasAffinity ig:mediatedBy "
    "ig:reference ig:atcCode spdx:checksumValue".split()
)
"""Properties that are lists even where no record has two, so that the columns are the same for every graph."""

STRUCTURE = frozenset("rdf:type rdfs:label ig:subject ig:predicate ig:object ig:negated ig:hasEvidence".split())
"""What a record holds in a field of its own."""

_TYPES = {
    "xsd:boolean": "boolean",
    "xsd:integer": "integer",
    "xsd:int": "integer",
    "xsd:long": "integer",
    "xsd:nonNegativeInteger": "integer",
    "xsd:positiveInteger": "integer",
    "xsd:gYear": "integer",
    "xsd:decimal": "number",
    "xsd:double": "number",
    "xsd:float": "number",
}
GRAPH_TYPES = {"string": "string", "integer": "long", "number": "double", "boolean": "boolean"}
"""Our types as GraphML, GEXF, CX2 and Neo4j call them."""

COLUMN_TYPES = {"boolean": "BOOLEAN", "integer": "BIGINT", "number": "DOUBLE", "string": "VARCHAR"}


@dataclass(frozen=True, slots=True)
class PropertyType:
    """How one property of a kind of record is named and typed.

    Attributes:
        name: key in ``properties``, and column.
        predicate: CURIE of the predicate that it came from.
        type: ``string``, ``integer``, ``number`` or ``boolean``.
        is_list: whether values are tuples.
        form: what its values were: ``@id`` (an IRI; the value is its CURIE), ``@`` and a language, or a datatype.
    """

    name: str
    predicate: str
    type: str
    is_list: bool
    form: str

    def as_dict(self) -> dict[str, Any]:
        """The property as plain data, for the manifest."""
        return asdict(self)


INFERRED_TYPES = PropertyType("inferredTypes", "rdf:type", "string", True, "@id")
"""The classes that a node is inferred to be in, where inferred edges are selected."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A property before it is given to the kinds of record that have it; ``code`` stands for it in the triples."""

    code: int
    property: PropertyType


def scan_properties(connection: duckdb.DuckDBPyConnection) -> list[Scanned]:
    """Find every predicate and form of value in the table ``asserted``, in the order of their names."""
    casts = " ".join(f"WHEN '{form}' THEN TRY_CAST(v AS {COLUMN_TYPES[kind]}) IS NULL" for form, kind in _TYPES.items())
    rows = connection.execute(
        f"SELECT p, form, count(*), bool_or(CASE form {casts} ELSE false END) FROM asserted GROUP BY p, form"
    ).fetchall()
    # a label in English is a field; in another language it is a property
    kept = [row for row in rows if row[0] not in STRUCTURE or (row[0] == "rdfs:label" and row[1] != "@en")]
    names = _names(kept)
    found = [
        PropertyType(
            names[predicate, form],
            predicate,
            "string" if is_odd else _TYPES.get(form, "string"),
            predicate in ALWAYS_LISTS,
            form,
        )
        for predicate, form, _, is_odd in kept
    ]
    ordered = sorted(found, key=lambda known: known.name)
    return [Scanned(code, known) for code, known in enumerate(ordered, start=100)]


def _names(rows: Iterable[tuple[str, str, int, bool]]) -> Mapping[tuple[str, str], str]:
    """A name for each (predicate, form): the local name; a rarer form of the same predicate says which it is."""
    ordered = sorted(rows, key=lambda row: (row[0], row[0] == "rdfs:label", -row[2], row[1]))
    local = Counter(_local(predicate).casefold() for predicate in {row[0] for row in ordered})
    names: dict[tuple[str, str], str] = {}
    for predicate, form, _, _ in ordered:
        name = _local(predicate)
        if local[name.casefold()] > 1 or name.casefold() in RESERVED:
            name = _safe(predicate)
        is_first = not any(known == predicate for known, _ in names) and predicate != "rdfs:label"
        names[predicate, form] = name if is_first else f"{name}_{_safe(form.removeprefix('xsd:').removeprefix('@'))}"
    return names


def _local(predicate: str) -> str:
    for mark in ("#", "/", ":"):
        predicate = predicate.rpartition(mark)[2]
    return _safe(predicate)


def _safe(text: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in text)
