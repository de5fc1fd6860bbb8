"""The committed Turtle of the curation sheets is what importing the sheets gives, byte for byte."""

from pathlib import Path

from immunograph.importing import import_sheets, registry_for_sheets

ROOT = Path(__file__).resolve().parents[2]
CURATED = ROOT / "data" / "curated"


def test_importing_the_sheets_again_gives_the_committed_files(tmp_path: Path) -> None:
    registry = registry_for_sheets(ROOT / "data", CURATED)
    report = import_sheets(sorted((CURATED / "sheets").glob("*.yaml")), tmp_path, registry)
    assert not {reason for reason in report.skipped if reason.startswith(("a name that", "a document that"))}
    written = {path.name: path.read_bytes() for path in tmp_path.glob("*.ttl")}
    committed = {path.name: path.read_bytes() for path in CURATED.glob("*.ttl")}
    assert written.keys() == committed.keys()
    assert [name for name in committed if written[name] != committed[name]] == []
