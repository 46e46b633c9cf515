"""The portal's doors, forms, headers, cookies and redirects, on every page there is."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests

from services.chassis.access import Role
from services.chassis.http import HttpEntrypoint
from services.portal.service import PortalService
from services.portal.web.frame import DOORS
from services.portal.web.session import CONTEXT
from tests.component.accounts.conftest import PASSWORD
from tests.component.portal.browser import Browser
from tests.support.apps import App

PLACES = {"uuid": lambda: str(uuid4()), "int": lambda: "1"}
PART = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?\w+>")
LENIENT = {"POST /help"}
KEPT = "/help/offline"
SignIn = Callable[..., Browser]


def pages() -> Iterator[tuple[str, str, Any]]:
    """(method, path, gate) of every route that answers with HTML."""
    for name in dir(PortalService):
        method = getattr(PortalService, name)
        gate = getattr(method, "gate", None)
        for each in getattr(method, "nameko_entrypoints", ()):
            if gate is not None and isinstance(each, HttpEntrypoint):
                yield each.method, each.url, gate


PAGES = sorted(pages(), key=lambda each: each[:2])
FORMS = [url for method, url, gate in PAGES if method == "POST"]
READ = [url for method, url, gate in PAGES if method == "GET"]


def path_of(url: str) -> str:
    return PART.sub(lambda part: PLACES.get(part["kind"] or "", lambda: "x")(), url)


@pytest.fixture(scope="module")
def browser_of(app: App) -> SignIn:
    """A browser in which somebody is signed in; one a login."""
    known: dict[str, Browser] = {}

    def sign_in(login: str, *, fresh: bool = False) -> Browser:
        if login in known and not fresh:
            return known[login]
        browser = Browser(app.urls["portal"])
        browser.get("/sign-in")
        page = browser.send("/sign-in", login=login, password=PASSWORD)
        assert page.status_code == 200, page.text
        known[login] = browser
        return browser

    return sign_in


def secret_of(app: App, browser: Browser) -> str:
    browser.get("/privacy")
    found: str = browser.form("/sign-out").values["csrf"]
    return found


def got(method: str, url: str, **options: Any) -> requests.Response:
    """Without a browser's memory."""
    return requests.request(method, url, timeout=30, **options)


def test_every_page_was_found() -> None:
    assert len(FORMS) >= 14
    assert len(READ) >= 22


@pytest.mark.parametrize("role", list(Role))
def test_a_door_opens_to_the_roles_it_names_and_to_nobody_else(
    browser_of: SignIn, role: Role
) -> None:
    browser = browser_of(role.value)
    doors = {door.name: door.roles for door in DOORS}

    for method, url, gate in PAGES:
        if gate.door and method == "GET":
            answer = browser.session.get(browser.base + path_of(url), allow_redirects=False)
            open_to_me = role.value in doors[gate.door]
            assert (answer.status_code != 403) == open_to_me, (url, answer.status_code)


def test_a_stranger_is_sent_to_the_sign_in_page(app: App) -> None:
    for method, url, gate in PAGES:
        if not gate.open and method == "GET":
            answer = got("GET", app.urls["portal"] + path_of(url), allow_redirects=False)
            assert answer.status_code == 303, url
            assert answer.headers["Location"].startswith("/sign-in?next=/"), url


@pytest.mark.parametrize("url", [each for each in FORMS if f"POST {each}" not in LENIENT])
@pytest.mark.parametrize("forgery", ["no token", "another's token", "cross-site", "same-site"])
def test_a_form_that_was_not_sent_from_our_page_does_nothing(
    app: App, browser_of: SignIn, url: str, forgery: str
) -> None:
    mine = browser_of("duty") if "duty" in url else browser_of("worker")
    token = {
        "no token": "",
        "another's token": secret_of(app, browser_of("duty-2")),
    }.get(forgery) or (secret_of(app, mine) if "site" in forgery else "")
    headers = {"Sec-Fetch-Site": forgery} if "site" in forgery else {}

    answer = mine.session.post(
        mine.base + path_of(url), data={"csrf": token}, headers=headers, allow_redirects=False
    )

    assert answer.status_code == 403, url
    assert "页面已过期" in answer.text


def test_help_is_taken_from_anywhere_but_not_in_the_persons_name(
    app: App, browser_of: SignIn
) -> None:
    mine = browser_of("worker-2")
    before = cases_of(app, "worker-2")

    answer = mine.session.post(f"{mine.base}/help", data={"words": "x"})

    assert answer.status_code == 200
    assert cases_of(app, "worker-2") == before


def cases_of(app: App, login: str) -> list[Any]:
    duty = app.person("duty", unit="wh")
    cases = duty.get("/api/booking/v1/cases", params={"limit": 100}).json()["items"]
    person = app.anybody().post("/api/accounts/v1/sessions", {"login": login, "password": PASSWORD})
    me = person.json()["person"]["id"]
    return [each["id"] for each in cases if each.get("person") == me]


def test_the_form_secret_changes_with_the_person(app: App) -> None:
    """Session fixation: what was in the browser before is worth nothing afterwards."""
    browser = Browser(app.urls["portal"])
    browser.get("/sign-in")
    planted, before = browser.form("/sign-in").values["csrf"], cookie(browser)
    browser.send("/sign-in", login="worker", password=PASSWORD)

    assert cookie(browser) != before
    sent = browser.session.post(f"{browser.base}/sign-out", data={"csrf": planted})
    assert sent.status_code == 403
    attacker = got("GET", f"{browser.base}/appointments", cookies={"huixin": before})
    assert "/sign-in" in attacker.url


