"""The pages: everything works without a script, every page has an address that can be kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from immunograph import __version__
from immunograph.analysis.questions import ANALYSES
from immunograph.errors import ImmunographError, QueryParameterError
from immunograph.queries import Answer, SavedQuery
from immunograph.queries.answer import answer_of as rows_of
from immunograph.store.media import RESULTS, TRIPLES
from immunograph.store.remote import read_results
from immunograph.web.asked import answer_of, found_nodes, node_view, path_view, reason_of
from immunograph.web.cells import node_address, table_of
from immunograph.web.desk import Desk
from immunograph.web.failures import Problem, problem_of
from immunograph.web.negotiation import accepted
from immunograph.web.pooled import PoolDesk
from immunograph.web.settings import Settings
from immunograph.web.shown import address_of, spaced, web_address

_TEMPLATES = Path(__file__).parent / "templates"
_ENDINGS = {"text/turtle": ".ttl", "application/json": ".json"}
"""Media type of a node as a file → ending of its address."""

_EXAMPLES = (
    ("What inhibits IL-6 signalling, and by which route?", "approved-inhibitors-of-target", {"target": "IL6"}),
    ("Which adverse effects does a class share?", "class-effects", {"class": "TNF inhibitor"}),
    ("What must be monitored, and why?", "monitoring-plan", {"modulator": "adalimumab"}),
    ("Which classes are used for a condition?", "classes-for-condition", {"condition": "rheumatoid arthritis"}),
    ("Which modulators act on my genes?", "modulators-of-genes", {"genes": "IL6R, JAK1, TNF"}),
    ("What has a boxed warning for tuberculosis?", "boxed-warnings", {"effect": "tuberculosis"}),
)


@dataclass(frozen=True)
class Explorer:
    """The pages of one graph.

    Attributes:
        desk: where the graph is asked.
        strangers: where SPARQL that visitors type is asked.
        settings: limits.
    """

    desk: Desk
    strangers: PoolDesk
    settings: Settings

    def routes(self) -> list[Route]:
        """Address → page."""
        pages: Mapping[str, Callable[[Request], Any]] = {
            "/": self.home,
            "/find": self.found,
            "/node/{name:path}": self.node,
            "/queries": self.queries,
            "/query/{name}": self.query,
            "/explain": self.explain,
            "/path": self.path,
            "/ask": self.ask,
            "/about": self.about,
        }
        return [Route(address, page, methods=["GET"]) for address, page in pages.items()]

    async def home(self, request: Request) -> Response:
        """The way in."""
        info = await self.desk.info()
        return self.page("home.html", request, examples=_EXAMPLES, info=info)

    async def found(self, request: Request) -> Response:
        """Nodes by name; a name that means one thing leads to its page."""
        text, kind = request.query_params.get("q", "").strip(), request.query_params.get("kind") or None
        nodes = await self.desk.ask(lambda kg: found_nodes(kg, text, kind, 40))
        meant = await self.desk.ask(lambda kg: kg.resolve(text)) if nodes and not kind else []
        if meant and meant[0].node and meant[0].strength == "exact":
            return RedirectResponse(node_address(meant[0].node.curie), 303)
        return self.page("found.html", request, text=text, kind=kind, nodes=nodes)

    async def node(self, request: Request) -> Response:
        """All that is said of one node."""
        name = request.path_params["name"]
        taken = accepted(request.headers.get("accept", ""), ["text/html", *_ENDINGS])[:1]
        if taken and taken[0] in _ENDINGS:
            return RedirectResponse(node_address(name) + _ENDINGS[taken[0]], 303)
        view = await self.desk.ask(lambda kg: node_view(kg, name))
        own = view.page.node.curie
        if name != own:
            return RedirectResponse(node_address(own), 303)
        return self.page("node.html", request, view=view, page=view.page, most=self.settings.most_rows)

    async def queries(self, request: Request) -> Response:
        """The saved queries, by tag."""
        tag = request.query_params.get("tag", "")
        known = await self.desk.ask(lambda kg: [*kg.queries.values(), *ANALYSES.values()])
        tags = sorted({one for query in known for one in query.tags})
        wanted = sorted((query for query in known if not tag or tag in query.tags), key=lambda query: query.name)
        return self.page("queries.html", request, queries=wanted, tags=tags, tag=tag)

    async def query(self, request: Request) -> Response:
        """A saved query: its form, and the answer where it is filled in."""
        name = request.path_params["name"]
        saved = await self.desk.ask(lambda kg: kg.question(name))
        values = {key: value for key, value in request.query_params.items() if key in saved.parameters and value}
        has_sources = "sources" in request.query_params
        is_asked = "ask" in request.query_params or bool(values)
        answer, why, problem = None, "", None
        if is_asked:
            try:
                answer, why = await self._answered(saved, values, has_sources)
            except ImmunographError as error:
                problem = problem_of(error)
        return self.page(
            "query.html",
            request,
            problem.status if problem else 200,
            saved=saved,
            is_analysis=saved.name in ANALYSES,
            values=values,
            answer=answer,
            why=why,
            problem=problem,
            has_sources=has_sources,
            download=urlencode(values),
        )

    async def _answered(self, saved: SavedQuery, values: Mapping[str, str], sources: bool) -> tuple[Answer, str]:
        most = self.settings.most_rows
        answer = await self.desk.ask(
            lambda kg: answer_of(kg, saved.name, values, self.settings, limit=most, sources=sources)
        )
        why = await self.desk.ask(lambda _: answer.why_empty)
        return answer, str(why) if why else ""

    async def explain(self, request: Request) -> Response:
        """Why a triple holds, or does not."""
        subject, predicate, object_ = (request.query_params.get(key, "") for key in ("s", "p", "o"))
        reason, problem = None, None
        if subject or predicate or object_:
            try:
                reason = await self.desk.ask(lambda kg: reason_of(kg, subject, predicate, object_))
            except ImmunographError as error:
                problem = problem_of(error)
        status = problem.status if problem else 200
        asked = {"s": subject, "p": predicate, "o": object_}
        return self.page("explain.html", request, status, **asked, reason=reason, problem=problem)

    async def path(self, request: Request) -> Response:
        """Mechanism paths from one node to another."""
        start, end = request.query_params.get("from", ""), request.query_params.get("to", "")
        hops = whole("max_hops", request.query_params.get("max_hops"), 4, self.settings.path_hops)
        view, problem = None, None
        if start and end:
            try:
                view = await self.desk.ask(lambda kg: path_view(kg, start, end, hops, 5))
            except ImmunographError as error:
                problem = problem_of(error)
        status = problem.status if problem else 200
        shown = {"start": start, "end": end, "hops": hops, "most": self.settings.path_hops}
        return self.page("path.html", request, status, **shown, view=view, problem=problem)

    async def ask(self, request: Request) -> Response:
        """SPARQL typed here, and its answer."""
        text, wanted = request.query_params.get("query", ""), request.query_params.get("load", "")
        found, problem, why = None, None, ""
        if wanted and not text:
            saved = await self.desk.ask(lambda kg: kg.question(wanted))
            return await self._editor(request, text=saved.text)
        if text.strip():
            try:
                found, why = await self._evaluated(request, text)
            except ImmunographError as error:
                problem = problem_of(error)
        return await self._editor(
            request, problem.status if problem else 200, text=text, found=found, problem=problem, why=why
        )

    async def _editor(
        self,
        request: Request,
        status: int = 200,
        *,
        text: str,
        found: object = None,
        problem: Problem | None = None,
        why: str = "",
    ) -> Response:
        known = await self.desk.ask(lambda kg: sorted(kg.queries.values(), key=lambda query: query.name))
        return self.page(
            "ask.html",
            request,
            status,
            text=text,
            found=found,
            is_rows=isinstance(found, Answer),
            problem=problem,
            why=why,
            queries=known,
            download=urlencode({"query": text}),
        )

    async def _evaluated(self, request: Request, text: str) -> tuple[object, str]:
        """Rows, a truth or Turtle, found by the processes of the endpoint; and why there are no rows."""
        served = await self.strangers.ask(request, text, [*list(RESULTS)[:1], *list(TRIPLES)[:1]])
        if served.media_type not in RESULTS:
            return served.body.decode(), ""
        found = read_results(served.body)
        if isinstance(found, bool) or found.rows:
            return found if isinstance(found, bool) else rows_of(found).first(self.settings.most_rows), ""
        return rows_of(found), str(await self.desk.ask(lambda kg: kg.why_empty(text)))

    async def about(self, request: Request) -> Response:
        """Counts, sources, licences, and how to ask by program."""
        return self.page("about.html", request, info=await self.desk.info())

    def page(self, template: str, request: Request, status: int = 200, **content: object) -> HTMLResponse:
        """A template filled in."""
        text = self._templates.get_template(template).render(
            version=__version__, here=str(request.url.path), base=str(request.base_url).rstrip("/"), **content
        )
        return HTMLResponse(text, status)

    @cached_property
    def _templates(self) -> Environment:
        loader = FileSystemLoader(_TEMPLATES)
        templates = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        templates.filters |= {
            "node_address": node_address,
            "address": address_of,
            "web_address": web_address,
            "spaced": spaced,
            "table": table_of,
        }
        templates.globals["query_address"] = query_address
        return templates


def query_address(name: str, values: Mapping[str, str]) -> str:
    """Where a saved query's answer is."""
    return f"/query/{quote(name)}?{urlencode(values)}"


def whole(name: str, text: str | None, default: int, most: int) -> int:
    """A whole number from 1 to the most that is allowed; the default where nothing is given.

    Raises:
        QueryParameterError: the text is no such number.
    """
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= most):
        raise QueryParameterError(f"{name} is a whole number from 1 to {most}, not {text[:40]!r}")
    return int(text)
