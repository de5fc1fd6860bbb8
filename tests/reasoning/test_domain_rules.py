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
GUARD = ":t ig:protectsFrom :tb .\n"
AT_RISK = ":m ig:primarilyActsNegativelyOn :t ; ig:approvedBy :fda .\n" + GUARD
SAME = ":o ig:primarilyActsNegativelyOn :t .\n"
CLASSES = "".join(
    f":{name} a ig:ModulatorClass ; rdfs:subClassOf ig:ModulatorByMechanism .\n" for name in ("Kinase", "Cytokine")
)
UNLIKE = CLASSES + ":o a :Kinase . :p a :Cytokine .\n"


def asked_for(predicate: str, who: str = "op", more: str = "; ig:forRisk :tb") -> str:
    """The same test stated of some modulators, for the risk."""
    return "".join(says(f"t{one}", f":{one}", predicate, ":igra", more) for one in who)


def unlimited(more: str = "") -> str:
    """A class effect, and a member of which it is denied."""
    denial = says("n", ":d", "hasAdverseEffect", ":x", f"; ig:negated true {more}")
    return f":K ig:hasClassEffect :x . :d a :K .\n{denial}"


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
    *(
        ("class-effect-exception", unlimited(), ":d ig:isExceptionToClassEffect :x", otherwise)
        for otherwise in (
            ":K ig:hasClassEffect :x . :d a :K .",
            unlimited() + ":d ig:hasAdverseEffect :x .",
            unlimited() + ":d ig:hasAdverseEffect :z . :z ig:broader :x .",
            unlimited("; ig:contextCondition :y"),
            unlimited('; ig:population "none in one trial"'),
        )
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
    *(
        (f"{kind}-by-mechanism", stated, f":m ig:mechanismCallsFor{kind.title()} :igra", otherwise)
        for kind, predicate in (("screening", "requiresScreening"), ("monitoring", "monitoredBy"))
        for stated, otherwise in (
            (
                AT_RISK + SAME + asked_for(predicate, "o"),
                AT_RISK + ":o ig:primarilyActsNegativelyOn :u .\n" + asked_for(predicate, "o"),
            ),
            (
                AT_RISK + SAME + asked_for(predicate, "o"),
                AT_RISK + SAME + asked_for(predicate, "o", "; ig:forRisk :tb ; ig:negated true"),
            ),
            (
                AT_RISK + SAME + asked_for(predicate, "o"),
                AT_RISK + SAME + asked_for(predicate, "o", "; ig:forRisk :hbv"),
            ),
            (AT_RISK + SAME + asked_for(predicate, "o"), GUARD + SAME + asked_for(predicate, "o")),
            (
                AT_RISK + SAME + asked_for(predicate, "o"),
                AT_RISK + SAME + asked_for(predicate, "o") + f":m ig:{predicate} :igra .",
            ),
            (
                AT_RISK + SAME + asked_for(predicate, "o"),
                AT_RISK + SAME + asked_for(predicate, "o") + asked_for(predicate, "m", "; ig:negated true"),
            ),
            (AT_RISK + UNLIKE + asked_for(predicate), AT_RISK + UNLIKE + asked_for(predicate, "o")),
            (AT_RISK + UNLIKE + asked_for(predicate), AT_RISK + UNLIKE + ":p a :Kinase .\n" + asked_for(predicate)),
            (
                AT_RISK + UNLIKE + asked_for(predicate),
                ":m ig:actsNegativelyOn :t ; ig:suppresses :t ; ig:approvedBy :fda .\n"
                + GUARD
                + UNLIKE
                + asked_for(predicate),
            ),
            (
                AT_RISK + UNLIKE + asked_for(predicate),
                AT_RISK + UNLIKE + asked_for(predicate, "o") + says("s", ":tb", predicate, ":igra"),
            ),
        )
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
