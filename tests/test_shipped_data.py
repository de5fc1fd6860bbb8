"""The shipped data conform, are as many as promised, and answer each with evidence."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from click.testing import CliRunner

from immunograph.cli import main
from immunograph.identifiers import compress
from immunograph.knowledge import KnowledgeGraph, open_graph
from immunograph.names import name_key
from immunograph.sources.same_conditions import reviewed_matches


def counts(kg: KnowledgeGraph, key: str) -> dict[str, int]:
    found = kg.info()[key]
    assert isinstance(found, dict)
    return found


def test_the_shipped_data_conform(shipped_kg: KnowledgeGraph) -> None:
    assert shipped_kg.report["conforms"] is True
    findings = shipped_kg.report["findings"]
    assert isinstance(findings, list)
    assert [finding for finding in findings if finding["severity"] == "violation"] == []


def test_there_are_as_many_as_promised(shipped_kg: KnowledgeGraph) -> None:
    nodes, associations = counts(shipped_kg, "nodes"), counts(shipped_kg, "associations")
    assert nodes["Modulator"] >= 200
    assert nodes["Target"] >= 150
    assert associations["TargetAction"] >= 300
    assert associations["Indication"] >= 900
    assert associations["Membership"] > 0 and nodes["Pathway"] > 0


def test_every_kind_of_node_and_association_is_there(shipped_kg: KnowledgeGraph) -> None:
    for key in ("nodes", "associations"):
        assert [kind for kind, count in counts(shipped_kg, key).items() if not count] == []


def test_every_association_has_evidence_with_a_licence(shipped_kg: KnowledgeGraph) -> None:
    cited = "SELECT DISTINCT ?a { ?a a ig:Association ; ig:hasEvidence/ig:source/dcterms:license ?licence }"
    stated = shipped_kg.graph.select("SELECT ?a { ?a a ig:Association }")
    assert set(stated.rows) - set(shipped_kg.graph.select(cited).rows) == set()


def test_licences_have_short_names(shipped_kg: KnowledgeGraph) -> None:
    sources = shipped_kg.info()["sources"]
    assert isinstance(sources, list) and sources
    assert [source for source in sources if source["licence"].startswith("http")] == []


def test_conditions_reach_the_top_of_their_hierarchy(shipped_kg: KnowledgeGraph) -> None:
    assert shipped_kg.graph.ask("ASK { MONDO:0008383 ig:broader MONDO:0005578 }"), (
        "arthritis is above its rheumatoid form"
    )


def test_everything_that_an_association_names_is_described(shipped_kg: KnowledgeGraph) -> None:
    query = (
        "SELECT ?a ?o { ?a a ig:Association ; ig:subject|ig:object ?o FILTER NOT EXISTS { ?o rdfs:label ?l } } LIMIT 5"
    )
    assert shipped_kg.graph.select(query).rows == []


def test_conditions_that_share_a_name_were_told_apart_by_a_curator(shipped_kg: KnowledgeGraph) -> None:
    """The label of one is a name of the other: then they are one node, or the table says why not."""
    query = "SELECT ?c ?l ?s { ?c a ig:Condition ; rdfs:label ?l OPTIONAL { ?c skos:altLabel ?s } }"
    labels: dict[str, str] = {}
    named: defaultdict[str, set[str]] = defaultdict(set)
    for condition, label, synonym in shipped_kg.graph.select(query).rows:
        assert condition and label
        labels[condition.value] = name_key(label.value)
        for name in (label, synonym):
            if name:
                named[name_key(name.value)].add(condition.value)
    apart = {frozenset((match.subject, match.object)) for match in reviewed_matches() if match.is_not}
    alike = {frozenset((one, other)) for one, key in labels.items() for other in named[key] if other != one}
    assert sorted(sorted(map(compress, pair)) for pair in alike - apart) == []


def test_what_is_left_under_open_licences_conforms(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["build", "--license", "CC0,CC-BY", "--out", str(tmp_path / "open"), "--quiet"])
    assert done.exit_code == 0, done.output
    with open_graph(tmp_path / "open") as kg:
        licences = {source["licence"] for source in kg.info()["sources"]}  # type: ignore[attr-defined]
        assert licences == {"CC0-1.0", "CC-BY-4.0"}
        assert counts(kg, "nodes")["Modulator"] > 500
