"""A node taken elsewhere: as RDF or as a picture of its surroundings for other programs; by ending or by header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from immunograph.knowledge import KnowledgeGraph
from immunograph.store.triples import turtle_of
from immunograph.web.api import as_json
from immunograph.web.desk import Desk

_ABOUT = """
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ BIND(<{iri}> AS ?s) ?s ?p ?o }}
  UNION {{ ?s ig:subject <{iri}> ; ?p ?o }}
  UNION {{ ?s ig:object <{iri}> ; ?p ?o }}
  UNION {{ ?a ig:subject <{iri}> ; ig:hasEvidence ?s . ?s ?p ?o }}
  UNION {{ ?a ig:object <{iri}> ; ig:hasEvidence ?s . ?s ?p ?o }}
}}
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """Nodes as files.

    Attributes:
        desk: where the graph is asked.
    """

    desk: Desk

    def routes(self) -> list[Route]:
        """Address → file."""
        return [
            Route("/node/{name}.ttl", self.turtle, methods=["GET"]),
            Route("/node/{name}.json", self.json, methods=["GET"]),
        ]

    async def turtle(self, request: Request) -> Response:
        """A node, the statements about it, and their evidence, as Turtle."""
        name = request.path_params["name"]
        return Response(await self.desk.ask(lambda kg: _turtle(kg, name)), media_type="text/turtle; charset=utf-8")

    async def json(self, request: Request) -> Response:
        """What ``show --format json`` gives."""
        name = request.path_params["name"]
        content: Mapping[str, object] = await self.desk.ask(lambda kg: kg.show(name).as_dict())
        return as_json(content)


def _turtle(kg: KnowledgeGraph, name: str) -> str:
    found = kg.graph.run(_ABOUT.format(iri=kg.names.resolve(name).iri))
    return turtle_of(found) if isinstance(found, list) else ""
