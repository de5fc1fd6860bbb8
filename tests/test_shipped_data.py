"""The shipped data conform, are as many as promised, and answer each with evidence."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path

from click.testing import CliRunner

from immunograph.cli import main
from immunograph.identifiers import compress
from immunograph.knowledge import KnowledgeGraph, open_graph
from immunograph.names import loose_key, name_key
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


def names_of_conditions(kg: KnowledgeGraph) -> dict[str, list[str]]:
    """IRI → label, then synonyms."""
    query = "SELECT ?c ?l ?s { ?c a ig:Condition ; rdfs:label ?l OPTIONAL { ?c skos:altLabel ?s } }"
    found: dict[str, list[str]] = {}
    for condition, label, synonym in kg.graph.select(query).rows:
        assert condition and label
        found.setdefault(condition.value, [label.value]).extend([synonym.value] if synonym else [])
    return found


def undecided(alike: set[frozenset[str]]) -> list[list[str]]:
    """The pairs that no row of ``do-not-merge`` tells apart."""
    apart = {frozenset((match.subject, match.object)) for match in reviewed_matches() if match.is_not}
    return sorted(sorted(map(compress, pair)) for pair in alike - apart)


def test_conditions_that_share_a_name_were_told_apart_by_a_curator(shipped_kg: KnowledgeGraph) -> None:
    """The label of one is a name of the other: then they are one node, or the table says why not."""
    names_of = names_of_conditions(shipped_kg)
    named: defaultdict[str, set[str]] = defaultdict(set)
    for condition, names in names_of.items():
        for name in names:
            named[name_key(name)].add(condition)
    alike = {
        frozenset((one, other))
        for one, names in names_of.items()
        for other in named[name_key(names[0])]
        if other != one
    }
    assert undecided(alike) == []


def words_key(name: str) -> str:
    """A name without order, number, American or British spelling of its words, and without *disease* or *disorder*.

    >>> words_key("Oedema, peripheral") == words_key("peripheral edemas AE")
    True
    """
    words = [loose_key(word) for word in re.split(r"[\s,/()-]+", name.removesuffix(" AE"))]
    single = [re.sub(r"(?<![isu])s$", "", re.sub("ies$", "y", word)) for word in words]
    telling = [word for word in single if word not in {"", "disease", "disorder", "of", "the"}]
    return " ".join(sorted(telling or single))


def is_across(one: str, other: str) -> bool:
    """Whether two conditions are of different vocabularies, or both our own."""
    prefixes = {compress(iri).partition(":")[0] for iri in (one, other)}
    return len(prefixes) == 2 or prefixes == {"igd"}


def test_names_that_differ_in_spelling_alone_were_told_apart_across_vocabularies(shipped_kg: KnowledgeGraph) -> None:
    """Any name of one is any name of the other but for the form of its words.

    Within MONDO and within HP, whose editors keep their terms apart, names such as abbreviations mean several; a
    condition of our own must differ from every other.
    """
    named: defaultdict[str, set[str]] = defaultdict(set)
    for condition, names in names_of_conditions(shipped_kg).items():
        for name in names:
            named[words_key(name)].add(condition)
    alike = {frozenset(pair) for some in named.values() for pair in combinations(some, 2) if is_across(*pair)}
    assert undecided(alike) == []


def test_what_is_left_under_open_licences_conforms(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["build", "--license", "CC0,CC-BY", "--out", str(tmp_path / "open"), "--quiet"])
    assert done.exit_code == 0, done.output
    with open_graph(tmp_path / "open") as kg:
        licences = {source["licence"] for source in kg.info()["sources"]}  # type: ignore[attr-defined]
        assert licences == {"CC0-1.0", "CC-BY-4.0"}
        assert counts(kg, "nodes")["Modulator"] > 500
