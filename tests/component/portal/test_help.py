import eventlet
import pytest
import requests

from tests.component.portal.browser import Browser
from tests.component.portal.city import City
from tests.component.portal.conftest import signed_in

ACCEPTED = {"id": "a", "case": "b", "support": {}}


def test_the_card_needs_no_service_and_no_sign_in(portal: str, city: City) -> None:
    city.down |= {"accounts", "assessment", "booking", "notification", "reporting"}

    page = requests.get(f"{portal}/help", timeout=10)

    assert page.status_code == 200
    for number in ("12356", "120", "110", "06311234567"):
        assert f"tel:{number}" in page.text


def test_a_stranger_can_ask_to_be_called(browser: Browser, city: City) -> None:
    city.answer("POST /assessment/help-requests", ACCEPTED, 201)
    browser.get("/help")

    page = browser.send("/help", phone="13800001234", words="想找人说说")

    asked = city.requests("POST /assessment/help-requests")[0]
    assert asked.json == {"phone": "13800001234", "words": "想找人说说"}
    assert "Authorization" not in asked.headers
    assert "请留意来电" in page.text


def test_without_a_number_the_page_says_that_nobody_can_call(browser: Browser, city: City) -> None:
    city.answer("POST /assessment/help-requests", ACCEPTED, 201)
    browser.get("/help")

    page = browser.send("/help")

    assert city.requests("POST /assessment/help-requests")[0].json == {}
    assert "无法打给你" in page.text
    assert "tel:12356" in page.text


def test_a_request_without_cookies_and_token_still_goes_through(portal: str, city: City) -> None:
    city.answer("POST /assessment/help-requests", ACCEPTED, 201)

    page = requests.post(f"{portal}/help", data={"phone": "138"}, timeout=10)

    assert page.status_code == 200
    assert len(city.requests("POST /assessment/help-requests")) == 1


def test_a_signed_in_person_is_known_unless_the_form_came_from_elsewhere(
    browser: Browser, city: City
) -> None:
    city.answer("POST /assessment/help-requests", ACCEPTED, 201)
    signed_in(browser, city, "worker")
    browser.get("/help")
    browser.send("/help")

    browser.session.post(f"{browser.base}/help", data={"phone": "1"}, timeout=10)

    known, unknown = city.requests("POST /assessment/help-requests")
    assert known.headers["Authorization"] == "Bearer token-1"
    assert "Authorization" not in unknown.headers


def test_a_request_that_did_not_get_through_says_so_loudly(browser: Browser, city: City) -> None:
    city.down.add("assessment")
    browser.get("/help")

    page = browser.send("/help", phone="13800001234")

    assert page.status_code == 503
    assert "刚才没有送达" in page.text
    assert 'value="13800001234"' in page.text
    assert "tel:12356" in page.text


def test_the_offline_card_holds_nothing_of_the_person(browser: Browser, city: City) -> None:
    signed_in(browser, city, "worker")

    page = browser.get("/help/offline")

    assert "tel:12356" in page.text
    assert "csrf" not in page.text
    assert "sign-out" not in page.text
    assert "Set-Cookie" not in page.headers


def test_the_service_worker_keeps_the_card_and_its_styles(portal: str) -> None:
    script = requests.get(f"{portal}/service-worker.js", timeout=10)

    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "/help/offline" in script.text
    assert "/static/css/base.css?v=" in script.text
    assert "__" not in script.text


@pytest.mark.parametrize(
    ("status", "code", "token"), [(503, "unavailable", "h1"), (401, "session-over", "h2")]
)
def test_a_session_that_cannot_be_renewed_takes_no_help_away(
    browser: Browser, city: City, status: int, code: str, token: str
) -> None:
    city.answer("POST /assessment/help-requests", ACCEPTED, 201)
    city.answer("POST /accounts/sessions/refresh", {"code": code}, status)
    signed_in(browser, city, "worker", seconds=-5, token=token)
    stale = dict(browser.session.cookies)

    card = browser.get("/help")
    browser.session.cookies.update(stale)
    page = browser.send("/help", phone="13800001234")

    assert (card.status_code, page.status_code) == (200, 200)
    assert "tel:12356" in card.text
    [asked] = city.requests("POST /assessment/help-requests")
    assert asked.json == {"phone": "13800001234"}
    assert "Authorization" not in asked.headers


def test_duty_pages_that_wait_for_booking_do_not_hold_the_card_up(
    browser: Browser, city: City, portal: str
) -> None:
    def hanging(_asked: object) -> tuple[int, object]:
        eventlet.sleep(4)
        return 503, {"code": "unavailable"}

    signed_in(browser, city, "duty")
    city.answer("GET /booking/duty/status", hanging)
    polling = [eventlet.spawn(browser.session.get, f"{portal}/duty/pulse") for _ in range(12)]
    eventlet.sleep(0.5)

    page = requests.get(f"{portal}/help", timeout=2)

    assert page.status_code == 200
    for each in polling:
        each.kill()
