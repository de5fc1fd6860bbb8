"""Proofs in words: each step with labels, each stated association with the evidence and source behind it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from immunograph.identifiers import compress, expand, prefix_map
from immunograph.queries.citations import Citation, read_citations
from immunograph.store.graph import Graph, source_graph
from immunograph.store.triples import Triple
from immunograph.vocabulary import IG, IGA, RDF_TYPE

if TYPE_CHECKING:
    from immunograph.reasoning import Counted, NearMiss, Proof

_SOMETHING = "?_:"
_PARTS = _SUBJECT, _PREDICATE, _OBJECT = tuple(f"<{IG}{name}>" for name in ("subject", "predicate", "object"))

_OWL = "http://www.w3.org/2002/07/owl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SUB_CLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_ON_PROPERTY, _HAS_VALUE, _SOME, _INTERSECTION, _UNION = (
    f"<{_OWL}{name}>" for name in ("onProperty", "hasValue", "someValuesFrom", "intersectionOf", "unionOf")
)
_FIRST, _REST = f"<{_RDF}first>", f"<{_RDF}rest>"

_PROOF = "https://w3id.org/immunograph/proof/"
"""Namespace of the parts of proofs; nothing is described there but in the files that name them."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One conclusion or stated fact, with what it rests on.

    Attributes:
        triple: what holds, as N-Triples terms.
        text: the same in labels.
        rule: name of the rule; ``asserted`` or ``ontology`` where it was stated.
        association: CURIE of the association that states it; empty otherwise.
        citations: where the association can be read.
        absent: patterns that had to be without a match, in labels.
        premises: what it rests on.
        counted: what was counted, with the members, in labels.
    """

    triple: Triple
    text: str
    rule: str
    association: str
    citations: tuple[Citation, ...]
    absent: tuple[str, ...]
    premises: tuple[Explanation, ...]
    counted: tuple[str, ...] = ()

    @property
    def is_inferred(self) -> bool:
        """Whether it was concluded rather than stated."""
        return self.rule not in {"asserted", "ontology"}

    @property
    def name(self) -> str:
        """A short name that is the same wherever the same thing is said; a statement differs from what is lifted."""
        return hashlib.sha256(" ".join((*self.triple, self.association)).encode()).hexdigest()[:16]

    def walk(self) -> Iterator[Explanation]:
        """This explanation and all that it rests on, depth first."""
        yield self
        for premise in self.premises:
            yield from premise.walk()

    def as_text(self, depth: int = 0) -> str:
        """An indented tree."""
        indent = "  " * depth
        how = f"by {self.rule}" if self.is_inferred else ("stated" if self.rule == "asserted" else "by definition")
        lines = [f"{indent}{self.text}  [{how}]"]
        lines += [f"{indent}    not: {pattern}" for pattern in self.absent]
        lines += [f"{indent}    counted: {count}" for count in self.counted]
        lines += [f"{indent}    source: {citation}" for citation in self.citations]
        return "\n".join([*lines, *(premise.as_text(depth + 1) for premise in self.premises)])

    def as_data(self) -> dict[str, object]:
        """Plain data, nested."""
        return {
            "triple": [_curie(term) for term in self.triple],
            "text": self.text,
            "rule": self.rule,
            "inferred": self.is_inferred,
            "association": self.association or None,
            "citations": [
                {"source": c.source, "record": c.record, "section": c.section, "address": c.address}
                for c in self.citations
            ],
            "absent": list(self.absent),
            "counted": list(self.counted),
            "premises": [premise.as_data() for premise in self.premises],
        }

    def as_json(self) -> str:
        """The nested data as JSON."""
        return json.dumps(self.as_data(), ensure_ascii=False, indent=1)

    def as_mermaid(self) -> str:
        """A flow chart: premises point at what they give; what was inferred has a dashed border."""
        numbers: dict[str, int] = {}
        lines = ["flowchart BT"]
        for part in self.walk():
            if part.name in numbers:
                continue
            numbers[part.name] = len(numbers)
            tests = [f"not: {one}" for one in part.absent] + [f"counted: {one}" for one in part.counted]
            named = " ".join(filter(None, (part.text, part.association and f"[{part.association}]")))
            label = "<br/>".join([named, *tests]).replace('"', "'")
            lines.append(f'  n{numbers[part.name]}["{label}"]{":::inferred" if part.is_inferred else ""}')
        edges = {
            f"  n{numbers[premise.name]} -- {part.rule} --> n{numbers[part.name]}"
            for part in self.walk()
            for premise in part.premises
        }
        return "\n".join([*lines, *sorted(edges), "  classDef inferred stroke-dasharray: 4 3"]) + "\n"

    def as_prov(self) -> str:
        """PROV-O as Turtle: each conclusion an entity derived from its premises by the activity of its rule."""
        prefixes = ("prov", "rdf", "rdfs")
        lines = [f"@prefix {name}: <{prefix_map()[name]}> ." for name in prefixes]
        lines += [f"@prefix : <{_PROOF}> .", ""]
        blocks = {part.name: _prov_block(part) for part in self.walk()}
        return "\n".join([*lines, *blocks.values()])


class Explainer:
    """Puts proofs in words, with the labels and the evidence of one graph."""

    def __init__(self, graph: Graph, label_of: Callable[[str], str]) -> None:
        self._graph = graph
        self._label_of = label_of
        self._expressions = ClassExpressions(graph.triples(source_graph("ontology")), label_of)

    def explanation(self, proof: Proof) -> Explanation:
        """The explanation of a proof; the three premises that make up an association become one, with citations."""
        association = _lifted_from(proof)
        premises = tuple(self._premises(proof, association))
        stated = self._stated_by(proof) if proof.step.is_stated else ""
        return Explanation(
            triple=proof.triple,
            text=self.text(proof.triple),
            rule=proof.rule,
            association=compress(stated) if stated else "",
            citations=read_citations([stated], self._graph)[stated] if stated else (),
            absent=tuple(" and ".join(map(self.text, pattern)) for pattern in proof.step.absent),
            premises=premises,
            counted=tuple(map(self._counted, proof.step.counted)),
        )

    def _counted(self, count: Counted) -> str:
        group = ", ".join(self._name(term) for _, term in count.groups)
        number = max((number for _, number in count.numbers), default=0)
        members = ", ".join(sorted(map(self._name, count.members), key=str.casefold))
        return f"{number} for {group}: {members}" if group else f"{number}: {members}"

    def near_miss(self, miss: NearMiss) -> str:
        """A rule that comes near to a conclusion, in words: what it finds, and what fails.

        A statement that would have to exist is told as the sentence that it would make; its parts that some other
        statement happens to have are no finds.
        """
        unstated = {pattern[0] for pattern in miss.missing if pattern[1] in _PARTS}
        lines = [f"nearest rule {miss.rule}" + (f": {miss.summary.rstrip('.')}" if miss.summary else "")]
        lines += [f"    holds: {self.text(triple)}" for triple in miss.premises if triple[0] not in unstated]
        for association in sorted(unstated):
            parts = {triple[1]: triple[2] for triple in (*miss.premises, *miss.missing) if triple[0] == association}
            subject, predicate, object_ = (parts.get(part, _SOMETHING) for part in _PARTS)
            lines.append(f"    fails: no statement says that {self.text((subject, predicate, object_))}")
        absent = [pattern for pattern in miss.missing if pattern[0] not in unstated]
        lines += [f"    fails: nothing says that {self.text(pattern)}" for pattern in absent]
        lines += [f"    fails: must not hold, and does: {self.text(triple)}" for triple in miss.against]
        lines += [f"    fails: {_failed(test)}" for test in miss.failed]
        return "\n".join(lines)

    def _premises(self, proof: Proof, association: str | None) -> Iterator[Explanation]:
        if association is None:
            told = (premise for premise in proof.premises if not _is_part_of_expression(premise))
            yield from (self._definition(p) if p.rule.startswith("scm-") else self.explanation(p) for p in told)
            return
        parts = {premise.triple[1]: premise.triple[2] for premise in proof.premises if premise.triple[0] == association}
        triple = (parts[_SUBJECT], parts.get(_PREDICATE, proof.triple[1]), parts[_OBJECT])
        iri = association[1:-1]
        citations = read_citations([iri], self._graph)[iri]
        yield Explanation(triple, self.text(triple), "asserted", compress(iri), citations, (), ())
        for premise in proof.premises:
            if premise.triple[0] != association:
                yield self.explanation(premise)

    def _definition(self, proof: Proof) -> Explanation:
        """What the ontology's axioms say together, as one line: its own proof is about axioms only."""
        return Explanation(proof.triple, self.text(proof.triple), "ontology", "", (), (), ())

    def _stated_by(self, proof: Proof) -> str:
        """The IRI of the association that a stated part of one belongs to; empty where it is no such part."""
        subject = proof.triple[0]
        return subject[1:-1] if proof.triple[1] in _PARTS else ""

    def text(self, triple: Triple) -> str:
        """A triple as a sentence of labels."""
        subject, predicate, object_ = triple
        if predicate == f"<{RDF_TYPE}>":
            return f"{self._name(subject)} is {_article(self._name(object_))}"
        if predicate == _SUB_CLASS:
            whatever = f"every {self._name(subject)}".replace("every something that", "whatever")
            return f"{whatever} is {_article(self._name(object_))}"
        return f"{self._name(subject)} {self._name(predicate)} {self._name(object_)}"

    def _name(self, term: str) -> str:
        if term.startswith(f"<{IGA}"):
            return f"statement {compress(term[1:-1])}"
        if term.startswith("<"):
            return self._label_of(term[1:-1])
        if term.startswith("_:"):
            return self._expressions.name(term)
        if term.startswith("?"):
            return "something" if term.startswith(_SOMETHING) else f"some {term[1:]}"
        return term[1 : term.rindex('"')]


