"""The ontology says what every term means, keeps to OWL 2 RL, and its classes and shapes have something to hold."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import owlrl
import pyshacl
import pytest
from pyoxigraph import RdfFormat, Store
from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, VANN
from rdflib.term import Node

from immunograph.vocabulary import ASSOCIATION_KINDS, KIND_OF_PREDICATE, NODE_KINDS

ROOT = Path(__file__).resolve().parents[2]
ONTOLOGY = ROOT / "ontology"
FIXTURE = ROOT / "tests" / "fixture" / "graph.ttl"
STILL_EMPTY = ROOT / "tests" / "shapes" / "kinds-still-empty.txt"
IG = Namespace("https://w3id.org/immunograph/onto/")
IGD = Namespace("https://w3id.org/immunograph/id/")
ITSELF = URIRef(str(IG))
AFTER_INFERENCE = {
    SH.targetClass: "?node a <{}>",
    SH.targetSubjectsOf: "?node <{}> ?value",
    SH.targetObjectsOf: "?value <{}> ?node",
}
META = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual}


@cache
def ontology() -> Graph:
    """The header and all modules."""
    graph = Graph()
    for path in (ONTOLOGY / "immunograph.ttl", *sorted((ONTOLOGY / "modules").glob("*.ttl"))):
        graph.parse(path)
    return graph


@cache
def shapes() -> Graph:
    """Every shape."""
    graph = Graph()
    for path in sorted((ONTOLOGY / "shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


def is_ours(term: Node | None) -> bool:
    return isinstance(term, URIRef) and term.startswith(IG) and term != ITSELF and not term[len(IG) :][:1].isdigit()


@cache
def terms() -> frozenset[URIRef]:
    """Every term that the ontology declares."""
    found = {URIRef(str(s)) for kind in META for s in ontology().subjects(RDF.type, kind) if is_ours(s)}
    return frozenset(found)


def local_names(text: str) -> set[str]:
    """Local names that a text writes with the prefix ``ig:``."""
    return set(re.findall(r"(?<![\w-])ig:([A-Za-z][A-Za-z0-9]*)", text))


def defined_classes() -> set[URIRef]:
    """Classes with a sufficient condition."""
    return {o for s in ontology().subjects(OWL.intersectionOf, None) for o in ontology().objects(s, RDFS.subClassOf)}  # type: ignore[misc]


# what the terms say of themselves


def test_header_is_complete() -> None:
    version = ontology().value(ITSELF, OWL.versionIRI)
    assert str(version).removeprefix(str(IG)) == str(ontology().value(ITSELF, OWL.versionInfo))
    wanted = (DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.creator, DCTERMS.created, DCTERMS.modified)
    more = (DCTERMS.contributor, DCTERMS.publisher, DCTERMS.issued, DCTERMS.bibliographicCitation)
    for predicate in (*wanted, *more, VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri):
        assert len(list(ontology().objects(ITSELF, predicate))) == 1, predicate


def test_header_agrees_with_itself() -> None:
    """Key checks of FOOPS! that need no network: dates, version, namespace and licence are well formed and agree."""
    version = str(ontology().value(ITSELF, OWL.versionInfo))
    assert str(ontology().value(ITSELF, VANN.preferredNamespaceUri)) == str(IG)
    assert str(ontology().value(ITSELF, VANN.preferredNamespacePrefix)) == "ig"
    assert isinstance(ontology().value(ITSELF, DCTERMS.license), URIRef)
    for predicate in (DCTERMS.created, DCTERMS.issued, DCTERMS.modified):
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(ontology().value(ITSELF, predicate))), predicate
    assert str(ontology().value(ITSELF, DCTERMS.created)) <= str(ontology().value(ITSELF, DCTERMS.modified))
    assert version in str(ontology().value(ITSELF, DCTERMS.bibliographicCitation))


def test_everything_used_is_declared_for_tools() -> None:
    """OWL tools guess the kind of what is not declared: annotations, and terms of others, are."""
    predicates = {p for p in ontology().predicates() if not str(p).startswith((str(RDF), str(RDFS), str(OWL)))}
    declared = {s for kind in META for s in ontology().subjects(RDF.type, kind)}
    assert predicates - declared == set()


def test_every_term_has_one_label_one_definition_and_says_where_it_is_defined() -> None:
    faults = [
        (term, predicate)
        for term in terms()
        for predicate in (RDFS.label, SKOS.definition, RDFS.isDefinedBy)
        if len(list(ontology().objects(term, predicate))) != 1
    ]
    assert terms() and faults == []


def test_definitions_are_sentences() -> None:
    for term in terms():
        definition = str(ontology().value(term, SKOS.definition))
        assert definition[0].isupper() and definition.endswith("."), (term, definition)


def test_definition_of_a_class_begins_with_its_parent() -> None:
    """ "A <parent> that <difference>.", for every class below a class of ours."""
    faults = []
    for term in terms():
        parents = [
            str(ontology().value(p, RDFS.label)) for p in ontology().objects(term, RDFS.subClassOf) if is_ours(p)
        ]
        definition = str(ontology().value(term, SKOS.definition)).lower()
        if parents and not any(re.match(rf"an? {re.escape(parent.lower())}\b", definition) for parent in parents):
            faults.append((str(term), definition, parents))
    assert faults == []


def test_no_two_terms_share_a_label_or_a_definition() -> None:
    for predicate in (RDFS.label, SKOS.definition):
        seen: dict[tuple[bool, str], URIRef] = {}
        for term in sorted(terms()):
            key = ((term, RDF.type, OWL.Class) in ontology(), str(ontology().value(term, predicate)).casefold())
            assert key not in seen, (term, seen.get(key))
            seen[key] = term


def test_every_term_of_ours_in_use_is_declared() -> None:
    names = {term[len(IG) :] for term in terms()}
    unknown: dict[str, set[str]] = {}
    folders = ("ontology/modules", "ontology/shapes", "ontology/rules", "ontology/checks", "queries", "tests/fixture")
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in {".ttl", ".rq"}):
        if found := local_names(path.read_text(encoding="utf-8")) - names:
            unknown[str(path.relative_to(ROOT))] = found
    assert unknown == {}


def test_every_term_of_ours_in_data_is_declared() -> None:
    unknown: set[str] = set()
    for path in (ROOT / "data").rglob("*.ttl"):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                unknown |= local_names(re.sub(r'"(?:[^"\\]|\\.)*"', "", line))
    assert unknown - {term[len(IG) :] for term in terms()} == set()


# the model


def test_vocabulary_and_ontology_agree() -> None:
    stated = {str(s)[len(IG) :]: str(o)[len(IG) :] for s, o in ontology().subject_objects(IG.statedBy)}
    assert stated == dict(KIND_OF_PREDICATE)
    assert {str(s)[len(IG) :] for s in ontology().subjects(RDF.type, IG.AssociationKind)} == set(ASSOCIATION_KINDS)
    for kind in NODE_KINDS:
        assert (IG[kind], RDFS.subClassOf, IG.Node) in ontology(), kind


def test_shapes_allow_exactly_the_predicates_of_each_kind() -> None:
    igsh = Namespace("https://w3id.org/immunograph/shapes/")
    for kind in ASSOCIATION_KINDS:
        values = shapes().value(igsh[f"{kind}Predicate"], SH["in"])
        assert values is not None, kind
        found = {str(term)[len(IG) :] for term in Collection(shapes(), values)}
        assert found == {name for name, owner in KIND_OF_PREDICATE.items() if owner == kind}


def test_modality_tree_and_defined_classes_are_as_rich_as_promised() -> None:
    modalities = set(ontology().subjects(RDF.type, IG.Modality))
    above = {p for m in modalities for p in ontology().transitive_objects(m, RDFS.subClassOf)}
    assert len((modalities | above) - {IG.Modulator, IG.Node, IG.AdministeredModulator}) >= 45
    assert len(defined_classes()) >= 40


def test_every_defined_class_is_a_modulator_class_below_modulator() -> None:
    for term in defined_classes():
        assert (term, RDF.type, IG.ModulatorClass) in ontology(), term
        assert IG.Modulator in ontology().transitive_objects(term, RDFS.subClassOf), term


def test_every_modulator_class_can_be_reached_by_inference() -> None:
    """A class that nobody may assert needs a sufficient condition, or a class below it that has one."""
    asserted = set(ontology().subjects(RDF.type, IG.Modality))
    reachable = {p for term in defined_classes() for p in ontology().transitive_objects(term, RDFS.subClassOf)}
    assert set(ontology().subjects(RDF.type, IG.ModulatorClass)) - reachable - asserted == set()


def test_definitions_by_mechanism_use_primary_actions_only() -> None:
    allowed = re.compile(r"primarily[A-Z]\w*|memberOf|subunitOf|broader|stimulates")
    for restriction in ontology().subjects(RDF.type, OWL.Restriction):
        name = str(ontology().value(restriction, OWL.onProperty))[len(IG) :]
        assert allowed.fullmatch(name), name


# OWL 2 RL, and what would merge or mistype nodes


def test_no_construct_that_merges_or_mistypes_nodes() -> None:
    for forbidden in (OWL.FunctionalProperty, OWL.InverseFunctionalProperty):
        assert (None, RDF.type, forbidden) not in ontology(), forbidden
    for predicate in (OWL.sameAs, OWL.hasKey, OWL.imports, RDFS.domain, OWL.equivalentClass, OWL.oneOf):
        assert (None, predicate, None) not in ontology(), predicate


def test_ranges_only_give_the_roles_of_conditions() -> None:
    assert set(ontology().objects(None, RDFS.range)) == {IG.Disease, IG.AdverseEffect}


def test_modulator_and_target_are_not_disjoint() -> None:
    disjoint = {term for s in ontology().objects(None, OWL.members) for term in Collection(ontology(), s)}
    assert disjoint and not disjoint & {IG.Modulator, IG.Target}
    assert (None, OWL.disjointWith, None) not in ontology()


def test_treats_is_not_below_the_relation_ontology() -> None:
    above = set(ontology().transitive_objects(IG.treats, RDFS.subPropertyOf))
    assert all(is_ours(term) for term in above)


def test_class_expressions_are_within_owl_2_rl() -> None:
    """Anonymous classes stand only below named ones, built of intersection, union, hasValue and someValuesFrom."""
    for subject, parent in ontology().subject_objects(RDFS.subClassOf):
        assert isinstance(parent, URIRef), subject
    kept = {OWL.onProperty, OWL.hasValue, OWL.someValuesFrom, OWL.intersectionOf, OWL.unionOf, OWL.members}
    kept |= {RDF.type, RDFS.subClassOf, RDF.first, RDF.rest}
    for blank in {s for s in ontology().subjects() if isinstance(s, BNode)}:
        assert set(ontology().predicates(blank)) <= kept, list(ontology().predicate_objects(blank))


def lifted_fixture() -> Graph:
    """The fixture with its direct edges, primary ones included."""
    graph = Graph().parse(FIXTURE)
    for node in list(graph.subjects(RDF.type, IG.Association)):
        if (node, IG.negated, None) in graph:
            continue
        subject, predicate, object_ = (graph.value(node, IG[name]) for name in ("subject", "predicate", "object"))
        graph.add((subject, predicate, object_))  # type: ignore[arg-type]
        if (node, IG.actionRole, IG.PrimaryAction) in graph:
            name = str(predicate)[len(IG) :]
            graph.add((subject, IG[f"primarily{name[0].upper()}{name[1:]}"], object_))  # type: ignore[arg-type]
    return graph


@pytest.fixture(scope="module")
def closure() -> Graph:
    """The OWL 2 RL closure of ontology and fixture."""
    graph = lifted_fixture()
    for triple in ontology():
        graph.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    return graph


def classes_of(graph: Graph, slug: str) -> set[str]:
    return {str(c)[len(IG) :] for c in graph.objects(IGD[slug], RDF.type) if is_ours(c)}


MEMBERS = {
    "tocilizumab": {"IL6Inhibitor", "IL6ReceptorInhibitor", "CytokineReceptorInhibitor"},
    "siltuximab": {"IL6Inhibitor", "IL6LigandInhibitor", "CytokineInhibitor"},
    "upadacitinib": {"JAKInhibitor", "KinaseInhibitor"},
    "etanercept": {"TNFInhibitor", "CytokineInhibitor"},
    "ipilimumab": {"CTLA4Inhibitor", "CheckpointInhibitor"},
    "nivolumab": {"PD1Inhibitor", "CheckpointInhibitor"},
    "vedolizumab": {"IntegrinInhibitor", "Alpha4IntegrinInhibitor"},
    "fingolimod": {"S1PReceptorModulator"},
    "prednisone": {"Corticosteroid"},
}


def test_classes_follow_from_mechanism(closure: Graph) -> None:
    for slug, expected in MEMBERS.items():
        assert expected <= classes_of(closure, slug), slug
    assert "IL6LigandInhibitor" not in classes_of(closure, "tocilizumab")
    assert "CheckpointInhibitor" not in classes_of(closure, "vedolizumab")


def test_an_off_target_or_negated_action_makes_no_member(closure: Graph) -> None:
    assert (IGD["fixture-compound"], IG.inhibits, URIRef("http://purl.uniprot.org/uniprot/P23458")) in closure
    assert "JAKInhibitor" not in classes_of(closure, "fixture-compound")
    assert "TNFInhibitor" not in classes_of(closure, "sarilumab")


def test_an_endogenous_mediator_is_in_no_mechanism_class(closure: Graph) -> None:
    found = set(closure.objects(URIRef("http://purl.uniprot.org/uniprot/P05231"), RDF.type))
    assert {IG.Modulator, IG.Target, IG.Cytokine} <= found and IG.ModulatorByMechanism not in found


def test_signs_compose_over_stated_links(closure: Graph) -> None:
    acute = URIRef("http://purl.obolibrary.org/obo/GO_0006953")
    assert (IGD.tocilizumab, IG.mechanisticallySuppresses, acute) in closure
    assert (IGD.tocilizumab, IG.mechanisticallyStimulates, acute) not in closure


def test_conditions_get_their_roles_from_use(closure: Graph) -> None:
    colitis = URIRef("http://purl.obolibrary.org/obo/MONDO_0005292")
    assert (colitis, RDF.type, IG.AdverseEffect) in closure
    melanoma = URIRef("http://purl.obolibrary.org/obo/MONDO_0005105")
    assert (melanoma, RDF.type, IG.Disease) in closure and (melanoma, RDF.type, IG.AdverseEffect) not in closure


def test_no_class_is_unsatisfiable_and_nothing_contradicts(closure: Graph) -> None:
    assert [s for s in closure.subjects(RDFS.subClassOf, OWL.Nothing) if is_ours(s)] == []
    assert list(closure.subjects(RDF.type, OWL.Nothing)) == []
    assert list(closure.objects(None, URIRef("http://www.daml.org/2002/03/agents/agent-ont#error"))) == []
    assert [
        (s, o) for s, o in closure.subject_objects(OWL.sameAs) if s != o and isinstance(s, URIRef) and is_ours(s)
    ] == []


def test_shapes_for_after_inference_reach_the_closure_and_pass_it(closure: Graph) -> None:
    after = Graph()
    for path in sorted((ONTOLOGY / "shapes" / "after-inference").glob("*.ttl")):
        after.parse(path)
    for how, pattern in AFTER_INFERENCE.items():
        for shape, what in after.subject_objects(how):
            assert closure.query(f"ASK {{ {pattern.format(what)} }}").askAnswer, shape
    conforms, _, text = pyshacl.validate(closure, shacl_graph=after, inference="none")
    assert conforms, text


# shapes and data


PATTERNS = {SH.targetClass: "?node a <{}>", SH.targetSubjectsOf: "?node <{}> ?value"}


@cache
def targets() -> dict[str, str]:
    """What shapes target: local name of the class or property → the pattern that finds its focus nodes."""
    return {
        re.split("[/#]", str(what))[-1]: pattern.format(what)
        for how, pattern in PATTERNS.items()
        for what in shapes().objects(None, how)
    }


def reached(paths: list[Path]) -> set[str]:
    """The targets that have at least one focus node in some files."""
    store = Store()
    for path in paths:
        store.bulk_load(path=str(path), format=RdfFormat.TURTLE)
    return {name for name, pattern in targets().items() if store.query(f"ASK {{ {pattern} }}")}


def still_empty() -> set[str]:
    """Targets of which the data hold nothing yet; the list may only shrink."""
    lines = STILL_EMPTY.read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def test_every_shape_has_a_target_or_belongs_to_one_that_has() -> None:
    targeted = {shape for how in PATTERNS for shape in shapes().subjects(how, None)}
    within = set(shapes().objects(None, SH.property))
    everything = {*shapes().subjects(RDF.type, SH.NodeShape), *shapes().subjects(RDF.type, SH.PropertyShape)}
    assert everything - targeted - within == set()


def test_every_shape_reaches_data() -> None:
    names = set(targets())
    assert names and still_empty() <= names
    in_data = reached(sorted((ROOT / "data").rglob("*.ttl")))
    assert names - still_empty() - in_data == set(), "a shape that matches nothing passes everything"
    assert still_empty() & in_data == set(), f"the data reach these now: take them out of {STILL_EMPTY.name}"
    assert still_empty() - reached(sorted(FIXTURE.parent.glob("*.ttl"))) == set()


def test_definitions_compare_with_public_identifiers_or_minted_nodes() -> None:
    """What a definition compares with is a protein, family, complex, cell type or compound, never a literal."""
    obo = tuple(f"http://purl.obolibrary.org/obo/{prefix}_" for prefix in ("CHEBI", "CL", "GO"))
    allowed = (*obo, "http://purl.uniprot.org/uniprot/", "https://identifiers.org/fplx:", str(IGD))
    for value in ontology().objects(None, OWL.hasValue):
        assert isinstance(value, URIRef) and str(value).startswith(allowed), value


def test_mappings_are_of_declared_terms_with_their_labels() -> None:
    path = ONTOLOGY / "mappings" / "ontology-terms.sssom.tsv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines, delimiter="\t"))
    assert rows == sorted(rows, key=lambda row: (row["subject_id"].casefold(), row["object_id"].casefold()))
    for row in rows:
        term = IG[row["subject_id"].removeprefix("ig:")]
        assert term in terms() and str(ontology().value(term, RDFS.label)) == row["subject_label"], row
        assert row["mapping_justification"].startswith("semapv:") and row["object_label"], row
    exact = [(row["subject_id"], row["object_id"]) for row in rows if row["predicate_id"] == "skos:exactMatch"]
    assert len({object_ for _, object_ in exact}) == len(exact)
