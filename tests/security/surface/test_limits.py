"""Nobody gets more than a page, and no route reads more than it takes."""

import re
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from services.chassis.access import ACCESS, INTERNAL, Role
from services.chassis.paging import MAX_LIMIT, PageSchema
from tests.security.surface.test_access_table import PART, PLACES, ROUTES
from tests.support.apps import App, service_token

LISTS = [
    (service, each)
    for service, each in ROUTES
    if each.query is not None and issubclass(each.query, PageSchema)
]
WRITES = [
    (service, each)
    for service, each in ROUTES
    if each.method in {"POST", "PUT", "PATCH"} and each.limit
]


def named(routes: list[Any]) -> list[Any]:
    return [
        pytest.param(service, each, id=f"{each.method} {each.url} {service}")
        for service, each in routes
    ]


def path_of(service: str, route: Any) -> str:
    url = route.url.replace("{service}", service)
    return PART.sub(lambda part: PLACES.get(part["kind"] or "", PLACES["uuid"])(), url)


def token_for(app: App, service: str, route: Any) -> str:
    if route.action == INTERNAL:
        return service_token(min(route.callers), service)
    roles = ACCESS[route.action] if route.action else [Role.WORKER, Role.OPS]
    return app.issuer.token(*roles, unit="wh")


@pytest.mark.parametrize(("service", "route"), named(LISTS))
@pytest.mark.parametrize("limit", [MAX_LIMIT + 1, 10**9, 0, -1])
def test_no_list_gives_more_than_a_page(app: App, service: str, route: Any, limit: int) -> None:
    headers = {"Authorization": f"Bearer {token_for(app, service, route)}"}

    answer = app.anybody().get(path_of(service, route), headers=headers, params={"limit": limit})

    assert answer.status_code == 422
    assert "limit" in {each["field"] for each in answer.json()["errors"]}


def test_the_lists_were_found() -> None:
    assert len(LISTS) >= 10
    assert len(WRITES) >= 40


@pytest.mark.parametrize(("service", "route"), named(WRITES))
def test_a_body_past_the_limit_is_refused_before_it_is_sent(
    app: App, service: str, route: Any
) -> None:
    address = urlsplit(app.urls[service])
    head = (
        f"{route.method} {path_of(service, route)} HTTP/1.1\r\nHost: huixin\r\n"
        f"Authorization: Bearer {token_for(app, service, route)}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {route.limit + 1}\r\n\r\n"
    )

    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(head.encode())
        said = connection.recv(65536)

    # A door that is not for persons does not open for a token, and comes first.
    refused = rb"413|401|404" if route.door else rb"413"
    assert re.match(rb"HTTP/1.1 (" + refused + rb") ", said), said[:200]


def test_a_route_takes_no_megabytes_but_for_the_files_of_imports() -> None:
    large = {each.url for _, each in ROUTES if each.limit > 256 * 1024}

    assert large == {"/api/accounts/v1/imports"}
