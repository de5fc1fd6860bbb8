"""The JSON interface: what the pages show, for programs, with an OpenAPI description of itself."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from immunograph import __version__
from immunograph.analysis.questions import ANALYSES
from immunograph.errors import QueryParameterError
from immunograph.queries import Answer, SavedQuery
from immunograph.vocabulary import NODE_KINDS
from immunograph.web.asked import answer_of, found_nodes, path_view, reason_of
from immunograph.web.desk import Desk
from immunograph.web.explorer import whole
from immunograph.web.settings import Settings

Handler = Callable[[Request], Awaitable[Response]]

ROW_FORMS: Mapping[str, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "jsonl": "application/x-ndjson",
}
"""Form of the rows of a saved query → media type."""

_OWN = {"format", "limit", "sources"}


@dataclass(frozen=True, slots=True)
class Api:
    """The JSON interface of one graph.

    Attributes:
        desk: where the graph is asked.
        settings: limits.
    """

    desk: Desk
    settings: Settings

    def routes(self) -> list[Route]:
        """Address → what it gives."""
        given: Mapping[str, Handler] = {
            "/api/info": self.info,
            "/api/find": self.find,
            "/api/node/{name:path}": self.node,
            "/api/resolve": self.resolve,
            "/api/queries": self.queries,
            "/api/query/{name}": self.query,
            "/api/explain": self.explain,
            "/api/path": self.path,
            "/openapi.json": self.described,
        }
        return [Route(address, handler, methods=["GET"]) for address, handler in given.items()]

    async def info(self, _: Request) -> Response:
        """Counts, versions, sources and licences."""
        return as_json(await self.desk.info())

    async def find(self, request: Request) -> Response:
        """Nodes by name."""
        text, kind = request.query_params.get("q", ""), request.query_params.get("kind") or None
        if kind and kind not in (*NODE_KINDS, "ModulatorClass"):
            raise QueryParameterError(f"kind cannot be {kind!r}; choose {', '.join(NODE_KINDS)} or ModulatorClass")
        limit = whole("limit", request.query_params.get("limit"), 20, 200)
        nodes = await self.desk.ask(lambda kg: found_nodes(kg, text, kind, limit))
        return as_json(
            [{"node": n.curie, "label": n.label, "kinds": list(n.kinds), "matched": n.matched} for n in nodes]
        )

    async def node(self, request: Request) -> Response:
        """Everything that is stated of one node, with its classes."""
        name = request.path_params["name"]
        return as_json(await self.desk.ask(lambda kg: kg.show(name).as_dict()))

    async def resolve(self, request: Request) -> Response:
        """What identifiers or names mean; ``q`` may be repeated."""
        from immunograph.linking.resolving import RESOLUTION_COLUMNS, resolution_row

        texts = request.query_params.getlist("q")
        found = await self.desk.ask(lambda kg: kg.resolve(texts))
        return as_json([dict(zip(RESOLUTION_COLUMNS, resolution_row(one), strict=True)) for one in found])

    async def queries(self, _: Request) -> Response:
        """The saved queries with their parameters and columns."""
        known = await self.desk.ask(lambda kg: [*kg.queries.values(), *ANALYSES.values()])
        return as_json([_query_data(query) for query in sorted(known, key=lambda query: query.name)])

    async def query(self, request: Request) -> Response:
        """The rows of a saved query; as JSON with the columns' meanings and, where there is none, the reason."""
        name, given = request.path_params["name"], request.query_params
        form = given.get("format", "json")
        if form not in ROW_FORMS:
            raise QueryParameterError(f"format cannot be {form!r}; choose {', '.join(ROW_FORMS)}")
        limit = whole("limit", given.get("limit"), 0, 1_000_000) or None
        values = {key: value for key, value in given.items() if key not in _OWN}
        answer = await self.desk.ask(
            lambda kg: answer_of(kg, name, values, self.settings, limit=limit, sources="sources" in given)
        )
        if form == "json":
            why = await self.desk.ask(lambda _: answer.why_empty)
            return as_json(_answer_data(answer, str(why) if why else ""))
        return rows_as(answer, form, name)

    async def explain(self, request: Request) -> Response:
        """Why a triple holds, or does not."""
        subject, predicate, object_ = (request.query_params.get(key, "") for key in ("s", "p", "o"))
        reason = await self.desk.ask(lambda kg: reason_of(kg, subject, predicate, object_))
        if reason.explanation is None:
            return as_json({"holds": False, "why_not": reason.why_not})
        return as_json({"holds": True, "proof": reason.explanation.as_data()})

    async def path(self, request: Request) -> Response:
        """Mechanism paths from one node to another."""
        start, end = request.query_params.get("from", ""), request.query_params.get("to", "")
        hops = whole("max_hops", request.query_params.get("max_hops"), 4, self.settings.path_hops)
        most = whole("k", request.query_params.get("k"), 5, 50)
        view = await self.desk.ask(lambda kg: path_view(kg, start, end, hops, most))
        links = ("subject", "predicate", "object", "sources")
        paths = [
            {"sign": sign, "links": [dict(zip(links, one, strict=True)) for one in path]} for sign, path in view.paths
        ]
        stated = [dict(zip(("statement", "associations", "sources"), one, strict=True)) for one in view.stated]
        return as_json({"paths": paths, "stated": stated})

    async def described(self, request: Request) -> Response:
        """This interface as OpenAPI 3.1; each saved query is an address of its own."""
        known = await self.desk.ask(lambda kg: [*kg.queries.values(), *ANALYSES.values()])
        return as_json(_described(known, str(request.base_url).rstrip("/")))


