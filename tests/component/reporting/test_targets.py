"""Targets and the pace towards them."""

from tests.component.reporting import events
from tests.component.reporting.conftest import Indicators
from tests.support.apps import App, Client

TARGETS = "/api/reporting/v1/targets"


def test_the_defaults_are_the_notices_targets(city_admin: Client) -> None:
    answer = city_admin.post(f"{TARGETS}/defaults", {"unit": "wh", "year": 2026})

    values = {item["code"]: item["value"] for item in answer.json()["items"]}
    assert values["lectures-held"] == 150
    assert values["lecture-participants"] == 20_000
    assert values["appointments-completed"] == 100
    assert values["sites-opened-enterprise-room"] == 40


def test_defaults_do_not_replace_what_the_city_set(city_admin: Client) -> None:
    wanted = {"unit": "wh", "year": 2026, "code": "lectures-held", "value": 180}
    assert city_admin.put(TARGETS, wanted).status_code == 204

    city_admin.post(f"{TARGETS}/defaults", {"unit": "wh", "year": 2026})

    items = city_admin.get(TARGETS, params={"unit": "wh", "year": 2026}).json()["items"]
    assert {item["code"]: item["value"] for item in items}["lectures-held"] == 180


def test_a_target_shows_beside_its_number_with_the_pace(
    app: App, city_admin: Client, indicators: Indicators
) -> None:
    events.count(app.runtime("reporting"), [events.session_completed() for _ in range(40)])
    city_admin.put(
        TARGETS, {"unit": "wh", "year": 2025, "code": "appointments-completed", "value": 100}
    )
    city_admin.put(
        TARGETS, {"unit": "wh", "year": 2026, "code": "appointments-completed", "value": 10}
    )
    city_admin.put(TARGETS, {"unit": "wh", "year": 2026, "code": "lectures-held", "value": 150})

    this_year = indicators(city_admin)
    last_year = indicators(city_admin, year=2025)

    sessions = this_year["appointments-completed"]
    assert (sessions["value"], sessions["target"], sessions["pace"]) == (40, 10, "ahead")
    lectures = this_year["lectures-held"]
    assert (lectures["value"], lectures["state"], lectures["pace"]) == (None, "uncounted", None)
    missed = last_year["appointments-completed"]
    assert (missed["value"], missed["expected"], missed["pace"]) == (0, 1.0, "at-risk")


def test_a_target_can_be_taken_away(city_admin: Client) -> None:
    target = {"unit": "wh/hc", "year": 2026, "code": "lectures-held", "value": 9}
    city_admin.put(TARGETS, target)
    city_admin.put(TARGETS, {**target, "value": None})

    items = city_admin.get(TARGETS, params={"unit": "wh/hc", "year": 2026}).json()["items"]
    assert items == []


def test_the_city_alone_sets_targets(
    lead: Client, district_admin: Client, city_admin: Client
) -> None:
    target = {"unit": "wh/hc", "year": 2026, "code": "lectures-held", "value": 9}

    assert lead.put(TARGETS, target).status_code == 403
    assert district_admin.put(TARGETS, target).status_code == 403
    assert city_admin.put(TARGETS, {**target, "unit": "xy"}).status_code == 403


def test_a_wrong_target_names_its_field(city_admin: Client) -> None:
    wrong = {"unit": "wh", "year": 1999, "code": "Lectures!", "value": -1}

    answer = city_admin.put(TARGETS, wrong)

    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"year", "code", "value"}
