import re

from tests.component.portal.browser import Browser
from tests.component.portal.city import City
from tests.component.portal.conftest import signed_in
from tests.unit.portal import samples

CASE = samples.a_case()["id"]


def on_duty(browser: Browser, city: City, **status: object) -> Browser:
    city.answer("GET /booking/duty/status", samples.a_duty_status(**status))
    city.answer("GET /booking/cases", {"items": [samples.a_case()], "next": None})
    city.answer(f"GET /booking/cases/{CASE}", samples.a_case())
    return signed_in(browser, city, "duty")


def test_the_queue_shows_what_waits_and_can_be_acknowledged(browser: Browser, city: City) -> None:
    on_duty(browser, city)
    city.answer(f"POST /booking/cases/{CASE}/acknowledge", samples.a_case(state="acknowledged"))

    queue = browser.get("/duty")
    page = browser.send(f"/duty/cases/{CASE}/acknowledge")

    assert 'data-waiting="1"' in queue.text
    assert page.url.endswith(f"/duty/cases/{CASE}")
    assert "已由你接手" in page.text


def test_a_poll_reads_cases_only_when_something_changed(browser: Browser, city: City) -> None:
    on_duty(browser, city)
    page = browser.get("/duty")
    seen = re.search(r"/duty/pulse\?seen=([0-9a-f]+)", page.text)
    assert seen

    quiet = browser.get(f"/duty/pulse?seen={seen[1]}")
    read = len(city.requests("GET /booking/cases"))
    city.answer("GET /booking/duty/status", samples.a_duty_status(queue={"open": 2}))
    changed = browser.get(f"/duty/pulse?seen={seen[1]}")

    if quiet.status_code == 204:  # else a minute began in between
        assert read == 1
    assert changed.status_code == 200
    assert 'id="pulse"' in changed.text


def test_nobody_on_the_roster_is_said_loudly(browser: Browser, city: City) -> None:
    on_duty(browser, city, rostered=False)

    page = browser.get("/duty")

    assert "现在没有人值班" in page.text
    assert 'role="alert"' in page.text


def test_contact_data_is_asked_for_with_a_reason_and_shown_once(
    browser: Browser, city: City
) -> None:
    on_duty(browser, city)
    person = samples.a_case()["person"]
    path = f"/accounts/people/{person}/contact-points"
    city.answer(f"GET {path}", {"items": [{"channel": "sms", "address": "13900005678"}]})
    city.answer(
        f"GET /assessment/cases/{CASE}/help-requests",
        {"items": [{"phone": "13800001234", "words": "想找人说说"}]},
    )
    browser.get(f"/duty/cases/{CASE}")

    without = browser.send(f"/duty/cases/{CASE}/reveal")
    page = browser.send(f"/duty/cases/{CASE}/reveal", reason="打电话给本人")
    later = browser.get(f"/duty/cases/{CASE}")

    assert without.status_code == 422
    assert "tel:13800001234" in page.text and "tel:13900005678" in page.text
    assert city.requests(f"GET {path}")[0].query == {"case": CASE, "reason": "打电话给本人"}
    assert "13800001234" not in later.text


def test_a_contact_is_recorded_as_the_protocol_wants_it(browser: Browser, city: City) -> None:
    on_duty(browser, city)
    city.answer(f"POST /booking/cases/{CASE}/contacts", samples.a_case(state="contacted"))
    browser.get(f"/duty/cases/{CASE}")

    browser.send(f"/duty/cases/{CASE}/contacts", channel="phone", outcome="reached", note="谈过了")

    assert city.requests(f"POST /booking/cases/{CASE}/contacts")[0].json == {
        "channel": "phone",
        "outcome": "reached",
        "note": "谈过了",
    }


def test_a_poll_of_somebody_who_is_signed_out_is_no_page(browser: Browser, city: City) -> None:
    answer = browser.get("/duty/pulse", headers={"HX-Request": "true"})

    assert answer.status_code == 401


def test_a_clinical_lead_reads_and_confirms_but_does_not_act(browser: Browser, city: City) -> None:
    on_duty(browser, city)
    asked = samples.a_case(close_requested_by="99999999-1111-4222-8333-444455556666")
    city.answer(f"GET /booking/cases/{CASE}", asked)
    signed_in(browser, city, "clinical-lead")

    page = browser.get(f"/duty/cases/{CASE}")

    assert "同意结束" in page.text
    assert f'action="/duty/cases/{CASE}/reveal"' not in page.text
    assert f'action="/duty/cases/{CASE}/acknowledge"' not in page.text