def rows_as(answer: Answer, form: str, name: str) -> Response:
    """Rows as a file to download."""
    text = {
        "csv": answer.to_csv,
        "tsv": lambda: answer.to_csv("\t"),
        "jsonl": answer.to_json_lines,
        "json": answer.to_json,
    }[form]()
    return Response(
        text, media_type=ROW_FORMS[form], headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    )


def as_json(content: object, status: int = 200) -> Response:
    """Plain data as JSON; decimals as numbers."""
    text = json.dumps(content, ensure_ascii=False, default=lambda x: float(x) if isinstance(x, Decimal) else str(x))
    return Response(text, status, media_type="application/json")


def _answer_data(answer: Answer, why: str) -> dict[str, object]:
    return {
        "columns": list(answer.columns),
        "meanings": dict(answer.meanings),
        "rows": answer.to_dicts(),
        "note": answer.note or None,
        "why_empty": why or None,
    }


def _query_data(saved: SavedQuery) -> dict[str, object]:
    return {
        "query": saved.name,
        "summary": saved.summary,
        "description": saved.description,
        "tags": list(saved.tags),
        "parameters": {
            name: {"type": p.type, "kinds": list(p.kinds), "help": p.help, "example": p.example, "default": p.default}
            for name, p in saved.parameters.items()
        },
        "columns": dict(saved.columns),
        "text": saved.text,
    }


def _described(known: list[SavedQuery], server: str) -> dict[str, Any]:
    paths: dict[str, Any] = {
        "/api/info": _operation("Counts, versions, sources and licences"),
        "/api/find": _operation("Nodes by name", _parameter("q", "a name"), _KIND, _LIMIT),
        "/api/node/{name}": _operation(
            "Everything that is stated of one node", {**_parameter("name", "name or CURIE"), "in": "path"}
        ),
        "/node/{curie}.ttl": _operation("A node with its statements and their evidence, as Turtle", _CURIE),
        "/node/{curie}.json": _operation("The same as /api/node", _CURIE),
        "/sparql": _operation("The SPARQL 1.1 endpoint", _parameter("query", "SPARQL; read-only")),
        "/api/resolve": _operation("What identifiers or names mean", _parameter("q", "one; may be repeated")),
        "/api/queries": _operation("The saved queries"),
        "/api/explain": _operation("Why a triple holds, or does not", *(_parameter(k, w) for k, w in _SPO)),
        "/api/path": _operation(
            "Mechanism paths, and what sources state of the two",
            _parameter("from", "a node"),
            _parameter("to", "a node"),
            _number("max_hops"),
            _number("k"),
        ),
    }
    for saved in sorted(known, key=lambda query: query.name):
        parameters = [_parameter(n, p.help, p.default is None, p.example) for n, p in saved.parameters.items()]
        paths[f"/api/query/{saved.name}"] = _operation(saved.summary, *parameters, _FORM, _LIMIT, _SOURCES)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ImmunoGraph",
            "version": __version__,
            "description": "A knowledge graph of immune modulators. For research, not medical advice.",
        },
        "servers": [{"url": server}],
        "paths": paths,
    }


_SPO = (("s", "subject"), ("p", "predicate"), ("o", "object"))


def _parameter(name: str, help_: str, required: bool = True, example: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": name,
        "in": "query",
        "required": required,
        "description": help_,
        "schema": {"type": "string"},
    }
    return {**found, "example": example} if example else found


def _number(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "integer", "minimum": 1}}


_LIMIT = _number("limit")
_SOURCES = {**_parameter("sources", "1: the records behind each row", False), "schema": {"enum": ["1"]}}
_CURIE = {**_parameter("curie", "such as igd:tocilizumab"), "in": "path"}
_KIND = {**_parameter("kind", "a node kind", False), "schema": {"enum": [*NODE_KINDS, "ModulatorClass"]}}
_FORM = {"name": "format", "in": "query", "required": False, "schema": {"enum": list(ROW_FORMS)}}


def _operation(summary: str, *parameters: Mapping[str, Any]) -> dict[str, Any]:
    refused = {"description": "refused, with what to do", "content": {"application/json": {}}}
    return {
        "get": {
            "summary": summary,
            "parameters": list(parameters),
            "responses": {"200": {"description": "found"}, "4XX": refused, "503": refused},
        }
    }
