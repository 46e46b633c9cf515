"""Urgent events told to their readers past the broker: when, how often, and how many at a time."""

from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from services.chassis import posting, relay
from services.chassis.context import Context
from services.chassis.database import Database
from services.chassis.publication import Publication
from services.chassis.publisher import BrokerAway
from services.chassis.traceparent import trace_id_of, write
from services.contracts.envelope import CONTENT_TYPE, decode
from tests.component.chassis.rows.relay.lanes import Lane, NotingTracer
from tests.support.apps import eventually
from tests.support.toys import a_completed_response, a_risk_flag


def test_without_the_broker_an_urgent_event_is_told_to_its_reader_at_once(urgent: Lane) -> None:
    event = urgent.store()
    urgent.publisher.away = True

    assert urgent.relay.step() == 1

    ((method, reader, path, body, headers),) = urgent.peers.posted
    assert (method, reader, path) == ("POST", "booking", "/internal/v1/events")
    assert headers == {"Content-Type": CONTENT_TYPE}
    assert decode(body).id == event
    row = urgent.row(event)
    assert (row.sent_at, row.posted_at is not None, row.attempts) == (None, True, 1)


def test_what_was_posted_is_not_posted_again_but_still_sent(urgent: Lane) -> None:
    event = urgent.store()
    urgent.publisher.away = True
    urgent.relay.step()
    urgent.publisher.away = False
    urgent.again()

    urgent.relay.step()

    assert len(urgent.peers.posted) == 1
    assert urgent.row(event).sent_at is not None


def test_a_post_that_fails_is_tried_again(urgent: Lane) -> None:
    event = urgent.store()
    urgent.publisher.away = urgent.peers.away = True
    urgent.relay.step()
    assert urgent.row(event).posted_at is None

    urgent.peers.away = False
    urgent.again()
    urgent.relay.step()

    assert urgent.row(event).posted_at is not None


def test_after_an_outage_urgent_events_do_not_wait_to_see_whether_it_is_over(urgent: Lane) -> None:
    urgent.store()
    urgent.publisher.away = True
    urgent.relay.step()
    urgent.publisher.away = False
    event = urgent.store()

    urgent.relay.step()

    row = urgent.row(event)
    assert (row.posted_at is not None, row.sent_at is not None) == (True, True)


def test_a_lane_publishes_to_the_broker_of_its_service(urgent: Lane) -> None:
    assert urgent.publisher.url == "amqp://broker"


def test_while_all_is_well_an_urgent_event_is_told_beside_the_broker(urgent: Lane) -> None:
    event = urgent.store()

    urgent.relay.step()

    assert urgent.row(event).sent_at is not None
    eventually(lambda: urgent.peers.posted)
    assert urgent.row(event).posted_at is None


def test_long_after_an_outage_urgent_events_go_by_the_broker_alone(
    urgent: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "SUSPECT_SECONDS", 0.0)
    urgent.publisher.away = True
    urgent.store()
    urgent.relay.step()
    urgent.publisher.away = False
    event = urgent.store()

    urgent.relay.step()

    row = urgent.row(event)
    assert (row.posted_at, row.sent_at is not None) == (None, True)


def test_after_an_outage_ordinary_events_are_posted_to_nobody(ordinary: Lane) -> None:
    event = ordinary.store()
    ordinary.publisher.away = True
    with pytest.raises(BrokerAway):
        ordinary.relay.step()
    ordinary.publisher.away = False

    ordinary.relay.step()

    assert ordinary.peers.posted == []
    assert ordinary.row(event).posted_at is None


def test_an_event_that_is_not_urgent_goes_by_the_broker_alone(ordinary: Lane, urgent: Lane) -> None:
    ordinary.store(a_risk_flag())
    ordinary.relay.step()
    urgent.store()
    urgent.relay.step()

    eventually(lambda: urgent.peers.posted)
    assert ordinary.peers.posted == []


def test_a_reader_hears_of_a_crisis_before_the_broker_has_shown_that_it_hangs(urgent: Lane) -> None:
    urgent.store()
    heard: list[int] = []

    def hang(_batch: Sequence[Publication], _timeout: float) -> set[str]:
        eventually(lambda: urgent.peers.posted)
        heard.append(len(urgent.peers.posted))
        raise BrokerAway("no confirm in time")

    urgent.publisher.publish = hang
    urgent.relay.step()

    assert heard == [1]
    assert len(urgent.peers.posted) == 1


def test_over_the_broker_in_memory_nothing_is_told_beside(database: Database) -> None:
    urgent = Lane(database, urgent=True, amqp="memory://")
    urgent.store()
    other = Lane(database, urgent=True)

    urgent.relay.step()
    other.store()
    other.relay.step()

    eventually(lambda: other.peers.posted)
    assert urgent.peers.posted == []


def test_without_the_broker_in_memory_it_is_told_as_without_any_other(database: Database) -> None:
    urgent = Lane(database, urgent=True, amqp="memory://")
    event = urgent.store()
    urgent.publisher.away = True

    urgent.relay.step()

    assert len(urgent.peers.posted) == 1
    assert urgent.row(event).posted_at is not None


def test_a_post_continues_the_loop_of_its_event(urgent: Lane) -> None:
    urgent.store()
    urgent.publisher.away = True

    urgent.relay.step()

    assert urgent.peers.contexts == [Context("loop", traceparent="trace")]


def test_where_traces_are_kept_the_sending_of_the_event_causes_its_post(database: Database) -> None:
    urgent = Lane(database, urgent=True, tracer=NotingTracer())
    event = urgent.store()
    urgent.publisher.away = True

    urgent.relay.step()

    sending = write(trace_id_of("loop"), event.hex[16:], sampled=True)
    assert urgent.peers.contexts == [Context("loop", traceparent=sending)]
    assert decode(urgent.peers.posted[0][3]).traceparent == sending


def test_a_post_that_fails_is_logged_with_its_reader_and_reason(urgent: Lane) -> None:
    urgent.store()
    urgent.publisher.away = urgent.peers.away = True

    with capture_logs() as lines:
        urgent.relay.step()

    assert [line for line in lines if line["event"] == "post-failed"] == [
        {
            "event": "post-failed",
            "reader": "booking",
            "type": a_risk_flag().type,
            "code": "unavailable",
            "log_level": "warning",
        }
    ]


def test_an_urgent_event_the_broker_would_not_confirm_is_posted(urgent: Lane) -> None:
    unheard, heard = urgent.store(), urgent.store()
    urgent.publisher.deaf_to = {str(unheard)}

    urgent.relay.step()

    assert urgent.row(unheard).posted_at is not None
    assert urgent.row(heard).posted_at is None


def test_an_urgent_event_without_a_crisis_reader_counts_as_told_to_nobody(urgent: Lane) -> None:
    event = urgent.store(a_completed_response())
    urgent.publisher.away = True

    urgent.relay.step()

    assert (urgent.peers.posted, urgent.row(event).posted_at) == ([], None)


def test_a_backlog_of_urgent_events_is_posted_a_few_at_a_time(urgent: Lane) -> None:
    for _ in range(40):
        urgent.store()
    urgent.publisher.away = True

    urgent.relay.step()

    assert len(urgent.peers.posted) == 40
    assert 1 < urgent.peers.most_at_once <= posting.AT_ONCE
