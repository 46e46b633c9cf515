"""New signals on open cases and the page watch, over HTTP and PostgreSQL."""

from collections.abc import Iterator

import pytest

from services.booking.service import BookingService
from services.contracts.assessment import FlagSource
from services.contracts.notification import Channel
from tests.component.booking.cases_support import (
    CASES,
    a_case,
    a_flag,
    deliver,
    last_told,
    page_sent,
    time_is_up,
    timers,
    told,
    until_told,
)
from tests.support.apps import App, running
from tests.support.databases import TestPostgres


@pytest.fixture(scope="module")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    with running(postgres_server, [BookingService]) as app:
        yield app


def test_a_page_in_the_inbox_does_not_end_the_watch_a_mail_does(app):
    case = a_case(app)

    page_sent(app, case, channel=Channel.IN_APP)
    assert "case-page-watch" in timers(app, case)
    page_sent(app, case, channel=Channel.EMAIL)
    assert "case-page-watch" not in timers(app, case)


def test_a_call_for_help_pages_again_and_nobody_closes_over_it(app):
    duty, lead = app.person("duty", unit="wh"), app.person("clinical-lead", unit="wh")
    flag = a_flag()
    deliver(app, flag)
    contact = {"channel": "phone", "reached": True}
    duty.post(f"{CASES}/{flag.case}/contacts", contact)
    duty.post(f"{CASES}/{flag.case}/close", {"reason": "resolved"})

    deliver(app, a_flag(case=flag.case, person=flag.person, source=FlagSource.HELP_REQUEST))

    overdue = last_told(app, flag.case, "case-overdue")
    assert (overdue.data["reason"], overdue.urgent) == ("new-signal", True)
    gone = lead.post(f"{CASES}/{flag.case}/confirm-close")
    assert (gone.status_code, gone.json()["code"]) == (409, "close-not-requested")
    duty.post(f"{CASES}/{flag.case}/close", {"reason": "resolved"})
    refused = lead.post(f"{CASES}/{flag.case}/confirm-close")
    assert (refused.status_code, refused.json()["code"]) == (409, "signal-not-answered")
    duty.post(f"{CASES}/{flag.case}/contacts", contact)
    assert lead.post(f"{CASES}/{flag.case}/confirm-close").status_code == 200
    assert told(app, flag.case)[-1] == "case-closed"


def test_an_escalation_names_the_roster(app):
    case = a_case(app)
    page_sent(app, case)

    time_is_up(app, case)

    until_told(app, case, "case-escalated")
    data = last_told(app, case, "case-escalated").data
    assert data["fallback"] is (data["chain"] == [])
