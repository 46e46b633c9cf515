"""Words of people stay words: in pages, in mails, in headers and in statements."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.notification.delivery.email import write_mail
from services.notification.delivery.ports import Letter
from services.notification.delivery.sender import Sender
from tests.component.accounts.conftest import PASSWORD, person_id
from tests.component.portal.browser import Browser
from tests.security.surface.conftest import HOSTILE
from tests.support.apps import App
from tests.unit.notification.fakes import NOON

TEMPLATES = Path("services/portal/templates")
BOOKING = "/api/booking/v1"
SENDER = Sender("惠心 <no-reply@huixin.example>")


class Page(HTMLParser):
    """Whatever a browser would run or follow that is not ours."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and not str(given.get("src", "")).startswith("/static/"):
            self.found.append("script")
        self.found += [name for name in given if name.startswith("on") or name == "style"]
        links = [str(given.get(name) or "") for name in ("href", "src", "action")]
        self.found += [link for link in links if link.startswith(("javascript", "data", "//"))]


def assert_harmless(html: str) -> None:
    assert Page(html).found == []
    assert "<script>alert" not in html
    assert "49{% raw" not in html


@pytest.fixture(scope="module")
def hostile(app: App) -> dict[str, str]:
    """A site, a note, a help request and an order of words by somebody who means harm."""
    city, duty = app.person("city-admin", unit="wh"), app.person("duty", unit="wh")
    name = f"{HOSTILE}\"' onmouseover=alert(1) x='"[:80]
    site = city.post(
        f"{BOOKING}/sites",
        {"name": name, "level": "station", "unit": "wh/hc", "address": HOSTILE},
    )
    assert site.status_code == 201, site.text
    help_wish = {"phone": "13900001111", "words": f"{HOSTILE} help"}
    asked = app.anybody().post("/api/assessment/v1/help-requests", help_wish)
    case = asked.json()["case"]
    flag = {"source": "counsellor", "person": str(person_id("worker")), "note": HOSTILE}
    mine = duty.post(f"{BOOKING}/cases", flag).json()["id"]
    contact = {"channel": "phone", "reached": True, "note": f"{HOSTILE} note"}
    duty.post(f"{BOOKING}/cases/{mine}/contacts", contact)
    return {"case": case, "mine": mine}


def browser_of(app: App, login: str) -> Browser:
    browser = Browser(app.urls["portal"])
    browser.get("/sign-in")
    browser.send("/sign-in", login=login, password=PASSWORD)
    return browser


def places(has: dict[str, str]) -> Iterator[tuple[str, str]]:
    query = f"?loop={HOSTILE}&seen={HOSTILE}&unit={HOSTILE}&month={HOSTILE}&mode={HOSTILE}"
    for login, paths in {
        "worker": ("/", "/scales", "/slots", "/appointments", "/inbox", "/offer", "/privacy"),
        "duty": ("/", "/duty", f"/duty/cases/{has['mine']}", f"/duty/cases/{has['case']}"),
        "counsellor": ("/", "/counselling", "/inbox"),
        "city-admin": ("/", "/statistics"),
        "ops": ("/", "/ops"),
    }.items():
        for path in paths:
            yield login, path
            yield login, path + query
    yield "worker", f"/{HOSTILE}"
    yield "worker", f"/scales/{HOSTILE}"


def test_no_page_runs_what_somebody_wrote(app: App, hostile: dict[str, str]) -> None:
    shown, browsers = "", {}
    for login, path in places(hostile):
        browser = browsers.setdefault(login, None) or browser_of(app, login)
        browsers[login] = browser
        page = browser.get(path)
        assert page.status_code < 500, (login, path)
        assert_harmless(page.text)
        shown += page.text

    assert shown.count("&lt;script&gt;alert(1)") > 5, "the words were shown at all"
    assert "{{7*7}}" in shown


