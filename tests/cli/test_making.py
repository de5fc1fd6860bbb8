"""``validate``, ``infer``, ``format`` and ``build`` on the command line, with a user's good and broken files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from click.testing import Result
from rdflib.namespace import SH

Run = Callable[..., Result]

FIXTURE = Path(__file__).resolve().parents[1] / "fixture"
PREFIXES = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ig: <https://w3id.org/immunograph/onto/> .
@prefix iga: <https://w3id.org/immunograph/association/> .
@prefix igd: <https://w3id.org/immunograph/id/> .
@prefix ige: <https://w3id.org/immunograph/evidence/> .
@prefix igs: <https://w3id.org/immunograph/source/> .
@prefix MONDO: <http://purl.obolibrary.org/obo/MONDO_> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
GOOD = f"""\
{PREFIXES}
iga:aaaaaaaaaaaaaaaa
  a ig:Association ;
  a ig:AdverseReaction ;
  ig:subject igd:my-drug ;
  ig:predicate ig:hasAdverseEffect ;
  ig:object MONDO:0018076 ;
  ig:frequencyPercent 12.0 ;
  ig:hasEvidence ige:fixture-hfk35ynvblwfqo7c .

igd:my-drug
  a ig:Modulator ;
  a ig:SmallMolecule ;
  a ig:TherapeuticModulator ;
  rdfs:label "my drug"@en ;
  dcterms:source igs:fixture .
