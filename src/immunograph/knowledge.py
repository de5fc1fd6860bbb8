"""The library: open a graph, find nodes, ask questions, explain answers, validate.

>>> import immunograph
>>> kg = immunograph.open()                                                    # doctest: +SKIP
>>> kg.query("modulators-of-target", target="IL6R").column("modulator_label")  # doctest: +SKIP
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from immunograph import __version__
from immunograph.analysis.questions import Analysis, find_question
from immunograph.assets import data_dir, queries_dir, recipes_dir
from immunograph.backing import Backing, explaining_with
from immunograph.building.plan import CLOSURE, NAMES, REPORT, STORE, BuildPlan, cache_dir, graph_dir, is_built
from immunograph.errors import StoreError, UnknownTermError
from immunograph.explaining import Explainer, Explanation
from immunograph.identifiers import as_iri, compress
from immunograph.model import Iri
from immunograph.names import nearest
from immunograph.pages import NodePage, page_of
from immunograph.queries import Answer, NamedNode, NameIndex, SavedQuery, read_queries
from immunograph.queries.answer import answer_of, with_labels
from immunograph.queries.binding import bind_tokens
from immunograph.queries.emptiness import Question, WhyEmpty, why_empty
from immunograph.store.graph import Graph, Rows, Triple
from immunograph.store.reading import parse_file
from immunograph.summary import counts_of
from immunograph.vocabulary import IG, RDF_TYPE

if TYPE_CHECKING:
    import igraph
    import networkx
    import pandas
    import rdflib

    from immunograph.analysis.paths import MechanismPath
    from immunograph.building.changing import ChangingGraph
    from immunograph.exporters.selection import Selection
    from immunograph.exporters.stream import GraphStream
    from immunograph.exporters.writing import Exported, ExportOptions
    from immunograph.linking.annotating import Annotation
    from immunograph.linking.checking import Finding
    from immunograph.linking.expanding import Slice
    from immunograph.linking.mappings import Match
    from immunograph.linking.resolving import Resolution
    from immunograph.reasoning import Change, Closure
    from immunograph.store.limits import TimedGraph
    from immunograph.store.remote import Endpoint
    from immunograph.validation import Report


Statements: TypeAlias = "str | Path | Iterable[tuple[str, str, str]]"
"""Triples, each of three names or N-Triples terms; or a file of RDF."""

_IN_USE = "ASK {{ {{ <{iri}> ?p ?o }} UNION {{ ?s <{iri}> ?o }} UNION {{ ?s ?p <{iri}> }} }}"
_PROPERTIES = "SELECT ?p ?label WHERE { ?p a owl:ObjectProperty ; rdfs:label ?label } ORDER BY ?p"


class KnowledgeGraph:
    """A built graph: asserted and inferred triples, names, saved queries and proofs."""

    def __init__(self, folder: Path, plan: BuildPlan) -> None:
        self.folder = folder
        self.plan = plan
        self._read: dict[str, SavedQuery] = {}
        self._changed: ChangingGraph | None = None

    @cached_property
    def graph(self) -> Graph:
        """The triples, read-only."""
        return Graph.read_only(self.folder / STORE)

    @cached_property
    def names(self) -> NameIndex:
        """The nodes by name."""
        return NameIndex.open(self.folder / NAMES)

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
        path = self.folder / CLOSURE
        if not path.is_file():
            raise StoreError(f"{self.folder}: was built without proofs; build with --engine duckdb")
        from immunograph.reasoning import Closure

        return Closure.open(path)

    @cached_property
    def report(self) -> Mapping[str, object]:
        """What the build did, as ``report.json`` holds it.

        Raises:
            StoreError: the file is damaged.
        """
        path = self.folder / REPORT
        try:
            content: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(f"{path}: cannot be read ({error}); run `immunograph build --force`") from error
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
        return page_of(self.names.resolve(name), self.graph, self.label)

    def query(
        self,
        name: str,
        values: Mapping[str, object] | None = None,
        /,
        *,
        has_labels: bool = False,
        endpoint: Endpoint | None = None,
        timeout: float | None = None,
        limit: int | None = None,
        **more: object,
    ) -> Answer:
        """Ask a saved question, or an analysis.

        Args:
            name: the query's name.
            values: one value for each parameter; a list of names is joined.
            has_labels: whether a column of labels stands beside each column of identifiers.
            endpoint: where to ask instead of here; names are still looked up here.
            timeout: seconds that a question here may take, in a process that is killed then; an endpoint has its own.
            limit: the most rows to read; the note says where there are more.
            more: values again, as keywords.

        Raises:
            QueryNotFoundError: there is no such query.
            QueryParameterError: a parameter is missing, unknown or malformed.
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
            EndpointError: the endpoint failed.
            QueryTimeoutError: the time was up.
        """
        saved = self._saved(name)
        given = {key: _joined(value) for key, value in {**(values or {}), **more}.items()}
        parsed = saved.parsed(given, self.names)
        if isinstance(saved, Analysis):
            return saved.answer(endpoint or self._limited(timeout), parsed, limit)
        text = bind_tokens(saved.text, parsed)
        nodes = {key: tuple(t.value for t in terms if isinstance(t, Iri)) for key, terms in parsed.items()}
        rows = (endpoint or self._limited(timeout)).select(text, None if limit is None else limit + 1)
        return self._answer(rows, self._question(text, endpoint, nodes), saved.columns, has_labels, limit)

    def sparql(
        self,
        text: str,
        *,
        has_labels: bool = False,
        endpoint: Endpoint | None = None,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Answer | bool | list[Triple]:
        """Run a SPARQL query; the project's prefixes are known, the arguments are those of ``query``.

        Returns:
            The rows of a SELECT, the truth of an ASK, or the triples of a CONSTRUCT or DESCRIBE.

        Raises:
            QueryError: the text does not parse or cannot be evaluated.
            QueryTimeoutError: the time was up.
        """
        if endpoint and not has_labels:
            return asked_there(endpoint, text, limit)
        found = (endpoint or self._limited(timeout)).run(text, None if limit is None else limit + 1)
        if isinstance(found, Rows):
            return self._answer(found, self._question(text, endpoint), {}, has_labels, limit)
        return found[:limit] if isinstance(found, list) else found

    def why_empty(self, text: str, *, endpoint: Endpoint | None = None) -> WhyEmpty:
        """Why a SPARQL query of any form finds nothing; of an answer without rows, ask ``Answer.why_empty``."""
        return why_empty(self._question(text, endpoint))

    def federate(
        self,
        answer: Answer,
        recipe: str,
        *,
        column: str | None = None,
        url: str | None = None,
        is_offline: bool = False,
        timeout: int = 60,
    ) -> Answer:
        """Join rows with what a remote endpoint says of their identifiers; answers are cached by day.

        Args:
            answer: rows of a question.
            recipe: name of a file of ``queries/recipes``.
            column: the column of identifiers; None for the first that holds some that the recipe takes.
            url: the endpoint; None for the recipe's.
            is_offline: whether nobody is asked, and the cache alone answers.
            timeout: seconds to wait for each batch.

        Raises:
            QueryNotFoundError: there is no such recipe.
            QueryParameterError: no column holds identifiers that it takes.
            EndpointError: the endpoint failed, and the cache does not hold the answer.
        """
        from immunograph.federation import Federation, find_recipe
        from immunograph.federation.answers import AnswerCache

        found = find_recipe(recipe, recipes_dir())
        endpoint = None
        if not is_offline:
            from immunograph.store.remote import Endpoint

            endpoint = Endpoint(url or found.endpoint, timeout)
        cache = AnswerCache(cache_dir() / "remote")
        return Federation(found, url or found.endpoint, endpoint, cache, self._same_as).joined(answer, column)

    def _same_as(self, curie: str) -> list[str]:
        """The identifiers that are stated to mean the same as a node's."""
        iri = as_iri(curie)
        return sorted(map(compress, self._values(f"SELECT ?x {{ <{iri}> skos:exactMatch ?x }}"))) if iri else []

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

    def derivations(self, subject: str, predicate: str, object_: str, limit: int = 20) -> list[Explanation]:
        """Every last step that gives a triple, each with what it rests on, up to a limit; empty where none does.

        Raises:
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
            StoreError: the graph was built without proofs.
        """
        from immunograph.reasoning import Proof

        def proofs(triples: Iterable[Triple]) -> Iterator[Proof]:
            return (proof for proof in map(self.closure.explain, triples) if proof is not None)

        explainer = Explainer(self.graph, self.label)
        steps = self.closure.derivations(self.triple(subject, predicate, object_), limit)
        return [explainer.explanation(Proof(step, tuple(proofs((*step.premises, *step.axioms))))) for step in steps]

    def depends_on(self, subject: str, predicate: str, object_: str) -> list[Triple]:
        """The inferred triples that would fall if a statement were retracted, sorted.

        A statement is retracted with every association that makes it. What has another proof stays: the rest is
        inferred again without it, and compared.

        Raises:
            UnknownTermError: nothing states the triple, or a name is not known.
            StoreError: the graph was built without proofs.
        """
        from immunograph.building.inferring import falling_without

        wanted = self.triple(subject, predicate, object_)
        associations = self._values(
            f"SELECT ?x WHERE {{ ?x ig:subject {wanted[0]} ; ig:predicate {wanted[1]} ; ig:object {wanted[2]} }}"
        )
        fallen = falling_without(self.graph, self._closure_apart(), wanted, associations)
        if fallen is None:
            raise UnknownTermError(f"{subject} {predicate} {object_}", ["a statement that the graph holds as stated"])
        gone = {f"<{iri}>" for iri in associations}
        return [triple for triple in fallen if triple[0] not in gone and triple[2] not in gone]

    def add(self, statements: Statements, *, source: str = "added") -> Change:
        """State more, and infer what follows from it; the built graph on disk stays as it is.

        The first change copies the built graph to a temporary folder, in which this object then works; ``save`` keeps
        it. Axioms may be added, too: everything is then inferred again, and ``Change.reason`` says so.

        Args:
            statements: triples, each of three CURIEs, IRIs in angle brackets, literals in N-Triples form or names of
                nodes; or a file of RDF.
            source: slug of the named graph that holds what is added.

        Returns:
            What was newly stated, and what is inferred now and was not before, and the other way round.

        Raises:
            InconsistencyError: the graph would contradict itself; nothing was changed.
            RuleError: a triple is not one of RDF; UnknownTermError: a name is not known.
            LoadError: the file is missing or does not parse.
            StoreError: the graph was built without proofs, or there is no space for a copy.
        """
        return self._changing().add(self._stated(statements), source)

    def retract(self, statements: Statements) -> Change:
        """State triples no more, and drop what has no proof without them; otherwise as ``add``.

        What the ontology states stays, and what was only inferred cannot be retracted.
        """
        return self._changing().retract(self._stated(statements))

    def save(self, out: str | Path, *, is_forced: bool = False) -> None:
        """Write the graph with its changes as a built graph, to be opened again.

        Raises:
            StoreError: the folder exists already, or cannot be written.
        """
        self._changing().save(Path(out), is_forced=is_forced)

    def why_not(self, subject: str, predicate: str, object_: str) -> str:
        """Say of a triple that does not hold whether it is known not to, or not known, and what comes nearest to it.

        The nearest rules are named with what they find, and with the premises that fail.

        Raises:
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
        """
        wanted = self.triple(subject, predicate, object_)
        explainer = Explainer(self.graph, self.label)
        shown = explainer.text(wanted)
        negated = self._values(
            f"SELECT ?x WHERE {{ ?x ig:subject {wanted[0]} ; ig:predicate {wanted[1]} ; ig:object {wanted[2]} ; "
            "ig:negated true }"
        )
        if negated:
            said = f"known not to hold: {shown} (negated by {', '.join(map(compress, negated))})"
        else:
            said = f"not known: nothing states or implies that {shown}"
        has_proofs = "closure" in self.__dict__ or (self.folder / CLOSURE).is_file()
        misses = self.closure.near_misses(wanted) if has_proofs else []
        return "\n".join([said, *map(explainer.near_miss, misses)])

    def path(self, start: str, end: str, *, hops: int = 4, most: int = 5) -> list[MechanismPath]:
        """Signed mechanism paths between two nodes along stated links, shortest first.

        Args:
            start: name, CURIE or IRI of the first node, such as a modulator.
            end: the same of the last node, such as a condition.
            hops: the longest path, in links.
            most: how many paths to give.

        Raises:
            UnknownTermError: a name is not known; AmbiguousTermError: it means several nodes.
        """
        from immunograph.analysis.paths import cited, mechanism_network, mechanism_paths

        ends = self.names.resolve(start).iri, self.names.resolve(end).iri
        return cited(self.graph, mechanism_paths(mechanism_network(self.graph), *ends, hops=hops, most=most))

    def resolve(self, texts: Iterable[str], *, kinds: Iterable[str] = (), prefix: str = "") -> list[Resolution]:
        """What identifiers and names in any form mean, one answer each, in order.

        Args:
            texts: identifiers or names.
            kinds: node kinds to keep; empty for all.
            prefix: what bare numbers are identifiers of, such as ``NCBIGene``.
        """
        from immunograph.linking.resolving import resolve_all

        return resolve_all(self.names, list(texts), kinds=tuple(kinds), prefix=prefix)

    def annotate(self, path: str | Path, column: str, *, kinds: Iterable[str] = (), prefix: str = "") -> Annotation:
        """A table with the node that one of its columns means, on every row; as ``link annotate`` writes it.

        Raises:
            LoadError: the file cannot be read; ImmunographError: it has no such column.
        """
        from immunograph.linking.annotating import annotate, read_table

        return annotate(self.names, read_table(Path(path)), column, kinds=tuple(kinds), prefix=prefix)

    def check(self, *ontologies: str | Path) -> list[Finding]:
        """Every external identifier against releases of ontologies, worst first; as ``link check`` tells it.

        Raises:
            LoadError: a file is missing, broken or of an unknown form.
        """
        from immunograph.linking.checking import check
        from immunograph.linking.held import held_nodes
        from immunograph.sources.ontologies import read_release

        return check(held_nodes(self.graph), [read_release(Path(path)) for path in ontologies])

    def expand(self, ontology: str | Path, out: str | Path, *, below: int = 0, licence: str = "") -> Slice:
        """Write an ontology's hierarchy around the nodes in use as a source of its own; as ``link expand`` does.

        Args:
            ontology: a release.
            out: a folder of the data, such as ``data/linked-mine``; the next build takes it in.
            below: how many steps below our nodes to go, too.
            licence: IRI of the licence, where the file states none.

        Raises:
            LoadError: the file cannot be read.
            ImmunographError: nothing of it is a node here, or the folder holds something else.
        """
        from immunograph.linking.expanding import expand

        return expand(self.graph, Path(ontology), Path(out), below=below, licence=licence)

    def mappings(self) -> list[Match]:
        """The cross-references of every node, each with predicate, justification, source, date and confidence."""
        from immunograph.linking.mappings import node_matches

        return list(node_matches(self.graph))

    def validate(self) -> Report:
        """Run checks and shapes on the data that the graph was built from."""
        from immunograph.building.validating import validate_data

        return validate_data(self.plan)

    def info(self) -> dict[str, object]:
        """Counts by kind, versions, sources with their licences; as ``immunograph info`` shows them."""
        return {
            "version": __version__,
            "build": self.report.get("key"),
            "triples": self.report.get("counts"),
            **counts_of(self.graph),
            "queries": len(self.queries),
        }

    def to_rdflib(self) -> rdflib.Graph:
        """The default graph as a new rdflib graph."""
        return self.graph.to_rdflib()

    def to_networkx(
        self, selection: Selection | None = None, *, has_negated: bool = False
    ) -> networkx.MultiDiGraph[str]:
        """Nodes and associations as a directed multigraph: one edge each, keyed by the association's CURIE.

        Args:
            selection: which of them; None for everything that is stated.
            has_negated: whether statements that something is *not* so are edges too, told by ``is_negated``.
        """
        from immunograph.exporters.memory import as_networkx

        with self._stream(selection) as stream:
            return as_networkx(stream, has_negated)

    def to_igraph(self, selection: Selection | None = None, *, has_negated: bool = False) -> igraph.Graph:
        """The same as an igraph; CURIEs stand in ``name`` of a vertex and ``id`` of an edge.

        Raises:
            MissingExtraError: igraph is not installed.
        """
        from immunograph.exporters.memory import as_igraph

        with self._stream(selection) as stream:
            return as_igraph(stream, has_negated)

    def to_pandas(self, selection: Selection | None = None) -> tuple[pandas.DataFrame, pandas.DataFrame]:
        """All nodes and all associations, negated ones among them, as two frames with list columns.

        Raises:
            MissingExtraError: pandas or pyarrow is not installed.
        """
        from immunograph.exporters.memory import as_pandas

        with self._stream(selection) as stream:
            return as_pandas(stream)

    def export(
        self,
        form: str,
        out: str | Path,
        *,
        selection: Selection | None = None,
        options: ExportOptions | None = None,
        is_forced: bool = False,
    ) -> Exported:
        """Write the graph, or a selection of it, in another format.

        Args:
            form: name of the format (``csv``, ``neo4j-csv``, ``gexf`` ...).
            out: file, folder or server's address.
            selection: which nodes and edges; None for everything that is stated.
            options: what only some formats look at.
            is_forced: whether an earlier export there is replaced.

        Raises:
            ExportError: the target or the selection is no good; what was there before is untouched.
        """
        from immunograph.exporting import export

        return export(self.folder, self.plan, form, str(out), selection, options, is_forced)

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
        if self._changed is not None:
            self._changed.close()

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _changing(self) -> ChangingGraph:
        """The copy of the graph that changes are made in; made when first asked for."""
        from immunograph.building.changing import ChangingGraph

        if self._changed is None:
            changed = ChangingGraph(self.folder)
            self.close()
            self._changed, self.folder = changed, changed.folder
            self.__dict__.update(graph=changed.graph, closure=changed.closure)
        for name in ("names", "report"):
            self.__dict__.pop(name, None)
        return self._changed

    def _closure_apart(self) -> Closure:
        """The closure once more, to be changed and thrown away."""
        from immunograph.reasoning import Closure

        path = self.folder / CLOSURE
        if self._changed is not None:
            self.closure.save(path.with_name("apart.duckdb"))
            path = path.with_name("apart.duckdb")
        return Closure.open(path) if path.is_file() else self.closure

    def _stated(self, statements: Statements) -> list[Triple]:
        if isinstance(statements, (str, Path)):
            return [(str(q.subject), str(q.predicate), str(q.object)) for q in parse_file(Path(statements))]
        return [(self._named(s), self._predicate_named(p), self._named(o)) for s, p, o in statements]

    def _named(self, text: str) -> str:
        """A term as N-Triples text; other than ``_term``, it need not be in the graph."""
        if text.startswith(("<", '"', "_:")):
            return text
        iri = as_iri(text)
        return f"<{iri}>" if iri and self.names.node(iri) is None else f"<{self.names.resolve(text).iri}>"

    def _predicate_named(self, text: str) -> str:
        iri = None if text == "a" else as_iri(text)
        return f"<{iri}>" if iri else (text if text.startswith("<") else self._predicate(text))

    def _stream(self, selection: Selection | None) -> GraphStream:
        from immunograph.exporting import selected_stream

        return selected_stream(self.folder, self.plan, selection)

    def _saved(self, name: str) -> SavedQuery:
        if name not in self._read:
            self._read[name] = find_question(name, queries_dir())
        return self._read[name]

    def _limited(self, timeout: float | None) -> Graph | TimedGraph:
        """What is asked here: the graph, or one in a process of its own that can be killed.

        A graph that was changed is open for writing, and asked in this process whatever the time.
        """
        if timeout is None or self._changed is not None:
            return self.graph
        from immunograph.store.limits import TimedGraph

        return TimedGraph(self.folder / STORE, timeout)

    def _question(
        self, text: str, endpoint: Endpoint | None, values: Mapping[str, tuple[str, ...]] | None = None
    ) -> Question:
        nodes = {name: iris for name, iris in (values or {}).items() if iris}
        return Question(text, endpoint or self.graph, self.names, self.label, nodes)

    def _answer(
        self, rows: Rows, question: Question, meanings: Mapping[str, str], has_labels: bool, limit: int | None = None
    ) -> Answer:
        rows, note = _cut(rows, limit)
        has_proofs = question.asked is self.graph and (self.folder / CLOSURE).is_file()
        explain = explaining_with(self.graph, self.label, lambda t: self.closure.explain(t)) if has_proofs else None
        answer = answer_of(rows, meanings, note, Backing(question, rows, explain))
        return with_labels(answer, self.label, rows) if has_labels else answer

    def _term(self, text: str) -> str:
        if text.startswith(('"', "_:")):
            return text
        iri = as_iri(text)
        if iri and self.names.node(iri) is None and self.graph.ask(_IN_USE.format(iri=iri)):
            return f"<{iri}>"
        return f"<{self.names.resolve(text).iri}>"

    def _predicate(self, text: str) -> str:
        if text == "a":
            return f"<{RDF_TYPE}>"
        iri = as_iri(text) or (IG + text if text.isidentifier() else "")
        if iri and self.graph.ask(_IN_USE.format(iri=iri)):
            return f"<{iri}>"
        named: dict[str, str] = {}
        for property_, label in self.graph.select(_PROPERTIES).rows:
            if property_ and label:
                named |= {label.value: property_.value, compress(property_.value).partition(":")[2]: property_.value}
        if text not in named:
            raise UnknownTermError(text, nearest(text, named))
        return f"<{named[text]}>"

    def _values(self, query: str) -> tuple[str, ...]:
        return tuple(row[0].value for row in self.graph.select(query).rows if row[0])


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
    plan = BuildPlan(Path(data) if data else data_dir())
    if path is None:
        return KnowledgeGraph(_built(plan, tell), plan)
    folder = Path(path)
    if not is_built(folder):
        raise StoreError(f"{folder}: is not a built graph; make one with `immunograph build --out {folder}`")
    return KnowledgeGraph(folder, plan)


def asked_there(endpoint: Endpoint, text: str, limit: int | None = None) -> Answer | bool | list[Triple]:
    """Run a SPARQL query at an endpoint, without a graph here.

    Raises:
        QueryError: the endpoint cannot parse it; EndpointError: it failed.
    """
    found = endpoint.run(text, None if limit is None else limit + 1)
    if isinstance(found, Rows):
        rows, note = _cut(found, limit)
        return answer_of(rows, {}, note)
    return found[:limit] if isinstance(found, list) else found


def _cut(rows: Rows, limit: int | None) -> tuple[Rows, str]:
    """At most so many rows, and a note where there are more."""
    if limit is None or len(rows.rows) <= limit:
        return rows, ""
    return Rows(rows.columns, rows.rows[:limit]), f"only the first {limit} rows; raise the limit to see more"


def _built(plan: BuildPlan, tell: Callable[[str], None]) -> Path:
    folder = graph_dir(plan)
    if is_built(folder):
        return folder
    from immunograph.building.pipeline import open_or_build

    return open_or_build(plan, tell)


def _joined(value: object) -> str:
    """A value as a query parses it: several names one a line."""
    if isinstance(value, str):
        return value
    return "\n".join(map(str, value)) if isinstance(value, Iterable) else str(value)
