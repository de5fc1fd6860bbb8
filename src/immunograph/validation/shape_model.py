"""Shapes read from their graph into records: targets, path, and what each value must be.

Covered is the part of SHACL Core that judges a focus node by itself or by the values of one property. Anything else
is named, so that a caller can give those shapes to a complete engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH

from immunograph.errors import ImmunographError

Term = rdflib.term.Node
Test = Callable[[Term], bool]

_SEVERITIES = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
_SAYING_NOTHING = frozenset(
    {RDF.type, RDFS.label, RDFS.comment, SH.severity, SH.message, SH.name, SH.description, SH.order, SH.group}
)
_STRUCTURE = frozenset(
    {SH.path, SH.property, SH.minCount, SH.maxCount, SH.hasValue, SH.closed, SH.ignoredProperties, SH.flags, *_TARGETS}
)
_KINDS: dict[Term, tuple[type, ...]] = {
    SH.IRI: (rdflib.URIRef,),
    SH.Literal: (rdflib.Literal,),
    SH.BlankNode: (rdflib.BNode,),
    SH.BlankNodeOrIRI: (rdflib.BNode, rdflib.URIRef),
    SH.BlankNodeOrLiteral: (rdflib.BNode, rdflib.Literal),
    SH.IRIOrLiteral: (rdflib.URIRef, rdflib.Literal),
}


class UnsupportedShapeError(ImmunographError):
    """A shape says something that only a complete SHACL engine can judge."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """What each value must be.

    Attributes:
        component: IRI of the SHACL constraint component.
        classes: classes of which the value must be an instance of at least one; empty where the test alone says it.
        test: whether a value that is in none of the classes passes nevertheless.
    """

    component: str
    classes: tuple[str, ...]
    test: Test


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape, or a property shape where it has a path.

    Attributes:
        name: its IRI.
        severity: ``violation``, ``warning`` or ``info``.
        message: one sentence for every result.
        path: IRIs of the properties that lead to the values, one after the other; empty for a node shape, whose one
            value is the focus node.
        targets: (kind of target, IRI), as ``sh:targetClass`` and its like give them.
        constraints: what each value must be.
        required: values of which each must be there.
        least: fewest values.
        most: most values; None for any number.
        allowed: where the shape is closed, IRIs of the properties that a focus node may have.
        properties: property shapes that the focus nodes must meet, too.
    """

    name: str
    severity: str
    message: str
    path: tuple[str, ...]
    targets: tuple[tuple[Term, str], ...]
    constraints: tuple[Constraint, ...]
    required: tuple[Term, ...]
    least: int
    most: int | None
    allowed: frozenset[str] | None
    properties: tuple[Shape, ...]


def targeted_shapes(graph: rdflib.Graph) -> Iterator[Shape]:
    """Every shape of a graph that has a target and is not deactivated, by IRI.

    Raises:
        UnsupportedShapeError: a shape says something that is not covered.
    """
    named = {shape for target in _TARGETS for shape in graph.subjects(target, None)}
    for shape in sorted(named, key=str):
        if not _is_off(graph, shape):
            yield _shape(graph, shape)


def _is_off(graph: rdflib.Graph, shape: Term) -> bool:
    off = graph.value(shape, SH.deactivated)
    return isinstance(off, rdflib.Literal) and off.value is True


def _shape(graph: rdflib.Graph, node: Term) -> Shape:
    path = _path(graph, node)
    listed = sorted(graph.objects(node, SH.property), key=str)
    properties = tuple(_shape(graph, one) for one in listed if not _is_off(graph, one))
    if path and properties:
        raise UnsupportedShapeError(f"{node}: has property shapes of its own for its values")
    return Shape(
        name=str(node),
        severity=_SEVERITIES.get(graph.value(node, SH.severity), "violation"),  # type: ignore[call-overload]
        message=str(graph.value(node, SH.message) or ""),
        path=path,
        targets=tuple(sorted((kind, str(iri)) for kind in _TARGETS for iri in graph.objects(node, kind))),
        constraints=tuple(_constraints(graph, node)),
        required=tuple(graph.objects(node, SH.hasValue)),
        least=_number(graph, node, SH.minCount) or 0,
        most=_number(graph, node, SH.maxCount),
        allowed=_allowed(graph, node, listed),
        properties=properties,
    )


def _number(graph: rdflib.Graph, node: Term, parameter: Term) -> int | None:
    value = graph.value(node, parameter)
    return int(str(value)) if value is not None else None


def _path(graph: rdflib.Graph, node: Term) -> tuple[str, ...]:
    path = graph.value(node, SH.path)
    if path is None or isinstance(path, rdflib.URIRef):
        return (str(path),) if path else ()
    steps = tuple(Collection(graph, path))
    if not steps or not all(isinstance(step, rdflib.URIRef) for step in steps):
        raise UnsupportedShapeError(f"{node}: its path is neither a property nor a sequence of properties")
    return tuple(map(str, steps))


def _allowed(graph: rdflib.Graph, node: Term, properties: list[Term]) -> frozenset[str] | None:
    closed = graph.value(node, SH.closed)
    if not isinstance(closed, rdflib.Literal) or closed.value is not True:
        return None
    ignored = graph.value(node, SH.ignoredProperties)
    listed = Collection(graph, ignored) if ignored is not None else ()
    return frozenset({*map(str, listed), *(str(graph.value(one, SH.path)) for one in properties)})


