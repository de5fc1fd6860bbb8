"""Reasoning: OWL 2 RL and our own rules as SQL, with a proof for every conclusion."""

from immunograph.reasoning.closure import Closure, infer
from immunograph.reasoning.program import Program, compile_program
from immunograph.reasoning.proofs import Clash, Proof, Step
from immunograph.reasoning.rules import RuleFile, Unsupported, read_rule_files

__all__ = [
    "Clash",
    "Closure",
    "Program",
    "Proof",
    "RuleFile",
    "Step",
    "Unsupported",
    "compile_program",
    "infer",
    "read_rule_files",
]
