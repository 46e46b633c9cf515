"""What really crosses the broker while people use the city is what the documents say."""

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from services.contracts.catalogue import EVENTS
from tests.integration.walk import Walk
from tests.support.apps import eventually
from tests.support.city import City
from tests.support.publishers import sent_by_code
from tests.support.tap import Heard, Tap, faults_of

# Nothing a person does in a minute leads to these; the fault runs meet most of them.
BY_TIME = {
    "booking.appointment-no-show.v1": "an appointment has to begin first",
    "booking.case-escalated.v1": "a limit of the protocol has to pass",
    "booking.case-overdue.v1": "a limit of the protocol has to pass",
    "booking.offer-expired.v1": "an offer stays open for days",
    "booking.roster-gap-found.v1": "the roster has no gap",
    "notification.escalation-expired.v1": "a chain has to end without an answer",
    "notification.message-failed.v1": "the mail server takes everything",
    "reporting.statistics-published.v1": "a month has to be over",
}
SENT_BY_NOBODY = {"accounts.erasure-requested.v1"}


@pytest.fixture(scope="module")
def heard(make_city: Callable[[], City]) -> Iterator[list[Heard]]:
    """Everything that crossed while somebody did all there is to do."""
    city = make_city()
    with Tap(city.broker.admin_url) as tap:
        Walk(city).all()
        eventually(city.settled, within=30, what="everything sent and read")
        yield list(tap.take())


def test_every_message_is_what_its_schema_and_the_asyncapi_document_say(
    heard: list[Heard],
) -> None:
    faults = [fault for each in heard for fault in faults_of(each)]

    assert len(heard) > len(EVENTS)
    assert faults == []


def test_every_event_that_somebody_sends_crossed(heard: list[Heard]) -> None:
    crossed = Counter(each.routing_key for each in heard)
    expected = sent_by_code() - BY_TIME.keys()

    print("\n".join(f"{kind:<45}{crossed[kind]:>5}" for kind in sorted(EVENTS)))
    assert sorted(expected - crossed.keys()) == []


def test_what_nobody_sends_is_known() -> None:
    assert EVENTS.keys() - sent_by_code() == SENT_BY_NOBODY


def test_every_kind_of_difference_is_found(heard: list[Heard]) -> None:
    good = heard[0]
    document = json.loads(good.body)

    def told(**change: object) -> bytes:
        return json.dumps({**document, **change}).encode()

    planted = {
        "exchange": dataclasses.replace(good, exchange="street.events"),
        "routing key": dataclasses.replace(good, routing_key="street"),
        "headers": dataclasses.replace(good, headers={**good.headers, "cloudEvents_id": "1"}),
        "delivery mode": dataclasses.replace(good, properties={"content_type": "text/plain"}),
        "$.time": dataclasses.replace(good, body=told(time="yesterday")),
        "$.id": dataclasses.replace(good, body=told(id="1")),
        "$.data": dataclasses.replace(good, body=told(data=[])),
        "no event we know": dataclasses.replace(good, body=told(type="a.b.v1")),
    }
    for what, message in planted.items():
        assert any(what in fault for fault in faults_of(message)), what
    assert faults_of(good) == []
