"""Duty rosters over HTTP and PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.booking.service import BookingService
from tests.component.booking.cases_support import SHIFTS, STATUS
from tests.component.booking.people import AWAY, ToyAccounts, enrolled
from tests.support.apps import App, Client, eventually, running
from tests.support.databases import Databases
from tests.support.rows import rows

COVERAGE = "/api/booking/v1/rosters/coverage"


@pytest.fixture
def app(postgres: Databases) -> Iterator[App]:
    with running(postgres, [BookingService, ToyAccounts]) as app:
        yield app


@pytest.fixture
def city(app: App) -> Client:
    return app.person("city-admin", unit="wh")


def a_shift(hours_from_now: float = 0, *, hours: float = 8, **changed: Any) -> dict[str, Any]:
    starts_at = datetime.now(UTC) + timedelta(hours=hours_from_now)
    return {
        "officer": str(enrolled("duty")),
        "tier": 1,
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=hours)).isoformat(),
        **changed,
    }


def gap_events(app: App) -> list[Any]:
    return rows(app, "booking", "SELECT data FROM outbox WHERE type LIKE '%roster-gap-found%'")


def look_again(app: App) -> None:
    with app.runtime("booking").database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE timers SET due_at = now() WHERE kind = 'every:roster-gaps'"
        )


def test_a_week_is_planned_at_once_and_listed_by_start(app, city):
    planned = city.post(SHIFTS, a_shift(days=7))
    assert planned.status_code == 201, planned.text

    first = city.get(f"{SHIFTS}?limit=4").json()
    second = city.get(f"{SHIFTS}?limit=4&cursor={first['next']}").json()

    found = [each["id"] for each in first["items"] + second["items"]]
    assert found == [each["id"] for each in planned.json()["items"]]
    assert {each["unit"] for each in first["items"]} == {"wh"}


def test_an_overlap_plans_nothing(app, city):
    officer = str(enrolled("duty"))
    city.post(SHIFTS, a_shift(48, officer=officer))

    answer = city.post(SHIFTS, a_shift(officer=officer, days=5))

    assert (answer.status_code, answer.json()["code"]) == (409, "shift-overlaps")
    assert len(city.get(SHIFTS).json()["items"]) == 1


def test_a_district_plans_its_own_subtree_only(app, city):
    district = app.person("district-admin", unit="wh/hc")

    assert district.post(SHIFTS, a_shift(unit="wh/hc/e1")).status_code == 201
    assert district.post(SHIFTS, a_shift()).json()["items"][0]["unit"] == "wh/hc"
    assert district.post(SHIFTS, a_shift(unit="wh")).json()["code"] == "unit-not-yours"
    [shift] = city.post(SHIFTS, a_shift()).json()["items"]
    assert district.delete(f"{SHIFTS}/{shift['id']}").status_code == 403


@pytest.mark.parametrize("role", ["worker", "counsellor", "unit-admin", "clinical-lead", "ops"])
def test_nobody_else_plans(app, role):
    assert app.person(role).post(SHIFTS, a_shift()).status_code == 403


def test_who_is_on_duty_changes_hands(app, city):
    duty = app.person("duty", unit="wh")
    enrolled("duty", person=duty.person)
    relief = enrolled("duty")
    [shift] = city.post(SHIFTS, a_shift(-1, officer=str(duty.person))).json()["items"]

    answer = duty.post(f"{SHIFTS}/{shift['id']}/hand-over", {"officer": str(relief)})
    assert answer.status_code == 201, answer.text

    on_duty = duty.get(STATUS).json()["on_duty"]
    assert [UUID(each["officer"]) for each in on_duty] == [relief]


def test_a_future_shift_is_cancelled_and_a_past_one_stays(app, city):
    [future] = city.post(SHIFTS, a_shift(3)).json()["items"]
    [past] = city.post(SHIFTS, a_shift(-9)).json()["items"]

    assert city.delete(f"{SHIFTS}/{future['id']}").status_code == 204
    assert city.delete(f"{SHIFTS}/{future['id']}").json()["code"] == "no-such-shift"
    assert city.delete(f"{SHIFTS}/{past['id']}").json()["code"] == "shift-is-over"


def test_gaps_are_told_once_and_again_when_they_open_anew(app, city):
    eventually(lambda: {row.data["tier"] for row in gap_events(app)} == {1, 2})

    everywhere = [a_shift(-1, hours=24, days=6, tier=tier) for tier in (1, 2)]
    planned = [shift for body in everywhere for shift in city.post(SHIFTS, body).json()["items"]]
    look_again(app)
    filled = "SELECT 1 FROM roster_gaps WHERE filled_at IS NOT NULL"
    eventually(lambda: len(rows(app, "booking", filled)) == 2)
    assert city.get(STATUS).json()["covered"] is True
    city.delete(f"{SHIFTS}/{planned[1]['id']}")
    look_again(app)

    eventually(lambda: len(gap_events(app)) == 3)


def test_coverage_names_the_hours_nobody_covers(app, city):
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    for tier in (1, 2):
        ends_at = start + timedelta(hours=8 if tier == 1 else 10)
        body = a_shift(tier=tier, starts_at=start.isoformat(), ends_at=ends_at.isoformat())
        assert city.post(SHIFTS, body).status_code == 201
    query = {"from": start.isoformat(), "to": (start + timedelta(hours=10)).isoformat()}

    found = city.get(COVERAGE, params=query).json()

    assert found["covered"] is False
    [gap] = found["gaps"]
    assert gap["tier"] == 1
    assert datetime.fromisoformat(gap["starts_at"]) == start + timedelta(hours=8)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"tier": 0}, "tier"),
        ({"tier": "1"}, "tier"),
        ({"officer": "duty1"}, "officer"),
        ({"starts_at": "2025-01-01T00:00:00"}, "starts_at"),
        ({"days": 1000}, "days"),
        ({"unit": "WH/.."}, "unit"),
        ({"name": "x"}, "name"),
    ],
)
def test_a_wrong_body_is_refused_by_field(app, city, changed, field):
    answer = city.post(SHIFTS, a_shift(**changed))

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_shift_has_a_length(app, city):
    for hours in (-1, 0, 25):
        answer = city.post(SHIFTS, a_shift(hours=hours))
        assert (answer.status_code, answer.json()["code"]) == (422, "shift-length")
    wrong = {"from": "2025-02-01", "to": "2025-01-01"}
    assert city.get(COVERAGE, params=wrong).status_code == 422


@pytest.mark.parametrize(
    ("roles", "tier", "status"),
    [
        (["duty"], 1, 201),
        (["duty"], 3, 201),
        (["counsellor"], 3, 201),
        (["clinical-lead"], 3, 201),
        (["counsellor"], 1, 422),
        (["clinical-lead"], 2, 422),
        (["worker"], 3, 422),
        (["city-admin"], 3, 422),
        ([], 1, 422),
    ],
)
def test_an_officer_holds_a_role_of_the_tier(app, city, roles, tier, status):
    answer = city.post(SHIFTS, a_shift(tier=tier, officer=str(enrolled(*roles))))

    assert answer.status_code == status, answer.text
    assert len(city.get(SHIFTS).json()["items"]) == (status == 201)


@pytest.mark.parametrize(
    ("officer", "status", "code"),
    [(uuid4(), 422, "not-such-staff"), (AWAY, 503, "peer-unavailable")],
)
def test_an_officer_nobody_knows_or_can_ask_about_is_not_rostered(app, city, officer, status, code):
    [shift] = city.post(SHIFTS, a_shift(3)).json()["items"]

    planned = city.post(SHIFTS, a_shift(officer=str(officer)))
    handed = city.post(f"{SHIFTS}/{shift['id']}/hand-over", {"officer": str(officer)})

    for answer in (planned, handed):
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert [e["field"] for e in answer.json().get("errors", [])] == ["officer"] * (
            status == 422
        )
    assert city.get(SHIFTS).json()["items"] == [shift]


def test_without_accounts_nobody_is_rostered(postgres):
    with running(postgres, [BookingService]) as app:
        city = app.person("city-admin", unit="wh")

        assert city.post(SHIFTS, a_shift()).status_code == 503
        assert city.get(SHIFTS).json()["items"] == []
