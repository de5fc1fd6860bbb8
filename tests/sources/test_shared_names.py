"""A new entry does not quietly take a name that another modulator has."""

from pathlib import Path

import pytest

from immunograph.model import Node
from immunograph.registry import Registry
from immunograph.sources.curated import Curation
from immunograph.sources.importer import ImportReport
from immunograph.sources.naming import Namer
from immunograph.sources.sheets import read_sheet

TAKEN = "a name of another modulator"


def reported(tmp_path: Path, modulators: str, *nodes: Node, aliases: str = "") -> ImportReport:
    registry, report, paths = Registry(), ImportReport(), []
    registry.extend(nodes)
    for number, text in enumerate(filter(None, (modulators, aliases)), 1):
        paths.append(tmp_path / f"s{number}.yaml")
        paths[-1].write_text(text, encoding="utf-8")
    list(Curation([read_sheet(path) for path in paths], Namer(registry, Registry()), report).records())
    return report


def entry(slug: str, *, label: str = "", synonyms: str = "", more: str = "modality: MonoclonalAntibody") -> str:
    return f"  {slug}: {{label: {label or slug}, synonyms: [{synonyms}], {more}}}\n"


def node(name: str, *types: str, synonyms: tuple[str, ...] = ()) -> Node:
    return Node(f"urn:x:{name}", ("Modulator", *types), name, ("urn:x:source",), synonyms=synonyms)


@pytest.mark.parametrize(
    "second",
    [entry("coseen", label="Coseen"), entry("othermab", synonyms="Coseen"), entry("othermab", label="coseen")],
)
def test_a_name_that_another_entry_has_is_told_once_at_the_newcomer(tmp_path: Path, second: str) -> None:
    report = reported(tmp_path, "modulators:\n" + entry("secumab", synonyms="Coseen") + second)
    assert report.skipped == {TAKEN: 1}
    (skip,) = report.examples[TAKEN]
    assert skip.at.line == 3
    place = f"{tmp_path}/s1.yaml:2"
    assert f"oseen is already a name of secumab (igd:secumab, {place}); write its rows there" in skip.detail


def test_a_name_that_a_modulator_of_another_source_has_is_told_with_that_source(tmp_path: Path) -> None:
    other = node("secumab", "MonoclonalAntibody", synonyms=("Coseen",))
    report = reported(tmp_path, "modulators:\n" + entry("othermab", synonyms="Coseen"), other)
    assert "Coseen is already a name of secumab (urn:x:secumab, urn:x:source)" in report.examples[TAKEN][0].detail


def test_two_entries_that_mean_one_modulator_are_told(tmp_path: Path) -> None:
    other = node("secumab", "MonoclonalAntibody", synonyms=("Coseen",))
    report = reported(tmp_path, "modulators:\n" + entry("secumab") + entry("coseen"), other)
    (skip,) = report.examples[TAKEN]
    assert (skip.at.line, skip.detail.partition(";")[0]) == (
        3,
        f"coseen is already a name of secumab (urn:x:secumab, {tmp_path}/s1.yaml:2)",
    )


@pytest.mark.parametrize(
    ("entries", "nodes"),
    [
        (entry("secumab", synonyms="Coseen") + entry("othermab"), ()),
        (entry("granim", synonyms="G-factor"), (node("granulin", "EndogenousModulator", synonyms=("G-factor",)),)),
        (entry("imiq", more="modality: SmallMolecule"), (node("a", "VaccineAdjuvant", synonyms=("imiq",)),)),
        (
            entry("cortisol", more="roles: [endogenous]") + entry("hydro", more="roles: [therapeutic]"),
            (node("hydrocort", "TherapeuticModulator", synonyms=("cortisol", "hydro")),),
        ),
    ],
)
def test_names_that_are_shared_on_purpose_pass(tmp_path: Path, entries: str, nodes: tuple[Node, ...]) -> None:
    assert not reported(tmp_path, "modulators:\n" + entries, *nodes).skipped


def test_an_alias_says_which_of_two_a_name_means(tmp_path: Path) -> None:
    both = "modulators:\n" + entry("secumab", synonyms="Coseen") + entry("othermab", synonyms="Coseen")
    assert reported(tmp_path, both).skipped == {TAKEN: 1}
    assert not reported(tmp_path, both, aliases="aliases: {Coseen: igd:othermab}\n").skipped


def test_an_abbreviation_of_two_is_noted(tmp_path: Path) -> None:
    both = "modulators:\n" + entry("secumab", synonyms="MMF") + entry("othermab", synonyms="MMF")
    report = reported(tmp_path, both)
    assert (report.skipped, list(report.notes)) == ({}, ["an abbreviation of two modulators"])
