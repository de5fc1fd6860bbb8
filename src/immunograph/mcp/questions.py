"""``queries``, ``ask`` and ``sparql``: questions, and the statements behind each row of their answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from immunograph.analysis.questions import ANALYSES, find_question
from immunograph.assets import queries_dir
from immunograph.errors import QueryError
from immunograph.identifiers import compress, expand
from immunograph.knowledge import KnowledgeGraph
from immunograph.mcp.replies import Data, Draft, Item, Numbers, Show, Shown, filled, marks, plain, plain_lines
from immunograph.names import name_key
from immunograph.queries import Answer, Parameter, SavedQuery
from immunograph.queries.answer import Value
from immunograph.queries.citations import Citation, read_citations
from immunograph.store.query_text import calls_others
from immunograph.store.triples import Triple

MOST_ROWS = 2_000
"""Rows that are read of one question; counts beyond are not known."""

_OWN = ("source", "record", "address")
_COUNTING = frozenset({"counts", "provenance"})
_UNREADY = "the statements behind the rows were not found within the time limit; ask for fewer rows, or use `node`"

_COUNTED = "the rows count what is in the graph; no single statement stands behind one"
_COMPUTED = "computed on the network of stated links; `path` and `node` tell the statements with citations"
_UNCITED = "rows without a citation are inferred or counted; `explain` proves an inferred one"

Row = dict[str, Value]
Cited = tuple[Citation, ...]


def queries(kg: KnowledgeGraph, search: str = "", name: str = "", offset: int = 0) -> Iterator[Draft]:
    """The saved queries, those that hold most of the words first; with a name, one in full."""
    if name:
        yield _in_full(find_question(name, queries_dir()))
        return
    words = name_key(search).split()
    known = sorted([*kg.queries.values(), *ANALYSES.values()], key=lambda query: query.name)
    found = sorted((q for q in known if not words or _held(q, words)), key=lambda query: -_held(query, words))
    title = f"{len(found)} of {len(known)} saved queries; ask one with the tool `ask`"
    notes = [] if found else [f"no query has a word of {search!r}; leave search empty for all"]
    items = [_listed(query) for query in found[offset:]]
    rest = "ask again with offset={}, or with other words in search"
    yield Draft(title, {}, "queries", items, rest.format, notes, len(found), offset)


def ask(
    kg: KnowledgeGraph,
    query: str,
    parameters: Mapping[str, object] | None = None,
    limit: int = 25,
    offset: int = 0,
    labels: bool = True,
    citations_per_row: int = 3,
) -> Iterator[Draft]:
    """The rows of a saved query, first without what stands behind them, then with it."""
    saved = find_question(query, queries_dir())
    answer = kg.query(query, parameters or {}, has_labels=labels, limit=MOST_ROWS)
    head = {"query": query, "summary": saved.summary, "parameters": dict(parameters or {})}
    meanings = {name: text for name, text in saved.columns.items() if name in answer.columns}
    drawn = _Rows(kg, answer, {**head, "columns": meanings or list(answer.columns)}, saved.summary, limit, offset)
    yield from drawn.drafts(citations_per_row, bool(_COUNTING & set(saved.tags)))


def sparql(kg: KnowledgeGraph, query: str, limit: int = 100, citations_per_row: int = 3) -> Iterator[Draft]:
    """What a SPARQL query finds: rows, a truth, or triples; of rows, the statements behind them."""
    if calls_others(query):
        raise QueryError("SERVICE is refused: this server asks no other one; ask for what is in this graph")
    found = kg.sparql(query, has_labels=True, limit=MOST_ROWS)
    if isinstance(found, bool):
        yield Draft(f"The answer is {str(found).lower()}.", {"answer": found}, "")
    elif isinstance(found, Answer):
        rows = _Rows(kg, found, {"columns": list(found.columns)}, "Rows of the query", limit, 0)
        yield from rows.drafts(citations_per_row, False)
    else:
        yield _triples(kg, query, found, limit)


class _Rows:
    """One page of an answer's rows, and what stands behind each."""

    def __init__(self, kg: KnowledgeGraph, answer: Answer, head: Data, summary: str, limit: int, offset: int) -> None:
        self._kg, self._answer, self._head, self._summary = kg, answer, head, summary
        self._first, self._last = offset, min(offset + limit, len(answer))
        self._total = None if answer.note and len(answer) >= MOST_ROWS else len(answer)

    def drafts(self, most: int, is_count: bool) -> Iterator[Draft]:
        """The page without citations, for the time when they are late, and with them."""
        if not self._answer.rows:
            yield self._draft([], ["no rows; why was not found out within the time limit"])
            yield self._empty()
            return
        own = [self._own(row) for row in self._page()] if most else []
        if all(own) or (is_count and not any(own)):
            yield self._draft(own, [_COUNTED] if is_count and most and not any(own) else [], most)
            return
        yield self._draft(own, [_UNREADY], most)
        own = [mine or behind for mine, behind in zip_longest(own, self._behind(), fillvalue=())]
        yield self._draft(own, [] if all(own) else [_UNCITED if self._answer.context else _COMPUTED], most)

    def _page(self) -> list[Row]:
        return list(self._answer)[self._first : self._last]

    def _own(self, row: Row) -> Cited:
        """The citations that a row states itself: in its own columns, or as the statements that it names."""
        named = [expand(str(value)) for value in row.values() if str(value).startswith("iga:")]
        if named:
            return tuple(c for each in read_citations(named, self._kg.graph).values() for c in each)
        if not row.get("source") or not set(_OWN) <= row.keys():
            return ()
        source, record, address = (str(row[name] or "") for name in _OWN)
        return (Citation(source, record, str(row.get("section") or ""), address),)

    def _behind(self) -> list[Cited]:
        """The citations of the statements behind each row of the page."""
        backed = self._answer.first(self._last).with_sources()
        if "stated_by" not in backed.columns:
            return []
        named = [_associations(value) for value in backed.column("stated_by")[self._first :]]
        cited = read_citations(sorted({iri for each in named for iri in each}), self._kg.graph)
        return [tuple(dict.fromkeys(c for iri in each for c in cited[iri])) for each in named]

    def _empty(self) -> Draft:
        why = self._answer.why_empty
        head = {**self._head, **({"why_empty": why.as_data()} if why else {})}
        note = self._answer.note or "no row means that it is not known here, not that it is not so"
        return Draft(plain_lines(str(why)) if why else "no rows", head, "rows", (), notes=[note], total=0)

    def _draft(self, cited: Sequence[Cited], notes: list[str], most: int = 0) -> Draft:
        page = self._page()
        pairs = zip_longest(page, cited, fillvalue=())
        items = [Item(_row(row, each, most)) for row, each in pairs if isinstance(row, dict)]
        known = f"{self._total}" if self._total is not None else f"more than {MOST_ROWS}"
        title = f"{plain(self._summary)}: {known} rows" + (f", from number {self._first + 1} on" if self._first else "")
        if page:
            title += f"\n{' | '.join(_columns(page))}"
        elif self._answer.rows:
            notes = [*notes, f"offset={self._first} is behind the last of {known} rows"]
        if self._answer.says_nothing and self._answer.rows and (why := self._answer.why_empty):
            notes = [*notes, plain(why)]
        return Draft(
            title, self._head, "rows", items, self._rest, notes, self._total, self._first, self._unread(len(page))
        )

    def _rest(self, shown: int, larger: str = "budget") -> str:
        if "query" in self._head:
            return f"ask again with offset={shown}, or with a larger {larger}"
        return f"end the query with ORDER BY, LIMIT and OFFSET {shown}, or give a larger {larger}"

    def _unread(self, shown: int) -> str:
        """How to get the rows behind the page; empty where it is the last."""
        if self._last >= len(self._answer) and self._total is not None:
            return ""
        known = f"{self._total}" if self._total is not None else f"more than {MOST_ROWS}"
        return f"{shown} of {known} rows shown, the limit was reached; {self._rest(self._last, 'limit')}"