def test_what_an_officer_reveals_and_a_form_repeats_is_harmless(
    app: App, hostile: dict[str, str]
) -> None:
    duty = browser_of(app, "duty")
    duty.get(f"/duty/cases/{hostile['case']}")
    revealed = duty.send(f"/duty/cases/{hostile['case']}/reveal", reason=HOSTILE)
    stranger = Browser(app.urls["portal"])
    stranger.get("/sign-in")
    again = stranger.send("/sign-in", login=HOSTILE, password="wrong")

    for page in (revealed.text, again.text):
        assert_harmless(page)
        assert "&lt;script&gt;alert(1)" in page


def test_no_template_lets_words_out_of_their_place() -> None:
    """Escaping protects text and quoted attributes: nothing else may hold an expression."""
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        let_out = re.findall(r"[^{]*\|\s*safe|autoescape|Markup", text)
        assert let_out == ([" paths[name] | safe"] if path.name == "icons.html" else []), path
        assert not re.search(r"[\s\"'][\w-]+=\{\{", text), f"{path}: an attribute without quotes"
        assert not re.search(r"<script[^>]*>[^<]*\{\{", text), path
        assert not re.search(r"\son\w+=", text), path


BREAKS = ["\r\n", "\n", "\r", "\r\n\r\n", "\x0b", "\x0c", "\u2028", "\x85"]


@pytest.mark.parametrize("break_", BREAKS, ids=ascii)
@pytest.mark.parametrize("where", ["subject", "address", "body"])
def test_a_line_break_smuggles_no_header_into_a_mail(where: str, break_: str) -> None:
    said = {"address": "li@example.org", "subject": "预约", "body": "请登录"}
    said[where] += f"{break_}Bcc: thief@example.org{break_}{break_}<b>x</b>"
    letter = Letter(message=uuid4(), language="zh", urgent=False, written_at=NOON, **said)

    try:
        sent = message_from_bytes(write_mail(letter, SENDER).as_bytes(), policy=default)
    except (ValueError, HeaderParseError):
        return  # refused, which the courier takes for a wrong recipient
    assert sent["Bcc"] is None
    assert [each.addr_spec for each in sent["To"].addresses] in (["li@example.org"], [])
    assert sent.get_content_type() == "text/plain"


@pytest.mark.parametrize("break_", ["\n", "\r\nBcc: thief@example.org\r\n", "\u2028", "\x00"])
def test_no_address_with_a_line_break_is_kept(app: App, signed_in: Any, break_: str) -> None:
    items = [{"channel": "email", "address": f"li{break_}@example.org"}]

    answer = signed_in("unit-admin").put(
        "/api/accounts/v1/people/me/contact-points", {"items": items, "password": PASSWORD}
    )

    assert answer.status_code == 422, answer.text


INJECTIONS = [
    "' OR '1'='1",
    "'; DROP TABLE people; --",
    '" OR 1=1 --',
    "%' OR '%'='",
    "1) UNION SELECT password_hash FROM credentials --",
    "\\'; SELECT pg_sleep(5) --",
    "%(person)s",
    "{0.__class__}",
    "${7*7}",
]


@pytest.mark.parametrize("words", INJECTIONS)
def test_no_words_become_a_statement(app: App, words: str) -> None:
    """Logins, look-ups, filters and cursors: found nothing, or refused, and never a failure."""
    city, worker = app.person("city-admin", unit="wh"), app.person("worker")
    wrong = {"login": words, "password": words}
    answers = [
        app.anybody().post("/api/accounts/v1/sessions", wrong),
        city.get("/api/accounts/v1/people", params={"q": words}),
        city.get("/api/accounts/v1/people", params={"unit": words}),
        city.get("/api/accounts/v1/units", params={"under": words}),
        worker.get(f"{BOOKING}/sites", params={"unit": words}),
        worker.get(f"{BOOKING}/sites", params={"cursor": words}),
        worker.get(f"{BOOKING}/slots", params={"mode": words}),
        worker.get(f"{BOOKING}/counsellors", params={"speciality": words}),
        city.get("/api/reporting/v1/indicators", params={"unit": words, "year": 2026}),
        app.person("ops").get(f"/api/reporting/v1/loops/{words}"),
        worker.get("/api/assessment/v1/responses", params={"cursor": words}),
    ]

    for answer in answers:
        assert answer.status_code < 500, (answer.url, answer.text)
        assert not answer.ok or answer.json().get("items", []) == [], answer.url
