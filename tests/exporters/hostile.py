"""A small graph of everything that has broken an export somewhere: one fixture for every format."""

from __future__ import annotations

from collections.abc import Iterator

from immunograph.model import Iri, Literal, Term, decimal, integer, plain, text, true, year
from immunograph.store.graph import Triple, n_triples
from immunograph.vocabulary import (
    DCAT_DATASET,
    DCTERMS,
    DCTERMS_SOURCE,
    DCTERMS_TITLE,
    IG,
    IGA,
    IGD,
    IGE,
    IGS,
    PAV_VERSION,
    RDF_TYPE,
    RDFS_LABEL,
    SKOS_ALT_LABEL,
    SKOS_EXACT_MATCH,
    XSD,
)

AWKWARD = " \"double\" 'single' `back` \\ \\n , ; | : = # % & < > ]]> {x} [y] (z) $1 \t tab\nnew line\r\nboth "
GREEK = "TNF-α κ Ω 干扰素 👩🏽‍🔬 é e\u0301 \u200e\ufeff"
LONG = "a very long text; " * 20_000
MANY = tuple(f"synonym {number}, with a comma" for number in range(5_000))
LIST = (AWKWARD, GREEK, "", "null", '["a", "b"]', "a|b", "a;b", "a,b", "|", "\\", '"', "]", "[", " ")

CONTROLS = "before\x01\x1f\x0bafter"
"""What XML cannot hold; U+001F is besides the array delimiter of the Neo4j import."""

ODD, OTHER, TARGET, CONDITION, BARE = IGD + "odd", IGD + "other", IGD + "target", IGD + "condition", IGD + "bare"


def hostile_triples() -> Iterator[Triple]:
    """The triples of the graph, as N-Triples terms."""
    for subject, pairs in RECORDS.items():
        for predicate, term in pairs:
            yield f"<{subject}>", f"<{predicate}>", n_triples(term)


def with_controls() -> Iterator[Triple]:
    """The same with control characters in one synonym and one label."""
    yield from hostile_triples()
    for predicate, term in _node(CONTROLS, "Measure"):
        yield f"<{IGD}controls>", f"<{predicate}>", n_triples(term)
    yield f"<{OTHER}>", f"<{SKOS_ALT_LABEL}>", n_triples(text(CONTROLS))


def _node(label: str, *kinds: str, more: tuple[tuple[str, Term], ...] = ()) -> tuple[tuple[str, Term], ...]:
    return (
        *((RDF_TYPE, Iri(IG + kind)) for kind in kinds),
        (RDFS_LABEL, text(label)),
        (DCTERMS_SOURCE, Iri(IGS + "hostile")),
        *more,
    )


def _statement(
    kind: str, subject: str, predicate: str, object_: str, *evidence: str, more: tuple[tuple[str, Term], ...] = ()
) -> tuple[tuple[str, Term], ...]:
    return (
        (RDF_TYPE, Iri(IG + "Association")),
        (RDF_TYPE, Iri(IG + kind)),
        (IG + "subject", Iri(subject)),
        (IG + "predicate", Iri(IG + predicate)),
        (IG + "object", Iri(object_)),
        *((IG + "hasEvidence", Iri(IGE + name)) for name in evidence),
        *more,
    )


def _evidence(title: str, paper: str) -> tuple[tuple[str, Term], ...]:
    return (
        (RDF_TYPE, Iri(IG + "Evidence")),
        (IG + "source", Iri(IGS + "hostile")),
        (IG + "evidenceType", Iri("http://purl.obolibrary.org/obo/ECO_0000000")),
        (IG + "documentType", Iri(IG + "DatabaseRecord")),
        (DCTERMS_TITLE, text(title)),
        (IG + "reference", Iri(f"http://identifiers.org/pubmed/{paper}")),
        (IG + "address", Literal(f"https://example.org/?a=1&b=<{paper}>", XSD + "anyURI")),
    )


RECORDS: dict[str, tuple[tuple[str, Term], ...]] = {
    ODD: _node(
        AWKWARD,
        "Modulator",
        "SmallMolecule",
        more=(
            *((SKOS_ALT_LABEL, text(value)) for value in LIST),
            (SKOS_EXACT_MATCH, Iri("http://purl.obolibrary.org/obo/CHEBI_1")),
        ),
    ),
    OTHER: _node(GREEK, "Modulator", more=tuple((SKOS_ALT_LABEL, text(value)) for value in MANY)),
    TARGET: _node("  two leading blanks", "Target", "Protein", more=((IG + "geneSymbol", plain("")),)),
    CONDITION: _node(LONG, "Condition"),
    BARE: _node("a node without an edge", "Measure"),
    IGA + "first": _statement(
        "TargetAction",
        ODD,
        "inhibits",
        TARGET,
        "one",
        more=((IG + "population", plain(AWKWARD)), (IG + "actionType", Iri(IG + "InhibitorAction"))),
    ),
    IGA + "parallel": _statement(
        "TargetAction", ODD, "inhibits", TARGET, "two", more=((IG + "population", plain("")),)
    ),
    IGA + "denied": _statement("TargetAction", ODD, "inhibits", TARGET, "two", more=((IG + "negated", true()),)),
    IGA + "itself": _statement("Interaction", TARGET, "activatesTarget", TARGET, "one", "two"),
    IGA + "numbers": _statement(
        "AdverseReaction",
        OTHER,
        "hasAdverseEffect",
        CONDITION,
        "one",
        more=(
            (IG + "frequencyPercent", decimal("0.05")),
            (IG + "denominator", integer(2**53 + 1)),
            (IG + "boxedWarning", true()),
            (IG + "population", plain(LONG)),
        ),
    ),
    IGA + "year": _statement("Indication", ODD, "treats", CONDITION, "two", more=((IG + "approvalYear", year(2019)),)),
    IGE + "one": _evidence(AWKWARD, "1"),
    IGE + "two": _evidence(GREEK, "2"),
    IGS + "hostile": (
        (RDF_TYPE, Iri(DCAT_DATASET)),
        (DCTERMS_TITLE, text(f"hostile: {AWKWARD}")),
        (DCTERMS + "license", Iri("https://creativecommons.org/publicdomain/zero/1.0/")),
        (PAV_VERSION, plain("1 | 2")),
    ),
}
"""Subject → what is stated of it."""
