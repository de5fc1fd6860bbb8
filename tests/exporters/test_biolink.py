"""KGX against the Biolink Model of its own wheel, offline: classes by pydantic, domains and ranges by the schema."""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from immunograph.exporters.biolink import PREDICATES, biolinked, category_of
from immunograph.exporters.stream import GraphStream
from immunograph.vocabulary import KIND_OF_PREDICATE, OBJECT_KINDS, SUBJECT_KINDS

from ..integration.programs import Missing, biolink_folder
from .conftest import Write

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def wheel() -> Path:
    try:
        return biolink_folder()
    except Missing as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def classes(wheel: Path) -> Iterator[ModuleType]:
    """The model's pydantic classes, which refuse unknown slots and wrong values."""
    sys.path.insert(0, str(wheel))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield importlib.import_module("biolink_model.datamodel.pydanticmodel_v2")
    sys.path.remove(str(wheel))


@pytest.fixture(scope="module")
def schema(wheel: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with (wheel / "biolink_model" / "schema" / "biolink_model.yaml").open(encoding="utf-8") as file:
        found: dict[str, Any] = yaml.load(file, loader)
    return found


@pytest.mark.parametrize("which", ["hostile", "fixture_stream"])
def test_every_record_is_an_instance_of_its_class(
    write: Write, classes: ModuleType, which: str, request: pytest.FixtureRequest
) -> None:
    folder = write("kgx-jsonl", request.getfixturevalue(which))
    count = 0
    for name in ("nodes.jsonl", "edges.jsonl"):
        for line in (folder / name).read_text(encoding="utf-8").split("\n")[:-1]:
            record = json.loads(line)
            (category,) = record["category"]
            getattr(classes, category.removeprefix("biolink:"))(**record)
            count += 1
    assert count > 10


def test_subjects_and_objects_fit_predicates_and_classes(
    write: Write, fixture_stream: GraphStream, schema: dict[str, Any]
) -> None:
    folder = write("kgx-jsonl", fixture_stream)
    categories = {node["id"]: node["category"][0] for node in _records(folder / "nodes.jsonl")}
    said = {
        (categories[edge["subject"]], edge["predicate"], edge["category"][0], categories[edge["object"]])
        for edge in _records(folder / "edges.jsonl")
    }
    assert {edge["original_predicate"] for edge in _records(folder / "edges.jsonl")} >= {
        f"ig:{name}" for name in ("inhibits", "treats", "hasAdverseEffect", "expresses", "signalsThrough")
    }
    assert [fault for one in sorted(said) for fault in faults(schema, *one)] == []


def test_every_combination_of_kinds_fits(schema: dict[str, Any], classes: ModuleType) -> None:
    finer = {
        "Modulator": [
            "SmallMolecule",
            "MonoclonalAntibody",
            "CARTCellTherapy",
            "LifestyleModulator",
            "Cytokine",
            "Protein",
        ],
        "Target": ["Protein", "ProteinComplex", "ProteinFamily", "NucleicAcid", "SmallMoleculeTarget", ""],
        "Measure": ["LaboratoryTest", "Biomarker"],
    }
    prefixes = {"Condition": ["MONDO", "HP", "OAE"]}
    wrong = []
    for predicate in PREDICATES:
        kind = KIND_OF_PREDICATE[predicate]
        for subject in _categories((*SUBJECT_KINDS[kind], "ModulatorClass"), finer, prefixes):
            for object_ in _categories((*OBJECT_KINDS.get(kind, ()), "CellType"), finer, prefixes):
                said, category, slots = biolinked(predicate, subject, object_)
                head = {"id": "x:1", "subject": "x:2", "predicate": f"biolink:{said}", "object": "x:3"}
                level = {"knowledge_level": "knowledge_assertion", "agent_type": "not_provided"}
                getattr(classes, category)(**head, category=[f"biolink:{category}"], **level, **slots)
                wrong += faults(
                    schema, f"biolink:{subject}", f"biolink:{said}", f"biolink:{category}", f"biolink:{object_}"
                )
    assert sorted(set(wrong)) == []


def faults(schema: dict[str, Any], subject: str, predicate: str, category: str, object_: str) -> list[str]:
    """What the schema says against an edge: an unknown or retired predicate, or an end outside domain or range."""
    spelled = {key.replace(" ", "_"): key for key in schema["slots"]}
    slot = schema["slots"].get(spelled.get(predicate.removeprefix("biolink:"), ""))
    told = f"{subject} {predicate} {object_} ({category})"
    if slot is None or slot.get("deprecated"):
        return [f"{told}: no such predicate"]
    usage = schema["classes"][_spaced(schema, category)].get("slot_usage") or {}
    limits = [
        (subject, slot.get("domain")),
        (object_, slot.get("range")),
        (subject, (usage.get("subject") or {}).get("range")),
        (object_, (usage.get("object") or {}).get("range")),
    ]
    return [f"{told}: {end} is no {limit}" for end, limit in limits if limit and limit not in _lineage(schema, end)]


def _lineage(schema: dict[str, Any], category: str) -> frozenset[str]:
    return _above(id(schema), _spaced(schema, category), _Held(schema))


class _Held:
    """The schema as an argument that can be remembered by."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.schema is self.schema


@cache
def _above(key: int, name: str, held: _Held) -> frozenset[str]:
    found = held.schema["classes"][name]
    parents = [*([found["is_a"]] if "is_a" in found else []), *found.get("mixins", [])]
    return frozenset({name}.union(*(_above(key, parent, held) for parent in parents)))


def _spaced(schema: dict[str, Any], category: str) -> str:
    wanted = category.removeprefix("biolink:").casefold()
    return next(name for name in schema["classes"] if name.replace(" ", "").casefold() == wanted)


def _categories(kinds: tuple[str, ...], finer: dict[str, list[str]], prefixes: dict[str, list[str]]) -> set[str]:
    return {
        category_of(f"{prefix}:1", (kind, *filter(None, [more])))
        for kind in kinds
        for more in finer.get(kind, [""])
        for prefix in prefixes.get(kind, ["igd"])
    }


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from map(json.loads, file)
