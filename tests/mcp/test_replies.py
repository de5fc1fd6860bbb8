"""What is cut to a budget says so, and stays within it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mcp.conftest import Call, size

from immunograph.mcp.replies import Draft, Item, Numbers, Shown, fitted, marks, plain, plain_lines
from immunograph.queries.citations import Citation


def cited_item(number: int, length: int) -> Item:
    citation = Citation("source", f"record {number // 3}", "", f"https://example.org/{number // 3}")

    def show(numbers: Numbers) -> Shown:
        cites = numbers.of([citation])
        return {"at": number, "text": "x" * length, "cites": cites}, f"{number} {'x' * length}{marks(cites)}"

    return Item(show)


@given(st.lists(st.integers(0, 400), max_size=40), st.integers(800, 20_000))
def test_an_answer_holds_what_the_budget_holds(lengths: list[int], budget: int) -> None:
    items = [cited_item(at, length) for at, length in enumerate(lengths)]
    told = fitted(Draft("title", items=items, total=len(items)), budget)
    data = told["data"]
    assert len(json.dumps(told, separators=(",", ":")).encode()) <= budget
    assert [item["at"] for item in data["rows"]] == list(range(data["shown"]))
    assert data["truncated"] == (data["shown"] < len(items))
    assert data["truncated"] == ("more" in data) == ("TRUNCATED" in told["text"])
    named = {n for item in data["rows"] for n in item["cites"]}
    assert named == {citation["n"] for citation in data["citations"]}
    if 0 < data["shown"] < len(items):
        more = fitted(Draft("title", items=items[: data["shown"] + 1], total=len(items)), 1_000_000)
        assert len(json.dumps(more, separators=(",", ":")).encode()) > budget - 200


def test_a_frame_over_the_budget_names_what_is_left_out() -> None:
    draft = Draft("first\n" + "y" * 5_000, {"small": 1, "large": ["z"] * 5_000}, items=[cited_item(1, 1)])
    told = fitted(draft, 1_000)
    assert told["data"]["small"] == 1 and "large" not in told["data"]
    assert told["data"]["more"] == "left out for want of budget: items, large, text; give a larger budget"


def test_text_stays_on_its_line() -> None:
    assert plain("a\nb\x1b[0m\u2028c") == "a b [0m c"
    assert plain_lines("a\r\n  b\x07\n") == "a\n  b"


@pytest.mark.parametrize("budget", [4_000, 6_000, 20_000])
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("node", {"name": "FDA"}),
        ("node", {"name": "rheumatoid arthritis"}),
        ("queries", {}),
        ("ask", {"query": "weak-evidence"}),
        ("path", {"start": "tocilizumab", "end": "rheumatoid arthritis"}),
        ("explain", {"subject": "tocilizumab", "predicate": "a", "object": "ig:IL6Inhibitor"}),
        (
            "sparql",
            {"query": "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 500", "limit": 500, "citations_per_row": 0},
        ),
    ],
)
def test_every_tool_keeps_to_its_budget(tool: str, arguments: dict[str, object], budget: int, call: Call) -> None:
    result = call(tool, **arguments, budget=budget)
    data = result.structured_content
    assert not result.is_error and size(result) <= budget
    assert data["truncated"] == ("more" in data)
    if data["total"] is not None and data["shown"] < data["total"]:
        assert data["truncated"]


def test_a_node_that_was_cut_is_read_to_the_end_by_what_it_says(call: Call) -> None:
    whole = call("node", name="rheumatoid arthritis", budget=200_000).structured_content
    cut = call("node", name="rheumatoid arthritis", budget=4_000).structured_content
    assert cut["truncated"] and "kind=" in cut["more"] and cut["node"] in cut["more"]
    assert {s["kind"] for s in cut["statements"]} <= set(whole["statements_by_kind"])
    found = []
    for kind in whole["statements_by_kind"]:
        offset = 0
        while True:
            page = call("node", name="rheumatoid arthritis", kind=kind, offset=offset, budget=4_000).structured_content
            found += [s["association"] for s in page["statements"]]
            offset += page["shown"]
            if not page["truncated"]:
                break
    assert sorted(found) == sorted(s["association"] for s in whole["statements"])
