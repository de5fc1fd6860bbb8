"""A changed graph is told apart from the one before, part by part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from immunograph.assets import ontology_dir, queries_dir
from immunograph.building.loading import load_ontology
from immunograph.comparing import PARTS, Change, Difference, compare
from immunograph.comparing.answers import changed_answers
from immunograph.identifiers import compress
from immunograph.model import Literal
from immunograph.queries import NameIndex, read_queries
from immunograph.store.graph import Graph, Rows, source_graph
from immunograph.store.triples import Triple

FIXTURE = Path(__file__).resolve().parents[1] / "fixture" / "graph.ttl"
INFERRED: Triple = (
    "<https://w3id.org/immunograph/id/infliximab>",
    "<https://w3id.org/immunograph/onto/inhibits>",
    "<http://purl.uniprot.org/uniprot/P01375>",
)
CHANGED = "iga:f3jowcv66m6k5oj5"  # ipilimumab has adverse effect colitis, 12 %


@dataclass
class InMemory:
    """A side of a comparison without a folder."""

    graph: Graph
    names: NameIndex

    def label(self, iri: str) -> str:
        labels = [o for p, o in self.graph.about(iri) if p.endswith("rdf-schema#label>")]
        return labels[0][1 : labels[0].rindex('"')] if labels else compress(iri)


@pytest.fixture
def side(tmp_path: Path) -> Callable[..., InMemory]:
    """A side made from the fixture's text, with replacements; ``inferred`` is what follows."""

    def make(*replacements: tuple[str, str], inferred: tuple[Triple, ...] = (INFERRED,), more: str = "") -> InMemory:
        text = FIXTURE.read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "graph.ttl"
        path.write_text(text + more, encoding="utf-8")
        graph = load_ontology(ontology_dir())
        graph.load(path, source_graph("fixture"))
        graph.add(inferred, source_graph("inferred"))
        return InMemory(graph, NameIndex.of_graph(graph))

    return make


Make = Callable[..., InMemory]


def only(difference: Difference, part: str) -> Change:
    assert [p for p, counts in difference.counts().items() if any(counts.values())] == [part]
    (change,) = difference.of(part)
    return change


def test_a_graph_does_not_differ_from_itself(side: Make) -> None:
    difference = compare(side(), side(), read_queries(queries_dir()))
    assert not difference and difference.counts().keys() == set(PARTS)


def test_a_new_node_is_added_and_the_other_way_round_removed(side: Make) -> None:
    more = '\n<urn:x:node> a ig:CellType ; rdfs:label "made-up cell"@en .\n'
    change = only(compare(side(), side(more=more)), "nodes")
    assert (change.change, change.id, change.text) == ("added", "urn:x:node", "made-up cell")
    assert only(compare(side(more=more), side()), "nodes").change == "removed"


def test_a_renamed_node_is_changed(side: Make) -> None:
    change = only(compare(side(), side(('rdfs:label "T cell"@en', 'rdfs:label "T lymphocyte"@en'))), "nodes")
    assert (change.change, change.id) == ("changed", "CL:0000084")
    assert change.lost == ("rdfs:label: T cell",) and change.gained == ("rdfs:label: T lymphocyte",)


def test_a_changed_qualifier_is_a_change_though_the_identifier_is_another(side: Make) -> None:
    new = side(("ig:frequencyPercent 12.0", "ig:frequencyPercent 13.0"), (CHANGED, "iga:aaaaaaaaaaaaaaaa"))
    change = only(compare(side(), new), "associations")
    assert (change.change, change.id, change.was) == ("changed", "iga:aaaaaaaaaaaaaaaa", CHANGED)
    assert change.text == "ipilimumab has adverse effect colitis"
    assert change.lost == ("frequency percent: 12",) and change.gained == ("frequency percent: 13",)


def test_a_negated_statement_is_no_changed_form_of_the_positive_one(side: Make) -> None:
    new = side(("ig:denominator 500 ;", "ig:denominator 500 ; ig:negated true ;"), (CHANGED, "iga:aaaaaaaaaaaaaaaa"))
    changes = compare(side(), new).of("associations")
    assert [(change.change, change.text) for change in changes] == [
        ("added", "not: ipilimumab has adverse effect colitis"),
        ("removed", "ipilimumab has adverse effect colitis"),
    ]


