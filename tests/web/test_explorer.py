"""The pages: what a visitor reads, where links lead, what is said of bad input."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

PAGE = {"accept": "text/html,application/xhtml+xml"}
PAGES = (
    "/",
    "/find?q=interleukin",
    "/find",
    "/node/igd:tocilizumab",
    "/node/UniProtKB:P05231",
    "/node/MONDO:0008383",
    "/node/ig:TNFInhibitor",
    "/queries",
    "/queries?tag=modulator",
    "/query/monitoring-plan",
    "/query/monitoring-plan?modulator=adalimumab&sources=1",
    "/query/shared-neighbours?first=tocilizumab&second=sarilumab",
    "/explain",
    "/explain?s=tocilizumab&p=a&o=ig:IL6Inhibitor",
    "/explain?s=infliximab&p=mechanisticallyOpposes&o=tuberculosis",
    "/path",
    "/path?from=tocilizumab&to=rheumatoid+arthritis",
    "/ask",
    "/ask?load=boxed-warnings",
    "/ask?query=SELECT+*+WHERE+%7B+%3Fs+a+ig%3ATNFInhibitor+%7D",
    "/ask?query=ASK+%7B+%3Fs+a+ig%3ATNFInhibitor+%7D",
    "/ask?query=DESCRIBE+igd%3Atocilizumab",
    "/about",
)


class Page(HTMLParser):
    """What matters of a page: its elements in order, identifiers, links, and elements that were left open."""

    EMPTY = frozenset({"meta", "link", "input", "br", "img", "path", "line", "rect"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.attributes |= set(given)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if tag == "a" else []
        if tag == "script" and "src" not in given:
            self.faults.append("script in the page")
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.EMPTY:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_whole_and_loads_nothing_from_elsewhere(client: TestClient, address: str) -> None:
    answer = client.get(address, headers=PAGE)
    assert answer.status_code == 200, answer.text[-300:]
    page = Page(answer.text)
    assert not page.faults and not page.open
    assert page.tags.count("h1") == 1 and page.tags.count("main") == 1
    assert len(page.ids) == len(set(page.ids))
    assert not {name for name in page.attributes if name.startswith("on") or name == "style"}
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "not medical advice" in answer.text


@pytest.mark.parametrize("address", PAGES)
def test_links_within_lead_somewhere(client: TestClient, address: str) -> None:
    links = {link for link in Page(client.get(address, headers=PAGE).text).links if link.startswith("/")}
    assert links
    for link in sorted(links)[:25]:
        if not link.startswith("/sparql"):
            assert client.get(link, headers=PAGE).status_code in {200, 303}, link


def test_a_node_has_its_names_statements_citations_and_conclusions(client: TestClient) -> None:
    text = client.get("/node/igd:tocilizumab", headers=PAGE).text
    assert "Actemra" in text and "IL-6 receptor inhibitor" in text
    assert '<a href="/node/UniProtKB:P08887">' in text
    assert 'href="/explain?s=igd%3Atocilizumab&amp;p=a&amp;o=ig%3AIL6Inhibitor"' in text
    assert 'rel="external noreferrer"' in text
    assert "<svg" in text and 'marker-end="url(#minus)"' in text


def test_what_a_source_denies_is_shown_as_denied(client: TestClient) -> None:
    text = client.get("/node/igd:sarilumab", headers=PAGE).text
    row = next(row for row in text.split("<tr") if "<strong>not</strong>" in row)
    assert 'class="negated"' in row and "umor necrosis factor" in row


def test_a_name_leads_to_its_node(client: TestClient) -> None:
    for address in ("/find?q=Actemra", "/node/Actemra", "/node/actemra"):
        answer = client.get(address, headers=PAGE)
        assert (answer.status_code, answer.headers["location"]) == (303, "/node/igd:tocilizumab")
    assert "What is called" in client.get("/find?q=interleukin", headers=PAGE).text


def test_what_is_not_known_is_told_with_what_is_near(client: TestClient) -> None:
    answer = client.get("/node/tocilizumb", headers=PAGE)
    assert answer.status_code == 404
    assert "tocilizumab [igd:tocilizumab" in answer.text
    answer = client.get("/query/boxed-warning", headers=PAGE)
    assert answer.status_code == 404 and "boxed-warnings" in answer.text
    assert client.get("/nowhere", headers=PAGE).status_code == 404
    assert "Nothing is called that" in client.get("/find?q=zzzzzzqqq", headers=PAGE).text


def test_a_form_that_cannot_be_answered_keeps_what_was_typed(client: TestClient) -> None:
    answer = client.get("/query/monitoring-plan?modulator=adalimumb&ask=1", headers=PAGE)
    assert answer.status_code == 404
    assert 'value="adalimumb"' in answer.text and "adalimumab [igd:adalimumab" in answer.text
    answer = client.get("/query/class-effects?ask=1", headers=PAGE)
    assert answer.status_code == 400 and "class is missing" in answer.text


def test_no_rows_have_a_reason(client: TestClient) -> None:
    text = client.get("/query/boxed-warnings?effect=rheumatoid+arthritis", headers=PAGE).text
    assert "No rows." in text and "is in the graph; stated with it" in text
    text = client.get("/ask?query=SELECT+*+%7B+%3Fs+a+ig%3ANoSuchClass+%7D", headers=PAGE).text
    assert "No rows." in text and "NoSuchClass" in text


def test_a_proof_goes_down_to_a_record_and_what_does_not_hold_says_why(client: TestClient) -> None:
    text = client.get("/explain?s=tocilizumab&p=a&o=ig:IL6Inhibitor", headers=PAGE).text
    assert "by lift-primary-action" in text and 'class="cite"' in text
    text = client.get("/explain?s=sarilumab&p=inhibits&o=TNF", headers=PAGE).text
    assert "known not to hold" in text
    assert client.get("/explain?s=tocilizumab", headers=PAGE).status_code == 404


def test_sparql_that_does_not_parse_or_asks_others_is_refused(client: TestClient) -> None:
    answer = client.get("/ask?query=SELEC", headers=PAGE)
    assert answer.status_code == 400 and "SELEC</textarea>" in answer.text
    answer = client.get(
        "/ask", params={"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}, headers=PAGE
    )
    assert answer.status_code == 400 and "SERVICE" in answer.text
    answer = client.get("/ask", params={"query": "INSERT DATA { <urn:a> <urn:b> <urn:c> }"}, headers=PAGE)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "%00", "'"]
)
def test_hostile_text_stays_text(client: TestClient, hostile: str) -> None:
    for address, key in (
        ("/find", "q"),
        ("/query/monitoring-plan", "modulator"),
        ("/explain", "s"),
        ("/path", "from"),
        ("/ask", "query"),
        ("/queries", "tag"),
    ):
        answer = client.get(address, params={key: hostile, "to": "asthma", "p": "a", "o": "b"}, headers=PAGE)
        assert answer.status_code < 500
        page = Page(answer.text)
        assert not page.faults and "img" not in page.tags and "49" not in re.findall(r'value="([^"]*)"', answer.text)


def test_an_unchanged_page_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/about", headers=PAGE)
    assert first.headers["etag"] == 'W/"build-1"'
    again = client.get("/about", headers={**PAGE, "if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "etag" not in client.get("/node/nothing-at-all", headers=PAGE).headers


def test_only_reading_is_offered(client: TestClient) -> None:
    for address in ("/", "/node/igd:tocilizumab", "/api/info"):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == 200
