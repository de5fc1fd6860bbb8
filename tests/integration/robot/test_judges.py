"""Outside judges of the ontology: ROBOT's report, the OWL 2 RL profile, HermiT and ELK, alone and beside others."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import re
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

OBO = "http://purl.obolibrary.org/obo/"
IRI = re.compile(r"<(http[^<>\s]*)>")
UNDER = re.compile(r"SubObjectPropertyOf\(<([^<>]*)> <([^<>]*)>\)\s*")
ASIDE = ("DLSafeRule", "ClassAssertion", "ObjectPropertyAssertion", "DifferentIndividuals")
CLASS_AXIOMS = ("SubClassOf", "EquivalentClasses", "DisjointClasses")
ELSEWHERE = re.compile(r"obo/(?:GO|UBERON|PR|PATO|CHEBI|NCBITaxon|CARO|SO|NBO|ENVO|COB)_")

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
def in_use(others: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What of those slices bears on ours, for HermiT: see ``relations_in_use`` and ``cell_types``."""
    folder = tmp_path_factory.mktemp("in-use")
    relations, cells, conditions = others
    (folder / "ro.ofn").write_text("".join(relations_in_use(relations)), encoding="utf-8")
    (folder / "cl.ofn").write_text("".join(cell_types(cells)), encoding="utf-8")
    return [folder / "ro.ofn", folder / "cl.ofn", conditions]


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


def axioms(path: Path) -> Iterator[str]:
    """The lines of a file in functional syntax, those that a text goes over joined."""
    pending = ""
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        pending += line
        if pending.count('"') % 2 == 0:
            yield pending
            pending = ""


def is_axiom(text: str) -> bool:
    return bool(re.match(r"[A-Z]\w+\(", text)) and not text.startswith(("Prefix(", "Ontology("))


def relations_in_use(path: Path) -> Iterator[str]:
    """RO's axioms on the relations that ours are placed under or mapped to, and on what lies above those.

    Left out are its rules (SWRL), individuals, and relations that nothing of ours has to do with. HermiT does not end
    on them: our classes are defined by some 300 named things (``owl:hasValue``), so that each of its tableaux holds
    them all, and RO's inverses and chains then multiply over every pair.
    """
    known = list(axioms(path))
    relations = {IRI.findall(one)[0] for one in known if one.startswith("Declaration(ObjectProperty")}
    waiting = [OBO + line.replace(":", "_") for line in (HERE / "slices" / "ro-terms.txt").read_text().split()]
    kept: set[str] = set()
    while waiting:
        kept.add(relation := waiting.pop())
        above = [UNDER.fullmatch(one) for one in known]
        waiting += [m[2] for m in above if m and m[1] == relation and m[2] not in kept]
    assert 10 < len(kept) < len(relations)
    for one in known:
        is_aside = one.startswith(ASIDE) or OBO + "IAO_" in one
        if not is_axiom(one) or not (is_aside or (relations & set(IRI.findall(one))) - kept):
            yield one


def cell_types(path: Path) -> Iterator[str]:
    """CL's axioms on cell types alone: hierarchy, definitions, disjointness, relations between cell types.

    Left out are CL's copies of GO, UBERON and PRO, and of RO.
    """
    count = 0
    for one in axioms(path):
        is_of_cells = one.startswith(CLASS_AXIOMS) and not ELSEWHERE.search(one)
        count += is_of_cells
        if is_of_cells or one.startswith("Declaration(") or not is_axiom(one):
            yield one
    assert count > 200


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


def test_hermit_finds_it_consistent_beside_other_ontologies(robot: Robot, ontology: Path, in_use: list[Path]) -> None:
    told = reasoned(robot, "hermit", ontology, *in_use)
    assert told.returncode == 0, told.stdout


def test_hermit_sees_a_clash_with_another_ontology(
    robot: Robot, ontology: Path, in_use: list[Path], tmp_path: Path
) -> None:
    """Under RO's domains and ranges and CL's and MONDO's hierarchies, as they are in what is left of the slices."""
    bad = tmp_path / "bad.ttl"
    bad.write_text(CLASHING, encoding="utf-8")
    told = reasoned(robot, "hermit", ontology, *in_use, bad)
    assert "unsatisfiable" in told.stdout and told.stdout.count("https://example.org/bad/") >= 2


def test_elk_finds_it_consistent_beside_other_ontologies(robot: Robot, ontology: Path, others: list[Path]) -> None:
    """With all that the slices of RO, CL and MONDO hold."""
    told = reasoned(robot, "ELK", ontology, *others)
    assert told.returncode == 0, told.stdout


def test_facts_are_consistent_with_other_ontologies(
    robot: Robot, ontology: Path, others: list[Path], facts: Path
) -> None:
    """What the fixture states and implies, under RO's domains and ranges; by ELK."""
    told = reasoned(robot, "ELK", ontology, *others, facts)
    assert told.returncode == 0, told.stdout


CLASHING = f"""@prefix ig: <{IG}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix obo: <{OBO}> . @prefix bad: <https://example.org/bad/> .
<urn:x:clashing> a owl:Ontology .
bad:Relation a owl:Class ; rdfs:subClassOf obo:BFO_0000003 , [
  a owl:Restriction ; owl:onProperty ig:participatesIn ; owl:someValuesFrom owl:Thing ] .
bad:Cell a owl:Class ; rdfs:subClassOf obo:CL_0000084 , bad:NoCell .
bad:NoCell a owl:Class ; owl:disjointWith obo:CL_0000542 .
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
