"""Whoever of the staff looks at a person's data leaves a row that says so."""

from typing import Any

import pytest

from services.apphost import KEEPERS
from tests.security.secrecy.loop import Loop
from tests.security.secrecy.seeds import SEEDS

PEOPLE = "/api/accounts/v1/people"
CASES = "/api/booking/v1/cases"
APPOINTMENTS = "/api/booking/v1/appointments"
HELP = "/api/assessment/v1/cases/{case}/help-requests"

LOOKS = {
    PEOPLE: ("accounts", "person.list"),
    f"{PEOPLE}/{{person}}/contact-points": ("accounts", "contact-point.read"),
    HELP: ("assessment", "help-request.read"),
    CASES: ("booking", "case.list"),
    f"{CASES}/{{case_id}}": ("booking", "case.read"),
    APPOINTMENTS: ("booking", "appointment.read"),
    f"{APPOINTMENTS}/{{appointment_id}}": ("booking", "appointment.read"),
}
NOBODYS = {
    "/api/accounts/v1/imports": "counts of files",
    "/api/accounts/v1/subscriptions": "other systems, by name",
    "/api/accounts/v1/subscriptions/{subscription}/grants": "agreements with another system",
    "/api/assessment/v1/quizzes/questions": "questions of quizzes with their right answers",
    "/api/assessment/v1/quizzes/rounds": "quizzes, and counts from ten on",
    "/api/assessment/v1/quizzes/rounds/{round_id}": "a quiz, and a count from ten on",
    "/api/assessment/v1/quizzes/rounds/{round_id}/winners": "entry numbers, which are nobody's",
    "/api/booking/v1/counsellor-terms": "terms of work, by id",
    "/api/booking/v1/counsellors/{counsellor_id}/availability": "hours of work, by id",
    "/api/booking/v1/counsellors/{counsellor_id}/exceptions": "hours of work, by id",
    "/api/booking/v1/duty/status": "counts, and officers by id",
    "/api/booking/v1/rosters/coverage": "hours",
    "/api/booking/v1/rosters/shifts": "officers by id",
    "/api/booking/v1/slots": "free hours",
    "/api/reporting/v1/editions": "suppressed numbers",
    "/api/reporting/v1/indicators": "suppressed numbers",
    "/api/reporting/v1/indicators/{code}/months": "suppressed numbers",
    "/api/reporting/v1/loops/{correlation_id}": "steps without content",
    "/api/reporting/v1/rebuilds/{rebuild_id}": "progress",
    "/api/reporting/v1/targets": "numbers",
}


@pytest.fixture(scope="module")
def booked(loop: Loop) -> tuple[str, Any]:
    """The person's appointment, and its counsellor signed in."""
    [row] = loop.city.query(
        "booking",
        "SELECT id, counsellor FROM appointments WHERE person = :person LIMIT 1",
        person=loop.person,
    )
    for number in range(1, 41):
        counsellor = loop.city.as_person(f"counsellor{number}")
        if counsellor.person["id"] == str(row.counsellor):
            return str(row.id), counsellor
    raise AssertionError("the counsellor is nobody of the city")


def test_every_route_to_the_data_of_others_is_known(loop: Loop) -> None:
    found = set()
    for service in KEEPERS:
        document = loop.admin.get(f"/api/{service}/v1/openapi.json")
        for path, operations in document["paths"].items():
            scopes = set(operations.get("get", {}).get("x-roles", {}).values())
            found |= {path} if scopes - {"own"} else set()

    assert found == set(LOOKS) | set(NOBODYS), "say whose data a new route shows, and audit it"


@pytest.mark.parametrize("path", LOOKS)
def test_a_look_is_noted_with_who_and_about_whom(
    loop: Loop, booked: tuple[str, Any], path: str
) -> None:
    appointment, counsellor = booked
    service, action = LOOKS[path]
    reader, query = loop.duty, {}
    if path == PEOPLE:
        reader, query = loop.admin, {"q": SEEDS.login}
    elif path.startswith(APPOINTMENTS):
        reader = counsellor
    elif path.endswith("contact-points"):
        query = {"case": loop.case, "reason": SEEDS.reason}
    elif path == HELP:
        query = {"reason": SEEDS.reason}
    elif path == CASES:
        query = {"limit": "200"}  # other tests of the same city have cases too
    about = "action = :action AND actor = :actor AND person = :person"
    who = {"action": action, "actor": reader.person["id"], "person": loop.person}
    before = loop.city.count(service, "audit", about, **who)

    ids = {"person": loop.person, "case": loop.case, "case_id": loop.case}
    answer = reader.call("GET", path.format(**ids, appointment_id=appointment), query=query)

    assert answer.status == 200, answer
    assert loop.city.count(service, "audit", about, **who) == before + 1
