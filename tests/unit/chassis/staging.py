"""A route by itself: a container that runs its method at once, and requests to hand it."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import msgspec
from nameko.exceptions import ContainerBeingKilled
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as Raw
from werkzeug.wrappers import Response

from services.chassis.access import Principal, Role
from services.chassis.auth import InvalidToken
from services.chassis.context import Context
from services.chassis.http import HttpEntrypoint, Request
from services.chassis.servicetokens import (
    ServiceTokens,
    make_service_key,
    parse_service_key,
    parse_service_keys,
    public_part,
)

KEYS = {name: make_service_key() for name in ("assessment", "portal")}
WORKER = Principal(uuid4(), frozenset({Role.WORKER}), "wh/hc")
OPS = Principal(uuid4(), frozenset({Role.OPS}), "wh")


class KnownTokens:
    """Whose token is called what."""

    people: Mapping[str, Principal] = {"a-worker": WORKER, "an-operator": OPS}

    def principal(self, token: str) -> Principal:
        if token not in self.people:
            raise InvalidToken
        return self.people[token]


class Stage:
    """Stands for the container: one service, no database, `closing` when it takes nothing new."""

    service_name = "booking"

    def __init__(self, method: Callable[..., Any]) -> None:
        callers = ",".join(f"{name}={public_part(key)}" for name, key in KEYS.items())
        self.runtime = SimpleNamespace(
            tokens=KnownTokens(),
            service_tokens=ServiceTokens("booking", None, parse_service_keys(callers)),
            keyring=None,
        )
        self.method, self.closing = method, False
        self.transaction: Any = None
        self.contexts: list[Context] = []

    def run_worker(self, route: HttpEntrypoint, args: Any, kwargs: Any, context: Context) -> Any:
        if self.closing:
            raise ContainerBeingKilled
        self.contexts.append(context)
        worker: Any = SimpleNamespace(args=args, kwargs=kwargs, transaction=self.transaction)
        return route.call(worker, self.method)


def a_route(
    does: Callable[..., Any] = lambda _request: {"done": True},
    method: str = "GET",
    url: str = "/things",
    **said: Any,
) -> HttpEntrypoint:
    """A route, by default one that is open to everybody, on a stage of its own."""
    route = HttpEntrypoint(method, url, **{"action": None, **said})
    route.container = Stage(does)
    return route


def a_request(method: str = "GET", path: str = "/things", **said: Any) -> Request:
    raw = Raw(EnvironBuilder(path, method=method, **said).get_environ())
    return Request(raw)


def from_person(bearing: str = "a-worker", **headers: str) -> Request:
    return a_request(headers={"Authorization": f"Bearer {bearing}", **headers})


def from_service(name: str) -> Request:
    token = ServiceTokens(name, parse_service_key(KEYS[name]), {}).issue("booking")
    return from_person(token)


def read(answer: Response) -> Any:
    """The document of an answer; an answer without one has none."""
    return msgspec.json.decode(answer.get_data()) if answer.get_data() else None


def refusal(answer: Response) -> tuple[int, str]:
    return answer.status_code, read(answer)["code"]
