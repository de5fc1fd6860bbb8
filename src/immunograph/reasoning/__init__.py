"""Reasoning: OWL 2 RL and our own rules as SQL, with a proof for every conclusion."""

from immunograph.reasoning.change import Change
from immunograph.reasoning.closure import Closure, infer
from immunograph.reasoning.nearly import NearMiss
from immunograph.reasoning.owlrl_engine import infer_with_owlrl
from immunograph.reasoning.program import Program, compile_program
from immunograph.reasoning.proofs import Clash, Counted, Proof, Step
from immunograph.reasoning.rules import RuleFile, Unsupported, read_rules

__all__ = [
    "Change",
    "Clash",
    "Closure",
    "Counted",
    "NearMiss",
    "Program",
    "Proof",
    "RuleFile",
    "Step",
    "Unsupported",
    "compile_program",
    "infer",
    "infer_with_owlrl",
    "read_rules",
]
