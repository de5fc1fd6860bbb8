"""Each rule of the domain: a graph that it concludes from, and the nearest graph from which it must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunograph.reasoning import read_rules

from .small_graphs import closed, triple

RULES = {file.name: file for file in read_rules(Path(__file__).parents[2] / "ontology" / "rules")}


def says(name: str, subject: str, predicate: str, object_: str, more: str = "") -> str:
    return f":{name} ig:subject {subject} ; ig:predicate ig:{predicate} ; ig:object {object_} {more} .\n"


MEMBERS = ":K a ig:ModulatorClass . :a a :K . :b a :K . :c a :K . :d a :K . :e a :K . :f a :K . :g a :K .\n"
THREE = "".join(says(f"s{who}", f":{who}", "hasAdverseEffect", ":x") for who in "abc")
RISK = ":m a ig:Modulator ; ig:actsNegativelyOn :t . :t ig:protectsFrom :tb .\n"
AT_RISK = ":m ig:predisposesTo :tb ; ig:approvedBy :fda .\n"
PAIR = ":k a ig:Combination ; ig:member :a, :b .\n"

CASES = [
    (
        "lift-statement",
        says("s", ":a", "inhibits", ":t"),
        ":a ig:inhibits :t",
        says("s", ":a", "inhibits", ":t", "; ig:negated true"),
    ),
    ("lift-statement", says("s", ":a", "studiedFor", ":x"), ":a ig:studiedFor :x", says("s", ":a", "treats", ":x")),
    (
        "lift-indication",
        says("s", ":a", "treats", ":x", "; ig:status ig:Approved"),
        ":a ig:treats :x",
        says("s", ":a", "treats", ":x", "; ig:status ig:Investigational"),
    ),
    (
        "lift-indication",
        says("s", ":a", "prevents", ":x"),
        ":a ig:prevents :x",
        says("s", ":a", "prevents", ":x", "; ig:status ig:Withdrawn"),
    ),
    (
        "lift-primary-action",
        says("s", ":a", "inhibits", ":t", "; a ig:TargetAction ; ig:actionRole ig:PrimaryAction"),
        ":a ig:primarilyInhibits :t",
        says("s", ":a", "inhibits", ":t", "; a ig:TargetAction ; ig:actionRole ig:OffTargetAction"),
    ),
    (
        "class-statement-to-members",
        MEMBERS + says("s", ":K", "hasAdverseEffect", ":x"),
        ":a ig:hasAdverseEffect :x",
        MEMBERS
        + says("s", ":K", "hasAdverseEffect", ":x")
        + says("n", ":a", "hasAdverseEffect", ":x", "; ig:negated true"),
    ),
    (
        "class-effect",
        MEMBERS + THREE,
        ":K ig:hasClassEffect :x",
        MEMBERS + THREE + "".join(says(f"y{who}", f":{who}", "hasAdverseEffect", ":y") for who in "defg"),
    ),
    (
        "class-effect",
        MEMBERS + THREE,
        ":K ig:hasClassEffect :x",
        MEMBERS + THREE.replace(":c ig:predicate", ":q ig:predicate").replace("ig:subject :c", "ig:subject :other"),
    ),
    (
        "class-effect-exception",
        ":K ig:hasClassEffect :x . :d a :K .\n" + says("n", ":d", "hasAdverseEffect", ":x", "; ig:negated true"),
        ":d ig:isExceptionToClassEffect :x",
        ":K ig:hasClassEffect :x . :d a :K .",
    ),
    (
        "oppose-by-target",
        ":m ig:actsNegativelyOn :t . :t ig:drives :x .",
        ":m ig:mechanisticallyOpposes :x",
        ":m ig:actsPositivelyOn :t . :t ig:drives :x .",
    ),
    (
        "promote-by-target",
        ":m ig:actsNegativelyOn :t . :t ig:protectsFrom :x .",
        ":m ig:mechanisticallyPromotes :x",
        ":m ig:actsNegativelyOn :t . :t ig:implicatedIn :x .",
    ),
    (
        "oppose-by-process",
        ":m a ig:Modulator ; ig:mechanisticallySuppresses :p . :p ig:drives :x .",
        ":m ig:mechanisticallyOpposes :x",
        ":m a ig:Modulator ; ig:mechanisticallySuppresses :q . :p ig:drives :x ; ig:broader :q .",
    ),
    (
        "promote-by-process",
        ":m a ig:Modulator ; ig:stimulates :p . :p ig:drives :x .",
        ":m ig:mechanisticallyPromotes :x",
        ":m a ig:Modulator ; ig:shifts :p . :p ig:drives :x .",
    ),
    ("predispose-by-suppression", RISK, ":m ig:predisposesTo :tb", RISK.replace("Negatively", "Positively")),
    (
        "wrong-sign",
        ":m ig:treats :x ; ig:mechanisticallyPromotes :x .",
        ":m ig:treatsAgainstMechanism :x",
        ":m ig:treats :x ; ig:mechanisticallyPromotes :y .",
    ),
    (
        "mixed-sign",
        ":m ig:mechanisticallyOpposes :x ; ig:mechanisticallyPromotes :x .",
        ":m ig:hasMixedMechanismFor :x",
        ":m ig:mechanisticallyOpposes :x .",
    ),
    (
        "screening-by-mechanism",
        AT_RISK + says("s", ":o", "requiresScreening", ":igra", "; ig:forRisk :tb"),
        ":m ig:mechanismCallsForScreening :igra",
        AT_RISK + says("s", ":o", "requiresScreening", ":igra", "; ig:forRisk :hbv"),
    ),
    (
        "screening-by-mechanism",
        AT_RISK + says("s", ":o", "requiresScreening", ":igra", "; ig:forRisk :tb"),
        ":m ig:mechanismCallsForScreening :igra",
        ":m ig:predisposesTo :tb .\n" + says("s", ":o", "requiresScreening", ":igra", "; ig:forRisk :tb"),
    ),
    (
        "monitoring-by-mechanism",
        AT_RISK + says("s", ":o", "monitoredBy", ":crp", "; ig:forRisk :tb"),
        ":m ig:mechanismCallsForMonitoring :crp",
        AT_RISK + says("s", ":o", "monitoredBy", ":crp", "; ig:forRisk :tb ; ig:negated true"),
    ),
    (
        "monitoring-by-mechanism",
        AT_RISK + says("s", ":o", "monitoredBy", ":crp", "; ig:forRisk :tb"),
        ":m ig:mechanismCallsForMonitoring :crp",
        AT_RISK + says("s", ":tb", "monitoredBy", ":crp"),
    ),
    (
        "shared-toxicity",
        PAIR + ":a ig:hasAdverseEffect :x . :b ig:hasAdverseEffect :x .",
        ":k ig:hasSharedToxicity :x",
        PAIR + ":a ig:hasAdverseEffect :x . :c ig:hasAdverseEffect :x .",
    ),
    (
        "complementary-mechanism",
        PAIR + ":a ig:mechanisticallyOpposes :x ; ig:actsOn :t . :b ig:mechanisticallyOpposes :x ; ig:actsOn :u .",
        ":k ig:hasComplementaryMechanismFor :x",
        PAIR + ":a ig:mechanisticallyOpposes :x ; ig:actsOn :t . :b ig:mechanisticallyOpposes :x ; ig:actsOn :t .",
    ),
    (
        "reversal",
        ":a ig:treats :x . :b a ig:Modulator ; ig:hasAdverseEffect :x .",
        ":a ig:treatsAdverseEffectOf :b",
        ":a ig:studiedFor :x . :b a ig:Modulator ; ig:hasAdverseEffect :x .",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}: {case[2]}")
def test_rule_concludes_and_no_more(case: tuple[str, str, str, str]) -> None:
    name, graph, conclusion, counterexample = case
    step = closed(graph, RULES[name]).step(triple(conclusion))
    assert step is not None
    assert step.rule == name
    assert closed(counterexample, RULES[name]).step(triple(conclusion)) is None


def test_every_rule_has_a_case() -> None:
    assert {case[0] for case in CASES} == RULES.keys()
