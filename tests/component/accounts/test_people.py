"""People, roles, units and addresses over real HTTP."""

from datetime import timedelta
from uuid import uuid4

import jwt
import pytest

from services.chassis.access import ACCESS
from tests.component.accounts.conftest import PASSWORD, SignIn, ToyBooking, person_id
from tests.support.apps import App, Client, eventually
from tests.support.rows import count, rows

PEOPLE = "/api/accounts/v1/people"
UNITS = "/api/accounts/v1/units"


def events(app: App, kind: str, subject: object) -> list[dict]:
    found = rows(
        app,
        "accounts",
        "SELECT data FROM outbox WHERE type = :type AND subject = :subject ORDER BY position",
        type=f"accounts.{kind}.v1",
        subject=str(subject),
    )
    return [row.data for row in found]


def test_everybody_reads_oneself(as_: SignIn) -> None:
    me = as_("worker1").get("/api/accounts/v1/me").json()

    assert me == as_("worker1").get(f"{PEOPLE}/me").json()
    assert (me["name"], me["unit"], me["member_no"]) == ("姓名worker1", "wh/hc/e0001", "m-0001")


def test_administrators_see_their_part_of_the_tree_and_leave_a_trace(as_: SignIn) -> None:
    unit = as_("unit-admin1").get(PEOPLE).json()["items"]
    district = as_("district-admin1").get(PEOPLE).json()["items"]
    city = as_("city-admin").get(f"{PEOPLE}?limit=200").json()["items"]
    log = as_("worker1").get(f"{PEOPLE}/me/access-log").json()["items"]

    assert {each["unit"] for each in unit} == {"wh/hc/e0001"}
    assert all(each["unit"].startswith("wh/hc") for each in district)
    assert len(city) > len(district) > len(unit) > 0
    assert set(unit[0]) == {
        "id", "name", "login", "member_no", "unit", "roles", "scope", "status", "has_password"
    }  # fmt: skip
    assert [each["by"]["name"] for each in log[:2]] == ["姓名city-admin", "姓名district-admin1"]
    assert as_("worker1").get(PEOPLE).status_code == 403
    assert as_("duty1").get(PEOPLE).status_code == 403


def test_people_are_listed_in_pages(as_: SignIn) -> None:
    first = as_("city-admin").get(f"{PEOPLE}?limit=2").json()
    second = as_("city-admin").get(f"{PEOPLE}?limit=200&cursor={first['next']}").json()
    bad = as_("city-admin").get(f"{PEOPLE}?cursor=nonsense")

    ids = [each["id"] for each in first["items"] + second["items"]]
    assert len(ids) == len(set(ids))
    assert {str(person_id("worker1")), str(person_id("ops"))} <= set(ids)
    assert bad.json()["code"] == "bad-cursor"


def test_only_addresses_of_ones_own_are_read_and_written(as_: SignIn, app: App) -> None:
    me, path = as_("worker2"), f"{PEOPLE}/me/contact-points"
    items = [{"channel": "sms", "address": "139 0000 9999"}]
    wanted = {"items": items, "language": "en", "password": PASSWORD}

    wrong = me.put(path, {**wanted, "items": [{"channel": "email", "address": "nonsense"}]})
    twice = me.put(path, {**wanted, "items": items * 2})
    guessed = me.put(path, {**wanted, "password": "a guess"})
    before = me.get(path).json()["items"]
    stored = me.put(path, wanted)
    me.put(path, wanted)

    assert wrong.json()["errors"][0]["field"] == "items.0.address"
    assert twice.json()["errors"][0]["code"] == "twice"
    assert guessed.json()["code"] == "wrong-password"
    assert before == []
    assert stored.json() == me.get(path).json()
    assert stored.json()["items"] == [{"channel": "sms", "address": "+8613900009999"}]
    assert len(events(app, "contact-changed", me.person)) == 1
    card = app.service_call(
        "GET", "accounts", f"/internal/v1/people/{me.person}/contact-points", caller="notification"
    )
    assert card.json()["language"] == "en"


def test_the_duty_officer_reads_addresses_with_a_reason_the_person_can_see(as_: SignIn) -> None:
    path, case = f"{PEOPLE}/{person_id('worker1')}/contact-points", uuid4()
    ToyBooking.cases[case] = (person_id("worker1"), True)

    unsaid = as_("duty1").get(f"{path}?case={case}")
    read = as_("duty1").get(f"{path}?case={case}&reason=call+back")
    other = as_("counsellor1").get(f"{path}?case={case}&reason=call+back")

    assert unsaid.status_code == 422
    assert read.status_code == 200, read.text
    assert {each["channel"] for each in read.json()["items"]} == {"email", "sms"}
    assert (read.json()["name"], read.json()["unit_name"]) == ("姓名worker1", "第一机械厂工会")
    assert other.status_code == 403
    look = as_("worker1").get(f"{PEOPLE}/me/access-log").json()["items"][0]
    assert (look["action"], look["by"]["roles"]) == ("contact-point.read", ["duty"])
    assert look["reason"] == f"call back (case {case})"
    assert look["at"].endswith("Z")


