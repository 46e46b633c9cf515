"""Sites and their rooms over HTTP."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from services.booking.service import BookingService
from tests.component.booking.people import ToyAccounts
from tests.component.booking.scheduling_support import (
    API,
    Town,
    listed,
    refused,
    told_of,
)
from tests.support.apps import App, eventually, running
from tests.support.databases import Databases, TestPostgres


@pytest.fixture(scope="module")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    databases = Databases(postgres_server)
    with running(databases, [BookingService, ToyAccounts]) as started:
        yield started
    databases.drop_all()


@pytest.fixture
def town(app: App) -> Town:
    return Town(app)


def test_a_site_is_opened_changed_and_told_to_the_world(app, town):
    site = town.site(unit="wh/hc", address="和平路 1 号")

    answer = town.admin.patch(f"{API}/sites/{site}", {"phone": "12356"})

    assert answer.status_code == 200
    assert answer.json()["phone"] == "12356"
    assert answer.json()["opened_at"].endswith("Z")
    assert told_of(app, site) == ["site-opened"]


def test_sites_are_listed_by_subtree_and_level_in_pages(town):
    inside = {town.site(unit="wh/xx/e1") for _ in range(3)}
    town.site(unit="wh/xxl")

    first = town.worker().get(f"{API}/sites", params={"unit": "wh/xx", "limit": 2}).json()
    query = {"unit": "wh/xx", "cursor": first["next"]}
    second = town.worker().get(f"{API}/sites", params=query).json()

    assert {each["id"] for each in first["items"] + second["items"]} == inside
    assert second["next"] is None
    assert listed(town.worker(), f"{API}/sites", unit="wh/xx", level="city-centre") == []


def test_a_district_admin_works_in_the_own_subtree_only(app, town):
    site, admin = town.site(unit="wh/hc"), app.person("district-admin", unit="wh/gq")
    body = {"name": "站", "level": "station", "unit": "wh/hc"}

    assert refused(admin.post(f"{API}/sites", body), 403) == "outside-your-unit"
    answer = admin.patch(f"{API}/sites/{site}", {"name": "别处"})
    assert refused(answer, 403) == "outside-your-unit"
    assert admin.post(f"{API}/sites", {**body, "unit": "wh/gq/e1"}).status_code == 201


def test_workers_and_unit_admins_open_no_sites(app, town):
    body = {"name": "站", "level": "station", "unit": "wh/hc"}

    assert refused(town.worker().post(f"{API}/sites", body), 403) == "not-allowed"
    assert app.person("unit-admin").post(f"{API}/sites", body).status_code == 403
    assert app.anybody().post(f"{API}/sites", body).status_code == 401


def test_rooms_of_a_site_have_different_names(town):
    site = town.site()
    town.room(site, name="一号")

    answer = town.admin.post(f"{API}/sites/{site}/rooms", {"name": "一号"})

    assert refused(answer, 409) == "room-name-taken"
    assert [room["name"] for room in listed(town.admin, f"{API}/sites/{site}/rooms")] == ["一号"]


def test_unknown_sites_and_rooms_are_not_found(town):
    site = town.site()

    assert refused(town.admin.get(f"{API}/sites/{uuid4()}"), 404) == "site-not-found"
    answer = town.admin.patch(f"{API}/sites/{site}/rooms/{uuid4()}", {"active": False})
    assert refused(answer, 404) == "room-not-found"


def test_wrong_fields_are_named(town):
    answer = town.admin.post(f"{API}/sites", {"name": " ", "level": "palace", "unit": "WH"})

    assert refused(answer, 422) == "invalid-fields"
    assert {error["field"] for error in answer.json()["errors"]} == {"name", "level", "unit"}


def test_sessions_in_person_share_the_rooms_of_a_site(town):
    site = town.site()
    room = town.room(site)
    first = town.counsellor(site)
    second = town.counsellor(site)

    assert {tuple(slot["modes"]) for slot in town.slots(first)} == {("in-person", "video")}
    assert {tuple(slot["modes"]) for slot in town.slots(second)} == {("video",)}

    town.admin.patch(f"{API}/sites/{site}/rooms/{room}", {"active": False})
    town.room(site)
    town.room(site)
    town.set_week(second, [{"weekday": 1, "starts": "09:00", "ends": "12:00"}], site, ["in-person"])
    assert {tuple(slot["modes"]) for slot in town.slots(second)} == {("in-person",)}


def test_a_site_that_closes_loses_its_slots_by_the_sweep(postgres):
    with running(postgres, [BookingService, ToyAccounts]) as app:
        town = Town(app)
        site = town.site()
        counsellor = town.counsellor(site)
        assert town.slots(counsellor)

        town.admin.patch(f"{API}/sites/{site}", {"active": False})
        with app.runtime("booking").database.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE timers SET due_at = now() WHERE kind = 'every:slot-horizon'"
            )

        eventually(lambda: town.slots(counsellor) == [], what="no slots at a closed site")


def test_the_document_of_the_service_names_its_routes(app):
    document = app.anybody().get(f"{API}/openapi.json").json()

    assert f"{API}/appointments/{{appointment_id}}/check-in" in document["paths"]
    refusals = document["paths"][f"{API}/appointments"]["post"]["responses"]["409"]
    assert "slot-already-taken" in refusals["description"]
