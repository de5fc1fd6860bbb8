"""Proofs: one step says which rule gave a triple from which premises; a tree goes down to what was stated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from immunograph.identifiers import compress
from immunograph.reasoning.terms import Triple

ASSERTED_NAME = "asserted"
ONTOLOGY_NAME = "ontology"


@dataclass(frozen=True, slots=True)
class Counted:
    """What a step counted: the group's variables and the members, and the patterns that were counted."""

    groups: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[str, int], ...]
    members: tuple[str, ...]

    def __str__(self) -> str:
        named = ", ".join(compress(member[1:-1]) if member.startswith("<") else member for member in self.members)
        return f"{' and '.join(str(number) for _, number in self.numbers)} ({named})"


@dataclass(frozen=True, slots=True)
class Step:
    """One derivation of one triple.

    Attributes:
        triple: what is concluded.
        rule: the rule's name; ``asserted`` or ``ontology`` for a stated triple.
        premises: the facts that the rule's body matched, in the body's order.
        axioms: the axioms that called for the rule.
        absent: patterns that had to be without a match, with what is known filled in.
        counted: what was counted, for rules that count.
        values: the rule's variables.
        round: the round in which the triple was first concluded; every premise has a smaller one.
    """

    triple: Triple
    rule: str
    premises: tuple[Triple, ...] = ()
    axioms: tuple[Triple, ...] = ()
    absent: tuple[tuple[Triple, ...], ...] = ()
    counted: tuple[Counted, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    round: int = 0
    summary: str = ""

    @property
    def is_stated(self) -> bool:
        """Whether the triple was stated rather than concluded."""
        return self.rule in {ASSERTED_NAME, ONTOLOGY_NAME}


@dataclass(frozen=True, slots=True)
class Proof:
    """A step with the proofs of its premises and axioms; shared parts are one object.

    Attributes:
        step: the last step.
        premises: one proof for each premise, then one for each axiom.
    """

    step: Step
    premises: tuple[Proof, ...] = field(default=())

    @property
    def triple(self) -> Triple:
        """What is proved."""
        return self.step.triple

    @property
    def rule(self) -> str:
        """The name of the last step's rule."""
        return self.step.rule

    def walk(self) -> Iterator[Proof]:
        """Every different part of the tree, the whole first."""
        seen: set[Triple] = set()
        todo = [self]
        while todo:
            proof = todo.pop(0)
            if proof.triple not in seen:
                seen.add(proof.triple)
                yield proof
                todo += proof.premises

    def as_text(self, depth: int = 0, seen: set[Triple] | None = None) -> str:
        """An indented tree, each part of it written out once."""
        told = set() if seen is None else seen
        how = self.rule if self.step.is_stated else f"by {self.rule}"
        line = f"{'  ' * depth}{spoken(self.triple)}  [{how}]"
        if self.triple in told:
            return line if self.step.is_stated else f"{line} as above"
        told.add(self.triple)
        absent = [f"{'  ' * depth}    not: {' and '.join(map(spoken, patterns))}" for patterns in self.step.absent]
        counted = [f"{'  ' * depth}    counted: {one}" for one in self.step.counted]
        return "\n".join([line, *absent, *counted, *(part.as_text(depth + 1, told) for part in self.premises)])

    def leaves(self) -> list[Triple]:
        """The stated triples that the proof rests on, each once."""
        return [proof.triple for proof in self.walk() if proof.step.is_stated]


def spoken(triple: Triple) -> str:
    """A triple with CURIEs for IRIs."""
    return " ".join(compress(term[1:-1]) if term.startswith("<") else term for term in triple)


@dataclass(frozen=True, slots=True)
class Clash:
    """A contradiction: the rule that was broken, the facts that break it, and the proof of each.

    Attributes:
        rule: the rule's name, such as ``cax-dw``.
        premises: the facts that cannot hold together.
        axioms: the axioms that forbid it.
        proofs: one proof for each premise.
    """

    rule: str
    premises: tuple[Triple, ...]
    axioms: tuple[Triple, ...]
    proofs: tuple[Proof, ...] = field(default=(), repr=False)

    def as_text(self) -> str:
        """The clash, and below it the proof of each fact that takes part."""
        return "\n".join([str(self), *(proof.as_text(1) for proof in self.proofs)])

    def __str__(self) -> str:
        facts = "; ".join(" ".join(triple) for triple in self.premises)
        axioms = "; ".join(" ".join(triple) for triple in self.axioms)
        return f"{self.rule}: {facts}" + (f" (against {axioms})" if axioms else "")