def test_an_old_cookie_says_nothing_after_signing_out(app: App, browser_of: SignIn) -> None:
    browser = browser_of("counsellor-2", fresh=True)
    kept = cookie(browser)
    browser.send("/sign-out")

    again = {"refresh_token": _refresh_token(app, kept)}
    assert app.anybody().post("/api/accounts/v1/sessions/refresh", again).status_code == 401


def _refresh_token(app: App, value: str) -> str:
    sealed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    opened = json.loads(app.runtime("portal").keyring.open(sealed, CONTEXT))
    found: str = opened["signed_in"]["refresh_token"]
    return found


def cookie(browser: Browser) -> str:
    return browser.session.cookies.get("huixin", path="/") or ""


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "///evil.example",
        "/..//evil.example",
        " //evil.example",
    ],
)
def test_nobody_is_led_to_another_site(app: App, elsewhere: str) -> None:
    base = app.urls["portal"]
    switched = got("GET", f"{base}/language/en", params={"back": elsewhere}, allow_redirects=False)
    browser = Browser(base)
    browser.get("/sign-in", params={"next": elsewhere})
    shown = browser.form("/sign-in").values["next"]
    data = {**browser.form("/sign-in").values, "login": "worker", "password": PASSWORD}
    sent = browser.session.post(
        f"{base}/sign-in", data={**data, "next": elsewhere}, allow_redirects=False
    )

    for place in (switched.headers["Location"], shown, sent.headers["Location"]):
        stays = place.startswith("/") and not place.startswith(("//", "/\\"))
        assert stays, place
        assert "\\" not in place


@pytest.mark.parametrize("tail", ["%0d%0aSet-Cookie:%20a=b", "%0aX:1", "?next=//evil", "%00"])
def test_a_path_smuggles_no_header_into_a_redirect(app: App, tail: str) -> None:
    answer = got("GET", f"{app.urls['portal']}/scales/{tail}", allow_redirects=False)

    assert answer.status_code in {303, 400, 404}
    assert "a" not in answer.cookies
    assert "X" not in answer.headers
    assert answer.headers.get("Location", "/").startswith("/")


STRICT = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


def assert_closed(answer: requests.Response, where: str) -> None:
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff", where
    assert headers["X-Frame-Options"] == "DENY", where
    assert headers["Referrer-Policy"] in {"no-referrer", "same-origin"}, where
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], where
    assert "unsafe" not in headers["Content-Security-Policy"], where
    assert "no-store" in headers["Cache-Control"] or where == KEPT, where
    assert "Server" not in headers, where
    assert not any(name.startswith("X-Powered") for name in headers), where


@pytest.mark.parametrize("url", READ)
def test_every_page_is_closed_to_frames_scripts_caches_and_sniffers(
    browser_of: SignIn, url: str
) -> None:
    browser = browser_of("duty") if "duty" in url else browser_of("worker")

    answer = browser.session.get(
        browser.base + path_of(url),
        headers={"X-Forwarded-Proto": "http"},
        allow_redirects=False,
    )

    assert_closed(answer, url)
    assert set(answer.headers["Content-Security-Policy"].split("; ")) >= STRICT
    assert url != KEPT or "<script>" not in answer.text.replace("&lt;script&gt;", "<script>")


@pytest.mark.parametrize("service", ["accounts", "assessment", "booking", "notification"])
def test_every_kind_of_api_answer_is_closed_too(app: App, service: str) -> None:
    base = f"{app.urls[service]}/api/{service}/v1"
    worker = {"Authorization": f"Bearer {app.issuer.token('worker')}"}
    for answer in (
        got("GET", f"{base}/openapi.json"),
        got("GET", f"{base}/nothing"),
        got("DELETE", f"{base}/openapi.json"),
        got("GET", f"{base}/me", headers=worker),
        got("POST", f"{base}/sessions", data=b"{"),
        got("GET", f"{app.urls['portal']}/api/{service}/v1/openapi.json"),
    ):
        assert_closed(answer, f"{service} {answer.url} {answer.status_code}")


def test_behind_tls_the_browser_is_told_to_stay_there(app: App) -> None:
    tls = {"X-Forwarded-Proto": "https", "Host": "portal.example"}

    page = got("GET", f"{app.urls['portal']}/sign-in", headers=tls)

    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    set_cookie = page.headers["Set-Cookie"]
    assert set_cookie.startswith("__Host-huixin=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(set_cookie.split("; "))
    assert "Domain=" not in set_cookie


def test_a_cookie_that_a_subdomain_could_plant_is_not_read_behind_tls(
    app: App, browser_of: SignIn
) -> None:
    tls = {"X-Forwarded-Proto": "https", "Host": "portal.example"}
    theirs = cookie(browser_of("worker"))

    page = got(
        "GET",
        f"{app.urls['portal']}/appointments",
        headers={**tls, "Cookie": f"huixin={theirs}"},
        allow_redirects=False,
    )

    assert page.headers["Location"].startswith("/sign-in")
