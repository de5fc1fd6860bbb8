"""The graph elsewhere: in memory of other libraries, and in files and servers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from immunograph.knowledge.opened import OpenedGraph

if TYPE_CHECKING:
    import igraph
    import networkx
    import pandas
    import rdflib

    from immunograph.exporters.selection import Selection
    from immunograph.exporters.stream import GraphStream
    from immunograph.exporters.writing import Exported, ExportOptions


class TakenGraph(OpenedGraph):
    """The graph elsewhere: in memory of other libraries, and in files and servers."""

    def to_rdflib(self) -> rdflib.Graph:
        """The default graph as a new rdflib graph."""
        return self.graph.to_rdflib()

    def to_networkx(
        self, selection: Selection | None = None, *, has_negated: bool = False
    ) -> networkx.MultiDiGraph[str]:
        """Nodes and associations as a directed multigraph: one edge each, keyed by the association's CURIE.

        Args:
            selection: which of them; None for everything that is stated.
            has_negated: whether statements that something is *not* so are edges too, told by ``is_negated``.
        """
        from immunograph.exporters.memory import as_networkx

        with self._stream(selection) as stream:
            return as_networkx(stream, has_negated)

    def to_igraph(self, selection: Selection | None = None, *, has_negated: bool = False) -> igraph.Graph:
        """The same as an igraph; CURIEs stand in ``name`` of a vertex and ``id`` of an edge.

        Raises:
            MissingExtraError: igraph is not installed.
        """
        from immunograph.exporters.memory import as_igraph

        with self._stream(selection) as stream:
            return as_igraph(stream, has_negated)

    def to_pandas(self, selection: Selection | None = None) -> tuple[pandas.DataFrame, pandas.DataFrame]:
        """All nodes and all associations, negated ones among them, as two frames with list columns.

        Raises:
            MissingExtraError: pandas or pyarrow is not installed.
        """
        from immunograph.exporters.memory import as_pandas

        with self._stream(selection) as stream:
            return as_pandas(stream)

    def export(
        self,
        form: str,
        out: str | Path,
        *,
        selection: Selection | None = None,
        options: ExportOptions | None = None,
        is_forced: bool = False,
    ) -> Exported:
        """Write the graph, or a selection of it, in another format.

        Args:
            form: name of the format (``csv``, ``neo4j-csv``, ``gexf`` ...).
            out: file, folder or server's address.
            selection: which nodes and edges; None for everything that is stated.
            options: what only some formats look at.
            is_forced: whether an earlier export there is replaced.

        Raises:
            ExportError: the target or the selection is no good; what was there before is untouched.
        """
        from immunograph.exporting import export

        return export(self.folder, self.plan, form, str(out), selection, options, is_forced, self.graph)

    def _stream(self, selection: Selection | None) -> GraphStream:
        from immunograph.exporting import selected_stream

        return selected_stream(self.folder, self.plan, selection, graph=self.graph)
