"""The library: open a graph, find nodes, ask questions, explain answers, validate.

>>> import immunograph
>>> kg = immunograph.open()                                                    # doctest: +SKIP
>>> kg.query("modulators-of-target", target="IL6R").column("modulator_label")  # doctest: +SKIP
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from immunograph import __version__, building
from immunograph.assets import data_dir, queries_dir
from immunograph.errors import QueryError, StoreError
from immunograph.explaining import Explainer, Explanation
from immunograph.identifiers import as_iri, compress
from immunograph.licences import short_name
from immunograph.model import Iri
from immunograph.queries import Answer, NamedNode, NameIndex, SavedQuery, read_queries
from immunograph.queries.answer import answer_of, with_labels
from immunograph.queries.saved import find_query
from immunograph.reasoning import Closure
from immunograph.store.graph import Graph, Rows, Triple
from immunograph.validation import Report
from immunograph.vocabulary import ASSOCIATION_KINDS, IG, NODE_KINDS

if TYPE_CHECKING:
    import networkx
    import rdflib

_STATEMENTS = """
SELECT ?association ?kind ?subject ?predicate ?object ?negated ?source ?address WHERE {{
  VALUES ?node {{ <{iri}> }}
  ?association a ig:Association ; a ?kind ; ig:subject ?subject ; ig:predicate ?predicate ; ig:object ?object .
  FILTER(?kind != ig:Association && (?subject = ?node || ?object = ?node))
  OPTIONAL {{ ?association ig:negated ?negated }}
  ?association ig:hasEvidence ?evidence . ?evidence ig:source ?source .
  OPTIONAL {{ ?evidence ig:address ?address }}
}}
ORDER BY ?kind ?predicate ?subject ?object ?association ?source ?address
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """One association of a node, with the evidence behind it.

    Attributes:
        association: its CURIE.
        sources: slugs of the sources that say so.
        addresses: where the records can be read.
        qualifiers: local name of the qualifier → values, IRIs as labels or CURIEs.
    """

    association: str
    kind: str
    subject: str
    predicate: str
    object: str
    is_negated: bool
    sources: tuple[str, ...]
    addresses: tuple[str, ...]
    qualifiers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class NodePage:
    """All that the graph says of one node.

    Attributes:
        node: the node.
        synonyms: its other names.
        matches: CURIEs of the same thing elsewhere.
        classes: labels of the classes that it belongs to, with whether that is inferred.
        statements: associations that name it as subject or object.
    """

    node: NamedNode
    synonyms: tuple[str, ...]
    matches: tuple[str, ...]
    classes: tuple[tuple[str, bool], ...]
    statements: tuple[Statement, ...]


