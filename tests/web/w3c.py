"""The data set of the W3C protocol tests, in a store, and its request shapes.

Carried over by hand from https://github.com/w3c/rdf-tests, ``sparql/sparql11/protocol/manifest.ttl``: 20 ask, and 14
change data or try to, which a read-only endpoint refuses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from immunograph.store.graph import Graph

DOCUMENTS = "http://kasei.us/2009/09/sparql/data/"
ONE, TWO, THREE = (f"{DOCUMENTS}data{number}.rdf" for number in (1, 2, 3))
NONE = f"{DOCUMENTS}data0.rdf"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
BOTH_NAMED = f"GRAPH ?g1 {{ <{ONE}> a ?type }} GRAPH ?g2 {{ <{TWO}> a ?type }}"
BOTH = f"ASK {{ <{ONE}> a ?type . <{TWO}> a ?type . }}"


@dataclass(frozen=True)
class Shape:
    """A request, and what must come: a boolean, a media type of a kind, or a status."""

    name: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    kind: str | None = None
    body: str | None = None
    says: bool | None = None
    form: str | None = None
    refused: tuple[int, ...] = ()

    @property
    def address(self) -> str:
        """Path and query."""
        return f"/sparql?{urlencode(self.fields, quote_via=quote)}" if self.fields else "/sparql"


def default(*graphs: str) -> list[tuple[str, str]]:
    return [("default-graph-uri", graph) for graph in graphs]


def named(*graphs: str) -> list[tuple[str, str]]:
    return [("named-graph-uri", graph) for graph in graphs]


def query(text: str) -> list[tuple[str, str]]:
    return [("query", text)]


ASKING = [
    Shape("query_post_form", "POST", default(NONE), FORM, "query=ASK%20%7B%7D", says=True),
    Shape("query_dataset_default_graphs_get", "GET", query(BOTH) + default(ONE, TWO), says=True),
    Shape("query_dataset_default_graphs_post", "POST", default(ONE, TWO), QUERY, BOTH, says=True),
    Shape("query_dataset_named_graphs_post", "POST", named(ONE, TWO), QUERY, f"ASK {{ {BOTH_NAMED} }}", says=True),
    Shape("query_dataset_named_graphs_get", "GET", query(f"ASK {{ {BOTH_NAMED} }}") + named(ONE, TWO), says=True),
    Shape(
        "query_dataset_full",
        "POST",
        default(THREE) + named(ONE, TWO),
        QUERY,
        f"ASK {{ <{THREE}> a ?type {BOTH_NAMED} }}",
        says=True,
    ),
    Shape(
        "query_multiple_dataset", "POST", named(ONE, TWO), QUERY, f"ASK FROM <{THREE}> {{ {BOTH_NAMED} }}", says=True
    ),
    Shape("query_get", "GET", query("ASK {}") + default(NONE), says=True),
    Shape("query_content_type_select", "POST", default(NONE), QUERY, "SELECT (1 AS ?value) {}", form="table"),
    Shape("query_content_type_ask", "POST", default(NONE), QUERY, "ASK {}", form="truth"),
    Shape("query_content_type_describe", "POST", default(NONE), QUERY, "DESCRIBE <http://example.org/>", form="RDF"),
    Shape("query_content_type_construct", "POST", default(NONE), QUERY, "CONSTRUCT { <s> <p> 1 } WHERE {}", form="RDF"),
    Shape("query_post_direct", "POST", [], QUERY, "ASK {}", says=True),
    Shape("bad_query_method", "PUT", query("ASK {}") + default(NONE), FORM, refused=(405,)),
    Shape("bad_multiple_queries", "GET", query("ASK {}") + query("SELECT * {}"), refused=(400,)),
    Shape("bad_query_wrong_media_type", "POST", [], "text/plain", "ASK {}", refused=(415,)),
    Shape("bad_query_missing_form_type", "POST", [], None, "query=ASK%20%7B%7D", refused=(415,)),
    Shape("bad_query_missing_direct_type", "POST", [], None, "ASK {}", refused=(415,)),
    Shape("bad_query_non_utf8", "POST", [], f"{QUERY}; charset=UTF-16", "ASK {}", refused=(400,)),
    Shape("bad_query_syntax", "GET", query("ASK {"), refused=(400,)),
]

CHANGING = [
    Shape("update_dataset_default_graph", "POST", [("using-graph-uri", ONE)], UPDATE, "CLEAR ALL", refused=(403,)),
    Shape(
        "update_dataset_default_graphs",
        "POST",
        [("using-graph-uri", ONE), ("using-graph-uri", TWO)],
        UPDATE,
        "DROP ALL",
        refused=(403,),
    ),
    Shape("update_dataset_named_graphs", "POST", [("using-named-graph-uri", ONE)], UPDATE, "DROP ALL", refused=(403,)),
    Shape(
        "update_dataset_full",
        "POST",
        [("using-graph-uri", ONE), ("using-named-graph-uri", TWO)],
        UPDATE,
        "DROP ALL",
        refused=(403,),
    ),
    Shape("update_post_form", "POST", [], FORM, "update=CLEAR+ALL", refused=(403,)),
    Shape("update_post_direct", "POST", [], UPDATE, "CLEAR ALL", refused=(403,)),
    Shape("update_base_uri", "POST", [], UPDATE, "INSERT DATA { <http://example.org/s> a <test> }", refused=(403,)),
    Shape("bad_update_get", "GET", [("update", "CLEAR ALL")], refused=(403,)),
    Shape("bad_multiple_updates", "POST", [], FORM, "update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", refused=(403,)),
    Shape("bad_update_wrong_media_type", "POST", [], "text/plain", "CLEAR NAMED", refused=(415,)),
    Shape("bad_update_missing_form_type", "POST", [], None, "update=CLEAR%20NAMED", refused=(415,)),
    Shape("bad_update_non_utf8", "POST", [], f"{UPDATE}; charset=UTF-16", "CLEAR NAMED", refused=(400,)),
    Shape("bad_update_syntax", "POST", [], FORM, "update=CLEAR%20XYZ", refused=(403,)),
    Shape(
        "bad_update_dataset_conflict",
        "POST",
        [("using-named-graph-uri", "http://example/people")],
        UPDATE,
        "WITH <http://example/addresses> DELETE { ?p ?q 'Bill' } WHERE { ?p ?q 'Bill' }",
        refused=(403,),
    ),
]


def write_store(folder: Path) -> Path:
    """A store on disk with the three documents as named graphs, and all of them in the default graph."""
    graph = Graph.on_disk(folder)
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    for document in (ONE, TWO, THREE):
        graph.add([(f"<{document}>", kind, "<http://xmlns.com/foaf/0.1/Document>")], document)
    graph.flush()
    return folder
