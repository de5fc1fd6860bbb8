"""Hand-annotated drug labels → adverse reactions, by label section.

Two hundred labels were annotated by pharmacists; each reaction carries the label's own words and a MedDRA code. The
words are looked up among public conditions; the codes and names of MedDRA are never read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from immunograph.assets import ontology_dir
from immunograph.errors import LoadError, Place
from immunograph.identifiers import as_iri, prefix_map
from immunograph.model import Association, Evidence, Iri, Node, Record, Source, Term, true
from immunograph.names import name_key
from immunograph.registry import Registry
from immunograph.sources.condition_finder import ConditionFinder, read_condition_finder
from immunograph.sources.importer import Importer, ImportReport, open_text
from immunograph.sources.json_stream import json_items
from immunograph.sources.ontologies import read_terms
from immunograph.sources.same_conditions import reviewed_diseases
from immunograph.sources.scope import read_asset_rows
from immunograph.sources.slices import expect_files
from immunograph.vocabulary import IG

SLUG = "onsides"
FILES = MappingProxyType(
    {
        "train": "annotated labels, first half, JSON",
        "test": "annotated labels, second half, JSON",
        "mondo": "MONDO as closure JSON: labels, synonyms, hierarchy",
        "mondo_xrefs": "MONDO as list JSON: cross-references",
        "phenotypes": "the Human Phenotype Ontology as OBO",
        "events": "the Ontology of Adverse Events as OWL",
        "aliases": "the curated sheet of conditions, for its reviewed aliases, YAML",
    }
)
SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "boxed warnings": "BoxedWarningSection",
        "warnings and precautions": "WarningsSection",
        "adverse reactions": "AdverseReactionsSection",
    }
)
"""Section as the files call it → ours, the most severe first."""

_LABEL_STATEMENT = "0000033"
"""ECO: author statement supported by traceable reference."""


@dataclass(frozen=True, slots=True)
class LabelSection:
    """One annotated section of one label: the words of the reactions that people had."""

    at: Place
    brand: str
    section: str
    terms: tuple[str, ...]


@dataclass(slots=True)
class EventNames:
    """Words of labels → conditions: a reviewed alias, a node of our own, else MONDO, else HP, else OAE.

    An event of OAE that was decided to be a term of MONDO or HP is that term.

    Attributes:
        aliases: name key → IRI, from a reviewed sheet.
        own: conditions that the graph describes, for those of our own.
        public: MONDO and HP.
        events: name key → IRIs in OAE, or of what stands in their place.
    """

    aliases: Mapping[str, str]
    own: Registry
    public: ConditionFinder
    events: Mapping[str, set[str]]

    def find(self, words: str) -> str | None:
        """Give the IRI of the one condition that is called so, in the plural too; None where none or several are."""
        return self._called(words) or next((iri for one in _singular(words) if (iri := self._called(one))), None)

    def _called(self, words: str) -> str | None:
        if alias := self.aliases.get(name_key(words)):
            return alias
        minted = prefix_map()["igd"]
        own = {node.iri for node in self.own.by_name(words, ["Condition"]) if node.iri.startswith(minted)}
        if own:
            return next(iter(own)) if len(own) == 1 else None
        public = self.public.by_name(words)
        if isinstance(public, str):
            return public
        events = self.events.get(name_key(words), set())
        return next(iter(events)) if len(events) == 1 else None


def read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Record]:
    """Read the adverse reactions on the labels of modulators that the graph knows.

    One association for a modulator and a condition, with the most severe section that names it; each section that
    does so is evidence.

    Args:
        files: as ``FILES`` lists them.
        registry: modulators by brand name, conditions by name.
        report: counts labels and terms left out by reason, and words without a condition.

    Raises:
        LoadError: a file is missing or broken; or, when strict, a section is malformed.
    """
    train, test, mondo, xrefs, phenotypes, events, aliases = expect_files(files, FILES)
    public = read_condition_finder(mondo, xrefs, phenotypes, report)
    names = EventNames(_aliases(aliases), registry, public, _events(events, report))
    brands = read_brands()
    found: dict[tuple[str, str], list[LabelSection]] = {}
    for path in (train, test):
        for section in read_sections(path, report):
            modulator = _modulator(section.brand, registry, brands)
            if modulator is None:
                report.skip(section.at, "label of no modulator of the graph", section.brand)
                continue
            for words in section.terms:
                if condition := names.find(words):
                    found.setdefault((modulator.iri, condition), []).append(section)
                else:
                    report.skip(section.at, "words that name no condition", words)
                    report.miss("words of a label", words)
    for (modulator_iri, condition), sections in found.items():
        yield from _reaction(modulator_iri, condition, sections)


def read_sections(path: Path, report: ImportReport) -> Iterator[LabelSection]:
    """Read the annotated sections of a file, in file order; reactions of animals and of other drugs are left out.

    Raises:
        LoadError: the file is missing or broken; or, when strict, a section is malformed.
    """
    for position, value in json_items(path):
        report.read[path.name] += 1
        at = Place(path)
        try:
            yield _section(value, at)
        except (KeyError, TypeError, IndexError) as error:
            report.skip(at, "section lacks a part", f"item {position}: {type(error).__name__}", is_malformed=True)


def read_brands(path: Path | None = None) -> dict[str, str]:
    """Brand name key → drug name, for brands that no other source of the graph gives.

    Args:
        path: the table; None for the shipped one.
    """
    rows = read_asset_rows(path or ontology_dir() / "scope" / "brands.tsv", ("brand", "drug", "source"))
    return {name_key(row["brand"]): row["drug"] for _, row in rows}


def _section(value: Any, at: Place) -> LabelSection:
    terms = dict.fromkeys(str(one[0]).strip() for one in value["adverse_events"] if one[-1] == "human")
    return LabelSection(at, str(value["label_id"]), SECTIONS[value["section_name"]], tuple(terms))


def _modulator(brand: str, registry: Registry, brands: Mapping[str, str]) -> Node | None:
    for name in (brand, brands.get(name_key(brand), "")):
        found = registry.by_name(name, ["Modulator"]) if name else []
        if len(found) == 1:
            return found[0]
    return None


def _aliases(path: Path) -> dict[str, str]:
    """Name key → IRI, from the ``aliases`` of a curated sheet."""
    with open_text(path) as text:
        try:
            listed = yaml.safe_load(text)["aliases"]
            return {name_key(str(name)): iri for name, curie in listed.items() if (iri := as_iri(str(curie)))}
        except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            raise LoadError("is no sheet with aliases; give the curated sheet of conditions", Place(path)) from error


def _singular(words: str) -> Iterator[str]:
    """The last word without its plural ending: ``malignancies``, ``infections``."""
    if words.endswith("ies"):
        yield words[:-3] + "y"
    if words.endswith("s") and not words.endswith("ss"):
        yield words[:-1]


def _events(path: Path, report: ImportReport) -> dict[str, set[str]]:
    """Name key → live terms of OAE, or what was decided to be the same; ``rash AE`` is called ``rash`` too."""
    same = reviewed_diseases()
    found: dict[str, set[str]] = {}
    for term in read_terms(path, report):
        if term.iri.startswith(prefix_map()["OAE"]) and not term.is_deprecated:
            for name in (term.label, *term.synonyms):
                found.setdefault(name_key(name.removesuffix(" AE")), set()).add(same.get(term.iri, term.iri))
    return found


def _reaction(modulator: str, condition: str, sections: Sequence[LabelSection]) -> Iterator[Record]:
    order = list(SECTIONS.values())
    worst = min((section.section for section in sections), key=order.index)
    words = {ours: theirs for theirs, ours in SECTIONS.items()}
    by_record = {f"{section.brand}|{section.section}": section for section in sections}
    evidence = [
        Evidence(
            SLUG,
            record,
            _LABEL_STATEMENT,
            title=f"{section.brand} label, annotated",
            section=words[section.section],
        )
        for record, section in sorted(by_record.items())
    ]
    yield from evidence
    qualifiers: list[tuple[str, Term]] = [("labelSection", Iri(IG + worst))]
    if worst == order[0]:
        qualifiers.append(("boxedWarning", true()))
    yield Association(
        SLUG, modulator, "hasAdverseEffect", condition, tuple(one.iri for one in evidence), tuple(qualifiers)
    )


IMPORTER = Importer(
    source=Source(
        slug=SLUG,
        title="Adverse reactions annotated on 200 drug labels",
        licence="https://spdx.org/licenses/MIT",
        publisher="Demner-Fushman and others, United States National Library of Medicine; by way of OnSIDES",
        address="https://github.com/tatonetti-lab/onsides",
        version="2017",
        issued="2017",
        command="immunograph import onsides demner-fushman-train-labels.json.gz ... --out data/onsides",
        comment="Found by the labels' own words among MONDO, HP and OAE; MedDRA is not carried over.",
    ),
    summary="adverse reactions of annotated labels, by section",
    files=FILES,
    read=read,
)
