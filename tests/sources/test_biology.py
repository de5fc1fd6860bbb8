"""Importers of cytokines, adjuvants, ligands, families, pathways and proteins, on small made-up files."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from immunograph.errors import LoadError
from immunograph.identifiers import compress, expand
from immunograph.model import Association, Evidence, Iri, Node
from immunograph.registry import Registry
from immunograph.sources import adjuvants, cellphonedb, cytokines, famplex, proteins, reactome, wikipathways
from immunograph.sources.importer import Importer, ImportReport

FILES = Path(__file__).parent / "files" / "biology"
CYTOKINES = ("cytokines.tsv", "genes.tsv", "uniprot.tsv", "complexes.csv", "relations.csv", "go.json")
CELLPHONEDB = ("interactions.csv", "complexes.csv", "uniprot.tsv", "genes.tsv", "relations.csv")
FAMPLEX = ("relations.csv", "entities.csv", "equivalences.csv", "genes.tsv", "complexes.csv")
REACTOME = ("pathways.tsv", "hierarchy.tsv", "memberships.tsv")
PROTEINS = ("uniprot.tsv", "genes.tsv", "membrane.csv", "entries.json")
ADJUVANTS = ("adjuvants.csv", "uniprot.tsv", "genes.tsv")


@dataclass
class Read:
    """What an importer gave: nodes, statements as (subject, predicate, object), evidence, report."""

    nodes: dict[str, Node]
    associations: list[Association]
    evidence: dict[str, Evidence]
    report: ImportReport

    @property
    def statements(self) -> set[tuple[str, str, str]]:
        return {(compress(one.subject), one.predicate, compress(one.object)) for one in self.associations}

    def of(self, predicate: str) -> set[tuple[str, str]]:
        return {(subject, object_) for subject, name, object_ in self.statements if name == predicate}


def read(
    importer: Importer,
    files: Sequence[str | Path],
    in_use: Iterable[str] = (),
    known: Iterable[Node] = (),
    *,
    is_strict: bool = False,
) -> Read:
    registry, report = Registry(in_use={expand(one) for one in in_use}), ImportReport(is_strict=is_strict)
    registry.extend(known)
    records = list(importer.read([FILES / file for file in files], registry, report))
    found = Read({}, [], {}, report)
    for record in records:
        if isinstance(record, Node):
            found.nodes.setdefault(compress(record.iri), record)
        elif isinstance(record, Association):
            found.associations.append(record)
        elif isinstance(record, Evidence):
            found.evidence[record.iri] = record
    assert all(one.evidence and set(one.evidence) <= found.evidence.keys() for one in found.associations)
    return found


def test_cytokines_are_modulator_and_target_under_the_protein() -> None:
    found = read(cytokines.IMPORTER, CYTOKINES)
    ligand = found.nodes["UniProtKB:P00001"]
    assert ligand.types == ("Modulator", "EndogenousModulator", "Cytokine", "Target", "Protein")
    assert (ligand.label, ligand.synonyms) == ("Ligand alpha", ("Lig-A",))
    assert "Chemokine" in found.nodes["UniProtKB:P00002"].types
    assert found.nodes["FPLX:LIG"].synonyms == ("Lig-AB",)
    assert "ProteinComplex" in found.nodes["FPLX:LIG"].types
    assert "ComplementFactor" in found.nodes["igd:c3a"].types


def test_cytokines_signal_through_each_component_of_each_receptor() -> None:
    found = read(cytokines.IMPORTER, CYTOKINES)
    signals = [one for one in found.associations if one.predicate == "signalsThrough"]
    ours = {(compress(one.object), one.qualifiers) for one in signals if one.subject == expand("UniProtKB:P00001")}
    needs = (("requiresComplex", Iri(expand("FPLX:RECX"))),)
    assert ours == {("UniProtKB:P00003", needs), ("UniProtKB:P00004", needs), ("UniProtKB:P00004", ())}
    assert found.of("inhibitsTarget") == {("UniProtKB:P00006", "UniProtKB:P00003")}
    assert ("igd:c3a", "UniProtKB:P00003") in found.of("signalsThrough")


def test_cytokines_regulate_immune_processes_alone() -> None:
    found = read(cytokines.IMPORTER, CYTOKINES)
    assert found.of("shifts") == {("UniProtKB:P00001", "GO:0000001")}
    assert found.of("stimulates") == {("UniProtKB:P00002", "GO:0000001")}
    assert not found.of("suppresses")


def test_cytokines_report_what_they_leave_out() -> None:
    found = read(cytokines.IMPORTER, CYTOKINES)
    assert found.report.skipped["antagonist of growth factors, no cytokine"] == 1
    assert found.report.skipped["gene without a reviewed human protein"] == 1
    assert found.report.skipped["cytokine without name or gene"] == 1
    assert found.report.unmapped == {"gene symbol": {"NOGENE": 1}}


def test_adjuvants_activate_only_where_called_agonist() -> None:
    found = read(adjuvants.IMPORTER, ADJUVANTS)
    assert found.of("binds") == {("igd:alum-adjuvant", "UniProtKB:P00007")}
    assert found.of("activates") == {("igd:x1-adjuvant", "FPLX:TLR"), ("igd:x1-adjuvant", "UniProtKB:P00003")}
    assert found.of("stimulates") == {("igd:alum-adjuvant", "GO:0042088"), ("igd:alum-adjuvant", "GO:0042092")}
    assert found.report.unmapped == {
        "receptor": {"no such receptor": 1},
        "immune profile": {"Treg (Treg-biased immune profile)": 1},
    }


def test_adjuvants_keep_names_papers_and_their_identifier() -> None:
    found = read(adjuvants.IMPORTER, ADJUVANTS)
    alum = found.nodes["igd:alum-adjuvant"]
    assert alum.label == "alum vaccine adjuvant"
    assert alum.synonyms == ("alum", "Alu")
    assert alum.exact == (expand("VO:0000002"),)
    assert {"VaccineAdjuvant", "Modulator"} <= set(alum.types)
    (evidence,) = {one.evidence for one in found.associations if one.subject == alum.iri}
    assert [compress(paper) for paper in found.evidence[evidence[0]].references] == ["PMID:7", "PMID:11"]
    assert "igd:plain-adjuvant" in found.nodes
    assert {one.record for one in found.evidence.values()} == {"VO:0000002", "VO:0000003"}


def test_adjuvants_are_labelled_without_the_misspellings_of_the_table() -> None:
    found = read(adjuvants.IMPORTER, ADJUVANTS)
    assert found.nodes["igd:x1-adjuvant"].label == "X1 vaccine adjuvant"
    assert found.nodes["igd:plain-adjuvant"].label == "plain adjuvant"


def test_adjuvants_skip_categories_directives_and_doubles() -> None:
    found = read(adjuvants.IMPORTER, ADJUVANTS)
    assert found.report.skipped == {
        "category of adjuvants": 1,
        "name of another adjuvant": 1,
        "adjuvant without identifier or label": 1,
    }
    with pytest.raises(LoadError, match=r"adjuvants\.csv:8"):
        read(adjuvants.IMPORTER, ADJUVANTS, is_strict=True)


def test_cellphonedb_gives_receptor_binds_ligand_in_scope() -> None:
    found = read(cellphonedb.IMPORTER, CELLPHONEDB)
    assert found.of("bindsLigand") == {
        ("FPLX:RECX", "UniProtKB:P00001"),
        ("UniProtKB:P00004", "UniProtKB:P00002"),
        ("UniProtKB:P00003", "UniProtKB:P00002"),
        ("igd:integrin-x-complex", "UniProtKB:P00001"),
    }
    assert found.report.skipped == {
        "interaction outside the immune system": 2,
        "ligand that is no protein": 1,
        "neither partner is the receptor": 1,
        "partner that is no reviewed human protein or complex": 1,
        "complex without name or subunit": 1,
        "relation of an unknown kind": 1,
    }
    papers = {paper for one in found.evidence.values() for paper in one.references}
    assert papers == {expand("PMID:123")}


def test_cellphonedb_describes_complexes_in_use_with_subunits() -> None:
    found = read(cellphonedb.IMPORTER, CELLPHONEDB)
    assert sorted(found.nodes) == ["FPLX:RECX", "igd:integrin-x-complex"]
    assert found.nodes["FPLX:RECX"].exact == (expand("complexportal:CPX-1"),)
    assert ("UniProtKB:P00003", "FPLX:RECX") in found.of("subunitOf")
    other = Node(expand("FPLX:LIG"), ("Target", "ProteinComplex"), "LIG", (expand("igs:chembl"),))
    assert "FPLX:LIG" in read(cellphonedb.IMPORTER, CELLPHONEDB, known=[other]).nodes
    own = Node(expand("FPLX:LIG"), ("Target", "ProteinComplex"), "LIG", (expand("igs:famplex"),))
    assert "FPLX:LIG" not in read(cellphonedb.IMPORTER, CELLPHONEDB, known=[own]).nodes


def test_famplex_takes_families_of_proteins_in_use() -> None:
    found = read(famplex.IMPORTER, FAMPLEX, ["UniProtKB:P00001"])
    assert sorted(found.nodes) == ["FPLX:LIG", "FPLX:LIGTOP"]
    assert found.statements == {
        ("UniProtKB:P00001", "memberOf", "FPLX:LIG"),
        ("FPLX:LIG", "memberOf", "FPLX:LIGTOP"),
    }
    ligands = found.nodes["FPLX:LIG"]
    assert ligands.types == ("Target", "ProteinFamily")
    assert ligands.exact == (expand("NCIT:C1"),)
    assert ligands.close == (expand("MESH:D1"),)
    assert "Ligand Family" in ligands.synonyms


def test_famplex_takes_every_member_of_an_entity_in_use() -> None:
    found = read(famplex.IMPORTER, FAMPLEX, ["FPLX:RECX", "FPLX:GONE"])
    assert found.of("subunitOf") == {("UniProtKB:P00003", "FPLX:RECX"), ("UniProtKB:P00004", "FPLX:RECX")}
    assert found.nodes["FPLX:RECX"].types == ("Target", "ProteinComplex")
    assert found.nodes["FPLX:RECX"].close == (expand("NCIT:C2"), expand("NCIT:C3"))
    assert found.report.unmapped == {"FamPlex entity": {"FPLX:GONE": 1}}
    assert found.report.skipped["relation of an unknown kind"] == 1


def test_famplex_reports_members_without_protein() -> None:
    found = read(famplex.IMPORTER, FAMPLEX, ["FPLX:LIGTOP"])
    assert found.report.unmapped == {"protein of a gene": {"HGNC:MIR1": 1}}
    assert ("UniProtKB:P00002", "memberOf", "FPLX:LIG") in found.statements


def test_famplex_says_the_same_when_its_own_proteins_are_in_use() -> None:
    first = read(famplex.IMPORTER, FAMPLEX, ["FPLX:LIGTOP", "UniProtKB:P00006"])
    members = {subject for subject, _, _ in first.statements if subject.startswith("UniProtKB:")}
    again = read(famplex.IMPORTER, FAMPLEX, ["FPLX:LIGTOP", *members])
    assert again.statements == first.statements


def test_reactome_gives_pathways_of_proteins_in_use_and_above() -> None:
    found = read(reactome.IMPORTER, REACTOME, ["UniProtKB:P00001"])
    assert found.statements == {("UniProtKB:P00001", "participatesIn", "reactome:R-HSA-3")}
    assert {one.evidence_type for one in found.evidence.values()} == {"0000033", "0000501"}
    assert {name: [compress(iri) for iri in node.broader] for name, node in found.nodes.items()} == {
        "reactome:R-HSA-1": [],
        "reactome:R-HSA-2": ["reactome:R-HSA-1"],
        "reactome:R-HSA-3": ["reactome:R-HSA-2"],
    }
    assert found.report.skipped == {
        "protein that is not in use": 1,
        "pathway that is no longer there": 1,
        "evidence code that is not known": 1,
        "wrong number of cells": 1,
    }
    with pytest.raises(LoadError, match=r"memberships\.tsv:5"):
        read(reactome.IMPORTER, REACTOME, ["UniProtKB:P00001"], is_strict=True)


def test_reactome_describes_pathways_in_use_elsewhere() -> None:
    found = read(reactome.IMPORTER, REACTOME, ["reactome:R-HSA-4", "reactome:R-HSA-77"])
    assert sorted(found.nodes) == ["reactome:R-HSA-1", "reactome:R-HSA-4"]
    assert found.report.unmapped == {"Reactome pathway": {"reactome:R-HSA-77": 1}}


def test_proteins_are_named_after_uniprot_and_hgnc() -> None:
    found = read(proteins.IMPORTER, PROTEINS, ["UniProtKB:P00001", "UniProtKB:P00008"])
    ligand = found.nodes["UniProtKB:P00001"]
    assert ligand.label == "Ligand alpha"
    assert set(ligand.synonyms) == {"LIGA", "LIG-A", "Factor A", "LGA"}
    assert {compress(iri) for iri in ligand.exact} == {"HGNC:1", "NCBIGene:11", "ENSEMBL:ENSG1"}
    assert [(compress(name), term.value) for name, term in ligand.extra] == [("ig:geneSymbol", "LIGA")]
    assert ligand.types == ("Target", "Protein")
    assert not found.nodes["UniProtKB:P00008"].extra
    assert found.report.unmapped == {"gene of a protein": {"UniProtKB:P00008": 1}}


def test_proteins_that_a_source_describes_are_in_use_too() -> None:
    cytokine = Node(expand("UniProtKB:P00002"), ("Modulator", "Target"), "Ligand beta", ())
    assert "UniProtKB:P00002" in read(proteins.IMPORTER, PROTEINS, known=[cytokine]).nodes
    assert ("UniProtKB:P00002", "participatesIn", "reactome:R-HSA-4") in read(
        reactome.IMPORTER, REACTOME, known=[cytokine]
    ).statements


def test_surface_antigens_have_a_cd_number_or_are_membrane_receptors() -> None:
    found = read(proteins.IMPORTER, PROTEINS, ["UniProtKB:P00001", "UniProtKB:P00003", "UniProtKB:P00004"])
    on_surface = {name for name, node in found.nodes.items() if "SurfaceAntigen" in node.types}
    assert on_surface == {"UniProtKB:P00003", "UniProtKB:P00004"}
    assert "CD999" in found.nodes["UniProtKB:P00003"].synonyms


def test_proteins_outside_the_human_table_keep_their_entry_name() -> None:
    found = read(proteins.IMPORTER, PROTEINS, ["UniProtKB:Q11111", "UniProtKB:Q99999"])
    assert found.nodes["UniProtKB:Q11111"].label == "SPIKE_VIRUS"
    assert found.report.unmapped == {"reviewed UniProt protein": {"UniProtKB:Q99999": 1}}


def archive(path: Path, members: dict[str, str]) -> Path:
    with tarfile.open(path, "w:gz") as file:
        for name, content in members.items():
            info = tarfile.TarInfo(f"pathways/{name}")
            info.size = len(content.encode())
            file.addfile(info, BytesIO(content.encode()))
    return path


def info(title: str, species: str = "Homo sapiens") -> str:
    return json.dumps({"title": title, "organisms": [species], "revision": "r1"})


NODES = (
    "Label\tType\tIdentifier\tHGNC\tUniProt\n"
    "LIGA\tProtein\tx\thgnc.symbol:LIGA\tuniprot:P00001;uniprot:Q1\n"
    "OLDREC\tGeneProduct\tx\thgnc.symbol:OLDREC\t\n"
    "alone\tProtein\tx\t\tuniprot:P00008\n"
    "mir\tGeneProduct\tx\thgnc.symbol:MIR1\t\n"
    "unknown\tGeneProduct\tx\t\t\n"
    "ATP\tMetabolite\tx\t\t\n"
)


def test_wikipathways_gives_members_in_use(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "wp.tar.gz",
        {
            "WP1-info.json": info("Made-up immunity "),
            "WP1-datanodes.tsv": NODES,
            "WP2-info.json": info("Mouse immunity", "Mus musculus"),
            "WP1531-info.json": info("Vitamin D metabolism"),
            "WP1.gpml": "<x/>",
        },
    )
    used = ["UniProtKB:P00001", "UniProtKB:P00003", "UniProtKB:P00008", "wikipathways:WP9"]
    found = read(wikipathways.IMPORTER, [path, FILES / "genes.tsv"], used)
    assert {name: node.label for name, node in found.nodes.items()} == {"wikipathways:WP1": "Made-up immunity"}
    assert found.of("participatesIn") == {
        ("UniProtKB:P00001", "wikipathways:WP1"),
        ("UniProtKB:P00003", "wikipathways:WP1"),
        ("UniProtKB:P00008", "wikipathways:WP1"),
    }
    assert "WP1 r1 hgnc.symbol:LIGA" in {one.record for one in found.evidence.values()}
    assert found.report.skipped == {
        "gene or protein without HGNC symbol": 1,
        "pathway without title, or not human": 1,
        "pathway that is not of immunity": 1,
    }
    assert found.report.unmapped == {
        "protein of a gene": {"hgnc.symbol:MIR1": 1},
        "WikiPathways pathway": {"wikipathways:WP9": 1},
    }


@pytest.mark.parametrize("content", [b"no archive", b""])
def test_wikipathways_refuses_a_broken_archive(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "wp.tar.gz").write_bytes(content)
    with pytest.raises(LoadError, match="cannot be read as an archive"):
        read(wikipathways.IMPORTER, [tmp_path / "wp.tar.gz", FILES / "genes.tsv"])
