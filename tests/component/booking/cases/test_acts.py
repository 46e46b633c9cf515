"""What officers do about a case, from the acknowledgement to the close with four eyes."""

from uuid import UUID, uuid4

import pytest

from tests.component.booking.cases_support import CASES, a_case, contacted, last_told, timers, told
from tests.component.booking.people import AWAY, enrolled


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
