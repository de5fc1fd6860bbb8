"""The library: open, find, show, query, explain; what it gives as data, and what it refuses."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import immunograph
from immunograph.errors import (
    AmbiguousTermError,
    LoadError,
    QueryError,
    QueryNotFoundError,
    QueryParameterError,
    StoreError,
    UnknownTermError,
)
from immunograph.exporters.selection import Selection
from immunograph.knowledge import KnowledgeGraph, open_graph
from immunograph.queries import Answer

FIXTURE = Path(__file__).parent / "fixture"
IG = "https://w3id.org/immunograph/onto/"


def test_the_package_opens_a_graph(fixture_kg: KnowledgeGraph) -> None:
    with immunograph.open(data=FIXTURE) as kg:
        assert isinstance(kg, immunograph.KnowledgeGraph)
        assert kg.folder == fixture_kg.folder
        answer = kg.query("modulators-of-genes", genes="IL6R")
    assert isinstance(answer, immunograph.Answer)
    assert answer.column("modulator_label") == ["fixture compound", "sarilumab", "tocilizumab"]


def test_a_built_folder_opens_wherever_it_is(fixture_kg: KnowledgeGraph) -> None:
    with open_graph(str(fixture_kg.folder), data=FIXTURE) as kg:
        assert kg.find("IL6")[0].curie == "UniProtKB:P05231"


def test_what_is_no_graph_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is not a built graph; make one with"):
        open_graph(tmp_path)
    with pytest.raises(LoadError, match="is not a folder"):
        open_graph(data=tmp_path / "nothing")


def test_nothing_can_be_written_to_an_open_graph(fixture_kg: KnowledgeGraph) -> None:
    before = len(fixture_kg.graph)
    with pytest.raises(Exception, match="read-write"):
        fixture_kg.graph.add([("<urn:x:a>", "<urn:x:p>", "<urn:x:b>")])
    assert len(fixture_kg.graph) == before


@pytest.mark.parametrize(
    "name",
    [
        "Tocilizumab",
        "ACTEMRA",
        "igd:tocilizumab",
        "CHEMBL.COMPOUND:CHEMBL1237022",
        "https://w3id.org/immunograph/id/tocilizumab",
    ],
)
def test_a_node_is_found_by_any_of_its_names(name: str, fixture_kg: KnowledgeGraph) -> None:
    assert fixture_kg.find(name)[0].curie == "igd:tocilizumab"
    assert fixture_kg.show(name).node.label == "tocilizumab"


@pytest.mark.parametrize("name", ["TNF", "TNF-α", "tnf alpha", "TNF_ALPHA"])
def test_greek_letters_case_and_hyphens_do_not_count(name: str, fixture_kg: KnowledgeGraph) -> None:
    assert fixture_kg.names.resolve(name, ("Target",)).curie == "UniProtKB:P01375"


def test_a_misspelling_finds_what_is_near(fixture_kg: KnowledgeGraph) -> None:
    assert fixture_kg.find("adalimumap")[0].curie == "igd:adalimumab"
    with pytest.raises(UnknownTermError) as caught:
        fixture_kg.show("adalimumap")
    assert caught.value.suggestions[0].startswith("adalimumab")


def test_a_kind_tells_names_apart(fixture_kg: KnowledgeGraph) -> None:
    assert fixture_kg.find("tuberculosis", "Measure")[0].curie == "igd:tuberculosis-screening-test"
    assert {kind for node in fixture_kg.find("a", "Condition", 50) for kind in node.kinds} == {"Condition"}
    with pytest.raises(UnknownTermError, match="melanoma"):
        fixture_kg.names.resolve("melanoma", ("Modulator",))


def test_the_page_of_a_target_names_what_acts_on_it(fixture_kg: KnowledgeGraph) -> None:
    page = fixture_kg.show("IL6R")
    assert {(s.subject, s.predicate) for s in page.statements if s.kind == "TargetAction"} == {
        ("fixture compound", "activates"),
        ("sarilumab", "inhibits"),
        ("tocilizumab", "inhibits"),
    }
    assert all(statement.sources for statement in page.statements)
    (membership,) = [s for s in page.statements if s.predicate == "subunitOf"]
    assert membership.qualifiers == {"membershipRole": ("ligand-binding chain",)}


def test_a_page_marks_what_a_source_denies(fixture_kg: KnowledgeGraph) -> None:
    denied = [s for s in fixture_kg.show("sarilumab").statements if s.is_negated]
    assert [(s.predicate, s.object) for s in denied] == [("inhibits", "tumor necrosis factor")]


def test_the_page_of_a_class_tells_what_is_said_of_it(fixture_kg: KnowledgeGraph) -> None:
    page = fixture_kg.show("ig:TNFInhibitor")
    assert page.node.kinds == ("ModulatorClass",)
    assert {s.predicate for s in page.statements} == {"hasAdverseEffect", "requiresScreening"}


def test_several_names_can_be_given_as_a_list(fixture_kg: KnowledgeGraph) -> None:
    names = ["IL6R", "tyrosine-protein kinase JAK1"]
    listed = fixture_kg.query("modulators-of-genes", genes=names)
    assert listed.rows == fixture_kg.query("modulators-of-genes", {"genes": "IL6R; JAK1"}).rows
    assert fixture_kg.query("opposite-actions", least=1).rows == fixture_kg.query("opposite-actions").rows


def test_an_answer_says_what_its_columns_mean(fixture_kg: KnowledgeGraph) -> None:
    answer = fixture_kg.query("opposite-actions")
    assert answer.meanings["activators"] == "how many modulators activate or replace it"
    assert set(answer.meanings) == set(answer.columns)


def test_numbers_and_truths_are_python_values(fixture_kg: KnowledgeGraph) -> None:
    query = (
        "SELECT ?percent ?people ?year ?boxed { "
        "iga:f3jowcv66m6k5oj5 ig:frequencyPercent ?percent ; ig:denominator ?people . "
        "iga:lj3icimkf4c7zg6t ig:decisionYear ?year . iga:ikc75ma2sw3tybpi ig:boxedWarning ?boxed }"
    )
    answer = fixture_kg.sparql(query)
    assert isinstance(answer, Answer)
    assert answer.rows == ((Decimal("12.0"), 500, 2015, True),)


def test_each_query_form_has_its_own_answer(fixture_kg: KnowledgeGraph) -> None:
    assert fixture_kg.sparql("ASK { igd:tocilizumab a ig:Modulator }") is True
    triples = fixture_kg.sparql("CONSTRUCT { ?s ig:treats ?o } WHERE { ?s ig:treats ?o }")
    assert isinstance(triples, list) and triples == sorted(triples)
    with pytest.raises(QueryError, match="does not parse"):
        fixture_kg.sparql("SELECT")


def test_wrong_questions_are_refused(fixture_kg: KnowledgeGraph) -> None:
    with pytest.raises(QueryNotFoundError) as unknown:
        fixture_kg.query("modulators-of-gene")
    assert unknown.value.suggestions[0] == "modulators-of-genes"
    with pytest.raises(QueryParameterError, match="genes is missing"):
        fixture_kg.query("modulators-of-genes")
    with pytest.raises(UnknownTermError):
        fixture_kg.query("modulators-of-genes", genes='IL6R"> } DROP ALL #')


def test_a_name_of_two_nodes_is_refused(fixture_kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    copy = sqlite3.connect(":memory:")
    fixture_kg.names._connection.backup(copy)
    copy.execute(
        "INSERT INTO name VALUES ('actemra', 'actemra', ?, 'Actemra', 2)", (IG.replace("onto", "id") + "sarilumab",)
    )
    monkeypatch.setattr(fixture_kg.names, "_connection", copy)
    with pytest.raises(AmbiguousTermError) as caught:
        fixture_kg.show("Actemra")
    assert len(caught.value.candidates) == 2
    copy.close()


def test_a_statement_is_explained_or_not_known(fixture_kg: KnowledgeGraph) -> None:
    explained = fixture_kg.explain("upadacitinib", "a", "ig:JAKInhibitor")
    assert explained is not None and explained.is_inferred
    assert fixture_kg.explain("adalimumab", "a", "ig:JAKInhibitor") is None
    assert fixture_kg.why_not("adalimumab", "a", "ig:JAKInhibitor").startswith("not known: ")
    assert fixture_kg.why_not("sarilumab", "inhibits", "TNF").startswith("known not to hold: ")


def test_off_target_and_withdrawn_statements_stay_what_they_are(fixture_kg: KnowledgeGraph) -> None:
    graph = fixture_kg.graph
    assert graph.ask("ASK { igd:fixture-compound ig:inhibits UniProtKB:P23458 }")
    assert not graph.ask("ASK { igd:fixture-compound ig:primarilyInhibits UniProtKB:P23458 }")
    assert not graph.ask("ASK { igd:fixture-compound a ig:JAKInhibitor }")
    assert not graph.ask("ASK { igd:fixture-compound ig:treats MONDO:0005292 }"), (
        "withdrawn or under study is no treatment"
    )
    assert not graph.ask("ASK { igd:sarilumab ig:inhibits UniProtKB:P01375 }"), "a denied action is not lifted"


def test_rdflib_and_networkx_get_the_same_statements(fixture_kg: KnowledgeGraph) -> None:
    assert len(fixture_kg.to_rdflib()) == len(fixture_kg.graph)
    network = fixture_kg.to_networkx()
    stated = fixture_kg.sparql("SELECT ?a { ?a a ig:Association FILTER NOT EXISTS { ?a ig:negated true } }")
    assert isinstance(stated, Answer) and network.number_of_edges() == len(stated)
    (edge,) = network["igd:tocilizumab"]["UniProtKB:P08887"].values()
    assert (edge["predicate"], edge["kind"]) == ("inhibits", "TargetAction")
    assert network.nodes["igd:tocilizumab"]["label"] == "tocilizumab"
    near = fixture_kg.to_networkx(Selection(focus="igd:tocilizumab", edge_kinds=("TargetAction",)))
    assert set(near) == {"igd:tocilizumab", "UniProtKB:P08887"}


def test_igraph_and_pandas_get_the_same_statements(fixture_kg: KnowledgeGraph) -> None:
    graph, network = fixture_kg.to_igraph(), fixture_kg.to_networkx()
    assert set(graph.es["id"]) == {key for *_, key in network.edges(keys=True)}
    nodes, edges = fixture_kg.to_pandas()
    assert set(nodes["id"]) == set(network)
    assert set(edges[~edges["is_negated"]]["id"]) == set(graph.es["id"])


def test_frames_have_typed_columns(fixture_kg: KnowledgeGraph) -> None:
    answer = fixture_kg.query("modulators-of-genes", genes="IL6R")
    pandas = answer.to_pandas()
    polars = answer.to_polars()
    assert list(pandas.columns) == polars.columns == list(answer.columns)
    assert pandas["statements"].sum() == polars["statements"].sum() == 3


def test_validation_is_a_result(fixture_kg: KnowledgeGraph) -> None:
    report = fixture_kg.validate()
    assert report.conforms and report.reached["TargetAction"] > 0


def test_labels_are_those_of_nodes_terms_or_the_curie(fixture_kg: KnowledgeGraph) -> None:
    assert fixture_kg.label("https://w3id.org/immunograph/id/tocilizumab") == "tocilizumab"
    assert fixture_kg.label(IG + "SmallMolecule") == "small molecule"
    assert fixture_kg.label("http://purl.obolibrary.org/obo/MONDO_9999999") == "MONDO:9999999"


def test_one_text_is_resolved_as_one(fixture_kg: KnowledgeGraph) -> None:
    assert fixture_kg.resolve("IL6R") == fixture_kg.resolve(["IL6R"])


def test_a_node_of_two_kinds_is_one_node(fixture_kg: KnowledgeGraph) -> None:
    info = fixture_kg.info()
    by_kind, total = info["nodes"], info["nodes_total"]
    assert isinstance(by_kind, dict) and isinstance(total, int)
    nodes, _ = fixture_kg.to_pandas()
    things = [node for node in nodes["id"] if not node.startswith("ig:")]  # exports hold classes of modulators, too
    assert total == len(things) < sum(by_kind.values())
