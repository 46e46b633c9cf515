"""Who sees which numbers, live and closed, over HTTP."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.contracts.assessment import Risk
from services.contracts.envelope import Envelope
from services.reporting.figures.kinds import Kind, kind_of
from tests.component.reporting import events
from tests.component.reporting.conftest import MONTHS, Indicators, people
from tests.support.apps import App, Client
from tests.support.rows import rows

BANDS = ("minimal", "minimal", "minimal", "mild", "moderate")


def a_march() -> list[Envelope]:
    """60 people of two enterprises of one district, and 15 of another district."""
    found = []
    for index, person in enumerate(people(75)):
        unit = ("wh/hc/e1", "wh/hc/e2")[index % 2] if index < 60 else "wh/kf/e3"
        risk = Risk.CRISIS if index % 5 == 0 else Risk.NONE
        found.append(events.response(person=person, band=BANDS[index % 5], risk=risk, unit=unit))
        if index % 3 == 0:
            found.append(events.offer_made(person=person, unit=unit))
        if index % 6 == 0:
            found.append(events.offer_accepted(person=person, unit=unit))
    return found


@pytest.fixture
def march(app: App) -> list[Envelope]:
    happened = a_march()
    events.count(app.runtime("reporting"), happened)
    return happened


def close_march(city_admin: Client) -> Any:
    return city_admin.post("/api/reporting/v1/editions", {"month": "2026-03"})


@pytest.mark.usefixtures("march")
def test_the_clinical_lead_sees_the_city_live(lead: Client, indicators: Indicators) -> None:
    seen = indicators(lead, **MONTHS)

    assert seen["responses-completed"]["value"] == 75
    assert seen["responses-phq9-minimal"]["value"] == 45
    assert seen["risk-crisis"]["value"] == 15
    assert seen["offers-made"]["value"] == 25
    assert seen["responses-completed"]["state"] == "live"


@pytest.mark.usefixtures("march")
def test_administrators_see_activity_live_and_wait_for_the_rest(
    city_admin: Client, district_admin: Client, indicators: Indicators
) -> None:
    for client, offers in ((city_admin, 25), (district_admin, None)):
        seen = indicators(client, **MONTHS)

        assert seen["offers-made"]["state"] == "live"
        assert seen["offers-made"]["value"] == offers
        for code, item in seen.items():
            if kind_of(code) in {Kind.CLINICAL, Kind.CRISIS}:
                assert (item["value"], item["state"]) == (None, "pending")


@pytest.mark.usefixtures("march")
def test_a_unit_sees_nothing_before_the_month_is_closed(
    unit_admin: Client, indicators: Indicators
) -> None:
    seen = indicators(unit_admin, **MONTHS)

    counted = [item for item in seen.values() if item["state"] != "uncounted"]
    assert all(item["state"] == "pending" and item["value"] is None for item in counted)


@pytest.mark.usefixtures("march")
def test_a_closed_month_shows_units_what_is_safe(
    city_admin: Client, unit_admin: Client, district_admin: Client, indicators: Indicators
) -> None:
    assert close_march(city_admin).status_code == 201

    unit, district = indicators(unit_admin, **MONTHS), indicators(district_admin, **MONTHS)

    assert district["responses-completed"]["value"] == 60
    assert unit["responses-completed"]["value"] == 30
    assert unit["responses-completed"]["state"] == "closed"
    assert unit["responses-phq9-mild"]["suppressed"]
    assert unit["risk-crisis"]["suppressed"]
    assert not any(code.startswith("crisis-") for code in unit)


@pytest.mark.usefixtures("march")
def test_what_was_live_is_what_is_closed(
    city_admin: Client, lead: Client, indicators: Indicators
) -> None:
    before = {code: item["value"] for code, item in indicators(lead, **MONTHS).items()}

    close_march(city_admin)

    assert {code: item["value"] for code, item in indicators(lead, **MONTHS).items()} == before


@pytest.mark.usefixtures("march")
def test_a_closed_month_never_changes(
    app: App, city_admin: Client, unit_admin: Client, indicators: Indicators
) -> None:
    close_march(city_admin)
    before = indicators(unit_admin, **MONTHS)

    events.count(app.runtime("reporting"), [events.response() for _ in range(50)])

    assert indicators(unit_admin, **MONTHS) == before
    again = close_march(city_admin)
    assert (again.status_code, again.json()["code"]) == (409, "month-already-closed")


def test_a_year_is_made_of_its_published_months(
    app: App, lead: Client, indicators: Indicators
) -> None:
    runtime = app.runtime("reporting")
    february = datetime(2026, 2, 5, tzinfo=UTC)
    events.count(runtime, [events.offer_made(at=february) for _ in range(30)])
    events.count(runtime, [events.offer_made() for _ in range(40)])
    events.count(runtime, [events.session_completed(at=february) for _ in range(40)])
    events.count(runtime, [events.session_completed() for _ in range(3)])

    year = indicators(lead)

    assert year["offers-made"]["value"] == 70
    assert year["appointments-completed"]["suppressed"]
    months = lead.get(
        "/api/reporting/v1/indicators/offers-made/months", params={"year": 2026}
    ).json()["items"]
    by_month = {item["month"]: item["value"] for item in months}
    assert (by_month["2026-01"], by_month["2026-02"], by_month["2026-03"]) == (0, 30, 40)


def test_crisis_times_are_medians_of_the_city_over_enough_cases(
    app: App, lead: Client, city_admin: Client, indicators: Indicators
) -> None:
    runtime = app.runtime("reporting")
    cases = people(15)
    events.count(runtime, [events.case_opened(case) for case in cases])
    events.count(
        runtime,
        [events.case_acknowledged(case, 60 * (index + 1)) for index, case in enumerate(cases)],
    )
    events.count(runtime, [events.case_contacted(case, 600) for case in cases[:9]])

    live = indicators(lead, **MONTHS)

    assert live["crisis-cases"]["value"] == 15
    assert live["crisis-acknowledged-minutes"]["value"] == 8.0
    assert live["crisis-contacted-minutes"]["suppressed"]
    assert indicators(lead)["crisis-acknowledged-minutes"]["value"] == 8.0
    assert indicators(city_admin, **MONTHS)["crisis-cases"]["state"] == "pending"
    close_march(city_admin)
    assert indicators(city_admin, **MONTHS)["crisis-acknowledged-minutes"]["value"] == 8.0
    assert indicators(city_admin)["crisis-acknowledged-minutes"]["value"] == 8.0


@pytest.mark.usefixtures("march")
def test_no_live_number_gives_a_small_district_away(
    city_admin: Client, district_admin: Client, app: App, indicators: Indicators
) -> None:
    other = app.person("district-admin", unit="wh/kf")

    city = indicators(city_admin, **MONTHS)["offers-made"]
    small = indicators(other, **MONTHS)["offers-made"]
    large = indicators(district_admin, **MONTHS)["offers-made"]

    assert (city["value"], small["suppressed"], large["suppressed"]) == (25, True, True)


def test_everybody_stays_in_the_own_subtree(
    unit_admin: Client, district_admin: Client, city_admin: Client
) -> None:
    for client, unit in (
        (unit_admin, "wh/hc"),
        (unit_admin, "wh/hc/e10"),
        (district_admin, "wh"),
        (district_admin, "wh/kf/e3"),
        (city_admin, "xy"),
    ):
        answer = client.get("/api/reporting/v1/indicators", params={"unit": unit})
        assert (answer.status_code, answer.json()["code"]) == (403, "unit-not-yours")


def test_others_see_no_statistics(app: App) -> None:
    for role in ("worker", "counsellor", "duty", "ops"):
        assert app.person(role, unit="wh").get("/api/reporting/v1/indicators").status_code == 403
    assert app.anybody().get("/api/reporting/v1/indicators").status_code == 401


@pytest.mark.parametrize(
    ("field", "value"), [("month", 13), ("year", "soon"), ("unit", "../etc"), ("cell", 1)]
)
def test_a_wrong_query_names_its_field(lead: Client, field: str, value: object) -> None:
    answer = lead.get("/api/reporting/v1/indicators", params={field: value})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_titles_come_in_both_languages(app: App, lead: Client, indicators: Indicators) -> None:
    events.count(app.runtime("reporting"), [events.response(band="moderately_severe")])
    english = lead.get(
        "/api/reporting/v1/indicators", params=MONTHS, headers={"Accept-Language": "en"}
    ).json()["items"]

    chinese = indicators(lead, **MONTHS)

    titles = {item["code"]: item["title"] for item in english}
    assert titles["responses-phq9-moderately_severe"] == "PHQ-9 result: moderately severe"
    assert chinese["responses-phq9-moderately_severe"]["title"] == "PHQ-9 结果：中重度"


def test_places_are_counted_openly(app: App, city_admin: Client, indicators: Indicators) -> None:
    events.count(
        app.runtime("reporting"), [events.site_opened("station", unit="wh/hc") for _ in range(2)]
    )

    seen = indicators(city_admin, **MONTHS)["sites-opened-station"]

    assert (seen["value"], seen["suppressed"]) == (2, False)


def test_the_event_tells_the_citys_suppressed_numbers(
    app: App, march: list[Envelope], city_admin: Client
) -> None:
    assert march
    edition = close_march(city_admin).json()

    sent = rows(
        app,
        "reporting",
        "SELECT data, unit FROM outbox WHERE type = 'reporting.statistics-published.v1'",
    )

    assert len(sent) == 1
    data = sent[0].data
    assert (data["month"], data["scope"], data["digest"]) == ("2026-03", "wh", edition["digest"])
    values = {figure["code"]: figure["value"] for figure in data["figures"]}
    assert values["responses-completed"] == 75
    released = rows(app, "reporting", "SELECT channel, figures, digest FROM releases")
    assert [tuple(row) for row in released] == [
        ("statistics-published", len(values), edition["digest"])
    ]