def test_other_evidence_is_a_change_of_the_association(side: Make) -> None:
    text = FIXTURE.read_text(encoding="utf-8")
    block = text[text.index(f"\n{CHANGED}\n") :].partition("\n\n")[0] + "\n"
    shared = block.rpartition("ige:")[2].split()[0]
    other = next(word for word in text.split() if word.startswith("ige:fixture-") and word != f"ige:{shared}")
    change = only(compare(side(), side((block, block.replace(f"ige:{shared}", other)))), "associations")
    assert (change.change, change.id, change.was) == ("changed", CHANGED, "")
    assert [value.partition(":")[0] for value in (*change.lost, *change.gained)] == ["has evidence"] * 2


def test_inferred_facts_are_told_in_labels(side: Make) -> None:
    change = only(compare(side(inferred=()), side()), "inferred")
    assert (change.change, change.id) == ("added", "igd:infliximab ig:inhibits UniProtKB:P01375")
    assert change.text.startswith("infliximab inhibits ")


def test_a_fact_that_is_stated_now_and_was_inferred_has_not_changed(side: Make) -> None:
    stated = f"\n{' '.join(INFERRED)} .\n"
    assert not compare(side(), side(inferred=(), more=stated))


def test_answers_differ_by_rows(side: Make) -> None:
    query = {"weak": read_queries(queries_dir())["negated-statements"]}
    removed = compare(side(), side(("ig:negated true", "ig:negated false")), query, ["answers"])
    assert removed.changes and {change.change for change in removed.changes} == {"removed"}
    assert {change.id for change in removed.changes} == {"negated-statements"}


def test_the_order_in_which_an_engine_joins_a_list_is_no_difference(side: Make) -> None:
    class Joining(Graph):
        """A graph that answers with one joined list."""

        answer = ""

        def select(self, query: str, most: int | None = None) -> Rows:
            return Rows(("which",), [(Literal(self.answer),)])

    query = read_queries(queries_dir())["class-effects"]
    assert "GROUP_CONCAT" in query.text
    sides = []
    for answer in ("infliximab, adalimumab", "adalimumab, infliximab", "adalimumab"):
        graph = Joining.in_memory()
        graph.answer = answer  # type: ignore[attr-defined]
        sides.append(InMemory(graph, side().names))
    assert changed_answers(query, sides[0], sides[1]) == ([], "")
    assert [change.text for change in changed_answers(query, sides[1], sides[2])[0]] == [
        "which: adalimumab, infliximab",
        "which: adalimumab",
    ]


def test_a_question_that_cannot_be_asked_is_a_note(side: Make) -> None:
    query = {"q": read_queries(queries_dir())["describe-modulator"]}
    name = query["q"].example()["modulator"]
    new = side((f'"{name}"@en', '"something else"@en'))
    (note,) = compare(side(), new, query, ["answers"]).notes
    assert note.startswith("describe-modulator cannot be asked of the new graph: nothing is called")


def test_a_changed_term_of_the_ontology_is_a_term(side: Make) -> None:
    new = side()
    said = ("<https://w3id.org/immunograph/onto/inhibits>", "<urn:x:said>", '"more"')
    new.graph.add([said], source_graph("ontology"))
    change = only(compare(side(), new), "terms")
    assert (change.id, change.gained) == ("ig:inhibits", ("urn:x:said: more",))


def test_parts_that_are_not_asked_for_are_left_out(side: Make) -> None:
    new = side(('rdfs:label "T cell"@en', 'rdfs:label "T lymphocyte"@en'), inferred=())
    difference = compare(side(), new, parts=["inferred"])
    assert difference.counts() == {"inferred": {"added": 0, "removed": 1, "changed": 0}}


def test_rows_and_plain_data_tell_the_same(side: Make) -> None:
    difference = compare(side(), side(('rdfs:label "T cell"@en', 'rdfs:label "T lymphocyte"@en')))
    (row,) = difference.to_answer().to_dicts()
    assert (row["part"], row["id"], row["lost"]) == ("nodes", "CL:0000084", "rdfs:label: T cell")
    nodes = difference.as_dict()["nodes"]
    assert nodes == [
        {
            "change": "changed",
            "id": "CL:0000084",
            "text": "T lymphocyte",
            "lost": ["rdfs:label: T cell"],
            "gained": ["rdfs:label: T lymphocyte"],
        }
    ]
