"""Closing months: when, by whom, and how editions prove themselves."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from services.chassis.settings import SettingsError
from services.reporting.calendar import Month
from services.reporting.editions.domain import digest_of
from services.reporting.figures.month import Figure
from services.reporting.service import ReportingService
from services.reporting.wiring import ReportingUnitOfWork
from tests.component.reporting import events
from tests.support.apps import App, Client, eventually, running
from tests.support.databases import Databases
from tests.support.rows import count, rows

EDITIONS = "/api/reporting/v1/editions"
FEBRUARY = datetime(2026, 2, 5, tzinfo=UTC)


def test_the_present_month_cannot_be_closed(city_admin: Client) -> None:
    now = Month.of(datetime.now(UTC))

    answer = city_admin.post(EDITIONS, {"month": str(now)})

    assert (answer.status_code, answer.json()["code"]) == (422, "month-not-over")


@pytest.mark.parametrize("month", ["2026-13", "March", "", None])
def test_a_month_is_asked_for_plainly(city_admin: Client, month: object) -> None:
    answer = city_admin.post(EDITIONS, {"month": month})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "month"


def test_only_the_city_and_the_clinical_lead_close(
    lead: Client, district_admin: Client, unit_admin: Client
) -> None:
    assert district_admin.post(EDITIONS, {"month": "2026-02"}).status_code == 403
    assert unit_admin.post(EDITIONS, {"month": "2026-02"}).status_code == 403
    assert lead.post(EDITIONS, {"month": "2026-02"}).status_code == 201


def test_editions_are_chained_and_can_be_checked(
    app: App, city_admin: Client, unit_admin: Client
) -> None:
    events.count(
        app.runtime("reporting"),
        [events.response(at=FEBRUARY) for _ in range(40)] + [events.response() for _ in range(15)],
    )
    first = city_admin.post(EDITIONS, {"month": "2026-02"}).json()
    second = city_admin.post(EDITIONS, {"month": "2026-03"}).json()

    listed = unit_admin.get(EDITIONS, params={"limit": 1}).json()
    rest = unit_admin.get(EDITIONS, params={"limit": 1, "cursor": listed["next"]}).json()

    assert (first["previous"], second["previous"]) == ("", first["digest"])
    assert [item["month"] for item in listed["items"] + rest["items"]] == ["2026-03", "2026-02"]
    assert rest["next"] is None
    kept = rows(
        app,
        "reporting",
        "SELECT unit, code, value, suppressed FROM edition_figures WHERE edition_id = :id",
        id=second["id"],
    )
    figures = [Figure(*row) for row in kept]
    assert digest_of("wh", Month(2026, 3), 10, first["digest"], figures) == second["digest"]


def test_a_bad_cursor_is_refused(city_admin: Client) -> None:
    answer = city_admin.get(EDITIONS, params={"cursor": "nonsense"})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-cursor")


def test_a_settled_month_closes_by_itself(postgres: Databases) -> None:
    database = postgres.database("reporting")
    settings = {"REPORTING_DATABASE_URL": database, "REPORTING_SETTLE_MINUTES": "0"}
    with running(postgres, (ReportingService,), **settings) as app:
        now = datetime.now(UTC)
        events.count(app.runtime("reporting"), [events.response(), events.response(at=now)])
        with app.runtime("reporting").database.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE timers SET due_at = now() WHERE kind = 'every:edition-closing'"
            )

        eventually(lambda: count(app, "reporting", "editions") == 1)

        assert str(rows(app, "reporting", "SELECT month FROM editions")[0].month) == "2026-03-01"


def test_the_minimum_group_cannot_be_set_below_its_floor(postgres: Databases) -> None:
    with (
        pytest.raises(SettingsError, match="REPORTING_MINIMUM_GROUP"),
        running(postgres, (ReportingService,), REPORTING_MINIMUM_GROUP="4"),
    ):
        pass


def test_the_database_has_the_patience_that_a_large_census_needs(app: App) -> None:
    runtime = app.runtime("reporting")
    shown = text("SHOW idle_in_transaction_session_timeout")

    with runtime.unit_of_work(ReportingUnitOfWork) as uow:
        uow.editions.lock()
        patience = uow.connection.execute(shown).scalar_one()

    with runtime.database.reading() as connection:
        assert (patience, connection.execute(shown).scalar_one()) == ("30min", "1min")
