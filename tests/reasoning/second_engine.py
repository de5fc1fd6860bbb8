"""A second engine: does anything follow from a closure, by any rule, that the closure does not hold?

The rules of OWL 2 RL are those of the recommendation's text as ``proof_checker`` holds it, the project's rules their
files; both are run as SPARQL by Oxigraph over the whole closure. With every recorded step accepted by the checker
(nothing too much) and nothing that still follows (nothing too little), a closure is the least one. Left out are the
conclusions that the reasoner documents as not materialised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from .proof_checker import FIRST, NIL, REST, TYPE, Triple, expand, read_recommendation

THING, NOTHING = expand("owl:Thing"), expand("owl:Nothing")
REFLEXIVE = [
    expand(name)
    for name in (
        "owl:sameAs", "rdfs:subClassOf", "rdfs:subPropertyOf", "owl:equivalentClass", "owl:equivalentProperty"
    )
]  # fmt: skip
SUB_CLASS = expand("rdfs:subClassOf")
NOT_MATERIALISED = {"scm-cls", "scm-op", "scm-dp"}
CLASHES = {
    "eq-diff1": "?x owl:sameAs ?y . ?x owl:differentFrom ?y",
    "prp-irp": "?p a owl:IrreflexiveProperty . ?x ?p ?x",
    "prp-asyp": "?p a owl:AsymmetricProperty . ?x ?p ?y . ?y ?p ?x",
    "prp-pdw": "?p owl:propertyDisjointWith ?q . ?x ?p ?y . ?x ?q ?y",
    "cls-nothing2": "?x a owl:Nothing",
    "cls-com": "?c owl:complementOf ?d . ?x a ?c . ?x a ?d",
    "cax-dw": "?c owl:disjointWith ?d . ?x a ?c . ?x a ?d",
}


class SecondEngine:
    """Runs every rule once over the facts of a closure.

    Args:
        facts: every fact of the closure, the ontology's and those about blank nodes included.
    """

    def __init__(self, facts: Iterable[Triple]) -> None:
        self.store = ox.Store()
        text = "".join(f"{named(s)} {p} {named(o)} .\n" for s, p, o in facts)
        self.store.bulk_load(text.encode(), format=ox.RdfFormat.N_TRIPLES)

    def missing(self, rule_texts: Mapping[str, str]) -> Iterator[tuple[str, Triple]]:
        """What follows by some rule and is no fact, with the rule's name."""
        for name, (body, heads) in read_recommendation().items():
            if name not in NOT_MATERIALISED:
                yield from self._missing(name, body, heads)
        for name, body, head in self._over_lists():
            yield from self._missing(name, body, [head])
        for name, text in rule_texts.items():
            for found in self.store.query(text):
                triple = (str(found.subject), str(found.predicate), str(found.object))
                if not self._holds(triple) and not left_out(triple):
                    yield name, triple

    def concluded(self, rule_text: str) -> set[Triple]:
        """What a rule file concludes from the facts, known or not."""
        found = {(str(one.subject), str(one.predicate), str(one.object)) for one in self.store.query(rule_text)}
        return {triple for triple in found if not left_out(triple)}

    def clashes(self) -> list[str]:
        """The rules of contradiction that match."""
        prefix = "PREFIX owl: <http://www.w3.org/2002/07/owl#> "
        return [name for name, body in CLASHES.items() if self.store.query(f"{prefix} ASK {{ {body} }}")]

    def _missing(self, name: str, body: list[Triple], heads: list[Triple]) -> Iterator[tuple[str, Triple]]:
        patterns = " . ".join(" ".join(ox_term(term, at) for at, term in enumerate(pattern)) for pattern in body)
        patterns += "".join(f" FILTER(xsd:integer(STR(?one{at})) = 1)" for at in (2,) if "?one2" in patterns)
        for head in heads:
            test = " ".join(head)
            query = f"CONSTRUCT {{ {test} }} WHERE {{ {patterns} FILTER NOT EXISTS {{ {test} }} }}"
            for found in self.store.query("PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> " + query):
                triple = (str(found.subject), str(found.predicate), str(found.object))
                if not left_out(triple):
                    yield name, triple

    def _over_lists(self) -> Iterator[tuple[str, list[Triple], Triple]]:
        for subject, members in self._lists("owl:propertyChainAxiom"):
            body = [(f"?u{at}", member, f"?u{at + 1}") for at, member in enumerate(members)]
            yield "prp-spo2", body, ("?u0", subject, f"?u{len(members)}")
        for subject, members in self._lists("owl:intersectionOf"):
            yield "cls-int1", [("?y", TYPE, member) for member in members], ("?y", TYPE, subject)
            for member in members:
                yield "cls-int2", [("?y", TYPE, subject)], ("?y", TYPE, member)
                yield "scm-int", [], (subject, SUB_CLASS, member)
        for subject, members in self._lists("owl:unionOf"):
            for member in members:
                yield "cls-uni", [("?y", TYPE, member)], ("?y", TYPE, subject)
                yield "scm-uni", [], (member, SUB_CLASS, subject)
        for subject, members in self._lists("owl:oneOf"):
            for member in members:
                yield "cls-oo", [], (member, TYPE, subject)

    def _lists(self, axiom: str) -> Iterator[tuple[str, list[str]]]:
        """The owners of lists, with the members."""
        for quad in self.store.quads_for_pattern(None, ox.NamedNode(expand(axiom)[1:-1]), None):
            members, cell = [], quad.object
            while str(cell) != NIL:
                members.append(self._value(cell, FIRST))
                cell = self._value(cell, REST)
            yield str(quad.subject), [str(member) for member in members]

    def _value(self, subject: object, predicate: str) -> object:
        (quad,) = self.store.quads_for_pattern(subject, ox.NamedNode(predicate[1:-1]), None)
        return quad.object

    def _holds(self, triple: Triple) -> bool:
        (quad,) = ox.parse(f"{' '.join(triple)} .".encode(), ox.RdfFormat.N_TRIPLES)
        return ox.Quad(quad.subject, quad.predicate, quad.object) in self.store


def named(term: str) -> str:
    """A term with a name in place of a blank node, which SPARQL could not speak of."""
    return f"<urn:blank:{term[2:]}>" if term.startswith("_:") else term


def ox_term(term: str, at: int) -> str:
    """A term of a pattern; "1" stands for any number one."""
    return f"?one{at}" if term.startswith('"') else term


def left_out(triple: Triple) -> bool:
    """Whether the reasoner documents a conclusion as not materialised."""
    subject, predicate, object_ = triple
    if subject == object_ and predicate in REFLEXIVE:
        return True
    if object_ == THING and predicate in {TYPE, expand("rdfs:domain"), expand("rdfs:range")}:
        return True
    return predicate == SUB_CLASS and (object_ == THING or subject == NOTHING)
