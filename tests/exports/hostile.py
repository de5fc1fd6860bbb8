"""A graph of everything that breaks exports: the one fixture of all round trips.

It is loaded without validation: some of its texts no curator would write. XML cannot hold control characters, so they
are in a fixture of their own (``CONTROL``).
"""

from __future__ import annotations

from pathlib import Path

from immunograph.store.graph import Graph, source_graph

TEXTS = (
    'double "quotes" and \'single\' ones, a ""pair""',
    "back\\slash, \\n is no newline, \\\\ two, at the end \\",
    "comma, semicolon; bar| tab\t colon: hash# dollar$ {braces} [brackets] `ticks` %s",
    "first line\nsecond line\n\nfourth line",
    "  leading and trailing blanks  ",
    "α-synuclein, TGF-β1, κB, naïve, 免疫, 😀👩‍🔬",
    "<tag attribute='1'>&amp; ]]> <!-- --> &",
    "null",
    "NULL",
    "true",
    "007",
    "=1+1",
    "x" * 100_000,
)
"""Texts that some reader takes for something else; each is a qualifier of one association and a synonym."""

CONTROL = "unit\x1fseparator, bell\x07, carriage\rreturn, record\x1eseparator"
LONG_LIST = tuple(f"synonym {number}, of many" for number in range(5_000))
BIG = 9_007_199_254_740_993
"""The first integer that no double holds."""

_PREFIXES = """
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
igd:drug a ig:Modulator , ig:SmallMolecule , ig:TherapeuticModulator ; rdfs:label "drug"@en ; dcterms:source igs:one ;
  skos:altLabel {texts} ; skos:exactMatch <http://example.org/odd?a=1&b=%20#x,y;z,w'> .
igd:other a ig:Modulator , ig:MonoclonalAntibody ; rdfs:label "other \\"drug\\""@en , "anderes Mittel"@de ;
  skos:altLabel {long} ; dcterms:source igs:one , igs:two .
igd:empty-element a ig:Modulator , ig:SmallMolecule ; rdfs:label "empty element"@en ; skos:altLabel ""@en , "full"@en ;
  dcterms:source igs:one .
igd:only-empty a ig:Modulator , ig:SmallMolecule ; rdfs:label "only an empty element"@en ; skos:altLabel ""@en ;
  dcterms:source igs:one .
igd:both a ig:Combination ; rdfs:label "drug plus other"@en ; ig:member igd:drug , igd:other ; dcterms:source igs:one .
UniProtKB:P0TEST a ig:Target , ig:Protein , ig:Modulator , ig:Cytokine ;
  rdfs:label "protein, both target and modulator"@en ;
  ig:geneSymbol "TST" ; dcterms:source igs:two .
MONDO:0000001 a ig:Condition ; rdfs:label "disease"@en ; dcterms:source igs:one .
MONDO:0000002 a ig:Condition ; rdfs:label "narrower disease"@en ; ig:broader MONDO:0000001 ; dcterms:source igs:one .
<http://example.org/no/prefix> a ig:Condition ; rdfs:label "condition without a prefix"@en ; dcterms:source igs:one .
ige:first a ig:Evidence ; ig:source igs:one ; ig:evidenceType ECO:0000033 ; ig:documentType ig:ProductLabel ;
  dcterms:identifier "record, \\"1\\"" ; dcterms:title "first\\nrecord"@en ;
  ig:address "https://example.org/1?a=b&c=d"^^xsd:anyURI ;
  ig:reference PMID:1 , PMID:2 ; ig:section "5.1" ; ig:consulted "2026-11-22"^^xsd:date .
ige:second a ig:Evidence ; ig:source igs:two ; ig:evidenceType ECO:0000033 ; ig:documentType ig:DatabaseRecord ;
  dcterms:identifier "record 2" .
iga:affinity-1 a ig:Affinity ; ig:affinityType "Kd" ; ig:affinityValue 0.1 ;
  ig:affinityRelation "<" ; ig:affinityUnit "nM" .
igs:one a dcat:Dataset ; dcterms:title "One"@en ; dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
  dcterms:publisher "Somebody & sons" ; pav:version "1" ; ig:isShareAlike false .
igs:two a dcat:Dataset ; dcterms:title "Two"@en ; dcterms:license <https://creativecommons.org/licenses/by-sa/4.0/> ;
  dcterms:publisher "Somebody else" ; ig:isShareAlike true .
"""

