"""A stand-in for SPARQL servers: answers from a store on ``/sparql``, and with faults on other paths."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

JSON = "application/sparql-results+json"


class Server(ThreadingHTTPServer):
    """Answers from a store on ``/sparql``, and with faults on other paths."""

    daemon_threads = True

    def __init__(self, store: ox.Store) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.store = store
        self.methods: list[str] = []
        self.known_as: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.answer(parse_qs(urlsplit(self.path).query)["query"][0])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(parse_qs(body)["query"][0])

    def answer(self, query: str) -> None:
        self.server.methods.append(self.command)
        self.server.known_as.append(self.headers.get("Authorization"))
        path = urlsplit(self.path).path
        if path in FAULTS:
            self.reply(*FAULTS[path])
        elif path == "/slow":
            time.sleep(3)
        elif path == "/dripping":
            self.drip()
        elif path == "/recovering" and self.server.methods.count("GET") % 3:
            self.reply(503, "text/plain", b"come back soon", headers={"Retry-After": "0"})
        elif path == "/moved":
            self.reply(
                302, "text/plain", b"", headers={"Location": self.server.url + self.path.replace("moved", "sparql")}
            )
        elif path == "/capped":
            self.evaluate(query, most=7)
        elif path == "/broken-off":
            self.reply(200, JSON, b'{"head": {"vars": ["s"]}, "results": {', length=1000)
        else:
            self.evaluate(query)

    def drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.end_headers()
        with suppress(OSError):
            for _ in range(30):
                self.wfile.write(b" ")
                time.sleep(0.1)

    def evaluate(self, query: str, most: int | None = None) -> None:
        try:
            found = self.server.store.query(query)
        except SyntaxError as error:
            self.reply(400, "text/plain", f"Malformed query: {error}\n".encode())
            return
        if isinstance(found, ox.QueryTriples):
            self.reply(200, "text/turtle", found.serialize(format=ox.RdfFormat.TURTLE) or b"")
        else:
            body = found.serialize(format=ox.QueryResultsFormat.JSON) or b""
            if most is None:
                self.reply(200, JSON, body)
                return
            content = json.loads(body)
            content["results"]["bindings"] = content["results"]["bindings"][:most]
            self.reply(200, JSON, json.dumps(content).encode(), headers={"X-SPARQL-MaxRows": str(most)})

    def reply(
        self,
        status: int,
        content_type: str,
        body: bytes,
        length: int | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


FAULTS = {
    "/page": (200, "text/html; charset=utf-8", b"<html><body>Welcome</body></html>"),
    "/cut-off": (200, JSON, b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri", "va'),
    "/not-results": (200, JSON, b'{"hello": "world"}'),
    "/list": (200, JSON, b"[1, 2]"),
    "/csv": (200, "text/csv", b"s\r\nhttp://example.org/\r\n"),
    "/missing": (404, "text/html", b"<html>not here</html>"),
    "/closed": (401, "text/plain", b"who are you?"),
    "/failing": (500, "text/plain", b"out of memory"),
    "/busy": (503, "text/plain", b"come back later"),
}


@contextmanager
def serving(store: ox.Store) -> Iterator[Server]:
    """Serve a store on a free port of the loopback interface."""
    with Server(store) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()
