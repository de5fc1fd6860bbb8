"""RDF: every form, read by pyoxigraph and rdflib, gives the stored triples back, graph by graph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from immunograph.errors import ExportError
from immunograph.exporters.selection import Selection
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import ExportOptions, write_export
from immunograph.knowledge import KnowledgeGraph
from immunograph.store.graph import source_graph
from immunograph.vocabulary import IGG

from .conftest import Write
from .hostile import hostile_graph, hostile_triples

Quads = set[tuple[str, str, str, str]]
FORMATS = {"nquads": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD}
HOSTILE: Quads = {(*triple, f"<{source_graph('one')}>") for triple in hostile_graph().triples(source_graph("one"))}


def by_pyoxigraph(path: Path, form: str) -> Quads:
    return {
        (str(q.subject), str(q.predicate), str(q.object), str(q.graph_name))
        for q in ox.parse(path=str(path), format=FORMATS[form])
    }


def by_rdflib(path: Path, form: str) -> Quads:
    data = rdflib.Dataset()
    data.parse(str(path), format={"jsonld": "json-ld"}.get(form, form))
    lines = data.serialize(format="nquads").splitlines()
    return {
        (str(q.subject), str(q.predicate), str(q.object), str(q.graph_name))
        for q in ox.parse("\n".join(lines), ox.RdfFormat.N_QUADS)
    }


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("read", [by_pyoxigraph, by_rdflib])
def test_every_quad_is_read_back(write: Write, form: str, read: Callable[[Path, str], Quads]) -> None:
    assert read(write(form), form) == HOSTILE


@pytest.mark.parametrize("has_control", [False, True])
def test_turtle_is_read_back(
    write: Write, hostile: GraphStream, hostile_with_controls: GraphStream, has_control: bool
) -> None:
    folder = write("turtle", hostile_with_controls if has_control else hostile)
    found = {(str(q.subject), str(q.predicate), str(q.object)) for q in ox.parse(path=str(folder / "one.ttl"))}
    assert found == set(hostile_graph(has_control=has_control).triples(source_graph("one")))


def test_quads_are_sorted_and_the_same_every_time(write: Write) -> None:
    text = write("nquads").read_bytes()
    assert text.splitlines() == sorted(text.splitlines())
    assert text == write("nquads").read_bytes()


def test_turtle_has_a_file_for_each_source(
    fixture_kg: KnowledgeGraph, fixture_stream: GraphStream, write: Write
) -> None:
    folder = write("turtle", fixture_stream)
    assert {path.name for path in folder.glob("*.ttl")} == {
        "fixture.ttl",
        "inferred.ttl",
        "mappings.ttl",
        "ontology.ttl",
        "dataset.ttl",
    }
    for slug in ("fixture", "inferred"):
        found = {(str(q.subject), str(q.predicate), str(q.object)) for q in ox.parse(path=str(folder / f"{slug}.ttl"))}
        assert found == set(fixture_kg.graph.triples(source_graph(slug)))


def test_the_ontology_keeps_its_shape(fixture_kg: KnowledgeGraph, fixture_stream: GraphStream, write: Write) -> None:
    found = ox.Dataset(ox.parse(path=str(write("turtle", fixture_stream) / "ontology.ttl")))
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in fixture_kg.graph.triples(source_graph("ontology")))
    stored = ox.Dataset(ox.parse(lines, ox.RdfFormat.N_TRIPLES))
    for dataset in (found, stored):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert found == stored


def test_a_neighbourhood_holds_what_it_names_and_no_more(fixture_kg: KnowledgeGraph, tmp_path: Path) -> None:
    chosen = Selection(focus="igd:tocilizumab", edge_kinds=("TargetAction",))
    with GraphStream.of_graph(fixture_kg.graph, chosen) as stream:
        path = tmp_path / "out.nq"
        write_export("nquads", stream, str(path), ExportOptions())
        kept = {record.iri for table in ("nodes", "evidence", "sources") for record in getattr(stream, table)()}
    subjects = {q[0] for q in by_pyoxigraph(path, "nquads")}
    assert {subject[1:-1] for subject in subjects if "/association/" not in subject} == kept
    stored = {(*triple, f"<{IGG}fixture>") for triple in fixture_kg.graph.triples(source_graph("fixture"))}
    assert by_pyoxigraph(path, "nquads") < stored


def test_the_description_counts_what_is_there(write: Write, hostile: GraphStream) -> None:
    path = write("nquads")
    graph = rdflib.Graph().parse(path.with_name(f"{path.name}.dataset.ttl"))
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    dataset = rdflib.URIRef("https://w3id.org/immunograph/")
    assert graph.value(dataset, void.triples).toPython() == len(HOSTILE)  # type: ignore[union-attr]
    assert graph.value(dataset, void.entities).toPython() == hostile.count("nodes")  # type: ignore[union-attr]
    (file,) = graph.objects(dataset, dcat.distribution)
    assert graph.value(file, dcat.byteSize).toPython() == path.stat().st_size  # type: ignore[union-attr]
    licence = rdflib.URIRef("https://creativecommons.org/publicdomain/zero/1.0/")
    assert (dataset, rdflib.DCTERMS.license, licence) in graph


def test_a_stream_of_files_has_no_stored_triples(tmp_path: Path) -> None:
    file = tmp_path / "graph.nt"
    file.write_text("".join(f"{s} {p} {o} .\n" for s, p, o in hostile_triples()), encoding="utf-8")
    with GraphStream.of_files([file]) as stream, pytest.raises(ExportError, match="stored graph"):
        write_export("nquads", stream, str(tmp_path / "out.nq"), ExportOptions())
