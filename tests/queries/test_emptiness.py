"""An empty answer says why: for saved questions and for SPARQL of one's own."""

import pytest

from immunograph.errors import QueryTimeoutError, UnknownTermError, WrongKindError
from immunograph.knowledge import KnowledgeGraph
from immunograph.queries import emptiness
from immunograph.queries.anatomy import read_anatomy
from immunograph.queries.answer import Answer
from immunograph.queries.emptiness import WhyEmpty
from immunograph.queries.relaxing import Relaxing


def why(kg: KnowledgeGraph, text: str) -> WhyEmpty:
    return kg.why_empty(text)


def asked(kg: KnowledgeGraph, name: str, **values: str) -> WhyEmpty:
    answer = kg.query(name, values)
    assert not answer.rows and answer.why_empty
    return answer.why_empty


def test_an_answer_with_rows_has_no_reason(fixture_kg: KnowledgeGraph) -> None:
    assert fixture_kg.query("modulators-of-target", target="IL6R").why_empty is None
    assert Answer(("a",), ()).why_empty is None


def test_an_unknown_value_is_refused_with_near_ones(fixture_kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownTermError, match="did you mean sarilumab"):
        fixture_kg.query("mechanisms-of-modulator", modulator="sarilumabb")


@pytest.mark.parametrize("name", ["rheumatoid arthritis", "MONDO:0008383", "mondo:0008383", "Rheumatoid-Arthritis"])
def test_a_value_of_another_kind_is_named_as_what_it_is(name: str, fixture_kg: KnowledgeGraph) -> None:
    with pytest.raises(
        WrongKindError, match=r"is rheumatoid arthritis \[MONDO:0008383, Condition\].*Modulator is wanted"
    ):
        fixture_kg.query("mechanisms-of-modulator", modulator=name)


def test_a_value_in_another_role_tells_its_roles(fixture_kg: KnowledgeGraph) -> None:
    found = asked(fixture_kg, "treatments-of-condition", condition="hyperglycemia")
    assert "has adverse effect (of others" in found.roles[0]
    assert any("ig:treats ig:prevents" in pattern for pattern in found.patterns)
    assert not found.is_known_no
    assert "not known" in found.verdict


def test_a_known_no_comes_with_its_evidence(fixture_kg: KnowledgeGraph) -> None:
    negated = fixture_kg.query("negated-statements")
    assert negated.rows
    text = "SELECT ?x WHERE { igd:vedolizumab ig:hasAdverseEffect MONDO:0018076 ; rdfs:label ?x }"
    found = why(fixture_kg, text)
    assert found.is_known_no
    assert "vedolizumab has adverse effect tuberculosis: denied" in found.refusals[0].text
    assert found.refusals[0].citations
    assert "stated against it: vedolizumab" in str(found)


def test_the_pattern_without_a_match_is_found(fixture_kg: KnowledgeGraph) -> None:
    text = (
        "SELECT * WHERE {\n  ?drug ig:inhibits UniProtKB:P08887 ;\n    ig:replaces ?what .\n  ?drug rdfs:label ?name\n}"
    )
    assert why(fixture_kg, text).patterns[0].startswith("nothing matches `?drug ig:replaces ?what` (line 3)")


def test_patterns_that_match_apart_tell_what_is_there_instead(fixture_kg: KnowledgeGraph) -> None:
    text = "SELECT * WHERE { ?a ig:subject igd:adalimumab ; ig:predicate ig:inhibits ; ig:object MONDO:0018076 }"
    shown = "\n".join(why(fixture_kg, text).patterns)
    assert "`?a ig:predicate ig:inhibits` (line 1) together with the rest; the rest has there ig:" in shown


def test_a_filter_that_takes_all_is_named(fixture_kg: KnowledgeGraph) -> None:
    found = why(fixture_kg, 'SELECT * WHERE { ?d ig:treats ?c . FILTER(STR(?d) = "x") }')
    assert found.patterns == ('`FILTER(STR(?d) = "x")` (line 1) takes away every row',)


def test_what_follows_the_patterns_may_leave_nothing(fixture_kg: KnowledgeGraph) -> None:
    found = why(fixture_kg, "SELECT ?d WHERE { ?d ig:treats ?c } GROUP BY ?d HAVING (COUNT(*) > 99)")
    assert "HAVING" in found.patterns[0]


