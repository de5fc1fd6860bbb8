"""The pages of the ontology are built, and every term of ours stands on them."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import rdflib

ROOT = Path(__file__).resolve().parents[2]
IG = "https://w3id.org/immunograph/onto/"


def test_every_class_and_property_stands_on_the_page(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, ROOT / "scripts" / "docs", tmp_path / "pages"], capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    page = unescape((tmp_path / "pages" / "index.html").read_text(encoding="utf-8"))
    ontology = rdflib.Graph().parse(tmp_path / "pages" / "immunograph.ttl")
    terms = {
        s for kind in (rdflib.OWL.Class, rdflib.OWL.ObjectProperty) for s in ontology.subjects(rdflib.RDF.type, kind)
    }
    ours = [term for term in terms if str(term).startswith(IG)]
    assert len(ours) > 200
    assert [term for term in ours if str(ontology.value(term, rdflib.SKOS.definition)) not in page] == []
    assert re.search(r"Whatever is \(administered modulator and .*primarily inhibits value", page)


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    built = subprocess.run(
        [sys.executable, ROOT / "scripts" / "docs", tmp_path / "file" / "pages"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 1 and "Traceback" not in built.stderr
