"""Where traces are kept: one span an event, of the first way that brought it to its readers."""

import pytest

from services.chassis.database import Database
from services.chassis.traceparent import trace_id_of, write
from services.contracts.envelope import decode
from tests.component.chassis.rows.relay.lanes import Lane, NotingTracer
from tests.support.toys import a_completed_response, a_risk_flag

SENT, POSTED = (f"publish {a_risk_flag().type}", False), (f"publish {a_risk_flag().type}", True)


@pytest.fixture
def tracer() -> NotingTracer:
    return NotingTracer()


@pytest.fixture
def traced(database: Database, tracer: NotingTracer) -> Lane:
    return Lane(database, urgent=True, tracer=tracer)


def test_what_is_confirmed_is_told_and_what_is_not_is_not(
    database: Database, tracer: NotingTracer
) -> None:
    lane = Lane(database, urgent=False, tracer=tracer)
    unheard, _ = lane.store(), lane.store()
    lane.publisher.deaf_to = {str(unheard)}

    lane.relay.step()

    kind = f"publish {a_completed_response().type}"
    assert tracer.told == [(kind, False)]
    lane.publisher.deaf_to = set()
    lane.again()
    lane.relay.step()
    assert tracer.told == [(kind, False)] * 2


def test_a_publication_names_its_sending_as_the_cause(traced: Lane) -> None:
    event = traced.store()

    traced.relay.step()

    (sent,) = traced.publisher.published
    assert decode(sent.body).traceparent == write(trace_id_of("loop"), event.hex[16:], sampled=True)


def test_what_was_posted_is_not_told_again_when_it_is_sent(
    traced: Lane, tracer: NotingTracer
) -> None:
    traced.store()
    traced.publisher.away = True
    traced.relay.step()
    assert tracer.told == [POSTED]

    traced.publisher.away = False
    traced.again()
    traced.relay.step()

    assert tracer.told == [POSTED]


def test_what_is_posted_and_sent_at_once_is_told_once(traced: Lane, tracer: NotingTracer) -> None:
    traced.publisher.away = True
    traced.relay.step()
    traced.store()
    traced.relay.step()
    traced.publisher.away = False
    traced.store()

    traced.relay.step()

    assert tracer.told == [POSTED, POSTED]
    assert len(traced.publisher.published) == 1


def test_what_could_not_be_posted_is_told_when_it_is_sent(
    traced: Lane, tracer: NotingTracer
) -> None:
    traced.store()
    traced.publisher.away = traced.peers.away = True
    traced.relay.step()
    assert tracer.told == []

    traced.publisher.away = False
    traced.again()
    traced.relay.step()

    assert tracer.told == [SENT]
