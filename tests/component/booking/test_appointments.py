"""Appointments over HTTP: two sides, five states, and what is refused."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from services.booking.service import BookingService
from tests.component.booking.people import ToyAccounts
from tests.component.booking.scheduling_support import (
    APPOINTMENTS,
    Town,
    book,
    booked,
    listed,
    refused,
    told_of,
)
from tests.support.apps import App, Client, running
from tests.support.databases import Databases, TestPostgres
from tests.support.rows import count, rows


@pytest.fixture(scope="module")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    databases = Databases(postgres_server)
    with running(databases, [BookingService, ToyAccounts]) as started:
        yield started
    databases.drop_all()


@pytest.fixture(scope="module")
def town(app: App) -> Town:
    return Town(app)


@pytest.fixture
def counsellor(town: Town) -> Client:
    return town.counsellor()


@pytest.fixture
def worker(town: Town) -> Client:
    return town.worker()


def path_of(appointment: dict[str, Any], move: str = "") -> str:
    return f"{APPOINTMENTS}/{appointment['id']}" + (f"/{move}" if move else "")


def has_begun(app: App, appointment: dict[str, Any]) -> None:
    """An hour passes for this appointment alone."""
    statement = "UPDATE appointments SET starts_at = now() - interval '1 minute' WHERE id = %(id)s"
    with app.runtime("booking").database.engine.begin() as connection:
        connection.exec_driver_sql(statement, {"id": appointment["id"]})


def test_a_booking_answers_with_the_whole_appointment(app, town, counsellor, worker):
    slot = town.slots(counsellor)[20]

    appointment = booked(worker, slot, mode="in-person")

    assert appointment["state"] == "booked"
    assert appointment["mode"] == "in-person"
    for name in ("starts_at", "ends_at", "site", "counsellor"):
        assert appointment[name] == slot[name]
    assert worker.get(path_of(appointment)).json() == appointment
    assert told_of(app, appointment["id"]) == ["appointment-booked"]
    (event,) = rows(
        app, "booking", "SELECT unit, data FROM outbox WHERE subject = :id", id=appointment["id"]
    )
    assert event.unit == "wh/hc/e0001"
    assert event.data["person"] == str(worker.person)


def test_both_sides_see_it_and_nobody_else(app, town, counsellor, worker):
    appointment = booked(worker, town.slots(counsellor)[20])

    assert [each["id"] for each in listed(worker, APPOINTMENTS)] == [appointment["id"]]
    assert [each["id"] for each in listed(counsellor, APPOINTMENTS)] == [appointment["id"]]
    for stranger in (town.worker(), app.person("counsellor")):
        assert refused(stranger.get(path_of(appointment)), 404) == "appointment-not-found"
        assert listed(stranger, APPOINTMENTS) == []
        for move in ("check-in", "reschedule"):
            body = {"slot": town.slots(counsellor)[0]["id"]} if move == "reschedule" else {}
            answer = stranger.post(path_of(appointment, move), body)
            assert refused(answer, 404) == "appointment-not-found"
        assert refused(stranger.delete(path_of(appointment)), 404) == "appointment-not-found"


def test_administrators_never_see_appointments(app, town, counsellor, worker):
    appointment = booked(worker, town.slots(counsellor)[20])

    for role in ("unit-admin", "district-admin", "city-admin", "ops", "clinical-lead", "duty"):
        admin = app.person(role, unit="wh")
        assert admin.get(APPOINTMENTS).status_code == 403
        assert admin.get(path_of(appointment)).status_code == 403


def test_a_counsellors_reading_is_audited_and_ones_own_is_not(app, town, counsellor, worker):
    appointment = booked(worker, town.slots(counsellor)[20])

    worker.get(path_of(appointment))
    counsellor.get(path_of(appointment))
    counsellor.get(APPOINTMENTS)

    where = "action = 'appointment.read' AND person = :person AND actor = :actor"
    person, actor = worker.person, counsellor.person
    assert count(app, "booking", "audit", where, person=person, actor=actor) == 2
    assert count(app, "booking", "audit", where, person=person, actor=person) == 0


def test_lists_are_filtered_and_paged(town, counsellor, worker):
    slots = town.slots(counsellor)[20:25]
    made = [booked(worker, slot)["id"] for slot in slots]
    worker.delete(f"{APPOINTMENTS}/{made[0]}")

    first = worker.get(APPOINTMENTS, params={"limit": 2}).json()
    second = worker.get(APPOINTMENTS, params={"limit": 9, "cursor": first["next"]}).json()
    window = {"from": slots[3]["starts_at"], "to": slots[4]["starts_at"]}

    assert [each["id"] for each in first["items"] + second["items"]] == made
    assert [each["id"] for each in listed(worker, APPOINTMENTS, state="cancelled")] == made[:1]
    assert [each["id"] for each in listed(worker, APPOINTMENTS, **window)] == [made[3]]


def test_what_cannot_be_booked_says_why(town, counsellor, worker):
    slot = town.slots(counsellor)[20]

    assert refused(book(worker, str(uuid4())), 404) == "slot-not-found"
    assert refused(book(worker, slot, offer=str(uuid4())), 404) == "offer-not-found"
    answer = book(worker, slot, mode="phone")
    assert refused(answer, 422) == "mode-not-offered"
    assert answer.json()["errors"][0]["field"] == "mode"
    answer = worker.post(APPOINTMENTS, {"slot": "x", "mode": "video", "colour": "red"})
    assert refused(answer, 422) == "invalid-fields"
    assert {error["field"] for error in answer.json()["errors"]} == {"slot", "colour"}
    assert counsellor.post(APPOINTMENTS, {"slot": slot["id"], "mode": "video"}).status_code == 403


def test_a_taken_slot_a_busy_worker_and_a_full_day_are_conflicts(town, worker):
    site = town.site()
    one, other = town.counsellor(site, daily_limit=2), town.counsellor(site)
    slots = town.slots(one)
    tomorrow = [slot for slot in slots if slot["starts_at"][:10] == slots[40]["starts_at"][:10]]
    first, second, third = tomorrow[4:7]
    booked(worker, first)
    same_time = next(s for s in town.slots(other) if s["starts_at"] == first["starts_at"])

    assert refused(book(town.worker(), first), 409) == "slot-already-taken"
    assert refused(book(worker, same_time), 409) == "worker-already-booked"
    booked(town.worker(), second)
    assert refused(book(town.worker(), third), 409) == "daily-load-reached"


def test_a_cancelled_appointment_frees_slot_room_and_worker(app, town, worker):
    site = town.site()
    town.room(site)
    counsellor = town.counsellor(site, daily_limit=1)
    slot = town.slots(counsellor)[20]
    appointment = booked(worker, slot, mode="in-person")

    answer = worker.delete(path_of(appointment))

    assert (answer.status_code, answer.content) == (204, b"")
    assert worker.get(path_of(appointment)).json()["state"] == "cancelled"
    assert told_of(app, appointment["id"]) == ["appointment-booked", "appointment-cancelled"]
    booked(town.worker(), slot, mode="in-person")
    assert refused(worker.delete(path_of(appointment)), 409) == "appointment-already-cancelled"


def test_rescheduling_moves_it_and_frees_the_old_slot(app, town, counsellor, worker):
    old, new, taken = town.slots(counsellor)[20:23]
    appointment = booked(worker, old)
    booked(town.worker(), taken)

    moved = worker.post(path_of(appointment, "reschedule"), {"slot": new["id"]})

    assert moved.status_code == 200, moved.text
    assert moved.json()["starts_at"] == new["starts_at"]
    assert moved.json()["mode"] == "video"
    assert old["id"] in {slot["id"] for slot in town.slots(counsellor)}
    assert told_of(app, appointment["id"]) == ["appointment-booked", "appointment-rescheduled"]
    for slot, code in ((new, "same-slot"), (taken, "slot-already-taken")):
        answer = worker.post(path_of(appointment, "reschedule"), {"slot": slot["id"]})
        assert refused(answer, 409) == code


def test_rescheduling_onto_another_appointment_of_the_worker_is_refused(town, worker):
    site = town.site()
    one, other = town.counsellor(site), town.counsellor(site)
    first, second = town.slots(one)[20:22]
    booked(worker, first)
    appointment = booked(worker, second)
    clash = next(s for s in town.slots(other) if s["starts_at"] == first["starts_at"])

    answer = worker.post(path_of(appointment, "reschedule"), {"slot": clash["id"]})

    assert refused(answer, 409) == "worker-already-booked"
    assert worker.get(path_of(appointment)).json()["slot"] == second["id"]


def test_a_session_from_check_in_to_completion(app, town, counsellor, worker):
    appointment = booked(worker, town.slots(counsellor)[20])

    arrived = worker.post(path_of(appointment, "check-in"))
    own = worker.post(path_of(appointment, "complete"))
    done = counsellor.post(path_of(appointment, "complete"))

    assert (arrived.json()["state"], done.json()["state"]) == ("checked-in", "completed")
    assert own.status_code == 403
    expected = ["appointment-booked", "appointment-checked-in", "appointment-completed"]
    assert told_of(app, appointment["id"]) == expected
    for move in ("check-in", "complete", "no-show"):
        answer = counsellor.post(path_of(appointment, move))
        assert refused(answer, 409) == "appointment-already-completed"
    assert refused(worker.delete(path_of(appointment)), 409) == "appointment-already-completed"


def test_nobody_is_missed_before_the_session_begins(app, town, counsellor, worker):
    appointment = booked(worker, town.slots(counsellor)[20])
    path = path_of(appointment, "no-show")

    assert refused(counsellor.post(path), 409) == "appointment-not-started"
    early = counsellor.post(path_of(appointment, "complete"))
    assert refused(early, 409) == "appointment-not-checked-in"
    has_begun(app, appointment)

    assert refused(worker.delete(path_of(appointment)), 409) == "appointment-already-started"
    assert counsellor.post(path).json()["state"] == "no-show"
    assert refused(counsellor.post(path), 409) == "appointment-was-no-show"


def test_the_same_key_books_once_and_answers_the_same(app, town, counsellor, worker):
    one, other = town.slots(counsellor)[20:22]
    key = {"Idempotency-Key": "a-key"}
    body = {"slot": one["id"], "mode": "video"}

    first = worker.post(APPOINTMENTS, body, headers=key)
    second = worker.post(APPOINTMENTS, body, headers=key)
    reused = worker.post(APPOINTMENTS, {**body, "slot": other["id"]}, headers=key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert refused(reused, 409) == "idempotency-key-reused"
    assert count(app, "booking", "appointments", "person = :p", p=worker.person) == 1


def test_a_refused_booking_leaves_nothing_behind(app, town, counsellor, worker):
    slot = town.slots(counsellor)[20]
    booked(town.worker(), slot)

    book(worker, slot, mode="video")

    assert count(app, "booking", "appointments", "person = :p", p=worker.person) == 0
    assert count(app, "booking", "outbox", "data ->> 'person' = :p", p=str(worker.person)) == 0
    (day,) = rows(
        app,
        "booking",
        "SELECT used FROM counsellor_days WHERE counsellor = :c",
        c=counsellor.person,
    )
    assert day.used == 1


def test_who_is_no_counsellor_any_more_has_no_say_over_sessions_in_their_name(
    app, town, counsellor, worker
):
    slot, other = town.slots(counsellor)[20:22]
    appointment = booked(worker, slot)
    former = app.person("worker", person=counsellor.person)

    assert listed(former, APPOINTMENTS) == []
    assert refused(former.get(path_of(appointment)), 404) == "appointment-not-found"
    assert former.post(path_of(appointment, "check-in")).status_code == 404
    body = {"slot": other["id"]}
    assert former.post(path_of(appointment, "reschedule"), body).status_code == 404
    assert former.delete(path_of(appointment)).status_code == 404
    assert former.post(path_of(appointment, "complete")).status_code == 403
    assert worker.get(path_of(appointment)).json()["state"] == "booked"
    assert [each["id"] for each in listed(counsellor, APPOINTMENTS)] == [appointment["id"]]
