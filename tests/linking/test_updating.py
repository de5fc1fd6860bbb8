"""A new release: slices cut again, the data brought up to it, and what that does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from immunograph.assets import ontology_dir
from immunograph.cli import main
from immunograph.identifiers import expand, prefix_map
from immunograph.linking.refreshing import refreshed
from immunograph.linking.slices import SliceSource, read_slice_sources, slice_turtle
from immunograph.sources.ontologies import OntologyTerm, Release, read_release

FIXTURE = Path(__file__).resolve().parents[1] / "fixture"
IMPORTS = ontology_dir() / "imports"

NEWER = """format-version: 1.4
data-version: mondo/2027-01-01
ontology: mondo

[Term]
id: MONDO:0005578
name: joint inflammation
is_a: MONDO:9000002

[Term]
id: MONDO:9000002
name: a term that is no node
is_a: MONDO:0005292

[Term]
id: MONDO:0005292
name: colitis

[Term]
id: MONDO:9000001
name: rheumatoid joint disease
is_a: MONDO:0005578

[Term]
id: MONDO:0008383
name: obsolete rheumatoid arthritis
is_obsolete: true
replaced_by: MONDO:9000001
"""


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    path = tmp_path / "mondo-2027.obo"
    path.write_text(NEWER)
    return path


def test_every_slice_is_named_with_release_and_licence() -> None:
    for source in read_slice_sources(IMPORTS / "releases.tsv"):
        path = IMPORTS / f"{source.slice}.ttl"
        store = ox.Store()
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
        itself = ox.NamedNode(f"https://w3id.org/immunograph/imports/{source.slice}")
        quads = store.quads_for_pattern(itself, None, None)
        about = {quad.predicate.value.replace("#", "/").rpartition("/")[2]: quad.object.value for quad in quads}
        assert about["license"] == source.licence
        assert about["source"] == source.version_iri
        assert about["versionIRI"].startswith(f"https://w3id.org/immunograph/imports/{source.slice}/")
        assert about["command"].startswith("immunograph link update")
        assert source.prefix in prefix_map()


def test_a_slice_holds_what_is_used_and_what_lies_above(newer: Path) -> None:
    source = SliceSource("mondo", "MONDO", "other.obo", "Mondo", "http://example.org/1", "http://example.org/l")
    seeds = {expand("MONDO:0008383"), expand("HP:0000001")}
    text = slice_turtle(read_release(newer), source, seeds, "made up")
    assert "MONDO:0008383\n" in text and "MONDO:9000001\n" in text and "MONDO:0005292\n" in text
    assert "IAO:0100001 MONDO:9000001" in text
    assert "HP:0000001" not in text
    assert 'owl:versionInfo "2027-01-01"' in text


def test_parents_are_the_nearest_nodes_of_the_release(newer: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(FIXTURE, data)
    ((_, after),) = refreshed(read_release(newer), data).values()
    block = after[after.index("\nMONDO:0005578\n") :].split(" .\n")[0]
    assert "ig:broader MONDO:0005292" in block
    assert 'rdfs:label "joint inflammation"@en' in block
    assert "MONDO:9000002" not in after


def test_terms_of_other_ontologies_stay_as_they_are(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(FIXTURE, data)
    terms = {f"http://example.org/X_{n}": OntologyTerm(f"http://example.org/X_{n}", f"x{n}") for n in range(30)}
    terms[expand("MONDO:0008383")] = OntologyTerm(expand("MONDO:0008383"), "borrowed and misnamed")
    assert refreshed(Release(Path("x"), terms=terms), data) == {}


def test_the_command_shows_the_difference_and_applies_it_on_demand(newer: Path, tmp_path: Path) -> None:
    data, imports = tmp_path / "data", tmp_path / "imports"
    shutil.copytree(FIXTURE, data)
    imports.mkdir()
    shutil.copy(IMPORTS / "releases.tsv", imports)
    before = (data / "graph.ttl").read_text()
    arguments = ["link", "update", "--ontology", str(newer), "--data", str(data), "--imports", str(imports)]
    shown = CliRunner().invoke(main, [*arguments, "--limit", "0"])
    assert shown.exit_code == 0, shown.stderr
    assert "MONDO:9000001" in shown.stdout
    assert "joint inflammation" in shown.stdout
    parts = {line.split(" ")[0] for line in shown.stdout.splitlines()}
    assert {"nodes", "associations", "inferred", "answers"} <= parts
    assert not (imports / "mondo.ttl").exists()
    assert (data / "graph.ttl").read_text() == before
    assert CliRunner().invoke(main, [*arguments, "--apply", "-q"]).exit_code == 0
    after = (data / "graph.ttl").read_text()
    assert "MONDO:9000001" in after and "MONDO:0008383" not in after
    cut = (imports / "mondo.ttl").read_text()
    assert "MONDO:9000001\n" in cut and "MONDO:0008383\n" not in cut  # of the data as they are now
    named = {source.slice: source for source in read_slice_sources(imports / "releases.tsv")}
    assert (named["mondo"].file, named["mondo"].version_iri) == (newer.name, "mondo/2027-01-01")
    assert named["cl"].file.startswith("CL-ontology")
    again = CliRunner().invoke(main, arguments)
    assert "change nothing" in again.stdout


def test_something_has_to_be_given() -> None:
    assert CliRunner().invoke(main, ["link", "update"]).exit_code == 2
