"""Measure linking: resolving in bulk, and reading large ontology files. ``python benchmarks/linking/run.py --help``."""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

WORDS = (
    "arthritis chronic syndrome of type familial acute benign malignant disorder inflammatory T cell deficiency".split()
)
CHILD = """
import resource, sys, time
from pathlib import Path
from immunograph.sources.ontologies import read_release
resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
started = time.process_time()
release = read_release(Path(sys.argv[1]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(len(release.terms), time.process_time() - started, peak)
"""


def label(at: int) -> str:
    """A made-up label, the same for the same number."""
    return f"{random.Random(at).choice(WORDS)} {random.Random(-at).choice(WORDS)} {at}"


def obo(file: TextIO, size: int) -> None:
    """An OBO file of about so many bytes."""
    file.write("format-version: 1.4\ndata-version: x/releases/2026-01-01\nontology: x\n")
    at = 0
    while file.tell() < size:
        at += 1
        file.write(
            f'\n[Term]\nid: X:{at:07d}\nname: {label(at)}\ndef: "A {label(at)} that differs from its parent in '
            f'number, cause and course, written out at some length." []\nsynonym: "{label(at)} syndrome" EXACT []\n'
            f"xref: MESH:D{at:09d}\nis_a: X:{at // 3:07d}\n"
        )


def graph_json(file: TextIO, size: int) -> None:
    """An OBO Graph JSON file of about so many bytes."""
    iri = "http://purl.obolibrary.org/obo/X_"
    file.write('{"graphs": [{"id": "http://purl.obolibrary.org/obo/x.owl", "nodes": [\n')
    at = 0
    while file.tell() < size * 0.75:
        at += 1
        node = {
            "id": f"{iri}{at:07d}",
            "lbl": label(at),
            "type": "CLASS",
            "meta": {
                "definition": {"val": f"A {label(at)} that differs from its parent, written out at some length."},
                "synonyms": [{"pred": "hasExactSynonym", "val": f"{label(at)} syndrome"}],
                "xrefs": [{"val": f"MESH:D{at:09d}"}],
            },
        }
        file.write(json.dumps(node) + ",\n")
    file.write(f'{{"id": "{iri}0000000", "lbl": "top", "type": "CLASS"}}], "edges": [\n')
    for n in range(1, at):
        file.write(json.dumps({"sub": f"{iri}{n:07d}", "pred": "is_a", "obj": f"{iri}{n // 3:07d}"}) + ",\n")
    file.write(json.dumps({"sub": f"{iri}{at:07d}", "pred": "is_a", "obj": f"{iri}{at // 3:07d}"}) + "]}]}\n")


def rdfxml(file: TextIO, size: int) -> None:
    """An OWL file in RDF/XML of about so many bytes."""
    iri = "http://purl.obolibrary.org/obo/X_"
    file.write(
        '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:owl="http://www.w3.org/2002/07/owl#" '
        'xmlns:obo="http://purl.obolibrary.org/obo/" xmlns:o="http://www.geneontology.org/formats/oboInOwl#">\n'
        '<owl:Ontology rdf:about="http://purl.obolibrary.org/obo/x.owl"/>\n'
    )
    at = 0
    while file.tell() < size:
        at += 1
        file.write(
            f'<owl:Class rdf:about="{iri}{at:07d}"><rdfs:subClassOf rdf:resource="{iri}{at // 3:07d}"/>'
            f"<obo:IAO_0000115>A {label(at)} that differs from its parent, written out at some length."
            f"</obo:IAO_0000115><o:hasExactSynonym>{label(at)} syndrome</o:hasExactSynonym>"
            f"<o:hasDbXref>MESH:D{at:09d}</o:hasDbXref><rdfs:label>{label(at)}</rdfs:label></owl:Class>\n"
        )
    file.write("</rdf:RDF>\n")


def functional(file: TextIO, size: int) -> None:
    """An OWL file in functional syntax of about so many bytes."""
    file.write(
        "Prefix(obo:=<http://purl.obolibrary.org/obo/>)\nPrefix(rdfs:=<http://www.w3.org/2000/01/rdf-schema#>)\n"
        "Prefix(o:=<http://www.geneontology.org/formats/oboInOwl#>)\nPrefix(owl:=<http://www.w3.org/2002/07/owl#>)\n"
        "Ontology(<http://purl.obolibrary.org/obo/x.owl>\n"
    )
    at = 0
    while file.tell() < size:
        at += 1
        one = f"obo:X_{at:07d}"
        file.write(
            f'Declaration(Class({one}))\nAnnotationAssertion(rdfs:label {one} "{label(at)}")\n'
            f'AnnotationAssertion(obo:IAO_0000115 {one} "A {label(at)} that differs, written out at some length.")\n'
            f'AnnotationAssertion(o:hasExactSynonym {one} "{label(at)} syndrome")\n'
            f'AnnotationAssertion(o:hasDbXref {one} "MESH:D{at:09d}")\nSubClassOf({one} obo:X_{at // 3:07d})\n'
        )
    file.write(")\n")


