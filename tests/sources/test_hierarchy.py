from pathlib import Path

import pytest

from immunograph.assets import ontology_dir
from immunograph.errors import LoadError
from immunograph.identifiers import as_iri
from immunograph.knowledge import KnowledgeGraph
from immunograph.sources.hierarchy import COLUMNS, read_hierarchy, with_reviewed_parents
from immunograph.sources.ontologies import OntologyTerm
from immunograph.sources.scope import read_asset_rows

TABLE = ontology_dir() / "scope" / "hierarchy.tsv"
HEADER = "\t".join(COLUMNS)


def written(folder: Path, *rows: str) -> Path:
    path = folder / "hierarchy.tsv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_parent_is_left_out_and_another_added(tmp_path: Path) -> None:
    reviewed = read_hierarchy(
        written(
            tmp_path,
            "MONDO:1\tone\tMONDO:2\ttwo\tleave out\tnot so",
            "MONDO:1\tone\tMONDO:4\tfour\tadd\tby its definition",
        )
    )
    one, two, three, four = (as_iri(f"MONDO:{number}") or "" for number in (1, 2, 3, 4))
    assert with_reviewed_parents(OntologyTerm(one, "one", parents=(two, three)), reviewed).parents == (three, four)
    untouched = OntologyTerm(three, "three", parents=(two,))
    assert with_reviewed_parents(untouched, reviewed) is untouched


@pytest.mark.parametrize(
    "row",
    [
        "MONDO:1\tone\tMONDO:2\ttwo\tperhaps\tnot so",
        "MONDO:1\tone\tMONDO:2\ttwo\tadd\t",
        "NOPE:1\tone\tMONDO:2\ttwo\tadd\tnot so",
        "MONDO:1\tone\tMONDO:2",
    ],
)
def test_a_broken_row_is_refused_with_its_line(tmp_path: Path, row: str) -> None:
    with pytest.raises(LoadError, match=r"hierarchy\.tsv:2"):
        read_hierarchy(written(tmp_path, row))


def test_the_shipped_graph_follows_the_table(shipped_kg: KnowledgeGraph) -> None:
    """What was left out does not come back by another way, and labels are those of the terms."""
    followed = 0
    for at, row in read_asset_rows(TABLE, COLUMNS):
        term, broader = as_iri(row["term"]), as_iri(row["broader"])
        if not shipped_kg.sparql(f"ASK {{ <{term}> a ig:Condition . <{broader}> a ig:Condition }}"):
            continue
        followed += 1
        assert [shipped_kg.label(iri or "") for iri in (term, broader)] == [row["label"], row["broader_label"]], at
        holds = shipped_kg.sparql(f"ASK {{ <{term}> ig:broader <{broader}> }}")
        assert holds is (row["decision"] == "add"), f"{at}: {row['label']} below {row['broader_label']}"
    assert followed > 20