class ClassExpressions:
    """Unnamed classes of the ontology in words: restrictions, intersections and unions."""

    def __init__(self, ontology: Iterable[Triple], label_of: Callable[[str], str]) -> None:
        self._facts: dict[str, dict[str, str]] = {}
        self._label_of = label_of
        for subject, predicate, object_ in ontology:
            if subject.startswith("_:"):
                self._facts.setdefault(subject, {})[predicate] = object_

    def name(self, term: str) -> str:
        """A class in words, such as ``something that primarily inhibits Interleukin-6``."""
        if term.startswith("<"):
            return self._label_of(term[1:-1])
        facts = self._facts.get(term, {})
        for predicate, word in ((_INTERSECTION, " and "), (_UNION, " or ")):
            if predicate in facts:
                joined = word.join(map(self.name, self._members(facts[predicate])))
                return f"({joined})" if predicate == _UNION else joined
        verb = self.name(facts[_ON_PROPERTY]) if _ON_PROPERTY in facts else ""
        verb = f"is a {verb}" if verb.endswith(" of") else verb
        if _HAS_VALUE in facts:
            return f"something that {verb} {self.name(facts[_HAS_VALUE])}"
        if _SOME in facts:
            return f"something that {verb} {_article(self.name(facts[_SOME]))}"
        return "an unnamed class"

    def _members(self, head: str) -> Iterator[str]:
        seen: set[str] = set()
        while head in self._facts and head not in seen:
            seen.add(head)
            yield self._facts[head].get(_FIRST, "")
            head = self._facts[head].get(_REST, "")


