"""Each check finds the fault of its own example, and nothing in the fixture."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from immunograph.headers import read_header

HERE = Path(__file__).resolve().parent
ONTOLOGY = HERE.parent.parent / "ontology"
FIXTURE = HERE.parent / "fixture" / "graph.ttl"
CHECKS = sorted((ONTOLOGY / "checks").glob("*.rq"))
EXAMPLES = sorted((HERE / "checks").glob("*.ttl"))


def loaded(*paths: Path) -> Store:
    """A store of the ontology and some files."""
    store = Store()
    for path in (*ONTOLOGY.glob("*.ttl"), *(ONTOLOGY / "modules").glob("*.ttl"), *paths):
        store.bulk_load(path=str(path), format=RdfFormat.TURTLE)
    return store


@cache
def header_and_text(check: Path) -> tuple[dict[str, Any], str]:
    header, text = read_header(check)
    return dict(header), text


def rows_of(check: Path, store: Store) -> list[Any]:
    return list(store.query(header_and_text(check)[1]))  # type: ignore[arg-type]


def names(path: Path) -> set[str]:
    """The checks that an example's first line says it fails."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    return {name.strip() for name in first.removeprefix("# fails:").split(",")}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example_fails_exactly_the_checks_it_names(example: Path) -> None:
    store = loaded(HERE / "context.ttl", example)
    assert {check.stem for check in CHECKS if rows_of(check, store)} == names(example)


def test_every_check_has_an_example() -> None:
    assert {check.stem for check in CHECKS} == {path.stem for path in EXAMPLES}


def test_the_fixture_and_the_context_of_the_examples_have_no_fault() -> None:
    store = loaded(FIXTURE, HERE / "context.ttl")
    assert {check.stem: rows_of(check, store)[:3] for check in CHECKS if rows_of(check, store)} == {}


@pytest.mark.parametrize(
    ("address", "is_refused"),
    [
        ("https://www.uptodate.com/contents/tocilizumab-drug-information", True),
        ("https://medicine.com/drug/elapegademase/hcp", True),
        ("https://www.drugs.com/monograph/tocilizumab.html", True),
        ("https://www.medscape.co.uk/drug/alclometasone-68414", True),
        ("https://en.wikipedia.org/wiki/Tocilizumab", True),
        ("https://patents.google.com/patent/US1", True),
        ("https://www.medscape.com/viewarticle/812822", False),
        ("https://www.drugs.com/pro/actemra.html", False),
        ("https://www.springermedicine.com/uveitis", False),
        ("https://www.rxreasoner.com/monographs/lumoxiti/pharmacology", False),
    ],
)
def test_pages_that_facts_are_not_taken_from_are_refused(address: str, is_refused: bool) -> None:
    store = Store()
    ig = "https://w3id.org/immunograph/onto/"
    store.update(f'INSERT DATA {{ <urn:x:e> a <{ig}Evidence> ; <{ig}address> "{address}" }}')
    assert bool(rows_of(ONTOLOGY / "checks" / "evidence-from-source-not-cited.rq", store)) == is_refused


@pytest.mark.parametrize("check", CHECKS, ids=lambda path: path.stem)
def test_check_says_what_is_wrong_what_to_do_and_what_its_columns_mean(check: Path) -> None:
    header, text = header_and_text(check)
    assert header["summary"].endswith(".") and header["remedy"].endswith(".")
    assert header["severity"] in {"violation", "warning"}
    solutions = Store().query(text)
    assert isinstance(solutions, QuerySolutions)
    variables = [variable.value for variable in solutions.variables]
    assert list(header["columns"]) == variables
    assert variables[0] == "node"
