"""Near misses: one slip anywhere in a name still finds it, and common letters do not bring everything."""

import random
import sqlite3

import pytest

from immunograph.errors import UnknownTermError
from immunograph.knowledge import KnowledgeGraph
from immunograph.names import name_key
from immunograph.queries.near_names import SCHEMA, fill_near, near_rows


def slipped(word: str, chance: random.Random) -> str:
    """A word with one letter dropped, doubled, replaced or swapped with the next."""
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + chance.choice("bdkmpt") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


def test_a_slip_anywhere_is_suggested_first(fixture_kg: KnowledgeGraph) -> None:
    chance = random.Random(7)
    tried = missed = 0
    for node in fixture_kg.find("a", limit=200):
        if len(node.label) < 8:
            continue
        wrong = slipped(node.label, chance)
        try:
            fixture_kg.names.resolve(wrong)
        except UnknownTermError as error:
            tried += 1
            missed += not any(one.startswith(node.label) for one in error.suggestions)
        except Exception:  # noqa: BLE001, S110 - it became another name
            pass
    assert tried > 30 and missed <= tried // 20


def test_only_the_kinds_asked_for_are_near(fixture_kg: KnowledgeGraph) -> None:
    found = fixture_kg.names.near("tocilizumap", ("Modulator",))
    assert found[0].label == "tocilizumab"
    assert all("Modulator" in node.kinds for node in found)
    assert not any(node.label == "tocilizumab" for node in fixture_kg.names.near("tocilizumap", ("Condition",)))


@pytest.mark.parametrize("text", ["", " ", "?", '"', "x" * 5000, "' OR 1=1 --", "NEAR(a b)", "ab"])
def test_no_text_breaks_the_search(text: str, fixture_kg: KnowledgeGraph) -> None:
    assert isinstance(fixture_kg.names.near(text), list)


def test_a_rare_name_is_found_among_many_common_ones() -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript("CREATE TABLE node (iri TEXT PRIMARY KEY, label TEXT, kinds TEXT);" + SCHEMA)
    names = [f"regulation of thing {number}" for number in range(5000)] + ["regulation of xylitol"]
    connection.executemany("INSERT INTO node VALUES (?, ?, 'Target')", [(name, name) for name in names])
    fill_near(connection, [(name_key(name), name, name) for name in names])
    assert near_rows(connection, "regulation of xyltol", (), 3)[0][1][1] == "regulation of xylitol"
