"""The script that draws curated associations for a second read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from immunograph.identifiers import prefix_map

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "audit-sample"
SHEET = """\
igd:madeupmab
  a ig:Modulator ;
  rdfs:label "madeupmab"@en .

igd:fever
  a ig:Condition ;
  rdfs:label "fever"@en .

igd:target-x
  a ig:Target ;
  rdfs:label "target X"@en .

iga:action
  a ig:Association ;
  a ig:TargetAction ;
  ig:subject igd:madeupmab ;
  ig:predicate ig:inhibits ;
  ig:object igd:target-x ;
  ig:hasEvidence ige:leaflet .

iga:reaction
  a ig:Association ;
  a ig:AdverseReaction ;
  ig:subject igd:madeupmab ;
  ig:predicate ig:hasAdverseEffect ;
  ig:object igd:fever ;
  ig:mediatedBy iga:action ;
  ig:hasEvidence ige:paper .

ige:leaflet
  a ig:Evidence ;
  ig:address "https://leaflets.example/1"^^xsd:anyURI ;
  dcterms:title "Leaflet"@en .

ige:paper
  a ig:Evidence ;
  ig:address "https://papers.example/2"^^xsd:anyURI ;
  dcterms:title "Paper"@en .
"""


def drawn(tmp_path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "curated").mkdir()
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefix_map().items())
    (tmp_path / "curated" / "sheet.ttl").write_text(prefixes + SHEET, encoding="utf-8")
    command = [sys.executable, str(SCRIPT), "--seed", "1", "--data", str(tmp_path), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_reader_sees_the_statement_its_mediating_action_and_the_citation(tmp_path: Path) -> None:
    found = drawn(tmp_path, "--count", "2").stdout
    assert "[AdverseReaction] madeupmab hasAdverseEffect fever\n   mediatedBy inhibits target X" in found
    assert "Paper, https://papers.example/2" in found


def test_the_draw_can_be_of_one_kind_and_of_some_documents_only(tmp_path: Path) -> None:
    found = drawn(tmp_path, "--count", "1", "--kind", "TargetAction", "--not-citing", "papers").stdout
    assert "[TargetAction]" in found and "AdverseReaction" not in found


def test_too_few_associations_are_told(tmp_path: Path) -> None:
    result = drawn(tmp_path, "--count", "2", "--citing", "leaflets")
    assert (result.returncode, result.stdout) == (1, "")
    assert "only 1 associations; ask for fewer with --count" in result.stderr


def test_a_broken_expression_is_told(tmp_path: Path) -> None:
    result = drawn(tmp_path, "--citing", "(")
    assert result.returncode == 2 and "no regular expression" in result.stderr
