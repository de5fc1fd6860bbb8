"""Analyses that are asked as saved queries are: by name, with typed parameters, rows with documented columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from immunograph.analysis.statements import Asked
from immunograph.identifiers import compress
from immunograph.model import Term
from immunograph.queries.answer import Answer, Value
from immunograph.queries.saved import Parameter, SavedQuery, find_query

_STATED = """
SELECT DISTINCT ?predicate ?modulator WHERE {
  ?association ig:object <%s> ;
    a ig:Indication ;
    ig:predicate ?predicate ;
    ig:subject ?modulator .
  FILTER(?predicate != ig:treats)
  FILTER NOT EXISTS { ?association ig:negated true }
}
"""
_MECHANISM = """
SELECT ?effect ?modulator WHERE {
  VALUES ?effect { ig:mechanisticallyOpposes ig:mechanisticallyPromotes }
  ?modulator ?effect <%s> .
}
"""
_CANDIDATES = "SELECT DISTINCT ?m WHERE { ?m a ig:Modulator ; ?how ?what FILTER(?how IN (ig:treats, ig:approvedBy)) }"

Terms = Mapping[str, Sequence[Term]]
Table = tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Analysis(SavedQuery):
    """A question whose answer is computed on a network instead of by SPARQL.

    Attributes:
        work: gives the rows for a graph and the parsed parameters.
    """

    work: Callable[[Asked, Terms], Table]

    def answer(self, graph: Asked, terms: Terms, limit: int | None = None) -> Answer:
        """Compute the rows; the note says why there are none.

        Args:
            graph: a graph here, or an endpoint.
            terms: the parsed parameters.
            limit: the most rows to give.
        """
        rows = self.work(graph, terms)
        note = "" if rows else "no stated links lead from the one to the other; `immunograph show` lists what is stated"
        answer = Answer(tuple(self.columns), rows, self.columns, note)
        return answer if limit is None else answer.first(limit)


def find_question(name: str, folder: Path) -> SavedQuery:
    """The analysis or the saved query of a name.

    Raises:
        QueryNotFoundError: there is none; LoadError: the query's header is malformed.
    """
    return ANALYSES[name] if name in ANALYSES else find_query(name, folder)


def labels(graph: Asked, nodes: Iterable[str]) -> dict[str, str]:
    """Node → label; the CURIE where it has none."""
    wanted = sorted(set(nodes))
    found = {node: compress(node) for node in wanted}
    for start in range(0, len(wanted), 500):
        values = " ".join(f"<{node}>" for node in wanted[start : start + 500])
        rows = graph.select(f"SELECT ?node ?label WHERE {{ VALUES ?node {{ {values} }} ?node rdfs:label ?label }}").rows
        found.update((node.value, label.value) for node, label in rows if node and label)
    return found


def _rounded(number: float) -> Decimal:
    return Decimal(f"{number:.4f}")


def _shared_neighbours(graph: Asked, terms: Terms) -> Table:
    from immunograph.analysis.neighbours import shared_neighbours

    found = shared_neighbours(graph, terms["first"][0].value, terms["second"][0].value)
    names = labels(graph, (shared.node for shared in found))
    return tuple(
        (compress(s.node), names[s.node], ", ".join(s.first), ", ".join(s.second), _rounded(s.specificity), s.degree)
        for s in found
    )


def _bottlenecks(graph: Asked, terms: Terms) -> Table:
    from immunograph.analysis.bottlenecks import bottlenecks

    found = bottlenecks(graph, terms["effect"][0].value)
    names = labels(graph, (b.node for b in found))
    return tuple(
        (b.rank, compress(b.node), names[b.node], _rounded(b.share), b.modulators, b.degree, _rounded(b.degree_rank))
        for b in found
    )


def _ranking(graph: Asked, terms: Terms) -> Table:
    from immunograph.analysis.repurposing import ranked, stations, through
    from immunograph.analysis.use_network import read_knowledge, use_network

    condition = terms["condition"][0].value
    knowledge = read_knowledge(graph)
    network = use_network(knowledge)
    treating = {modulator for modulator, treated in knowledge.uses() if treated == condition}
    candidates = {row[0].value for row in graph.select(_CANDIDATES).rows if row[0]} - treating
    found = ranked(network, condition, candidates)[: int(terms["most"][0].value)]
    weights = stations(network, condition)
    ways = {c.modulator: through(network, weights, c.modulator) for c in found}
    names = labels(graph, [*ways, *(node for nodes in ways.values() for node in nodes)])
    stated = _said(graph, _STATED % condition)
    mechanism = _said(graph, _MECHANISM % condition)
    return tuple(
        (
            c.rank,
            compress(c.modulator),
            names[c.modulator],
            _rounded(c.score),
            c.degree,
            _rounded(c.degree_rank),
            ", ".join(names[node] for node in ways[c.modulator]),
            "; ".join(f"{walk} ({part:.1f})" for walk, part in c.walks.items()),
            ", ".join(sorted(stated.get(c.modulator, ()))),
            ", ".join(sorted(mechanism.get(c.modulator, ()))),
        )
        for c in found
    )


def _said(graph: Asked, query: str) -> dict[str, set[str]]:
    """Modulator → the local names of the predicates that a query gives with it."""
    found: dict[str, set[str]] = {}
    for predicate, modulator in graph.select(query).rows:
        if predicate and modulator:
            found.setdefault(modulator.value, set()).add(compress(predicate.value).partition(":")[2])
    return found


def _made(
    name: str,
    summary: str,
    description: str,
    tags: tuple[str, ...],
    parameters: Sequence[Parameter],
    columns: Mapping[str, str],
    work: Callable[[Asked, Terms], Table],
) -> Analysis:
    text = f"# {name}: {summary}.\n# Computed on a network of stated links, not by SPARQL.\n# {description}\n"
    return Analysis(name, summary, description, tags, {p.name: p for p in parameters}, columns, text, work)


ANALYSES: Mapping[str, Analysis] = MappingProxyType(
    {
        analysis.name: analysis
        for analysis in (
            _made(
                "effect-bottlenecks",
                "Targets, processes and cells between modulators and an adverse effect of theirs",
                "Of the shortest stated ways from the modulators with the effect to it, the part through each node, "
                "beside a rank by its number of links alone.",
                ("adverse-effect", "target", "network"),
                [Parameter("effect", "iri", ("Condition",), "a harm; narrower ones count", "tuberculosis")],
                {
                    "rank": "place by share",
                    "node": "the node",
                    "node_label": "its name",
                    "share": "part of the shortest ways that pass through it, 0 to 1",
                    "modulators": "number of modulators with the effect that have a shortest way through it",
                    "links": "baseline: number of links that it has in all",
                    "links_rank": "baseline: place by links alone; ties share the middle place",
                },
                _bottlenecks,
            ),
            _made(
                "repurposing-ranking",
                "Candidates for a condition by degree-weighted walks, beside a ranking by degree alone",
                "Approved or used modulators that are not stated to treat the condition. Walks have no sign: see the "
                "mechanism. A candidate is a question, not a recommendation; how well such rankings do is measured in "
                "benchmarks/repurposing.",
                ("modulator", "condition", "repurposing", "network"),
                [
                    Parameter("condition", "iri", ("Condition",), "a disease", "rheumatoid arthritis"),
                    Parameter("most", "integer", (), "the most candidates to give", "30", "30"),
                ],
                {
                    "rank": "place by score",
                    "modulator": "the modulator",
                    "modulator_label": "its name",
                    "score": "sum of asinh(walks / mean walks) over the kinds of walk; for comparison in one answer",
                    "uses": "baseline: number of conditions that it treats",
                    "uses_rank": "baseline: place by uses alone; ties share the middle place",
                    "through": "what it acts on that matters most to the condition",
                    "walks": "kinds of walk, each with its part of the score",
                    "stated": "what is stated of it and the condition: studied, ineffective, contraindicated ...",
                    "mechanism": "what signed links say of it: that it opposes or promotes the condition; inferred",
                },
                _ranking,
            ),
            _made(
                "shared-neighbours",
                "What two nodes are both linked to, the specific before the ubiquitous",
                "Every node that stated, not negated links join to both, whatever the links say.",
                ("network", "modulator", "condition", "target"),
                [
                    Parameter("first", "iri", (), "a node of any kind", "tocilizumab"),
                    Parameter("second", "iri", (), "another", "sarilumab"),
                ],
                {
                    "node": "the shared node",
                    "node_label": "its name",
                    "first_links": "its links with the first; a leading < where it is the subject",
                    "second_links": "its links with the second, likewise",
                    "specificity": "1 / ln(links), as Adamic and Adar weigh a common neighbour",
                    "links": "baseline: number of nodes that it is linked to",
                },
                _shared_neighbours,
            ),
        )
    }
)
"""Name → analysis."""
