"""How far a grant reaches: nobody else's things, no sibling unit, no prefix of a unit's name."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.contracts.assessment import FlagSource
from tests.component.accounts.conftest import person_id
from tests.component.booking.scheduling_support import SLOTS
from tests.support.apps import App, Client, eventually

MINE, PREFIX, BELOW = "wh/hc", "wh/h", "wh/hc/e00011"
PEOPLE = "/api/accounts/v1/people"
BOOKING = "/api/booking/v1"
QUIZZES = "/api/assessment/v1/quizzes"


def made(answer: Any) -> dict[str, Any]:
    assert answer.status_code in {200, 201}, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(scope="module")
def city(app: App) -> Client:
    return app.person("city-admin", unit="wh")


@pytest.fixture(scope="module")
def there(app: App, city: Client) -> dict[str, str]:
    """Things of `wh/hc` and of one worker there, whom somebody counsels."""
    site = made(city.post(f"{BOOKING}/sites", a_site()))["id"]
    room = made(city.post(f"{BOOKING}/sites/{site}/rooms", {"name": "一号"}))["id"]
    counsellor = str(person_id("counsellor"))
    terms = {
        "person": counsellor,
        "unit": MINE,
        "modes": ["video"],
        "sites": [site],
        "credential_expires_on": "2099-01-01",
    }
    made(city.post(f"{BOOKING}/counsellors", terms))
    day = {"starts": "00:00", "ends": "23:59", "site": site, "modes": ["video"]}
    week = {"items": [{"weekday": weekday, **day} for weekday in range(1, 8)]}
    made(city.put(f"{BOOKING}/counsellors/{counsellor}/availability", week))
    owner = worker(app)
    slot = owner.get(SLOTS, params={"counsellor": counsellor}).json()["items"][0]
    booked = made(owner.post(f"{BOOKING}/appointments", {"slot": slot["id"], "mode": "video"}))
    flag = {"source": "counsellor", "person": str(owner.person), "unit": "wh/hc/e0001"}
    case = made(app.person("duty", unit="wh").post(f"{BOOKING}/cases", flag))["id"]
    consent = owner.get("/api/assessment/v1/instruments/gad7").json()["consent"]
    sheet = {
        "instrument": "gad7",
        "consent": {"version": consent["version"], "granted": True},
    }
    answers = {f"q{number}": 2 for number in range(1, 8)}
    sitting = made(owner.post("/api/assessment/v1/sittings", sheet))["id"]
    response = made(owner.post("/api/assessment/v1/responses", {**sheet, "answers": answers}))
    offer = eventually(lambda: owner.get(f"{BOOKING}/offers").json()["items"])[0]["id"]
    message = eventually(lambda: owner.get("/api/notification/v1/messages").json()["items"])
    plan = {
        "title": "竞答",
        "unit": MINE,
        "bank": MINE,
        "opens_at": "2026-01-01T00:00:00Z",
        "closes_at": "2199-01-01T00:00:00Z",
        "questions": 1,
        "seconds": 60,
    }
    return {
        "quiz": made(city.post(f"{QUIZZES}/rounds", plan))["id"],
        "site": site,
        "room": room,
        "counsellor": counsellor,
        "appointment": booked["id"],
        "case": case,
        "sitting": sitting,
        "response": response["id"],
        "offer": offer,
        "message": message[0]["id"],
    }


def worker(app: App) -> Client:
    return app.person("worker", person=person_id("worker"), unit="wh/hc/e0001")


def a_site(unit: str = MINE) -> dict[str, str]:
    return {"name": f"站 {uuid4().hex[:6]}", "level": "station", "unit": unit}


OTHERS: dict[str, Callable[[dict[str, str]], str]] = {
    "GET": lambda has: f"/api/assessment/v1/responses/{has['response']}",
    "GET sitting": lambda has: f"/api/assessment/v1/sittings/{has['sitting']}",
    "PATCH": lambda has: f"/api/assessment/v1/sittings/{has['sitting']}",
    "POST submit": lambda has: f"/api/assessment/v1/sittings/{has['sitting']}/submit",
    "GET offer": lambda has: f"{BOOKING}/offers/{has['offer']}",
    "POST decline": lambda has: f"{BOOKING}/offers/{has['offer']}/decline",
    "GET appointment": lambda has: f"{BOOKING}/appointments/{has['appointment']}",
    "DELETE": lambda has: f"{BOOKING}/appointments/{has['appointment']}",
    "POST check-in": lambda has: f"{BOOKING}/appointments/{has['appointment']}/check-in",
    "POST reschedule": lambda has: f"{BOOKING}/appointments/{has['appointment']}/reschedule",
    "GET message": lambda has: f"/api/notification/v1/messages/{has['message']}",
    "POST read": lambda has: f"/api/notification/v1/messages/{has['message']}/read",
}
BODIES = {"PATCH": {"answers": {"q1": 1}}, "POST reschedule": {"slot": str(uuid4())}}


@pytest.mark.parametrize("what", OTHERS)
def test_a_colleague_finds_nothing_of_another(app: App, there: dict[str, str], what: str) -> None:
    method, path = what.split(" ")[0], OTHERS[what](there)

    colleague = app.person("worker", unit="wh/hc/e0001")
    answer = colleague.call(method, path, json=BODIES.get(what, {}))

    assert answer.status_code == 404, answer.text
    assert worker(app).get(OTHERS["GET appointment"](there)).json()["state"] == "booked"


def test_lists_hold_ones_own_and_nothing_else(app: App, there: dict[str, str]) -> None:
    colleague = app.person("worker", unit="wh/hc/e0001")

    for path in (
        "/api/assessment/v1/responses",
        f"{BOOKING}/offers",
        f"{BOOKING}/appointments",
        "/api/notification/v1/messages",
    ):
        asked = {"person": str(person_id("worker"))}
        assert colleague.get(path).json()["items"] == []
        assert colleague.get(path, params=asked).status_code in {200, 422}
        assert worker(app).get(path).json()["items"]


@pytest.mark.parametrize("path", ["", "/acknowledge", "/contacts", "/plan", "/close", "/hand-over"])
def test_a_counsellor_without_the_person_in_care_meets_no_case(
    app: App, there: dict[str, str], path: str
) -> None:
    stranger = app.person("counsellor", unit=MINE)
    bodies = {
        "/contacts": {"channel": "phone", "reached": True},
        "/plan": {"plan": "x"},
        "/close": {"reason": "resolved"},
        "/hand-over": {"to": str(stranger.person)},
    }

    answer = stranger.call(
        "POST" if path else "GET", f"{BOOKING}/cases/{there['case']}{path}", json=bodies.get(path)
    )

    assert (answer.status_code, answer.json()["code"]) == (404, "no-such-case")
    mine = app.person("counsellor", person=UUID(there["counsellor"]), unit=MINE)
    assert mine.get(f"{BOOKING}/cases/{there['case']}").status_code == 200
    assert stranger.get(f"{BOOKING}/cases").json()["items"] == []


def test_a_counsellor_reads_only_appointments_of_the_own(app: App, there: dict[str, str]) -> None:
    path = f"{BOOKING}/appointments/{there['appointment']}"

    assert app.person("counsellor", unit=MINE).get(path).status_code == 404
    mine = app.person("counsellor", person=UUID(there["counsellor"]), unit=MINE)
    assert mine.get(path).status_code == 200


Wish = tuple[str, str, Any]


def in_the_district(has: dict[str, str]) -> Iterator[Wish]:
    """Everything a district's administrator does to `wh/hc`."""
    target = person_id("worker-2")
    yield "GET", f"{PEOPLE}?unit={MINE}", None
    yield "PUT", f"{PEOPLE}/{target}/roles", {"roles": ["unit-admin"]}
    yield "PUT", f"{PEOPLE}/{target}/roles", {"roles": ["worker"], "scope": MINE}
    yield "POST", f"{PEOPLE}/{target}/end", None
    yield "POST", f"{PEOPLE}/{target}/first-password-codes", None
    yield "POST", "/api/accounts/v1/units", a_unit()
    yield "PATCH", f"/api/accounts/v1/units/{MINE}", {"name": "改名"}
    yield "POST", f"{BOOKING}/sites", a_site()
    yield "PATCH", f"{BOOKING}/sites/{has['site']}", {"name": "改名"}
    yield "POST", f"{BOOKING}/sites/{has['site']}/rooms", {"name": "二号"}
    yield "PATCH", f"{BOOKING}/sites/{has['site']}/rooms/{has['room']}", {"name": "改名"}
    yield "PATCH", f"{BOOKING}/counsellors/{has['counsellor']}", {"daily_limit": 1}
    yield "GET", f"{BOOKING}/counsellors/{has['counsellor']}/availability", None
    yield "PUT", f"{BOOKING}/counsellors/{has['counsellor']}/availability", {"items": []}
    yield "GET", f"{BOOKING}/counsellors/{has['counsellor']}/exceptions", None
    yield "GET", f"{QUIZZES}/questions?unit={MINE}", None
    yield "GET", f"{QUIZZES}/rounds/{has['quiz']}", None
    yield "PATCH", f"{QUIZZES}/rounds/{has['quiz']}", {"seconds": 30}
    yield "GET", f"{QUIZZES}/rounds/{has['quiz']}/winners", None
    yield "POST", f"{QUIZZES}/rounds/{has['quiz']}/draw", None
    yield "GET", f"/api/reporting/v1/indicators?unit={MINE}", None
    yield "GET", f"/api/reporting/v1/targets?unit={MINE}&year=2026", None