def turtle(file: TextIO, size: int) -> None:
    """An OWL file in Turtle of about so many bytes."""
    file.write(
        "@prefix obo: <http://purl.obolibrary.org/obo/> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix o: <http://www.geneontology.org/formats/oboInOwl#> .\n"
        "<http://purl.obolibrary.org/obo/x.owl> a owl:Ontology .\n"
    )
    at = 0
    while file.tell() < size:
        at += 1
        file.write(
            f'obo:X_{at:07d} a owl:Class ;\n  rdfs:label "{label(at)}" ;\n  rdfs:subClassOf obo:X_{at // 3:07d} ;\n'
            f'  obo:IAO_0000115 "A {label(at)} that differs from its parent, written out at some length." ;\n'
            f'  o:hasExactSynonym "{label(at)} syndrome" ;\n  o:hasDbXref "MESH:D{at:09d}" .\n'
        )


FORMS: dict[str, tuple[str, Callable[[TextIO, int], None]]] = {
    "obo": ("obo", obo),
    "graph": ("json", graph_json),
    "rdfxml": ("owl", rdfxml),
    "functional": ("ofn", functional),
    "turtle": ("ttl", turtle),
}


def reading(form: str, megabytes: int, folder: Path) -> None:
    """Read one generated file in a process of its own with 8 GiB of memory; processor time, and peak memory."""
    ending, write = FORMS[form]
    path = folder / f"x.{ending}"
    with path.open("w", encoding="utf-8") as file:
        write(file, megabytes * 1_000_000)
    done = subprocess.run([sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{form}: failed: {done.stderr.strip().splitlines()[-1:]}")
        return
    terms, seconds, peak = done.stdout.split()
    size = path.stat().st_size
    print(
        f"{form:<11}{size / 1e6:>6.0f} MB {int(terms):>10,} terms {float(seconds):>7.1f} s "
        f"{int(peak) / 1e9:>6.2f} GB peak = {int(peak) / size:.1f} times the file",
        flush=True,
    )
    path.unlink()


def resolving(count: int) -> None:
    """Resolve names and identifiers of the graph in a process of its own, against opening the graph alone."""
    from immunograph.identifiers import compress
    from immunograph.knowledge import open_graph

    kg = open_graph()
    names = [row[0].value for row in kg.graph.select("SELECT ?n WHERE { ?x skos:altLabel ?n }").rows if row[0]]
    others = [row[0].value for row in kg.graph.select("SELECT ?o WHERE { ?x skos:exactMatch ?o }").rows if row[0]]
    drawn = random.Random(1)
    texts = [
        *(drawn.choice(names).replace("\n", " ") for _ in range(count * 4 // 10)),
        *(compress(drawn.choice(others)).lower() for _ in range(count * 4 // 10)),
        *(f"{drawn.choice(names)} sodium".replace("\n", " ") for _ in range(count // 10)),
        *(f"unknown thing {n}" for n in range(count // 10)),
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write("\n".join(texts) + "\n")
        file.flush()
        command = [sys.executable, "-m", "immunograph", "link", "resolve", "--format", "tsv", "--output", "/dev/null"]
        for name, more in (("one", ["tocilizumab"]), (f"{len(texts):,}", ["--file", file.name])):
            started, before = time.perf_counter(), os.times()
            subprocess.run([*command[:-2], *more], stdout=subprocess.DEVNULL, check=True)
            after = os.times()
            used = after.children_user + after.children_system - before.children_user - before.children_system
            taken = time.perf_counter() - started
            print(f"resolve {name:>7}: {taken:.2f} s, whole process, {used:.2f} s of processor", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", nargs="*", choices=FORMS, default=list(FORMS))
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--count", type=int, default=10_000, help="texts to resolve; 0 for none")
    options = parser.parse_args()
    if options.count:
        resolving(options.count)
    with tempfile.TemporaryDirectory() as temporary:
        for form in options.forms:
            reading(form, options.megabytes, Path(temporary))