_ASSOCIATIONS = """
iga:parallel-1 a ig:Association , ig:TargetAction ; ig:subject igd:drug ; ig:predicate ig:inhibits ;
  ig:object UniProtKB:P0TEST ; ig:hasEvidence ige:first ; ig:actionRole ig:PrimaryAction ;
  ig:hasAffinity iga:affinity-1 .
iga:parallel-2 a ig:Association , ig:TargetAction ; ig:subject igd:drug ; ig:predicate ig:inhibits ;
  ig:object UniProtKB:P0TEST ; ig:hasEvidence ige:second .
iga:denied a ig:Association , ig:TargetAction ; ig:subject igd:drug ; ig:predicate ig:activates ;
  ig:object UniProtKB:P0TEST ; ig:negated true ; ig:hasEvidence ige:first , ige:second .
iga:loop a ig:Association , ig:Interaction ; ig:subject UniProtKB:P0TEST ; ig:predicate ig:activatesTarget ;
  ig:object UniProtKB:P0TEST ; ig:hasEvidence ige:second .
iga:many-parts a ig:Association , ig:AdverseReaction ; ig:subject igd:both ; ig:predicate ig:hasAdverseEffect ;
  ig:object MONDO:0000001 ; ig:contextCondition MONDO:0000002 ; ig:mediatedBy iga:parallel-1 , iga:parallel-2 ;
  ig:frequencyPercent 12.5 ; ig:denominator {big} ; ig:boxedWarning true ; ig:population "" ; ig:hasEvidence ige:first .
iga:year a ig:Association , ig:Indication ; ig:subject igd:drug ; ig:predicate ig:treats ; ig:object MONDO:0000002 ;
  ig:status ig:Approved ; ig:approvalYear "2019"^^xsd:gYear ; ig:maxPhase 4.0 ; ig:hasEvidence ige:first .
iga:no-prefix a ig:Association , ig:Indication ; ig:subject igd:other ; ig:predicate ig:studiedFor ;
  ig:object <http://example.org/no/prefix> ; ig:hasEvidence ige:first .
"""


def hostile_turtle(*, has_control: bool = False) -> str:
    """The graph as Turtle."""
    texts = [*TEXTS, CONTROL] if has_control else list(TEXTS)
    nodes = _NODES.format(texts=" , ".join(map(_literal, TEXTS)), long=" , ".join(map(_literal, LONG_LIST)))
    with_texts = "".join(
        f"iga:text-{number:02d} a ig:Association , ig:AdverseReaction ; ig:subject igd:drug ;\n"
        f"  ig:predicate ig:hasAdverseEffect ; ig:object MONDO:0000001 ; ig:population {_literal(text, '')} ;\n"
        "  ig:hasEvidence ige:first .\n"
        for number, text in enumerate(texts)
    )
    return _PREFIXES + nodes + _ASSOCIATIONS.format(big=BIG) + with_texts


def hostile_graph(folder: Path, *, has_control: bool = False) -> Graph:
    """The graph, with one inferred edge beside what is stated."""
    path = folder / "hostile.ttl"
    path.write_text(hostile_turtle(has_control=has_control), encoding="utf-8", newline="\n")
    graph = Graph.in_memory()
    graph.load(path, source_graph("one"))
    onto = "https://w3id.org/immunograph/"
    inferred = (f"<{onto}id/drug>", f"<{onto}onto/actsOn>", "<http://purl.uniprot.org/uniprot/P0TEST>")
    graph.add([inferred], source_graph("inferred"))
    return graph


def _literal(text: str, language: str = "@en") -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    inside = "".join(escapes.get(sign) or (sign if sign >= " " else f"\\u{ord(sign):04X}") for sign in text)
    return f'"{inside}"{language}'
