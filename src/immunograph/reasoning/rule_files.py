"""Rule files: SPARQL CONSTRUCT, parsed by rdflib and read into rules."""

from __future__ import annotations

from itertools import product
from typing import Any, Final

import yaml
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from immunograph.errors import RuleError
from immunograph.reasoning.rule_bodies import Body, UnsupportedFormError, read_alternatives, term_text
from immunograph.reasoning.rules import Absence, Count, Pattern, Rule, RuleFile, Unsupported, is_variable, variables_of
from immunograph.reasoning.terms import is_blank, is_literal

HEADER: Final = "#+"


def compile_rule_file(file: RuleFile) -> tuple[list[Rule], list[Unsupported]]:
    """Read a rule file into rules: one for each alternative of its UNIONs.

    Returns:
        The rules, and what of the file is outside the supported forms (then there are no rules).

    Raises:
        RuleError: the file does not parse, is not a CONSTRUCT, makes new terms, or concludes something about a
            variable that its body never binds.
    """
    summary = str(read_header(file).get("summary", ""))
    try:
        algebra: Any = translateQuery(parseQuery(file.text)).algebra
    except Exception as error:  # rdflib raises many kinds, pyparsing's among them
        raise RuleError(f"{place_of(file)}: the rule does not parse as SPARQL: {error}") from error
    if algebra.name != "ConstructQuery":
        raise RuleError(f"{place_of(file)}: a rule is a CONSTRUCT query; this is a {algebra.name}")
    head = tuple(_head_pattern(triple, file) for triple in algebra.template)
    try:
        bodies = read_alternatives(algebra.p.p)
        rules = [
            _rule(file, f"{file.name}/{number}" if len(bodies) > 1 else file.name, head, body, summary)
            for number, body in enumerate(bodies, start=1)
        ]
    except UnsupportedFormError as error:
        return [], [Unsupported(f"rule {file.name}", place_of(file), str(error))]
    return rules, []


def place_of(file: RuleFile) -> str:
    """Where a rule file stands, for messages."""
    return str(file.path) if file.path else f"rule {file.name}"


def read_header(file: RuleFile) -> dict[str, Any]:
    """The ``#+`` lines of a rule file as a mapping: summary, concludes, never.

    Raises:
        RuleError: the header is not YAML.
    """
    lines = [line.removeprefix(HEADER) for line in file.text.splitlines() if line.startswith(HEADER)]
    try:
        header = yaml.safe_load("\n".join(line.removeprefix(" ") for line in lines))
    except yaml.YAMLError as error:
        raise RuleError(f"{place_of(file)}: the #+ header is not YAML: {error}") from error
    return header if isinstance(header, dict) else {}


def _head_pattern(triple: tuple[Any, Any, Any], file: RuleFile) -> Pattern:
    subject, predicate, object_ = (term_text(term) for term in triple)
    if any(is_blank(term) or term.startswith("?_:") for term in (subject, predicate, object_)):
        raise RuleError(f"{place_of(file)}: the head has a blank node; a rule may not make new terms")
    if is_literal(subject) or is_literal(predicate):
        raise RuleError(f"{place_of(file)}: the head has a literal as subject or predicate")
    return subject, predicate, object_


def _rule(file: RuleFile, key: str, head: tuple[Pattern, ...], body: Body, summary: str) -> Rule:
    parameters, rows = _join_tables(body.tables)
    rule = Rule(
        key=key,
        name=file.name,
        head=head,
        body=tuple(dict.fromkeys(body.patterns)),
        filters=tuple(body.filters),
        absences=tuple(body.absences),
        counts=tuple(body.counts),
        parameters=parameters,
        summary=summary,
        place=place_of(file),
    ).with_rows((row, ()) for row in rows)
    check_range_restricted(rule)
    return rule


def _join_tables(
    tables: list[tuple[tuple[str, ...], list[tuple[str, ...]]]],
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    parameters: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = [()]
    for names, values in tables:
        joined = []
        for left, right in product(rows, values):
            known = dict(zip(parameters, left, strict=True))
            if all(known.get(name, value) == value for name, value in zip(names, right, strict=True)):
                known.update(zip(names, right, strict=True))
                joined.append(known)
        parameters = tuple(dict.fromkeys((*parameters, *names)))
        rows = list(dict.fromkeys(tuple(row[name] for name in parameters) for row in joined))
    return parameters, rows


def check_range_restricted(rule: Rule) -> None:
    """Refuse a rule that concludes or tests a variable that its body never binds.

    Raises:
        RuleError: names the rule, its place and the variables.
    """
    terms = {*variables_of(rule.body), *rule.parameters, *(name for count in rule.counts for name in count.groups)}
    numbers = {name for count in rule.counts for name, _, _ in count.results}
    loose = [name for name in variables_of(rule.head) if name not in terms]
    loose += [name for name in _expression_variables(rule.filters) if name not in terms | numbers]
    if loose:
        raise RuleError(
            f"{rule.place}: rule {rule.name} is not range-restricted: {', '.join(dict.fromkeys(loose))} "
            "is never bound by its body; bind it with a triple pattern or VALUES"
        )
    for count in rule.counts:
        _check_group(rule, count)
    for absence in rule.absences:
        _check_absence(rule, absence, terms)


def _check_group(rule: Rule, count: Count) -> None:
    bound = {*variables_of(count.body)}
    loose = [name for name in count.groups if name not in bound]
    loose += [name for _, name, _ in count.results if name is not None and name not in bound]
    if loose:
        raise RuleError(f"{rule.place}: rule {rule.name} counts or groups by {', '.join(loose)}, which is never bound")


def _check_absence(rule: Rule, absence: Absence, outer: set[str]) -> None:
    bound = outer | set(variables_of(absence.body))
    loose = [name for name in _expression_variables(absence.filters) if name not in bound]
    if loose:
        raise RuleError(f"{rule.place}: rule {rule.name} tests {', '.join(loose)} in NOT EXISTS, which is never bound")


def _expression_variables(expression: Any) -> list[str]:
    if isinstance(expression, tuple):
        return [name for item in expression for name in _expression_variables(item)]
    return [expression] if is_variable(expression) else []
