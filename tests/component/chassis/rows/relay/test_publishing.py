"""One step of a lane: what it takes, what it hands to the broker, and what it notes and counts."""

import msgspec
import pytest
from sqlalchemy import text

from services.chassis import relay as relay_module
from services.chassis.database import Database
from services.chassis.publisher import BrokerAway
from services.chassis.relay import observe_outbox
from services.contracts.envelope import decode
from tests.component.chassis.rows.relay.lanes import Lane
from tests.support.toys import a_completed_response, a_risk_flag


def test_what_is_confirmed_is_sent_and_not_sent_again(ordinary: Lane) -> None:
    event = ordinary.store()

    assert ordinary.relay.step() == 1
    assert ordinary.relay.step() == 0

    row = ordinary.row(event)
    assert (row.sent_at is not None, row.attempts) == (True, 1)
    assert [each.id for each in ordinary.publisher.published] == [str(event)]


def test_a_publication_carries_the_whole_event_and_its_loop(ordinary: Lane) -> None:
    response = a_completed_response()
    event = ordinary.store(response)

    ordinary.relay.step()

    (sent,) = ordinary.publisher.published
    envelope = decode(sent.body)
    assert (envelope.id, envelope.data, envelope.sequence) == (event, response, 1)
    assert (envelope.correlation_id, envelope.causation_id) == ("loop", "cause")
    assert (envelope.traceparent, envelope.unit) == ("trace", "wh/hc")
    assert envelope.time == ordinary.row(event).created_at
    assert sent.type == response.type
    assert sent.headers == envelope.headers()
    assert msgspec.json.decode(sent.body)["specversion"] == "1.0"


def test_what_nothing_is_known_of_is_left_out(ordinary: Lane) -> None:
    ordinary.store(causation_id=None, traceparent=None)

    ordinary.relay.step()

    (sent,) = ordinary.publisher.published
    assert not {"causationid", "traceparent"} & set(msgspec.json.decode(sent.body))


def test_events_go_out_in_the_order_they_were_stored(ordinary: Lane) -> None:
    stored = [str(ordinary.store()) for _ in range(5)]

    ordinary.relay.step()

    assert [each.id for each in ordinary.publisher.published] == stored


def test_what_is_not_confirmed_waits_longer_each_time(ordinary: Lane) -> None:
    event, other = ordinary.store(), ordinary.store()
    ordinary.publisher.deaf_to = {str(event)}
    waits = []

    for _ in range(3):
        ordinary.relay.step()
        waits.append(ordinary.row(event).wait)
        ordinary.again()

    assert [round(float(each)) for each in waits] == [1, 2, 4]
    assert ordinary.row(event).sent_at is None
    assert ordinary.row(other).sent_at is not None


def test_an_event_that_waits_is_left_alone_until_its_time(ordinary: Lane) -> None:
    event = ordinary.store()
    ordinary.publisher.deaf_to = {str(event)}
    ordinary.relay.step()

    assert ordinary.relay.step() == 0


def test_lanes_take_their_own_events(ordinary: Lane, urgent: Lane) -> None:
    ordinary.store()
    urgent.store()

    assert (ordinary.relay.step(), urgent.relay.step()) == (1, 1)
    assert ordinary.publisher.timeouts == [relay_module.CONFIRM_SECONDS]
    assert urgent.publisher.timeouts == [relay_module.URGENT_CONFIRM_SECONDS]


def test_two_replicas_never_take_the_same_row(database: Database, ordinary: Lane) -> None:
    ordinary.store()
    other = Lane(database, urgent=False)

    with database.engine.begin() as connection:
        connection.execute(text("SELECT 1 FROM outbox FOR UPDATE"))
        assert other.relay.step() == 0
    assert other.relay.step() == 1


def test_without_the_broker_an_ordinary_event_waits_untouched(ordinary: Lane) -> None:
    event = ordinary.store()
    ordinary.publisher.away = True

    with pytest.raises(BrokerAway):
        ordinary.relay.step()

    assert (ordinary.row(event).sent_at, ordinary.row(event).attempts) == (None, 0)
    assert ordinary.peers.posted == []


def test_an_event_of_tomorrow_waits_and_holds_nobody_up(ordinary: Lane) -> None:
    tomorrow = ordinary.store()
    with ordinary.database.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET type = 'assessment.of-tomorrow.v1'"))
    today = ordinary.store()

    assert ordinary.relay.step() == 1

    assert ordinary.row(today).sent_at is not None
    assert (ordinary.row(tomorrow).sent_at, ordinary.row(tomorrow).attempts) == (None, 1)


