"""Small graphs written in Turtle, as triples of N-Triples text."""

from __future__ import annotations

import pyoxigraph

from immunograph.reasoning import Closure, compile_program, infer
from immunograph.reasoning.rules import RuleFile
from immunograph.reasoning.terms import Triple

PREFIXES = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ig: <https://w3id.org/immunograph/onto/> .
"""


def triples(turtle: str) -> list[Triple]:
    """The triples of a Turtle text, in its order; blank nodes keep their labels."""
    quads = pyoxigraph.parse(PREFIXES + turtle, format=pyoxigraph.RdfFormat.TURTLE)
    return [(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads]


def triple(turtle: str) -> Triple:
    """The only triple of a Turtle text; the final dot may be left out."""
    (only,) = triples(f"{turtle} .")
    return only


def closed(turtle: str, *rules: RuleFile, trivial: bool = False, axioms: str = "") -> Closure:
    """The closure of a Turtle text; axioms may stand in it or apart."""
    return infer(triples(turtle), compile_program(triples(axioms), rules, trivial=trivial))


def rule(text: str, name: str = "test-rule") -> RuleFile:
    """A rule file made in memory, with the prefixes ``:`` and ``ig:``."""
    prefixes = "PREFIX : <http://example.org/>\nPREFIX ig: <https://w3id.org/immunograph/onto/>\n"
    return RuleFile(name, f"#+ summary: a rule under test\n{prefixes}{text}")
