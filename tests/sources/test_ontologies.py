"""Every form of ontology file gives the same kind of term."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard

from immunograph.errors import LoadError
from immunograph.sources.importer import ImportReport
from immunograph.sources.ontologies import OntologyTerm, read_release, read_terms, term_iri, xref
from immunograph.sources.ontologies.axioms import functional_pieces

FILES = Path(__file__).parent / "files" / "ontologies"
REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"
OBO = "http://purl.obolibrary.org/obo/"


def terms(path: Path, report: ImportReport | None = None) -> dict[str, OntologyTerm]:
    return {term.iri.removeprefix(OBO): term for term in read_terms(path, report)}


def test_obo_gives_exact_synonyms_parents_and_merged_terms() -> None:
    found = terms(FILES / "small.obo")
    assert found["HP_0000002"] == OntologyTerm(
        iri=OBO + "HP_0000002",
        label="fever, made up",
        synonyms=("pyrexia", 'hot "feeling"'),
        parents=(OBO + "HP_0000001",),
        xrefs=("MESH:D005334", "UMLS:C0015967"),
        merged=(OBO + "HP_0000009",),
        namespace="phenotype",
        subsets=("core",),
        others=("warmth",),
    )
    assert found["HP_0000003"].is_deprecated
    assert found["HP_0000003"].replaced_by == OBO + "HP_0000002"
    assert len(found) == 2


def test_obo_stanza_without_identifier_is_counted_or_fatal() -> None:
    report = ImportReport()
    terms(FILES / "small.obo", report)
    assert report.skipped == {"term without identifier or label": 1}
    assert report.examples["term without identifier or label"][0].at.line == 22
    with pytest.raises(LoadError, match=r"small\.obo:22"):
        terms(FILES / "small.obo", ImportReport(is_strict=True))


def test_closure_json_takes_distance_one_as_parent() -> None:
    report = ImportReport()
    found = terms(FILES / "closure.json", report)
    assert found["MONDO_0000004"].parents == (OBO + "MONDO_0000003",)
    assert found["MONDO_0000001"].synonyms == ("disorder",)
    assert found["MONDO_0000009"].is_deprecated
    assert found["MONDO_0000009"].replaced_by == OBO + "MONDO_0000004"
    assert report.skipped.total() == 1
    with pytest.raises(LoadError, match="MONDO:0000010"):
        terms(FILES / "closure.json", ImportReport(is_strict=True))


def test_listed_json_completes_bare_identifiers() -> None:
    found = terms(FILES / "listed.json")
    assert found["MONDO_0000004"].parents == (OBO + "MONDO_0000001",)
    assert found["MONDO_0000004"].merged == (OBO + "MONDO_0000008",)
    assert found["MONDO_0000004"].xrefs == ("orphanet:99", "MESH:D1")


def test_graph_json_keeps_classes_and_is_a_alone() -> None:
    found = terms(FILES / "graph.json")
    assert sorted(found) == ["CL_0000000", "CL_0000084", "CL_0000085"]
    assert found["CL_0000084"].synonyms == ("T lymphocyte",)
    assert found["CL_0000084"].parents == (OBO + "CL_0000000",)
    assert found["CL_0000084"].subsets == ("slim",)
    assert found["CL_0000085"].replaced_by == OBO + "CL_0000084"


def test_owl_keeps_named_parents_and_counts_mentions() -> None:
    report = ImportReport()
    found = terms(FILES / "small.owl", report)
    assert found["OAE_0000002"].parents == (OBO + "OAE_0000001",)
    assert found["OAE_0000002"].synonyms == ("hot event",)
    assert found["OAE_0000002"].xrefs == ("MESH:D005334",)
    assert found["OAE_0000003"].is_deprecated
    assert found["OAE_0000003"].replaced_by == OBO + "OAE_0000002"
    assert found["OAE_0000001"].label == ""  # nothing is said of it, but a class is under it
    assert report.skipped == {"class that is only mentioned": 1}
    assert report.read == {"small.owl": 3}


@pytest.mark.parametrize("name", ["small.obo", "closure.json", "graph.json", "small.owl"])
def test_packed_files_read_alike(name: str, tmp_path: Path) -> None:
    content = (FILES / name).read_bytes()
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content))
    (tmp_path / f"{name}.zst").write_bytes(zstandard.compress(content))
    assert terms(FILES / name) == terms(tmp_path / f"{name}.gz") == terms(tmp_path / f"{name}.zst")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.json", '{"MONDO:1": {"label": "a", "ancestors": {'),
        ("text.json", "no json"),
        ("comma.json", '[{"id": "a"} {"id": "b"}]'),
        ("cut.owl", "<a><b></a>"),
        ("form.csv", "id,label"),
    ],
)
def test_a_broken_file_is_named(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(LoadError, match=name):
        terms(tmp_path / name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="cannot be opened"):
        terms(tmp_path / "none.obo")


def test_prefixes_are_spelled_as_in_the_project() -> None:
    assert xref("Orphanet:12") == "orphanet:12"
    assert xref("UMLS:C1") == "UMLS:C1"
    assert term_iri("uniprot:P01375") == "http://purl.uniprot.org/uniprot/P01375"
    assert term_iri("http://purl.obolibrary.org/obo/CL_0000084") == OBO + "CL_0000084"
    assert term_iri("CARO:0000000") == OBO + "CARO_0000000"


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference files are not beside the checkout")
@pytest.mark.parametrize(
    ("name", "iri", "label"),
    [
        ("ontologies/MONDO-ontology-v2026-05-05.json.zst", "MONDO_0008383", "rheumatoid arthritis"),
        ("ontologies/mondo.json.gz", "MONDO_0008383", "rheumatoid arthritis"),
        ("ontologies/hp.obo.gz", "HP_0001945", "Fever"),
        ("ontologies/go.json.gz", "GO_0042110", "T cell activation"),
        ("cell_ontology/blood_and_immune_upper_slim.obo.gz", "CL_0000084", "T cell"),
        ("cell_ontology/blood_and_immune_upper_slim.json.gz", "CL_0000084", "T cell"),
        ("oae/new_OAE_terms_2022.owl.gz", "OAE_0006551", "idiopathic neutropenia AE"),
    ],
)
def test_reference_files_hold_the_terms_they_should(name: str, iri: str, label: str) -> None:
    found = terms(REFERENCE / name)
    assert found[iri].label == label
    assert found[iri].parents


FORMS = sorted((FILES / "forms").glob("joints.*"))
JOINTS = "http://example.org/joints#"


def test_there_is_a_file_in_each_form() -> None:
    endings = {path.suffix for path in FORMS}
    assert endings == {".obo", ".json", ".owl", ".ttl", ".ofn", ".omn", ".owx"}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.suffix)
def test_every_form_says_the_same(path: Path) -> None:
    release = read_release(path)
    assert release.header.iri == "http://example.org/joints"
    assert release.version == "2026-03-01"
    assert release.header.licence == "https://creativecommons.org/publicdomain/zero/1.0/"
    found = {term.iri.removeprefix(JOINTS).removeprefix(OBO): term for term in release.terms.values()}
    assert found.keys() == {"Disorder", "Inflamed", "MONDO_0008383", "Old", "Defined"}
    assert found["Inflamed"] == OntologyTerm(
        iri=JOINTS + "Inflamed",
        label="inflamed joint",
        synonyms=("hot joint",),
        parents=(JOINTS + "Disorder",),
        xrefs=("MESH:D001168",),
        others=("sore joint",),
        equal=(OBO + "MONDO_0005578",),
    )
    assert found["MONDO_0008383"].parents == found["Defined"].parents == (JOINTS + "Inflamed",)
    assert found["Old"].is_deprecated
    assert found["Old"].replaced_by == JOINTS + "Inflamed"


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.suffix)
def test_the_form_is_told_by_the_content(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "ontology.owl.gz"
    other.write_bytes(gzip.compress(path.read_bytes()))
    assert read_release(other).terms == read_release(path).terms


def test_skos_concepts_are_terms(tmp_path: Path) -> None:
    path = tmp_path / "thesaurus.ttl"
    path.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix : <http://example.org/> .\n"
        ':a a skos:Concept ; skos:prefLabel "Gelenk"@de , "joint"@en ; skos:altLabel "articulation"@en .\n'
        ':b a skos:Concept ; skos:prefLabel "knee"@en ; skos:broader :a .\n'
    )
    found = read_release(path).terms
    assert (found["http://example.org/a"].label, found["http://example.org/a"].synonyms) == ("joint", ("articulation",))
    assert found["http://example.org/b"].parents == ("http://example.org/a",)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[float] = []
    read_release(FILES / "small.owl", told.append)
    assert told[-1] == 1.0


def test_what_holds_no_class_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.ttl").write_text("<http://example.org/a> <http://example.org/p> 1 .\n")
    with pytest.raises(LoadError, match="holds no class"):
        read_release(tmp_path / "empty.ttl")


def test_functional_syntax_is_cut_between_axioms() -> None:
    document = (FILES / "forms" / "joints.ofn").read_text()
    whole = read_release(FILES / "forms" / "joints.ofn").terms
    pieces = list(functional_pieces(document.splitlines(keepends=True), size=200))
    assert len(pieces) > 5
    assert all(piece.count("(") == piece.count(")") for piece in pieces)
    assert len(whole) == 5


def test_brackets_in_texts_and_texts_over_lines_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "x.ofn"
    path.write_text(
        "Prefix(rdfs:=<http://www.w3.org/2000/01/rdf-schema#>)\n# a comment (open\nOntology(<http://x/o>\n"
        'Declaration(Class(<http://x/a>))\nAnnotationAssertion(rdfs:label <http://x/a> "one (of\ntwo \\" lines")\n)\n'
    )
    assert [term.label for term in read_release(path).terms.values()] == ['one (of\ntwo " lines']


def test_functional_syntax_that_does_not_close_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.ofn"
    path.write_text("Ontology(<http://x/o>\nDeclaration(Class(<http://x/a>)\n")
    with pytest.raises(LoadError, match="not closed"):
        read_release(path)


def test_obo_without_a_header_is_obo(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("[Term]\nid: MY:1\nname: one\n")
    assert [term.label for term in read_release(path).terms.values()] == ["one"]


def test_names_in_other_languages_keep_their_language(tmp_path: Path) -> None:
    path = tmp_path / "many.ttl"
    path.write_text(
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix : <http://example.org/x#> .\n"
        ':A rdfs:subClassOf :JointTrouble ; rdfs:label "Gelenk"@de, "joint"@en-GB, "juntura"@es-MX .\n'
        ':B rdfs:subClassOf :A ; rdfs:label "Gelenkleiden"@de .\n'
    )
    found = {term.iri.rpartition("#")[2]: term for term in read_terms(path)}
    assert (found["A"].label, found["A"].synonyms) == ("joint", ())
    assert found["A"].foreign == (("Gelenk", "de"), ("juntura", "es-mx"))
    assert (found["B"].label, found["B"].foreign) == ("Gelenkleiden", (("Gelenkleiden", "de"),))
    assert (found["JointTrouble"].label, found["JointTrouble"].name) == ("", "Joint Trouble")
