"""Every command says what it does; what is mistyped is answered with one clear line and the documented exit code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from immunograph import __version__
from immunograph.cli.main import _COMMANDS, main
from immunograph.knowledge import KnowledgeGraph

Run = Callable[..., Result]
FIXTURE = Path(__file__).resolve().parents[1] / "fixture"

COMMANDS = {name: main.get_command(click.Context(main), name) for name in _COMMANDS}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_each_of_its_options_have_help(name: str) -> None:
    command = COMMANDS[name]
    assert command is not None and command.help
    assert [option.name for option in command.params if isinstance(option, click.Option) and not option.help] == []


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in {"import", "format", "queries"}])
def test_a_command_that_reads_the_graph_takes_data_and_quiet(name: str) -> None:
    command = COMMANDS[name]
    assert command is not None
    for one in command.commands.values() if isinstance(command, click.Group) else [command]:
        assert {"data", "quiet"} <= {option.name for option in one.params}, one.name


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_shown(name: str, run_alone: Run) -> None:
    shown = run_alone(name, "--help")
    assert shown.exit_code == 0
    assert "Usage:" in shown.stdout


def test_the_version_is_shown(run_alone: Run) -> None:
    assert run_alone("--version").stdout.strip().endswith(__version__)


MISTAKES = {
    "unknown command": (["qurey"], 2, "did you mean query"),
    "unknown option": (["find", "IL6", "--knd", "Target"], 2, "--kind"),
    "unknown kind": (["find", "IL6", "--kind", "Drug"], 2, "modulatorclass"),
    "unknown format": (["find", "IL6", "--format", "xls"], 2, "jsonl"),
    "missing argument": (["show"], 2, "NODE"),
    "not a number": (["find", "IL6", "--limit", "many"], 2, "many"),
    "unknown query": (["query", "modulators-of-gene", "genes=IL6R"], 3, "did you mean modulators-of-genes"),
    "missing parameter": (["query", "modulators-of-genes"], 3, "genes is missing"),
    "misspelt parameter": (["query", "modulators-of-genes", "gene=IL6R"], 3, "did you mean genes?"),
    "not a pair": (["query", "modulators-of-genes", "IL6R"], 2, "genes=IL6R, JAK1, TNF"),
    "wrong type": (["query", "opposite-actions", "least=two"], 3, "takes a whole number, not 'two'"),
    "wrong choice": (["query", "weak-evidence", "kind=TargetActoin"], 3, "choose TargetAction"),
    "unknown name": (["query", "modulators-of-genes", "genes=IL6Rx"], 3, "did you mean interleukin-6 receptor"),
    "wrong kind of node": (["query", "mechanisms-of-modulator", "modulator=melanoma"], 3, "melanoma [MONDO:0005105"),
    "unknown node": (["show", "tocilizumabb"], 3, "did you mean tocilizumab"),
    "unknown identifier": (["explain", "igd:tocilzumab", "a", "ig:IL6Inhibitor"], 3, "did you mean tocilizumab"),
    "unknown predicate": (["explain", "tocilizumab", "inhibts", "IL6R"], 3, "did you mean inhibits"),
    "broken query": (["sparql", "SELECT ?s WHERE { ?s a ig:Modulator "], 3, "does not parse"),
    "unknown prefix": (["sparql", "SELECT ?s WHERE { ?s a igx:Modulator }"], 3, "igx: is no known prefix"),
    "near prefix": (["sparql", "SELECT ?s WHERE { ?s a MOND:1 }"], 3, "or did you mean MONDO:"),
    "an update": (["sparql", "DELETE WHERE { ?s ?p ?o }"], 3, "changes data"),
    "missing query file": (["sparql", "@nothing.rq"], 3, "nothing.rq: the query cannot be read"),
    "parquet without file": (["find", "IL6", "--format", "parquet"], 3, "--output FILE"),
    "rows as turtle": (["sparql", "SELECT ?s { ?s a ig:Modulator }", "--format", "ttl"], 3, "cannot be written as ttl"),
    "missing file": (["validate", "nothing.ttl"], 3, "nothing.ttl: cannot be read"),
    "unknown ending": (["validate", __file__], 3, "unknown ending"),
    "unknown licence": (["build", "--license", "CCO"], 3, "CC0-1.0"),
    "unknown engine": (["build", "--engine", "hermit"], 2, "owlrl"),
    "missing graph": (["find", "IL6", "--graph", "nothing"], 3, "immunograph build --out"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_clear_line(mistake: str, run: Run) -> None:
    args, code, text = MISTAKES[mistake]
    shown = run(*args)
    assert shown.exit_code == code
    assert text in shown.stderr
    assert shown.stdout == ""
    assert "Traceback" not in shown.stderr
    if code == 3:
        assert shown.stderr.startswith("immunograph: ") and shown.stderr.count("\n") == 1


def test_a_missing_data_folder_is_named(run_alone: Run) -> None:
    shown = run_alone("find", "IL6", "--data", "nothing")
    assert shown.exit_code == 3
    assert shown.stderr == "immunograph: nothing: is not a folder; give one that holds Turtle files\n"


def test_a_name_with_several_meanings_lists_them(run_alone: Run, tmp_path: Path) -> None:
    text = (FIXTURE / "graph.ttl").read_text(encoding="utf-8")
    (tmp_path / "graph.ttl").write_text(
        text.replace('skos:altLabel "Kevzara"@en', 'skos:altLabel "Actemra"@en'), encoding="utf-8"
    )
    shown = run_alone("show", "Actemra", "--data", str(tmp_path), "--quiet")
    assert shown.exit_code == 3
    assert "sarilumab [igd:sarilumab" in shown.stderr and "tocilizumab [igd:tocilizumab" in shown.stderr
    assert "give the CURIE" in shown.stderr


def immunograph(*args: str) -> list[str]:
    return [sys.executable, "-m", "immunograph", *args, "--data", str(FIXTURE)]


def test_a_reader_that_stops_reading_is_no_error(fixture_kg: KnowledgeGraph) -> None:
    query = "SELECT ?s ?p ?o { ?s ?p ?o }"
    with subprocess.Popen(
        immunograph("sparql", query), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout and process.stderr
        assert process.stdout.readline() == "s\tp\to\n"
        process.stdout.close()
        assert process.stderr.read() == ""


def test_questions_load_no_engine_that_they_do_not_need(fixture_kg: KnowledgeGraph) -> None:
    heavy = {"rdflib", "duckdb", "pyshacl", "owlrl", "networkx", "pandas", "polars", "pyarrow", "SPARQLWrapper", "rich"}
    code = (
        "import atexit, sys; from immunograph.cli import main; "
        f"atexit.register(lambda: sys.stderr.write(str(sorted({heavy!r} & set(sys.modules))))); main()"
    )
    questions = (
        ["query", "modulators-of-genes", "genes=IL6R"],
        ["find", "IL6"],
        ["show", "tocilizumab", "--format", "json"],
        ["info", "--format", "json"],
        ["queries"],
    )
    for args in questions:
        command = [sys.executable, "-c", code, *args, "--data", str(FIXTURE)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "[]"), args


def test_an_interrupt_in_the_middle_of_a_statement_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def interrupted() -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(type(main), "get_command", lambda *_: interrupted)
    done = CliRunner().invoke(main, ["info"])
    assert (done.exit_code, done.stderr) == (130, "immunograph: interrupted\n")
