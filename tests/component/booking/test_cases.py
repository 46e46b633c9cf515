"""Crisis cases over HTTP and PostgreSQL: opened, paged, acknowledged, closed with four eyes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import eventlet
import pytest
from sqlalchemy.exc import IntegrityError

from services.booking.service import BookingService
from services.contracts.assessment import FlagSource
from services.contracts.envelope import Envelope
from tests.component.booking.cases_support import (
    CASES,
    SHIFTS,
    STATUS,
    a_case,
    a_flag,
    deliver,
    last_told,
    page_sent,
    redeliver,
    time_is_up,
    timers,
    told,
    until_told,
)
from tests.component.booking.people import AWAY, ToyAccounts, enrolled
from tests.support.apps import App, Client, eventually, running
from tests.support.databases import TestPostgres
from tests.support.rows import count, rows


@pytest.fixture(scope="module")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    with running(postgres_server, [BookingService, ToyAccounts]) as app:
        yield app


@pytest.fixture
def duty(app: App) -> Client:
    return app.person("duty", unit="wh")


@pytest.fixture
def lead(app: App) -> Client:
    return app.person("clinical-lead", unit="wh")


def roster(app: App, officer: UUID, tier: int = 1) -> str:
    """Somebody is on duty from now on."""
    enrolled("duty", person=officer)
    now = datetime.now(UTC)
    body = {
        "officer": str(officer),
        "tier": tier,
        "unit": "wh",
        "starts_at": (now - timedelta(minutes=1)).isoformat(),
        "ends_at": (now + timedelta(hours=4)).isoformat(),
    }
    answer = app.person("city-admin", unit="wh").post(SHIFTS, body)
    assert answer.status_code == 201, answer.text
    return answer.json()["items"][0]["id"]


def unroster(app: App) -> None:
    with app.runtime("booking").database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM shifts")


def contacted(duty: Client, case: UUID) -> None:
    body = {"channel": "phone", "reached": True, "note": "spoke for an hour"}
    answer = duty.post(f"{CASES}/{case}/contacts", body)
    assert answer.status_code == 201, answer.text


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


def test_with_nobody_rostered_the_event_and_the_status_say_so(app, duty):
    unroster(app)

    case = a_case(app)

    assert last_told(app, case, "case-opened").data["fallback"] is True
    status = duty.get(STATUS).json()
    assert (status["rostered"], status["fallback"], status["on_duty"]) == (False, True, [])
    assert status["queue"]["unacknowledged"] >= 1
    assert {gap["tier"] for gap in status["gaps"]} == {1, 2}


def test_the_status_names_who_is_on_duty(app, duty):
    unroster(app)
    roster(app, duty.person)

    status = duty.get(STATUS).json()

    assert (status["rostered"], status["fallback"]) == (True, False)
    assert [each["officer"] for each in status["on_duty"]] == [str(duty.person)]
    assert status["policy"] == {"version": "1.0.0", "signed_by": None, "signed_on": None}


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


def test_from_acknowledgement_to_four_eyes(app, duty, lead):
    case = a_case(app)

    answer = duty.post(f"{CASES}/{case}/acknowledge")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["state"], answer.json()["officer"]) == ("acknowledged", str(duty.person))
    assert timers(app, case).keys() == {"case-due"}
    contacted(duty, case)
    plan = {"plan": "call her sister; the pills are with a neighbour", "level": "moderate"}
    assert duty.post(f"{CASES}/{case}/plan", plan).json()["state"] == "planned"
    referral = {"kind": "advised", "reaction": "accepted"}
    assert duty.post(f"{CASES}/{case}/referrals", referral).status_code == 201
    follow_up = duty.post(f"{CASES}/{case}/follow-ups", {"outcome": "reached"}).json()
    assert follow_up["next_due"] == "follow-up"
    asked = duty.post(f"{CASES}/{case}/close", {"reason": "resolved"}).json()
    assert (asked["next_due"], asked["close_requested_by"]) == (
        "confirm-close",
        str(duty.person),
    )
    own = duty.post(f"{CASES}/{case}/confirm-close")
    assert (own.status_code, own.json()["code"]) == (403, "second-person-needed")
    done = lead.post(f"{CASES}/{case}/confirm-close", {"note": "agreed"})

    assert (done.status_code, done.json()["state"]) == (200, "closed")
    assert "next_due_at" not in done.json()
    assert timers(app, case) == {}
    assert told(app, case) == [
        "case-opened",
        "case-acknowledged",
        "case-contacted",
        "case-planned",
        "case-referred",
        "case-followed-up",
        "case-closed",
    ]
    urgent = [kind for kind in told(app, case) if last_told(app, case, kind).urgent]
    assert urgent == ["case-opened", "case-acknowledged", "case-contacted", "case-closed"]
    assert duty.post(f"{CASES}/{case}/acknowledge").json()["code"] == "case-is-closed"
    ids = [item["id"] for item in lead.get(f"{CASES}?state=closed").json()["items"]]
    assert str(case) in ids


def test_notes_are_sealed_at_rest_and_read_with_an_audit_row(app, duty, lead):
    flag = a_flag()
    deliver(app, flag)
    contacted(duty, flag.case)

    sealed = rows(
        app,
        "booking",
        "SELECT note FROM case_steps WHERE case_id = :case AND note IS NOT NULL",
        case=flag.case,
    )
    assert b"spoke" not in bytes(sealed[0].note)
    shown = lead.get(f"{CASES}/{flag.case}").json()
    assert [s["note"] for s in shown["timeline"] if "note" in s] == ["spoke for an hour"]
    where = "action = 'case.read' AND actor = :actor AND person = :person AND subject = :case"
    values = {"actor": lead.person, "person": flag.person, "case": str(flag.case)}
    assert count(app, "booking", "audit", where, **values) == 1
    listed = [c for c in duty.get(CASES).json()["items"] if c["id"] == str(flag.case)]
    assert not any("note" in step for step in listed[0]["timeline"])


def test_an_erased_persons_notes_stay_closed(app, duty):
    flag = a_flag()
    deliver(app, flag)
    contacted(duty, flag.case)
    with app.runtime("booking").database.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM person_keys WHERE person = '{flag.person}'")

    shown = duty.get(f"{CASES}/{flag.case}")

    assert shown.status_code == 200
    assert [s["has_note"] for s in shown.json()["timeline"] if s["what"] == "contact"] == [True]
    assert not any("note" in step for step in shown.json()["timeline"])


def test_unacknowledged_it_escalates_when_its_time_is_up(app):
    case = a_case(app)
    page_sent(app, case)

    time_is_up(app, case)

    until_told(app, case, "case-escalated")
    assert last_told(app, case, "case-escalated").data["tier"] == 2
    assert timers(app, case)["case-due"] > datetime.now(UTC)


def test_a_case_whose_timer_was_lost_is_found(app, duty):
    case = a_case(app)
    page_sent(app, case)

    time_is_up(app, case, timer=False)
    with app.runtime("booking").database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE timers SET due_at = now() WHERE kind = 'every:late-cases'"
        )

    until_told(app, case, "case-escalated")
    assert "case-due" in timers(app, case)
    late = [item["id"] for item in duty.get(f"{CASES}?late=true").json()["items"]]
    assert str(case) in late


def test_an_acknowledgement_without_contact_expires_and_pages_again(app, duty):
    unroster(app)
    roster(app, duty.person)
    case = a_case(app)
    duty.post(f"{CASES}/{case}/acknowledge")

    time_is_up(app, case)

    until_told(app, case, "case-overdue")
    overdue = last_told(app, case, "case-overdue")
    assert (overdue.data["reason"], overdue.urgent) == ("not-contacted", True)
    assert overdue.data["chain"][0]["officer"] == str(duty.person)
    shown = duty.get(f"{CASES}/{case}").json()
    assert (shown["state"], shown["late"], shown["paging"]) == ("escalated", True, True)


def test_a_page_that_does_not_leave_is_repeated_and_a_sent_one_ends_the_watch(app):
    unheard, heard, failed = a_case(app), a_case(app), a_case(app)

    page_sent(app, heard)
    page_sent(app, failed, failed=True)
    assert "case-page-watch" not in timers(app, heard)
    assert "case-page-watch" in timers(app, failed)
    with app.runtime("booking").database.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE timers SET due_at = now() WHERE key = '{unheard}' AND kind = 'case-page-watch'"
        )

    until_told(app, unheard, "case-overdue")
    assert last_told(app, unheard, "case-overdue").data["reason"] == "page-unconfirmed"
    remaining = timers(app, unheard)["case-page-watch"] - datetime.now(UTC)
    assert timedelta(seconds=40) < remaining <= timedelta(seconds=60)


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


def test_a_drill_runs_the_chain_marked_as_a_drill(app, duty, lead):
    drill = lead.post(f"{CASES}/drills", {"unit": "wh"})

    assert (drill.status_code, drill.json()["drill"]) == (201, True)
    case = UUID(drill.json()["id"])
    assert last_told(app, case, "case-opened").data["drill"] is True
    duty.post(f"{CASES}/{case}/acknowledge")
    asked = duty.post(f"{CASES}/{case}/close", {"reason": "drill-finished"})
    assert asked.status_code == 200, asked.text
    assert lead.post(f"{CASES}/{case}/confirm-close").status_code == 200
    assert all(last_told(app, case, kind).data["drill"] for kind in told(app, case))


def test_a_counsellor_meets_only_cases_of_people_in_their_care(app, duty):
    case, counsellor = a_case(app), app.person("counsellor")

    assert counsellor.get(f"{CASES}/{case}").status_code == 404
    assert counsellor.post(f"{CASES}/{case}/acknowledge").status_code == 404
    assert counsellor.get(CASES).json()["items"] == []
    enrolled("counsellor", person=counsellor.person)
    duty.post(f"{CASES}/{case}/hand-over", {"to": str(counsellor.person)})

    assert counsellor.get(f"{CASES}/{case}").status_code == 200
    assert [item["id"] for item in counsellor.get(CASES).json()["items"]] == [str(case)]


@pytest.mark.parametrize("role", ["worker", "unit-admin", "district-admin", "city-admin", "ops"])
def test_no_admin_and_no_worker_meets_a_case(app, role):
    case, person = a_case(app), app.person(role)

    assert person.get(CASES).status_code == 403
    assert person.get(f"{CASES}/{case}").status_code == 403
    assert person.post(f"{CASES}/{case}/acknowledge").status_code == 403
    assert person.post(CASES, {"source": "counsellor"}).status_code == 403
    assert app.anybody().get(CASES).status_code == 401


def test_a_clinical_lead_reads_but_does_not_act(app, lead):
    case = a_case(app)

    assert lead.get(f"{CASES}/{case}").status_code == 200
    assert lead.post(f"{CASES}/{case}/acknowledge").status_code == 403


def test_two_officers_at_once_one_takes_it(app, duty):
    case, other = a_case(app), app.person("duty")

    first = duty.post(f"{CASES}/{case}/acknowledge")
    second = other.post(f"{CASES}/{case}/acknowledge")

    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["code"] == "case-already-acknowledged"


def test_the_same_idempotency_key_logs_one_contact(app, duty):
    case = a_case(app)
    body, headers = {"channel": "phone", "reached": False}, {"Idempotency-Key": "attempt-1"}

    first = duty.post(f"{CASES}/{case}/contacts", body, headers=headers)
    second = duty.post(f"{CASES}/{case}/contacts", body, headers=headers)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert duty.get(f"{CASES}/{case}").json()["attempts"] == 1


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("contacts", {"channel": "pigeon", "reached": True}, "channel"),
        ("contacts", {"channel": "phone"}, "reached"),
        ("contacts", {"channel": "phone", "reached": True, "outcome": "reached"}, "reached"),
        ("contacts", {"channel": "phone", "reached": True, "diagnosis": "F32"}, "diagnosis"),
        ("plan", {}, "plan"),
        ("referrals", {"kind": "treated", "reaction": "accepted"}, "kind"),
        ("close", {"reason": "joined"}, "reason"),
        ("hand-over", {"to": "somebody"}, "to"),
    ],
)
def test_a_wrong_body_is_refused_by_field(app, duty, path, body, field):
    case = a_case(app)

    answer = duty.post(f"{CASES}/{case}/{path}", body)

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert told(app, case) == ["case-opened"]


def test_wrong_queries_and_unknown_cases_are_problems(app, duty):
    assert duty.get(f"{CASES}?state=open").status_code == 422
    assert duty.get(f"{CASES}?cursor=x").json()["code"] == "bad-cursor"
    assert duty.get(f"{CASES}/{uuid4()}").json()["code"] == "no-such-case"
    assert duty.post(f"{CASES}/{uuid4()}/acknowledge").status_code == 404


def test_the_queue_is_sorted_by_what_is_due_and_pages_through(app, duty):
    for acute in (False, True, False):
        duty.post(f"{CASES}/{a_case(app, acute=acute)}/acknowledge")

    seen, path = [], f"{CASES}?limit=2"
    while path:
        page = duty.get(path).json()
        seen += page["items"]
        path = f"{CASES}?limit=2&cursor={page['next']}" if page["next"] else None

    assert len({item["id"] for item in seen}) == len(seen)
    assert [item["next_due_at"] for item in seen] == sorted(item["next_due_at"] for item in seen)


def test_the_database_refuses_an_open_case_without_a_due_time(app):
    case = a_case(app)

    for wrong in (
        "UPDATE cases SET next_due_at = NULL",
        "UPDATE cases SET state = 'closed', next_due_at = NULL, closed_at = now(),"
        " closed_by = acknowledged_by",
        "UPDATE cases SET state = 'closed', closed_at = now()",
    ):
        with (
            pytest.raises(IntegrityError, match="ck_cases"),
            app.runtime("booking").database.engine.begin() as connection,
        ):
            connection.exec_driver_sql(f"{wrong} WHERE id = '{case}'")


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


@pytest.mark.parametrize(
    ("taker", "status"),
    [(enrolled("worker"), 422), (enrolled("clinical-lead"), 422), (uuid4(), 422), (AWAY, 503)],
)
def test_a_case_goes_only_to_somebody_who_can_act_on_it(app, duty, taker, status):
    case = a_case(app)
    duty.post(f"{CASES}/{case}/acknowledge")

    answer = duty.post(f"{CASES}/{case}/hand-over", {"to": str(taker)})

    assert answer.status_code == status, answer.text
    assert [error["field"] for error in answer.json().get("errors", [])] == ["to"] * (status == 422)
    assert duty.get(f"{CASES}/{case}").json()["officer"] == str(duty.person)


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("duty", True),
        ("clinical-lead", True),
        ("counsellor", False),
        ("district-admin", False),
        ("city-admin", False),
        ("ops", False),
    ],
)
def test_how_much_waits_is_for_those_who_may_take_it(app, role, sees):
    status = app.person(role, unit="wh").get(STATUS).json()

    assert ("queue" in status) is sees
    assert {"rostered", "on_duty", "covered", "gaps", "policy"} <= status.keys()


def test_accounts_may_ask_whose_case_it_is(app, duty, lead):
    flag = a_flag()
    deliver(app, flag)
    path = f"/internal/v1/cases/{flag.case}"
    said = {"id": str(flag.case), "person": str(flag.person)}

    assert app.service_call("GET", "booking", path, caller="accounts").json() == {
        **said,
        "open": True,
    }
    contacted(duty, flag.case)
    duty.post(f"{CASES}/{flag.case}/close", {"reason": "resolved"})
    lead.post(f"{CASES}/{flag.case}/confirm-close")
    assert app.service_call("GET", "booking", path, caller="accounts").json() == {
        **said,
        "open": False,
    }
    nobody = a_case(app, person=None, source=FlagSource.HELP_REQUEST)
    assert (
        app.service_call(
            "GET", "booking", f"/internal/v1/cases/{nobody}", caller="accounts"
        ).json()["person"]
        is None
    )
    unknown = app.service_call("GET", "booking", f"/internal/v1/cases/{uuid4()}", caller="accounts")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no-such-case")
    assert duty.call("GET", path).status_code == 401
    assert app.service_call("GET", "booking", path, caller="reporting").status_code == 403
