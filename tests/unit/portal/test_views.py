from datetime import date, datetime, timedelta

import pytest

from services.portal.care.views import (
    Site,
    appointment_view,
    next_appointment,
    offer_view,
    slot_board,
    slot_view,
    wished_day,
)
from services.portal.duty.views import case_view, queue, roster_view, seen
from services.portal.inbox.views import message_view
from services.portal.screening.questions import first_open, question_view, unanswered
from services.portal.screening.views import result_view
from services.portal.statistics.views import (
    BandBars,
    band_bars,
    figure,
    months_chart,
    shown_number,
    statistics_view,
)
from services.portal.web import times
from services.portal.web.language import Translator
from tests.unit.portal import samples
from tests.unit.portal.pages import EN, ZH

NOW = samples.NOW.astimezone(times.CITY)


class TestTimes:
    def test_the_wire_is_utc_and_the_page_is_the_citys(self) -> None:
        assert times.moment(times.parse("2025-11-24T16:30:00Z"), "zh") == "11月25日 周二 00:30"
        assert times.moment(times.parse("2025-11-24T16:30:00+00:00"), "en") == "Tue 25 Nov 00:30"

    @pytest.mark.parametrize(
        ("ahead", "words"),
        [
            (timedelta(minutes=-1), "已到期"),
            (timedelta(seconds=20), "还有 1 分钟"),
            (timedelta(minutes=89), "还有 89 分钟"),
            (timedelta(hours=5), "还有 5 小时"),
            (timedelta(hours=72), "还有 3 天"),
        ],
    )
    def test_what_is_left_is_said_in_the_fitting_unit(self, ahead: timedelta, words: str) -> None:
        assert times.left(NOW + ahead, NOW, ZH) == words

    @pytest.mark.parametrize(
        ("hour", "part"),
        [
            (3, "night"),
            (8, "morning"),
            (12, "noon"),
            (15, "afternoon"),
            (20, "evening"),
            (23, "night"),
        ],
    )
    def test_the_greeting_fits_the_hour(self, hour: int, part: str) -> None:
        assert times.part_of_day(datetime(2025, 1, 1, hour, tzinfo=times.CITY)) == part


class TestScreening:
    def test_a_question_knows_its_place_and_what_was_answered(self) -> None:
        view = question_view(samples.a_sitting(q1=1, q2=None), samples.an_instrument(), 1, ZH)

        assert (view.number, view.total, view.last) == (1, 9, False)
        assert [option.value for option in view.options if option.chosen] == [1]
        assert view.back == "/scales"

    def test_a_left_out_question_is_answered_with_nothing_not_with_zero(self) -> None:
        view = question_view(samples.a_sitting(q2=None), samples.an_instrument(), 2, ZH)

        assert view.skipped
        assert not any(option.chosen for option in view.options)

    def test_zero_is_an_answer(self) -> None:
        view = question_view(samples.a_sitting(q1=0), samples.an_instrument(), 1, ZH)

        assert [option.value for option in view.options if option.chosen] == [0]

    @pytest.mark.parametrize("number", [0, 10, -1])
    def test_there_are_no_other_questions(self, number: int) -> None:
        with pytest.raises(IndexError):
            question_view(samples.a_sitting(), samples.an_instrument(), number, ZH)

    def test_one_comes_back_to_the_first_open_question(self) -> None:
        sitting = samples.a_sitting(q1=0, q2=None, q4=1)

        assert first_open(sitting, samples.an_instrument()) == 3
        assert unanswered(sitting, samples.an_instrument()) == [3, 5, 6, 7, 8, 9]

    def test_the_trend_runs_from_old_to_new(self) -> None:
        earlier = samples.earlier_results()
        view = result_view(samples.a_result(), samples.an_instrument(), earlier, ZH)

        assert [point.total for point in view.trend] == [6, 9, 15, 12]

    @pytest.mark.parametrize(
        ("band", "tone"),
        [("minimal", 0), ("moderately_severe", 3), ("moderately-severe", 3), ("severe", 4)],
    )
    def test_a_band_has_its_colour_however_it_is_spelled(self, band: str, tone: int) -> None:
        view = result_view(samples.a_result(band=band), samples.an_instrument(), [], ZH)

        assert view.tone == tone

    def test_a_result_without_a_total_is_called_incomplete(self) -> None:
        result = samples.a_result(scores={}, band=None, risk="unknown")
        view = result_view(result, samples.an_instrument(), [], ZH)

        assert view.incomplete
        assert view.band == "无法判断"

    def test_a_low_score_does_not_hide_a_crisis(self) -> None:
        result = samples.a_result(scores={"total": 1}, band="minimal", risk="crisis")
        view = result_view(result, samples.an_instrument(), [], ZH)

        assert view.crisis
        assert "12356" in view.advice[0]


