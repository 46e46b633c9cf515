"""What operators see: loops, and the systems that subscribe."""

from datetime import UTC, datetime, timedelta

import pytest

from services.portal.ops.subscriber_views import subscriber_views
from services.portal.ops.views import after, loop_view
from tests.unit.portal import samples
from tests.unit.portal.pages import EN, ZH


class TestLoops:
    def test_the_steps_of_a_loop_are_told_in_their_order_with_their_gaps(self) -> None:
        steps = [
            {"type": "b.second.v1", "at": samples.at(seconds=0.08)},
            {"type": "a.first.v1", "at": samples.at()},
        ]

        view = loop_view({"correlation_id": "x", "steps": steps}, ZH)

        assert [hop.type for hop in view.hops] == ["a.first.v1", "b.second.v1"]
        assert view.hops[1].after == "+80 ms"
        assert view.hops[0].service == "a"

    @pytest.mark.parametrize(
        ("seconds", "words"), [(0.5, "+500 ms"), (3.25, "+3.2 s"), (840, "+14 min")]
    )
    def test_gaps_are_written_in_the_fitting_unit(self, seconds: float, words: str) -> None:
        early = datetime(2025, 1, 1, tzinfo=UTC)

        assert after(early + timedelta(seconds=seconds), early) == words


class TestSubscribers:
    def test_those_that_need_somebody_come_first(self) -> None:
        listed = [
            samples.a_subscription(name="b"),
            samples.a_subscription(name="a"),
            samples.a_subscription(name="over", state="ended"),
            samples.a_subscription(name="late", failing_since=samples.at(days=-1)),
            samples.a_subscription(name="given-up", state="stopped", reason="http-410"),
        ]

        names = [each.name for each in subscriber_views(listed, ZH)]

        assert names == ["given-up", "late", "a", "b", "over"]

    def test_counters_say_how_far_behind_it_is(self) -> None:
        [view] = subscriber_views([samples.a_subscription(last=9, delivered=7, confirmed=2)], EN)

        assert (view.last, view.undelivered, view.unconfirmed) == (9, 2, 7)

    @pytest.mark.parametrize(
        ("state", "turn"),
        [("active", "pause"), ("paused", "resume"), ("stopped", "resume"), ("ended", "")],
    )
    def test_only_what_can_be_done_is_offered(self, state: str, turn: str) -> None:
        [view] = subscriber_views([samples.a_subscription(state=state)], ZH)

        assert view.turn == turn

    def test_types_without_an_agreement_are_marked(self) -> None:
        waiting = ["accounts.role-changed.v1"]
        document = samples.a_subscription(
            types=["accounts.unit-changed.v1", *waiting], waiting_for_grant=waiting
        )

        [view] = subscriber_views([document], ZH)

        assert view.closed == ("accounts.role-changed.v1",)
