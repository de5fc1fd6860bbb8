"""Questions on the command line: every form of parameter, every format, answers in files."""

from __future__ import annotations

import csv
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet
import pyoxigraph
import pytest
from click.testing import Result

from immunograph.vocabulary import ASSOCIATION_KINDS, NODE_KINDS

Run = Callable[..., Result]
BY_GENE = ("query", "modulators-of-genes")
BLOCKERS = ["igd:fixture-compound", "igd:sarilumab", "igd:tocilizumab"]


def rows(text: str, delimiter: str = "\t") -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines(), delimiter=delimiter))


@pytest.mark.parametrize(
    "given",
    [
        ["genes=IL6R"],
        ["--param", "genes=IL6R"],
        ["-p", "genes=IL6R"],
        ["--genes", "IL6R"],
        ["--genes=IL6R"],
        ["genes=UniProtKB:P08887"],
        ["genes=http://purl.uniprot.org/uniprot/P08887"],
        ["genes=il6r"],
        ["genes=interleukin-6 receptor subunit alpha"],
    ],
)
def test_a_parameter_can_be_given_in_every_form(given: list[str], run: Run) -> None:
    shown = run(*BY_GENE, *given)
    assert shown.exit_code == 0, shown.stderr
    assert [row["modulator"] for row in rows(shown.stdout)] == BLOCKERS
    assert shown.stderr == ""


def test_a_default_is_taken_where_no_value_is_given(run: Run) -> None:
    assert run("query", "opposite-actions").stdout == run("query", "opposite-actions", "least=1").stdout


