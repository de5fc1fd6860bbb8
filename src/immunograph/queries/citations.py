"""Where statements can be read: source, record, section and address of the evidence behind each association."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from immunograph.queries.relaxing import Asked
from immunograph.store.graph import Rows
from immunograph.vocabulary import IGS

_BATCH = 200
_EVIDENCE = """
SELECT ?association ?source ?record ?section ?address ?dataset WHERE {{
  VALUES ?association {{ {associations} }}
  ?association ig:hasEvidence ?evidence .
  ?evidence ig:source ?dataset ; dcterms:identifier ?identifier .
  ?dataset dcterms:title ?source .
  OPTIONAL {{ ?evidence dcterms:title ?title }}
  OPTIONAL {{ ?evidence ig:section ?section }}
  OPTIONAL {{ ?evidence ig:address ?address }}
  BIND(COALESCE(?title, ?identifier) AS ?record)
}} ORDER BY ?association ?source ?record ?section ?address
"""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a stated association can be read.

    Attributes:
        source: title of the source.
        record: title of the label, paper or record, or its identifier.
        section: where in the record; empty where it is not stated.
        address: where the record can be read; empty where it is not stated.
        dataset: slug of the source; empty where it is not known.
    """

    source: str
    record: str
    section: str
    address: str
    dataset: str = ""

    def __str__(self) -> str:
        section = f", section {self.section}" if self.section else ""
        address = f" <{self.address}>" if self.address else ""
        return f"{self.source}: {self.record}{section}{address}"


def read_citations(associations: Sequence[str], asked: Asked) -> dict[str, tuple[Citation, ...]]:
    """Association, as an IRI → the records that state it, in a fixed order; an unknown one has none."""
    found: dict[str, dict[Citation, None]] = {iri: {} for iri in associations}
    for at in range(0, len(associations), _BATCH):
        batch = " ".join(f"<{iri}>" for iri in associations[at : at + _BATCH])
        rows = asked.run(_EVIDENCE.format(associations=batch))
        for row in rows.rows if isinstance(rows, Rows) else []:
            association, source, record, section, address, dataset = (term.value if term else "" for term in row)
            slug = dataset.removeprefix(IGS)
            found[association].setdefault(Citation(source, record, section, address, slug))
    return {iri: tuple(citations) for iri, citations in found.items()}


def citations_of(associations: Sequence[str], asked: Asked) -> dict[str, tuple[str, ...]]:
    """Association, as an IRI → the records that state it, as text."""
    return {iri: tuple(map(str, citations)) for iri, citations in read_citations(associations, asked).items()}
