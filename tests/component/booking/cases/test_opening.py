"""A signal opens a case, joins the one that is open, or opens a closed one again."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import eventlet

from services.contracts.assessment import FlagSource
from services.contracts.envelope import Envelope
from tests.component.booking.cases_support import (
    CASES,
    a_case,
    a_flag,
    contacted,
    deliver,
    last_told,
    redeliver,
    roster,
    timers,
    told,
    unroster,
)
from tests.support.apps import eventually
from tests.support.rows import count, rows


def test_a_crisis_signal_pages_the_roster_and_the_queue_shows_the_case(app, duty):
    unroster(app)
    roster(app, duty.person)

    case = a_case(app, correlation="loop-of-the-answer")

    opened = last_told(app, case, "case-opened")
    assert (opened.urgent, opened.unit) == (True, "wh/hc")
    assert opened.correlation_id == "loop-of-the-answer"
    assert opened.data["chain"][0]["officer"] == str(duty.person)
    assert opened.data["fallback"] is False
    assert timers(app, case).keys() == {"case-due", "case-page-watch"}
    [shown] = [c for c in duty.get(CASES).json()["items"] if c["id"] == str(case)]
    assert (shown["state"], shown["next_due"], shown["paging"]) == ("opened", "acknowledge", True)
    assert shown["next_due_at"] == shown["acknowledge_by"]
    assert [step["what"] for step in shown["timeline"]] == ["opened", "signal"]


def test_the_same_event_twice_is_one_case_with_one_signal(app, duty):
    flag = a_flag()
    envelope = Envelope(
        id=uuid4(),
        type=flag.type,
        subject=flag.subject_id(),
        time=datetime.now(UTC),
        correlation_id="twice",
        sequence=1,
        data=flag,
    )

    redeliver(app, envelope)
    redeliver(app, envelope)

    assert told(app, flag.case) == ["case-opened"]
    assert count(app, "booking", "case_steps", "case_id = :case", case=flag.case) == 2


def test_a_new_signal_re_opens_a_closed_case(app, duty, lead):
    flag = a_flag()
    deliver(app, flag)
    contacted(duty, flag.case)
    duty.post(f"{CASES}/{flag.case}/close", {"reason": "resolved"})
    lead.post(f"{CASES}/{flag.case}/confirm-close")

    deliver(app, a_flag(case=flag.case, person=flag.person), correlation="the-second-loop")

    shown = duty.get(f"{CASES}/{flag.case}").json()
    assert shown["state"] == "opened"
    reopened = last_told(app, flag.case, "case-opened")
    assert reopened.data["reopened"] is True
    assert reopened.correlation_id == "the-second-loop"


def test_a_counsellors_flag_and_a_later_answer_end_in_one_open_case(app):
    counsellor, person = app.person("counsellor"), uuid4()
    body = {"person": str(person), "source": "counsellor", "note": "hopeless", "acute": True}

    flagged = counsellor.post(CASES, body)
    assert flagged.status_code == 201, flagged.text
    again = counsellor.post(CASES, body)
    assert again.json()["id"] == flagged.json()["id"]
    assert "person" not in flagged.json()
    case = a_case(app, person=person)

    found = rows(
        app, "booking", "SELECT id, state, joined_to FROM cases WHERE person = :p", p=person
    )
    assert {(row.id, row.state, row.joined_to) for row in found} == {
        (UUID(flagged.json()["id"]), "closed", case),
        (case, "opened", None),
    }


def test_a_help_request_of_nobody_known_opens_a_case(app, duty):
    case = a_case(app, person=None, source=FlagSource.HELP_REQUEST, callback=True)

    shown = duty.get(f"{CASES}/{case}").json()
    assert (shown["callback"], shown["source"]) == (True, "help-request")
    assert "person" not in shown
    contacted(duty, case)
    assert duty.get(f"{CASES}/{case}").json()["timeline"][-1]["note"] == "spoke for an hour"


def test_many_signals_of_one_person_at_once_are_one_open_case(app):

    person = uuid4()
    flags = [a_flag(person=person) for _ in range(8)]
    threads = [eventlet.spawn(deliver, app, flag) for flag in flags]
    for thread in threads:
        thread.wait()

    eventually(lambda: count(app, "booking", "cases", "person = :p", p=person) == 8)
    where = "person = :p AND state <> 'closed'"
    assert count(app, "booking", "cases", where, p=person) == 1


def test_many_calls_for_help_under_one_id_at_once_are_one_case(app):
    flags = [a_flag(case=uuid4(), person=None, source=FlagSource.HELP_REQUEST)]
    flags += [a_flag(case=flags[0].case, person=None) for _ in range(7)]
    threads = [eventlet.spawn(deliver, app, flag) for flag in flags]
    for thread in threads:
        thread.wait()

    assert told(app, flags[0].case).count("case-opened") == 1
    where = "case_id = :case AND kind = 'signal'"
    assert count(app, "booking", "case_steps", where, case=flags[0].case) == 8
