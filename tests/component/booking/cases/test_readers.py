"""Who meets a case, and what they may read of it."""

from uuid import uuid4

import pytest

from services.contracts.assessment import FlagSource
from tests.component.booking.cases_support import CASES, a_case, a_flag, contacted, deliver
from tests.component.booking.people import enrolled
from tests.support.rows import count, rows


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
