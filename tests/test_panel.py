"""A panel of well-known modulators: their target with its sign, a use and a reaction are in the graph, each cited.

A column of ``panel.tsv`` holds words joined by ``|``: one of the names of one of the things that the graph states has
to contain one of them, that of a target as a whole word. An empty column asks for nothing.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from immunograph.knowledge import KnowledgeGraph

PANEL = list(
    csv.DictReader((Path(__file__).parent / "panel.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t")
)
STATED = """
SELECT ?modulator ?predicate ?name WHERE {
  VALUES ?kind { ig:TargetAction ig:Indication ig:AdverseReaction }
  ?association a ?kind ; ig:subject ?modulator ; ig:predicate ?predicate ; ig:object ?object ;
    ig:hasEvidence ?evidence .
  FILTER NOT EXISTS { ?association ig:negated true }
  ?object rdfs:label|skos:altLabel ?name .
}
"""
NAMES = "SELECT ?modulator ?name WHERE { ?modulator a ig:Modulator ; rdfs:label|skos:altLabel ?name }"


@pytest.fixture(scope="session")
def stated(shipped_kg: KnowledgeGraph) -> Mapping[str, Mapping[str, set[str]]]:
    """Name of a modulator in lower case → predicate → names of what is stated, in lower case."""
    by_modulator: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for modulator, predicate, name in shipped_kg.graph.select(STATED).rows:
        assert modulator and predicate and name
        by_modulator[modulator.value][predicate.value.rsplit("/", 1)[-1]].add(name.value.casefold())
    by_name: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for modulator, name in shipped_kg.graph.select(NAMES).rows:
        assert modulator and name
        for predicate, objects in by_modulator[modulator.value].items():
            by_name[name.value.casefold()][predicate] |= objects
    return by_name


def lacks(words: str, names: set[str]) -> bool:
    return bool(words) and not any(word.casefold() in name for word in words.split("|") for name in names)


def lacks_whole(words: str, names: set[str]) -> bool:
    patterns = [re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE) for word in words.split("|")]
    return bool(words) and not any(pattern.search(name) for pattern in patterns for name in names)


@pytest.mark.parametrize("row", PANEL, ids=lambda row: row["modulator"])
def test_the_graph_knows_what_everybody_knows(
    row: dict[str, str], stated: Mapping[str, Mapping[str, set[str]]]
) -> None:
    known = stated[row["modulator"].casefold()]
    acts_on = set().union(*(known.get(action, set()) for action in row["action"].split("|")))
    uses = known.get("treats", set()) | known.get("prevents", set())
    missing = {
        "target": lacks_whole(row["target"], acts_on),
        "use": lacks(row["use"], uses),
        "reaction": lacks(row["reaction"], known.get("hasAdverseEffect", set())),
    }
    assert not any(missing.values()), missing
