"""The WHERE clause of a rule file: rdflib's algebra read into patterns, filters, absences and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count as counter
from itertools import product
from typing import Any, Final

from rdflib import BNode, Literal, URIRef, Variable
from rdflib.paths import InvPath, Path, SequencePath

from immunograph.errors import ImmunographError
from immunograph.reasoning.rules import Absence, Count, Expression, Pattern, variables_of

_COMPARISONS: Final = {"=", "!=", "<", ">", "<=", ">="}
_TESTS: Final = {
    "Builtin_isIRI": "iri",
    "Builtin_isURI": "iri",
    "Builtin_isBLANK": "blank",
    "Builtin_isLITERAL": "literal",
}
_fresh = counter(1)


class UnsupportedFormError(ImmunographError):
    """A form of SPARQL that rules may not use."""


@dataclass(slots=True)
class Body:
    """One alternative of a WHERE clause, still being put together."""

    patterns: list[Pattern] = field(default_factory=list)
    filters: list[Expression] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    tables: list[tuple[tuple[str, ...], list[tuple[str, ...]]]] = field(default_factory=list)

    def joined(self, other: Body) -> Body:
        """This alternative and another one together."""
        return Body(
            self.patterns + other.patterns,
            self.filters + other.filters,
            self.absences + other.absences,
            self.counts + other.counts,
            self.tables + other.tables,
        )


def term_text(term: Any) -> str:
    """An rdflib term as N-Triples text; variables and blank nodes of a query as ``?name``."""
    if isinstance(term, Variable):
        return f"?{term}"
    if isinstance(term, BNode):
        return f"?_:{term}"
    if isinstance(term, URIRef):
        return f"<{term}>"
    if isinstance(term, Literal):
        return _literal_text(term)
    raise UnsupportedFormError(f"the term {term!r} is not supported")


def _literal_text(literal: Literal) -> str:
    text = str(literal).replace("\\", "\\\\").replace('"', '\\"')
    quoted = '"' + text.replace("\n", "\\n").replace("\r", "\\r") + '"'
    if literal.language:
        return f"{quoted}@{literal.language}"
    return f"{quoted}^^<{literal.datatype}>" if literal.datatype else quoted


def read_alternatives(node: Any) -> list[Body]:
    """Read a part of the algebra; a UNION gives several alternatives.

    Raises:
        UnsupportedFormError: the part uses a form that rules may not use.
    """
    if node.name == "BGP":
        return [Body(patterns=_patterns(node.triples))]
    if node.name == "Join":
        return [left.joined(right) for left, right in product(read_alternatives(node.p1), read_alternatives(node.p2))]
    if node.name == "Union":
        return read_alternatives(node.p1) + read_alternatives(node.p2)
    if node.name == "Filter":
        return _filtered(read_alternatives(node.p), node.expr)
    if node.name == "ToMultiSet":
        return [_table(node.p) if node.p.name == "values" else Body(counts=[_count(node.p)])]
    if node.name in {"Group", "Project"}:
        raise UnsupportedFormError("a sub-SELECT without COUNT is not supported; write its patterns in the body")
    raise UnsupportedFormError(f"{_spoken(node.name)} is not supported in a rule")


def _spoken(name: str) -> str:
    return {"LeftJoin": "OPTIONAL", "Minus": "MINUS", "Extend": "BIND", "Graph": "GRAPH"}.get(name, name)


def _patterns(triples: Sequence[Any]) -> list[Pattern]:
    found: list[Pattern] = []
    for subject, predicate, object_ in triples:
        found += _path_patterns(term_text(subject), predicate, term_text(object_))
    return found


def _path_patterns(subject: str, predicate: Any, object_: str) -> list[Pattern]:
    if not isinstance(predicate, Path):
        return [(subject, term_text(predicate), object_)]
    if isinstance(predicate, InvPath):
        return _path_patterns(object_, predicate.arg, subject)
    if isinstance(predicate, SequencePath):
        ends = [subject, *(f"?_:step{next(_fresh)}" for _ in predicate.args[1:]), object_]
        steps = zip(ends, predicate.args, ends[1:], strict=False)
        return [pattern for start, step, end in steps for pattern in _path_patterns(start, step, end)]
    raise UnsupportedFormError(f"the property path {predicate.n3()} is not supported (only / and ^ are)")


def _table(node: Any) -> Body:
    names = tuple(dict.fromkeys(term_text(name) for row in node.res for name in row))
    rows = [{term_text(name): term_text(value) for name, value in row.items()} for row in node.res]
    if any(row.get(name) is None or row[name] == "UNDEF" for row in rows for name in names):
        raise UnsupportedFormError("UNDEF in VALUES is not supported")
    return Body(tables=[(names, [tuple(row[name] for name in names) for row in rows])])


def _filtered(bodies: list[Body], expression: Any) -> list[Body]:
    for part in _conjuncts(expression):
        if getattr(part, "name", "") == "Builtin_NOTEXISTS":
            absences = [_absence(inner) for inner in read_alternatives(part.graph)]
            bodies = [body.joined(Body(absences=absences)) for body in bodies]
        elif getattr(part, "name", "") == "Builtin_EXISTS":
            inner = read_alternatives(part.graph)
            bodies = [body.joined(_present(body, other)) for body, other in product(bodies, inner)]
        else:
            bodies = [body.joined(Body(filters=[_expression(part)])) for body in bodies]
    return bodies


def _conjuncts(expression: Any) -> list[Any]:
    if getattr(expression, "name", "") == "ConditionalAndExpression":
        return [part for item in [expression.expr, *expression.other] for part in _conjuncts(item)]
    return [expression]


def _absence(body: Body) -> Absence:
    if body.absences or body.counts:
        raise UnsupportedFormError("NOT EXISTS inside NOT EXISTS, and counting inside it, are not supported")
    return Absence(tuple(body.patterns), tuple(body.filters + _table_filters(body)))


def _present(outer: Body, inner: Body) -> Body:
    """EXISTS is a join when only what it binds itself is renamed: a rule has no duplicates to lose."""
    if inner.absences or inner.counts:
        raise UnsupportedFormError("NOT EXISTS inside EXISTS, and counting inside it, are not supported")
    known = {*variables_of(outer.patterns), *(name for names, _ in outer.tables for name in names)}
    names = {name: f"{name}_{next(_fresh)}" for name in variables_of(inner.patterns) if name not in known}
    patterns = [tuple(names.get(term, term) for term in pattern) for pattern in inner.patterns]
    filters = [_renamed(expression, names) for expression in inner.filters + _table_filters(inner)]
    return Body(patterns=patterns, filters=filters)  # type: ignore[arg-type]


def _renamed(expression: Expression, names: dict[str, str]) -> Expression:
    if isinstance(expression, tuple):
        return tuple(_renamed(item, names) for item in expression)
    return names.get(expression, expression) if isinstance(expression, str) else expression


def _table_filters(body: Body) -> list[Expression]:
    if any(len(names) != 1 for names, _ in body.tables):
        raise UnsupportedFormError("VALUES over several variables inside EXISTS or a sub-SELECT is not supported")
    return [("in", names[0], *(row[0] for row in rows)) for names, rows in body.tables]


def _count(node: Any) -> Count:
    """Read Project(Extend*(Filter?(Extend*(AggregateJoin(Group(...))))))."""
    if node.name != "Project":
        raise UnsupportedFormError(f"{_spoken(node.name)} is not supported in a sub-SELECT")
    aliases: dict[str, str] = {}
    having: list[Any] = []
    wanted = [term_text(name) for name in node.PV]
    node = node.p
    while node.name in {"Extend", "Filter"}:
        if node.name == "Extend":
            aliases[term_text(node.expr)] = term_text(node.var)
        else:
            having += _conjuncts(node.expr)
        node = node.p
    if node.name != "AggregateJoin":
        raise UnsupportedFormError("a sub-SELECT must group and count")
    numbers, groups = _aggregates(node.A)
    (body,) = _only(read_alternatives(node.p.p))
    shown = {hidden: aliases.get(hidden, hidden) for hidden in numbers}
    renamed = {**shown, **groups}
    return Count(
        groups=tuple(name for name in wanted if name not in shown.values()),
        results=tuple((shown[hidden], counted, distinct) for hidden, (counted, distinct) in numbers.items()),
        body=tuple(body.patterns),
        filters=tuple(body.filters + _table_filters(body)),
        absences=tuple(body.absences),
        having=tuple(_renamed(_expression(part), renamed) for part in having),
    )


def _only(bodies: list[Body]) -> list[Body]:
    if len(bodies) != 1 or bodies[0].counts:
        raise UnsupportedFormError("UNION and nested counting inside a sub-SELECT are not supported")
    return bodies


def _aggregates(parts: Sequence[Any]) -> tuple[dict[str, tuple[str | None, bool]], dict[str, str]]:
    numbers: dict[str, tuple[str | None, bool]] = {}
    groups: dict[str, str] = {}
    for part in parts:
        if part.name == "Aggregate_Count":
            counted = None if part.vars == "*" else term_text(part.vars)
            numbers[term_text(part.res)] = (counted, bool(part.distinct))
        elif part.name == "Aggregate_Sample":
            groups[term_text(part.res)] = term_text(part.vars)
        else:
            raise UnsupportedFormError(
                f"{part.name.removeprefix('Aggregate_').upper()} is not supported; only COUNT is"
            )
    return numbers, groups


def _expression(node: Any) -> Expression:
    name = getattr(node, "name", None)
    if name is None:
        return _leaf(node)
    if name == "RelationalExpression":
        return _comparison(node)
    if name in {"ConditionalAndExpression", "ConditionalOrExpression"}:
        operator = "and" if name == "ConditionalAndExpression" else "or"
        return (operator, *(_expression(item) for item in [node.expr, *node.other]))
    if name == "UnaryNot":
        return ("not", _expression(node.expr))
    if name in {"AdditiveExpression", "MultiplicativeExpression"}:
        result = _expression(node.expr)
        for operator, item in zip(node.op, node.other, strict=True):
            result = (operator, result, _expression(item))
        return result
    if name in _TESTS:
        return (_TESTS[name], _expression(node.arg))
    if name == "Builtin_sameTerm":
        return ("=", _expression(node.arg1), _expression(node.arg2))
    raise UnsupportedFormError(f"{name.removeprefix('Builtin_')} is not supported in FILTER")


def _leaf(node: Any) -> Expression:
    return term_text(node)


def _comparison(node: Any) -> Expression:
    left = _expression(node.expr)
    if node.op in {"IN", "NOT IN"}:
        listed = ("in", left, *(_expression(item) for item in node.other))
        return listed if node.op == "IN" else ("not", listed)
    if node.op not in _COMPARISONS:
        raise UnsupportedFormError(f"the operator {node.op} is not supported")
    return (node.op, left, _expression(node.other))
