"""Local rows joined with what a stand-in says, which serves a small RDF file: batches, cache, no network."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from tests.store.stand_in import Server, serving

from immunograph.assets import recipes_dir
from immunograph.cli import main
from immunograph.errors import EndpointError, LoadError, QueryNotFoundError, QueryParameterError
from immunograph.federation import Federation, Recipe, find_recipe, read_recipes
from immunograph.federation.answers import DATES_KEPT, AnswerCache
from immunograph.knowledge import KnowledgeGraph
from immunograph.model import Iri, Literal
from immunograph.queries import Answer
from immunograph.store.graph import Rows
from immunograph.store.remote import Endpoint

HERE = Path(__file__).resolve().parent
FIXTURE = HERE.parent / "fixture"
RECIPES = read_recipes(recipes_dir())
CLOSED = "http://127.0.0.1:9/sparql"
TODAY = datetime.date(2026, 1, 31)

PROTEINS = Answer(("n", "target"), ((1, "UniProtKB:P08887"), (2, "UniProtKB:P05231"), (3, None)))
SUBSTANCES = Answer(("substance",), (("CHEBI:41879",),))
TERMS = Answer(("condition", "treats"), (("MONDO:0008383", "a"), ("MONDO:0008383", "b")))

ROWS = {
    "uniprot-locations": (
        PROTEINS,
        [
            ("UniProtKB:P08887", "https://example.org/remote/membrane", "Made-up membrane"),
            ("UniProtKB:P08887", "https://example.org/remote/vesicle", "Made-up vesicle"),
            ("UniProtKB:P05231", None, None),
            (None, None, None),
        ],
    ),
    "wikipathways-membership": (
        PROTEINS,
        [
            ("UniProtKB:P08887", "https://example.org/remote/pathway", "Made-up signalling"),
            ("UniProtKB:P05231", None, None),
            (None, None, None),
        ],
    ),
    "wikidata-compounds": (
        SUBSTANCES,
        [("CHEBI:41879", "https://example.org/remote/item", "made-up substance", "CHEMBL0")],
    ),
    "rhea-reactions": (SUBSTANCES, [("CHEBI:41879", "https://example.org/remote/reaction", "a = b")]),
    "ontology-terms": (TERMS, [("MONDO:0008383", "rheumatoid arthritis", "Made-up definition.", None)] * 2),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    store = ox.Store()
    store.load(path=str(HERE / "remote.ttl"), format=ox.RdfFormat.TURTLE)
    with serving(store) as running:
        yield running


@pytest.fixture
def url(server: Server) -> str:
    server.methods.clear()
    return server.url + "sparql"


def federation(
    recipe: Recipe, url: str, folder: Path, *, is_offline: bool = False, today: datetime.date = TODAY
) -> Federation:
    endpoint = None if is_offline else Endpoint(url, 5, tries=1)
    return Federation(recipe, url, endpoint, AnswerCache(folder), lambda _: [], today)


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_joins_what_its_endpoint_says(name: str, url: str, tmp_path: Path) -> None:
    answer, expected = ROWS[name]
    joined = federation(RECIPES[name], url, tmp_path).joined(answer)
    width = len(answer.columns)
    assert joined.columns[:width] == answer.columns and joined.columns[width] == f"{name}_key"
    assert [row[width:] for row in joined.rows] == expected
    assert {row[:width] for row in joined.rows} == set(answer.rows)
    assert all(joined.meanings[column] for column in joined.columns[width:])


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_runs_as_it_stands(name: str, url: str) -> None:
    recipe = RECIPES[name]
    found = Endpoint(url).select(recipe.text)
    assert set(found.columns) == set(recipe.columns)
    assert found.rows
    assert recipe.endpoint.startswith("https://") and recipe.licence


def test_identifiers_go_out_in_batches_and_none_is_lost(url: str, server: Server, tmp_path: Path) -> None:
    recipe = Recipe(**{**as_dict(RECIPES["uniprot-locations"]), "batch": 2})
    rows = (("UniProtKB:P08887",), *((f"UniProtKB:Q0000{n}",) for n in range(4)))
    joined = federation(recipe, url, tmp_path).joined(Answer(("target",), rows))
    assert len(server.methods) == 3
    assert {row[0] for row in joined.rows} == {row[0] for row in rows}
    assert len(joined.rows) == 6


def test_a_day_asks_once(url: str, server: Server, tmp_path: Path) -> None:
    recipe = RECIPES["uniprot-locations"]
    first = federation(recipe, url, tmp_path).joined(PROTEINS)
    assert federation(recipe, url, tmp_path).joined(PROTEINS) == first
    assert len(server.methods) == 1
    tomorrow = TODAY + datetime.timedelta(days=1)
    assert federation(recipe, url, tmp_path, today=tomorrow).joined(PROTEINS) == first
    assert len(server.methods) == 2


def test_without_network_the_cache_answers_and_says_so(url: str, server: Server, tmp_path: Path) -> None:
    recipe, later = RECIPES["uniprot-locations"], TODAY + datetime.timedelta(days=9)
    online = federation(recipe, url, tmp_path).joined(PROTEINS)
    offline = federation(recipe, url, tmp_path, is_offline=True, today=later).joined(PROTEINS)
    assert offline.rows == online.rows
    assert offline.note == "127.0.0.1 was not asked; this is its answer of 2026-01-31, from the cache"
    broken = Federation(recipe, url, Endpoint(CLOSED, 2, tries=1), AnswerCache(tmp_path), lambda _: [], later)
    shown = broken.joined(PROTEINS)
    assert shown.rows == online.rows
    assert "cannot be reached" in shown.note and "2026-01-31, from the cache" in shown.note
    assert len(server.methods) == 1


@pytest.mark.parametrize("is_offline", [True, False])
def test_without_network_and_cache_it_says_what_to_do(is_offline: bool, tmp_path: Path) -> None:
    with pytest.raises(EndpointError, match="nothing is cached for this question yet"):
        federation(RECIPES["uniprot-locations"], CLOSED, tmp_path, is_offline=is_offline).joined(PROTEINS)
    assert not list(tmp_path.iterdir())


def test_terms_of_every_kind_survive_the_cache(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    rows = Rows(
        ("a", "b", "c", "d"), [(Iri("http://x.org/ü"), Literal("1", "http://x.org/int"), Literal("é", "", "fr"), None)]
    )
    cache.keep("http://e.org", "q", rows, TODAY)
    kept = cache.newest("http://e.org", "q")
    assert kept and kept.rows == rows and kept.date == TODAY
    assert cache.newest("http://e.org", "other") is None and cache.newest("http://other.org", "q") is None


def test_old_and_broken_answers_go(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    days = [TODAY + datetime.timedelta(days=day) for day in range(DATES_KEPT + 2)]
    for day in days:
        cache.keep("http://e.org", "q", Rows(("a",), []), day)
    files = sorted(tmp_path.rglob("*.json"))
    assert len(files) == DATES_KEPT
    files[-1].write_text("{", encoding="utf-8")
    kept = cache.newest("http://e.org", "q")
    assert kept and kept.date == days[-2]


def test_rows_without_fitting_identifiers_are_refused(tmp_path: Path) -> None:
    federated = federation(RECIPES["uniprot-locations"], CLOSED, tmp_path)
    with pytest.raises(QueryParameterError, match="holds identifiers of UniProtKB"):
        federated.joined(TERMS)
    with pytest.raises(QueryParameterError, match="no column 'protein'; choose one of n, target"):
        federated.joined(PROTEINS, "protein")
    assert federated.joined(Answer(("target",), ())).columns[0] == "target"


def test_identifiers_are_also_found_through_exact_matches(fixture_kg: KnowledgeGraph, url: str, tmp_path: Path) -> None:
    recipe = Recipe(**{**as_dict(RECIPES["uniprot-locations"]), "keys": ("CHEMBL.COMPOUND",)})
    federated = Federation(recipe, url, Endpoint(url), AnswerCache(tmp_path), fixture_kg._same_as, TODAY)
    joined = federated.joined(Answer(("drug",), (("igd:tocilizumab",), ("igd:adalimumab",))))
    keys = joined.column("uniprot-locations_key")
    assert any(str(key).startswith("CHEMBL.COMPOUND:") for key in keys)


def test_a_recipe_without_its_place_for_identifiers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.rq").write_text("#+ summary: x\nSELECT ?key { ?key ?p ?o }", encoding="utf-8")
    with pytest.raises(LoadError, match="missing: endpoint, keys, columns"):
        read_recipes(tmp_path)
    with pytest.raises(QueryNotFoundError, match="uniprot-locations"):
        find_recipe("uniprot-location", recipes_dir())


def test_the_command_line_joins_lists_and_goes_offline(url: str, fixture_kg: KnowledgeGraph) -> None:
    def run(*args: str) -> tuple[int, str, str]:
        shown = CliRunner().invoke(main, [*args, "--data", str(FIXTURE), "--format", "csv"])
        return shown.exit_code, shown.stdout, shown.stderr

    listed = run("queries", "--recipes")
    assert listed[0] == 0 and "uniprot-locations" in listed[1]
    asked = ("query", "mechanisms-of-modulator", "modulator=tocilizumab", "--federate", f"uniprot-locations@{url}")
    code, out, error = run(*asked, "--offline")
    assert (code, out) == (3, "") and "nothing is cached" in error
    code, online, error = run(*asked)
    assert (code, error) == (0, "") and "Made-up membrane" in online
    assert run(*asked, "--offline") == (0, online, "")
    text = "SELECT ?target { VALUES ?target { UniProtKB:P08887 } }"
    code, out, _ = run("sparql", text, "--federate", f"uniprot-locations@{url}")
    assert code == 0 and out.count("Made-up") == 2


def as_dict(recipe: Recipe) -> dict[str, object]:
    return {name: getattr(recipe, name) for name in Recipe.__dataclass_fields__}
