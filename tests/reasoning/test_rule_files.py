"""Rule files: what they may say, what is reported, what is refused; and input that is bad."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunograph.errors import InconsistencyError, RuleError, StoreError
from immunograph.reasoning import Closure, RuleFile, compile_program, infer, read_rules

from .small_graphs import closed, rule, triple, triples


def concludes(graph: str, body: str, conclusion: str) -> bool:
    return closed(graph, rule(body)).step(triple(conclusion)) is not None


COUNTED = """CONSTRUCT { ?c :busy true } WHERE {
  { SELECT ?c (COUNT(DISTINCT ?x) AS ?n) WHERE { ?x :in ?c } GROUP BY ?c HAVING (COUNT(DISTINCT ?x) >= 2) }
}"""


@pytest.mark.parametrize(
    ("body", "yes", "no"),
    [
        ("CONSTRUCT { ?x :r ?z } WHERE { ?x :p/:q ?z }", ":x :p :y . :y :q :z .", ":x :p :y . :v :q :z ."),
        ("CONSTRUCT { ?x :r ?z } WHERE { ?x ^:p ?z }", ":z :p :x .", ":x :p :z ."),
        ("CONSTRUCT { ?x :r ?z } WHERE { { ?x :p ?z } UNION { ?x :q ?z } }", ":x :q :z .", ":x :s :z ."),
        ("CONSTRUCT { ?x :r ?z } WHERE { ?x :p ?z FILTER(?z IN (:z, :w)) }", ":x :p :z .", ":x :p :v ."),
        ("CONSTRUCT { ?x :r :z } WHERE { ?x :p ?n FILTER(?n > 2) }", ":x :p 3 .", ":x :p 2 ."),
        ("CONSTRUCT { ?x :r :z } WHERE { ?x :p ?n FILTER(?n > 1 && !(?n = 2)) }", ":x :p 3.5 .", ":x :p 2.0 ."),
        ("CONSTRUCT { ?x :r :z } WHERE { ?x :p ?n FILTER EXISTS { ?n :q ?m } }", ":x :p :n . :n :q :m .", ":x :p :n ."),
        ("CONSTRUCT { ?x :r :z } WHERE { ?x :p ?n FILTER(isLiteral(?n)) }", ":x :p 1 .", ":x :p :y ."),
        (
            "CONSTRUCT { ?x :r :z } WHERE { ?x :p ?n FILTER NOT EXISTS { ?x :q ?m FILTER(?m != ?n) } }",
            ":x :p :n ; :q :n .",
            ":x :p :n ; :q :m .",
        ),
    ],
)
def test_forms(body: str, yes: str, no: str) -> None:
    assert concludes(yes, body, ":x :r :z")
    assert not concludes(no, body, ":x :r :z")


def test_counting_different_members() -> None:
    assert concludes(":x :in :c . :y :in :c .", COUNTED, ":c :busy true")
    assert not concludes(":x :in :c . :y :in :d .", COUNTED, ":c :busy true")


def test_a_count_names_its_members() -> None:
    step = closed(":x :in :c . :y :in :c .", rule(COUNTED)).step(triple(":c :busy true"))
    assert step is not None
    assert [n for _, n in step.counted[0].numbers] == [2, 2]
    assert set(step.counted[0].members) == {"<http://example.org/x>", "<http://example.org/y>"}


def test_a_test_waits_for_what_it_tests() -> None:
    graph = ":A rdfs:subClassOf :Banned . :x a :A ; :p :z . :y a :B ; :p :z ."
    body = "CONSTRUCT { ?x :r ?z } WHERE { ?x :p ?z FILTER NOT EXISTS { ?x a :Banned } }"
    closure = closed(graph, rule(body))
    assert closure.step(triple(":x :r :z")) is None
    assert closure.step(triple(":y :r :z")) is not None


def test_recursion_through_the_head() -> None:
    body = "CONSTRUCT { ?x :r ?z } WHERE { { ?x :p ?z } UNION { ?x :r ?y . ?y :p ?z } }"
    assert concludes(":a :p :b . :b :p :c . :c :p :d . :d :p :a .", body, ":a :r :a")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("CONSTRUCT { ?x :r ?z } WHERE { ?x :p ?y }", "not range-restricted"),
        ("CONSTRUCT { ?x :r [] } WHERE { ?x :p ?y }", "new terms"),
        ("CONSTRUCT { ?x :r ?y } WHERE { ?x :p ?y FILTER(?z = :a) }", "not range-restricted"),
        ("CONSTRUCT { ?x :r ?y } WHERE { ?x :p ?y FILTER NOT EXISTS { ?x :r ?y } }", "not stratified"),
        ("CONSTRUCT { ?x :r ?y WHERE", "does not parse"),
        ("SELECT ?x WHERE { ?x :p ?y }", "CONSTRUCT"),
    ],
)
def test_a_wrong_rule_is_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(RuleError, match=message) as caught:
        compile_program([], [rule(text, "wrong")])
    assert "wrong" in str(caught.value)


def test_two_rules_that_test_each_other_are_refused() -> None:
    one = rule("CONSTRUCT { ?x :q :z } WHERE { ?x :p :z FILTER NOT EXISTS { ?x :r :z } }", "one")
    two = rule("CONSTRUCT { ?x :r :z } WHERE { ?x :p :z FILTER NOT EXISTS { ?x :q :z } }", "two")
    with pytest.raises(RuleError, match="not stratified"):
        compile_program([], [one, two])


@pytest.mark.parametrize(
    "body",
    ["?x :p ?y OPTIONAL { ?x :q ?z }", "?x :p ?y MINUS { ?x :q ?y }", "?x :p* ?y", "?x :p ?y FILTER(REGEX(?y, 'a'))"],
)
def test_an_unsupported_form_is_reported_and_fatal_when_strict(body: str) -> None:
    program = compile_program([], [rule(f"CONSTRUCT {{ ?x :r ?y }} WHERE {{ {body} }}", "odd")])
    assert ["odd" in item.what for item in program.unsupported] == [True]
    with pytest.raises(RuleError, match="odd"):
        infer([], program, strict=True)


@pytest.mark.parametrize(
    "axioms",
    [
        ":p owl:propertyChainAxiom _:l . _:l rdf:first :q ; rdf:rest _:l .",
        ":p owl:propertyChainAxiom _:l . _:l rdf:first :q .",
        ":p owl:propertyChainAxiom _:l . _:l rdf:first :q ; rdf:rest _:m . _:m rdf:first :q ; rdf:rest _:l .",
        ":p owl:propertyChainAxiom _:l . _:l rdf:first :q, :r ; rdf:rest rdf:nil .",
        ":p owl:propertyChainAxiom _:l . _:l rdf:first :q ; rdf:rest rdf:nil, ( :q ) .",
        ":p owl:propertyChainAxiom _:l . _:l rdf:rest rdf:nil .",
        ':p owl:propertyChainAxiom _:l . _:l rdf:first :q ; rdf:rest "end" .',
        ":p owl:propertyChainAxiom :nowhere .",
        ":p owl:propertyChainAxiom ( ) .",
        ":C owl:unionOf ( ) .",
        ":C owl:hasKey ( ) .",
        "_:i owl:inverseOf :q . :A rdfs:subClassOf [ owl:onProperty _:i ; owl:hasValue :x ] .",
        "[ owl:complementOf :B ] rdfs:subClassOf :A .",
        "[ owl:onProperty :q ; owl:allValuesFrom :B ] rdfs:subClassOf :A .",
        "[ owl:onProperty :q ; owl:maxCardinality 0 ] owl:equivalentClass :A .",
        "[ owl:intersectionOf ( :B [ owl:complementOf :C ] ) ] rdfs:subClassOf :A .",
        ":p rdfs:range [ owl:unionOf ( :B :C ) ] .",
        "owl:topObjectProperty rdfs:subPropertyOf :p .",
        "[] a <http://www.w3.org/2003/11/swrl#Imp> .",
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:minCardinality 1 ] .",
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :B ] .",
        ":p a owl:ReflexiveProperty .",
    ],
)
def test_an_axiom_that_is_not_used_is_reported(axioms: str) -> None:
    program = compile_program(triples(axioms), [])
    assert program.unsupported
    assert all(item.place and item.reason for item in program.unsupported)
    assert list(infer(triples(":a :q :b . :b :q :c ."), program).inferred()) == []
    with pytest.raises(RuleError):
        infer([], program, strict=True)


@pytest.mark.parametrize(
    "axioms",
    [
        "[ owl:onProperty :q ; owl:someValuesFrom [ owl:unionOf ( :B :C ) ] ] rdfs:subClassOf :A .",
        ":A rdfs:subClassOf [ owl:onProperty :q ; owl:allValuesFrom [ owl:complementOf :C ] ] .",
        "[ owl:intersectionOf ( :B [ owl:oneOf ( :x :y ) ] ) ] rdfs:subClassOf :A .",
        ":A rdfs:subClassOf [ owl:intersectionOf ( :B [ owl:onProperty :q ; owl:hasValue :x ] ) ] .",
        ":p owl:propertyChainAxiom ( :q ) .",
    ],
)
def test_what_rules_cover_is_not_reported(axioms: str) -> None:
    assert compile_program(triples(axioms), []).unsupported == ()


def test_only_the_part_that_is_not_used_is_left_out() -> None:
    axiom = ":A rdfs:subClassOf [ owl:intersectionOf ( :B [ owl:onProperty :q ; owl:someValuesFrom :C ] ) ] ."
    program = compile_program(triples(axiom), [])
    (problem,) = program.unsupported
    assert problem.reason.startswith("owl:someValuesFrom as superclass")
    assert triple(":x a :B") in infer(triples(":x a :A ."), program)


def test_a_report_names_the_class_around_an_unnamed_one() -> None:
    (problem,) = compile_program(
        triples(":A rdfs:subClassOf [ owl:onProperty :p ; owl:hasSelf true ] ."), []
    ).unsupported
    assert problem.place == "ontology, <http://example.org/A>, below it"
    assert "hasSelf" in problem.what


BANNED = "CONSTRUCT { ?x :r ?z } WHERE { ?x :p ?z FILTER NOT EXISTS { ?x a :Banned } }"


def test_a_test_waits_for_axioms_that_rules_conclude() -> None:
    """An axiom may be a conclusion itself: what follows from it is known before an absence is tested."""
    files = [rule(BANNED, "banned"), rule("CONSTRUCT { ?c <http://www.w3.org/2000/01/rdf-schema#subClassOf> :Banned } "
                                          "WHERE { ?c :is :bad }", "bad")]  # fmt: skip
    closure = closed(":A :is :bad . :x a :A ; :p :z . :y a :B ; :p :z .", *files)
    assert triple(":x a :Banned") in closure
    assert triple(":x :r :z") not in closure
    assert triple(":y :r :z") in closure


def test_an_axiom_that_rests_on_an_absence_is_refused_where_it_could_change_the_test() -> None:
    sub_class = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
    text = f"CONSTRUCT {{ ?c {sub_class} :Banned }} WHERE {{ ?c :is :bad FILTER NOT EXISTS {{ ?c a :Banned }} }}"
    with pytest.raises(RuleError, match="not stratified"):
        compile_program([], [rule(text, "bad")])


def test_classes_that_are_the_same_share_axioms_before_absences_are_tested() -> None:
    closure = closed(
        ":A owl:sameAs :B . :B rdfs:subClassOf :Banned . :x a :A ; :p :z . :y a :C ; :p :z .", rule(BANNED, "banned")
    )
    assert triple(":A rdfs:subClassOf :Banned") in closure
    assert triple(":x a :Banned") in closure
    assert triple(":x :r :z") not in closure
    assert triple(":y :r :z") in closure


@pytest.mark.parametrize("order", [":A owl:sameAs :B .", ":B owl:sameAs :A ."])
def test_which_of_two_names_comes_first_does_not_matter(order: str) -> None:
    closure = closed(
        f"{order} :A owl:onProperty :p ; owl:someValuesFrom :D . :x :p :y . :y a :D . :B rdfs:subClassOf :E ."
    )
    assert {triple(f":x a {name}") for name in (":A", ":B", ":E")} <= set(closure.inferred())


def test_an_ontology_that_imports_itself_says_nothing() -> None:
    assert list(closed(":o a owl:Ontology ; owl:imports :o .").inferred()) == []


def test_odd_characters_pass_unchanged() -> None:
    graph = [
        ("<http://example.org/a,b\"c'd>", "<http://example.org/p>", '"line\\nbreak, \\"quoted\\", tab\t"@en'),
        ("<http://example.org/p>", "<http://www.w3.org/2000/01/rdf-schema#subPropertyOf>", "<http://example.org/q;>"),
    ]
    found = list(infer(graph, compile_program([], [])).inferred())
    assert found == [(graph[0][0], "<http://example.org/q;>", graph[0][2])]


@pytest.mark.parametrize(
    "bad", [('"text"', "<p>", "<o>"), ("<s>", "_:p", "<o>"), ("<s>", '"p"', "<o>"), ("s", "<p>", "<o>")]
)
def test_what_is_no_triple_is_refused(bad: tuple[str, str, str]) -> None:
    with pytest.raises(RuleError):
        infer([bad], compile_program([], []))


def test_a_literal_never_becomes_a_subject() -> None:
    closure = closed(':p owl:inverseOf :q ; a owl:SymmetricProperty . :x :p "text" .')
    assert list(closure.inferred(anonymous=True)) == []


def test_a_rule_never_says_anything_of_a_literal() -> None:
    closure = closed(':x :p "text", :y .', rule("CONSTRUCT { ?y :r ?x } WHERE { ?x :p ?y }"))
    assert list(closure.inferred(anonymous=True)) == [triple(":y :r :x")]


def test_a_contradiction_comes_with_its_proof() -> None:
    closure = closed(":A owl:disjointWith :B . :C rdfs:subClassOf :A . :x a :C, :B .")
    (clash,) = closure.clashes
    text = clash.as_text()
    assert text.splitlines()[0] == str(clash)
    assert "[by cax-sco]" in text and "[asserted]" in text
    assert len(text.splitlines()) == 5


def test_a_contradiction_is_fatal_when_strict() -> None:
    graph = triples(":A owl:disjointWith :B . :C rdfs:subClassOf :A . :x a :C, :B .")
    with pytest.raises(InconsistencyError, match="cax-dw"):
        infer(graph, compile_program([], []), strict=True)


def test_a_file_that_is_no_closure_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no closure"):
        Closure.open(tmp_path / "absent")
    (tmp_path / "text").write_text("not a database")
    with pytest.raises(StoreError, match="cannot|not a closure"):
        Closure.open(tmp_path / "text")


def test_shipped_rules_say_what_they_conclude_and_never_conclude() -> None:
    files = read_rules(Path(__file__).parents[2] / "ontology" / "rules")
    assert files
    for file in files:
        for word in ("#+ summary:", "#+ concludes:", "#+ never:"):
            assert word in file.text, file.name
        assert compile_program([], [RuleFile(file.name, file.text)]).unsupported == ()