class TestCare:
    def test_an_offer_past_its_time_is_not_open(self) -> None:
        offer = samples.an_offer(expires_at=samples.at(minutes=-1))

        assert not offer_view(offer, NOW, ZH).open

    @pytest.mark.parametrize(
        ("site", "own", "steps"),
        [
            ("wh/hc/s01", "wh/hc/e0001", 2),
            ("wh/hc", "wh/hc/e0001", 1),
            ("wh/hc/e0001", "wh/hc/e0001", 0),
            ("wh", "wh/hc/e0001", 2),
            ("wh/dg/s01", "wh/hc/e0001", 4),
        ],
    )
    def test_distance_is_counted_in_the_unions_tree(self, site: str, own: str, steps: int) -> None:
        assert Site("x", "x", site).distance(own) == steps

    def test_slots_of_one_time_are_a_group_the_held_one_first_then_the_nearest(self) -> None:
        sites = {"near": 1, "far": 4}
        slots = [
            slot_view({**samples.a_slot(at), "site": site}, {}, ZH, held, None, sites)
            for at, (site, held) in enumerate(
                [("far", None), ("near", None), ("far", samples.a_slot(2)["id"])]
            )
        ]

        board = slot_board(slots, NOW.date() + timedelta(days=1), NOW.date(), None, ZH)

        assert len(board.groups) == 1
        group = board.groups[0]
        assert group.first.held
        assert [other.distance for other in group.others] == [1, 4]

    def test_the_strip_has_fourteen_days_with_their_numbers(self) -> None:
        today = date(2025, 11, 24)
        board = slot_board([], today, today, {date(2025, 11, 26): 5}, ZH)

        assert len(board.days) == 14
        assert [day.free for day in board.days[:4]] == [0, 0, 5, 0]

    def test_a_day_nobody_counted_can_still_be_opened(self) -> None:
        board = slot_board([], NOW.date(), NOW.date(), None, ZH)

        assert all(day.free is None for day in board.days)

    @pytest.mark.parametrize("wish", ["", "tomorrow", "2025-11-23", "2030-01-01", "2025-13-01"])
    def test_days_out_of_reach_are_not_shown(self, wish: str) -> None:
        assert wished_day(wish, date(2025, 11, 24)) is None

    def test_only_a_booked_session_ahead_can_be_changed(self) -> None:
        def changeable(**changes: str) -> bool:
            return appointment_view(samples.an_appointment(**changes), {}, NOW, ZH).changeable

        assert changeable()
        assert not changeable(state="checked-in")
        assert not changeable(starts_at=samples.at(minutes=-5))

    def test_the_next_session_is_the_soonest_booked_one(self) -> None:
        views = [
            appointment_view(
                samples.an_appointment(
                    id=str(days), starts_at=samples.at(days=days), ends_at=samples.at(days=days + 1)
                ),
                {},
                NOW,
                ZH,
            )
            for days in (5, 2, 9)
        ]

        found = next_appointment(views)

        assert found is not None
        assert found.id == "2"


