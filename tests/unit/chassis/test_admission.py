"""Whom a route lets in: persons with a role, services by name, or whoever its door says."""

from typing import Any

import pytest

from services.chassis.access import Scope
from services.chassis.doors import Door
from services.chassis.errors import Conflict
from services.chassis.http import INTERNAL, HttpEntrypoint, Request
from tests.unit.chassis.staging import (
    OPS,
    WORKER,
    a_request,
    a_route,
    from_person,
    from_service,
    read,
    refusal,
)


def who(request: Request) -> dict[str, Any]:
    """What a route knows of its caller."""
    person = request.principal_or_none
    return {
        "person": str(person.person) if person else None,
        "actor": str(request.context.actor) if request.context.actor else None,
        "scope": request.scope,
        "caller": request.caller,
    }


def for_workers() -> HttpEntrypoint:
    return a_route(who, action="response.submit")


def for_services(*names: str) -> HttpEntrypoint:
    return a_route(who, action=INTERNAL, callers=names)


NOBODY = {"person": None, "actor": None, "scope": None, "caller": ""}


def test_a_person_with_the_role_is_known_with_how_far_they_reach() -> None:
    route = for_workers()

    found = read(route.handle_request(from_person()))

    person = str(WORKER.person)
    assert found == {"person": person, "actor": person, "scope": Scope.OWN, "caller": ""}
    assert [each.actor for each in route.container.contexts] == [WORKER.person]


def test_a_person_without_the_role_is_refused() -> None:
    answer = for_workers().handle_request(from_person("an-operator"))

    assert refusal(answer) == (403, "not-allowed")


@pytest.mark.parametrize("said", ["", "Basic a-worker", "a-worker", "Bearer", "Bearer "])
def test_whoever_shows_no_token_is_asked_for_one(said: str) -> None:
    request = a_request(headers={"Authorization": said} if said else {})

    answer = for_workers().handle_request(request)

    assert refusal(answer) == (401, "not-authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_how_the_scheme_is_written_does_not_matter() -> None:
    request = a_request(headers={"Authorization": "BEARER a-worker"})

    assert for_workers().handle_request(request).status_code == 200


def test_a_token_that_is_not_believed_is_refused() -> None:
    for forged in ("forged", "forged a-worker"):
        answer = for_workers().handle_request(from_person(forged))
        assert refusal(answer) == (401, "invalid-token")


def test_an_open_route_knows_whoever_is_signed_in_and_turns_nobody_away() -> None:
    route = a_route(who)

    assert read(route.handle_request(a_request())) == NOBODY
    assert read(route.handle_request(from_person("forged"))) == NOBODY
    found = read(route.handle_request(from_person("an-operator")))
    assert found == {**NOBODY, "person": str(OPS.person), "actor": str(OPS.person)}


def test_an_internal_route_takes_the_services_it_names() -> None:
    route = for_services("assessment")

    assert read(route.handle_request(from_service("assessment"))) == {
        **NOBODY,
        "caller": "assessment",
    }
    assert refusal(route.handle_request(from_service("portal"))) == (403, "not-allowed")
    assert refusal(route.handle_request(from_person())) == (401, "invalid-token")
    assert refusal(route.handle_request(a_request())) == (401, "invalid-token")


def test_a_token_of_a_service_opens_no_route_for_people() -> None:
    answer = for_workers().handle_request(from_service("assessment"))

    assert refusal(answer) == (401, "invalid-token")


def test_a_door_says_by_itself_whom_it_lets_in() -> None:
    def check(request: Request, runtime: Any) -> None:
        if "X-Friend" not in request.headers:
            raise Conflict
        request.guest = runtime

    route = a_route(lambda request: {"let_in": request.guest is not None}, door=Door(check))

    assert refusal(route.handle_request(a_request())) == (409, "conflict")
    friend = a_request(headers={"X-Friend": "yes"})
    assert read(route.handle_request(friend)) == {"let_in": True}
    assert friend.guest is route.container.runtime


def test_who_is_not_let_in_is_refused_before_anything_is_read() -> None:
    request = a_request("POST", data=b"x" * 99)

    route = a_route(method="POST", action="response.submit", limit=1)

    assert refusal(route.handle_request(request)) == (401, "not-authenticated")
    assert request.body == b""