@pytest.mark.parametrize(
    ("term", "near"),
    [
        ("ig:treatss", "ig:treats"),
        ("ig:Treats", "ig:treats"),
        ("igd:tocilizumabb", "tocilizumab [igd:tocilizumab, Modulator]"),
        ("MONDO:008383", "rheumatoid arthritis [MONDO:0008383, Condition]"),
        ("<https://identifiers.org/MONDO:0008383>", "rheumatoid arthritis [MONDO:0008383, Condition]"),
        ("<http://purl.obolibrary.org/obo/mondo_0008383>", "rheumatoid arthritis [MONDO:0008383, Condition]"),
    ],
)
def test_unknown_terms_are_pointed_out_with_the_nearest(term: str, near: str, fixture_kg: KnowledgeGraph) -> None:
    text = f"SELECT * WHERE {{ ?a {term} ?b }}" if term.startswith("ig:") else f"SELECT * WHERE {{ ?a ?p {term} }}"
    found = why(fixture_kg, text)
    assert len(found.unknown) == 1 and near in found.unknown[0]
    assert "does not hold" in found.verdict


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('SELECT * { ?x rdfs:label "tocilizumab" }', '"tocilizumab" is written "tocilizumab"@en here'),
        ('SELECT * { ?x rdfs:label "Tocilizumab"@en }', 'is written "tocilizumab"@en here'),
        ('SELECT * { ?x rdfs:label "actemra"@en }', "is a name of tocilizumab"),
        ("SELECT * { MONDO:0008383 ig:treats ?x }", "the ends may be swapped"),
        (
            "SELECT ?labl { ?x ig:treats ?c ; rdfs:label ?label FILTER(false) }",
            "?labl is in no pattern; did you mean ?label",
        ),
    ],
)
def test_the_traps_of_sparql_are_named(text: str, hint: str, fixture_kg: KnowledgeGraph) -> None:
    assert hint in str(why(fixture_kg, text))


def test_ask_and_construct_have_reasons_too(fixture_kg: KnowledgeGraph) -> None:
    assert why(fixture_kg, "ASK { igd:tocilizumab ig:treats MONDO:0018076 }").patterns
    assert why(fixture_kg, "CONSTRUCT { ?x a ?y } WHERE { ?x ig:treats ?y ; ig:treats igd:nothing }").unknown


def test_branches_are_looked_into(fixture_kg: KnowledgeGraph) -> None:
    text = "SELECT * { { ?x ig:treats igd:a } UNION { ?x ig:prevents igd:b } }"
    assert [pattern[:24] for pattern in why(fixture_kg, text).patterns] == [
        "nothing matches `?x ig:t",
        "nothing matches `?x ig:p",
    ]


def test_a_query_that_the_reader_does_not_know_still_has_a_verdict(fixture_kg: KnowledgeGraph) -> None:
    assert "nothing in the graph" in why(fixture_kg, "SELECT * { << ?a ?b ?c >> ?p ?o }").verdict


def test_it_is_shown_in_a_notebook_and_as_data(fixture_kg: KnowledgeGraph) -> None:
    answer = fixture_kg.sparql('SELECT ?x { ?x rdfs:label "<b>" }')
    assert isinstance(answer, Answer) and answer.why_empty
    shown = answer._repr_html_()
    assert "nothing matches" in shown and "&lt;b&gt;" in shown and "<b>" not in shown
    assert set(answer.why_empty.as_data()) == {"verdict", "unknown", "patterns", "roles", "refusals"}


def test_a_node_that_is_two_parameters_is_told_once(fixture_kg: KnowledgeGraph) -> None:
    found = asked(fixture_kg, "combination-of-two", first="vedolizumab", second="vedolizumab")
    assert len(found.roles) == len(set(found.roles)) == 1


class Slow:
    """A graph that takes too long over a part of the questions, and says no to the others but for those it knows."""

    def __init__(self, slow: str, found: str) -> None:
        self.slow, self.found = slow, found

    def run(self, query: str) -> bool:
        if self.slow in query:
            raise QueryTimeoutError(0.5)
        return self.found in query


def test_what_takes_too_long_is_passed_over_and_the_rest_told() -> None:
    anatomy = read_anatomy("SELECT * { ?a ig:slow ?b . ?c ig:known ?d . ?e ig:missing ?f }")
    search = Relaxing(Slow("ig:slow", "ig:known"), anatomy.prologue)
    assert [fault.piece.text for fault in search.faults(anatomy.where)] == ["?e ig:missing ?f"]
    assert search.ran_out


def test_without_time_nothing_is_blamed() -> None:
    anatomy = read_anatomy("SELECT * { ?a ig:known ?b . ?a ig:missing ?c }")
    search = Relaxing(Slow("ig:slow", "ig:known"), anatomy.prologue, seconds=-1)
    assert search.faults(anatomy.where) == [] and search.ran_out


def test_an_explanation_that_was_cut_short_says_so(fixture_kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emptiness, "_SECONDS", 0.001)
    found = asked(fixture_kg, "treatments-of-condition", condition="hyperglycemia")
    assert found.patterns == ("there may be more in the way: finding out took too long",)
    assert "not known" in found.verdict and found.roles


def test_what_merely_stands_beside_is_no_denial(fixture_kg: KnowledgeGraph) -> None:
    """Infliximab has a contraindication, which does not say that it failed nowhere."""
    assert fixture_kg.sparql("ASK { igd:infliximab ig:contraindicatedIn ?x }") is True
    assert not why(fixture_kg, "SELECT ?x { igd:infliximab ig:ineffectiveFor ?x }").is_known_no


def test_the_opposite_of_what_was_asked_is_one(fixture_kg: KnowledgeGraph) -> None:
    found = why(fixture_kg, "ASK { igd:infliximab ig:treats MONDO:0005009 }")
    assert [refusal.text for refusal in found.refusals] == [
        "infliximab contraindicated in congestive heart failure",
        "infliximab worsens congestive heart failure",
    ]
    found = why(fixture_kg, "ASK { igd:adalimumab ig:worsens MONDO:0008383 }")
    assert [refusal.text for refusal in found.refusals] == ["adalimumab treats rheumatoid arthritis"]
