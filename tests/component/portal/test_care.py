from tests.component.portal.browser import Browser
from tests.component.portal.city import City
from tests.component.portal.conftest import signed_in
from tests.unit.portal import samples

OFFER = samples.an_offer()["id"]
APPOINTMENT = samples.an_appointment()["id"]


def tomorrow(city: City, browser: Browser) -> None:
    """An open offer and free slots."""
    signed_in(browser, city, "worker")
    offer = samples.an_offer(expires_at="2099-01-01T00:00:00Z")
    city.answer("GET /booking/offers", {"items": [offer], "next": None})
    slots = [samples.a_slot(number, hours=number) for number in (1, 2)]
    city.answer("GET /booking/slots", {"items": slots, "next": None})


def test_an_offer_leads_to_slots_and_a_booking(browser: Browser, city: City) -> None:
    tomorrow(city, browser)
    city.answer("POST /booking/appointments", samples.an_appointment(), 201)
    assert "谈话邀请" in browser.get("/offer").text

    slots = browser.get(f"/slots?offer={OFFER}")
    page = browser.send("/appointments")

    assert "市中心" in slots.text
    asked = city.requests("POST /booking/appointments")[0]
    assert asked.json == {"slot": samples.a_slot(1)["id"], "mode": "in-person", "offer": OFFER}
    assert asked.headers["Idempotency-Key"]
    assert "约好了" in page.text


def test_the_same_form_sent_twice_carries_the_same_key(browser: Browser, city: City) -> None:
    tomorrow(city, browser)
    city.answer("POST /booking/appointments", samples.an_appointment(), 201)
    browser.get(f"/slots?offer={OFFER}")
    values = browser.form("/appointments").values

    for _ in range(2):
        browser.session.post(f"{browser.base}/appointments", data=values, timeout=10)

    first, second = city.requests("POST /booking/appointments")
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]


def test_a_slot_somebody_was_faster_for_is_told_beside_the_others(
    browser: Browser, city: City
) -> None:
    tomorrow(city, browser)
    city.answer("POST /booking/appointments", {"code": "slot-already-taken", "status": 409}, 409)
    browser.get(f"/slots?offer={OFFER}")

    page = browser.send("/appointments")

    assert "刚被别人约走了" in page.text
    assert page.text.count("约这个") >= 2


def test_declining_is_one_press(browser: Browser, city: City) -> None:
    tomorrow(city, browser)
    city.answer(f"POST /booking/offers/{OFFER}/decline", None, 204)
    browser.get("/offer")

    page = browser.send(f"/offers/{OFFER}/decline")

    assert "以后任何时候都可以再来" in page.text


def test_an_appointment_can_be_cancelled_and_moved(browser: Browser, city: City) -> None:
    tomorrow(city, browser)
    ahead = samples.an_appointment(starts_at="2099-01-01T01:00:00Z", ends_at="2099-01-01T01:50:00Z")
    city.answer("GET /booking/appointments", {"items": [ahead], "next": None})
    city.answer(f"GET /booking/appointments/{APPOINTMENT}", ahead)
    city.answer(f"DELETE /booking/appointments/{APPOINTMENT}", None, 204)
    city.answer(f"POST /booking/appointments/{APPOINTMENT}/reschedule", ahead)

    browser.get(f"/appointments/{APPOINTMENT}/reschedule")
    moved = browser.send(f"/appointments/{APPOINTMENT}/reschedule")
    browser.get(f"/appointments/{APPOINTMENT}/cancel")
    cancelled = browser.send(f"/appointments/{APPOINTMENT}/cancel")

    assert "已改到新的时间" in moved.text
    assert "已取消" in cancelled.text
    assert city.requests(f"DELETE /booking/appointments/{APPOINTMENT}")
