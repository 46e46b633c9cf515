"""Nobody is in two places at once, whatever arrives at the same moment."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import eventlet
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from services.booking.appointments.domain import WorkerAlreadyBooked
from services.booking.appointments.storage import AppointmentRepository
from services.booking.availability.slots import SlotAlreadyTaken
from services.booking.parties import PartyRepository
from services.booking.service import BookingService
from tests.component.booking.people import ToyAccounts
from tests.component.booking.scheduling_support import APPOINTMENTS, Town, book, booked
from tests.support.apps import App, Client, running
from tests.support.databases import Databases, TestPostgres
from tests.support.rows import count, rows
from tests.unit.booking.builders import an_appointment


@pytest.fixture(scope="module")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    databases = Databases(postgres_server)
    with running(databases, [BookingService, ToyAccounts]) as started:
        yield started
    databases.drop_all()


@pytest.fixture(scope="module")
def town(app: App) -> Town:
    return Town(app)


def at_once(calls: list[Any]) -> list[Any]:
    """What all of them answer, started together."""
    threads = [eventlet.spawn(call) for call in calls]
    return [thread.wait() for thread in threads]


def test_two_hundred_workers_on_one_slot_one_wins(app, town):
    slot = town.slots(town.counsellor())[20]
    workers = [town.worker() for _ in range(200)]

    answers = at_once([lambda worker=worker: book(worker, slot) for worker in workers])

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 199}
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes == {"slot-already-taken"}
    assert count(app, "booking", "appointments", "slot = :slot", slot=slot["id"]) == 1
    told = "type = 'booking.appointment-booked.v1' AND data ->> 'starts_at' IS NOT NULL"
    winner = next(answer.json()["id"] for answer in answers if answer.status_code == 201)
    assert count(app, "booking", "outbox", f"{told} AND subject = :id", id=winner) == 1


def test_one_worker_on_many_counsellors_at_one_hour_gets_one(app, town):
    site, worker = town.site(), town.worker()
    counsellors = [town.counsellor(site) for _ in range(8)]
    hour = town.slots(counsellors[0])[20]["starts_at"]
    slots = [slot for each in counsellors for slot in town.slots(each) if slot["starts_at"] == hour]

    answers = at_once([lambda slot=slot: book(worker, slot) for slot in slots])

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    refusals = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert refusals == {"worker-already-booked"}


def test_a_daily_load_is_never_passed(app, town):
    counsellor = town.counsellor(daily_limit=5)
    slots = town.slots(counsellor)
    day = (datetime.fromisoformat(slots[60]["starts_at"]) + timedelta(hours=8)).date()

    def is_that_day(slot: dict[str, Any]) -> bool:
        starts_at = datetime.fromisoformat(slot["starts_at"]) + timedelta(hours=8)
        return starts_at.date() == day

    that_day = [slot for slot in slots if is_that_day(slot)]

    answers = at_once([lambda slot=slot: book(town.worker(), slot) for slot in that_day])

    assert Counter(answer.status_code for answer in answers)[201] == 5
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes == {"daily-load-reached"}


def test_booking_moving_and_cancelling_at_once_keeps_every_rule(app, town):
    site = town.site()
    counsellors = [town.counsellor(site, daily_limit=4) for _ in range(3)]
    slots = [slot for each in counsellors for slot in town.slots(each)[20:40]]
    workers = [town.worker() for _ in range(12)]
    chance = random.Random(20250602)

    def live(worker: Client) -> list[int]:
        statuses = []
        for _ in range(12):
            mine = worker.get(APPOINTMENTS, params={"state": "booked"}).json()["items"]
            slot = chance.choice(slots)
            if not mine or chance.random() < 0.5:
                answer = book(worker, slot)
            elif chance.random() < 0.6:
                path = f"{APPOINTMENTS}/{chance.choice(mine)['id']}/reschedule"
                answer = worker.post(path, {"slot": slot["id"]})
            else:
                answer = worker.delete(f"{APPOINTMENTS}/{chance.choice(mine)['id']}")
            statuses.append(answer.status_code)
        return statuses

    lives = at_once([lambda worker=worker: live(worker) for worker in workers])
    statuses = Counter(status for life in lives for status in life)

    assert set(statuses) <= {200, 201, 204, 409}, statuses
    assert statuses[201] > 0
    assert statuses[200] > 0
    assert statuses[204] > 0
    assert wrong_states(app) == []
    assert wrong_loads(app) == []


def wrong_states(app: App) -> list[Any]:
    """Slots whose state differs from what their appointments say."""
    return rows(
        app,
        "booking",
        """
        SELECT s.id FROM slots s
        LEFT JOIN appointments a ON a.slot = s.id AND a.state <> 'cancelled'
        WHERE (s.state = 'taken') <> (a.id IS NOT NULL)
        """,
    )


def wrong_loads(app: App) -> list[Any]:
    """Days that count other than their taken and held slots."""
    return rows(
        app,
        "booking",
        """
        SELECT d.counsellor, d.day, d.used, count(s.id) AS really FROM counsellor_days d
        LEFT JOIN slots s ON s.counsellor = d.counsellor AND s.day = d.day
             AND s.state IN ('taken', 'held')
        GROUP BY d.counsellor, d.day, d.used HAVING d.used <> count(s.id)
        """,
    )


@pytest.fixture
def engine(app: App) -> sa.Engine:
    return app.runtime("booking").database.engine


def an_appointment_in(slot: dict[str, Any], **said: Any) -> Any:
    fields = {
        "slot": UUID(slot["id"]),
        "counsellor": UUID(slot["counsellor"]),
        "site": UUID(slot["site"]),
        "starts_at": datetime.fromisoformat(slot["starts_at"]),
        "ends_at": datetime.fromisoformat(slot["ends_at"]),
    }
    return an_appointment(**{**fields, **said})


def put(engine: sa.Engine, appointment: Any, *, pause: float = 0.0) -> str:
    """Insert it past every other rule: what the schema alone says to it."""
    with engine.connect() as connection:
        worker = PartyRepository(connection).numbers([appointment.person])[appointment.person]
        connection.commit()
        try:
            AppointmentRepository(connection).add(appointment, worker)
            eventlet.sleep(pause)
            connection.commit()
        except (SlotAlreadyTaken, WorkerAlreadyBooked) as refusal:
            return refusal.code
        return "kept"


def test_the_schema_alone_refuses_a_second_appointment_in_a_slot(engine, town):
    slot = town.slots(town.counsellor())[20]

    first = put(engine, an_appointment_in(slot))
    second = put(engine, an_appointment_in(slot))

    assert (first, second) == ("kept", "slot-already-taken")


def test_the_schema_alone_refuses_a_worker_in_two_places(engine, town):
    site, worker = town.site(), uuid4()
    one, other = (town.slots(town.counsellor(site))[20] for _ in range(2))

    first = put(engine, an_appointment_in(one, person=worker))
    second = put(engine, an_appointment_in(other, person=worker))

    assert (first, second) == ("kept", "worker-already-booked")


def test_the_schema_alone_refuses_overlaps_of_transactions_that_run_side_by_side(engine, town):
    site = town.site()
    for _ in range(3):
        worker = uuid4()
        hours = [town.slots(town.counsellor(site))[20] for _ in range(4)]

        wanted = [an_appointment_in(slot, person=worker) for slot in hours]
        results = at_once([partial(put, engine, each, pause=0.05) for each in wanted])

        assert Counter(results)["kept"] == 1, results


def test_a_room_is_used_once_at_a_time_in_the_schema(engine, app, town):
    site = town.site()
    room = town.room(site)
    first = town.slots(town.counsellor(site))[20]
    second = town.counsellor(site)
    statement = sa.text(
        "UPDATE slots SET room = :room, room_span = (SELECT room_span FROM slots WHERE id = :id)"
        " WHERE counsellor = :counsellor AND starts_at = :starts_at"
    )
    values = {
        "room": room,
        "id": first["id"],
        "counsellor": second.person,
        "starts_at": first["starts_at"],
    }

    with pytest.raises(IntegrityError, match="ex_slots_room"), engine.begin() as connection:
        connection.execute(statement, values)


def test_cancelled_appointments_occupy_nothing(app, town):
    slot = town.slots(town.counsellor())[20]

    for _ in range(3):
        worker = town.worker()
        appointment = booked(worker, slot)
        worker.delete(f"{APPOINTMENTS}/{appointment['id']}")

    assert count(app, "booking", "appointments", "slot = :slot", slot=slot["id"]) == 3
    assert datetime.fromisoformat(slot["starts_at"]) > datetime.now(UTC)
