"""Validation after a change: only the nodes that it can affect are judged again.

What the index covers judges a focus node by its own properties and by what one path of properties leads to. So a triple
that comes or goes can affect its subject and object, and what reaches its subject along the first steps of a path.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

import rdflib
from rdflib.namespace import RDF, RDFS, SH

from immunograph.store.triples import Triple
from immunograph.validation.indexed import validate_indexed
from immunograph.validation.report import Report
from immunograph.validation.shape_model import Shape, targeted_shapes
from immunograph.validation.shapes import quiet_literals

_TYPE, _SUBCLASS = f"<{RDF.type}>", f"<{RDFS.subClassOf}>"


class Matching(Protocol):
    """Triples that can be looked up by some of their terms."""

    def matching(
        self, subject: str | None = None, predicate: str | None = None, object_: str | None = None
    ) -> Iterator[Triple]:
        """The triples with some terms, given as N-Triples; None for any."""
        ...


class Overlay:
    """A graph without some of its triples, and with some more.

    Args:
        graph: the graph; it is only read.
        without: triples that it does not hold any more.
        more: triples that it holds now; none of them is in ``graph`` but for those in ``without``.
        hidden: beginnings of subjects whose triples are left out.
    """

    def __init__(
        self,
        graph: Matching,
        without: Collection[Triple] = (),
        more: Collection[Triple] = (),
        hidden: tuple[str, ...] = (),
    ) -> None:
        self._graph = graph
        self._more = set(more)
        self._without = set(without) - self._more
        self._hidden = hidden

    def matching(
        self, subject: str | None = None, predicate: str | None = None, object_: str | None = None
    ) -> Iterator[Triple]:
        """The triples with some terms, given as N-Triples; None for any."""
        for triple in self._graph.matching(subject, predicate, object_):
            if triple not in self._without and triple not in self._more and not triple[0].startswith(self._hidden):
                yield triple
        wanted = (subject, predicate, object_)
        for triple in self._more:
            agrees = all(term is None or term == other for term, other in zip(wanted, triple, strict=True))
            if agrees and not triple[0].startswith(self._hidden):
                yield triple


def validate_around(old: Matching, new: Matching, changed: Collection[Triple], shapes: rdflib.Graph) -> Report:
    """Validate the nodes that a change can affect; class trees must be the same before and after.

    Args:
        old: the triples before the change.
        new: the triples after it.
        changed: every triple that only one of the two holds; more do no harm.
        shapes: the shapes graph.

    Returns:
        The findings about those nodes, and how many focus nodes more each node shape reaches; fewer are negative.

    Raises:
        UnsupportedShapeError: a shape says something that only a complete engine can judge.
    """
    judged = list(targeted_shapes(shapes))
    nodes = frozenset(_affected(judged, changed, (old, new)))
    with quiet_literals():
        before, after = (validate_indexed(_near(graph, nodes, judged), shapes, nodes) for graph in (old, new))
    more = {name: count - before.reached[name] for name, count in after.reached.items()}
    return Report(after.findings, more)


def _parts(shapes: Iterable[Shape]) -> Iterator[Shape]:
    for shape in shapes:
        yield shape
        yield from _parts(shape.properties)


def _objects_targeted(shapes: Iterable[Shape]) -> set[str]:
    return {f"<{iri}>" for shape in shapes for kind, iri in shape.targets if kind == SH.targetObjectsOf}


def _affected(shapes: Sequence[Shape], changed: Iterable[Triple], graphs: Iterable[Matching]) -> Iterator[str]:
    paths = {tuple(f"<{step}>" for step in part.path): False for part in _parts(shapes)}
    for part in _parts(shapes):
        paths[tuple(f"<{step}>" for step in part.path)] |= any(one.classes for one in part.constraints)
    by_object = _objects_targeted(shapes)
    ways: set[tuple[str, tuple[str, ...]]] = set()
    for subject, predicate, object_ in changed:
        yield subject
        if predicate in by_object:
            yield object_
        for path, is_of_class in paths.items():
            ways.update((subject, path[:at]) for at, step in enumerate(path) if step == predicate)
            if is_of_class and predicate == _TYPE:
                ways.add((subject, path))
    for graph in graphs:
        for node, path in ways:
            yield from _leading(graph, node, path)


def _leading(graph: Matching, node: str, path: Sequence[str]) -> set[str]:
    """What a path of properties leads from to a node."""
    found = {node}
    for step in reversed(path):
        found = {subject for one in found for subject, _, _ in graph.matching(None, step, one)}
    return found


def _near(graph: Matching, nodes: Collection[str], shapes: Sequence[Shape]) -> set[Triple]:
    """All that the shapes look at to judge some nodes."""
    found = set(graph.matching(None, _SUBCLASS, None))
    for predicate in _objects_targeted(shapes):
        for node in nodes:
            found.update(islice(graph.matching(None, predicate, node), 1))
    seen: set[str] = set()
    level = set(nodes)
    for _ in range(max((len(part.path) for part in _parts(shapes)), default=0) or 1):
        about = {triple for node in level if not node.startswith('"') for triple in graph.matching(node)}
        found |= about
        seen |= level
        level = {object_ for _, _, object_ in about if not object_.startswith('"')} - seen
    for node in level:
        found.update(graph.matching(node, _TYPE))
    return found
