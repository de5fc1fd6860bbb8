"""SHACL Core on an index of the triples: the report of pySHACL, without a second copy of the graph in its engine.

A value is judged once for each constraint, however many nodes have it, and a shape looks only at the properties that
it names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import rdflib
from rdflib.namespace import RDF, RDFS, SH
from rdflib.util import from_n3

from immunograph.store.triples import Triple
from immunograph.validation.report import Finding, Report, sorted_findings
from immunograph.validation.shape_model import Constraint, Shape, Term, targeted_shapes

_TYPE, _SUBCLASS, _RESOURCE = f"<{RDF.type}>", f"<{RDFS.subClassOf}>", f"<{RDFS.Resource}>"


class TripleIndex:
    """Triples by property: what each subject has, terms as N-Triples."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._by_property: dict[str, dict[str, list[str]]] = defaultdict(dict)
        for subject, predicate, object_ in triples:
            self._by_property[predicate].setdefault(subject, []).append(object_)
        self._instances: dict[str, set[str]] = defaultdict(set)
        for subject, types in self._by_property[_TYPE].items():
            for one in types:
                self._instances[one].add(subject)
        self._narrower: dict[str, list[str]] = defaultdict(list)
        for subject, classes in self._by_property[_SUBCLASS].items():
            for one in classes:
                self._narrower[one].append(subject)
        self._known: dict[str, frozenset[str]] = {}

    def values(self, property_: str) -> dict[str, list[str]]:
        """Subject → values of a property."""
        return self._by_property.get(property_, {})

    def properties(self) -> Iterable[tuple[str, dict[str, list[str]]]]:
        """Every property with its subjects and values."""
        return self._by_property.items()

    def instances(self, class_: str) -> frozenset[str]:
        """The instances of a class and of its subclasses."""
        if class_ not in self._known:
            classes, waiting = {class_}, [class_]
            while waiting:
                new = set(self._narrower.get(waiting.pop(), ())) - classes
                classes |= new
                waiting.extend(new)
            self._known[class_] = frozenset().union(*(self._instances.get(one, ()) for one in classes))
        return self._known[class_]


def validate_indexed(triples: Iterable[Triple], shapes: rdflib.Graph, among: frozenset[str] | None = None) -> Report:
    """Validate triples against shapes.

    Args:
        triples: asserted triples with the ontology's class tree among them.
        shapes: the shapes graph.
        among: the focus nodes, as N-Triples terms, that are judged and counted; None for all.

    Returns:
        The findings, and how many focus nodes each node shape reached.

    Raises:
        UnsupportedShapeError: a shape says something that only a complete engine can judge.
    """
    judged = list(targeted_shapes(shapes))
    index = TripleIndex(triples)
    findings: list[Finding] = []
    reached: dict[str, int] = {}
    for shape in judged:
        focus = _focus_nodes(shape, index)
        focus = focus if among is None else focus & among
        reached[_local(shape.name)] = len(focus)
        findings.extend(_judged(shape, focus, index))
    return Report(sorted_findings(findings), reached)


def _focus_nodes(shape: Shape, index: TripleIndex) -> frozenset[str]:
    found: set[str] = set()
    for kind, iri in shape.targets:
        term = f"<{iri}>"
        if kind == SH.targetClass:
            found |= index.instances(term)
        elif kind == SH.targetSubjectsOf:
            found.update(index.values(term))
        elif kind == SH.targetObjectsOf:
            found.update(value for values in index.values(term).values() for value in values)
        else:
            found.add(term)
    return frozenset(found)


def _judged(shape: Shape, focus: frozenset[str], index: TripleIndex) -> Iterator[Finding]:
    values = _values(shape, focus, index)
    for constraint in shape.constraints:
        yield from _each_value(shape, constraint, focus, values, index)
    for node in focus:
        yield from _as_a_whole(shape, node, values.get(node, ()))
    if shape.allowed is not None:
        yield from _beyond(shape, shape.allowed, focus, index)
    for property_ in shape.properties:
        yield from _judged(property_, focus, index)


def _values(shape: Shape, focus: frozenset[str], index: TripleIndex) -> Mapping[str, Sequence[str]]:
    """The values of each focus node; of a longer path each value once."""
    if len(shape.path) == 1:
        return index.values(f"<{shape.path[0]}>")
    values: dict[str, Sequence[str]] = {node: (node,) for node in focus}
    for step in shape.path:
        nexts = index.values(f"<{step}>")
        values = {
            node: tuple({new: None for old in olds for new in nexts.get(old, ())}) for node, olds in values.items()
        }
    return values


def _each_value(
    shape: Shape, constraint: Constraint, focus: frozenset[str], values: Mapping[str, Sequence[str]], index: TripleIndex
) -> Iterator[Finding]:
    members = [index.instances(f"<{iri}>") for iri in constraint.classes]
    known: dict[str, bool] = {}
    for node in focus:
        for value in values.get(node, ()):
            is_good = known.get(value)
            if is_good is None:
                is_good = any(value in one for one in members) or constraint.test(_term(value))
                known[value] = is_good
            if not is_good:
                yield _finding(shape, node, constraint.component, value)


def _as_a_whole(shape: Shape, node: str, values: Sequence[str]) -> Iterator[Finding]:
    if len(values) < shape.least:
        yield _finding(shape, node, str(SH.MinCountConstraintComponent))
    if shape.most is not None and len(values) > shape.most:
        yield _finding(shape, node, str(SH.MaxCountConstraintComponent))
    for wanted in shape.required:
        if all(_term(value) != wanted for value in values):
            yield _finding(shape, node, str(SH.HasValueConstraintComponent))


def _beyond(shape: Shape, allowed: frozenset[str], focus: frozenset[str], index: TripleIndex) -> Iterator[Finding]:
    """Properties that a closed shape does not allow."""
    for property_, subjects in index.properties():
        if property_[1:-1] in allowed:
            continue
        for node in focus & subjects.keys():
            for value in subjects[node]:
                if (property_, value) != (_TYPE, _RESOURCE):
                    yield _finding(shape, node, str(SH.ClosedConstraintComponent), value, property_[1:-1])


def _finding(shape: Shape, node: str, component: str, value: str = "", path: str = "") -> Finding:
    term = _term(value) if value else None
    return Finding(
        rule=_local(shape.name),
        severity=shape.severity,
        focus=str(_term(node)),
        message=shape.message,
        path=path or (shape.path[0] if len(shape.path) == 1 else ""),
        value=str(term) if term is not None else "",
        component=component,
        term=term.n3() if isinstance(term, rdflib.URIRef | rdflib.Literal) else "",
    )


@lru_cache(maxsize=100_000)
def _term(text: str) -> Term:
    """An N-Triples term as rdflib has it."""
    if text.startswith("<"):
        return rdflib.URIRef(text[1:-1])
    if text.startswith("_:"):
        return rdflib.BNode(text[2:])
    term = from_n3(text)
    assert isinstance(term, rdflib.Literal)
    return term


def _local(iri: str) -> str:
    return iri.rpartition("/")[2].rpartition("#")[2]
