import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from immunograph.model import Association, Evidence, Iri, Node, decimal, merge, plain, true, year
from immunograph.vocabulary import ASSOCIATION_KINDS, KIND_OF_PREDICATE, OBJECT_KINDS, SUBJECT_KINDS

BASE = Association("fixture", "urn:a", "inhibits", "urn:b", ("urn:e1",))


def test_the_iri_of_an_association_changes_with_everything_but_its_evidence() -> None:
    changes = {"source": "other", "subject": "urn:c", "predicate": "activates", "object": "urn:c"}
    iris = {dataclasses.replace(BASE, **{name: value}).iri for name, value in changes.items()}
    iris.add(dataclasses.replace(BASE, qualifiers=(("negated", true()),)).iri)
    assert len(iris) == 5
    assert BASE.iri not in iris
    assert dataclasses.replace(BASE, evidence=("urn:e2",)).iri == BASE.iri


@given(st.permutations([("negated", true()), ("approvalYear", year(2019)), ("population", plain("adults"))]))
def test_the_order_of_qualifiers_does_not_count(qualifiers: list[tuple[str, object]]) -> None:
    first = dataclasses.replace(BASE, qualifiers=tuple(qualifiers))
    assert first.iri == dataclasses.replace(BASE, qualifiers=tuple(sorted(qualifiers, key=str))).iri


def test_equal_associations_are_merged_with_the_evidence_of_both() -> None:
    merged = merge([BASE, dataclasses.replace(BASE, evidence=("urn:e2",))])
    assert [a.evidence for a in merged.associations.values()] == [("urn:e1", "urn:e2")]


def test_a_second_label_of_a_node_becomes_a_synonym() -> None:
    first = Node("urn:a", ("Condition",), "colitis", ("urn:s",))
    second = Node("urn:a", ("Condition",), "inflamed colon", ("urn:t",), exact=("urn:x",))
    (node,) = merge([first, second]).nodes.values()
    assert (node.label, node.synonyms, node.exact) == ("colitis", ("inflamed colon",), ("urn:x",))


def test_evidence_of_two_sections_of_one_record_is_two_nodes() -> None:
    record = Evidence("curated", "NDA1", "0000033", section="5.1")
    assert record.iri != dataclasses.replace(record, section="6.1").iri
    assert record.iri == dataclasses.replace(record, title="another title").iri


def test_decimals_have_one_form() -> None:
    assert decimal("12.50") == decimal("12.5") == decimal(12.5)
    assert decimal("3").value == "3.0"


def test_every_association_kind_says_what_it_relates() -> None:
    assert set(KIND_OF_PREDICATE.values()) == set(ASSOCIATION_KINDS)
    assert set(ASSOCIATION_KINDS) - set(OBJECT_KINDS) == {"MechanismStatement", "LabelStatement"}
    assert set(SUBJECT_KINDS) == set(ASSOCIATION_KINDS)


def test_iris_and_literals_are_told_apart() -> None:
    assert Iri("a") != plain("a")
