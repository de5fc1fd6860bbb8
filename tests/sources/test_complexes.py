"""Which node stands for a complex: the reviewed table's, else FamPlex's, else one of our own."""

from __future__ import annotations

from immunograph.identifiers import compress, expand
from immunograph.sources.complexes import Complex, Relation, accessions_by_symbol, family_members, identify, slug
from immunograph.sources.genes import Gene
from immunograph.sources.target_groups import TargetGroup

AB = frozenset({"P1", "P2"})
RELATIONS = [Relation("HGNC", "A", "partof", "AB"), Relation("UP", "P2", "partof", "AB")]


def test_famplex_stands_before_our_own() -> None:
    found = identify([Complex("ab_complex", AB)], {"AB": AB}, {})
    assert compress(found.by_members[AB].iri) == "FPLX:AB"
    assert found.of_family("AB") == found.by_members[AB]


def test_our_own_is_named_after_cellphonedb() -> None:
    found = identify([Complex("ab_complex", AB)], {}, {})
    assert (compress(found.by_members[AB].iri), found.by_members[AB].label) == ("igd:ab-complex", "ab complex")


def test_the_table_stands_before_both() -> None:
    group = TargetGroup(
        "CHEMBL1", "ab", expand("igd:factor-ab"), "factor AB", "ProteinComplex", "cellphonedb:ab_complex"
    )
    found = identify([Complex("ab_complex", AB)], {"AB": AB}, {"CHEMBL1": group})
    assert compress(found.by_members[AB].iri) == "igd:factor-ab"
    assert found.of_family("AB").label == "factor AB"


def test_an_entity_without_known_members_is_itself() -> None:
    assert compress(identify([], {}, {}).of_family("IFN_x").iri) == "FPLX:IFN_x"


def test_members_are_whole_or_not_at_all() -> None:
    assert family_members(RELATIONS, {"A": "P1"}) == {"AB": AB}
    assert family_members(RELATIONS, {}) == {}
    assert family_members([*RELATIONS, Relation("FPLX", "C", "isa", "AB")], {"A": "P1"}) == {}


def test_former_symbols_count_where_unambiguous() -> None:
    genes = [
        Gene("HGNC:1", "NEW1", "", previous=("OLD", "NEW2"), proteins=("P1",)),
        Gene("HGNC:2", "NEW2", "", previous=("BOTH",), proteins=("P2",)),
        Gene("HGNC:3", "NEW3", "", previous=("BOTH",), proteins=("P3",)),
    ]
    assert accessions_by_symbol(genes) == {"NEW1": "P1", "NEW2": "P2", "NEW3": "P3", "OLD": "P1"}


def test_slugs_are_lower_case_words() -> None:
    assert slug("IL2_receptor_I (high)") == "il2-receptor-i-high"
