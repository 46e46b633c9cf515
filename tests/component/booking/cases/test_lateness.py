"""A step that is not done in time pages again, and no open case is without a due time."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from tests.component.booking.cases_support import (
    CASES,
    a_case,
    last_told,
    page_sent,
    roster,
    time_is_up,
    timers,
    unroster,
    until_told,
)


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
