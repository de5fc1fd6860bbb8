"""A rule program: the ontology, our own rules, and what of both is outside what the reasoner supports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from immunograph.errors import RuleError
from immunograph.reasoning.grounding import Grounding
from immunograph.reasoning.rule_files import compile_rule_file
from immunograph.reasoning.rules import Rule, RuleFile, Unsupported
from immunograph.reasoning.schema import Schema
from immunograph.reasoning.stratification import stratify
from immunograph.reasoning.support import unsupported_axioms
from immunograph.reasoning.terms import DOMAIN, ON_PROPERTY, RANGE, SUB_CLASS, THING, TYPE, Triple, owl

_HARMLESS = {SUB_CLASS, DOMAIN, RANGE, TYPE, ON_PROPERTY, owl("someValuesFrom"), owl("allValuesFrom"), owl("onClass")}


@dataclass(frozen=True)
class Program:
    """What to infer with.

    Attributes:
        ontology: the axioms, and whatever else the ontology states.
        file_rules: the rules of the rule files.
        unsupported: axioms and rules that will not be reasoned with.
        trivial: whether conclusions that hold of every class, property and thing are materialised too (a class is its
            own superclass; everything is an ``owl:Thing``).
    """

    ontology: tuple[Triple, ...]
    file_rules: tuple[Rule, ...]
    unsupported: tuple[Unsupported, ...]
    trivial: bool

    def ground(self, schema: Schema, grounding: Grounding | None = None) -> list[Rule]:
        """Every rule that these axioms call for, with its rows.

        Args:
            schema: the axioms.
            grounding: what an earlier call with fewer axioms has found; None to begin anew.
        """
        grounding = grounding or Grounding(trivial=self.trivial)
        return [*grounding.rules(schema), *self.file_rules]


def compile_program(ontology: Iterable[Triple], rules: Iterable[RuleFile], *, trivial: bool = False) -> Program:
    """Compile an ontology and rule files.

    Args:
        ontology: triples as N-Triples text; restrictions and lists may use blank nodes.
        rules: SPARQL CONSTRUCT files, read by ``read_rules``.
        trivial: materialise what holds of every class, property and thing. It is switched on where an axiom puts
            ``owl:Thing`` where that matters.

    Returns:
        The program; ``unsupported`` lists what it leaves out.

    Raises:
        RuleError: a rule file is malformed, two have the same name, or the rules are not stratified.
    """
    triples = tuple(dict.fromkeys(ontology))
    file_rules: list[Rule] = []
    unsupported: list[Unsupported] = []
    names: set[str] = set()
    for file in rules:
        if file.name in names:
            raise RuleError(f"two rule files are called {file.name}; rename one")
        names.add(file.name)
        compiled, problems = compile_rule_file(file)
        file_rules += compiled
        unsupported += problems
    schema = Schema(triples)
    program = Program(triples, tuple(file_rules), (), trivial or _thing_matters(schema, file_rules))
    stratify(program.ground(schema))
    unsupported += [*unsupported_axioms(schema), *schema.problems.values()]
    return Program(triples, program.file_rules, tuple(unsupported), program.trivial)


def _thing_matters(schema: Schema, file_rules: Iterable[Rule]) -> bool:
    """Whether some conclusion could rest on something being an ``owl:Thing``."""
    if any(THING in rule.constants() for rule in file_rules):
        return True
    return any(
        (triple[0] == THING and triple[1] != TYPE) or (triple[2] == THING and triple[1] not in _HARMLESS)
        for triple in schema
    )
