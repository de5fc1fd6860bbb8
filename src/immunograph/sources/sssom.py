"""Mappings as SSSOM (https://mapping-commons.github.io/sssom/): what one is, and how tables of them are read."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import yaml

from immunograph.errors import LoadError, Place
from immunograph.identifiers import prefix_map
from immunograph.model import digest
from immunograph.references import references
from immunograph.sources.importer import open_text

SKOS = "http://www.w3.org/2004/02/skos/core#"
SSSOM = "https://w3id.org/sssom/"
SEMAPV = "https://w3id.org/semapv/vocab/"
MAPPING = "https://w3id.org/immunograph/mapping/"

MORE_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "igm": MAPPING,
        "OBAN": "http://purl.org/oban/",
        "semapv": SEMAPV,
        "SIO": "http://semanticscience.org/resource/SIO_",
        "sssom": SSSOM,
    }
)
"""Prefixes of mapping tables that the project's own map lacks."""


@dataclass(frozen=True, slots=True)
class Match:
    """One mapping.

    Attributes:
        subject: IRI.
        predicate: IRI, such as ``skos:exactMatch``.
        object: IRI.
        justification: local name of a ``semapv:`` term.
        subject_label: what the subject is called.
        object_label: what the object is called.
        is_not: whether it states that the relation does not hold (``predicate_modifier`` ``Not``).
        author: who made it, in words.
        source: IRI of the dataset or mapping set that it is from.
        date: ISO day; empty where the source names none.
        licence: IRI.
        version: version of the subject's source.
        object_version: version of the object's source.
        confidence: 0 to 1; None where nothing is said.
        comment: a remark.
        reviewer: who judged it a second time, in words; empty where nobody did.
    """

    subject: str
    predicate: str
    object: str
    justification: str
    subject_label: str = ""
    object_label: str = ""
    is_not: bool = False
    author: str = ""
    source: str = ""
    date: str = ""
    licence: str = ""
    version: str = ""
    object_version: str = ""
    confidence: float | None = None
    comment: str = ""
    reviewer: str = ""

    @property
    def iri(self) -> str:
        """Its IRI: a hash of what it relates and of where it is from."""
        said = "|".join((self.subject, self.predicate, self.object, str(self.is_not), self.source))
        return MAPPING + digest(said)


def read_sssom(path: Path) -> Iterator[Match]:
    """Read an SSSOM table, possibly packed.

    Identifiers are expanded as ``references`` reads them, else by the file's own prefixes; others stay as they are.

    Raises:
        LoadError: the file is missing, or has no SSSOM columns.
    """
    with open_text(path) as file:
        lines = file.readlines()
    about = _about(lines, path)
    stated = about.get("curie_map")
    prefixes = {str(name): str(iri) for name, iri in stated.items()} if isinstance(stated, dict) else {}
    body = [line for line in lines if not line.startswith("#")]
    rows = csv.DictReader(body, delimiter="," if path.name.removesuffix(".gz").endswith(".csv") else "\t")
    needed = {"subject_id", "predicate_id", "object_id"}
    if missing := needed - set(rows.fieldnames or ()):
        raise LoadError(
            f"lacks the SSSOM column(s) {', '.join(sorted(missing))}", Place(path, len(lines) - len(body) + 1)
        )
    for row in rows:
        yield _match(row, prefixes, about)


def _about(lines: Iterable[str], path: Path) -> dict[str, object]:
    head = "".join(line[1:] for line in lines if line.startswith("#"))
    try:
        about = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise LoadError(f"its metadata are no YAML ({error})", Place(path, 1)) from error
    return about if isinstance(about, dict) else {}


def _match(row: Mapping[str, str | None], prefixes: Mapping[str, str], about: Mapping[str, object]) -> Match:
    def cell(name: str) -> str:
        return (row.get(name) or str(about.get(name) or "")).strip()

    confidence = cell("confidence")
    return Match(
        subject=_expanded(cell("subject_id"), prefixes),
        predicate=_expanded(cell("predicate_id"), prefixes),
        object=_expanded(cell("object_id"), prefixes),
        justification=cell("mapping_justification").rpartition(":")[2] or "UnspecifiedMatching",
        subject_label=cell("subject_label"),
        object_label=cell("object_label"),
        is_not=cell("predicate_modifier").casefold() == "not",
        author=cell("author_label"),
        source=_expanded(cell("mapping_source") or cell("mapping_set_id"), prefixes),
        date=cell("mapping_date"),
        licence=cell("license"),
        version=cell("subject_source_version"),
        object_version=cell("object_source_version"),
        confidence=float(confidence) if re.fullmatch(r"[01](?:\.\d+)?", confidence) else None,
        comment=cell("comment"),
        reviewer=cell("reviewer_label"),
    )


def _expanded(curie: str, prefixes: Mapping[str, str]) -> str:
    """The IRI in the project's spelling where it knows the database, else by the file's own prefixes."""
    if not curie:
        return ""
    prefix, _, local = curie.partition(":")
    if prefix in MORE_PREFIXES:
        return MORE_PREFIXES[prefix] + local
    if prefix in {"skos", "ig", "igs", "owl"}:
        return prefix_map()[prefix] + local
    known = references(curie)
    if known and not known[0].note:
        return known[0].iri
    if prefix in prefix_map():
        return prefix_map()[prefix] + local
    return prefixes[prefix] + local if prefix in prefixes else curie
