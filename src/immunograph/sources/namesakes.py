"""Rows of a name table → the modulators that go by those names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from immunograph.identifiers import compress, expand
from immunograph.model import Node
from immunograph.names import name_key
from immunograph.registry import Registry
from immunograph.sources.crosscheck import Substance
from immunograph.sources.importer import ImportReport
from immunograph.sources.matches import exact_and_close


def namesakes(
    substances: Iterable[Substance], registry: Registry, report: ImportReport
) -> Iterator[tuple[Node, Substance]]:
    """Pair modulators with the row of a name table that means them.

    A row means a modulator if its name is the modulator's label; failing that, if its name is one of the modulator's
    synonyms, or one of its synonyms is the modulator's label. Two synonyms that agree prove nothing: salts share
    brand names. Left out and counted are a row that fits several modulators, a modulator that several rows fit, and one
    that has another identifier of the same database already.

    Yields:
        Pairs, sorted by the modulator's IRI.
    """
    labelled: dict[str, list[Substance]] = defaultdict(list)
    named: dict[str, list[Substance]] = defaultdict(list)
    for substance in substances:
        found, is_label = _modulators(substance, registry)
        if len(found) == 1:
            (labelled if is_label else named)[found[0].iri].append(substance)
        else:
            report.skip(substance.at, "fits several modulators" if found else "no modulator of the graph")
    for iri in sorted(labelled.keys() | named.keys()):
        node, rows = registry.nodes[iri], labelled[iri] or named[iri]
        if labelled[iri]:
            for other in named[iri]:
                report.skip(other.at, "another row has the very name", f"{other.name}, {node.label}")
        if len(rows) > 1:
            for row in rows:
                report.skip(row.at, "several rows fit one modulator", f"{row.name}, {node.label}")
        elif _contradicts(node, rows[0]):
            report.skip(rows[0].at, "modulator has another identifier of this database", node.label)
        else:
            yield node, rows[0]


def _modulators(substance: Substance, registry: Registry) -> tuple[list[Node], bool]:
    """The modulators that a row fits, and whether by their label and its name."""
    by_name = [node for node in registry.by_name(substance.name, ["Modulator"]) if _is_substance(node)]
    key = name_key(substance.name)
    if same := [node for node in by_name if name_key(node.label) == key]:
        return same, True
    keys = {name_key(name) for name in substance.synonyms}
    by_label = [
        node
        for name in substance.synonyms
        for node in registry.by_name(name, ["Modulator"])
        if _is_substance(node) and name_key(node.label) in keys
    ]
    fitting = {node.iri: node for node in (*by_name, *by_label) if "VaccineAdjuvant" not in node.types}
    return list(fitting.values()), False


def _is_substance(node: Node) -> bool:
    """Whether a source has described the node, under an IRI of ours: a protein of the body has its own."""
    return compress(node.iri).startswith("igd:") and len(node.types) > 1


def _contradicts(node: Node, substance: Substance) -> bool:
    own = substance.identifiers[0]
    known = {compress(iri) for iri in node.exact}
    return own not in known and any(curie.partition(":")[0] == own.partition(":")[0] for curie in known)


def referenced(node: Node, substance: Substance, source: str) -> Node:
    """The modulator with the row's identifiers; a structure's only where it is a small molecule.

    Where the modulator has another exact identifier of a database already, the row's is a close one.
    """
    kept = [
        curie for curie in substance.identifiers if "SmallMolecule" in node.types or not curie.startswith("INCHIKEY")
    ]
    exact, close = exact_and_close(map(expand, kept), node.exact)
    return Node(node.iri, node.types, node.label, (source,), exact=exact, close=close)
