"""A seeded graph shaped like the shipped one: statements with evidence about modulators, targets and conditions.

Run: python benchmarks/synthetic/generate.py TRIPLES > graph.nt
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

Triple = tuple[str, str, str]
SEED = 20261122
IG = "https://w3id.org/immunograph/onto/"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
KINDS = (
    # share of statements, kind, predicates, subject, object
    (0.35, "Indication", ("treats", "studiedFor", "prevents"), "modulator", "condition"),
    (0.25, "AdverseReaction", ("hasAdverseEffect",), "modulator", "condition"),
    (0.15, "TargetAction", ("inhibits", "activates", "binds"), "modulator", "target"),
    (0.10, "ImmuneEffect", ("stimulates", "suppresses"), "target", "process"),
    (0.05, "Involvement", ("drives", "protectsFrom", "implicatedIn"), "process", "condition"),
    (0.10, "Membership", ("participatesIn",), "target", "pathway"),
)
CLASSES = {
    "modulator": ("Modulator", "TherapeuticModulator", "SmallMolecule"),
    "target": ("Target", "Protein"),
    "condition": ("Condition",),
    "process": ("ImmuneProcess",),
    "pathway": ("Pathway",),
}
SHARES = {"modulator": 0.012, "target": 0.008, "condition": 0.02, "process": 0.004, "pathway": 0.004}
TRIPLES_PER_STATEMENT = 7


def ig(name: str) -> str:
    return f"<{IG}{name}>"


def node(kind: str, number: int) -> str:
    return f"<https://w3id.org/immunograph/id/synthetic-{kind}-{number}>"


def generate(size: int, seed: int = SEED) -> Iterator[Triple]:
    """About ``size`` triples; the same size and seed give the same triples."""
    source = random.Random(seed)
    counts = {kind: max(20, int(size * share)) for kind, share in SHARES.items()}
    made = 0
    for kind, count in counts.items():
        for number in range(count):
            for triple in _node(kind, number, source):
                made += 1
                yield triple
    for number in range(max(1, (size - made) // TRIPLES_PER_STATEMENT)):
        yield from _statement(number, counts, source)


def _node(kind: str, number: int, source: random.Random) -> Iterator[Triple]:
    subject = node(kind, number)
    for name in CLASSES[kind]:
        yield subject, TYPE, ig(name)
    yield subject, LABEL, f'"{kind} {number}"@en'
    if kind in {"condition", "process", "pathway"} and number:  # a tree of about ten children, so depth grows slowly
        yield subject, ig("broader"), node(kind, source.randrange(number // 10, max(1, number // 10 + 1)))


def _statement(number: int, counts: dict[str, int], source: random.Random) -> Iterator[Triple]:
    name = f"<https://w3id.org/immunograph/association/s{number:012d}>"
    _, kind, predicates, left, right = source.choices(KINDS, [item[0] for item in KINDS])[0]
    yield name, TYPE, ig("Association")
    yield name, TYPE, ig(kind)
    yield name, ig("subject"), node(left, _popular(counts[left], source))
    yield name, ig("predicate"), ig(source.choice(predicates))
    yield name, ig("object"), node(right, _popular(counts[right], source))
    yield name, ig("hasEvidence"), f"<https://w3id.org/immunograph/evidence/e{number // 3:012d}>"
    if kind == "TargetAction":
        yield name, ig("actionRole"), ig("PrimaryAction" if source.random() < 0.8 else "OffTargetAction")
    elif source.random() < 0.02:
        yield name, ig("negated"), '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    else:
        yield name, ig("population"), f'"group {number % 50}"'


def _popular(count: int, source: random.Random) -> int:
    """A few are named often and most seldom, but the busiest takes no growing share of the pairs."""
    return int(count * source.random() ** 1.5)


if __name__ == "__main__":
    for triple in generate(int(sys.argv[1])):
        print(*triple, ".")
