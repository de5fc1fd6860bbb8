"""``explain`` and ``path``: why a statement holds, and how one thing leads to another."""

from __future__ import annotations

from collections.abc import Iterator

from immunograph.analysis.paths import Link, MechanismPath
from immunograph.explaining import Explanation
from immunograph.identifiers import compress, expand
from immunograph.knowledge import KnowledgeGraph
from immunograph.mcp.replies import Data, Draft, Item, Numbers, Show, Shown, filled, marks, plain, plain_lines
from immunograph.queries.citations import Citation, read_citations

_SIGNS = {-1: "-", 1: "+", 0: "none"}
_NEGATED = "SELECT ?x WHERE {{ ?x ig:subject {} ; ig:predicate {} ; ig:object {} ; ig:negated true }} ORDER BY ?x"
_NO_CLAIM = "a path explains how one thing could lead to another; it does not say that the one treats the other"

_MOST_CITATIONS = 3
"""Citations of a link; the others are counted, and `node` has them."""

Cited = dict[str, tuple[Citation, ...]]


def explain(kg: KnowledgeGraph, subject: str, predicate: str, object: str, offset: int = 0) -> Iterator[Draft]:
    """The proof of a triple down to what is stated, or why it does not hold."""
    proof = kg.explain(subject, predicate, object)
    if proof is None:
        yield _denial(kg, subject, predicate, object)
        return
    steps = {part.name: part for part in proof.walk()}
    numbered = {name: at for at, name in enumerate(steps, start=1)}
    items = [Item(_step(part, numbered)) for part in steps.values()]
    head = {"holds": True, "inferred": proof.is_inferred, "text": proof.text}
    how = "inferred" if proof.is_inferred else "stated"
    title = f"It holds, {how}: {plain(proof.text)}"
    rest = "ask again with offset={}, or with a larger budget"
    yield Draft(title, head, "steps", items[offset:], rest.format, (), len(items), offset)


def path(kg: KnowledgeGraph, start: str, end: str, hops: int = 4, most: int = 5) -> Iterator[Draft]:
    """Signed mechanism paths from one node to another, each link with its citations."""
    found = kg.path(start, end, hops=hops, most=most)
    stated = sorted({expand(curie) for one in found for link in one.links for curie in link.associations})
    cited = read_citations(stated, kg.graph)
    ends = kg.names.resolve(start), kg.names.resolve(end)
    head = {"start": ends[0].curie, "end": ends[1].curie, "hops": hops}
    items = [Item(_path(kg, one, cited)) for one in found]
    title = f"{len(found)} paths from {plain(ends[0])} to {plain(ends[1])}; - counteracts, + promotes"
    notes = [_NO_CLAIM] if found else [f"no path of at most {hops} stated links; give more hops, or ask the other way"]
    full = f"the {most} first paths shown; there may be more: give a larger most" if len(found) == most else ""
    yield Draft(title, head, "paths", items, lambda _: "give a larger budget", notes, len(found), more=full)


def _denial(kg: KnowledgeGraph, subject: str, predicate: str, object_: str) -> Draft:
    triple = kg.triple(subject, predicate, object_)
    against = [row[0].value for row in kg.graph.select(_NEGATED.format(*triple)).rows if row[0]]
    cited = read_citations(against, kg.graph)
    said = plain_lines(kg.why_not(subject, predicate, object_))
    head = {"holds": False, "known_not_to_hold": bool(against), "text": said}
    items = [Item(_negation(iri, cited[iri])) for iri in against]
    notes = [] if against else ["not known is not the same as not so"]
    return Draft(said, head, "negated_by", items, lambda _: "give a larger budget", notes, len(items))


def _negation(iri: str, citations: tuple[Citation, ...]) -> Show:
    def show(numbers: Numbers) -> Shown:
        cites = numbers.of(citations)
        return {"association": compress(iri), "cites": cites}, f"negated by {compress(iri)}{marks(cites)}"

    return show


def _step(part: Explanation, numbered: dict[str, int]) -> Show:
    """One step: what holds, by which rule, from which other steps; what is stated has its citations."""
    by = part.rule if part.is_inferred else {"asserted": "stated", "ontology": "by definition"}[part.rule]
    below = list(dict.fromkeys(numbered[premise.name] for premise in part.premises))
    at = numbered[part.name]

    def show(numbers: Numbers) -> Shown:
        cites = numbers.of(part.citations)
        data: Data = filled(
            {
                "step": at,
                "text": part.text,
                "by": by,
                "from": below,
                "not": list(part.absent),
                "counted": list(part.counted),
                "association": part.association,
            }
        )
        how = f"by {by} from {', '.join(map(str, below))}" if part.is_inferred else by
        more = "".join(f"; not: {one}" for one in part.absent) + "".join(f"; counted: {one}" for one in part.counted)
        return {**data, "cites": cites}, f"{at}. {plain(part.text)} [{how}{plain(more)}]{marks(cites)}"

    return show


def _path(kg: KnowledgeGraph, found: MechanismPath, cited: Cited) -> Show:
    def shown(link: Link, numbers: Numbers) -> Shown:
        behind = list(dict.fromkeys(c for curie in link.associations for c in cited[expand(curie)]))
        cites = numbers.of(behind[:_MOST_CITATIONS])
        left = len(behind) - len(cites)
        names = {"subject": kg.label(link.subject), "object": kg.label(link.object)}
        data = {
            **names,
            "subject_id": compress(link.subject),
            "predicate": link.predicate,
            "object_id": compress(link.object),
            "sign": _SIGNS[link.sign],
            "associations": list(link.associations),
            "cites": cites,
            **({"more_citations": left} if left else {}),
        }
        said = f"{plain(names['subject'])} {link.predicate} {plain(names['object'])}"
        return data, f"    {said} ({_SIGNS[link.sign]}){marks(cites)}" + (f" (and {left} more)" if left else "")

    def show(numbers: Numbers) -> Shown:
        links = [shown(link, numbers) for link in found.links]
        line = "\n".join([f"- path with sign {_SIGNS[found.sign]}:", *(line for _, line in links)])
        return {"sign": _SIGNS[found.sign], "links": [data for data, _ in links]}, line

    return show
