import json
from decimal import Decimal

import pytest

from immunograph.model import Iri, Literal, decimal, integer, plain, true, year
from immunograph.queries.answer import Answer, answer_of, with_labels
from immunograph.store.graph import Rows

ROWS = Rows(
    ("node", "count", "percent", "flag", "year", "text", "nothing"),
    [
        (
            Iri("http://purl.obolibrary.org/obo/MONDO_1"),
            integer(3),
            decimal("12.5"),
            true(),
            year(2019),
            plain('a "b", c\nd'),
            None,
        ),
        (Iri("http://purl.obolibrary.org/obo/MONDO_2"), integer(4), decimal("1"), None, None, plain(""), None),
    ],
)


@pytest.fixture
def answer() -> Answer:
    return answer_of(ROWS)


def test_values_have_python_types_and_identifiers_are_curies(answer: Answer) -> None:
    assert answer.rows[0] == ("MONDO:1", 3, Decimal("12.5"), True, 2019, 'a "b", c\nd', None)


def test_json_holds_numbers_truth_and_null(answer: Answer) -> None:
    row = json.loads(answer.to_json())[0]
    assert (row["count"], row["percent"], row["flag"], row["nothing"]) == (3, 12.5, True, None)
    assert [json.loads(line) for line in answer.to_json_lines().splitlines()] == json.loads(answer.to_json())


def test_csv_is_quoted_where_it_must_be(answer: Answer) -> None:
    assert answer.to_csv().splitlines()[1:3] == ['MONDO:1,3,12.5,true,2019,"a ""b"", c', 'd",']


def test_frames_keep_types(answer: Answer) -> None:
    frame = answer.to_pandas()
    assert frame["count"].dtype.kind == "i"
    assert frame["percent"].tolist() == [12.5, 1.0]
    polars_frame = answer.to_polars()
    assert polars_frame["count"].to_list() == [3, 4]
    assert answer.to_arrow().column_names == list(answer.columns)


def test_labels_stand_beside_identifiers_only(answer: Answer) -> None:
    labelled = with_labels(answer, lambda iri: iri[-1], ROWS)
    assert labelled.columns[:3] == ("node", "node_label", "count")
    assert labelled.column("node_label") == ["1", "2"]
    assert len(labelled.columns) == len(answer.columns) + 1


def test_html_is_escaped() -> None:
    shown = answer_of(Rows(("a",), [(Literal("<script>"),)]))._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_an_answer_without_rows_has_its_columns() -> None:
    empty = answer_of(Rows(("a", "b"), []))
    assert empty.to_csv() == "a,b\n"
    assert with_labels(empty, str, Rows(("a", "b"), [])).rows == ()
