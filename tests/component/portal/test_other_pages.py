import json

import pytest
import requests

from tests.component.portal.browser import Browser
from tests.component.portal.city import City
from tests.component.portal.conftest import signed_in
from tests.unit.portal import samples

APPOINTMENT = samples.an_appointment()["id"]


def test_the_language_is_switched_and_kept(browser: Browser, city: City) -> None:
    browser.get("/language/en?back=/help")

    assert "I need help now" in browser.get("/").text
    assert '<html lang="en">' in browser.get("/help").text


def test_the_inbox_tells_the_truth_about_channels(browser: Browser, city: City) -> None:
    signed_in(browser, city, "worker")
    message = samples.a_message(channels=[{"channel": "email", "state": "failed"}])
    city.answer("GET /notification/messages", {"items": [message], "next": None})
    city.answer(f"POST /notification/messages/{message['id']}/read", None, 204)

    page = browser.get("/inbox")
    browser.send(f"/inbox/{message['id']}/read")

    assert "邮件 · 未送达" in page.text
    assert city.requests(f"POST /notification/messages/{message['id']}/read")


def test_a_counsellor_checks_in(browser: Browser, city: City) -> None:
    signed_in(browser, city, "counsellor")
    today = requests_today()
    city.answer("GET /booking/appointments", {"items": [today], "next": None})
    city.answer(f"POST /booking/appointments/{APPOINTMENT}/check-in", today)
    assert "来访者" in browser.get("/counselling").text

    page = browser.send(f"/counselling/{APPOINTMENT}/check-in")

    assert "已记下" in page.text


def requests_today() -> dict[str, object]:
    from datetime import UTC, datetime, timedelta

    now = datetime.now(UTC) + timedelta(hours=8)
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(hours=8)
    return samples.an_appointment(
        starts_at=noon.isoformat(), ends_at=(noon + timedelta(minutes=50)).isoformat()
    )


def test_statistics_explain_what_is_hidden(browser: Browser, city: City) -> None:
    signed_in(browser, city, "city-admin")
    city.answer("GET /reporting/indicators", {"items": samples.indicators()})

    page = browser.get("/statistics?year=2025&month=11")

    assert "未公布" in page.text
    assert "为什么有的数字不公布" in page.text
    assert 'data-chart="bars"' in page.text
    asked = city.requests("GET /reporting/indicators")[0]
    assert asked.query == {"unit": "wh/hc/e0001", "year": "2025", "month": "11"}


def test_ops_follows_a_loop(browser: Browser, city: City) -> None:
    signed_in(browser, city, "ops")
    steps = [{"service": "booking", "type": "booking.offer-made.v1", "at": samples.at()}]
    city.answer("GET /reporting/loops/loop-1234", {"correlation_id": "loop-1234", "steps": steps})

    page = browser.get("/ops?loop=loop-1234")

    assert "booking.offer-made.v1" in page.text
    assert browser.get("/ops?loop=not-there-at-all").status_code == 200


def test_ops_registers_a_system_and_sees_its_secrets_once(browser: Browser, city: City) -> None:
    signed_in(browser, city, "ops")
    made = samples.a_subscription(
        credentials={"user": "subscriber-library", "secret": "s3cr3t", "signing_key": None}
    )
    city.answer("GET /accounts/subscriptions", {"items": [], "next": None})
    city.answer("POST /accounts/subscriptions", made, 201)
    browser.get("/subscribers")

    chosen = {"type:accounts.unit-changed.v1": "yes", "type:booking.site-opened.v1": "yes"}
    page = browser.send("/subscribers", name="library", title="职工书屋", **chosen)

    [asked] = city.requests("POST /accounts/subscriptions")
    assert json.loads(asked.body) == {
        "name": "library",
        "title": "职工书屋",
        "url": None,
        "types": ["accounts.unit-changed.v1", "booking.site-opened.v1"],
    }
    assert page.status_code == 201
    assert "s3cr3t" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "s3cr3t" not in browser.get("/subscribers").text


def test_a_refused_system_is_told_at_its_fields(browser: Browser, city: City) -> None:
    signed_in(browser, city, "ops")
    errors = [
        {"field": "types", "code": "min", "message": "expected 1 to 50 items"},
        {"field": "name", "code": "min", "message": "expected 2 to 40 characters"},
    ]
    city.answer("GET /accounts/subscriptions", {"items": [], "next": None})
    city.answer("POST /accounts/subscriptions", {"code": "invalid", "errors": errors}, 422)
    browser.get("/subscribers")

    page = browser.send("/subscribers", title="职工书屋")

    assert page.status_code == 422
    assert page.text.count('class="error"') == 2
    assert 'value="职工书屋"' in page.text


@pytest.mark.parametrize(
    ("act", "asked"),
    [("pause", "POST {}/pause"), ("resume", "POST {}/resume"), ("end", "DELETE {}")],
)
def test_ops_looks_after_a_system(browser: Browser, city: City, act: str, asked: str) -> None:
    signed_in(browser, city, "ops")
    state = "paused" if act == "resume" else "active"
    shown = samples.a_subscription(state=state)
    request = asked.format(f"/accounts/subscriptions/{shown['id']}")
    city.answer("GET /accounts/subscriptions", {"items": [shown], "next": None})
    city.answer(request, shown)
    browser.get("/subscribers")

    page = browser.send(f"/subscribers/{shown['id']}/{act}")

    assert page.status_code == 200
    assert len(city.requests(request)) == 1


def test_files_are_kept_by_their_hash(portal: str) -> None:
    home = requests.get(f"{portal}/", timeout=10).text
    start = home.index("/static/css/base.css")
    address = home[start : home.index('"', start)]

    style = requests.get(portal + address, timeout=10)
    again = requests.get(
        portal + address, headers={"If-None-Match": style.headers["ETag"]}, timeout=10
    )

    assert "immutable" in style.headers["Cache-Control"]
    assert again.status_code == 304
    assert requests.get(f"{portal}/static/../settings.py", timeout=10).status_code == 404
