import pytest
import requests

from tests.component.portal.browser import Browser
from tests.component.portal.city import City
from tests.component.portal.conftest import signed_in

PAGES = ["/", "/help", "/sign-in", "/privacy", "/nowhere", "/help/offline"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_strict_policy(portal: str, path: str) -> None:
    page = requests.get(portal + path, timeout=10)

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"


def test_a_page_of_a_person_is_kept_nowhere(browser: Browser, city: City) -> None:
    signed_in(browser, city, "worker")

    assert browser.get("/appointments").headers["Cache-Control"] == "no-store"


def test_a_form_without_the_token_changes_nothing(browser: Browser, city: City) -> None:
    signed_in(browser, city, "worker")

    sent = browser.session.post(f"{browser.base}/appointments", data={"slot": "x"}, timeout=10)

    assert sent.status_code == 403
    assert "页面已过期" in sent.text
    assert city.requests("POST /booking/appointments") == []


def test_a_form_from_another_site_changes_nothing(browser: Browser, city: City) -> None:
    signed_in(browser, city, "worker")
    browser.get("/privacy")
    token = browser.form("/sign-out").values["csrf"]

    sent = browser.session.post(
        f"{browser.base}/appointments",
        data={"csrf": token, "slot": "x"},
        headers={"Sec-Fetch-Site": "cross-site"},
        timeout=10,
    )

    assert sent.status_code == 403
    assert city.requests("POST /booking/appointments") == []


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        ("worker", ["/duty", "/counselling", "/statistics", "/ops", "/subscribers"]),
        ("counsellor", ["/duty", "/scales", "/statistics", "/ops", "/offer"]),
        ("duty", ["/scales", "/counselling", "/statistics", "/ops"]),
        ("unit-admin", ["/duty", "/scales", "/statistics", "/ops", "/inbox-of-others"]),
        ("city-admin", ["/duty", "/scales", "/counselling", "/ops"]),
        ("ops", ["/duty", "/scales", "/counselling", "/statistics"]),
    ],
)
def test_pages_of_other_roles_stay_closed_and_hidden(
    browser: Browser, city: City, role: str, closed: list[str]
) -> None:
    signed_in(browser, city, role)
    home = browser.get("/").text

    for path in closed:
        assert browser.get(path).status_code in {403, 404}
        assert f'href="{path}"' not in home


def test_an_unknown_address_is_a_page_with_the_help_card(portal: str) -> None:
    page = requests.get(f"{portal}/no/such/page", timeout=10)

    assert page.status_code == 404
    assert "没有这个页面" in page.text
    assert "tel:12356" in page.text


def test_a_service_that_is_down_gives_a_page_with_the_help_card(
    browser: Browser, city: City
) -> None:
    signed_in(browser, city, "worker")
    city.down.add("assessment")

    page = browser.get("/scales")

    assert page.status_code == 503
    assert "暂时打不开" in page.text
    assert "tel:12356" in page.text


def test_the_home_page_does_without_what_is_away(browser: Browser, city: City) -> None:
    signed_in(browser, city, "worker")
    city.down |= {"booking", "notification"}

    page = browser.get("/")

    assert page.status_code == 200
    assert page.text.count("有一部分内容暂时取不到") == 1
