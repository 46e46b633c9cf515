"""Operators and parked events: seen without their data, replayed, or dropped for a reason."""

import argparse
import json
from uuid import uuid4

import eventlet
import pytest
from sqlalchemy import create_engine, text

from services.cli import parked
from services.cli.errors import CommandFailed
from tests.support.databases import Databases

PARK = text(
    "INSERT INTO inbox (queue, event_id, state, attempts, body, error, due_at)"
    " VALUES (:queue, :event, :state, 5, :body, :error, now() + interval '10 minutes')"
)
BECOMES = text("UPDATE inbox SET state = :state, attempts = 1, error = :error WHERE event_id = :id")
QUEUE = "booking.response-completed"
PERSON, UNIT = str(uuid4()), "wh/hc/e0123"
STATE = text("SELECT state, attempts, body FROM inbox WHERE event_id = :event")
AUDIT = text("SELECT reason FROM audit WHERE action = :action AND subject = :event")


class Booking:
    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)

    def park(self, queue: str = QUEUE, error: str = "KeyError", state: str = "parked") -> str:
        event = str(uuid4())
        envelope = {
            "type": "assessment.response-completed.v1",
            "subject": PERSON,
            "unit": UNIT,
            "correlationid": "c-1",
            "data": {"band": "severe", "person": PERSON},
        }
        row = {"event": event, "queue": queue, "state": state, "error": error}
        with self._engine.begin() as connection:
            connection.execute(PARK, {**row, "body": json.dumps(envelope).encode()})
        return event

    def becomes(self, event: str, state: str, error: str = "") -> None:
        """What the service's sweeper would make of it."""
        with self._engine.begin() as connection:
            connection.execute(BECOMES, {"id": event, "state": state, "error": error})

    def row(self, event: str) -> tuple[str, int, bytes | None]:
        with self._engine.connect() as connection:
            found = connection.execute(STATE, {"event": event}).one()
        return found.state, found.attempts, found.body

    def reason(self, action: str, event: str) -> str:
        with self._engine.connect() as connection:
            return str(connection.execute(AUDIT, {"action": action, "event": event}).scalar_one())


@pytest.fixture
def booking(postgres: Databases, monkeypatch: pytest.MonkeyPatch) -> Booking:
    url = postgres.database("booking")
    monkeypatch.setenv("BOOKING_DATABASE_URL", url)
    return Booking(url)


def command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    parked.add_arguments(parser)
    return parked.run(parser.parse_args([*words, "--service", "booking"]))


def test_parked_events_are_listed_with_their_reason(
    booking: Booking, capsys: pytest.CaptureFixture[str]
) -> None:
    event = booking.park()

    assert command("list") == 0

    said = capsys.readouterr().out
    assert event in said
    assert "KeyError" in said
    assert "1 parked." in said


def test_an_event_is_inspected_without_its_data(
    booking: Booking, capsys: pytest.CaptureFixture[str]
) -> None:
    command("inspect", booking.park())

    said = capsys.readouterr().out
    assert "assessment.response-completed.v1" in said
    assert "c-1" in said
    assert not any(secret in said for secret in ("severe", PERSON, UNIT))


def test_a_replayed_event_is_due_at_once_with_all_its_retries(booking: Booking) -> None:
    event = booking.park()

    command("replay", event, "--reason", "mended")

    assert booking.row(event)[:2] == ("retry", 0)
    assert booking.reason("parked.replay", event) == "mended"


def test_a_dropped_event_never_comes_again_and_its_data_are_gone(booking: Booking) -> None:
    event = booking.park()

    command("drop", event, "--reason", "a test")

    assert booking.row(event) == ("done", 5, None)
    assert booking.reason("parked.drop", event) == "a test"


def test_nothing_is_dropped_wholesale(booking: Booking) -> None:
    event = booking.park()

    with pytest.raises(CommandFailed, match="one by one"):
        command("drop", "all")

    assert booking.row(event)[0] == "parked"


def test_an_unknown_event_is_said_to_be_unknown(booking: Booking) -> None:
    with pytest.raises(CommandFailed, match="No service has parked"):
        command("replay", str(uuid4()))


def test_nothing_is_dropped_without_a_reason(booking: Booking) -> None:
    event = booking.park()

    with pytest.raises(CommandFailed, match="--reason"):
        command("drop", event)

    assert booking.row(event)[0] == "parked"


def test_a_list_is_narrowed_by_queue_type_and_reason(
    booking: Booking, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, other = booking.park(error="IntegrityError"), booking.park("booking.message-sent")

    for words in (
        ("--queue", QUEUE),
        ("--queue", QUEUE, "--type", "assessment.response-completed.v1"),
        ("--error", "IntegrityError"),
    ):
        command("list", *words)
        said = capsys.readouterr().out
        assert (mine in said, other in said) == (True, False)


def test_a_program_gets_one_object_a_line_without_data(
    booking: Booking, capsys: pytest.CaptureFixture[str]
) -> None:
    events = {booking.park(), booking.park()}

    command("list", "--json")

    lines = capsys.readouterr().out.splitlines()
    found = [json.loads(line) for line in lines]
    assert {each["event"] for each in found} == events
    assert {each["correlation"] for each in found} == {"c-1"}
    assert not any(secret in line for line in lines for secret in ("severe", PERSON, UNIT))


def test_all_of_one_queue_are_replayed_and_no_other(booking: Booking) -> None:
    mine, other = [booking.park(), booking.park()], booking.park("booking.message-sent")

    command("replay", "all", "--queue", QUEUE, "--reason", "mended")

    assert [booking.row(event)[:2] for event in mine] == [("retry", 0)] * 2
    assert booking.row(other)[0] == "parked"


def test_what_waits_for_a_retry_shows_only_when_asked_for_and_is_tried_at_once(
    booking: Booking, capsys: pytest.CaptureFixture[str]
) -> None:
    event = booking.park("booking.risk-flagged", state="retry")

    command("list")
    assert event not in capsys.readouterr().out
    command("list", "--retrying")
    said = capsys.readouterr().out
    assert event in said and "0 parked, 1 waiting for a retry." in said

    command("replay", event, "--retrying", "--reason", "mended")
    assert booking.row(event)[:2] == ("retry", 0)


@pytest.mark.parametrize(
    ("state", "error", "code", "words"),
    [
        ("done", "", 0, "took effect"),
        ("retry", "IntegrityError", 1, "failed again, tried later: IntegrityError"),
        ("parked", "offer-expired", 1, "parked again: offer-expired"),
        ("", "", 1, "not tried yet"),
    ],
)
def test_waiting_tells_what_a_replay_came_to(
    booking: Booking,
    capsys: pytest.CaptureFixture[str],
    state: str,
    error: str,
    code: int,
    words: str,
) -> None:
    event = booking.park()

    def sweeper() -> None:
        while booking.row(event)[:2] != ("retry", 0):
            eventlet.sleep(0.02)
        if state:
            booking.becomes(event, state, error)

    working = eventlet.spawn(sweeper)
    found = command("replay", event, "--reason", "mended", "--wait", "3")
    working.wait()

    assert (found, words in capsys.readouterr().out) == (code, True)
