"""A user's ontology around the nodes of the fixture graph, attached and removed again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from immunograph.building.pipeline import open_or_build
from immunograph.building.plan import BuildPlan
from immunograph.errors import ImmunographError
from immunograph.identifiers import expand
from immunograph.knowledge import KnowledgeGraph
from immunograph.linking.expanding import attach, detach, is_slice, slice_blocks, slice_of, slug_of
from immunograph.linking.held import HeldNode, held_nodes
from immunograph.linking.joining import CROSS_REFERENCED, IDENTIFIER, NAMED, STATED, join
from immunograph.model import Literal
from immunograph.sources.ontologies import OntologyTerm, Release, read_release
from immunograph.vocabulary import RDFS_LABEL, SKOS_ALT_LABEL

ROOT = Path(__file__).resolve().parents[1]
FORMS = sorted((ROOT / "sources" / "files" / "ontologies" / "forms").glob("joints.*"))
JOINTS = "http://example.org/joints#"
RA, ARTHRITIS = expand("MONDO:0008383"), expand("MONDO:0005578")


def release(*terms: OntologyTerm) -> Release:
    return Release(Path("made-up.obo"), terms={term.iri: term for term in terms})


def condition(curie: str, label: str, **more: set[str]) -> HeldNode:
    return HeldNode(expand(curie), label, "Condition", **more)


def nodes(*held: HeldNode) -> dict[str, HeldNode]:
    return {node.iri: node for node in held}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.suffix)
def test_every_form_is_joined_alike(fixture_kg: KnowledgeGraph, path: Path) -> None:
    held = held_nodes(fixture_kg.graph)
    found = slice_of(read_release(path), held, "linked-joints")
    assert found.joints.joined[RA].how == IDENTIFIER
    assert (found.joints.joined[JOINTS + "Inflamed"].node, found.joints.joined[JOINTS + "Inflamed"].how) == (
        ARTHRITIS,
        STATED,
    )
    assert found.kinds == {JOINTS + "Disorder": "Condition"}
    assert found.broader == [(ARTHRITIS, JOINTS + "Disorder")]


OWN = """@prefix my: <https://example.org/clinic#> . @prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix iao: <http://purl.obolibrary.org/obo/IAO_> .
<https://example.org/clinic> a owl:Ontology ; owl:imports obo:mondo.owl .
my:Disorder a owl:Class .
my:JointTrouble a owl:Class, owl:NamedIndividual ; rdfs:subClassOf my:Disorder ; rdfs:label "Gelenkleiden"@de .
obo:MONDO_0005578 rdfs:subClassOf my:JointTrouble .
my:c1 rdfs:subClassOf my:Disorder ; skos:exactMatch obo:MONDO_0008383 ; rdfs:label "RA der Klinik"@de .
my:Old1 a owl:Class ; owl:deprecated true ; iao:0100001 my:Old2 .
my:Old2 a owl:Class ; owl:deprecated true ; iao:0100001 my:Old1 .
my:Slow a owl:Class . my:Tocilizumab rdfs:subClassOf my:Slow .
"""
"""As users write them: public classes and superclasses without label, names in another language, circles."""


def test_classes_without_label_are_linked_too(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "clinic.ttl"
    path.write_text(OWN, encoding="utf-8")
    held, clinic, mine = held_nodes(fixture_kg.graph), read_release(path), "https://example.org/clinic#"
    found = slice_of(clinic, held, "linked-clinic")
    assert found.joints.joined.keys() == {ARTHRITIS, mine + "c1", mine + "Tocilizumab"}
    assert set(found.broader) == {
        (ARTHRITIS, mine + "JointTrouble"),
        (mine + "JointTrouble", mine + "Disorder"),
        (RA, mine + "Disorder"),
        (expand("igd:tocilizumab"), mine + "Slow"),
    }
    written = {block.subject: dict(block.pairs) for block in slice_blocks(found, clinic, held)}
    assert written[mine + "JointTrouble"][RDFS_LABEL] == Literal("Gelenkleiden", language="en")
    assert written[mine + "JointTrouble"][SKOS_ALT_LABEL] == Literal("Gelenkleiden", language="de")
    assert written[mine + "Disorder"][RDFS_LABEL] == Literal("Disorder", language="en")
    assert written[RA][SKOS_ALT_LABEL] == Literal("RA der Klinik", language="de")


def test_what_is_below_is_kept_on_demand(fixture_kg: KnowledgeGraph) -> None:
    joints = read_release(FORMS[0])
    found = slice_of(joints, held_nodes(fixture_kg.graph), "x", below=1)
    assert (JOINTS + "Defined", ARTHRITIS) in found.broader


def test_attached_it_is_a_graph_of_its_own_and_widens_the_hierarchy(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "fixture", data)
    plan = BuildPlan(data)
    with KnowledgeGraph(open_or_build(plan), plan) as kg:
        before = set(kg.graph.triples())
        joints = read_release(FORMS[0])
        held = held_nodes(kg.graph)
        attach(joints, slice_of(joints, held, "linked-joints"), held, data / "linked-joints", command="x")
    with KnowledgeGraph(open_or_build(plan), plan) as kg:
        assert "https://w3id.org/immunograph/graph/linked-joints" in kg.graph.graph_names()
        assert kg.graph.holds(RA, expand("ig:broader"), JOINTS + "Disorder")
        assert kg.names.resolve("disorder of a joint").iri == JOINTS + "Disorder"
        assert kg.names.resolve("hot joint").iri == ARTHRITIS
        (found,) = kg.resolve([JOINTS + "Inflamed"])
        assert found.node is not None and found.node.iri == ARTHRITIS
        assert held_nodes(kg.graph, without="linked-joints").keys() == held.keys()
    detach(data / "linked-joints")
    assert not (data / "linked-joints").exists()
    with KnowledgeGraph(open_or_build(plan), plan) as kg:
        assert set(kg.graph.triples()) == before


def test_other_data_are_not_written_over(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "conditions.ttl").write_text("")
    joints = read_release(FORMS[0])
    held = held_nodes(fixture_kg.graph)
    with pytest.raises(ImmunographError, match="choose another --name"):
        attach(joints, slice_of(joints, held, "x"), held, tmp_path, command="x")
    with pytest.raises(ImmunographError, match="is no slice"):
        detach(tmp_path)
    assert not is_slice(tmp_path)


def test_a_cross_reference_counts_where_it_is_the_only_one() -> None:
    held = nodes(condition("MONDO:0000001", "one", exact={expand("MESH:D000001")}), condition("MONDO:0000002", "two"))
    term = OntologyTerm("http://example.org/a", "something", xrefs=("MSH:D000001",))
    found = join(release(term), held)
    assert (found.joined[term.iri].node, found.joined[term.iri].how) == (expand("MONDO:0000001"), CROSS_REFERENCED)
    twin = OntologyTerm("http://example.org/b", "else", xrefs=("mesh:D000001",))
    both = join(release(term, twin), held)
    assert both.joined == {}
    assert {one[0] for one in both.doubtful} == {term.iri, twin.iri}


def test_a_label_counts_where_no_other_has_it() -> None:
    held = nodes(condition("MONDO:0000001", "Crohn disease"))
    term = OntologyTerm("http://example.org/a", "crohn disease")
    assert join(release(term), held).joined[term.iri].how == NAMED
    assert join(release(term, OntologyTerm("http://example.org/b", "Crohn Disease")), held).joined == {}


MANY = [f"MONDO:{number:07}" for number in range(1, 31)]


def test_labels_of_other_kinds_do_not_count_in_an_ontology_of_one_kind() -> None:
    held = nodes(
        *(condition(curie, curie) for curie in MANY),
        HeldNode(expand("reactome:R-HSA-1"), "diseases of metabolism", "Pathway"),
    )
    own = [OntologyTerm(expand(curie), curie) for curie in MANY]
    other = OntologyTerm("http://example.org/m", "diseases of metabolism")
    assert join(release(*own, other), held).joined.keys() == {term.iri for term in own}


def test_a_small_ontology_may_be_about_several_kinds() -> None:
    held = nodes(condition("MONDO:0000001", "one"), HeldNode(expand("igd:drug"), "drug", "Modulator"))
    own = OntologyTerm(expand("MONDO:0000001"), "one")
    drug = OntologyTerm("http://example.org/drug", "Drug")
    assert join(release(own, drug), held).joined.keys() == {own.iri, drug.iri}


def test_a_label_does_not_count_under_another_kind() -> None:
    held = nodes(condition("MONDO:0000001", "one"), HeldNode(expand("igd:drug"), "drug", "Modulator"))
    own = OntologyTerm(expand("MONDO:0000001"), "one")
    between = OntologyTerm("http://example.org/between", "between", parents=(own.iri,))
    drug = OntologyTerm("http://example.org/drug", "Drug", parents=(between.iri,))
    found = join(release(own, between, drug), held)
    assert found.joined.keys() == {own.iri}
    assert [(term, node) for term, node, _ in found.doubtful] == [(drug.iri, expand("igd:drug"))]


def test_another_kind_counts_where_cross_reference_and_label_agree() -> None:
    held = nodes(
        *(condition(curie, curie) for curie in MANY),
        HeldNode(expand("igd:drug"), "drug", "Modulator", exact=frozenset({expand("CHEMBL.COMPOUND:CHEMBL1")})),
        HeldNode(expand("igd:other"), "other", "Modulator", exact=frozenset({expand("CHEMBL.COMPOUND:CHEMBL2")})),
    )
    own = [OntologyTerm(expand(curie), curie) for curie in MANY]
    drug = OntologyTerm("http://example.org/drug", "Drug", xrefs=("CHEMBL1",))
    other = OntologyTerm("http://example.org/other", "something else", xrefs=("CHEMBL2",))
    found = join(release(*own, drug, other), held)
    assert found.joined[drug.iri].node == expand("igd:drug")
    assert other.iri not in found.joined
    assert [(term, node) for term, node, _ in found.doubtful] == [(other.iri, expand("igd:other"))]


@pytest.mark.parametrize("is_said_of_ours", [True, False])
def test_an_equivalence_counts_in_either_direction(is_said_of_ours: bool) -> None:
    ours, theirs = expand("MONDO:0000001"), "http://example.org/one"
    said = {ours: (theirs,), theirs: ()} if is_said_of_ours else {ours: (), theirs: (ours,)}
    terms = [OntologyTerm(iri, "", equal=equal) for iri, equal in said.items()]
    found = join(release(*terms), nodes(condition("MONDO:0000001", "disease")))
    assert (found.joined[theirs].node, found.joined[theirs].how) == (ours, STATED)


def test_a_link_that_closes_a_circle_is_left_out() -> None:
    upper, lower = expand("MONDO:0000001"), expand("MONDO:0000002")
    held = nodes(condition("MONDO:0000001", "one"), condition("MONDO:0000002", "two", broader={upper}))
    found = slice_of(release(OntologyTerm(upper, "one", parents=(lower,)), OntologyTerm(lower, "two")), held, "x")
    assert found.broader == []
    assert found.left_out == [(upper, lower, "would close a circle")]


def test_terms_over_two_kinds_are_left_out() -> None:
    top = "http://example.org/top"
    held = nodes(condition("MONDO:0000001", "one"), HeldNode(expand("CL:0000001"), "cell", "CellType"))
    found = slice_of(
        release(
            OntologyTerm(expand("MONDO:0000001"), "one", parents=(top,)),
            OntologyTerm(expand("CL:0000001"), "cell", parents=(top,)),
            OntologyTerm(top, "thing"),
        ),
        held,
        "x",
    )
    assert (found.kinds, found.broader) == ({}, [])


def test_an_obsolete_parent_is_followed_to_its_successor() -> None:
    new, old = "http://example.org/new", "http://example.org/old"
    held = nodes(condition("MONDO:0000001", "one"))
    found = slice_of(
        release(
            OntologyTerm(expand("MONDO:0000001"), "one", parents=(old,)),
            OntologyTerm(old, "obsolete", is_deprecated=True, replaced_by=new),
            OntologyTerm(new, "new"),
        ),
        held,
        "x",
    )
    assert found.broader == [(expand("MONDO:0000001"), new)]


def test_nothing_shared_is_told() -> None:
    with pytest.raises(ImmunographError, match="none of its 1 terms is a node here"):
        slice_of(release(OntologyTerm("http://example.org/a", "alien")), nodes(condition("MONDO:0000001", "one")), "x")


def test_the_name_of_a_slice_is_the_files() -> None:
    assert slug_of(Release(Path("My Ontology.v2.owl.gz"))) == "linked-my-ontology"