def _row(row: Row, cited: Cited, most: int) -> Show:
    """How a row is shown: without the columns that its citation says already."""

    def show(numbers: Numbers) -> Shown:
        cites = numbers.of(cited[:most])
        values = {name: row[name] for name in _columns([row])}
        left = {"more_citations": len(cited) - most} if len(cited) > most > 0 else {}
        line = " | ".join("" if value is None else plain(value) for value in values.values())
        more = f" (and {left['more_citations']} more)" if left else ""
        return {**filled(values), "cites": cites, **left}, line + marks(cites) + more

    return show


def _columns(page: Sequence[Row]) -> list[str]:
    """The columns of rows, without those of which their citations are made."""
    names = list(page[0])
    return [name for name in names if name not in _OWN] if set(_OWN) <= set(names) else names


def _associations(value: Value) -> list[str]:
    return [expand(part) for part in str(value or "").split() if part.startswith("iga:")]


def _triples(kg: KnowledgeGraph, query: str, found: list[Triple], limit: int) -> Draft:
    def item(triple: Triple) -> Item:
        terms = [compress(term[1:-1]) if term.startswith("<") else term for term in triple]
        return Item(
            lambda _: (dict(zip(("subject", "predicate", "object"), terms, strict=True)), plain(" ".join(terms)))
        )

    notes = [] if found else [plain(kg.why_empty(query))]
    known = f"{len(found)}" if len(found) < MOST_ROWS else f"at least {MOST_ROWS}"
    more = (
        f"{limit} of {known} triples shown, the limit was reached; add LIMIT and OFFSET" if len(found) > limit else ""
    )
    items = [item(triple) for triple in found[:limit]]
    rest = "add LIMIT and OFFSET to the query"
    return Draft(f"{known} triples", {}, "triples", items, lambda _: rest, notes, len(found), more=more)


def _held(query: SavedQuery, words: Sequence[str]) -> int:
    """How many of some words a query has; those in its name, summary or tags count before those in its description."""
    short = name_key(f"{query.name} {query.summary} {' '.join(query.tags)}")
    long = name_key(query.description)
    return sum(10 * (word in short) + (word in long) for word in words)


def _listed(query: SavedQuery) -> Item:
    takes = ", ".join(f"{name}={parameter.example}" for name, parameter in query.parameters.items())
    data = {"query": query.name, "summary": query.summary, **({"takes": query.example()} if takes else {})}
    return Item(lambda _: (data, f"- {query.name}({takes}): {query.summary}"))


def _in_full(query: SavedQuery) -> Draft:
    parameters = {name: _parameter(parameter) for name, parameter in query.parameters.items()}
    head = {
        "query": query.name,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": parameters,
        "columns": dict(query.columns),
    }
    lines = [f"{query.name}: {query.summary}", query.description]
    lines += [f"- takes {name}: {p.help}, such as {p.example!r}" for name, p in query.parameters.items()]
    lines += [f"- gives {name}: {meaning}" for name, meaning in query.columns.items()]
    return Draft("\n".join(filter(None, lines)), head, "")


def _parameter(parameter: Parameter) -> Data:
    return filled(
        {
            "type": parameter.type,
            "kinds": list(parameter.kinds),
            "help": parameter.help,
            "example": parameter.example,
            "default": parameter.default,
            "choices": list(parameter.choices),
        }
    )
