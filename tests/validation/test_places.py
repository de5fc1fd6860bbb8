from pathlib import Path

from immunograph.errors import Place
from immunograph.validation import Places

TEXT = '''\
# igd:first is only spoken of here
@prefix igd: <https://w3id.org/immunograph/id/> .
PREFIX other: <http://example.org/>

igd:first
  a other:Thing ;
  other:says """igd:second
igd:third .
""" .

igd:second a other:Thing . other:third a other:Thing .
<http://example.org/fourth> a other:Thing .
'''


def test_each_block_is_found_at_its_first_line(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(TEXT)
    (tmp_path / "b.ttl").write_text(TEXT)
    names = {f"https://w3id.org/immunograph/id/{name}" for name in ("first", "second", "third")}
    found = Places((tmp_path / "a.ttl", tmp_path / "b.ttl")).of(
        [*names, "http://example.org/third", "http://example.org/fourth"]
    )
    assert found == {
        "https://w3id.org/immunograph/id/first": Place(tmp_path / "a.ttl", 5),
        "https://w3id.org/immunograph/id/second": Place(tmp_path / "a.ttl", 11),
        "http://example.org/third": Place(tmp_path / "a.ttl", 11),
        "http://example.org/fourth": Place(tmp_path / "a.ttl", 12),
    }


def test_files_are_read_only_when_something_is_looked_up(tmp_path: Path) -> None:
    assert Places((tmp_path / "missing.ttl",)).of([]) == {}


def test_other_formats_have_no_places(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<http://example.org/a> <http://example.org/b> <http://example.org/c> .\n")
    assert Places((tmp_path / "a.nt",)).of(["http://example.org/a"]) == {}
