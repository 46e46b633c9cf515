"""Every action of the access table for every role, on every route there is, cell by cell.

Routes are found, not listed: a new one is covered the day it is written.
"""

import re
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests

from services.accounts.subscribers.doors import OWNER, OWNER_OR_OPERATOR
from services.apphost import SERVICES, load_all
from services.chassis.access import ACCESS, INTERNAL, TEMPORARY, Role
from services.chassis.doors import NEIGHBOURS
from services.chassis.http import HttpEntrypoint
from tests.support.apps import App, service_token

SUBSCRIPTION = "/api/accounts/v1/subscriptions/<uuid:subscription>"
PLACES = {"uuid": lambda: str(uuid4()), "int": lambda: "1", "path": lambda: "wh/none"}
PART = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?\w+>")
WITHOUT_A_ROUTE = {"parked.manage"}
OPEN_TO_EVERYBODY = {
    "GET /api/accounts/v1/jwks.json",
    "POST /api/accounts/v1/sessions",
    "POST /api/accounts/v1/sessions/refresh",
    "POST /api/accounts/v1/password-resets",
    "POST /api/accounts/v1/passwords",
    "GET /api/assessment/v1/instruments",
    "GET /api/assessment/v1/instruments/<instrument_id>",
    "GET /api/assessment/v1/instrument-schema.json",
    "GET /api/assessment/v1/support",
    "POST /api/assessment/v1/help-requests",
    "GET /api/{service}/v1/openapi.json",
    "GET /health/live",
    "GET /health/ready",
}


def routes() -> Iterator[tuple[str, HttpEntrypoint]]:
    """Every route of every service but the portal, whose pages ask as the person."""
    for service in load_all(name for name in SERVICES if name != "portal"):
        for name in dir(service):
            for each in getattr(getattr(service, name), "nameko_entrypoints", ()):
                if isinstance(each, HttpEntrypoint):
                    yield service.name, each


ROUTES = list(routes())


class Caller:
    """Calls a route with a body that no schema takes: only admission decides what comes back."""

    def __init__(self, app: App) -> None:
        self._app, self._session = app, requests.Session()

    def admits(self, service: str, route: Any, token: str | None) -> bool:
        """Whether the caller came past the door, whatever waited behind it."""
        answer = self.call(service, route, token)
        assert answer.status_code < 500, f"{route.method} {route.url}: {answer.text}"
        return not refused(answer)

    def call(
        self, service: str, route: Any, token: str | None, forwarded: str = ""
    ) -> requests.Response:
        url = route.url.replace("{service}", service)
        path = PART.sub(lambda part: PLACES.get(part["kind"] or "", PLACES["uuid"])(), url)
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if forwarded:
            headers["X-Forwarded-For"] = forwarded
        body = b"{" if route.method in {"POST", "PUT", "PATCH"} else None
        return self._session.request(
            route.method, self._app.urls[service] + path, data=body, headers=headers, timeout=60
        )


def refused(answer: requests.Response) -> bool:
    """At the door: 401, or 403 for the role (a use case's own 403 has a code of its own)."""
    if answer.status_code == 401:
        return True
    return answer.status_code == 403 and answer.json()["code"] == "not-allowed"


@pytest.fixture(scope="module")
def caller(app: App) -> Caller:
    return Caller(app)


def of_action(action: str) -> list[tuple[str, HttpEntrypoint]]:
    return [(service, route) for service, route in ROUTES if route.action == action]


@pytest.mark.parametrize("action", sorted(ACCESS))
def test_each_role_comes_as_far_as_the_table_says(app: App, caller: Caller, action: str) -> None:
    found = of_action(action)
    assert found or action in WITHOUT_A_ROUTE, "an action without a route is a dead grant"

    for service, route in found:
        seen = {
            role: caller.admits(service, route, app.issuer.token(role, unit="wh")) for role in Role
        }
        assert seen == {role: role in ACCESS[action] for role in Role}, route.url


