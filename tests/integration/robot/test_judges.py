"""Outside judges of the ontology: ROBOT's report, the OWL 2 RL profile, HermiT and ELK, alone and beside others."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from immunograph.assets import ontology_dir
from immunograph.knowledge import KnowledgeGraph
from immunograph.releasing.contents import write_ontology
from immunograph.store.reading import parse_file
from immunograph.vocabulary import IG

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SPEC = importlib.util.spec_from_file_location("integration_robot", HERE / "robot.py")
assert SPEC and SPEC.loader
judges = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(judges)

pytestmark = pytest.mark.integration

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
    """The slices of the Relation Ontology, the Cell Ontology and MONDO."""
    folder = tmp_path_factory.mktemp("slices")
    (folder / "cl.ofn").write_bytes(gzip.decompress((HERE / "slices" / "cl.ofn.gz").read_bytes()))
    (folder / "mondo.ofn").write_text("".join(mondo_axioms()), encoding="utf-8")
    return [HERE / "slices" / "ro.ofn", folder / "cl.ofn", folder / "mondo.ofn"]


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


def mondo_axioms() -> Iterator[str]:
    """The hierarchy of conditions in use, as classes."""
    yield "Ontology(<https://w3id.org/immunograph/tests/mondo-slice>\n"
    links = 0
    for quad in parse_file(ROOT / "data" / "mondo" / "conditions.ttl"):
        if str(quad.predicate) == f"<{IG}broader>":
            links += 1
            yield f"SubClassOf({quad.subject} {quad.object})\n"
    assert links > 1000
    yield ")\n"


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


def test_elk_finds_it_consistent_beside_other_ontologies(robot: Robot, ontology: Path, others: list[Path]) -> None:
    """With the slices of RO, CL and MONDO; HermiT did not end on these within minutes, and is asked alone only."""
    told = reasoned(robot, "ELK", ontology, *others)
    assert told.returncode == 0, told.stdout


def test_facts_are_consistent_with_other_ontologies(
    robot: Robot, ontology: Path, others: list[Path], facts: Path
) -> None:
    """What the fixture states and implies, under RO's domains and ranges; by ELK."""
    told = reasoned(robot, "ELK", ontology, *others, facts)
    assert told.returncode == 0, told.stdout


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
