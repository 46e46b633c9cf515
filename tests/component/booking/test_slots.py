"""`GET slots`: the contract of the closed loop."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.booking.service import BookingService
from services.chassis.shared import SharedReads
from tests.component.booking.people import ToyAccounts
from tests.component.booking.scheduling_support import (
    SLOTS,
    Town,
    booked,
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


@pytest.fixture(scope="module")
def town(app: App) -> Town:
    return Town(app)


def test_a_slot_says_when_where_who_and_how(town):
    site = town.site()
    counsellor = town.counsellor(site)

    slot = town.slots(counsellor)[0]

    assert set(slot) == {"id", "starts_at", "ends_at", "site", "counsellor", "mode", "modes"}
    assert (slot["site"], slot["counsellor"]) == (site, str(counsellor.person))
    assert slot["starts_at"].endswith("Z")
    starts_at, ends_at = (datetime.fromisoformat(slot[name]) for name in ("starts_at", "ends_at"))
    assert ends_at - starts_at == timedelta(minutes=50)
    assert slot["mode"] == "in-person"
    assert slot["modes"] == ["in-person", "video"]


def test_by_default_the_next_fourteen_days_are_listed_in_order(town):
    counsellor = town.counsellor()
    now = datetime.now(UTC)

    answer = town.worker().get(SLOTS, params={"counsellor": str(counsellor.person), "limit": 200})
    starts = [datetime.fromisoformat(slot["starts_at"]) for slot in answer.json()["items"]]
    rest = (
        town.worker()
        .get(
            SLOTS,
            params={
                "counsellor": str(counsellor.person),
                "limit": 200,
                "cursor": answer.json()["next"],
            },
        )
        .json()
    )
    last = datetime.fromisoformat(rest["items"][-1]["starts_at"])

    assert starts == sorted(starts)
    assert now < starts[0]
    assert now + timedelta(days=13) < last < now + timedelta(days=14, minutes=1)
    assert rest["next"] is None


def test_pages_hold_every_slot_once(town):
    counsellor = town.counsellor(
        week=[{"weekday": d, "starts": "09:00", "ends": "12:00"} for d in range(1, 8)]
    )
    query = {"counsellor": str(counsellor.person), "limit": 7}
    found, cursor = [], None
    while True:
        answer = town.duty.get(SLOTS, params={**query, "cursor": cursor}).json()
        found += [slot["id"] for slot in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break

    assert len(found) == len(set(found))
    assert set(found) == {slot["id"] for slot in town.slots(counsellor)}


def test_slots_are_filtered_by_site_counsellor_mode_and_time(town):
    here, there = town.site(), town.site()
    one, other = town.counsellor(here), town.counsellor(there, modes=["phone"])
    first, second = town.slots(one)[:2]

    assert {slot["site"] for slot in listed(town.duty, SLOTS, site=here)} == {here}
    assert town.slots(one, mode="phone") == []
    assert {slot["mode"] for slot in town.slots(other, mode="phone")} == {"phone"}
    assert {slot["mode"] for slot in town.slots(one, mode="video")} == {"video"}
    window = {"from": first["starts_at"], "to": second["starts_at"]}
    assert [slot["id"] for slot in town.slots(one, **window)] == [first["id"]]
    city_time = first["starts_at"].replace("Z", "+00:00")
    assert town.slots(one, **{"from": city_time, "to": second["starts_at"]}) == [first]


def test_the_past_is_never_listed(town):
    counsellor = town.counsellor()

    slots = town.slots(counsellor, **{"from": "2020-01-01"})

    assert datetime.fromisoformat(slots[0]["starts_at"]) > datetime.now(UTC)


def test_a_taken_slot_and_a_full_day_are_not_listed(town):
    counsellor = town.counsellor(daily_limit=1)
    slots = town.slots(counsellor)
    day = slots[40]["starts_at"]
    appointment = booked(town.worker(), slots[40])

    left = town.slots(counsellor)

    gone = {slot["id"] for slot in slots} - {slot["id"] for slot in left}
    assert slots[40]["id"] in gone
    assert len(gone) > 1, "the whole day is gone"
    assert appointment["starts_at"] == day


def test_wrong_queries_are_refused_by_field(town):
    worker = town.worker()

    for query, code, field in [
        ({"cursor": "x"}, "bad-cursor", "cursor"),
        ({"cursor": "WyJhIiwiYiJd"}, "bad-cursor", "cursor"),
        ({"from": "yesterday"}, "invalid-fields", "from"),
        ({"from": "2025-01-01T00:00:00"}, "invalid-fields", "from"),
        ({"from": "2025-01-02", "to": "2025-01-01"}, "invalid-fields", "to"),
        ({"mode": "telepathy"}, "invalid-fields", "mode"),
        ({"site": "1"}, "invalid-fields", "site"),
        ({"limit": "0"}, "invalid-fields", "limit"),
        ({"colour": "red"}, "invalid-fields", "colour"),
    ]:
        answer = worker.get(SLOTS, params=query)
        assert refused(answer, 400 if code == "bad-cursor" else 422) == code
        assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_nobody_unknown_sees_slots(app):
    assert app.anybody().get(SLOTS).status_code == 401


def test_an_unknown_site_has_no_slots(town):
    assert listed(town.worker(), SLOTS, site=str(uuid4())) == []


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("worker", 200),
        ("counsellor", 200),
        ("duty", 200),
        ("clinical-lead", 200),
        ("unit-admin", 403),
        ("district-admin", 403),
        ("city-admin", 403),
        ("ops", 403),
    ],
)
def test_slots_are_for_those_who_book_or_give_sessions(app, role, status):
    assert app.person(role).get(SLOTS).status_code == status


def test_a_counsellor_sees_the_own_slots_whomever_they_ask_for(town):
    one, other = town.counsellor(), town.counsellor()

    asked = {"counsellor": str(other.person)}
    for query in ({}, asked):
        seen = {slot["counsellor"] for slot in listed(one, SLOTS, limit=200, **query)}
        assert seen == {str(one.person)}
    assert {slot["counsellor"] for slot in listed(town.worker(), SLOTS, **asked)} == {
        str(other.person)
    }


def test_what_another_replica_does_shows_within_a_second_and_what_this_one_does_at_once(
    app: App, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime, moment = app.runtime("booking"), [0.0]
    monkeypatch.setattr(runtime, "shared_reads", SharedReads(seconds=1.0, now=lambda: moment[0]))
    counsellor = town.counsellor()
    first, second, *_ = town.slots(counsellor)

    def seen() -> set[str]:
        return {slot["id"] for slot in town.slots(counsellor)} & {first["id"], second["id"]}

    assert seen() == {first["id"], second["id"]}
    with runtime.database.engine.begin() as elsewhere:
        take = text("UPDATE slots SET state = 'withdrawn' WHERE id = :id")
        elsewhere.execute(take, {"id": first["id"]})
    assert seen() == {first["id"], second["id"]}
    moment[0] += 1.0
    assert seen() == {second["id"]}
    booked(town.worker(), second)
    assert seen() == set()
