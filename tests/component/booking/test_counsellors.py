"""Counsellors, their terms and their hours over HTTP."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.booking.service import BookingService
from services.chassis.clock import SHANGHAI
from tests.component.booking.people import AWAY, ToyAccounts, enrolled
from tests.component.booking.scheduling_support import (
    API,
    SLOTS,
    Town,
    booked,
    exceptions_of,
    hours_of,
    listed,
    refused,
)
from tests.support.apps import App, running
from tests.support.databases import Databases, TestPostgres


@pytest.fixture(scope="module")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    databases = Databases(postgres_server)
    with running(databases, [BookingService, ToyAccounts]) as started:
        yield started
    databases.drop_all()


@pytest.fixture
def town(app: App) -> Town:
    return Town(app)


def day_after(days: int) -> str:
    return str((datetime.now(SHANGHAI) + timedelta(days=days)).date())


def hours(site: str, **said: Any) -> dict[str, Any]:
    fields = {"weekday": 1, "starts": "09:00", "ends": "12:00", "modes": ["video"]}
    return {**fields, "site": site, **said}


def test_everybody_sees_what_a_counsellor_offers_but_not_the_terms(town):
    site = town.site()
    counsellor = town.counsellor(site, specialities=["情绪管理"])
    path = f"{API}/counsellors/{counsellor.person}"

    assert town.worker().get(path).json() == {
        "id": str(counsellor.person),
        "specialities": ["情绪管理"],
        "modes": ["in-person", "video"],
        "sites": [site],
    }
    found = listed(town.worker(), f"{API}/counsellors", site=site, mode="video")
    assert [each["id"] for each in found] == [str(counsellor.person)]
    assert listed(town.worker(), f"{API}/counsellors", site=site, mode="phone") == []
    assert listed(town.worker(), f"{API}/counsellors", site=site, speciality="亲子") == []


def test_terms_are_for_administrators_of_the_subtree(app, town):
    counsellor = town.counsellor()
    path = f"{API}/counsellor-terms"

    def seen(unit: str) -> list[str]:
        admin = app.person("district-admin", unit=unit)
        return [each["id"] for each in listed(admin, path, limit=200)]

    assert str(counsellor.person) in seen("wh/hc")
    assert str(counsellor.person) not in seen("wh/gq")
    assert town.worker().get(path).status_code == 403


def test_a_counsellor_is_registered_once_and_at_sites_that_exist(town):
    counsellor = town.counsellor()
    body = {
        "person": str(counsellor.person),
        "unit": "wh/hc",
        "modes": ["video"],
        "sites": [town.site()],
        "credential_expires_on": "2099-01-01",
    }

    again = town.admin.post(f"{API}/counsellors", body)
    nowhere = {**body, "person": str(enrolled("counsellor")), "sites": [str(uuid4())]}
    answer = town.admin.post(f"{API}/counsellors", nowhere)

    assert refused(again, 409) == "counsellor-already-registered"
    assert refused(answer, 422) == "unknown-site"
    assert answer.json()["errors"][0]["field"] == "sites.0"


def test_hours_come_back_as_they_were_set(town):
    site = town.site()
    counsellor = town.counsellor(site, week=None)

    counsellor.put(hours_of(counsellor), {"items": [hours(site)]})
    (found,) = counsellor.get(hours_of(counsellor)).json()["items"]

    assert found.pop("id")
    assert found == {
        **hours(site),
        "room": None,
        "valid_from": None,
        "valid_until": None,
    }


def test_a_week_is_refused_by_field(town):
    site = town.site()
    counsellor = town.counsellor(site, week=None)
    music = town.room(site, kind="music")
    for wrong, field in [
        ({"weekday": 8}, "items.0.weekday"),
        ({"ends": "09:30"}, "items.0.ends"),
        ({"modes": []}, "items.0.modes"),
        ({"modes": ["phone"]}, "items.0.modes"),
        ({"site": str(uuid4())}, "items.0.site"),
        ({"room": str(uuid4())}, "items.0.room"),
        ({"room": music}, "items.0.room"),
        ({"lunch": True}, "items.0.lunch"),
    ]:
        body = {"items": [{**hours(site), **wrong}]}
        answer = counsellor.put(hours_of(counsellor), body)

        assert answer.status_code == 422, answer.text
        assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_nobody_sets_the_hours_of_a_colleague(town):
    site = town.site()
    one, other = town.counsellor(site), town.counsellor(site)

    answer = one.put(hours_of(other), {"items": []})

    assert refused(answer, 404) == "counsellor-not-found"
    assert refused(one.get(hours_of(other)), 404) == "counsellor-not-found"
    assert town.worker().get(hours_of(other)).status_code == 403


def test_a_leave_day_closes_and_opens_again(town):
    counsellor = town.counsellor()
    day = day_after(3)
    query = {"from": day, "to": day_after(4)}
    before = len(town.slots(counsellor, **query))

    body = {"kind": "away", "first_day": day, "last_day": day}
    leave = counsellor.post(exceptions_of(counsellor), body).json()
    during = len(town.slots(counsellor, **query))
    listed_leave = listed(counsellor, exceptions_of(counsellor))
    gone = counsellor.delete(f"{exceptions_of(counsellor)}/{leave['id']}")

    assert (before, during) == (24, 0)
    assert [each["id"] for each in listed_leave] == [leave["id"]]
    assert gone.status_code == 204
    assert len(town.slots(counsellor, **query)) == before


def test_a_taken_slot_survives_every_change_of_plan_until_it_is_cancelled(town):
    counsellor, worker = town.counsellor(), town.worker()
    slot = town.slots(counsellor)[30]
    appointment = booked(worker, slot)

    town.set_week(counsellor, [], "", [])
    kept = worker.get(f"{API}/appointments/{appointment['id']}").json()
    worker.delete(f"{API}/appointments/{appointment['id']}")

    assert kept["state"] == "booked"
    assert town.slots(counsellor) == []


def test_a_credential_that_ends_takes_the_slots_after_it(town):
    counsellor = town.counsellor()

    answer = town.admin.patch(
        f"{API}/counsellors/{counsellor.person}", {"credential_expires_on": day_after(1)}
    )

    assert answer.status_code == 200, answer.text
    assert (
        listed(town.duty, SLOTS, counsellor=str(counsellor.person), **{"from": day_after(2)}) == []
    )
    assert town.slots(counsellor)


def registering(town: Town, person: Any, unit: str = "wh/hc") -> dict[str, Any]:
    return {
        "person": str(person),
        "unit": unit,
        "modes": ["video"],
        "sites": [town.site()],
        "credential_expires_on": "2099-01-01",
    }


@pytest.mark.parametrize(
    ("person", "status"),
    [(enrolled("worker"), 422), (enrolled("duty"), 422), (uuid4(), 422), (AWAY, 503)],
)
def test_only_a_person_with_the_role_joins_the_pool(town, person, status):
    answer = town.admin.post(f"{API}/counsellors", registering(town, person))

    assert answer.status_code == status, answer.text
    assert [error["field"] for error in answer.json().get("errors", [])] == ["person"] * (
        status == 422
    )
    assert town.admin.get(f"{API}/counsellors/{person}").status_code == 404


def test_a_district_registers_its_own_counsellors_only(app, town):
    district = app.person("district-admin", unit="wh/hc")
    own, foreign = enrolled("counsellor"), enrolled("counsellor", unit="wh/gq")

    for body in (registering(town, own, "wh/gq"), registering(town, foreign)):
        answer = district.post(f"{API}/counsellors", body)
        assert refused(answer, 403) == "outside-your-unit"
    assert district.post(f"{API}/counsellors", registering(town, own)).status_code == 201
