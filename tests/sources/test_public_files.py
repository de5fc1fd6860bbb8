"""The importers on the real files, where they lie beside the checkout."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from immunograph.identifiers import compress, expand
from immunograph.model import Association, Node
from immunograph.registry import Registry
from immunograph.sources import adjuvants, cellphonedb, cells, cytokines, famplex, go, hp, mondo, proteins, reactome
from immunograph.sources.importer import Importer, ImportReport
from immunograph.sources.wikipathways import not_immune, read_titles

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"
ONTOLOGIES = REFERENCE / "ontologies"
CELLPHONEDB = REFERENCE / "cellphonedb"
GENES = ONTOLOGIES / "hgnc_entries.tsv.gz"
HUMAN = CELLPHONEDB / "uniprot.tab.gz"
COMPLEXES = CELLPHONEDB / "complex_input.csv"
RELATIONS = REFERENCE / "famplex" / "relations.csv"

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference files are not beside the checkout"),
]


def read(
    importer: Importer, files: Iterable[Path], *in_use: str
) -> tuple[dict[str, Node], set[tuple[str, str, str]], ImportReport]:
    report = ImportReport()
    records = list(importer.read(list(files), Registry(in_use={expand(one) for one in in_use}), report))
    nodes = {compress(one.iri): one for one in records if isinstance(one, Node)}
    statements = {
        (compress(one.subject), one.predicate, compress(one.object)) for one in records if isinstance(one, Association)
    }
    return nodes, statements, report


def test_mondo_and_hp_share_a_concept() -> None:
    files = (
        ONTOLOGIES / "MONDO-ontology-v2026-05-05.json.zst",
        ONTOLOGIES / "mondo.json.gz",
        ONTOLOGIES / "hp.obo.gz",
    )
    diseases, _, _ = read(mondo.IMPORTER, files, "MONDO:0008383", "MONDO:0005365", "HP:0002014")
    assert diseases["MONDO:0008383"].label == "rheumatoid arthritis"
    assert expand("HP:0002014") in diseases["MONDO:0001673"].exact
    registry, report = Registry(in_use={expand("HP:0002014")}), ImportReport()
    registry.extend(diseases.values())
    lent = list(hp.IMPORTER.read([ONTOLOGIES / "hp.obo.gz"], registry, report))
    assert [(compress(node.iri), node.synonyms) for node in lent if isinstance(node, Node)] == [
        ("MONDO:0005365", ("Hearing impairment",))
    ]
    assert list(report.unmapped) == ["HP term that is a MONDO concept"]


def test_go_has_a_broad_set_of_immune_processes() -> None:
    nodes, _, _ = read(go.IMPORTER, [ONTOLOGIES / "go.json.gz"])
    labels = {node.label for node in nodes.values()}
    assert len(nodes) >= 150
    assert {"immune system process", "T cell activation", "interleukin-6 production"} <= labels
    assert not {label for label in labels if "hemocyte" in label or "jasmonic" in label}


def test_cells_are_those_of_the_slim() -> None:
    slim = REFERENCE / "cell_ontology" / "blood_and_immune_upper_slim.obo.gz"
    nodes, _, _ = read(cells.IMPORTER, [slim, ONTOLOGIES / "CL-ontology-v2026-03-26.json.zst"])
    assert len(nodes) >= 160
    assert {"T cell", "B cell", "neutrophil"} <= {node.label for node in nodes.values()}


def test_proteins_have_name_symbol_and_surface() -> None:
    files = (
        HUMAN,
        GENES,
        CELLPHONEDB / "protein_input.csv",
        ONTOLOGIES / "UniProt-ontology-2026-01-28.json.zst",
    )
    nodes, _, report = read(proteins.IMPORTER, files, "UniProtKB:P11836", "UniProtKB:P52333")
    assert nodes["UniProtKB:P52333"].label == "Tyrosine-protein kinase JAK3"
    assert "SurfaceAntigen" in nodes["UniProtKB:P11836"].types
    assert "CD20" in nodes["UniProtKB:P11836"].synonyms
    assert expand("HGNC:7315") in nodes["UniProtKB:P11836"].exact
    assert not report.unmapped


def test_cytokines_signal_through_their_receptors() -> None:
    table = REFERENCE / "cytokines" / "all_cytokines.tsv"
    nodes, statements, _ = read(
        cytokines.IMPORTER, [table, GENES, HUMAN, COMPLEXES, RELATIONS, ONTOLOGIES / "go.json.gz"]
    )
    modulators = [node for node in nodes.values() if "Modulator" in node.types]
    assert len(modulators) >= 175
    assert ("UniProtKB:P05231", "signalsThrough", "UniProtKB:P08887") in statements
    assert ("UniProtKB:P18510", "inhibitsTarget", "UniProtKB:P14778") in statements
    assert ("UniProtKB:P18510", "signalsThrough", "UniProtKB:P14778") not in statements


def test_cellphonedb_knows_the_checkpoint() -> None:
    _, statements, _ = read(
        cellphonedb.IMPORTER, [CELLPHONEDB / "interaction_input.csv.gz", COMPLEXES, HUMAN, GENES, RELATIONS]
    )
    assert ("UniProtKB:Q15116", "bindsLigand", "UniProtKB:Q9NZQ7") in statements
    assert sum(predicate == "bindsLigand" for _, predicate, _ in statements) >= 300


def test_famplex_knows_the_janus_kinases() -> None:
    folder = REFERENCE / "famplex"
    files = [RELATIONS, folder / "entities.csv", folder / "equivalences.csv", GENES, COMPLEXES]
    _, statements, _ = read(famplex.IMPORTER, files, "FPLX:JAK")
    members = {subject for subject, _, family in statements if family == "FPLX:JAK"}
    assert members == {"UniProtKB:P23458", "UniProtKB:O60674", "UniProtKB:P52333", "UniProtKB:P29597"}


def test_reactome_leads_up_to_the_immune_system() -> None:
    folder = REFERENCE / "reactome"
    files = [
        folder / "ReactomePathways.txt.gz",
        folder / "ReactomePathwaysRelation.txt.gz",
        folder / "uniprot_2_reactome_2025_01_14.human.tsv.gz",
    ]
    nodes, statements, _ = read(reactome.IMPORTER, files, "UniProtKB:P08887")
    assert statements
    assert "Immune System" in {node.label for node in nodes.values()}


def test_adjuvants_come_with_receptors() -> None:
    table = REFERENCE / "vo" / "vaccine_adjuvant.csv"
    nodes, statements, report = read(adjuvants.IMPORTER, [table, HUMAN, GENES])
    assert len(nodes) >= 440
    assert {"binds", "activates", "stimulates"} == {predicate for _, predicate, _ in statements}
    assert "receptor" not in report.unmapped


def test_left_out_pathways_are_those_of_the_archive() -> None:
    titles = read_titles(REFERENCE / "wikipathways" / "immune.tar.gz")
    assert {one: titles.get(one) for one in not_immune()} == dict(not_immune())
