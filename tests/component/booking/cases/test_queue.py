"""The queue of cases, and the status that says what waits and who is on duty."""

from uuid import uuid4

import pytest

from tests.component.booking.cases_support import CASES, STATUS, a_case, last_told, roster, unroster


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