def _failed(test: str) -> str:
    number = test.removeprefix("count: ")
    return "a condition of the rule on these facts" if number == test else f"the rule counts {number}, which is too few"


def _is_part_of_expression(proof: Proof) -> bool:
    """Whether a premise only spells out an unnamed class, which its name in words says already."""
    subject, predicate, _ = proof.triple
    return subject.startswith("_:") and predicate in {_ON_PROPERTY, _HAS_VALUE, _SOME, _INTERSECTION, _UNION}


def _article(name: str) -> str:
    if name.startswith(("something", "(")):
        return name
    return f"an {name}" if name[:1].casefold() in "aeiou" or name[:3] in {"IL-", "IMi", "mTO", "S1P"} else f"a {name}"


def _lifted_from(proof: Proof) -> str | None:
    """The association whose parts are among the premises of a step, if it is one."""
    subjects = {p.triple[0] for p in proof.premises if p.triple[1] == _SUBJECT}
    objects = {p.triple[0] for p in proof.premises if p.triple[1] == _OBJECT}
    both = sorted(subjects & objects)
    return both[0] if len(both) == 1 else None


def _curie(term: str) -> str:
    return compress(term[1:-1]) if term.startswith("<") else term


def _prov_block(part: Explanation) -> str:
    subject, predicate, object_ = part.triple
    lines = [
        f":{part.name}",
        "  a prov:Entity",
        "  a rdf:Statement",
        f"  rdfs:label {_quoted(part.text)}",
        f"  rdf:subject {subject}",
        f"  rdf:predicate {predicate}",
        f"  rdf:object {object_}",
    ]
    lines += [f"  rdfs:comment {_quoted(f'not: {pattern}')}" for pattern in part.absent]
    lines += [f"  rdfs:comment {_quoted(f'counted: {count}')}" for count in part.counted]
    lines += [f"  prov:wasDerivedFrom :{premise.name}" for premise in part.premises]
    lines += [f"  prov:specializationOf <{expand(part.association)}>"] if part.association else []
    lines += [f"  prov:hadPrimarySource {_prov_source(citation)}" for citation in part.citations]
    if part.is_inferred:
        lines.append(f"  prov:wasGeneratedBy [ a prov:Activity ; rdfs:label {_quoted(part.rule)} ]")
    return lines[0] + "\n" + " ;\n".join(lines[1:]) + " .\n"


def _prov_source(citation: Citation) -> str:
    return f"<{citation.address}>" if citation.address else f"[ a prov:Entity ; rdfs:label {_quoted(str(citation))} ]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
