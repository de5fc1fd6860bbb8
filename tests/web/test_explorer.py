"""The pages: what a visitor reads, where links lead, what is said of bad input."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from immunograph.errors import AmbiguousTermError
from immunograph.web.failures import problem_of

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


def test_only_what_was_found_is_unchanged(client: TestClient) -> None:
    mark = {**PAGE, "if-none-match": 'W/"build-1"'}
    assert client.get("/nowhere", headers=mark).status_code == 404
    assert client.get("/sparql?query=BROKEN", headers={"if-none-match": 'W/"build-1"'}).status_code == 400
    for known in ("*", '"build-1"', 'W/"other", W/"build-1"'):
        answer = client.get("/about", headers={**PAGE, "if-none-match": known})
        assert (answer.status_code, answer.content) == (304, b"")
    assert client.get("/about", headers={**PAGE, "if-none-match": 'W/"other"'}).status_code == 200


def test_the_endpoint_keeps_its_own_policy(client: TestClient) -> None:
    assert "default-src 'none'" in client.get("/sparql?query=ASK%7B%7D").headers["content-security-policy"]


def test_typed_sparql_is_read_as_the_endpoint_reads_it(client: TestClient) -> None:
    query = {"query": "ASK { <tocilizumab> a ig:IL6Inhibitor }"}
    assert client.get("/sparql", params=query).json()["boolean"] is True
    assert '<p class="truth">yes</p>' in client.get("/ask", params=query, headers=PAGE).text
    text = client.get(
        "/ask", params={"query": "CONSTRUCT { <tocilizumab> a ?c } { <tocilizumab> a ?c }"}, headers=PAGE
    ).text
    assert "igd:tocilizumab a ig:" in text


def test_a_name_of_several_things_leads_to_each(client: TestClient) -> None:
    problem = problem_of(AmbiguousTermError("RA", ["rheumatoid arthritis [MONDO:0008383, Condition]", "odd"]))
    assert (problem.status, problem.meant) == (409, (("rheumatoid arthritis", "MONDO:0008383"),))
    answer = client.get("/explain?s=tocilizumb&p=a&o=ig:IL6Inhibitor", headers=PAGE)
    assert answer.status_code == 404 and 'value="tocilizumb"' in answer.text
    assert '<li><a href="/node/igd:tocilizumab">tocilizumab</a>' in answer.text
    assert "`immunograph find`" not in client.get("/node/zzzzqqq", headers=PAGE).text


def test_a_node_of_two_kinds_has_the_questions_of_both(client: TestClient) -> None:
    text = client.get("/node/UniProtKB:P01375", headers=PAGE).text
    assert "/query/mechanisms-of-modulator?" in text and "/query/modulators-of-target?" in text


def test_a_class_has_its_definition_and_what_it_stands_under(client: TestClient) -> None:
    text = client.get("/node/ig:JAKInhibitor", headers=PAGE).text
    assert '<p class="lead">' in text and '<dt>Kind of</dt><dd><a href="/node/ig:KinaseInhibitor">' in text


@pytest.mark.parametrize("number", ["0", "-1", "x", "1" * 5000, "99"])
def test_a_number_out_of_bounds_is_told(client: TestClient, number: str) -> None:
    answer = client.get("/path", params={"from": "a", "to": "b", "max_hops": number}, headers=PAGE)
    assert answer.status_code == 400 and "from 1 to 6" in answer.text
    assert client.get("/find", params={"q": "a" * 60000}, headers=PAGE).status_code == 400


def test_another_method_is_told_which_are_offered(client: TestClient) -> None:
    assert set(client.delete("/about").headers["allow"].split(", ")) == {"GET", "HEAD"}
