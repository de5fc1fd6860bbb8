"""DrugMechDB: the indication of a path, and the edges whose key states an effect."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from immunograph.errors import LoadError
from immunograph.identifiers import compress, expand
from immunograph.model import Association, Evidence, Iri, Node, Record
from immunograph.registry import Registry
from immunograph.sources.drugmechdb import EDGES, IMPORTER, read_paths
from immunograph.sources.importer import ImportReport
from immunograph.vocabulary import KIND_OF_PREDICATE

HERE = Path(__file__).parent / "files" / "drugs"
REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"
OTHERS = ("genes.tsv", "go.json", "cl.json", "pathways.txt", "mondo.json", "mondo_xrefs.json", "hp.obo")
BROKEN = {"broken.yaml", "DB1_nothing.yaml"}


def archive(folder: Path, leave_out: frozenset[str] = frozenset()) -> Path:
    path = folder / "paths.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for file in sorted((HERE / "paths").iterdir()):
            if file.name not in leave_out:
                tar.add(file, f"kb/paths/{file.name}")
    return path


def imported(path: Path, *, is_strict: bool = False) -> tuple[list[Record], ImportReport]:
    registry, report = Registry(), ImportReport(is_strict=is_strict)
    registry.add(Node(expand("igd:madeupine"), ("Modulator",), "madeupine", (), exact=(expand("DRUGBANK:DB1"),)))
    return list(IMPORTER.read([path, *(HERE / name for name in OTHERS)], registry, report)), report


def test_a_path_gives_its_indication_and_its_edges(tmp_path: Path) -> None:
    records, _ = imported(archive(tmp_path))
    found = {
        (compress(one.subject), one.predicate, compress(one.object)) for one in records if isinstance(one, Association)
    }
    assert found == {
        ("igd:madeupine", "treats", "MONDO:0000010"),
        ("igd:madeupine", "inhibits", "UniProtKB:P05231"),
        ("UniProtKB:P05231", "activatesTarget", "UniProtKB:P08887"),
        ("UniProtKB:P08887", "stimulates", "GO:0006954"),
        ("GO:0006954", "drives", "MONDO:0000010"),
        ("CL:0000236", "implicatedIn", "MONDO:0000010"),
        ("UniProtKB:P08887", "participatesIn", "reactome:R-HSA-1"),
    }


def test_a_path_with_the_identifier_of_another_drug_goes_by_its_name(tmp_path: Path) -> None:
    text = (HERE / "paths" / "DB1_MESH_D10_1.yaml").read_text(encoding="utf-8")
    (tmp_path / "path.yaml").write_text(text.replace("drug: madeupine", "drug: otherine"), encoding="utf-8")
    with tarfile.open(tmp_path / "paths.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "path.yaml", "kb/paths/DB1_MESH_D10_1.yaml")
    registry, report = Registry(), ImportReport()
    registry.add(Node(expand("igd:madeupine"), ("Modulator",), "madeupine", (), exact=(expand("DRUGBANK:DB1"),)))
    registry.add(Node(expand("igd:otherine"), ("Modulator",), "otherine", ()))
    records = list(IMPORTER.read([tmp_path / "paths.tar.gz", *(HERE / name for name in OTHERS)], registry, report))
    treated = [one for one in records if isinstance(one, Association) and one.predicate == "treats"]
    assert [compress(one.subject) for one in treated] == ["igd:otherine"]
    assert report.unmapped["drug identifier that is another drug's"] == {"DRUGBANK:DB1 (called otherine)": 1}


def test_evidence_is_the_path_with_its_papers(tmp_path: Path) -> None:
    records, _ = imported(archive(tmp_path))
    evidence = [record for record in records if isinstance(record, Evidence)]
    assert [one.record for one in evidence] == ["DB1_MESH_D10_1"]
    assert [compress(iri) for iri in evidence[0].references] == ["PMID:12345", "PMC:PMC678", "DOI:10.1000/made.up"]
    assert {one.evidence for one in records if isinstance(one, Association)} == {(evidence[0].iri,)}


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    _, report = imported(archive(tmp_path))
    assert report.read["paths.tar.gz"] == 5, "the index is no path"
    assert report.skipped == {
        "drug is no modulator of the graph": 1,
        "path is no YAML": 1,
        "path lacks a part": 1,
        "disease not found: no condition refers to it": 1,
        "edge with a node that was not found": 3,
        "edge that states no effect": 1,
    }
    assert report.unmapped["MESH"] == {"MESH:D12 unheard-of": 1}
    lost = report.unmapped["node (GO: no current process, cell type or pathway)"]
    assert lost == {"GO:0005955 calcineurin complex": 1}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_malformed_path_is_fatal_when_strict(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path, frozenset(BROKEN - {name}))
    with pytest.raises(LoadError, match=f"{name}: path"):
        imported(path, is_strict=True)


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "paths.tar.gz"
    path.write_text("no archive")
    with pytest.raises(LoadError, match="cannot be read as a tar archive"):
        list(read_paths(path, ImportReport()))


def test_the_edge_table_names_known_predicates_and_keeps_signs() -> None:
    assert {KIND_OF_PREDICATE[predicate] for predicate in EDGES.values()} == {
        "TargetAction",
        "Interaction",
        "ImmuneEffect",
        "Membership",
        "Involvement",
    }
    negative = {"inhibits", "degrades", "inhibitsTarget", "suppresses"}
    words = ("decreases activity", "negatively regulates", "increases degradation")
    for (_, key, target), predicate in EDGES.items():
        if target != "condition":
            assert (predicate in negative) == key.startswith(words), (key, predicate)


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the public reference files are not beside the checkout")
def test_every_real_path_of_one_drug_is_read() -> None:
    report = ImportReport(is_strict=True)
    found = list(read_paths(REFERENCE / "drugmechdb" / "paths.tar.gz", report, {"DRUGBANK:DB06273"}))
    assert len(found) == 4
    assert report.read["paths.tar.gz"] == 4846
    assert {path.drug.lower() for path in found} == {"tocilizumab"}


def test_what_the_body_makes_itself_is_no_drug_of_a_path(tmp_path: Path) -> None:
    registry, report = Registry(), ImportReport()
    types = ("Modulator", "EndogenousModulator")
    registry.add(Node(expand("igd:madeupine"), types, "madeupine", (), exact=(expand("DRUGBANK:DB1"),)))
    files = [archive(tmp_path), *(HERE / name for name in OTHERS)]
    assert [record for record in IMPORTER.read(files, registry, report) if isinstance(record, Association)] == []


def test_effects_of_both_signs_are_told_in_the_condition_of_their_path(tmp_path: Path) -> None:
    text = (HERE / "paths" / "DB1_MESH_D10_1.yaml").read_text(encoding="utf-8")
    other = tmp_path / "DB1_MESH_D10_2.yaml"
    other.write_text(text.replace("key: positively regulates", "key: negatively regulates"), encoding="utf-8")
    with tarfile.open(tmp_path / "both.tar.gz", "w:gz") as tar:
        for file in (HERE / "paths" / "DB1_MESH_D10_1.yaml", other):
            tar.add(file, f"kb/paths/{file.name}")
    found = [r for r in imported(tmp_path / "both.tar.gz")[0] if isinstance(r, Association)]
    opposed = [r for r in found if r.predicate in {"stimulates", "suppresses"}]
    assert {r.predicate for r in opposed} == {"stimulates", "suppresses"}
    assert {dict(r.qualifiers)["contextCondition"] for r in opposed} == {Iri(expand("MONDO:0000010"))}
    assert all("contextCondition" not in dict(r.qualifiers) for r in found if r not in opposed)
