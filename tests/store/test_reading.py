from pathlib import Path

import pytest

from immunograph.errors import LoadError
from immunograph.store.reading import data_files, parse_file, read_blocks, read_iris_in_use, read_nodes

GOOD = """@prefix ig: <https://w3id.org/immunograph/onto/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<urn:x:a> a ig:Condition ; rdfs:label "colitis"@en ; ig:broader <urn:x:up> .
<urn:x:s> a ig:Association, ig:Indication ; ig:subject <urn:x:m> ; ig:predicate ig:treats ; ig:object <urn:x:a> ;
  ig:regulator <urn:x:r> ; ig:hasEvidence <urn:x:e> .
"""


def write(tmp_path: Path, content: str, name: str = "x.ttl") -> Path:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def test_nodes_are_read_and_associations_left(tmp_path: Path) -> None:
    (node,) = read_nodes([write(tmp_path, GOOD)])
    assert (node.iri, node.label, node.types, node.broader) == ("urn:x:a", "colitis", ("Condition",), ("urn:x:up",))


def test_identifiers_in_use_are_those_that_statements_and_hierarchies_name(tmp_path: Path) -> None:
    used = read_iris_in_use([write(tmp_path, GOOD)])
    ours = {iri for iri in used if iri.startswith("urn:")}
    assert ours == {"urn:x:up", "urn:x:m", "urn:x:a", "urn:x:r"}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("<urn:a> <urn:b> .\n", 1),
        ("@prefix ig: <urn:ig#> .\n<urn:a> a ig:X ;\n  nope:b 1 .\n", 3),
        ("<urn:a> <urn:b", 1),
    ],
)
def test_a_syntax_error_names_file_and_line(tmp_path: Path, content: str, line: int) -> None:
    path = write(tmp_path, content)
    with pytest.raises(LoadError) as caught:
        list(parse_file(path))
    assert caught.value.at.path == path
    assert caught.value.at.line == line


def test_a_missing_file_an_unknown_ending_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="cannot be read"):
        list(parse_file(tmp_path / "none.ttl"))
    with pytest.raises(LoadError, match="unknown ending"):
        list(parse_file(write(tmp_path, "", "x.txt")))
    with pytest.raises(LoadError, match="not a folder"):
        data_files(tmp_path / "none")


def test_a_blank_node_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="blank node"):
        read_blocks(write(tmp_path, "[] a <urn:x:A> ."))
