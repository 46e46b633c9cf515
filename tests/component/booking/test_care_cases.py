"""A heavy result without a crisis opens a case that pages nobody."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from services.booking.service import BookingService
from services.contracts.assessment import ResponseCompletedV1, Risk
from tests.component.booking.cases_support import (
    CASES,
    a_case,
    deliver,
    last_told,
    time_is_up,
    timers,
    told,
    until_told,
)
from tests.component.booking.people import ToyAccounts
from tests.support.apps import App, Client, running
from tests.support.databases import TestPostgres


@pytest.fixture(scope="module")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    with running(postgres_server, [BookingService, ToyAccounts]) as app:
        yield app


@pytest.fixture
def duty(app: App) -> Client:
    return app.person("duty", unit="wh")


def a_response(app: App, **changed: Any) -> Any:
    """A completed response; the person."""
    values: dict[str, Any] = {
        "response": uuid4(),
        "person": uuid4(),
        "instrument": "phq9",
        "version": "1.0.0",
        "band": "moderately-severe",
        "risk": Risk.URGENT,
        "care_level": 3,
        "policy": "1.0.0",
        **changed,
    }
    deliver(app, ResponseCompletedV1(**values))
    return values["person"]


def case_of(duty: Client, person: Any) -> dict[str, Any] | None:
    found = duty.get(f"{CASES}?person={person}").json()["items"]
    return found[0] if found else None


def test_a_level_3_response_opens_a_care_case_beside_the_offer(app, duty):
    person = a_response(app)

    case = case_of(duty, person)
    assert case is not None
    assert (case["crisis"], case["care_level"], case["next_due"]) == (False, 3, "contact")
    assert (case["paging"], case["late"]) == (False, False)
    opened = last_told(app, case["id"], "case-opened")
    assert (opened.urgent, opened.data["crisis"], opened.data["chain"]) == (False, False, [])
    assert timers(app, case["id"]).keys() == {"case-due"}


def test_below_level_3_and_without_a_person_there_is_none(app, duty):
    person = a_response(app, care_level=2)
    a_response(app, person=None)

    assert case_of(duty, person) is None


def test_a_response_with_a_crisis_case_waits_for_its_flag(app, duty):
    crisis, person = uuid4(), uuid4()

    a_response(app, person=person, case=crisis, care_level=4, risk=Risk.CRISIS)
    assert case_of(duty, person) is None
    a_case(app, case=crisis, person=person)

    case = case_of(duty, person)
    assert case is not None
    assert (case["id"], case["crisis"]) == (str(crisis), True)


def test_a_late_care_case_reminds_and_pages_nobody(app, duty):
    case = case_of(duty, a_response(app))
    assert case is not None

    time_is_up(app, case["id"])

    until_told(app, case["id"], "case-overdue")
    overdue = last_told(app, case["id"], "case-overdue")
    assert (overdue.urgent, overdue.data["chain"], overdue.data["fallback"]) == (False, [], False)
    assert "case-page-watch" not in timers(app, case["id"])


def test_contact_advice_and_follow_up(app, duty):
    case = case_of(duty, a_response(app))
    assert case is not None
    path = f"{CASES}/{case['id']}"

    contact = duty.post(f"{path}/contacts", {"channel": "phone", "outcome": "reached"}).json()
    assert contact["next_due"] == "refer"
    advice = {"kind": "advised", "reaction": "undecided", "note": "will think about it"}
    assert duty.post(f"{path}/referrals", advice).json()["next_due"] == "follow-up"
    assert duty.post(f"{path}/follow-ups", {"reached": True}).json()["state"] == "following-up"

    assert told(app, case["id"]) == [
        "case-opened",
        "case-acknowledged",
        "case-contacted",
        "case-referred",
        "case-followed-up",
    ]