class TestDuty:
    def test_a_crisis_nobody_acknowledged_waits(self) -> None:
        assert case_view(samples.a_case(), NOW, ZH).waiting
        assert case_view(samples.a_case(state="escalated"), NOW, ZH).waiting
        assert not case_view(samples.a_case(next_due="contact"), NOW, ZH).waiting

    def test_a_care_case_does_not_ring(self) -> None:
        assert not case_view(samples.a_case(crisis=False), NOW, ZH).waiting

    def test_what_waits_comes_before_what_is_late_before_the_rest(self) -> None:
        calm = samples.a_case(id="calm", next_due="follow-up", next_due_at=samples.at(days=1))
        late = samples.a_case(id="late", next_due="contact", next_due_at=samples.at(minutes=-9))
        closed = samples.a_case(id="closed", state="closed")
        found = queue([calm, closed, late, samples.a_case()], samples.a_duty_status(), NOW, ZH)

        assert [case.id[:4] for case in found.cases] == ["4444", "late", "calm"]
        assert found.unacknowledged == 1

    def test_an_empty_roster_alarms(self) -> None:
        status = samples.a_duty_status(rostered=False, gap_until=samples.at(hours=2))

        assert roster_view(status, ZH).alarming
        assert not roster_view(samples.a_duty_status(), ZH).alarming

    def test_the_queue_is_drawn_again_when_something_moved_and_each_minute(self) -> None:
        first = seen(samples.a_duty_status(), NOW)

        assert seen(samples.a_duty_status(now="later"), NOW + timedelta(seconds=20)) == first
        assert seen(samples.a_duty_status(), NOW + timedelta(minutes=1)) != first
        assert seen(samples.a_duty_status(queue={"open": 2}), NOW) != first
        assert seen(samples.a_duty_status(rostered=False), NOW) != first

    def test_words_nobody_translated_are_shown_as_they_are(self) -> None:
        case = samples.a_case(source="carrier-pigeon", state="new-state", next_due="new-step")

        view = case_view(case, NOW, ZH)

        assert (view.source, view.state_title) == ("carrier-pigeon", "new-state")


class TestInbox:
    @pytest.mark.parametrize(
        ("kind", "page"),
        [("offer-ready", "/offer"), ("duty-page", "/duty"), ("other", None)],
    )
    def test_a_message_leads_to_the_page_it_speaks_of(self, kind: str, page: str | None) -> None:
        assert message_view(samples.a_message(kind=kind), ZH).href == page

    def test_a_link_to_elsewhere_is_not_followed(self) -> None:
        message = samples.a_message(kind="other", link="//evil.example")

        assert message_view(message, ZH).href is None

    def test_every_channel_tells_its_truth(self) -> None:
        view = message_view(samples.a_message(), ZH)

        assert [channel.text for channel in view.channels] == ["站内 · 已送达", "邮件 · 已发出"]


def bars_of(instrument: str, t: Translator) -> BandBars:
    return next(
        each for each in band_bars(samples.indicators(), t) if each.instrument == instrument
    )


class TestStatistics:
    def test_a_hidden_value_is_no_bar_and_no_zero(self) -> None:
        gad7 = next(
            each for each in band_bars(samples.indicators(), ZH) if each.instrument == "gad7"
        )

        assert gad7.values == (301, 122, 41, None)
        assert gad7.any_hidden

    def test_bands_stand_from_light_to_heavy(self) -> None:
        phq9 = next(
            each for each in band_bars(samples.indicators(), EN) if each.instrument == "phq9"
        )

        assert phq9.labels == ("Steady", "Slight", "Medium", "Marked", "Heavy")

    def test_where_less_is_better_no_share_of_the_target_is_shown(self) -> None:
        shown = figure({"code": "crisis-acknowledged-minutes", "value": 3, "target": 15}, ZH)

        assert shown.share is None
        assert shown.at_most

    @pytest.mark.parametrize(
        ("value", "shown"), [(None, "–"), (0.0, "0"), (1234.0, "1,234"), (3.5, "3.5")]
    )
    def test_numbers_are_written_for_people(self, value: float | None, shown: str) -> None:
        assert shown_number(value) == shown

    def test_the_page_says_when_anything_is_hidden(self) -> None:
        assert statistics_view(samples.indicators(), "wh", 2025, None, ZH).any_hidden
        assert not statistics_view(samples.indicators()[:3], "wh", 2025, None, ZH).any_hidden

    def test_a_line_needs_two_months_and_leaves_hidden_ones_out(self) -> None:
        months = [
            {"month": "2025-01", "value": 5},
            {"month": "2025-02", "value": None, "suppressed": True},
            {"month": "2025-03", "value": 7},
        ]

        chart = months_chart([("Offers", months), ("Nothing", months[:1])], EN)

        assert months_chart([("Offers", months[:2])], EN) is None
        assert chart == {
            "labels": ["Jan", "Feb", "Mar"],
            "lines": [{"title": "Offers", "values": [5.0, None, 7.0]}],
        }
