"""What can be read but makes no sense gets a 4xx that names the field, and changes nothing."""

import base64
import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.apphost import KEEPERS
from services.chassis.access import ACCESS
from tests.support.apps import App
from tests.support.rows import count

SITES = "/api/booking/v1/sites"
SHIFTS = "/api/booking/v1/rosters/shifts"
HELP = "/api/assessment/v1/help-requests"
SITE = {"name": "中心", "level": "city-centre", "unit": "wh"}
DEEP = b"[" * 30_000 + b"]" * 30_000


def admin(app: App) -> Any:
    return app.person("city-admin", unit="wh")


def refused(answer: Any, status: int, *fields: str) -> Any:
    """The problem document of a refusal that names these fields."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Traceback" not in answer.text
    document = answer.json()
    named = {each["field"] for each in document.get("errors", ())}
    assert named >= set(fields), document
    return document


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b'{"name": "\xc3\x28"}',
        b'{"name": "\\ud800"}',
        b'{"name": "\\udc00\\ud800"}',
        b'{"name": "a\x00b"}',
        b'{"name": 1e999}',
        b'{"name": ' + b"1" * 5_000 + b"}",
        b"{'name': 1}",
        b'{"name": "a"} {"name": "b"}',
        b'{"name": NaN}',
        DEEP,
        b'{"name":' * 6_000 + b"1" + b"}" * 6_000,
    ],
    ids=lambda body: str(body[:14]),
)
def test_a_body_that_is_no_json_is_refused(app: App, body: bytes) -> None:
    answer = admin(app).call("POST", SITES, data=body, headers={"Content-Type": "application/json"})

    assert refused(answer, 400, "body")["code"] == "malformed-json"


@pytest.mark.parametrize(
    "kind", ["text/plain", "text/xml", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_body_that_says_it_is_no_json_is_refused(app: App, kind: str) -> None:
    body = json.dumps(SITE).encode()

    answer = admin(app).call("POST", SITES, data=body, headers={"Content-Type": kind})

    refused(answer, 415, "Content-Type")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**SITE, "name": "a\0b"}, "name"),
        ({**SITE, "a\0b": 1}, "body"),
        ({**SITE, "unit": "wh\n"}, "unit"),
        ({**SITE, "unit": "wh/../wh"}, "unit"),
        ({**SITE, "unit": "wh/%"}, "unit"),
        ({**SITE, "unit": "wh/_"}, "unit"),
        ({**SITE, "name": "名" * 81}, "name"),
        ({**SITE, "name": 10**400}, "name"),
        ({**SITE, "name": {"a": 1}}, "name"),
        ({**SITE, "level": None}, "level"),
        ({**SITE, "more": 1}, "more"),
    ],
)
def test_a_field_that_makes_no_sense_is_named(app: App, body: Any, field: str) -> None:
    before = count(app, "booking", "sites")

    refused(admin(app).post(SITES, body), 422, field)

    assert count(app, "booking", "sites") == before


def test_nul_deep_inside_a_body_is_found(app: App, known: dict[str, UUID]) -> None:
    rooms = f"{SITES}/{known['site_id']}/rooms"

    answer = admin(app).post(rooms, {"name": "二号", "equipment": ["沙盘", "a\0b"]})

    refused(answer, 422, "equipment.1")


def test_of_a_name_said_twice_the_last_counts(app: App) -> None:
    body = b'{"name": "a", "name": "last", "level": "station", "unit": "wh"}'

    answer = admin(app).call("POST", SITES, data=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["name"]) == (201, "last")


@pytest.mark.parametrize(
    "body",
    [b"", DEEP, b"\xff", b'{"words": "a\\u0000b"}', b'{"phone": ' + b"1" * 900 + b"}", b"[]"],
    ids=lambda body: str(body[:14]),
)
def test_a_call_for_help_is_heard_however_it_is_put(app: App, body: bytes) -> None:
    answer = app.anybody().call("POST", HELP, data=body, headers={"Content-Type": "text/plain"})

    assert answer.status_code == 201, answer.text
    case = answer.json()["case"]
    assert count(app, "assessment", "help_requests", "case_id = :case", case=case) > 0


def test_no_month_day_or_hour_is_too_far(app: App, known: dict[str, UUID]) -> None:
    caller, far = admin(app), ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
    far += ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01", "9999-12-31"]
    paths = [
        f"{path}?{query}"
        for moment in far
        for path in (SHIFTS, "/api/booking/v1/rosters/coverage")
        for query in (f"from={moment}".replace("+", "%2B"), f"to={moment}".replace("+", "%2B"))
    ]
    answers = [caller.get(path) for path in paths]
    worker = app.person("worker", unit="wh")
    for moment in far:
        query = {"from": moment}
        answers += [worker.get("/api/booking/v1/slots", params=query)]
        answers += [worker.get("/api/booking/v1/slots", params={"to": moment})]
        answers += [worker.get("/api/booking/v1/appointments", params=query)]
        until = {"until": moment}
        answers += [worker.post("/api/notification/v1/messages/read", until)]
    for moment in far[:4]:
        shift = {"officer": str(uuid4()), "tier": 1, "days": 92}
        answers += [caller.post(SHIFTS, {**shift, "starts_at": moment, "ends_at": moment})]

    assert {each.status_code for each in answers} <= {200, 422}, [
        (each.request.url, each.text) for each in answers if each.status_code >= 500
    ]


HOSTILE = [
    "!!!",
    "[]",
    base64.urlsafe_b64encode(b"\xff\xff").decode(),
    *(
        base64.urlsafe_b64encode(json.dumps(key).encode()).decode()
        for key in (
            ["\0"],
            ["\0", str(uuid4())],
            [10**30],
            [-(10**30)],
            [{}, {}],
            [None, None],
            ["0001-01-01T00:00:00+23:59", str(uuid4())],
            ["9999-12-31T23:59:59-23:59", str(uuid4())],
            ["2026-01-01T00:00:00", str(uuid4())],
            ["' OR 1=1 --", "' OR 1=1 --"],
        )
    ),
]


@pytest.mark.parametrize("service", KEEPERS)
def test_a_cursor_is_one_the_list_gave_or_is_refused(
    app: App, known: dict[str, UUID], service: str
) -> None:
    document = app.anybody().get(f"/api/{service}/v1/openapi.json").json()
    lists = [
        (path, operations["get"])
        for path, operations in document["paths"].items()
        if any(each["name"] == "cursor" for each in operations.get("get", {}).get("parameters", ()))
    ]

    assert lists
    for path, operation in lists:
        role = sorted(ACCESS[operation["x-action"]])[-1]
        for cursor in HOSTILE:
            there = path.format_map(known)
            answer = app.person(role, unit="wh").get(there, params={"cursor": cursor})

            # The entries of a round are a list once it has closed: 409 until then.
            assert answer.status_code in {200, 400, 409}, (path, cursor, answer.text)
            if answer.status_code == 400:
                refused(answer, 400, "cursor")


@pytest.mark.parametrize(
    ("role", "path", "field"),
    [
        ("city-admin", f"{SITES}?limit=99999999999999999999", "limit"),
        ("city-admin", f"{SITES}?limit=-1", "limit"),
        ("city-admin", f"{SITES}?limit=1&limit=99999", None),
        ("city-admin", f"{SITES}?unit=wh/%25", "unit"),
        ("city-admin", f"{SITES}?unit=%00", "unit"),
        ("city-admin", f"{SITES}?unit=wh%0a", "unit"),
        ("city-admin", f"{SITES}?nothing=1", "nothing"),
        ("city-admin", f"{SITES}?level=%ff", "level"),
        ("city-admin", "/api/accounts/v1/units?under=wh/%25", "under"),
        ("city-admin", "/api/accounts/v1/units?under=wh/..", "under"),
        ("city-admin", "/api/accounts/v1/units?parent=_", "parent"),
        ("city-admin", "/api/accounts/v1/people?unit=wh%0a", "unit"),
        ("city-admin", "/api/accounts/v1/people?q=%25%25", None),
        ("city-admin", "/api/accounts/v1/people?q=a%00b", "q"),
        ("city-admin", "/api/reporting/v1/indicators?unit=wh%0a", "unit"),
        ("city-admin", "/api/reporting/v1/indicators?year=10000000000000000000", "year"),
        ("worker", "/api/booking/v1/slots?from=tomorrow", "from"),
        ("worker", "/api/booking/v1/slots?site=%00", "site"),
        ("duty", "/api/booking/v1/cases?state=open,%00", "state"),
        ("duty", "/api/booking/v1/cases?late=perhaps", "late"),
    ],
)
def test_a_query_that_makes_no_sense_is_named(
    app: App, role: str, path: str, field: str | None
) -> None:
    answer = app.person(role, unit="wh").get(path)

    if field is None:
        assert answer.status_code == 200, answer.text
    else:
        refused(answer, 422, field)


@pytest.mark.parametrize(
    "path",
    [
        "/api/accounts/v1/units/wh%00",
        "/api/accounts/v1/units/%25",
        "/api/accounts/v1/units/wh/../wh",
        "/api/accounts/v1/units/" + "a/" * 1_000,
        f"{SITES}/not-an-id",
        f"{SITES}/%00",
        f"{SITES}/{'0' * 32}",
        "/api/reporting/v1/indicators/%00/months",
        "/api/booking/v1/counsellors/00000000-0000-0000-0000-000000000000%0a",
    ],
)
def test_a_path_with_an_id_that_is_none_leads_nowhere(app: App, path: str) -> None:
    answer = admin(app).get(path)

    refused(answer, 404)


def test_a_wildcard_finds_no_unit_but_the_one_named(app: App) -> None:
    answer = app.person("city-admin", unit="%").get("/api/accounts/v1/people")
    district = app.person("district-admin", unit="w_").get("/api/accounts/v1/people")

    assert answer.status_code == district.status_code == 200
    assert district.json()["items"] == []
