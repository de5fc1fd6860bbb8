"""A graph of everything that breaks exports: the one fixture of all round trips.

It is loaded without validation: some of its texts no curator would write. XML cannot hold control characters, so they
come only when asked for (``CONTROL``).
"""

from __future__ import annotations

import pyoxigraph as ox

from immunograph.store.graph import Graph, source_graph
from immunograph.store.triples import Triple

AWKWARD = " \"double\" 'single' `back` \\ \\n , ; | : = # % & < > ]]> {x} [y] (z) $1 \t tab\nnew line\r\nboth "
GREEK = "TNF-α κ Ω 干扰素 👩🏽‍🔬 é e\u0301 \u200e\ufeff"
TEXTS = (
    AWKWARD,
    GREEK,
    'double "quotes" and \'single\' ones, a ""pair""',
    "back\\slash, \\n is no newline, \\\\ two, at the end \\",
    "comma, semicolon; bar| tab\t colon: hash# dollar$ {braces} [brackets] `ticks` %s",
    "first line\nsecond line\n\nfourth line",
    "  leading and trailing blanks  ",
    "<tag attribute='1'>&amp; ]]> <!-- --> &",
    "null",
    "NULL",
    "true",
    "007",
    "=1+1",
    '["a", "b"]',
    "a|b",
    "|",
    "\\",
    '"',
    "[",
    "]",
    " ",
    "x" * 100_000,
    "a very long text; " * 20_000,
)
"""Texts that some reader takes for something else; each is a qualifier of one association and a synonym."""

CONTROL = "unit\x1fseparator, bell\x07, carriage\rreturn, record\x1eseparator, \x01\x0b"
"""What XML cannot hold; U+001F is besides what stands between the elements of lists in Neo4j's files."""

LONG_LIST = tuple(f"synonym {number}, of many" for number in range(5_000))
BIG = 9_007_199_254_740_993
"""The first integer that no double holds."""

_PREFIXES = """
@prefix CHEBI: <http://purl.obolibrary.org/obo/CHEBI_> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ECO: <http://purl.obolibrary.org/obo/ECO_> .
@prefix ig: <https://w3id.org/immunograph/onto/> .
@prefix iga: <https://w3id.org/immunograph/association/> .
@prefix igd: <https://w3id.org/immunograph/id/> .
@prefix ige: <https://w3id.org/immunograph/evidence/> .
@prefix igs: <https://w3id.org/immunograph/source/> .
@prefix MONDO: <http://purl.obolibrary.org/obo/MONDO_> .
@prefix pav: <http://purl.org/pav/> .
@prefix PMID: <http://identifiers.org/pubmed/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix UniProtKB: <http://purl.uniprot.org/uniprot/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

_NODES = """
igd:drug a ig:Modulator , ig:SmallMolecule , ig:TherapeuticModulator ; rdfs:label {awkward} ; dcterms:source igs:one ;
  skos:altLabel {texts} , ""@en ; skos:exactMatch <http://example.org/odd?a=1&b=%20#x,y;z,w'> , CHEBI:1 .
igd:other a ig:Modulator , ig:MonoclonalAntibody , <https://example.org/clinic#Slow/Drug> ;
  rdfs:label "other \\"drug\\""@en , "anderes Mittel"@de ;
  skos:altLabel {long} ; dcterms:source igs:one , igs:two .
igd:empty-element a ig:Modulator , ig:SmallMolecule ; rdfs:label "empty element"@en ; skos:altLabel ""@en , "full"@en ;
  dcterms:source igs:one .
igd:only-empty a ig:Modulator , ig:SmallMolecule ; rdfs:label "only an empty element"@en ; skos:altLabel ""@en ;
  dcterms:source igs:one .
igd:both a ig:Combination ; rdfs:label "drug plus other"@en ; ig:member igd:drug , igd:other ; dcterms:source igs:one .
UniProtKB:P0TEST a ig:Target , ig:Protein , ig:Modulator , ig:Cytokine ;
  rdfs:label "  protein, both target and modulator"@en ;
  ig:geneSymbol "" ; dcterms:source igs:two .
igd:bare a ig:Measure ; rdfs:label {greek} ; dcterms:source igs:one .
MONDO:0000001 a ig:Condition ; rdfs:label "disease"@en ; dcterms:source igs:one .
MONDO:0000002 a ig:Condition ; rdfs:label "narrower disease"@en ; ig:broader MONDO:0000001 ; dcterms:source igs:one .
<http://example.org/no/prefix> a ig:Condition ; rdfs:label "condition without a prefix"@en ; dcterms:source igs:one .
ige:first a ig:Evidence ; ig:source igs:one ; ig:evidenceType ECO:0000033 ; ig:documentType ig:ProductLabel ;
  dcterms:identifier "record, \\"1\\"" ; dcterms:title {awkward} ;
  ig:address "https://example.org/1?a=b&c=<d>"^^xsd:anyURI ;
  ig:reference PMID:1 , PMID:2 ; ig:section "5.1" ; ig:consulted "2026-11-22"^^xsd:date .
