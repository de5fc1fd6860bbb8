from pathlib import Path

import pytest

from immunograph.assets import ontology_dir
from immunograph.errors import LoadError
from immunograph.identifiers import expand
from immunograph.knowledge import KnowledgeGraph
from immunograph.model import Association
from immunograph.sources.importer import ImportReport
from immunograph.sources.left_out import COLUMNS, read_left_out, without_left_out

HEADER = "\t".join(COLUMNS)
ROW = "some-source\tigd:madeupine\tinhibits\tUniProtKB:P05231\tmadeupine inhibits interleukin-6\tof another drug"


def written(folder: Path, row: str) -> Path:
    path = folder / "left-out.tsv"
    path.write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    return path


def said(source: str, predicate: str = "inhibits") -> Association:
    return Association(source, expand("igd:madeupine"), predicate, expand("UniProtKB:P05231"), ("urn:x:evidence",))


def test_the_statement_of_that_source_is_left_out_and_counted(tmp_path: Path) -> None:
    report = ImportReport()
    records = [said("some-source"), said("another"), said("some-source", "binds")]
    assert list(without_left_out(records, report, read_left_out(written(tmp_path, ROW)))) == records[1:]
    assert report.unmapped == {"statement left out: of another drug": {"igd:madeupine inhibits UniProtKB:P05231": 1}}


@pytest.mark.parametrize(("old", "new"), [("inhibits\t", "likes\t"), ("igd:", "nope:"), ("of another drug", "")])
def test_a_broken_row_is_refused_with_its_line(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(LoadError, match=r"left-out\.tsv:2"):
        read_left_out(written(tmp_path, ROW.replace(old, new, 1)))


def test_nothing_left_out_is_in_the_shipped_graph(shipped_kg: KnowledgeGraph) -> None:
    shipped = read_left_out(ontology_dir() / "scope" / "left-out.tsv")
    assert shipped
    for source, subject, predicate, object_ in shipped:
        stated = f"?a ig:subject <{subject}> ; ig:predicate ig:{predicate} ; ig:object <{object_}>"
        assert shipped_kg.sparql(f"ASK {{ {stated} ; ig:hasEvidence/ig:source igs:{source} }}") is False