"""
BAD = GOOD.replace("12.0", "120.0")


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "mine.ttl"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


FileOf = Callable[[str], str]


def test_good_data_conform(run: Run, file_of: FileOf) -> None:
    shown = run("validate", file_of(GOOD))
    assert (shown.exit_code, shown.stdout) == (0, "")
    assert shown.stderr == "conforms: 0 violations, 0 warnings\n"


def test_a_broken_file_names_file_line_shape_and_value(run: Run, file_of: FileOf) -> None:
    path = file_of(BAD)
    shown = run("validate", path)
    assert shown.exit_code == 1
    assert shown.stdout == (
        f"{path}:{BAD.splitlines().index('iga:aaaaaaaaaaaaaaaa') + 1}: violation: iga:aaaaaaaaaaaaaaaa "
        "ig:frequencyPercent: The frequency is at most one decimal from 0 to 100, in percent. "
        "(value: 120) [FrequencyPercent]\n"
    )
    assert shown.stderr == "does not conform: 1 violations, 0 warnings\n"


def test_findings_come_as_data(run: Run, file_of: FileOf) -> None:
    path = file_of(BAD)
    shown = run("validate", path, "--format", "json", "--quiet")
    assert (shown.exit_code, shown.stderr) == (1, "")
    content = json.loads(shown.stdout)
    (finding,) = content["findings"]
    assert content["conforms"] is False
    assert (finding["rule"], finding["value"], finding["severity"]) == ("FrequencyPercent", "120", "violation")
    assert (finding["file"], finding["line"]) == (path, 10)


def test_findings_come_as_a_shacl_report(run: Run, file_of: FileOf, tmp_path: Path) -> None:
    target = tmp_path / "report.ttl"
    assert run("validate", file_of(BAD), "--format", "ttl", "--output", str(target)).exit_code == 1
    report = rdflib.Graph().parse(target)
    assert list(report.objects(None, SH.conforms)) == [rdflib.Literal(False)]
    (result,) = report.objects(None, SH.result)
    assert report.value(result, SH.focusNode) == rdflib.URIRef(
        "https://w3id.org/immunograph/association/aaaaaaaaaaaaaaaa"
    )
    assert report.value(result, SH.value) == rdflib.Literal("120", datatype=rdflib.XSD.decimal)
    assert report.value(result, SH.sourceConstraintComponent) == SH.MaxInclusiveConstraintComponent
    assert report.value(result, SH.sourceShape) == rdflib.URIRef("https://w3id.org/immunograph/shapes/FrequencyPercent")


def test_an_association_without_evidence_is_found(run: Run, file_of: FileOf) -> None:
    shown = run("validate", file_of(GOOD.replace("  ig:hasEvidence ige:fixture-hfk35ynvblwfqo7c .", "  .")))
    assert shown.exit_code == 1
    assert (
        "An association needs at least one evidence record" in shown.stdout and "[AssociationEvidence]" in shown.stdout
    )


def test_an_object_that_nobody_describes_is_found(run: Run, file_of: FileOf) -> None:
    shown = run("validate", file_of(GOOD.replace("MONDO:0018076", "MONDO:9999999")))
    assert shown.exit_code == 1
    assert "mine.ttl:10: " in shown.stdout and "MONDO:9999999" in shown.stdout


SYNTAX = {
    "missing semicolon": ("ig:subject igd:my-drug ;", "ig:subject igd:my-drug"),
    "unknown prefix": ("@prefix igd: <https://w3id.org/immunograph/id/> .", "#"),
    "open text": ('"my drug"@en', '"my drug'),
    "broken address": ("<http://purl.org/dc/terms/>", "<http://purl.org/dc terms/>"),
}
LINES = {"missing semicolon": 14, "unknown prefix": 13, "open text": 23, "broken address": 1}


@pytest.mark.parametrize("fault", SYNTAX)
@pytest.mark.parametrize("command", ["validate", "infer"])
def test_a_syntax_error_names_the_line(command: str, fault: str, run: Run, file_of: FileOf) -> None:
    path = file_of(GOOD.replace(*SYNTAX[fault]))
    shown = run(command, path)
    assert (shown.exit_code, shown.stdout) == (3, "")
    assert shown.stderr.startswith(f"immunograph: {path}:{LINES[fault]}: syntax error: ")
    assert shown.stderr.count("\n") == 1


def test_broken_data_are_not_built(run_alone: Run, file_of: FileOf, tmp_path: Path) -> None:
    file_of(
        (FIXTURE / "graph.ttl")
        .read_text(encoding="utf-8")
        .replace("ig:frequencyPercent 12.0", "ig:frequencyPercent 120.0")
    )
    out = tmp_path / "built"
    shown = run_alone("build", "--data", str(tmp_path), "--out", str(out))
    assert shown.exit_code == 1
    assert "FrequencyPercent" in shown.stderr and "mine.ttl:" in shown.stderr
    assert not out.exists()
    shown = run_alone("find", "IL6", "--data", str(tmp_path), "--quiet")
    assert shown.exit_code == 3
    assert "the data do not conform" in shown.stderr and "immunograph validate" in shown.stderr


@pytest.mark.parametrize("engine", ["duckdb", "owlrl"])
def test_inference_alone_gives_sorted_triples(engine: str, run: Run, file_of: FileOf, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    shown = run("infer", file_of(GOOD), "--engine", engine, "--report", str(report))
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert lines == sorted(lines)
    member = "<https://w3id.org/immunograph/id/my-drug> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    assert f"{member}<https://w3id.org/immunograph/onto/AdministeredModulator> ." in lines
    assert len(list(pyoxigraph.parse(shown.stdout, pyoxigraph.RdfFormat.N_TRIPLES))) == len(lines)
    content = json.loads(report.read_text())
    assert (content["engine"], content["asserted"], content["inferred"]) == (engine, 12, len(lines))
    assert bool(content["not_run"]) == (engine == "owlrl")


def test_inference_alone_as_quads_names_the_graph(run: Run, tmp_path: Path) -> None:
    for name in ("out.nt", "out.nq"):
        assert run("infer", "--out", str(tmp_path / name)).exit_code == 0
    triples = (tmp_path / "out.nt").read_text().splitlines()
    graph = " <https://w3id.org/immunograph/graph/inferred> ."
    assert (tmp_path / "out.nq").read_text().splitlines() == [line.removesuffix(" .") + graph for line in triples]


def test_only_our_engine_lifts_statements(run: Run, file_of: FileOf, tmp_path: Path) -> None:
    target = tmp_path / "new.nt"
    lifted = "my-drug> <https://w3id.org/immunograph/onto/hasAdverseEffect>"
    assert run("infer", file_of(GOOD), "--out", str(target), "--no-proofs").exit_code == 0
    assert lifted in target.read_text()
    assert lifted not in run("infer", file_of(GOOD), "--engine", "owlrl").stdout


def test_format_rewrites_once_and_check_says_so(run_alone: Run, file_of: FileOf) -> None:
    path = file_of(
        GOOD.replace("  a ig:Association ;\n  a ig:AdverseReaction ;", "  a ig:AdverseReaction , ig:Association ;")
    )
    shown = run_alone("format", "--check", path)
    assert (shown.exit_code, shown.stdout) == (1, f"would rewrite {path}\n")
    shown = run_alone("format", path)
    assert (shown.exit_code, shown.stdout) == (0, f"rewrote {path}\n")
    assert Path(path).read_text() == GOOD
    assert run_alone("format", "--check", path).exit_code == 0
    assert run_alone("format", path).stdout == ""


def test_format_leaves_a_broken_file_as_it_is(run_alone: Run, file_of: FileOf) -> None:
    broken = GOOD.replace(*SYNTAX["missing semicolon"])
    path = file_of(broken)
    shown = run_alone("format", path)
    assert shown.exit_code == 3 and f"{path}:14: " in shown.stderr
    assert Path(path).read_text() == broken


def test_the_fixture_is_in_house_form(run_alone: Run, file_of: FileOf) -> None:
    text = (FIXTURE / "graph.ttl").read_text(encoding="utf-8")
    body = text[text.index("@prefix") :]
    path = file_of(body)
    assert run_alone("format", path).exit_code == 0
    assert Path(path).read_text(encoding="utf-8") == body
