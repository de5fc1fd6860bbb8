"""Which rules of OWL 2 RL some axioms call for; as axioms are added, only what is new is matched."""

from __future__ import annotations

from collections.abc import Iterator

from immunograph.reasoning.owl_lists import LIST_PREDICATES, list_rules
from immunograph.reasoning.owl_rules import TRIVIAL, owl_templates
from immunograph.reasoning.rules import Rule
from immunograph.reasoning.schema import Schema
from immunograph.reasoning.terms import Triple


class Grounding:
    """The rules that axioms call for; those that more axioms did not change are the same objects as before.

    Args:
        trivial: whether to run the rules of ``TRIVIAL``.
    """

    def __init__(self, *, trivial: bool) -> None:
        self._templates = [rule for rule in owl_templates() if trivial or rule.name not in TRIVIAL]
        self._schema: Schema | None = None
        self._grounded: dict[str, Rule | None] = {}
        self._lists: list[Rule] = []
        self._seen = 0

    def rules(self, schema: Schema) -> Iterator[Rule]:
        """The rules that the axioms call for.

        Args:
            schema: the axioms. Where it is the schema of the last call, extended since, only the new axioms are
                matched.
        """
        is_extended = schema is self._schema
        new = schema.since(self._seen) if is_extended else {}
        for template in self._templates:
            if not is_extended or template.key not in self._grounded:
                self._grounded[template.key] = ground(template, schema)
            elif any(pattern[1] in new for pattern in template.given):
                self._grounded[template.key] = _ground_on(template, self._grounded[template.key], schema, new)
        if not is_extended or any(predicate in new for predicate in LIST_PREDICATES):
            self._lists = list(list_rules(schema))
        self._schema, self._seen = schema, schema.version
        yield from (rule for rule in self._grounded.values() if rule is not None)
        yield from self._lists


def ground(template: Rule, schema: Schema) -> Rule | None:
    """The rule with a row for each way in which the axioms call for it; None where nothing does."""
    if not template.given:
        return template.with_rows([((), ())])
    rows: dict[tuple[str, ...], tuple[Triple, ...]] = {}
    for values, axioms in schema.solutions(template.given):
        rows.setdefault(tuple([values[name] for name in template.parameters]), axioms)
    return template.with_rows(rows.items()) if rows else None


def _ground_on(template: Rule, before: Rule | None, schema: Schema, new: dict[str, list[Triple]]) -> Rule | None:
    """The rule as grounded before, with a row more for each way in which new axioms call for it."""
    rows = dict(zip(before.rows, before.axioms, strict=True)) if before else {}
    count = len(rows)
    for position, pattern in enumerate(template.given):
        for values, axioms in schema.solutions_with(template.given, position, new.get(pattern[1], [])):
            rows.setdefault(tuple([values[name] for name in template.parameters]), axioms)
    return before if len(rows) == count else template.with_rows(rows.items())
