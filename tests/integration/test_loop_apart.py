"""The closed loop over separate processes, a real broker, real databases and a real mail server."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from services.chassis.clock import SHANGHAI
from services.cli.client import PublicClient
from tests.support.apps import eventually
from tests.support.city import CRITICAL, MODERATE, City, answer_phq9, book, open_offer

CALLERS = 200
SHOWN_FROM = 10


def a_group_large_enough_to_be_shown(city: City) -> None:
    admin = city.as_person("city-admin")
    body = {"count": SHOWN_FROM, "unit": "wh/hc"}
    for each in admin.post("/api/accounts/v1/temporary-workers", body)["items"]:
        client = PublicClient(city.url, token=each["access_token"])
        assert answer_phq9(client).status == 201
        made = "person = :person AND state = 'open'"
        eventually(lambda: city.count("booking", "offers", made, person=each["person"]))
        assert book(client).status == 201


def live_figures(lead: PublicClient) -> dict[str, Any]:
    now = datetime.now(SHANGHAI)
    when = {"year": now.year, "month": now.month}
    items = lead.get("/api/reporting/v1/indicators", unit="wh", **when)["items"]
    return {item["code"]: item["value"] or 0 for item in items}


def test_a_moderate_answer_ends_in_an_appointment_a_mail_and_the_statistics(
    whole_city: City,
) -> None:
    worker, lead = whole_city.as_person("worker101"), whole_city.as_person("clinical-lead")
    a_group_large_enough_to_be_shown(whole_city)
    codes = ("responses-phq9-moderate", "offers-accepted", "appointments-booked")

    def shown() -> dict[str, Any]:
        figures = live_figures(lead)
        return figures if all(figures[code] for code in codes) else {}

    before = eventually(shown, within=20, what="the figures of a group of ten")

    answer = answer_phq9(worker)
    appointment = book(worker, open_offer(worker))

    assert (answer.status, answer.body["band"], answer.body["risk"]) == (201, "moderate", "concern")
    assert appointment.status == 201
    assert appointment.correlation_id == answer.correlation_id
    eventually(lambda: whole_city.mailbox.mails(to="worker101@mail.example"), within=20)

    def moved() -> bool:
        now = live_figures(lead)
        return all((now[code] or 0) > before[code] for code in codes)

    eventually(moved, within=20, what="the statistics moved")

    def steps() -> set[str]:
        loop = lead.call("GET", f"/api/reporting/v1/loops/{answer.correlation_id}")
        return {step["service"] for step in loop.body["items"]} if loop.status == 200 else set()

    wanted = {"assessment", "booking", "notification", "reporting"}
    eventually(lambda: steps() >= wanted, within=20, what="all four services in the loop")


def test_two_hundred_workers_on_one_slot_and_exactly_one_wins(whole_city: City) -> None:
    accounts = whole_city.as_person("city-admin")
    made = accounts.post("/api/accounts/v1/temporary-workers", {"count": CALLERS, "unit": "wh/hc"})[
        "items"
    ]
    first = PublicClient(whole_city.url, token=made[0]["access_token"])
    slot = first.get("/api/booking/v1/slots")["items"][-1]
    body = {"slot": slot["id"], "mode": slot["mode"]}

    def try_to_book(each: dict[str, str]) -> tuple[int, str]:
        client = PublicClient(whole_city.url, token=each["access_token"])
        answer = client.call("POST", "/api/booking/v1/appointments", body)
        return answer.status, answer.code

    with ThreadPoolExecutor(CALLERS) as pool:
        answers = list(pool.map(try_to_book, made))

    assert answers.count((201, "")) == 1
    assert answers.count((409, "slot-already-taken")) == CALLERS - 1
    where = "slot = :slot AND state = 'booked'"
    assert whole_city.count("booking", "appointments", where, slot=slot["id"]) == 1


def test_a_critical_answer_pages_the_officer_on_duty_by_mail(whole_city: City) -> None:
    worker, duty = whole_city.as_person("worker102"), whole_city.as_person("duty1")

    answer = answer_phq9(worker, CRITICAL)

    assert answer.body["risk"] == "crisis"
    assert answer.body["support"]

    def the_case() -> Any:
        items = duty.get("/api/booking/v1/cases")["items"]
        return next((each for each in items if each["id"] == answer.body["case"]), None)

    case = eventually(the_case, within=10, what="the case in the queue")
    assert case["next_due_at"]
    officers = [f"duty{number}@mail.example" for number in (1, 2)]
    eventually(lambda: any(whole_city.mailbox.mails(to=each) for each in officers), within=10)
    taken = duty.call("POST", f"/api/booking/v1/cases/{case['id']}/acknowledge", {})
    assert taken.status == 200, taken.body


def test_a_critical_answer_in_a_refused_sheet_opens_its_case_and_stores_no_answer(
    whole_city: City,
) -> None:
    worker, duty = whole_city.as_person("worker103"), whole_city.as_person("duty1")
    before = whole_city.count("assessment", "responses")

    answer = answer_phq9(worker, {**MODERATE, "q3": 7, "q9": 2})

    assert answer.status == 422
    assert {error["field"] for error in answer.body["errors"]} == {"answers.q3"}
    assert answer.body["support"]
    case = answer.body["case"]
    eventually(
        lambda: duty.call("GET", f"/api/booking/v1/cases/{case}").status == 200,
        within=10,
        what="the case",
    )
    assert whole_city.count("assessment", "responses") == before


def test_help_is_asked_for_without_signing_in(whole_city: City) -> None:
    nobody, duty = PublicClient(whole_city.url), whole_city.as_person("duty1")

    answer = nobody.call("POST", "/api/assessment/v1/help-requests", {"phone": "13800138000"})

    assert answer.status == 201
    assert answer.body["support"]
    path = f"/api/booking/v1/cases/{answer.body['case']}"
    eventually(lambda: duty.call("GET", path).status == 200, within=10, what="the case")
    told = duty.get(f"/api/assessment/v1/cases/{answer.body['case']}/help-requests")
    assert told["items"][0]["phone"] == "13800138000"
    stored = whole_city.query("assessment", "SELECT help_requests::text AS row FROM help_requests")
    assert not any("13800138000" in each.row for each in stored)
