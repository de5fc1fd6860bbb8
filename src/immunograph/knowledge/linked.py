"""Identifiers, tables and ontologies of others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from immunograph.knowledge.opened import OpenedGraph

if TYPE_CHECKING:
    from immunograph.linking.annotating import Annotation
    from immunograph.linking.checking import Finding
    from immunograph.linking.expanding import Slice
    from immunograph.linking.resolving import Resolution
    from immunograph.sources.sssom import Match


class LinkedGraph(OpenedGraph):
    """Identifiers, tables and ontologies of others."""

    def resolve(self, texts: str | Iterable[str], *, kinds: Iterable[str] = (), prefix: str = "") -> list[Resolution]:
        """What identifiers and names in any form mean, one answer each, in order.

        Args:
            texts: identifiers or names; a text by itself is one of them.
            kinds: node kinds to keep; empty for all.
            prefix: what bare numbers are identifiers of, such as ``NCBIGene``.
        """
        from immunograph.linking.resolving import resolve_all

        return resolve_all(
            self.names, [texts] if isinstance(texts, str) else list(texts), kinds=tuple(kinds), prefix=prefix
        )

    def annotate(self, path: str | Path, column: str, *, kinds: Iterable[str] = (), prefix: str = "") -> Annotation:
        """A table with the node that one of its columns means, on every row; as ``link annotate`` writes it.

        Raises:
            LoadError: the file cannot be read; ImmunographError: it has no such column.
        """
        from immunograph.linking.annotating import annotate, read_table

        return annotate(self.names, read_table(Path(path)), column, kinds=tuple(kinds), prefix=prefix)

    def check(self, *ontologies: str | Path) -> list[Finding]:
        """Every external identifier against releases of ontologies, worst first; as ``link check`` tells it.

        Raises:
            LoadError: a file is missing, broken or of an unknown form.
        """
        from immunograph.linking.checking import check
        from immunograph.linking.held import held_nodes
        from immunograph.sources.ontologies import read_release

        return check(held_nodes(self.graph), [read_release(Path(path)) for path in ontologies])

    def expand(self, ontology: str | Path, out: str | Path, *, below: int = 0, licence: str = "") -> Slice:
        """Write an ontology's hierarchy around the nodes in use as a source of its own; as ``link expand`` does.

        Args:
            ontology: a release.
            out: a folder of the data, such as ``data/linked-mine``; the next build takes it in.
            below: how many steps below our nodes to go, too.
            licence: IRI of the licence, where the file states none.

        Raises:
            LoadError: the file cannot be read.
            ImmunographError: nothing of it is a node here, or the folder holds something else.
        """
        from immunograph.linking.expanding import expand

        return expand(self.graph, Path(ontology), Path(out), below=below, licence=licence)

    def mappings(self) -> list[Match]:
        """The cross-references of every node, each with predicate, justification, source, date and confidence."""
        from immunograph.linking.mappings import node_matches

        return list(node_matches(self.graph))