def a_unit() -> dict[str, str]:
    return {
        "parent": MINE,
        "segment": f"e{uuid4().hex[:6]}",
        "name": "新厂工会",
        "level": "enterprise",
        "kind": "enterprise-union",
    }


NOWHERE = dict.fromkeys(("site", "room", "counsellor", "quiz"), "")
WISHES = [f"{method} {path}" for method, path, _ in in_the_district(NOWHERE)]


@pytest.mark.parametrize("number", range(len(WISHES)), ids=WISHES)
@pytest.mark.parametrize("unit", [PREFIX, BELOW])
def test_an_administrator_of_another_unit_reaches_nothing_of_the_district(
    app: App, there: dict[str, str], number: int, unit: str
) -> None:
    """`wh/hc` begins like `wh/h`, `e00011` like `e0001`, and nobody below reaches what is above."""
    method, path, body = list(in_the_district(there))[number]

    answer = app.person("district-admin", unit=unit).call(method, path, json=body)

    if answer.status_code == 200:
        assert answer.json()["items"] == []
    else:
        assert answer.status_code in {403, 404}, answer.text


def test_the_own_administrator_reaches_it_all(app: App, there: dict[str, str]) -> None:
    own = app.person("district-admin", unit=MINE)

    for method, path, body in in_the_district(there):
        if "/end" not in path and method in {"GET", "PATCH"}:
            assert own.call(method, path, json=body).status_code == 200, path