def test_addresses_are_read_for_an_open_case_of_the_person(
    as_: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, others, mine = uuid4(), uuid4(), uuid4()
    ToyBooking.cases[closed] = (person_id("worker1"), False)
    ToyBooking.cases[others] = (person_id("worker2"), True)
    ToyBooking.cases[mine] = (person_id("worker1"), True)
    path = f"{PEOPLE}/{person_id('worker1')}/contact-points?reason=call+back&case="

    refused = [as_("duty1").get(f"{path}{case}") for case in (uuid4(), closed, others)]
    monkeypatch.setattr(ToyBooking, "away", True)
    unverified = as_("duty1").get(f"{path}{mine}")

    assert [each.status_code for each in refused] == [404, 404, 404]
    assert {each.json()["code"] for each in refused} == {"case-not-found"}
    assert unverified.status_code == 200
    look = as_("worker1").get(f"{PEOPLE}/me/access-log").json()["items"][0]
    assert look["action"] == "contact-point.read-unverified"


def test_booking_asks_for_roles_and_the_unit_they_hold_for(as_: SignIn, app: App) -> None:
    duty = person_id("duty1")
    known = app.service_call(
        "GET", "accounts", f"/internal/v1/people/{duty}/roles", caller="booking"
    )
    unknown = app.service_call(
        "GET", "accounts", f"/internal/v1/people/{uuid4()}/roles", caller="booking"
    )
    outside = as_("ops").get(f"/internal/v1/people/{duty}/roles")

    assert known.json() == {"person": str(duty), "roles": ["duty"], "unit": "wh"}
    assert (unknown.status_code, outside.status_code) == (404, 401)


def test_notification_gets_the_addresses_of_staff_and_nobody_else_does(
    as_: SignIn, app: App
) -> None:
    cards = app.service_call(
        "GET", "accounts", "/internal/v1/staff-contact-points", caller="notification"
    ).json()
    outside = as_("ops").get("/internal/v1/staff-contact-points")

    mine = [each for each in cards["items"] if each["person"] == str(person_id("duty1"))]
    assert mine == [
        {
            "person": str(person_id("duty1")),
            "language": "zh",
            "channel": "email",
            "address": "duty1@example.org",
        }
    ]
    assert str(person_id("worker1")) not in str(cards)
    assert outside.status_code == 401
    unknown = app.service_call(
        "GET", "accounts", f"/internal/v1/people/{uuid4()}/contact-points", caller="notification"
    )
    assert unknown.status_code == 404


def test_roles_are_given_by_who_may_and_told_to_the_others(as_: SignIn, app: App) -> None:
    person = person_id("worker2")
    path = f"{PEOPLE}/{person}/roles"

    by_district = as_("district-admin1").put(path, {"roles": ["unit-admin"]})
    above = as_("district-admin1").put(
        f"{PEOPLE}/{person_id('worker1')}/roles", {"roles": ["city-admin"]}
    )
    mixed = as_("city-admin").put(path, {"roles": ["counsellor", "unit-admin"]})
    own = as_("city-admin").put(
        f"{PEOPLE}/{person_id('city-admin')}/roles", {"roles": ["clinical-lead"]}
    )
    given = as_("city-admin").put(path, {"roles": ["worker", "unit-admin"], "scope": "wh/kf"})
    taken = as_("city-admin").put(path, {"roles": ["worker"]})

    assert by_district.json()["code"] == "unit-not-yours"
    assert above.json()["code"] == "role-above-yours"
    assert mixed.json()["code"] == "roles-do-not-combine"
    assert own.json()["code"] == "own-roles"
    assert given.json()["scope"] == "wh/kf"
    assert taken.status_code == 200
    assert events(app, "role-changed", person) == [
        {"person": str(person), "roles": ["unit-admin", "worker"], "scope": "wh/kf"},
        {"person": str(person), "roles": ["worker"], "scope": "wh/kf/e0003"},
    ]


def test_an_ended_account_is_closed_at_once(as_: SignIn, app: App) -> None:
    file = "name,login,unit,roles\n离岗,leaver,wh/hc/e0001,counsellor".encode()
    admin = as_("city-admin")
    admin.call("POST", "/api/accounts/v1/imports", data=file, headers={"Content-Type": "text/csv"})
    person = admin.get(f"{PEOPLE}?q=leaver").json()["items"][0]["id"]
    alone = admin.post(f"{PEOPLE}/{person}/first-password-codes")
    assert (alone.status_code, alone.json()["code"]) == (403, "second-person-needed")
    code = as_("district-admin1").post(f"{PEOPLE}/{person}/first-password-codes").json()["code"]
    login = {"login": "leaver", "password": "ein langes Wort"}
    app.anybody().post("/api/accounts/v1/passwords", {**login, "code": code})
    session = app.anybody().post("/api/accounts/v1/sessions", login).json()

    assert admin.post(f"{PEOPLE}/{person}/end").status_code == 204

    refresh = {"refresh_token": session["refresh_token"]}
    assert app.anybody().post("/api/accounts/v1/sessions/refresh", refresh).status_code == 401
    assert app.anybody().post("/api/accounts/v1/sessions", login).status_code == 401
    assert events(app, "role-changed", person)[-1]["roles"] == []


def test_units_are_added_changed_and_ended_within_reach(as_: SignIn, app: App) -> None:
    district = as_("district-admin1")
    station = {
        "parent": "wh/hc", "segment": "s0001", "name": "心灵驿站", "level": "station",
        "kind": "station",
    }  # fmt: skip

    made = district.post(UNITS, station)
    again = district.post(UNITS, station)
    elsewhere = district.post(UNITS, {**station, "parent": "wh/kf"})
    too_deep = district.post(UNITS, {**station, "parent": "wh/hc/s0001"})
    wrong_level = district.post(UNITS, {**station, "segment": "s2", "level": "district"})
    renamed = district.patch(f"{UNITS}/wh/hc/s0001", {"name": "暖心驿站"})
    in_use = district.patch(f"{UNITS}/wh/hc", {"status": "ended"})
    ended = district.patch(f"{UNITS}/wh/hc/s0001", {"status": "ended"})

    assert made.status_code == 201
    assert made.json() == {**made.json(), "path": "wh/hc/s0001", "parent": "wh/hc"}
    assert again.json()["code"] == "unit-already-there"
    assert elsewhere.json()["code"] == "unit-not-yours"
    assert too_deep.json()["errors"][0]["code"] == "too-deep"
    assert wrong_level.json()["errors"][0]["field"] == "level"
    assert renamed.json()["name"] == "暖心驿站"
    assert in_use.json()["code"] == "unit-still-in-use"
    assert ended.json()["status"] == "ended"
    told = events(app, "unit-changed", "wh/hc/s0001")
    assert [each["status"] for each in told] == ["active", "active", "ended"]
    assert told[0]["parent"] == "wh/hc"


def test_the_tree_is_read_by_everybody_signed_in(as_: SignIn, app: App) -> None:
    children = as_("worker1").get(f"{UNITS}?parent=wh").json()["items"]
    under = as_("worker1").get(f"{UNITS}?under=wh/kf").json()["items"]

    assert [each["path"] for each in children] == ["wh/hc", "wh/kf"]
    assert [each["path"] for each in under] == ["wh/kf", "wh/kf/e0003"]
    assert as_("ops").get(f"{UNITS}/wh/kf").json()["name"] == "开发区总工会"
    assert as_("ops").get(f"{UNITS}/wh/nowhere").json()["code"] == "unit-not-found"
    assert app.anybody().get(UNITS).status_code == 401


def test_temporary_workers_have_a_token_and_nothing_else(as_: SignIn, app: App) -> None:
    path = "/api/accounts/v1/temporary-workers"
    admin = as_("city-admin")

    made = admin.post(path, {"count": 300, "unit": "wh/hc/e0001"})
    refused = as_("district-admin1").post(path, {"count": 1, "unit": "wh/hc"})
    too_many = admin.post(path, {"count": 1001, "unit": "wh"})

    assert made.status_code == 201
    items = made.json()["items"]
    assert len({each["person"] for each in items}) == 300
    claims = jwt.decode(items[0]["access_token"], options={"verify_signature": False})
    assert (claims["temporary"], claims["roles"]) == (True, ["worker"])
    assert items[0]["expires_in"] == 4 * 3600
    assert (refused.status_code, too_many.status_code) == (403, 422)
    me = Client(app, items[0]["access_token"]).get("/api/accounts/v1/me")
    assert me.status_code == 403
    assert count(app, "accounts", "audit", "action = 'temporary-workers.provision'") == 1


def test_temporary_workers_end_with_their_token(as_: SignIn, app: App) -> None:
    as_("city-admin").post("/api/accounts/v1/temporary-workers", {"count": 2, "unit": "wh/kf"})
    runtime = app.runtime("accounts")
    clock = runtime.clock

    class Later:
        def now(self):
            return clock.now() + timedelta(hours=5)

    runtime.clock = Later()
    with runtime.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE timers SET due_at = now() WHERE kind = 'temporary-workers-expiry'"
        )
    still = "temporary AND status = 'active'"

    try:
        eventually(lambda: count(app, "accounts", "people", still) == 0)
    finally:
        runtime.clock = clock


@pytest.mark.parametrize("action", ["person.list", "person.import", "role.assign"])
def test_no_role_of_care_administers(action: str) -> None:
    assert not {"worker", "counsellor", "duty", "clinical-lead"} & {
        role.value for role in ACCESS[action]
    }


def test_the_api_describes_itself(app: App) -> None:
    document = app.anybody().get("/api/accounts/v1/openapi.json").json()

    assert "/api/accounts/v1/sessions" in document["paths"]
    assert not [path for path in document["paths"] if path.startswith("/internal")]
