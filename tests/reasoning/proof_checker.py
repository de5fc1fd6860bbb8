"""An independent checker of proof steps.

It knows the rules of OWL 2 RL only as the patterns below, copied from tables 4 to 9 of the OWL 2 Profiles
recommendation, and the project's rules only from their files. It shares no code with the reasoner. A step is accepted
when its premises and axioms are facts known before its conclusion, and when the named rule, applied to them, gives the
conclusion; absences and counts are evaluated again by another SPARQL engine.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import pyoxigraph
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Literal, URIRef, Variable

Triple = tuple[str, str, str]

RECOMMENDATION = """
eq-sym      T(?x, owl:sameAs, ?y) => T(?y, owl:sameAs, ?x)
eq-trans    T(?x, owl:sameAs, ?y) T(?y, owl:sameAs, ?z) => T(?x, owl:sameAs, ?z)
eq-rep-s    T(?s, owl:sameAs, ?s2) T(?s, ?p, ?o) => T(?s2, ?p, ?o)
eq-rep-p    T(?p, owl:sameAs, ?p2) T(?s, ?p, ?o) => T(?s, ?p2, ?o)
eq-rep-o    T(?o, owl:sameAs, ?o2) T(?s, ?p, ?o) => T(?s, ?p, ?o2)
prp-dom     T(?p, rdfs:domain, ?c) T(?x, ?p, ?y) => T(?x, rdf:type, ?c)
prp-rng     T(?p, rdfs:range, ?c) T(?x, ?p, ?y) => T(?y, rdf:type, ?c)
prp-fp      T(?p, rdf:type, owl:FunctionalProperty) T(?x, ?p, ?y1) T(?x, ?p, ?y2) => T(?y1, owl:sameAs, ?y2)
prp-ifp     T(?p, rdf:type, owl:InverseFunctionalProperty) T(?x1, ?p, ?y) T(?x2, ?p, ?y) => T(?x1, owl:sameAs, ?x2)
prp-symp    T(?p, rdf:type, owl:SymmetricProperty) T(?x, ?p, ?y) => T(?y, ?p, ?x)
prp-trp     T(?p, rdf:type, owl:TransitiveProperty) T(?x, ?p, ?y) T(?y, ?p, ?z) => T(?x, ?p, ?z)
prp-spo1    T(?p1, rdfs:subPropertyOf, ?p2) T(?x, ?p1, ?y) => T(?x, ?p2, ?y)
prp-eqp1    T(?p1, owl:equivalentProperty, ?p2) T(?x, ?p1, ?y) => T(?x, ?p2, ?y)
prp-eqp2    T(?p1, owl:equivalentProperty, ?p2) T(?x, ?p2, ?y) => T(?x, ?p1, ?y)
prp-inv1    T(?p1, owl:inverseOf, ?p2) T(?x, ?p1, ?y) => T(?y, ?p2, ?x)
prp-inv2    T(?p1, owl:inverseOf, ?p2) T(?x, ?p2, ?y) => T(?y, ?p1, ?x)
cls-svf1    T(?x, owl:someValuesFrom, ?y) T(?x, owl:onProperty, ?p) T(?u, ?p, ?v) T(?v, rdf:type, ?y) \
=> T(?u, rdf:type, ?x)
cls-svf2    T(?x, owl:someValuesFrom, owl:Thing) T(?x, owl:onProperty, ?p) T(?u, ?p, ?v) => T(?u, rdf:type, ?x)
cls-avf     T(?x, owl:allValuesFrom, ?y) T(?x, owl:onProperty, ?p) T(?u, rdf:type, ?x) T(?u, ?p, ?v) \
=> T(?v, rdf:type, ?y)
cls-hv1     T(?x, owl:hasValue, ?y) T(?x, owl:onProperty, ?p) T(?u, rdf:type, ?x) => T(?u, ?p, ?y)
cls-hv2     T(?x, owl:hasValue, ?y) T(?x, owl:onProperty, ?p) T(?u, ?p, ?y) => T(?u, rdf:type, ?x)
cls-maxc2   T(?x, owl:maxCardinality, "1") T(?x, owl:onProperty, ?p) T(?u, rdf:type, ?x) T(?u, ?p, ?y1) T(?u, ?p, ?y2) \
=> T(?y1, owl:sameAs, ?y2)
cls-maxqc3  T(?x, owl:maxQualifiedCardinality, "1") T(?x, owl:onProperty, ?p) T(?x, owl:onClass, ?c) \
T(?u, rdf:type, ?x) T(?u, ?p, ?y1) T(?y1, rdf:type, ?c) T(?u, ?p, ?y2) T(?y2, rdf:type, ?c) => T(?y1, owl:sameAs, ?y2)
cls-maxqc4  T(?x, owl:maxQualifiedCardinality, "1") T(?x, owl:onProperty, ?p) T(?x, owl:onClass, owl:Thing) \
T(?u, rdf:type, ?x) T(?u, ?p, ?y1) T(?u, ?p, ?y2) => T(?y1, owl:sameAs, ?y2)
cax-sco     T(?c1, rdfs:subClassOf, ?c2) T(?x, rdf:type, ?c1) => T(?x, rdf:type, ?c2)
cax-eqc1    T(?c1, owl:equivalentClass, ?c2) T(?x, rdf:type, ?c1) => T(?x, rdf:type, ?c2)
cax-eqc2    T(?c1, owl:equivalentClass, ?c2) T(?x, rdf:type, ?c2) => T(?x, rdf:type, ?c1)
scm-cls     T(?c, rdf:type, owl:Class) => T(?c, rdfs:subClassOf, ?c) T(?c, owl:equivalentClass, ?c) \
T(?c, rdfs:subClassOf, owl:Thing) T(owl:Nothing, rdfs:subClassOf, ?c)
scm-sco     T(?c1, rdfs:subClassOf, ?c2) T(?c2, rdfs:subClassOf, ?c3) => T(?c1, rdfs:subClassOf, ?c3)
scm-eqc1    T(?c1, owl:equivalentClass, ?c2) => T(?c1, rdfs:subClassOf, ?c2) T(?c2, rdfs:subClassOf, ?c1)
scm-eqc2    T(?c1, rdfs:subClassOf, ?c2) T(?c2, rdfs:subClassOf, ?c1) => T(?c1, owl:equivalentClass, ?c2)
scm-op      T(?p, rdf:type, owl:ObjectProperty) => T(?p, rdfs:subPropertyOf, ?p) T(?p, owl:equivalentProperty, ?p)
scm-dp      T(?p, rdf:type, owl:DatatypeProperty) => T(?p, rdfs:subPropertyOf, ?p) T(?p, owl:equivalentProperty, ?p)
scm-spo     T(?p1, rdfs:subPropertyOf, ?p2) T(?p2, rdfs:subPropertyOf, ?p3) => T(?p1, rdfs:subPropertyOf, ?p3)
scm-eqp1    T(?p1, owl:equivalentProperty, ?p2) => T(?p1, rdfs:subPropertyOf, ?p2) T(?p2, rdfs:subPropertyOf, ?p1)
scm-eqp2    T(?p1, rdfs:subPropertyOf, ?p2) T(?p2, rdfs:subPropertyOf, ?p1) => T(?p1, owl:equivalentProperty, ?p2)
scm-dom1    T(?p, rdfs:domain, ?c1) T(?c1, rdfs:subClassOf, ?c2) => T(?p, rdfs:domain, ?c2)
scm-dom2    T(?p2, rdfs:domain, ?c) T(?p1, rdfs:subPropertyOf, ?p2) => T(?p1, rdfs:domain, ?c)
scm-rng1    T(?p, rdfs:range, ?c1) T(?c1, rdfs:subClassOf, ?c2) => T(?p, rdfs:range, ?c2)
scm-rng2    T(?p2, rdfs:range, ?c) T(?p1, rdfs:subPropertyOf, ?p2) => T(?p1, rdfs:range, ?c)
scm-hv      T(?c1, owl:hasValue, ?i) T(?c1, owl:onProperty, ?p1) T(?c2, owl:hasValue, ?i) T(?c2, owl:onProperty, ?p2) \
T(?p1, rdfs:subPropertyOf, ?p2) => T(?c1, rdfs:subClassOf, ?c2)
scm-svf1    T(?c1, owl:someValuesFrom, ?y1) T(?c1, owl:onProperty, ?p) T(?c2, owl:someValuesFrom, ?y2) \
T(?c2, owl:onProperty, ?p) T(?y1, rdfs:subClassOf, ?y2) => T(?c1, rdfs:subClassOf, ?c2)
scm-svf2    T(?c1, owl:someValuesFrom, ?y) T(?c1, owl:onProperty, ?p1) T(?c2, owl:someValuesFrom, ?y) \
T(?c2, owl:onProperty, ?p2) T(?p1, rdfs:subPropertyOf, ?p2) => T(?c1, rdfs:subClassOf, ?c2)
scm-avf1    T(?c1, owl:allValuesFrom, ?y1) T(?c1, owl:onProperty, ?p) T(?c2, owl:allValuesFrom, ?y2) \
T(?c2, owl:onProperty, ?p) T(?y1, rdfs:subClassOf, ?y2) => T(?c1, rdfs:subClassOf, ?c2)
scm-avf2    T(?c1, owl:allValuesFrom, ?y) T(?c1, owl:onProperty, ?p1) T(?c2, owl:allValuesFrom, ?y) \
T(?c2, owl:onProperty, ?p2) T(?p1, rdfs:subPropertyOf, ?p2) => T(?c2, rdfs:subClassOf, ?c1)
"""

# Conditions that scm-cls, scm-op and scm-dp meet (C subClassOf C, C subClassOf owl:Thing, P subPropertyOf P) are
# replaced by theirs: that C is a class, or P a property.
SHORTENED = """
scm-svf1-same T(?c1, owl:someValuesFrom, ?y) T(?c1, owl:onProperty, ?p) T(?c2, owl:someValuesFrom, ?y) \
T(?c2, owl:onProperty, ?p) T(?y, rdf:type, owl:Class) => T(?c1, rdfs:subClassOf, ?c2)
scm-svf1-things T(?c1, owl:someValuesFrom, owl:Thing) T(?c1, owl:onProperty, ?p) T(?c2, owl:someValuesFrom, owl:Thing) \
T(?c2, owl:onProperty, ?p) => T(?c1, rdfs:subClassOf, ?c2)
scm-svf1-thing T(?c1, owl:someValuesFrom, ?y) T(?c1, owl:onProperty, ?p) T(?c2, owl:someValuesFrom, owl:Thing) \
T(?c2, owl:onProperty, ?p) T(?y, rdf:type, owl:Class) => T(?c1, rdfs:subClassOf, ?c2)
scm-svf2-op T(?c1, owl:someValuesFrom, ?y) T(?c1, owl:onProperty, ?p) T(?c2, owl:someValuesFrom, ?y) \
T(?c2, owl:onProperty, ?p) T(?p, rdf:type, owl:ObjectProperty) => T(?c1, rdfs:subClassOf, ?c2)
scm-svf2-dp T(?c1, owl:someValuesFrom, ?y) T(?c1, owl:onProperty, ?p) T(?c2, owl:someValuesFrom, ?y) \
T(?c2, owl:onProperty, ?p) T(?p, rdf:type, owl:DatatypeProperty) => T(?c1, rdfs:subClassOf, ?c2)
scm-avf1-same T(?c1, owl:allValuesFrom, ?y) T(?c1, owl:onProperty, ?p) T(?c2, owl:allValuesFrom, ?y) \
T(?c2, owl:onProperty, ?p) T(?y, rdf:type, owl:Class) => T(?c1, rdfs:subClassOf, ?c2)
scm-avf1-things T(?c1, owl:allValuesFrom, owl:Thing) T(?c1, owl:onProperty, ?p) T(?c2, owl:allValuesFrom, owl:Thing) \
T(?c2, owl:onProperty, ?p) => T(?c1, rdfs:subClassOf, ?c2)
scm-avf1-thing T(?c1, owl:allValuesFrom, ?y) T(?c1, owl:onProperty, ?p) T(?c2, owl:allValuesFrom, owl:Thing) \
T(?c2, owl:onProperty, ?p) T(?y, rdf:type, owl:Class) => T(?c1, rdfs:subClassOf, ?c2)
scm-avf2-op T(?c1, owl:allValuesFrom, ?y) T(?c1, owl:onProperty, ?p) T(?c2, owl:allValuesFrom, ?y) \
T(?c2, owl:onProperty, ?p) T(?p, rdf:type, owl:ObjectProperty) => T(?c1, rdfs:subClassOf, ?c2)
scm-avf2-dp T(?c1, owl:allValuesFrom, ?y) T(?c1, owl:onProperty, ?p) T(?c2, owl:allValuesFrom, ?y) \
T(?c2, owl:onProperty, ?p) T(?p, rdf:type, owl:DatatypeProperty) => T(?c1, rdfs:subClassOf, ?c2)
scm-hv-op T(?c1, owl:hasValue, ?i) T(?c1, owl:onProperty, ?p) T(?c2, owl:hasValue, ?i) \
T(?c2, owl:onProperty, ?p) T(?p, rdf:type, owl:ObjectProperty) => T(?c1, rdfs:subClassOf, ?c2)
scm-hv-dp T(?c1, owl:hasValue, ?i) T(?c1, owl:onProperty, ?p) T(?c2, owl:hasValue, ?i) \
T(?c2, owl:onProperty, ?p) T(?p, rdf:type, owl:DatatypeProperty) => T(?c1, rdfs:subClassOf, ?c2)
"""

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
}
FIRST, REST, NIL, TYPE = (f"<{NAMESPACES['rdf']}{name}>" for name in ("first", "rest", "nil", "type"))
STATED = {"asserted", "ontology"}


class Refused(Exception):  # noqa: N818
    """A step that does not hold, and why."""


def expand(term: str) -> str:
    prefix, _, name = term.partition(":")
    return f"<{NAMESPACES[prefix]}{name}>" if name else term


def read_recommendation() -> dict[str, tuple[list[Triple], list[Triple]]]:
    rules = {}
    for line in (RECOMMENDATION + SHORTENED).replace("\\\n", "").strip().splitlines():
        if not line:
            continue
        name, _, rest = line.partition(" ")
        body, _, head = rest.partition("=>")
        rules[name] = tuple(
            [tuple(expand(term.strip()) for term in found.split(",")) for found in re.findall(r"T\(([^)]*)\)", part)]
            for part in (body, head)
        )
    return rules  # type: ignore[return-value]


def agrees(pattern: str, term: str) -> bool:
    """Whether a constant of the recommendation is this term; "1" stands for any literal of that value."""
    if pattern.startswith('"'):
        return term.startswith(pattern) and "^^<http://www.w3.org/2001/XMLSchema#" in term
    return pattern == term


def unify(pattern: Triple, triple: Triple, values: Mapping[str, str]) -> dict[str, str] | None:
    found = dict(values)
    for expected, term in zip(pattern, triple, strict=True):
        if expected.startswith("?"):
            if found.setdefault(expected, term) != term:
                return None
        elif not agrees(expected, term):
            return None
    return found


def solutions(patterns: list[Triple], facts: Iterable[Triple], values: Mapping[str, str]) -> Iterator[dict[str, str]]:
    facts = list(facts)
    if not patterns:
        yield dict(values)
        return
    for fact in facts:
        found = unify(patterns[0], fact, values)
        if found is not None:
            yield from solutions(patterns[1:], facts, found)


class ProofChecker:
    """Checks steps against the facts of a closure.

    Args:
        rounds: every fact with the round in which it was first known; 0 for stated facts.
        rule_texts: the text of each rule file, by name.
    """

    def __init__(self, rounds: Mapping[Triple, int], rule_texts: Mapping[str, str]) -> None:
        self.rounds = rounds
        self.rule_texts = rule_texts
        self.rules = read_recommendation()
        self.lists: dict[tuple[str, str], list[str]] = defaultdict(list)
        for (subject, predicate, object_), known in rounds.items():
            if predicate in (FIRST, REST) and known == 0:
                self.lists[subject, predicate].append(object_)
        self.store = pyoxigraph.Store()
        if rule_texts:
            lines = (f"{' '.join(fact)} .\n" for fact in rounds)
            self.store.bulk_load("".join(lines).encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)

    def check(self, step: object) -> None:
        """Accept a step, or raise ``Refused``."""
        triple, rule = step.triple, step.rule  # type: ignore[attr-defined]
        if triple not in self.rounds:
            raise Refused(f"{triple} is not a fact")
        if rule in STATED:
            if self.rounds[triple] != 0:
                raise Refused(f"{triple} is said to be {rule} but was inferred")
            return
        used = [*step.premises, *step.axioms]  # type: ignore[attr-defined]
        for premise in used:
            if premise not in self.rounds:
                raise Refused(f"{rule}: the premise {premise} is not a fact")
            if self.rounds[premise] >= self.rounds[triple]:
                raise Refused(f"{rule}: the premise {premise} was not known before {triple}")
        if rule in self.rule_texts:
            self._check_rule_file(step)
        elif rule in self.rules:
            self._check_pattern(rule, triple, used)
        else:
            self._check_list_rule(rule, triple, used)

    def check_tree(self, proof: object) -> int:
        """Check every step of a tree, and that each premise is proved; returns how many steps there were."""
        done = 0
        for part in proof.walk():  # type: ignore[attr-defined]
            self.check(part.step)
            below = {child.triple for child in part.premises}
            if below != {*part.step.premises, *part.step.axioms}:
                raise Refused(f"the premises of {part.triple} are not those that are proved")
            done += 1
        return done

    # -- OWL -------------------------------------------------------------------------------------------------------

    def _check_pattern(self, rule: str, triple: Triple, used: list[Triple]) -> None:
        body, heads = self.rules[rule]
        for values in solutions(body, used, {}):
            if any(unify(head, triple, values) is not None for head in heads):
                if any(not any(unify(p, fact, values) is not None for p in body) for fact in used):
                    raise Refused(f"{rule}: a premise is not used")
                return
        raise Refused(f"{rule} does not give {triple} from {used}")

    def _members(self, used: list[Triple], predicate: str) -> tuple[str, list[str]]:
        axioms = [fact for fact in used if fact[1] == expand(predicate)]
        if len(axioms) != 1:
            raise Refused(f"{predicate}: one axiom is needed, {len(axioms)} given")
        subject, _, cell = axioms[0]
        members, seen = [], set()
        while cell != NIL:
            first, rest = self.lists[cell, FIRST], self.lists[cell, REST]
            if cell in seen or len(first) != 1 or len(rest) != 1:
                raise Refused(f"the list of {subject} is malformed")
            seen.add(cell)
            members += first
            cell = rest[0]
        return subject, members

    def _check_list_rule(self, rule: str, triple: Triple, used: list[Triple]) -> None:
        axiom = {
            "prp-spo2": "owl:propertyChainAxiom", "prp-key": "owl:hasKey", "cls-int1": "owl:intersectionOf",
            "cls-int2": "owl:intersectionOf", "scm-int": "owl:intersectionOf", "cls-uni": "owl:unionOf",
            "scm-uni": "owl:unionOf", "cls-oo": "owl:oneOf",
        }.get(rule)  # fmt: skip
        if axiom is None:
            raise Refused(f"no rule is called {rule}")
        subject, members = self._members(used, axiom)
        facts = [fact for fact in used if fact[1] != expand(axiom) or fact[0] != subject]
        for body, head in self._list_instances(rule, subject, members):
            for values in solutions(body, facts, {}):
                if unify(head, triple, values) is not None:
                    return
        raise Refused(f"{rule} does not give {triple} from {used}")

    def _list_instances(self, rule: str, subject: str, members: list[str]) -> Iterator[tuple[list[Triple], Triple]]:
        sub_class = expand("rdfs:subClassOf")
        if rule == "prp-spo2" and members:
            body = [(f"?u{at}", member, f"?u{at + 1}") for at, member in enumerate(members)]
            yield body, ("?u0", subject, f"?u{len(members)}")
        elif rule == "prp-key" and members:
            body = [(who, TYPE, subject) for who in ("?x", "?y")]
            body += [(who, member, f"?z{at}") for who in ("?x", "?y") for at, member in enumerate(members)]
            yield body, ("?x", expand("owl:sameAs"), "?y")
        elif rule == "cls-int1" and members:
            yield [("?y", TYPE, member) for member in members], ("?y", TYPE, subject)
        for member in members:
            if rule == "cls-int2":
                yield [("?y", TYPE, subject)], ("?y", TYPE, member)
            elif rule == "scm-int":
                yield [], (subject, sub_class, member)
            elif rule == "cls-uni":
                yield [("?y", TYPE, member)], ("?y", TYPE, subject)
            elif rule == "scm-uni":
                yield [], (member, sub_class, subject)
            elif rule == "cls-oo":
                yield [], (member, TYPE, subject)

    # -- rule files ------------------------------------------------------------------------------------------------

    def _check_rule_file(self, step: object) -> None:
        """The premises are the file's own patterns filled in, and the file, run with these values, concludes."""
        rule, values = step.rule, dict(step.values)  # type: ignore[attr-defined]
        text = self.rule_texts[rule]
        expected = {
            tuple(values.get(term, term) for term in pattern)
            for pattern in body_patterns(text)
            if all(not term.startswith("?") or term in values for term in pattern)
        }
        premises = set(step.premises)  # type: ignore[attr-defined]
        if not premises <= expected or ("UNION" not in text and not expected <= premises):
            raise Refused(f"{rule}: its patterns, filled in, are not the premises")
        query = with_values(text, values)
        head = "CONSTRUCT " + query.partition("CONSTRUCT")[2]
        if "SELECT" not in query:  # the head has variables that the body, filled in, binds no more
            head = re.sub(r"\?\w+", lambda found: values.get(found[0], found[0]), head)
        prologue = query.partition("CONSTRUCT")[0]
        found = {(str(t.subject), str(t.predicate), str(t.object)) for t in self.store.query(prologue + head)}
        if step.triple not in found:  # type: ignore[attr-defined]
            raise Refused(f"{rule}, run again with {values}, does not give {step.triple}")  # type: ignore[attr-defined]