def test_published_and_posted_events_are_counted(ordinary: Lane, urgent: Lane) -> None:
    ordinary.store()
    ordinary.store()
    ordinary.relay.step()
    urgent.store()
    urgent.publisher.away = True
    urgent.relay.step()

    kind, flag = a_completed_response().type, a_risk_flag().type
    assert ordinary.metric("huixin_events_published_total", type=kind) == 2
    assert urgent.metric("huixin_events_posted_total", type=flag) == 1
    assert urgent.metric("huixin_events_published_total", type=flag) is None
    assert ordinary.metric("huixin_broker_connected", lane="relay-ordinary") == 1
    assert urgent.metric("huixin_broker_connected", lane="relay-urgent") == 0


def test_only_what_was_confirmed_counts_as_published(ordinary: Lane) -> None:
    event, _ = ordinary.store(), ordinary.store()
    ordinary.publisher.deaf_to = {str(event)}

    ordinary.relay.step()

    kind = a_completed_response().type
    assert ordinary.metric("huixin_events_published_total", type=kind) == 1
    assert ordinary.metric("huixin_relay_seconds_count", lane="ordinary") == 1


@pytest.mark.parametrize(("born", "least", "most"), [("-90", 90, 110), ("+3600", 0, 0)])
def test_how_long_an_event_took_is_measured_from_its_birth_and_never_below_nothing(
    urgent: Lane, born: str, least: int, most: int
) -> None:
    urgent.store()
    with urgent.database.engine.begin() as connection:
        statement = f"UPDATE outbox SET created_at = now() + interval '{born} seconds'"
        connection.execute(text(statement))

    urgent.relay.step()

    assert urgent.metric("huixin_relay_seconds_count", lane="urgent") == 1
    assert least <= (urgent.metric("huixin_relay_seconds_sum", lane="urgent") or 0) <= most


def test_what_was_never_posted_stands_at_zero_for_crisis_readers_alone(database: Database) -> None:
    lane = Lane(database, urgent=True, service="booking")
    Lane(database, urgent=False, service="notification")

    def posted(kind: str) -> float | None:
        return lane.metric("huixin_events_posted_total", type=kind)

    assert posted("booking.case-overdue.v1") == 0
    assert posted("booking.appointment-booked.v1") is None
    assert posted(a_risk_flag().type) is None


def test_more_than_is_counted_waits_uncounted(
    ordinary: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "MOST_COUNTED", 1)
    ordinary.store()
    ordinary.store()

    assert observe_outbox(ordinary.runtime)[0] == 1


def test_both_lanes_wait_together_and_the_clocks_are_compared(ordinary: Lane, urgent: Lane) -> None:
    ordinary.store()
    urgent.store()

    assert observe_outbox(ordinary.runtime)[0] == 2

    assert ordinary.metric("huixin_outbox_waiting", lane="urgent") == 1
    skew = ordinary.metric("huixin_database_clock_skew_seconds")
    assert skew is not None
    assert abs(skew) < 60


def test_how_much_waits_and_how_long_is_told(ordinary: Lane) -> None:
    assert observe_outbox(ordinary.runtime) == (0, 0.0)
    ordinary.store()
    with ordinary.database.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET created_at = now() - interval '90 seconds'"))
    ordinary.store()

    waiting, oldest = observe_outbox(ordinary.runtime)

    assert (waiting, round(oldest) >= 90) == (2, True)
    assert ordinary.metric("huixin_outbox_waiting", lane="ordinary") == 2
    assert (ordinary.metric("huixin_outbox_oldest_seconds", lane="ordinary") or 0) >= 90
    assert ordinary.metric("huixin_outbox_waiting", lane="urgent") == 0


def test_a_lane_is_woken_by_its_own_bell(ordinary: Lane, urgent: Lane) -> None:
    assert ordinary.relay.wake is ordinary.wake_ordinary
    assert urgent.relay.wake is urgent.wake_urgent


def test_what_was_stored_before_the_stop_still_goes_out(ordinary: Lane) -> None:
    stored = ordinary.store()

    ordinary.flush()

    assert [each.id for each in ordinary.publisher.published] == [str(stored)]