ige:second a ig:Evidence ; ig:source igs:two ; ig:evidenceType ECO:0000033 ; ig:documentType ig:DatabaseRecord ;
  dcterms:identifier "record 2" ; dcterms:title {greek} .
iga:affinity-1 a ig:Affinity ; ig:affinityType "Kd" ; ig:affinityValue 0.1 ;
  ig:affinityRelation "<" ; ig:affinityUnit "nM" .
igs:one a dcat:Dataset ; dcterms:title {awkward} ;
  dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
  dcterms:publisher "Somebody & sons" ; pav:version "1 | 2" ;
  ig:isShareAlike false .
igs:two a dcat:Dataset ; dcterms:title "Two"@en ; dcterms:license <https://creativecommons.org/licenses/by-sa/4.0/> ;
  dcterms:publisher "Somebody else" ; ig:isShareAlike true .
"""

_ASSOCIATIONS = """
iga:parallel-1 a ig:Association , ig:TargetAction ; ig:subject igd:drug ; ig:predicate ig:inhibits ;
  ig:object UniProtKB:P0TEST ; ig:hasEvidence ige:first ; ig:actionRole ig:PrimaryAction ;
  ig:actionType ig:InhibitorAction ;
  ig:hasAffinity iga:affinity-1 .
iga:parallel-2 a ig:Association , ig:TargetAction ; ig:subject igd:drug ; ig:predicate ig:inhibits ;
  ig:object UniProtKB:P0TEST ; ig:population "" ; ig:hasEvidence ige:second .
iga:denied a ig:Association , ig:TargetAction ; ig:subject igd:drug ; ig:predicate ig:inhibits ;
  ig:object UniProtKB:P0TEST ; ig:negated true ; ig:hasEvidence ige:first , ige:second .
iga:loop a ig:Association , ig:Interaction ; ig:subject UniProtKB:P0TEST ; ig:predicate ig:activatesTarget ;
  ig:object UniProtKB:P0TEST ; ig:hasEvidence ige:second .
iga:many-parts a ig:Association , ig:AdverseReaction ; ig:subject igd:both ; ig:predicate ig:hasAdverseEffect ;
  ig:object MONDO:0000001 ; ig:contextCondition MONDO:0000002 ; ig:mediatedBy iga:parallel-1 , iga:parallel-2 ;
  ig:frequencyPercent 0.05 ; ig:denominator {big} ; ig:boxedWarning true ; ig:population "" ; ig:hasEvidence ige:first .
iga:year a ig:Association , ig:Indication ; ig:subject igd:drug ; ig:predicate ig:treats ; ig:object MONDO:0000002 ;
  ig:status ig:Approved ; ig:approvalYear "2019"^^xsd:gYear ; ig:maxPhase 4.0 ; ig:hasEvidence ige:first .
iga:no-prefix a ig:Association , ig:Indication ; ig:subject igd:other ; ig:predicate ig:studiedFor ;
  ig:object <http://example.org/no/prefix> ; ig:hasEvidence ige:first .
"""

_CONTROLS = """
igd:controls a ig:Measure ; rdfs:label {control} ; skos:altLabel {control} , "plain"@en ; dcterms:source igs:one .
"""


def hostile_turtle(*, has_control: bool = False) -> str:
    """The graph as Turtle; control characters are in one synonym, one name and one qualifier, where asked for."""
    nodes = _NODES.format(
        awkward=_literal(AWKWARD),
        greek=_literal(GREEK),
        texts=" , ".join(map(_literal, TEXTS)),
        long=" , ".join(map(_literal, LONG_LIST)),
    )
    with_texts = "".join(
        f"iga:text-{number:02d} a ig:Association , ig:AdverseReaction ; ig:subject igd:drug ;\n"
        f"  ig:predicate ig:hasAdverseEffect ; ig:object MONDO:0000001 ; ig:population {_literal(text, '')} ;\n"
        "  ig:hasEvidence ige:first .\n"
        for number, text in enumerate([*TEXTS, CONTROL] if has_control else TEXTS)
    )
    control = _CONTROLS.format(control=_literal(CONTROL)) if has_control else ""
    return _PREFIXES + nodes + _ASSOCIATIONS.format(big=BIG) + with_texts + control


def hostile_triples(*, has_control: bool = False) -> list[Triple]:
    """What is stated, as N-Triples terms."""
    parsed = ox.parse(hostile_turtle(has_control=has_control), ox.RdfFormat.TURTLE)
    return [(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in parsed]


def hostile_graph(*, has_control: bool = False) -> Graph:
    """The graph, with one inferred edge beside what is stated."""
    graph = Graph.in_memory()
    graph.add(hostile_triples(has_control=has_control), source_graph("one"))
    onto = "https://w3id.org/immunograph/"
    inferred = (f"<{onto}id/drug>", f"<{onto}onto/actsOn>", "<http://purl.uniprot.org/uniprot/P0TEST>")
    graph.add([inferred], source_graph("inferred"))
    return graph


def _literal(text: str, language: str = "@en") -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    inside = "".join(escapes.get(sign) or (sign if sign >= " " else f"\\u{ord(sign):04X}") for sign in text)
    return f'"{inside}"{language}'