def _constraints(graph: rdflib.Graph, node: Term) -> Iterator[Constraint]:
    for parameter, value in sorted(graph.predicate_objects(node), key=str):
        if parameter in _SAYING_NOTHING or parameter in _STRUCTURE or parameter == SH.deactivated:
            continue
        if parameter not in _BUILDERS:
            raise UnsupportedShapeError(f"{node}: {parameter} is not covered")
        yield _BUILDERS[parameter](graph, node, value)


def _never(_: Term) -> bool:
    return False


def _class(_graph: rdflib.Graph, _node: Term, value: Term) -> Constraint:
    return Constraint(str(SH.ClassConstraintComponent), (str(value),), _never)


def _datatype(_graph: rdflib.Graph, _node: Term, value: Term) -> Constraint:
    def test(term: Term) -> bool:
        if not isinstance(term, rdflib.Literal):
            return False
        if term.language:
            return value == RDF.langString
        return (term.datatype or rdflib.XSD.string) == value and term.ill_typed is not True

    return Constraint(str(SH.DatatypeConstraintComponent), (), test)


def _node_kind(_graph: rdflib.Graph, _node: Term, value: Term) -> Constraint:
    kinds = _KINDS[value]
    return Constraint(str(SH.NodeKindConstraintComponent), (), lambda term: isinstance(term, kinds))


def _in(graph: rdflib.Graph, _node: Term, value: Term) -> Constraint:
    listed = frozenset(Collection(graph, value))
    return Constraint(str(SH.InConstraintComponent), (), lambda term: term in listed)


def _pattern(graph: rdflib.Graph, node: Term, value: Term) -> Constraint:
    flags = str(graph.value(node, SH.flags) or "").lower()
    if set(flags) - set("im"):
        raise UnsupportedShapeError(f"{node}: the flags {flags!r} of a pattern are not covered")
    pattern = re.compile(str(value), (re.IGNORECASE if "i" in flags else 0) | (re.MULTILINE if "m" in flags else 0))
    return Constraint(
        str(SH.PatternConstraintComponent),
        (),
        lambda term: not isinstance(term, rdflib.BNode) and pattern.search(str(term)) is not None,
    )


def _min_length(_graph: rdflib.Graph, _node: Term, value: Term) -> Constraint:
    least = int(str(value))
    return Constraint(
        str(SH.MinLengthConstraintComponent),
        (),
        lambda term: least == 0 or (not isinstance(term, rdflib.BNode) and len(str(term)) >= least),
    )


def _max_length(_graph: rdflib.Graph, _node: Term, value: Term) -> Constraint:
    most = int(str(value))
    return Constraint(
        str(SH.MaxLengthConstraintComponent),
        (),
        lambda term: not isinstance(term, rdflib.BNode) and len(str(term)) <= most,
    )


def _bound(component: Term, is_met: Callable[[float, float], bool]) -> Callable[[rdflib.Graph, Term, Term], Constraint]:
    def build(_graph: rdflib.Graph, node: Term, value: Term) -> Constraint:
        bound = _as_number(value)
        if bound is None:
            raise UnsupportedShapeError(f"{node}: a bound that is not a number is not covered")

        def test(term: Term) -> bool:
            number = _as_number(term)
            return number is not None and is_met(number, bound)

        return Constraint(str(component), (), test)

    return build


def _as_number(term: Term) -> float | None:
    """The number that a literal writes; None where it writes none, so that it is outside every bound."""
    value = term.value if isinstance(term, rdflib.Literal) else None
    return float(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def _language_in(graph: rdflib.Graph, _node: Term, value: Term) -> Constraint:
    ranges = [str(one).casefold() for one in Collection(graph, value)]

    def test(term: Term) -> bool:
        tag = (term.language or "").casefold() if isinstance(term, rdflib.Literal) else ""
        return any(tag == one or tag.startswith(f"{one}-") for one in ranges)

    return Constraint(str(SH.LanguageInConstraintComponent), (), test)


def _or(graph: rdflib.Graph, node: Term, value: Term) -> Constraint:
    """At least one alternative: membership of one class, or every test of a member that names no class."""
    classes: list[str] = []
    tests: list[tuple[Test, ...]] = []
    for member in Collection(graph, value):
        found = tuple(_constraints(graph, member))
        named = [one.classes[0] for one in found if one.classes]
        if _STRUCTURE & set(graph.predicates(member)) or (named and len(found) > 1):
            raise UnsupportedShapeError(f"{node}: an alternative of sh:or is not one simple test")
        classes.extend(named)
        if not named:
            tests.append(tuple(one.test for one in found))
    return Constraint(
        str(SH.OrConstraintComponent),
        tuple(classes),
        lambda term: any(all(test(term) for test in one) for one in tests),
    )


_BUILDERS: dict[Term, Callable[[rdflib.Graph, Term, Term], Constraint]] = {
    SH["class"]: _class,
    SH.datatype: _datatype,
    SH.nodeKind: _node_kind,
    SH["in"]: _in,
    SH.pattern: _pattern,
    SH.minLength: _min_length,
    SH.maxLength: _max_length,
    SH.minInclusive: _bound(SH.MinInclusiveConstraintComponent, lambda value, bound: value >= bound),
    SH.maxInclusive: _bound(SH.MaxInclusiveConstraintComponent, lambda value, bound: value <= bound),
    SH.minExclusive: _bound(SH.MinExclusiveConstraintComponent, lambda value, bound: value > bound),
    SH.maxExclusive: _bound(SH.MaxExclusiveConstraintComponent, lambda value, bound: value < bound),
    SH.languageIn: _language_in,
    SH["or"]: _or,
}
