"""Identifiers in use against releases, and the patch that follows from what a release states."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from immunograph.building.plan import BuildPlan
from immunograph.building.validating import validate_data
from immunograph.cli import main
from immunograph.identifiers import compress, expand
from immunograph.knowledge import KnowledgeGraph, open_graph
from immunograph.linking.checking import Finding, answer_of, check, check_against_table, own_prefixes
from immunograph.linking.fixing import patch_of
from immunograph.linking.held import HeldNode, held_nodes
from immunograph.sources.identifier_table import IdentifierRow
from immunograph.sources.ontologies import OntologyTerm, Release, read_release

FIXTURE = Path(__file__).resolve().parents[1] / "fixture"

NEWER = """format-version: 1.4
data-version: mondo/2027-01-01
ontology: mondo

[Term]
id: MONDO:9000001
name: rheumatoid joint disease

[Term]
id: MONDO:0008383
name: obsolete rheumatoid arthritis
is_obsolete: true
replaced_by: MONDO:9000001

[Term]
id: MONDO:0005578
name: joint inflammation
synonym: "arthritic joint disease" EXACT []
alt_id: MONDO:0005292

[Term]
id: MONDO:0005265
name: obsolete inflammatory bowel disease
is_obsolete: true
consider: MONDO:9000001
"""


@pytest.fixture
def newer(tmp_path: Path) -> Release:
    path = tmp_path / "mondo-2027.obo"
    path.write_text(NEWER)
    return read_release(path)


def statuses(findings: list[Finding]) -> dict[str, str]:
    return {compress(one.iri): one.status for one in findings if one.role == "node"}


def test_each_way_of_ageing_is_told(fixture_kg: KnowledgeGraph, newer: Release) -> None:
    findings = check(held_nodes(fixture_kg.graph), [newer])
    found = statuses(findings)
    assert found["MONDO:0008383"] == "obsolete"
    assert found["MONDO:0005265"] == "obsolete"
    assert found["MONDO:0005292"] == "merged"
    assert found["MONDO:0005578"] == "renamed"
    assert "unknown" in found.values()
    by_iri = {compress(one.iri): one for one in findings}
    assert compress(by_iri["MONDO:0008383"].replacement) == "MONDO:9000001"
    assert by_iri["MONDO:0005265"].replacement == ""
    assert by_iri["MONDO:0005265"].consider == (expand("MONDO:9000001"),)
    assert by_iri["MONDO:0008383"].release == "2027-01-01"


def test_a_release_answers_for_its_own_prefix_alone(fixture_kg: KnowledgeGraph, newer: Release) -> None:
    assert {one.iri.rpartition("_")[0] for one in check(held_nodes(fixture_kg.graph), [newer])} == {
        expand("MONDO:1").rpartition("_")[0]
    }
    borrowed = {f"http://purl.obolibrary.org/obo/CL_{n}": OntologyTerm(f"http://x/CL_{n}", "c") for n in range(2)}
    own = {f"http://purl.obolibrary.org/obo/HP_{n}": OntologyTerm(f"http://x/HP_{n}", "h") for n in range(9)}
    assert own_prefixes(Release(Path("x"), terms={**own, **borrowed})) == {"http://purl.obolibrary.org/obo/HP_"}


def test_a_slim_answers_for_the_ontology_it_is_of() -> None:
    cells = {f"http://purl.obolibrary.org/obo/CL_{n}": OntologyTerm(f"http://x/CL_{n}", "c") for n in range(2)}
    other = {f"http://purl.obolibrary.org/obo/GO_{n}": OntologyTerm(f"http://x/GO_{n}", "g") for n in range(90)}
    slim = Release(Path("x"), terms={**cells, **other})
    slim.header.iri = "http://purl.obolibrary.org/obo/cl/subsets/immune_slim.owl"
    assert own_prefixes(slim) == {"http://purl.obolibrary.org/obo/CL_"}


def test_a_match_without_a_shared_name_is_worth_a_look_but_no_fault() -> None:
    node = HeldNode("x:a", "a drug", "Modulator", exact={"http://x/CHEBI_1"})
    release = Release(Path("x"), terms={"http://x/CHEBI_1": OntologyTerm("http://x/CHEBI_1", "else")})
    (found,) = check({node.iri: node}, [release])
    assert (found.status, found.is_fault) == ("label mismatch", False)


def test_without_a_release_the_committed_table_answers() -> None:
    nodes = {iri: HeldNode(iri, "one", "Condition") for iri in ("http://x/M_1", "http://x/M_2", "http://x/M_3")}
    table = {
        "http://x/M_1": IdentifierRow("M:1", "one", "f", "2026"),
        "http://x/M_2": IdentifierRow("M:2", "two", "f", "2026", "yes"),
    }
    found = check_against_table(nodes, table)
    assert [one.status for one in found] == ["unknown", "obsolete", "current"]


def test_a_fix_changes_what_the_release_states_and_nothing_else(newer: Release, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(FIXTURE, data)
    with_sheet = data / "sheets" / "s.yaml"
    with_sheet.parent.mkdir()
    with_sheet.write_text("statements:\n  - {treats: rheumatoid arthritis}\n")
    with open_graph(data=data) as kg:
        findings = check(held_nodes(kg.graph), [newer])
    patch = patch_of(findings, {iri: term.label for iri, term in newer.terms.items()}, data)
    assert {compress(old): compress(new) for old, new in patch.replaced.items()} == {
        "MONDO:0008383": "MONDO:9000001",
        "MONDO:0005292": "MONDO:0005578",
    }
    assert (expand("MONDO:0005265"), "the release states nothing in its place") in patch.left
    assert patch.sheets == [f"{with_sheet}:2: rheumatoid arthritis is now rheumatoid joint disease"]
    assert "MONDO:9000001" in patch.as_diff()
    before = (data / "graph.ttl").read_text()
    patch.apply()
    after = (data / "graph.ttl").read_text()
    assert "MONDO:0008383" in before and "MONDO:0008383" not in after
    assert 'rdfs:label "rheumatoid joint disease"@en' in after
    assert 'skos:altLabel "rheumatoid arthritis"@en' in after
    assert "MONDO:0005265" in after
    assert validate_data(BuildPlan(data)).conforms
    again = patch_of(findings, {}, data)
    assert again.texts == {}


def test_the_command_tells_and_exits_with_one(newer: Release, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(FIXTURE, data)
    arguments = ["link", "check", "--data", str(data), "--ontology", str(newer.path)]
    shown = CliRunner().invoke(main, [*arguments, "--patch", str(tmp_path / "p.diff"), "--format", "tsv"])
    assert shown.exit_code == 1
    assert "MONDO:0008383\tnode\tMONDO:0008383\trheumatoid arthritis\tobsolete" in shown.stdout
    assert "MONDO:0008383 -> MONDO:9000001" in shown.stderr
    assert "+++ b/data/graph.ttl" in (tmp_path / "p.diff").read_text()
    assert "MONDO:0008383" in (data / "graph.ttl").read_text()
    assert CliRunner().invoke(main, ["link", "check", "--fix"]).exit_code == 2


def test_findings_are_rows() -> None:
    answer = answer_of([Finding("http://x/1", "http://x/1", "node", "a", "obsolete", replacement="http://x/2")])
    assert answer.to_dicts()[0]["replacement"] == "http://x/2"