@pytest.mark.parametrize("action", sorted(ACCESS))
def test_nobody_a_late_token_and_a_role_of_nothing_come_nowhere(
    app: App, caller: Caller, action: str
) -> None:
    late = app.issuer.token(*Role, exp=int(time.time()) - 60)

    for service, route in of_action(action):
        for token in (None, "", late, app.issuer.token()):
            assert not caller.admits(service, route, token), (route.url, token)


@pytest.mark.parametrize("action", sorted(ACCESS))
def test_a_temporary_worker_does_what_the_list_says_and_reads_nothing(
    app: App, caller: Caller, action: str
) -> None:
    token = app.issuer.token("worker", temporary=True)

    for service, route in of_action(action):
        assert caller.admits(service, route, token) == (action in TEMPORARY), route.url


def test_a_route_without_an_action_is_one_that_was_meant_to_be_open() -> None:
    unguarded = {
        f"{each.method} {each.url}"
        for _, each in ROUTES
        if each.action is None and each.door is None
    }

    assert unguarded == OPEN_TO_EVERYBODY


def test_a_route_with_a_door_of_its_own_was_meant_to_have_that_one() -> None:
    doors = {f"{each.method} {each.url}": each.door for _, each in ROUTES if each.door is not None}

    assert {url for url, door in doors.items() if door is NEIGHBOURS} == {
        "GET /metrics",
        *(f"POST /internal/v1/broker/{what}" for what in ("user", "vhost", "resource", "topic")),
    }
    assert {url for url, door in doors.items() if door is OWNER} == {
        f"GET {SUBSCRIPTION}/events",
        f"PUT {SUBSCRIPTION}/checkpoint",
    }
    assert {url for url, door in doors.items() if door is OWNER_OR_OPERATOR} == {
        f"GET {SUBSCRIPTION}",
        *(f"POST {SUBSCRIPTION}/{what}" for what in ("pause", "resume", "secret")),
    }


@pytest.mark.parametrize(
    ("service", "route"),
    [
        pytest.param(service, route, id=f"{route.method} {route.url}")
        for service, route in ROUTES
        if route.door in (OWNER, OWNER_OR_OPERATOR)
    ],
)
def test_a_subscribers_door_opens_to_nobody_and_to_no_role_but_operators(
    app: App, caller: Caller, service: str, route: Any
) -> None:
    opens = {Role.OPS} if route.door is OWNER_OR_OPERATOR else set()

    assert not caller.admits(service, route, None)
    assert not caller.admits(service, route, app.issuer.token())
    for role in Role:
        token = app.issuer.token(role, unit="wh")
        assert caller.admits(service, route, token) == (role in opens), role


def test_a_neighbours_door_is_not_there_behind_a_proxy(app: App, caller: Caller) -> None:
    for service, route in ROUTES:
        if route.door is NEIGHBOURS:
            answer = caller.call(service, route, None, forwarded="203.0.113.7")
            assert answer.status_code == 404, route.url


@pytest.mark.parametrize(
    ("service", "route"),
    [
        pytest.param(service, route, id=f"{service} {route.url}")
        for service, route in of_action(INTERNAL)
    ],
)
def test_an_internal_route_takes_the_services_it_names_and_nobody_else(
    app: App, caller: Caller, service: str, route: Any
) -> None:
    for other in SERVICES:
        token = service_token(other, service)
        assert caller.admits(service, route, token) == (other in route.callers), other
    assert not caller.admits(service, route, None)
    assert not caller.admits(service, route, app.issuer.token(*Role, unit="wh"))


def test_most_internal_routes_have_one_caller_and_the_portal_calls_none() -> None:
    named = {f"{service} {each.url}": each.callers for service, each in of_action(INTERNAL)}

    assert all("portal" not in callers for callers in named.values())
    assert [url for url, callers in named.items() if len(callers) > 1] == [
        url for url in named if url.endswith("/internal/v1/events")
    ]
