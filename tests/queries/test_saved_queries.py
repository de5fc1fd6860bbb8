"""Every saved query: valid as it stands, described in full, with the expected rows, in both engines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery

from immunograph.headers import read_header
from immunograph.knowledge import KnowledgeGraph
from immunograph.model import Iri, Term
from immunograph.queries.answer import Answer, answer_of
from immunograph.queries.binding import tokens
from immunograph.queries.saved import SavedQuery, read_queries
from immunograph.store.graph import Rows
from immunograph.turtle import literal_of
from immunograph.vocabulary import NODE_KINDS

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "queries"
QUERIES = read_queries(FOLDER)

MORE_CASES = {
    "adverse-outcome-pathway--stated": {"modulator": "adalimumab", "effect": "tuberculosis"},
    "approved-inhibitors-of-target--complex": {"target": "interleukin-6 receptor complex"},
    "approved-inhibitors-of-target--family": {"target": "FPLX:JAK"},
    "classes-for-condition--broad": {"condition": "inflammatory bowel disease"},
    "combination-toxicity-by-process--risk": {"first": "adalimumab", "second": "Infliximab"},
    "compare-mechanisms--same-target": {"first": "sarilumab", "second": "Actemra"},
    "contraindications--none": {"modulator": "fixture compound"},
    "describe-modulator--class-statements": {"modulator": "adalimumab"},
    "failed-uses--withdrawn": {"modulator": "fixture compound"},
    "inferred-about--class": {"node": "TNF inhibitor"},
    "ligand-or-receptor--ligand-only": {"ligand": "TNF-α"},
    "mechanism-paths--direct": {"modulator": "adalimumab", "condition": "MONDO:0008383"},
    "mechanisms-of-modulator--denied": {"modulator": "sarilumab"},
    "missing-mappings--modulators": {"kind": "Modulator"},
    "modulators-by-process-and-sign--inferred": {"process": "acute-phase response", "sign": "lowers"},
    "modulators-of-genes--without-modulator": {"genes": "PDCD1; IL6ST"},
    "modulators-of-process--two-levels": {"process": "lymphocyte activation"},
    "modulators-of-target--depleted-cell": {"target": "CL:0000084"},
    "monitoring-plan--inferred": {"modulator": "infliximab"},
    "monitoring-plan--none-asked-for": {"modulator": "fixture compound"},
    "monitoring-plan--own-only": {"modulator": "prednisone"},
    "opposite-actions--none": {"least": "2"},
    "similar-conditions--default": {"condition": "rheumatoid arthritis"},
    "treatments-without-adverse-effect--denied": {"condition": "ulcerative colitis", "effect": "tuberculosis"},
    "unsuitable-for-condition--failed-and-withdrawn": {"condition": "inflammatory bowel disease"},
    "weak-evidence--monitoring": {"kind": "Monitoring"},
    "worsened-by-mechanism--colitis": {"condition": "colitis"},
}
"""Query and what the case is about → values; the rows are in the file of that name."""

CASES = {**{name: query.example() for name, query in QUERIES.items()}, **MORE_CASES}


def query_of(case: str) -> SavedQuery:
    return QUERIES[case.partition("--")[0]]


@cache
def header(name: str) -> dict[str, object]:
    content, _ = read_header(FOLDER / f"{name}.rq")
    return dict(content)


def test_there_are_queries_and_each_has_expected_rows_and_nothing_else_does() -> None:
    assert len(QUERIES) >= 12
    assert {path.stem for path in HERE.glob("*.tsv")} == CASES.keys()


@pytest.mark.parametrize("name", QUERIES)
def test_the_text_is_sparql_as_it_stands(name: str) -> None:
    query = QUERIES[name]
    projected = [str(variable) for variable in prepareQuery(query.text).algebra["PV"]]
    assert projected == list(query.columns)
    found = pyoxigraph.Store().query(query.text)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    assert [variable.value for variable in found.variables] == projected


@pytest.mark.parametrize("name", QUERIES)
def test_the_header_is_complete_and_in_order(name: str) -> None:
    query = QUERIES[name]
    assert list(header(name)) == ["summary", "description", "parameters", "columns", "tags"]
    assert 20 < len(query.summary) <= 100 and not query.summary.endswith(".")
    assert query.description.endswith(".")
    assert query.tags and all(re.fullmatch(r"[a-z][a-z-]+", tag) for tag in query.tags)
    assert all(len(meaning) > 2 for meaning in query.columns.values())
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)


@pytest.mark.parametrize("name", QUERIES)
def test_parameters_are_the_tokens_and_each_says_what_it_takes(name: str) -> None:
    query = QUERIES[name]
    assert tokens(query.text) == {key: parameter.type for key, parameter in query.parameters.items()}
    for parameter in query.parameters.values():
        assert parameter.help and parameter.example
        assert set(parameter.kinds) <= {*NODE_KINDS, "ModulatorClass"}
        assert bool(parameter.kinds) == (parameter.type in {"iri", "iris"})
        assert not parameter.choices or {parameter.example, parameter.default} <= {*parameter.choices, None}


@pytest.mark.parametrize("name", QUERIES)
def test_the_text_runs_on_any_engine(name: str) -> None:
    text = QUERIES[name].text
    body = re.sub(r"#[^\n]*|<[^>]*>|\"[^\"]*\"", "", text)
    used = set(re.findall(r"(?<![\w?$])([A-Za-z][\w.-]*):(?=[A-Za-z_])", body))
    declared = set(re.findall(r"PREFIX\s+([\w.-]+):", text))
    assert used == declared, "every prefix is declared, and every declared one used"
    assert "ORDER BY" in text and "GRAPH" not in text


@pytest.mark.parametrize("case", CASES)
def test_the_fixture_gives_the_expected_rows(case: str, fixture_kg: KnowledgeGraph) -> None:
    answer = fixture_kg.query(query_of(case).name, CASES[case])
    with (HERE / f"{case}.tsv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.reader(file, delimiter="\t"))
    assert comparable(case, list(csv.reader(answer.to_csv("\t").splitlines(), delimiter="\t"))) == comparable(
        case, expected
    )


def test_every_example_gives_rows(fixture_kg: KnowledgeGraph) -> None:
    assert [name for name, query in QUERIES.items() if not fixture_kg.query(name, query.example()).rows] == []


@pytest.fixture(scope="module")
def rdflib_graph(fixture_kg: KnowledgeGraph) -> rdflib.Graph:
    return fixture_kg.to_rdflib()


@pytest.mark.parametrize("case", CASES)
def test_rdflib_gives_the_same_rows(case: str, fixture_kg: KnowledgeGraph, rdflib_graph: rdflib.Graph) -> None:
    bound = query_of(case).bound(CASES[case], fixture_kg.names)
    theirs = answer_of(rows_of(rdflib_graph.query(bound)))
    ours = fixture_kg.query(query_of(case).name, CASES[case])
    assert theirs.columns == ours.columns
    assert Counter(map(tuple, comparable(case, cells(theirs)))) == Counter(map(tuple, comparable(case, cells(ours))))


def rows_of(result: rdflib.query.Result) -> Rows:
    names = tuple(map(str, result.vars or ()))
    return Rows(names, [tuple(term_of(row[name]) for name in names) for row in result])  # type: ignore[index]


def term_of(term: rdflib.term.Node | None) -> Term | None:
    if isinstance(term, rdflib.Literal):
        return literal_of(str(term), str(term.datatype or ""), term.language or "")
    return Iri(str(term)) if term is not None else None


def cells(answer: Answer) -> list[list[str]]:
    return list(csv.reader(answer.to_csv("\t").splitlines(), delimiter="\t"))


def comparable(case: str, rows: list[list[str]]) -> list[list[object]]:
    """Rows with joined texts as sets, as SPARQL leaves their order open, and decimals by value."""
    text = query_of(case).text
    joined = set(re.findall(r"GROUP_CONCAT\((?:[^()]|\([^()]*\))*\) AS \?(\w+)", text))
    columns = rows[0]
    return [
        [
            frozenset(cell.split(", ")) if name in joined else by_value(cell)
            for name, cell in zip(columns, row, strict=True)
        ]
        for row in rows
    ]


def by_value(cell: str) -> str | Decimal:
    return Decimal(cell).normalize() if re.fullmatch(r"-?\d+(\.\d+)?", cell) else cell


IN_SHIPPED = {
    "adverse-effects-of-modulator": ("effect_label", "Opportunistic infection", "cytokine release syndrome"),
    "adverse-outcome-pathway": ("first_label", "cytokine production", "Tumor necrosis factor"),
    "approvals-by-year": ("subject", "igd:abatacept", "igd:etanercept"),
    "approved-inhibitors-of-target": ("modulator", "igd:tocilizumab", "igd:adalimumab"),
    "biomarkers-of-modulator": ("biomarker", "igd:pd-l1-expression", "igd:c-reactive-protein"),
    "bottleneck-targets": ("target", "UniProtKB:P16410", "UniProtKB:Q15848"),
    "boxed-warnings": ("subject", "igd:adalimumab", "igd:vedolizumab"),
    "cells-behind-modulator": ("mediator", "UniProtKB:P05231", "UniProtKB:P01375"),
    "cells-of-cytokine": ("cell_label", "T cell", "erythrocyte"),
    "class-effects": ("effect_label", "lymphoma", "cytokine release syndrome"),
    "class-members": ("modulator", "igd:adalimumab", "igd:tocilizumab"),
    "classes-for-condition": ("class", "ig:JAKInhibitor", "ig:ModulatorByMechanism"),
    "combination-of-two": ("object_label", "melanoma", "rheumatoid arthritis"),
    "combination-toxicity-by-group": ("group_label", "systemic mycosis", "disease"),
    "combination-toxicity-by-process": ("shared", "GO:0006953", "UniProtKB:P01375"),
    "combination-toxicity": ("effect_label", "Opportunistic infection", "cytokine release syndrome"),
    "combinations-for-condition": ("combination", "igd:ipilimumab-nivolumab", "igd:anakinra-infliximab"),
    "compare-mechanisms": ("node", "UniProtKB:P08887", "UniProtKB:P01375"),
    "conflicting-statements": ("object", "GO:0072676", "GO:0042110"),
    "conflicts": ("subject", "UniProtKB:P21453", "igd:tocilizumab"),
    "contraindications": ("condition_label", "heart failure", "rheumatoid arthritis"),
    "describe-modulator": ("sentence", "tocilizumab is in the class IL-6 receptor inhibitor.", ""),
    "effects-against-class": ("class", "ig:TNFInhibitor", "ig:JAKInhibitor"),
    "effects-by-context": ("context", "MONDO:0008383", "MONDO:0005105"),
    "effects-by-mechanism": ("ground", "not explained", "stated"),
    "effects-treated-by-others": ("remedy", "igd:tocilizumab", "igd:blinatumomab"),
    "evidence-sheet": ("object", "UniProtKB:P08887", "UniProtKB:P01375"),
    "failed-uses": ("condition_label", "granulomatosis with polyangiitis", "rheumatoid arthritis"),
    "indications-of-modulator": ("condition", "MONDO:0008383", "MONDO:0004979"),
    "inferred-about": ("object", "ig:TNFInhibitor", "ig:JAKInhibitor"),
    "licence-clean-statements": ("subject", "igd:avacopan-rituximab", "igd:tocilizumab"),
    "ligand-or-receptor": ("modulator", "igd:siltuximab", "igd:upadacitinib"),
    "mechanism-paths": ("target", "UniProtKB:P08887", "UniProtKB:P01375"),
    "mechanisms-of-modulator": ("target", "UniProtKB:P08887", "UniProtKB:P01375"),
    "missing-mappings": ("node", "igd:c-reactive-protein", "igd:tocilizumab"),
    "modulators-against-signature": ("modulator", "igd:upadacitinib", "igd:ustekinumab"),
    "modulators-by-process-and-sign": ("modulator", "igd:abatacept", "igd:filgrastim"),
    "modulators-of-genes": ("modulator", "igd:upadacitinib", "igd:ustekinumab"),
    "modulators-of-process": ("modulator_label", "abatacept", "filgrastim"),
    "modulators-of-target": ("modulator", "igd:tocilizumab", "igd:siltuximab"),
    "modulators-on-cell-type": ("cell_label", "T cell", "erythrocyte"),
    "modulators-with-adverse-effect": ("subject", "igd:tocilizumab", "igd:omalizumab"),
    "monitoring-plan": ("measure", "igd:tuberculosis-screening-test", "igd:blood-glucose"),
    "negated-statements": ("subject", "igd:vedolizumab", "igd:tocilizumab"),
    "neighbourhood": ("subject", "igd:sarilumab", "igd:adalimumab"),
    "opposite-actions": ("target", "UniProtKB:P01375", "UniProtKB:P04150"),
    "reading-state": ("kind", "ig:AdverseReaction", "ig:Association"),
    "repurposing-candidates": ("modulator", "igd:canakinumab", "igd:tocilizumab"),
    "screening-for-risk": ("modulator", "igd:adalimumab", "igd:omalizumab"),
    "second-line-options": ("modulator", "igd:tocilizumab", "igd:adalimumab"),
    "similar-conditions": ("other_label", "psoriatic arthritis", "rheumatoid arthritis"),
    "sources-and-licences": ("source", "igs:curated", "igs:fixture"),
    "statements-by-licence": ("kind", "ig:Indication", "ig:Association"),
    "targets-behind-boxed-warnings": ("target", "UniProtKB:P01375", "UniProtKB:Q15116"),
    "targets-of-condition": ("node", "UniProtKB:P05231", "UniProtKB:Q15116"),
    "targets-without-modulators": ("target", "UniProtKB:P40763", "UniProtKB:P08887"),
    "treatments-of-condition": ("subject", "igd:tocilizumab", "igd:ipilimumab"),
    "treatments-without-adverse-effect": ("modulator", "igd:abatacept", "igd:adalimumab"),
    "untargeted-drivers": ("target", "UniProtKB:P38570", "UniProtKB:P01375"),
    "unsuitable-for-condition": ("subject", "igd:golimumab", "igd:tocilizumab"),
    "uses-against-mechanism": ("modulator", "igd:prednisone", "igd:tocilizumab"),
    "weak-evidence": ("predicate", "inhibits", "treats"),
    "withdrawn-with-marketed-mechanism": ("withdrawn", "igd:daclizumab", "igd:tocilizumab"),
    "worsened-by-mechanism": ("modulator", "igd:blinatumomab", "igd:tocilizumab"),
}
"""Query → column, a value that the shipped graph has there for the example, and one that it must not have."""


@pytest.mark.parametrize("name", QUERIES)
def test_the_shipped_graph_answers_the_example(name: str, shipped_kg: KnowledgeGraph) -> None:
    column, there, not_there = IN_SHIPPED[name]
    found = shipped_kg.query(name, QUERIES[name].example()).column(column)
    assert there in found
    assert not_there not in found


def test_a_modulator_of_a_target_has_one_row_an_action_whatever_its_sources_add(shipped_kg: KnowledgeGraph) -> None:
    """DrugMechDB gives no role, which once gave tocilizumab a second row."""
    answer = shipped_kg.query("modulators-of-target", target="IL6R")
    rows = list(zip(answer.column("modulator"), answer.column("action"), strict=True))
    assert len(rows) == len(set(rows))


def test_a_monitoring_plan_says_what_a_row_is_and_where_no_risk_is_named(shipped_kg: KnowledgeGraph) -> None:
    answer = shipped_kg.query("monitoring-plan", modulator="golimumab")
    rows = list(zip(*map(answer.column, ("basis", "kind", "measure_label", "risk")), strict=True))
    assert (
        "inferred from mechanism",
        "mechanism calls for screening",
        "chest CT or radiograph",
        "tuberculosis",
    ) in rows
    unnamed = [risk == "risk not stated" for basis, _, _, risk in rows if basis == "stated"]
    assert any(unnamed) and unnamed == sorted(unnamed)


@pytest.mark.parametrize("modulator", ["hydrocortisone", "fingolimod", "alitretinoin", "peginterferon alfa-2a"])
def test_no_test_is_carried_to_an_unlike_mechanism(modulator: str, shipped_kg: KnowledgeGraph) -> None:
    assert "inferred from mechanism" not in shipped_kg.query("monitoring-plan", modulator=modulator).column("basis")


def test_a_class_effect_counts_narrower_ones_and_says_what_is_part_of_it(shipped_kg: KnowledgeGraph) -> None:
    answer = shipped_kg.query("class-effects", {"class": "JAK inhibitor"})
    columns = ("effect_label", "members", "narrower_counted", "part_of")
    rows = {name: more for name, *more in zip(*map(answer.column, columns), strict=True)}
    assert all(counted >= members for members, counted, _ in rows.values())
    members, counted, _ = rows["venous thromboembolism"]
    assert counted > members, "a pulmonary embolism is one"
    assert rows["pulmonary embolism"][2] == "thrombotic disease"


def test_what_a_class_has_explains_nothing(shipped_kg: KnowledgeGraph) -> None:
    """A class effect is counted from the members, so that it would explain each by itself and its like."""
    answer = shipped_kg.query("effects-by-mechanism", modulator="tofacitinib")
    grounds: dict[object, set[object]] = {}
    for effect, ground in zip(answer.column("effect"), answer.column("ground"), strict=True):
        grounds.setdefault(effect, set()).add(ground)
    assert {"not explained", "seen in its class"} in grounds.values()
    assert {"seen in its class"} not in grounds.values()