def test_text_formats_hold_the_same_rows(run: Run) -> None:
    tsv = rows(run(*BY_GENE, "genes=IL6R", "--format", "tsv").stdout)
    assert rows(run(*BY_GENE, "genes=IL6R", "--format", "csv").stdout, ",") == tsv
    data = json.loads(run(*BY_GENE, "genes=IL6R", "--format", "json").stdout)
    assert [{key: str(value) for key, value in row.items()} for row in data] == tsv
    lines = run(*BY_GENE, "genes=IL6R", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == data
    table = run(*BY_GENE, "genes=IL6R", "--format", "table").stdout
    assert "Modulators that hit the products of a list of genes, signed" in table
    assert all(row["modulator_label"].split()[0] in table for row in tsv)


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl", "parquet"])
def test_a_file_takes_its_format_from_its_ending(ending: str, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "new folder" / f"answer.{ending}"
    shown = run(*BY_GENE, "genes=IL6R", "--output", str(target))
    assert (shown.exit_code, shown.stdout) == (0, "")
    if ending == "parquet":
        assert pyarrow.parquet.read_table(target).column("modulator").to_pylist() == BLOCKERS
    else:
        assert target.read_text() == run(*BY_GENE, "genes=IL6R", "--format", ending).stdout
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_a_file_that_is_there_is_replaced_whole(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "answer.tsv"
    target.write_text("something longer than the answer\n" * 1000)
    before = target.stat().st_ino
    run(*BY_GENE, "genes=IL6R", "--output", str(target))
    assert [row["modulator"] for row in rows(target.read_text())] == BLOCKERS
    assert target.stat().st_ino != before, "the new file takes the old one's place, it is not written into it"


@pytest.mark.parametrize("ending", ["tsv", "parquet"])
def test_a_place_that_cannot_be_written_is_named(ending: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    target = tmp_path / "file" / f"answer.{ending}"
    shown = run(*BY_GENE, "genes=IL6R", "--output", str(target))
    assert shown.exit_code == 3
    assert str(target) in shown.stderr and "cannot be written" in shown.stderr
    assert shown.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="the super-user may write anywhere")
def test_a_folder_without_the_right_to_write_is_named(run: Run, tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    shown = run(*BY_GENE, "genes=IL6R", "--output", str(tmp_path / "answer.tsv"))
    tmp_path.chmod(stat.S_IRWXU)
    assert shown.exit_code == 3 and "cannot be written" in shown.stderr


def test_labels_stand_beside_identifiers(run: Run) -> None:
    shown = run("sparql", "SELECT ?drug ?n { ?drug ig:treats MONDO:0008383 BIND(1 AS ?n) } ORDER BY ?drug", "--labels")
    assert rows(shown.stdout)[0] == {"drug": "igd:adalimumab", "drug_label": "adalimumab", "n": "1"}


def test_a_limit_says_how_much_is_left_out(run: Run) -> None:
    shown = run(*BY_GENE, "genes=IL6R", "--limit", "1")
    assert len(rows(shown.stdout)) == 1
    assert shown.stderr == "only the first 1 rows; raise the limit to see more\n"


def test_an_empty_answer_fails_only_when_asked_to(run: Run) -> None:
    assert run("query", "opposite-actions", "least=9").exit_code == 0
    assert run("query", "opposite-actions", "least=9", "--fail-empty").exit_code == 1
    assert run("query", "opposite-actions", "--fail-empty").exit_code == 0


@pytest.mark.parametrize("source", ["text", "standard input", "file"])
def test_sparql_is_read_from_text_input_or_file(source: str, run: Run, tmp_path: Path) -> None:
    query = "SELECT ?s { ?s ig:treats MONDO:0008383 } ORDER BY ?s"
    (tmp_path / "q.rq").write_text(query)
    given = {"text": query, "standard input": "-", "file": f"@{tmp_path / 'q.rq'}"}[source]
    shown = run("sparql", given, input=query)
    found = [row["s"] for row in rows(shown.stdout)]
    assert found == ["igd:adalimumab", "igd:sarilumab", "igd:tocilizumab", "igd:upadacitinib"]


def test_a_truth_is_shown_as_such(run: Run) -> None:
    assert run("sparql", "ASK { igd:tocilizumab a ig:Modulator }").stdout == "true\n"
    assert run("sparql", "ASK { igd:tocilizumab a ig:Target }").stdout == "false\n"
    assert json.loads(run("sparql", "ASK { }", "--format", "json").stdout) == [{"answer": True}]


def test_constructed_triples_are_turtle_or_rows(run: Run) -> None:
    query = "CONSTRUCT { ?s ig:treats ?o } WHERE { ?s ig:treats ?o }"
    turtle = run("sparql", query, "--format", "ttl").stdout
    quads = list(pyoxigraph.parse(turtle, pyoxigraph.RdfFormat.TURTLE))
    table = rows(run("sparql", query, "--format", "csv").stdout, ",")
    assert len(quads) == len(table) > 5
    assert "@prefix igd:" in turtle and "@prefix GO:" not in turtle
    assert {"subject": "igd:adalimumab", "predicate": "ig:treats", "object": "MONDO:0008383"} in table
    assert len(rows(run("sparql", query, "--format", "csv", "--limit", "2").stdout, ",")) == 2


@pytest.mark.parametrize("name", ["IL6R", "il-6r", "interleukin-6 receptor subunit alpha", "UniProtKB:P08887"])
def test_find_knows_symbols_and_identifiers(name: str, run: Run) -> None:
    assert "UniProtKB:P08887" in [row["node"] for row in rows(run("find", name).stdout)]


def test_find_keeps_to_a_kind_and_a_limit(run: Run) -> None:
    assert {row["kinds"] for row in rows(run("find", "a", "--kind", "measure").stdout)} == {"Measure"}
    assert len(rows(run("find", "a", "--limit", "3").stdout)) == 3


def test_find_says_that_nothing_is_found(run: Run) -> None:
    shown = run("find", "zzzzzz")
    assert (shown.exit_code, shown.stdout) == (0, "node\tlabel\tkinds\tmatched\n")
    assert shown.stderr == "nothing is called 'zzzzzz', or nearly so\n"


def test_find_says_that_a_name_is_only_near(run: Run) -> None:
    assert run("find", "tocilizumb").stderr == "nothing is called 'tocilizumb'; these names are near\n"
    for text in ("tocilizumab", "TOCILIZ", "UniProtKB:P08887", "uniprotkb_P08887"):
        assert not run("find", text).stderr


def test_a_node_is_shown_as_data(run: Run) -> None:
    page = json.loads(run("show", "Actemra", "--format", "json").stdout)
    assert (page["node"], page["label"], page["synonyms"]) == ("igd:tocilizumab", "tocilizumab", ["Actemra"])
    assert page["matches"] == ["CHEMBL.COMPOUND:CHEMBL1237022"]
    classes = {found["label"]: found["inferred"] for found in page["classes"]}
    assert classes["monoclonal antibody"] is False and classes["IL-6 receptor inhibitor"] is True
    (treats,) = [s for s in page["statements"] if (s["predicate"], s["object"]) == ("treats", "rheumatoid arthritis")]
    assert treats["qualifiers"]["status"] == ["approved"] and treats["qualifiers"]["approvalYear"] == ["2010"]
    assert treats["sources"] == ["fixture"] and treats["addresses"] == ["https://example.org/fixture/1"]


def test_a_node_is_shown_to_people(run: Run) -> None:
    shown = run("show", "sarilumab", "--format", "table").stdout
    assert shown.startswith("sarilumab  igd:sarilumab  (Modulator)\n")
    assert "not inhibits" in shown and "IL-6 receptor inhibitor" not in shown
    assert "IL-6 receptor inhibitor" in run("show", "sarilumab", "--inferred").stdout


@pytest.mark.parametrize("to_file", [False, True])
def test_a_node_is_shown_in_a_pipe_or_file_a_statement_a_line(run: Run, tmp_path: Path, to_file: bool) -> None:
    target = tmp_path / "page"
    shown = run("show", "tocilizumab", *(("--output", str(target)) if to_file else ()))
    lines = (target.read_text() if to_file else shown.stdout).splitlines()
    headings = [line for line in lines if line.startswith("# ")]
    assert headings[:2] == ["# tocilizumab  igd:tocilizumab  (Modulator)", "# also called: Actemra"]
    header, *statements = (line.split("\t") for line in lines[len(headings) :])
    assert header == ["subject", "predicate", "object", "qualifiers", "source"]
    page = json.loads(run("show", "tocilizumab", "--format", "json").stdout)
    assert [(row[0], row[1].removeprefix("not "), row[2]) for row in statements] == [
        (one["subject"], one["predicate"], one["object"]) for one in page["statements"]
    ]
    assert {len(row) for row in statements} == {5}


def test_info_has_stable_keys(run: Run) -> None:
    content = json.loads(run("info", "--format", "json").stdout)
    assert list(content) == [
        "version",
        "build",
        "triples",
        "nodes",
        "nodes_total",
        "modulator_classes",
        "modulators_by_class",
        "associations",
        "associations_total",
        "predicates",
        "qualified",
        "evidence",
        "sources",
        "queries",
    ]
    assert list(content["nodes"]) == list(NODE_KINDS)
    assert list(content["associations"]) == list(ASSOCIATION_KINDS)
    assert sum(content["associations"].values()) == content["associations_total"]
    assert list(content["qualified"]) == ["boxed_warnings", "with_frequency", "mediated", "negated"]
    assert content["modulators_by_class"]["TNFInhibitor"] >= 3
    assert content["sources"][1].pop("associations") > 1
    assert content["sources"][1] == {
        "source": "fixture-share-alike",
        "title": "Fixture: made-up statements for tests under a share-alike licence, not a source",
        "publisher": "The ImmunoGraph developers",
        "licence": "CC-BY-SA-4.0",
        "version": "1",
    }


def test_info_is_shown_to_people(run: Run, tmp_path: Path) -> None:
    shown = run("info", "--output", str(tmp_path / "info.txt"))
    assert shown.exit_code == 0
    text = (tmp_path / "info.txt").read_text()
    assert "TargetAction" in text and "CC-BY-SA-4.0" in text


def test_queries_are_listed_and_shown(run: Run) -> None:
    listed = {row["query"]: row for row in rows(run("queries").stdout)}
    assert listed["opposite-actions"]["example"] == "least=1"
    assert listed["mechanism-paths"]["example"] == "modulator=tocilizumab 'condition=rheumatoid arthritis'"
    tagged = {row["query"] for row in rows(run("queries", "--tag", "gene").stdout)}
    assert "modulators-of-genes" in tagged and "opposite-actions" not in tagged
    shown = json.loads(run("queries", "modulators-of-genes", "--format", "json").stdout)
    assert shown["parameters"]["genes"]["kinds"] == ["Target"]
    assert run("queries", "modulators-of-genes").stdout == shown["text"]
    assert run("queries", "modulators-of-gene").exit_code == 3


def test_the_demo_answers_three_questions_and_explains_one(run: Run) -> None:
    shown = run("demo", "--quiet")
    assert shown.exit_code == 0, shown.stderr
    for text in ("siltuximab", "JAK inhibitor", "JAK1", "For research, not medical advice"):
        assert text in shown.stdout
    assert "by lift-primary-action" in shown.stdout and "https://example.org/fixture/1" in shown.stdout


def test_an_empty_answer_says_why_on_standard_error(run: Run) -> None:
    result = run("query", "treatments-of-condition", "condition=hyperglycemia")
    assert result.exit_code == 0
    assert "no rows: not known" in result.stderr and "hyperglycemia [MONDO:0002909" in result.stderr
    assert len(result.stdout.splitlines()) == 1
    assert run("query", "treatments-of-condition", "condition=hyperglycemia", "--quiet").stderr == ""


def test_a_sparql_query_without_a_match_says_why(run: Run) -> None:
    assert "did you mean ig:treats" in run("sparql", "SELECT * { ?d ig:treatz ?c }").stderr
    assert "nothing matches" in run("sparql", "ASK { ?d ig:treats ?d }").stderr


def test_sources_and_proofs_are_columns(run: Run) -> None:
    result = run("query", "class-members", "class=TNF inhibitor", "--sources", "--explain", "--format", "json")
    row = json.loads(result.stdout)[0]
    assert row["stated_by"].startswith("iga:") and "is a TNF inhibitor" in row["proofs"]


def test_proofs_stand_below_a_table(run: Run) -> None:
    shown = run("query", "class-members", "class=TNF inhibitor", "--explain", "--format", "table").stdout
    assert "proofs" not in shown.splitlines()[1]
    assert "row 1:\nadalimumab is a TNF inhibitor  [by" in shown


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "jsonl", "parquet"])
def test_every_format_holds_the_same_rows(form: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / f"rows.{form}"
    result = run("query", "modulators-of-target", "target=IL6R", "--labels", "--format", form, "--output", str(path))
    assert result.exit_code == 0, result.stderr
    assert b"tocilizumab" in path.read_bytes()


def test_a_path_is_shown_with_what_is_stated_of_its_ends(run: Run) -> None:
    shown = run("path", "tocilizumab", "rheumatoid arthritis", "--format", "table").stdout
    (line,) = (line for line in shown.splitlines() if line.startswith("stated: tocilizumab treats"))
    assert "as path" in line and "iga:" in line
    rows = json.loads(run("path", "tocilizumab", "rheumatoid arthritis", "--format", "json").stdout)
    assert all("treats rheumatoid arthritis" in row["stated"] and row["stated_sources"] for row in rows)


WIDE = ("query", "adverse-effects-of-modulator", "modulator=adalimumab", "--format", "table")


def test_a_table_too_wide_for_the_terminal_is_shown_row_by_row(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = run(*WIDE).stdout.splitlines()
    records = [line for line in shown if line.startswith("[")]
    assert records == [f"[{number}]" for number in range(1, len(records) + 1)]
    assert any(line.split() == ["effect", "MONDO:0018076"] for line in shown)
    assert len(records) == len(rows(run(*WIDE[:3], "--format", "tsv").stdout))
    assert all(len(line) <= 80 or "://" in line for line in shown)


def test_a_table_that_fits_stays_a_table(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    shown = run(*WIDE).stdout.splitlines()
    assert not any(line.startswith("[1]") for line in shown)
    monkeypatch.setenv("COLUMNS", "60")
    few = run("sparql", "SELECT ?m ?l { ?m a ig:Modulator ; rdfs:label ?l }", "--format", "table").stdout.splitlines()
    assert few[0].split() == ["m", "l"]


def test_identifiers_are_not_cut_in_a_table(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    asked = (
        "SELECT ?x ?text { ?x a ig:Modulator BIND('a rather long text in many words that must be wrapped' AS ?text) }"
    )
    shown = run("sparql", asked, "--format", "table").stdout
    assert "igd:fixture-compound" in shown and "a rather long text in many words" not in shown