def test_terms_and_people_of_a_list_end_where_the_name_of_the_unit_ends(
    app: App, there: dict[str, str]
) -> None:
    for unit, sees in ((MINE, True), (PREFIX, False)):
        admin = app.person("district-admin", unit=unit)
        terms = admin.get(f"{BOOKING}/counsellor-terms", params={"limit": 100}).json()["items"]
        people = admin.get(PEOPLE, params={"limit": 100}).json()["items"]
        assert (there["counsellor"] in {each["id"] for each in terms}) is sees
        assert (str(person_id("worker")) in {each["id"] for each in people}) is sees
        inside = {each["unit"] for each in people}
        assert all(each == unit or each.startswith(f"{unit}/") for each in inside)


def test_a_flag_is_raised_for_anybody_but_tells_nothing(app: App, there: dict[str, str]) -> None:
    """A counsellor may flag somebody who is not in their care, and reads no case by it."""
    stranger = app.person("counsellor", unit=PREFIX)
    flag = {"source": FlagSource.COUNSELLOR.value, "person": str(person_id("worker"))}

    answer = stranger.post(f"{BOOKING}/cases", flag)

    assert answer.status_code == 201
    assert answer.json().keys() <= {
        "id", "state", "crisis", "drill", "acute", "opened_at", "next_due_at",
    }  # fmt: skip
    assert stranger.get(f"{BOOKING}/cases/{answer.json()['id']}").status_code == 404
