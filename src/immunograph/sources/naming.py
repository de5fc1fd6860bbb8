"""Names → nodes, for curation sheets: exact labels and synonyms of what is known, never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from immunograph.identifiers import as_iri, compress, expand
from immunograph.model import Node
from immunograph.names import name_key
from immunograph.registry import Registry
from immunograph.sources.genes import read_genes
from immunograph.sources.ontologies import read_terms
from immunograph.sources.retired import RetiredRow

_PREFERENCE = ("MONDO", "HP", "OAE", "GO", "CL", "UniProtKB", "FPLX")


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A name that gave no node: nothing fits (near names are suggested), or several do."""

    name: str
    candidates: tuple[str, ...]
    is_ambiguous: bool


@dataclass(slots=True)
class Namer:
    """Looks names up among declared nodes, aliases, the graph's nodes and the terms of public ontologies.

    Conditions are taken from MONDO where it has the concept under any exact name, then from HP, then from OAE, and a
    node of our own goes before all of them. Of other kinds, a name that is the label of one node and a synonym of
    another means the first.

    Attributes:
        known: nodes of the graph and of the sheets.
        outside: terms of public ontologies that may be used though the graph does not describe them yet.
        aliases: name key → IRI, from reviewed tables.
        same: IRI → IRI of the same concept that stands in its place, from reviewed tables.
        retired: IRIs that their ontologies have retired.
    """

    known: Registry
    outside: Registry
    aliases: dict[str, str] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    retired: Mapping[str, RetiredRow] = field(default_factory=dict)
    _resolved: dict[tuple[str, tuple[str, ...]], str | Unresolved] = field(default_factory=dict)

    def resolve(self, name: str, kinds: Sequence[str]) -> str | Unresolved:
        """Give the IRI of a name, slug or CURIE, of one of the kinds; asked once a name."""
        asked = (name, tuple(kinds))
        if asked not in self._resolved:
            found = self._looked_up(name, kinds)
            self._resolved[asked] = found if isinstance(found, Unresolved) else self.canonical(found)
        return self._resolved[asked]

    def canonical(self, iri: str) -> str:
        """The IRI of the node that stands for an identifier: by review, or as an exact match; else as it stands."""
        iri = self.same.get(iri, iri)
        known = self.known.by_identifier(iri)
        return known.iri if known else iri

    def retirement(self, curie: str) -> str:
        """That an identifier is retired, and what takes its place; empty where it is none, or is not retired."""
        iri = as_iri(curie) or ""
        row = None if self.is_described(iri) or iri in self.same else self.retired.get(iri)
        return str(row) if row else ""

    def is_described(self, iri: str) -> bool:
        """Whether a node of the graph, or a term that may be used, has this IRI."""
        return iri in self.known.nodes or iri in self.outside.nodes

    def _looked_up(self, name: str, kinds: Sequence[str]) -> str | Unresolved:
        if iri := as_iri(name):
            return iri
        if iri := self.aliases.get(name_key(name)):
            return iri
        own = self.known.by_identifier(f"igd:{name}")
        if own and (not kinds or set(kinds) & set(own.types)):
            return own.iri
        ranked = self._ranked(name, kinds)
        best = [iri for rank, iri in ranked if rank == ranked[0][0]]
        if len(best) == 1:
            return best[0]
        if best:
            return Unresolved(name, tuple(f"{self._label(iri)} [{compress(iri)}]" for iri in best), is_ambiguous=True)
        near = self.known.suggestions(name, kinds) or self.outside.suggestions(name, kinds)
        return Unresolved(name, tuple(near), is_ambiguous=False)

    def _ranked(self, name: str, kinds: Sequence[str]) -> list[tuple[tuple[int, int], str]]:
        key = name_key(name)
        found = {
            node.iri: _rank(node, is_label=key in {name_key(node.label), *_symbols(node.extra)})
            for registry in (self.outside, self.known)
            for node in registry.by_name(name, kinds)
        }
        return sorted((rank, iri) for iri, rank in found.items())

    def _label(self, iri: str) -> str:
        node = self.known.nodes.get(iri) or self.outside.nodes.get(iri)
        return node.label if node else iri


_KIND_OF_PREFIX = {
    "MONDO": "Condition",
    "HP": "Condition",
    "OAE": "Condition",
    "GO": "ImmuneProcess",
    "CL": "CellType",
    "UniProtKB": "Target",
    "FPLX": "Target",
}


def nameable_nodes(paths: Iterable[Path]) -> Iterator[Node]:
    """The terms of ontology releases as nodes that may be named; obsolete terms and other prefixes are left out.

    Raises:
        LoadError: a file is missing or in no known format.
    """
    for path in paths:
        if ".tsv" in path.suffixes:
            yield from _gene_nodes(path)
            continue
        for term in read_terms(path):
            kind = _KIND_OF_PREFIX.get(compress(term.iri).partition(":")[0])
            if kind and term.label and not term.is_deprecated and term.namespace in {"", "biological_process"}:
                bare = (term.label.removesuffix(" AE"),) if term.label.endswith(" AE") else ()
                yield Node(term.iri, (kind,), term.label, (), synonyms=(*term.synonyms, *bare))


def _gene_nodes(path: Path) -> Iterator[Node]:
    """The proteins of a table of genes, labelled with the gene symbol."""
    for gene in read_genes(path):
        for accession in gene.proteins[:1]:
            yield Node(
                expand(f"UniProtKB:{accession}"), ("Target",), gene.symbol, (), synonyms=(gene.name, *gene.aliases)
            )


def _rank(node: Node, *, is_label: bool) -> tuple[int, int]:
    preference, is_synonym = _preference(node.iri), int(not is_label)
    return (preference, is_synonym) if "Condition" in node.types else (is_synonym, preference)


def _preference(iri: str) -> int:
    prefix = compress(iri).partition(":")[0]
    return _PREFERENCE.index(prefix) + 1 if prefix in _PREFERENCE else 0


def _symbols(extra: Sequence[tuple[str, object]]) -> set[str]:
    return {name_key(getattr(term, "value", "")) for name, term in extra if name.endswith("/geneSymbol")}
