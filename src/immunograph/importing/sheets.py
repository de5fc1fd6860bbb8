"""Curation sheets → Turtle, one file a sheet: always those of the whole folder, whichever are named."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from immunograph.errors import LoadError, Place
from immunograph.identifiers import compress, turtle_name
from immunograph.importing.public_files import blocks_by_file, count_written, read_registry
from immunograph.model import Block, Iri, Literal, Merged, blocks
from immunograph.registry import Registry
from immunograph.sources import ImportReport
from immunograph.sources.curated import SOURCE as CURATED
from immunograph.sources.curated import Curation
from immunograph.sources.importer import Skip
from immunograph.sources.naming import Namer, nameable_nodes
from immunograph.sources.retired import retired_identifiers
from immunograph.sources.same_conditions import reviewed_diseases
from immunograph.sources.sheets import read_sheet
from immunograph.store.reading import read_blocks
from immunograph.turtle import subject_lines, write_turtle
from immunograph.vocabulary import IG, IGA

ADD_TO_OTHERS = ("purplebook", "drugbank-vocabulary")
"""Sources that describe no modulator of their own, but add names and cross-references to those of others."""

NO_MORE = "stated before, and no more"
"""Why a statement is noted that the Turtle held before the import and does not hold after it."""

_YAML = {".yaml", ".yml"}
_OWN_FILES = {"source"}


def registry_for_sheets(data: Path, out: Path) -> Registry:
    """What sheets may name: all but what they write themselves and the sources that add to what they write."""
    return read_registry(data, out, *(data / name for name in ADD_TO_OTHERS))


def sheets_of(files: Sequence[Path], out: Path) -> list[Path]:
    """The sheets that a folder of Turtle is made of, once some of them are given, by file name.

    Sheets share names, documents and evidence, so that one alone cannot be imported. The others are those in
    ``sheets`` under the folder, and those beside a given one that have Turtle in the folder.

    Args:
        files: what was given; a sheet goes before another one of its name.
        out: the folder of Turtle.

    Raises:
        LoadError: two given sheets have one name.
    """
    given = {path.stem: path for path in files if path.suffix in _YAML}
    for path in files:
        if path.suffix in _YAML and given[path.stem].resolve() != path.resolve():
            raise LoadError(
                f"has the name of {given[path.stem]}, and both would write one file; rename one", Place(path)
            )
    found = {path.stem: path for path in _yaml_files(out / "sheets")}
    for folder in {path.parent for path in given.values()}:
        for path in _yaml_files(folder):
            if (out / f"{path.stem}.ttl").exists():
                found.setdefault(path.stem, path)
    return sorted((found | given).values(), key=lambda path: path.name)


def import_sheets(files: Sequence[Path], out: Path, registry: Registry, *, is_strict: bool = False) -> ImportReport:
    """Read the curation sheets of a folder together and write one Turtle file a sheet, ``source.ttl`` beside.

    Whichever sheets are given, and in whatever order, the same sheets give the same bytes.

    Args:
        files: sheets (``.yaml``), and any ontology releases whose terms may be named though the graph does not
            describe them yet; ``sheets_of`` says which other sheets are read with them.
        out: the folder; Turtle of a sheet that is gone from ``sheets`` under it is removed.
        registry: what other sources describe.
        is_strict: whether the first row that cannot be written stops the import, before anything is written.

    Returns:
        The report: what was left out, with its lines, and statements that are there no more.

    Raises:
        LoadError: a sheet is missing or broken, and it names the line; or the folder holds Turtle of a sheet that is
            nowhere to be found.
        ExportError: the folder cannot be written.
    """
    report = ImportReport(is_strict=is_strict, most_examples=None)
    paths = sheets_of(files, out)
    gone = _gone_files(paths, out)
    sheets = [read_sheet(path) for path in paths]
    outside = Registry()
    outside.extend(nameable_nodes(path for path in files if path.suffix not in _YAML))
    by_sheet: dict[str, Merged] = {sheet.name: Merged() for sheet in sheets}
    namer = Namer(registry, outside, same=reviewed_diseases(), retired=retired_identifiers())
    for name, record in Curation(sheets, namer, report).records():
        by_sheet[name].add(record)
    report.notes = _of_sheets(report.notes, {path.resolve() for path in files})
    stated = {iri for merged in by_sheet.values() for iri in merged.associations}
    _note_what_goes([*(out / f"{name}.ttl" for name in by_sheet), *gone], stated, report)
    write_turtle([blocks(CURATED)], out / "source.ttl")
    for name, merged in by_sheet.items():
        write_turtle([block for found in blocks_by_file(merged).values() for block in found], out / f"{name}.ttl")
        count_written(merged, report)
    for path in gone:
        path.unlink()
    return report


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in _YAML)


def _gone_files(sheets: Iterable[Path], out: Path) -> list[Path]:
    """Turtle of sheets that are gone.

    Raises:
        LoadError: nothing says where the sheets of the folder are kept, so that one may merely lie elsewhere.
    """
    kept = {path.stem for path in sheets} | _OWN_FILES
    gone = sorted(path for path in out.glob("*.ttl") if path.stem not in kept)
    if gone and not (out / "sheets").is_dir():
        raise LoadError("is of a sheet that was not given; give all sheets, or delete the file", Place(gone[0]))
    return gone


def _of_sheets(notes: Mapping[str, Sequence[Skip]], given: Collection[Path]) -> dict[str, list[Skip]]:
    """The notes on the given sheets alone: whoever mends one sheet is not told of the oddities of all others."""
    kept = {reason: [note for note in found if note.at.path.resolve() in given] for reason, found in notes.items()}
    return {reason: found for reason, found in kept.items() if found}


def _note_what_goes(files: Iterable[Path], stated: set[str], report: ImportReport) -> None:
    """Note each statement of these files that is not among those to be written."""
    names = {turtle_name(iri) for iri in stated}
    own = turtle_name(IGA + "x").removesuffix("x")
    for path in files:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        lines = {subject: line for line, subject in subject_lines(text) if subject.startswith(own)}
        if missing := lines.keys() - names:
            for block in read_blocks(path):
                name = turtle_name(block.subject)
                if name in missing and not block.subject.startswith(f"{IGA}affinity-"):
                    report.note(Place(path, lines[name]), NO_MORE, _as_words(block))


def _as_words(block: Block) -> str:
    """A statement's subject, predicate, object and qualifiers."""
    found: dict[str, list[str]] = {}
    for predicate, term in block.pairs:
        shown = compress(term.value) if isinstance(term, Iri) else term.value if isinstance(term, Literal) else ""
        found.setdefault(predicate.removeprefix(IG), []).append(shown)
    ends = [found.pop(name, [""])[0].removeprefix("ig:") for name in ("subject", "predicate", "object")]
    more = [f"{name} {', '.join(values)}" for name, values in found.items() if name[0].islower() and ":" not in name]
    return " ".join(ends) + "".join(f"; {text}" for text in more if not text.startswith("hasEvidence"))
