"""From a completed response to an offer, and from an offer to an appointment."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.booking.service import BookingService
from services.contracts.envelope import Envelope
from tests.component.booking.cases_support import deliver, redeliver
from tests.component.booking.people import ToyAccounts
from tests.component.booking.scheduling_support import (
    API,
    OFFERS,
    SLOTS,
    Town,
    a_result,
    book,
    booked,
    listed,
    refused,
    told_of,
)
from tests.support.apps import App, Client, eventually, running
from tests.support.databases import Databases
from tests.support.rows import count, rows

NOBODY_DUE = "kind = 'offer-due'"


@pytest.fixture
def app(postgres: Databases) -> Iterator[App]:
    with running(postgres, [BookingService, ToyAccounts]) as started:
        yield started


@pytest.fixture
def town(app: App) -> Town:
    return Town(app)


@pytest.fixture
def worker(town: Town) -> Client:
    return town.worker()


def offers(worker: Client, **query: str) -> list[dict]:
    return listed(worker, OFFERS, **query)


def times_up(app: App, offer: str) -> None:
    """Three days pass."""
    with app.runtime("booking").database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE offers SET expires_at = now() WHERE id = %(offer)s", {"offer": offer}
        )
        connection.exec_driver_sql(
            "UPDATE timers SET due_at = now() WHERE payload ->> 'offer' = %(offer)s",
            {"offer": offer},
        )


def test_a_moderate_result_leads_to_an_offer_that_holds_a_slot(app, town, worker):
    town.counsellor()

    deliver(app, a_result(worker.person), correlation="the-loop-of-this-worker")
    (offer,) = offers(worker)

    assert (offer["state"], offer["reason"], offer["urgency"]) == ("open", "screening", 2)
    assert offer["held"]["id"] == offer["slot"]
    expires_at = datetime.fromisoformat(offer["expires_at"])
    assert timedelta(hours=71) < expires_at - datetime.now(UTC) <= timedelta(hours=72)
    assert told_of(app, offer["id"]) == ["offer-made"]
    assert worker.get(f"{OFFERS}/{offer['id']}").json() == offer


def test_a_mild_or_anonymous_result_leads_to_none(app, worker):
    deliver(app, a_result(worker.person, care_level=1))
    deliver(app, a_result(None, care_level=4))

    assert offers(worker) == []
    assert count(app, "booking", "offers") == 0


def test_the_same_event_twice_makes_one_offer(app, worker):
    data = a_result(worker.person)
    envelope = Envelope(
        id=uuid4(),
        type=data.type,
        subject=data.subject_id(),
        time=datetime.now(UTC),
        correlation_id="loop",
        sequence=1,
        data=data,
    )

    redeliver(app, envelope)
    redeliver(app, envelope)

    assert len(offers(worker)) == 1
    assert count(app, "booking", "offer_responses") == 1


def test_a_later_result_joins_and_raises_the_urgency(app, worker):
    deliver(app, a_result(worker.person, care_level=2))
    deliver(app, a_result(worker.person, care_level=4))
    deliver(app, a_result(worker.person, care_level=3))

    (offer,) = offers(worker)
    assert offer["urgency"] == 4
    assert told_of(app, offer["id"]) == ["offer-made"]


def test_a_slot_held_for_one_is_not_shown_to_others(app, town, worker):
    counsellor = town.counsellor()
    all_slots = {slot["id"] for slot in town.slots(counsellor)}
    deliver(app, a_result(worker.person))
    (offer,) = offers(worker)

    others = {slot["id"] for slot in town.slots(counsellor)}
    stolen = {slot["id"] for slot in listed(town.worker(), SLOTS, offer=offer["id"], limit=200)}
    mine = listed(worker, SLOTS, offer=offer["id"], limit=200)

    assert all_slots - others == {offer["slot"]}
    assert offer["slot"] not in stolen
    assert offer["slot"] in {slot["id"] for slot in mine}
    assert [slot["starts_at"] for slot in mine] == sorted(slot["starts_at"] for slot in mine)
    assert refused(book(town.worker(), offer["slot"]), 409) == "slot-already-taken"


def test_booking_the_offer_accepts_it_in_the_same_loop(app, town, worker):
    town.counsellor()
    deliver(app, a_result(worker.person), correlation="the-loop-of-this-worker")
    (offer,) = offers(worker)

    answer = book(worker, offer["slot"], offer=offer["id"])

    appointment = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Correlation-Id"] == "the-loop-of-this-worker"
    assert (appointment["state"], appointment["offer"]) == ("booked", offer["id"])
    (closed,) = offers(worker, state="accepted")
    assert closed["appointment"] == appointment["id"]
    assert told_of(app, offer["id"]) == ["offer-made", "offer-accepted"]
    loops = rows(
        app,
        "booking",
        "SELECT DISTINCT correlation_id FROM outbox WHERE data ->> 'person' = :person",
        person=str(worker.person),
    )
    assert [row.correlation_id for row in loops] == ["the-loop-of-this-worker"]


def test_booking_another_slot_gives_the_held_one_back(app, town, worker):
    counsellor = town.counsellor()
    deliver(app, a_result(worker.person))
    (offer,) = offers(worker)
    other = town.slots(counsellor)[50]

    booked(worker, other)

    assert offers(worker)[0]["state"] == "accepted"
    assert offer["slot"] in {slot["id"] for slot in town.slots(counsellor)}
    used = rows(app, "booking", "SELECT sum(used) AS used FROM counsellor_days")[0].used
    assert used == 1


def test_declining_closes_the_offer_and_frees_its_slot(app, town, worker):
    counsellor = town.counsellor()
    deliver(app, a_result(worker.person))
    (offer,) = offers(worker)
    path = f"{OFFERS}/{offer['id']}/decline"

    assert refused(town.worker().post(path), 404) == "offer-not-found"
    answer = worker.post(path)

    assert answer.status_code == 200
    assert answer.json()["state"] == "declined"
    assert "slot" not in answer.json()
    assert offer["slot"] in {slot["id"] for slot in town.slots(counsellor)}
    assert told_of(app, offer["id"]) == ["offer-made", "offer-declined"]
    assert refused(worker.post(path), 409) == "offer-already-declined"
    again = book(worker, offer["slot"], offer=offer["id"])
    assert refused(again, 409) == "offer-already-declined"


def test_an_offer_expires_by_its_clock(app, town, worker):
    counsellor = town.counsellor()
    deliver(app, a_result(worker.person))
    (offer,) = offers(worker)

    times_up(app, offer["id"])

    eventually(lambda: told_of(app, offer["id"]) == ["offer-made", "offer-expired"])
    assert offers(worker)[0]["state"] == "expired"
    assert offer["slot"] in {slot["id"] for slot in town.slots(counsellor)}
    eventually(lambda: count(app, "booking", "timers", NOBODY_DUE) == 0)
    late = book(worker, offer["slot"], offer=offer["id"])
    assert refused(late, 409) == "offer-expired"


def test_after_an_answer_the_next_result_makes_a_new_offer(app, worker):
    deliver(app, a_result(worker.person))
    worker.post(f"{OFFERS}/{offers(worker)[0]['id']}/decline")

    deliver(app, a_result(worker.person))

    assert [offer["state"] for offer in offers(worker)] == ["open", "declined"]


def test_the_hold_moves_when_the_counsellor_takes_leave(app, town, worker):
    site = town.site()
    counsellor = town.counsellor(site)
    deliver(app, a_result(worker.person))
    (offer,) = offers(worker)

    town.set_week(counsellor, [], "", [])
    other = town.counsellor(site)

    def held_after_an_hour() -> dict | None:
        # Again and again: a look that began before the other counsellor came sets a new clock.
        statement = "UPDATE timers SET due_at = now() WHERE payload ? 'offer' AND due_at > now()"
        with app.runtime("booking").database.engine.begin() as connection:
            connection.exec_driver_sql(statement)
        return offers(worker)[0].get("held")

    moved = eventually(held_after_an_hour)
    assert moved["counsellor"] == str(other.person)
    assert moved["id"] != offer["slot"]


def test_offers_are_each_persons_own(app, town, worker):
    deliver(app, a_result(worker.person))
    (offer,) = offers(worker)

    assert offers(town.worker()) == []
    assert refused(town.worker().get(f"{OFFERS}/{offer['id']}"), 404) == "offer-not-found"
    for role in ("counsellor", "unit-admin", "district-admin", "city-admin", "ops"):
        assert app.person(role, unit="wh").get(OFFERS).status_code == 403


def test_a_severe_result_opens_a_care_case_beside_the_offer(app, town, worker):
    deliver(app, a_result(worker.person, care_level=3))

    assert len(offers(worker)) == 1
    assert count(app, "booking", "cases", "person = :person", person=worker.person) == 1


def test_offers_have_their_own_page_route(app, worker):
    answer = worker.get(OFFERS, params={"cursor": "no"})

    assert refused(answer, 400) == "bad-cursor"
    assert API in OFFERS
