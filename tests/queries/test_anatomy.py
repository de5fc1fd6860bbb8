from pathlib import Path

import pyoxigraph as ox
import pytest

from immunograph.errors import QueryError
from immunograph.queries.anatomy import Piece, join, read_anatomy, read_terms, walk

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "queries").glob("*.rq"), *(ROOT / "ontology").rglob("*.rq")])

QUERY = """
PREFIX ig: <https://w3id.org/immunograph/onto/>
SELECT DISTINCT ?x (COUNT(?y) AS ?n) WHERE { # not a ?comment
  ?x a ig:Modulator ; ig:inhibits|ig:binds ?y , <urn:z> .
  OPTIONAL { ?x rdfs:label "a ; b . }"@en }
  { ?x ig:p/^ig:q* ?y } UNION { BIND(1 AS ?y) }
  { SELECT ?x WHERE { ?x ig:r "1"^^xsd:integer } GROUP BY ?x }
  FILTER NOT EXISTS { ?x ig:s true }
  FILTER(?n > 3 && ?n<=5)
  VALUES (?a ?b) { (1 2) (UNDEF "x") }
  MINUS { ?x ig:broader? [ ig:t (1 2) ] }
}
GROUP BY ?x ORDER BY ?x LIMIT 5
"""


def test_a_query_is_taken_apart() -> None:
    anatomy = read_anatomy(QUERY)
    kinds = [piece.kind for piece in anatomy.where]
    assert kinds == ["triple"] * 3 + ["optional", "union", "select", "filter", "filter", "values", "minus"]
    assert (anatomy.form, anatomy.plain, anatomy.computed) == ("SELECT", ("x",), ("n",))
    assert anatomy.rest.split() == "GROUP BY ?x ORDER BY ?x LIMIT 5".split()


def test_a_triple_is_written_in_full_with_its_line() -> None:
    triples = [piece for piece in read_anatomy(QUERY).where if piece.terms]
    assert [piece.terms for piece in triples] == [
        ("?x", "a", "ig:Modulator"),
        ("?x", "ig:inhibits|ig:binds", "?y"),
        ("?x", "ig:inhibits|ig:binds", "<urn:z>"),
    ]
    assert {piece.line for piece in triples} == {4}


def test_texts_hide_nothing_and_paths_are_whole() -> None:
    inner = [piece for piece in walk(read_anatomy(QUERY).where) if piece.terms]
    assert ("?x", "rdfs:label", '"a ; b . }"@en') in [piece.terms for piece in inner]
    assert ("?x", "ig:p/^ig:q*", "?y") in [piece.terms for piece in inner]
    assert ("?x", "ig:broader?", "[ ig:t (1 2) ]") in [piece.terms for piece in inner]


def test_an_inner_query_shares_what_it_projects_and_no_more() -> None:
    (select,) = [piece for piece in read_anatomy(QUERY).where if piece.inner]
    assert select.variables() == {"x"}


def test_terms_leave_out_the_prologue_and_datatypes() -> None:
    written = [text for _, text in read_terms(QUERY)]
    assert "<https://w3id.org/immunograph/onto/>" not in written
    assert "xsd:integer" not in written
    assert written[:2] == ["ig:Modulator", "ig:inhibits"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_query_of_the_project_can_be_put_together_again(path: Path) -> None:
    anatomy = read_anatomy(path.read_text(encoding="utf-8"))
    assert anatomy.where
    ox.Store().query(f"{anatomy.prologue}\nASK {{ {join(anatomy.where)} }}")


@pytest.mark.parametrize("text", ["", "HELLO", "SELECT * { ?x", "SELECT * { ?x ?y }", "SELECT * { 'a"])
def test_what_is_not_sparql_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        read_anatomy(text)


def test_ask_construct_and_describe() -> None:
    assert read_anatomy("ASK { ?x ?p ?o }").form == "ASK"
    assert read_anatomy("CONSTRUCT { ?x a ?y } WHERE { ?x ?p ?y }").where[0].terms == ("?x", "?p", "?y")
    assert read_anatomy("DESCRIBE <urn:x>").where == ()
    assert isinstance(read_anatomy("SELECT * { { ?x ?p ?o } }").where[0], Piece)