class KnowledgeGraph:
    """A built graph: asserted and inferred triples, names, saved queries and proofs."""

    def __init__(self, folder: Path, plan: building.BuildPlan) -> None:
        self.folder = folder
        self.plan = plan

    @cached_property
    def graph(self) -> Graph:
        """The triples, read-only."""
        return Graph.read_only(self.folder / building.STORE)

    @cached_property
    def names(self) -> NameIndex:
        """The nodes by name."""
        return NameIndex.open(self.folder / building.NAMES)

    @cached_property
    def queries(self) -> Mapping[str, SavedQuery]:
        """The saved queries by name."""
        return read_queries(queries_dir())

    @cached_property
    def closure(self) -> Closure:
        """The inferred triples with their proofs.

        Raises:
            StoreError: the graph was built with the reference engine, which keeps none.
        """
        path = self.folder / building.CLOSURE
        if not path.is_file():
            raise StoreError(f"{self.folder}: was built without proofs; build with --engine duckdb")
        return Closure.open(path)

    @cached_property
    def report(self) -> Mapping[str, object]:
        """What the build did, as ``report.json`` holds it."""
        content: dict[str, object] = json.loads((self.folder / building.REPORT).read_text(encoding="utf-8"))
        return content

    def find(self, text: str, kind: str | None = None, limit: int = 20) -> list[NamedNode]:
        """Nodes by label, synonym, brand name, gene symbol, CURIE or IRI; exact ones first, then near ones.

        Args:
            text: the name, in any case.
            kind: a node kind (``Modulator``, ``Condition`` ...); None for any.
            limit: the most nodes to give.
        """
        return self.names.find(text, (kind,) if kind else (), limit)

    def show(self, name: str) -> NodePage:
        """All that the graph says of one node.

        Raises:
            UnknownTermError: nothing is called that; AmbiguousTermError: several nodes are.
        """
        node = self.names.resolve(name)
        where = f"<{node.iri}>"
        synonyms = self._values(f"SELECT ?x WHERE {{ {where} skos:altLabel ?x }} ORDER BY ?x")
        matches = self._values(f"SELECT ?x WHERE {{ {where} skos:exactMatch ?x }} ORDER BY ?x")
        return NodePage(node, synonyms, tuple(map(compress, matches)), self._classes(where), self._statements(node.iri))

    def query(
        self, name: str, values: Mapping[str, object] | None = None, /, *, has_labels: bool = False, **more: object
    ) -> Answer:
        """Ask a saved question.

        Args:
            name: the query's name.
            values: one value for each parameter; a list of names is joined.
            has_labels: whether a column of labels stands beside each column of identifiers.
            more: values again, as keywords.

        Raises:
            QueryNotFoundError: there is no such query.
            QueryParameterError: a parameter is missing, unknown or malformed.
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
        """
        saved = find_query(name, self.queries)
        given = {key: _joined(value) for key, value in {**(values or {}), **more}.items()}
        rows = self.graph.select(saved.bound(given, self.names))
        return self._answer(rows, saved.columns, has_labels)

    def sparql(self, text: str, *, has_labels: bool = False) -> Answer | bool | list[Triple]:
        """Run a SPARQL query; the project's prefixes are known.

        Returns:
            The rows of a SELECT, the truth of an ASK, or the triples of a CONSTRUCT or DESCRIBE.

        Raises:
            QueryError: the text does not parse or cannot be evaluated.
        """
        found = self.graph.run(text)
        return self._answer(found, {}, has_labels) if isinstance(found, Rows) else found

    def triple(self, subject: str, predicate: str, object_: str) -> Triple:
        """The triple that three names or CURIEs mean, as N-Triples terms.

        Raises:
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
        """
        return self._term(subject), self._predicate(predicate), self._term(object_)

    def explain(self, subject: str, predicate: str, object_: str) -> Explanation | None:
        """Why a triple holds, down to what is stated and where it can be read; None where it does not hold.

        Raises:
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
            StoreError: the graph was built without proofs.
        """
        proof = self.closure.explain(self.triple(subject, predicate, object_))
        return None if proof is None else Explainer(self.graph, self.label).explanation(proof)

    def why_not(self, subject: str, predicate: str, object_: str) -> str:
        """Say of a triple that does not hold whether it is known not to, or not known."""
        wanted = self.triple(subject, predicate, object_)
        shown = " ".join(self.label(term[1:-1]) if term.startswith("<") else term for term in wanted)
        negated = self._values(
            f"SELECT ?x WHERE {{ ?x ig:subject {wanted[0]} ; ig:predicate {wanted[1]} ; ig:object {wanted[2]} ; "
            "ig:negated true }"
        )
        if negated:
            return f"known not to hold: {shown} (negated by {', '.join(map(compress, negated))})"
        return f"not known: nothing states or implies that {shown}"

    def validate(self) -> Report:
        """Run checks and shapes on the data that the graph was built from."""
        return building.validate_data(self.plan)

    def info(self) -> dict[str, object]:
        """Counts by kind, versions, sources with their licences; as ``immunograph info`` shows them."""
        types = dict(self._counted("SELECT ?x (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?x } GROUP BY ?x"))
        predicates = dict(
            self._counted("SELECT ?x (COUNT(?s) AS ?n) WHERE { ?s a ig:Association ; ig:predicate ?x } GROUP BY ?x")
        )
        qualified = {
            "boxed_warnings": "?s a ig:AdverseReaction ; ig:boxedWarning true",
            "with_frequency": "?s a ig:AdverseReaction ; ig:frequencyPercent|ig:frequencyBand ?f",
            "mediated": "?s a ig:AdverseReaction ; ig:mediatedBy ?m",
            "negated": "?s a ig:Association ; ig:negated true",
        }
        return {
            "version": __version__,
            "build": self.report.get("key"),
            "triples": self.report.get("counts"),
            "nodes": {kind: types.get(IG + kind, 0) for kind in NODE_KINDS},
            "modulator_classes": types.get(IG + "ModulatorClass", 0),
            "modulators_by_class": self._by_class(),
            "associations": {kind: types.get(IG + kind, 0) for kind in ASSOCIATION_KINDS},
            "associations_total": types.get(IG + "Association", 0),
            "predicates": {compress(iri).removeprefix("ig:"): n for iri, n in sorted(predicates.items())},
            "qualified": {
                name: self._count(f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {pattern} }}")
                for name, pattern in qualified.items()
            },
            "evidence": types.get(IG + "Evidence", 0),
            "sources": self._sources(),
            "queries": len(self.queries),
        }

    def to_rdflib(self) -> rdflib.Graph:
        """The default graph as a new rdflib graph."""
        return self.graph.to_rdflib()

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """The associations as a directed multigraph: one edge each, keyed by the association's CURIE."""
        import networkx

        edges = self.graph.select(
            "SELECT ?a ?kind ?s ?p ?o WHERE { ?a a ig:Association ; a ?kind ; ig:subject ?s ; ig:predicate ?p ; "
            "ig:object ?o FILTER(?kind != ig:Association) FILTER NOT EXISTS { ?a ig:negated true } } ORDER BY ?a"
        )
        network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
        for association, kind, subject, predicate, object_ in edges.rows:
            if association and kind and subject and predicate and object_:
                for end in (subject.value, object_.value):
                    network.add_node(compress(end), label=self.names.label(end))
                network.add_edge(
                    compress(subject.value),
                    compress(object_.value),
                    key=compress(association.value),
                    kind=kind.value.removeprefix(IG),
                    predicate=predicate.value.removeprefix(IG),
                )
        return network

    def label(self, iri: str) -> str:
        """The label of a node or a term of the ontology, or its CURIE."""
        known = self.names.label(iri)
        if known:
            return known
        found = self._values(f"SELECT ?x WHERE {{ <{iri}> rdfs:label ?x }} LIMIT 1") if as_iri(iri) else ()
        return found[0] if found else compress(iri)

    def close(self) -> None:
        """Release the files."""
        for name in ("names", "closure"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answer(self, rows: Rows, meanings: Mapping[str, str], has_labels: bool) -> Answer:
        answer = answer_of(rows, meanings)
        return with_labels(answer, self.label, rows) if has_labels else answer

    def _term(self, text: str) -> str:
        if text.startswith(('"', "_:")):
            return text
        iri = as_iri(text)
        if iri and self.names.node(iri) is None:
            return f"<{iri}>"
        return f"<{self.names.resolve(text).iri}>"

    def _predicate(self, text: str) -> str:
        if text == "a":
            return "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
        return f"<{as_iri(text) or IG + text}>"

    def _values(self, query: str) -> tuple[str, ...]:
        return tuple(row[0].value for row in self.graph.select(query).rows if row[0])

    def _classes(self, where: str) -> tuple[tuple[str, bool], ...]:
        rows = self.graph.select(
            f"SELECT DISTINCT ?label (EXISTS {{ GRAPH igg:inferred {{ {where} a ?class }} }} AS ?inferred) WHERE "
            f"{{ {where} a ?class . ?class rdfs:label ?label }} ORDER BY ?label"
        ).rows
        return tuple((label.value, bool(inferred and inferred.value == "true")) for label, inferred in rows if label)

    def _statements(self, iri: str) -> tuple[Statement, ...]:
        gathered: dict[str, list[tuple[str, ...]]] = {}
        for row in self.graph.select(_STATEMENTS.format(iri=iri)).rows:
            values = tuple(term.value if term else "" for term in row)
            gathered.setdefault(values[0], []).append(values)
        return tuple(self._statement(association, rows) for association, rows in gathered.items())

    def _statement(self, association: str, rows: list[tuple[str, ...]]) -> Statement:
        _, kind, subject, predicate, object_, negated, _, _ = rows[0]
        return Statement(
            association=compress(association),
            kind=kind.removeprefix(IG),
            subject=self.label(subject),
            predicate=predicate.removeprefix(IG),
            object=self.label(object_),
            is_negated=negated == "true",
            sources=tuple(dict.fromkeys(compress(row[6]).partition(":")[2] for row in rows)),
            addresses=tuple(dict.fromkeys(row[7] for row in rows if row[7])),
            qualifiers=self._qualifiers(association),
        )

    def _qualifiers(self, association: str) -> Mapping[str, tuple[str, ...]]:
        rows = self.graph.select(
            f"SELECT ?p ?v WHERE {{ <{association}> ?p ?v FILTER(?p NOT IN (rdf:type, ig:subject, ig:predicate, "
            "ig:object, ig:hasEvidence, ig:negated)) } ORDER BY ?p ?v"
        ).rows
        found: dict[str, list[str]] = {}
        for predicate, value in rows:
            if predicate and value:
                shown = self.label(value.value) if isinstance(value, Iri) else value.value
                found.setdefault(predicate.value.removeprefix(IG), []).append(shown)
        return {name: tuple(values) for name, values in found.items()}

    def _counted(self, query: str) -> Iterator[tuple[str, int]]:
        for term, count in self.graph.select(query).rows:
            if term and count:
                yield term.value, int(count.value)

    def _count(self, query: str) -> int:
        rows = self.graph.select(query).rows
        if not rows or rows[0][0] is None:
            raise QueryError("a count gave no row")
        return int(rows[0][0].value)

    def _by_class(self) -> dict[str, int]:
        rows = self._counted(
            "SELECT ?c (COUNT(DISTINCT ?m) AS ?n) "
            "WHERE { ?c a ig:ModulatorClass . ?m a ?c ; a ig:Modulator } GROUP BY ?c"
        )
        return {iri.removeprefix(IG): count for iri, count in sorted(rows)}

    def _sources(self) -> list[dict[str, object]]:
        rows = self.graph.select(
            "SELECT ?s ?title ?licence ?version ?publisher WHERE { ?s a dcat:Dataset ; dcterms:title ?title ; "
            "dcterms:license ?licence ; dcterms:publisher ?publisher OPTIONAL { ?s pav:version ?version } } ORDER BY ?s"
        ).rows
        uses: Counter[str] = Counter(
            dict(
                self._counted(
                    "SELECT ?x (COUNT(DISTINCT ?a) AS ?n) WHERE { ?a ig:hasEvidence/ig:source ?x } GROUP BY ?x"
                )
            )
        )
        return [
            {
                "source": compress(source.value).partition(":")[2],
                "title": title.value if title else "",
                "publisher": publisher.value if publisher else "",
                "licence": short_name(licence.value) if licence else "",
                "version": version.value if version else "",
                "associations": uses[source.value],
            }
            for source, title, licence, version, publisher in rows
            if source
        ]


def open_graph(
    path: str | Path | None = None,
    *,
    data: str | Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> KnowledgeGraph:
    """Open a built graph; the first use builds the shipped one into the user's cache.

    Args:
        path: folder of a graph that ``immunograph build --out`` made; None for the cache.
        data: folder of Turtle to build from; None for the shipped data.
        tell: is called with the name of each stage while building.

    Raises:
        StoreError: the folder is not a built graph, or the data do not conform.
        LoadError: a data file is missing or does not parse.
    """
    plan = building.BuildPlan(Path(data) if data else data_dir())
    if path is None:
        return KnowledgeGraph(building.open_or_build(plan, tell), plan)
    folder = Path(path)
    if not building.is_built(folder):
        raise StoreError(f"{folder}: is not a built graph; make one with `immunograph build --out {folder}`")
    return KnowledgeGraph(folder, plan)


def _joined(value: object) -> str:
    """A value as a query parses it: several names one a line."""
    if isinstance(value, str):
        return value
    return "\n".join(map(str, value)) if isinstance(value, Iterable) else str(value)
