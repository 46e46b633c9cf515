"""Operators and parked events: seen without their data, replayed, or dropped for a reason."""

import argparse
import json
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from services.cli import parked
from services.cli.errors import CommandFailed
from tests.support.databases import Databases

PARK = text(
    "INSERT INTO inbox (queue, event_id, state, attempts, body, error)"
    " VALUES ('booking.response-completed', :event, 'parked', 5, :body, 'KeyError')"
)
STATE = text("SELECT state, attempts, body FROM inbox WHERE event_id = :event")
AUDIT = text("SELECT reason FROM audit WHERE action = :action AND subject = :event")


class Booking:
    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)

    def park(self) -> str:
        event = str(uuid4())
        envelope = {"type": "assessment.response-completed.v1", "data": {"band": "severe"}}
        with self._engine.begin() as connection:
            connection.execute(PARK, {"event": event, "body": json.dumps(envelope).encode()})
        return event

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
    assert "severe" not in said


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