@lru_cache
def mentioned(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\?\w+", text))


VALUES = re.compile(r"VALUES\s*(\?\w+|\([^)]*\))\s*\{([^}]*)\}")


def with_values(text: str, values: Mapping[str, str]) -> str:
    """A rule file with its variables filled in; in sub-SELECTs, those that are handed out are bound by VALUES."""
    before, where, body = re.split(r"(WHERE\s*\{)", text, maxsplit=1)
    if "SELECT" in body:
        body = re.sub(r"SELECT([^{]*)WHERE\s*\{", lambda found: found[0] + bound(handed_out(found[1]), values), body)
        return before + where + bound([name for name in values if name in mentioned(text)], values) + body
    for table in VALUES.finditer(body):
        names = re.findall(r"\?\w+", table[1])
        row = re.escape(" ".join(values[name] for name in names))
        if not re.search(rf"(^|[\s(]){row}([\s)]|$)", expanded(table[2], text)):
            raise Refused(f"VALUES does not list {row}")
    body = VALUES.sub("", body)
    return before + where + re.sub(r"\?\w+", lambda found: values.get(found[0], found[0]), body)


def expanded(listed: str, text: str) -> str:
    """Prefixed names written out."""
    prefixes = dict(re.findall(r"PREFIX\s+(\w*):\s*<([^>]*)>", text))
    return re.sub(r"(\w*):(\w+)", lambda found: f"<{prefixes[found[1]]}{found[2]}>", listed)


def handed_out(projection: str) -> list[str]:
    """The plain variables of a projection, without those made by (... AS ?name)."""
    return re.findall(r"\?\w+", re.sub(r"\([^)]*\([^)]*\)[^)]*\)", "", projection))


def bound(names: Iterable[str], values: Mapping[str, str]) -> str:
    known = [name for name in names if name in values]
    return f" VALUES ({' '.join(known)}) {{ ({' '.join(values[name] for name in known)}) }} " if known else ""


@lru_cache
def body_patterns(text: str) -> list[Triple]:
    """The triple patterns of a rule file that stand in no EXISTS and no sub-SELECT, as rdflib's parser sees them."""
    tree = parseQuery(text)
    prefixes = {str(item.prefix or ""): str(item.iri) for item in tree[0] if item.name == "PrefixDecl"}
    patterns: list[Triple] = []
    _collect(tree[1].where, prefixes, patterns)
    return patterns


def _collect(node: object, prefixes: Mapping[str, str], patterns: list[Triple]) -> None:
    if isinstance(node, CompValue):
        if node.name in {"Builtin_EXISTS", "Builtin_NOTEXISTS", "SubSelect"}:
            return
        if node.name == "TriplesBlock":
            for block in node.triples:
                flat = list(block)
                for at in range(0, len(flat), 3):
                    patterns.append(tuple(_text(term, prefixes) for term in flat[at : at + 3]))  # type: ignore[arg-type]
            return
        for child in node.values():
            _collect(child, prefixes, patterns)
    elif isinstance(node, (list, tuple)) or type(node).__name__ in {"plist", "ParseResults"}:
        for child in node:  # type: ignore[attr-defined]
            _collect(child, prefixes, patterns)


def _text(term: object, prefixes: Mapping[str, str]) -> str:
    if isinstance(term, CompValue) and term.name == "pname":
        return f"<{prefixes[str(term.prefix or '')]}{term.localname}>"
    if isinstance(term, CompValue) and term.name.startswith("Path") and len(term) == 1:
        return _text(next(iter(term.values())), prefixes)
    if isinstance(term, CompValue) and term.name == "literal":
        return f'"{term.string}"'
    if isinstance(term, list) and len(term) == 1:
        return _text(term[0], prefixes)
    if isinstance(term, Variable):
        return f"?{term}"
    if isinstance(term, Literal):
        return f'"{term}"^^<{term.datatype}>' if term.datatype else f'"{term}"'
    if isinstance(term, BNode):
        return f"?_:{term}"
    return f"<{term}>" if isinstance(term, URIRef) else str(term)


def read_rule_texts(folder: Path) -> dict[str, str]:
    """The text of every rule file of a folder, by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.rq"))}
