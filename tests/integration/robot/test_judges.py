"""Outside judges of the ontology: ROBOT's report, the OWL 2 RL profile, HermiT and ELK, alone and beside others."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from immunograph.assets import ontology_dir
from immunograph.knowledge import KnowledgeGraph
from immunograph.releasing.contents import write_ontology
from immunograph.vocabulary import IG

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SPEC = importlib.util.spec_from_file_location("integration_robot", HERE / "robot.py")
assert SPEC and SPEC.loader
judges = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(judges)

pytestmark = pytest.mark.integration

OBO = "http://purl.obolibrary.org/obo/"

Robot = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def robot() -> Robot:
    try:
        judges.robot_folder()
    except judges.Missing as missing:
        pytest.skip(str(missing))
    return lambda *arguments: judges.robot(arguments)


@pytest.fixture(scope="module")
def ontology(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ontology as a release holds it."""
    folder = tmp_path_factory.mktemp("ontology")
    write_ontology(ontology_dir(), folder)
    return folder / "immunograph.owl"


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The slices of RO and CL that lie here, and those that the project ships: MONDO, CL, RO, GO, HP, OAE."""
    folder = tmp_path_factory.mktemp("slices")
    (folder / "cl.ofn").write_bytes(gzip.decompress((HERE / "slices" / "cl.ofn.gz").read_bytes()))
    shipped = [ontology_dir() / "imports" / f"{name}.ttl" for name in ("mondo", "cl", "ro", "go", "hp", "oae")]
    return [HERE / "slices" / "ro.ofn", folder / "cl.ofn", *shipped]


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Slices of the same that go on to whatever the seeds are defined by; HermiT does not end on them even alone."""
    path = tmp_path_factory.mktemp("wide") / "cl-wide.ofn"
    path.write_bytes(gzip.decompress((HERE / "slices" / "cl-wide.ofn.gz").read_bytes()))
    return [HERE / "slices" / "ro-wide.ofn", path]


@pytest.fixture(scope="module")
def facts(fixture_kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the fixture states and implies between named things."""
    ours = set(fixture_kg.graph.triples()) - set(
        fixture_kg.graph.triples("https://w3id.org/immunograph/graph/ontology")
    )
    lines = [f"{s} {p} {o} .\n" for s, p, o in sorted(ours) if s.startswith("<") and o.startswith("<") and is_of_owl(p)]
    path = tmp_path_factory.mktemp("facts") / "facts.ttl"
    path.write_text("".join(lines), encoding="utf-8")
    assert len(lines) > 500
    return path


def is_of_owl(predicate: str) -> bool:
    return predicate.startswith((f"<{IG}", "<http://purl.obolibrary.org/obo/")) or predicate.endswith(
        "-syntax-ns#type>"
    )


def reasoned(robot: Robot, reasoner: str, *inputs: Path) -> subprocess.CompletedProcess[str]:
    merged = [part for path in inputs for part in ("--input", path)]
    return robot("merge", *merged, "reason", "--reasoner", reasoner)


def test_the_report_has_no_error(robot: Robot, ontology: Path, tmp_path: Path) -> None:
    told = robot("report", "--input", ontology, "--fail-on", "ERROR", "--output", tmp_path / "report.tsv")
    with (tmp_path / "report.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    found = [row for row in rows if row["Level"] == "ERROR"]
    assert found == [] and told.returncode == 0, told.stdout
    of_ours = Counter(row["Rule Name"] for row in rows if row["Level"] == "WARN" and row["Subject"].startswith(IG))
    assert of_ours == {}


def test_the_ontology_is_within_owl_2_rl(robot: Robot, ontology: Path, tmp_path: Path) -> None:
    told = robot("validate-profile", "--profile", "RL", "--input", ontology, "--output", tmp_path / "profile.txt")
    assert told.returncode == 0, (tmp_path / "profile.txt").read_text()[:2000]


@pytest.mark.parametrize("reasoner", ["hermit", "ELK"])
def test_a_reasoner_finds_it_consistent_alone(robot: Robot, reasoner: str, ontology: Path) -> None:
    told = reasoned(robot, reasoner, ontology)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("reasoner", ["hermit", "ELK"])
def test_a_reasoner_finds_it_and_facts_consistent_beside_other_ontologies(
    robot: Robot, reasoner: str, ontology: Path, others: list[Path], facts: Path
) -> None:
    """With all that the slices hold, and what the fixture states and implies, under RO's domains and ranges."""
    told = reasoned(robot, reasoner, ontology, *others, facts)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("reasoner", ["hermit", "ELK"])
def test_a_reasoner_sees_a_clash_with_another_ontology(
    robot: Robot, reasoner: str, ontology: Path, others: list[Path], tmp_path: Path
) -> None:
    """With RO's domains, BFO's disjoint classes, CL's hierarchy and disjointness, and MONDO's hierarchy."""
    bad = tmp_path / "bad.ttl"
    bad.write_text(CLASHING, encoding="utf-8")
    told = reasoned(robot, reasoner, ontology, *others, bad)
    seen = {
        name for name in ("Relation", "Cell", "Marked", "Condition") if f"https://example.org/bad/{name}" in told.stdout
    }
    assert seen == {"Relation", "Cell", "Marked", "Condition"}, told.stdout


def test_elk_finds_it_consistent_beside_wider_slices(
    robot: Robot, ontology: Path, others: list[Path], wide: list[Path], facts: Path
) -> None:
    told = reasoned(robot, "ELK", ontology, *others, *wide, facts)
    assert told.returncode == 0, told.stdout


CLASHING = f"""@prefix ig: <{IG}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix obo: <{OBO}> . @prefix bad: <https://example.org/bad/> .
<urn:x:clashing> a owl:Ontology .
bad:Relation a owl:Class ; rdfs:subClassOf obo:BFO_0000003 , [
  a owl:Restriction ; owl:onProperty ig:participatesIn ; owl:someValuesFrom owl:Thing ] .
bad:Cell a owl:Class ; rdfs:subClassOf obo:CL_0000084 , bad:NoCell .
bad:NoCell a owl:Class ; owl:disjointWith obo:CL_0000542 .
bad:Marked a owl:Class ; rdfs:subClassOf obo:CL_0000451 , obo:CL_0000084 .
bad:Condition a owl:Class ; rdfs:subClassOf obo:MONDO_0008383 , bad:NoArthritis .
bad:NoArthritis a owl:Class ; owl:disjointWith obo:MONDO_0005578 .
"""

BAD = f"""@prefix ig: <{IG}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<urn:x:bad> a owl:Ontology .
ig:Impossible a owl:Class ; rdfs:subClassOf ig:JAKInhibitor , ig:TNFInhibitor .
ig:JAKInhibitor a owl:Class ; owl:disjointWith ig:TNFInhibitor .
ig:TNFInhibitor a owl:Class ;
  rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ig:has ; owl:someValuesFrom owl:Thing ] .
ig:has a owl:ObjectProperty .
"""


def test_the_judges_refuse_a_bad_ontology(robot: Robot, tmp_path: Path) -> None:
    bad = tmp_path / "bad.ttl"
    bad.write_text(BAD, encoding="utf-8")
    for reasoner in ("hermit", "ELK"):
        assert "unsatisfiable" in reasoned(robot, reasoner, bad).stdout
    assert robot("report", "--input", bad, "--fail-on", "ERROR", "--output", tmp_path / "report.tsv").returncode == 1
    profile = ["validate-profile", "--profile", "RL", "--input", bad, "--output", tmp_path / "profile.txt"]
    assert robot(*profile).returncode == 1
