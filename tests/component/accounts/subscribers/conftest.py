"""Subscribers of a running accounts service: webhooks that a local server takes and checks."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import eventlet
import pytest
import requests
from eventlet import wsgi
from standardwebhooks import Webhook

from services.contracts import public
from services.contracts.subscriptions import subscriptions_of
from tests.component.accounts.conftest import SignIn
from tests.support.apps import App, eventually
from tests.support.rows import count

PATH = "/api/accounts/v1/subscriptions"
UNIT = "accounts.unit-changed.v1"
ROLE = "accounts.role-changed.v1"


@dataclass
class Receiver:
    """A subscriber's server: answers events with `statuses` in turn, then 204, and keeps them."""

    url: str = ""
    signing_key: str = ""
    statuses: list[int] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    location: str = ""

    @property
    def events(self) -> list[dict[str, Any]]:
        """What it took, without heartbeats."""
        return [each for each in self.taken if each["type"] != public.HEARTBEAT]

    @property
    def numbers(self) -> list[int]:
        """The numbers of what it took, in the order of arrival."""
        return [int(each["subscriptionsequence"]) for each in self.events]

    def answer(self, environ: Any, start_response: Any) -> list[bytes]:
        """One post: the signature is checked as any receiver would."""
        body = environ["wsgi.input"].read()
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        Webhook(self.signing_key).verify(body, headers)
        event = json.loads(body)
        heard = event["type"] == public.HEARTBEAT
        if not heard:
            self.asked.append({**event, "headers": headers})
        status = self.statuses.pop(0) if self.statuses and not heard else 204
        if 200 <= status < 300:
            self.taken.append(event)
        extra = [("Location", self.location)] if self.location else []
        start_response(f"{status} X", [("Content-Length", "0"), *extra])
        return [b""]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    listener = eventlet.listen(("127.0.0.1", 0))
    found.url = f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
    thread = eventlet.spawn(wsgi.server, listener, found.answer, log_output=False)
    yield found
    thread.kill()


@dataclass
class Subscriber:
    """One subscription and who acts for it."""

    app: App
    body: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def secret(self) -> str:
        return str(self.body["credentials"]["secret"])

    def ask(self, method: str, path: str = "", **options: Any) -> requests.Response:
        """As the subscriber, with its user and secret."""
        given = options.pop("auth", (self.body["credentials"]["user"], self.secret))
        url = self.app.url_of(f"{PATH}/{self.id}{path}")
        return requests.request(method, url, auth=given, timeout=30, **options)

    def status(self) -> dict[str, Any]:
        """Its own view."""
        answer = self.ask("GET")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def copies(self, after: int = 0) -> list[dict[str, Any]]:
        """What can be replayed."""
        answer = self.ask("GET", "/events", params={"after": after})
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


Subscribe = Callable[..., Subscriber]


@pytest.fixture
def subscribe(app: App, as_: SignIn) -> Iterator[Subscribe]:
    """`subscribe(url=…, types=…)`; each ends with the test."""
    made: list[Subscriber] = []
    eventually(lambda: _read(app), what="the public events of before are read")

    def add(**more: Any) -> Subscriber:
        body = {"name": f"s-{uuid4().hex[:10]}", "title": "权益保障系统", "types": [UNIT], **more}
        answer = as_("ops").post(PATH, body)
        assert answer.status_code == 201, answer.text
        made.append(Subscriber(app, answer.json()))
        return made[-1]

    yield add
    for each in made:
        as_("ops").delete(f"{PATH}/{each.id}")


def _read(app: App) -> bool:
    (reader,) = subscriptions_of("accounts")
    public_events = count(app, "accounts", "outbox", "type = ANY(:types)", types=[*reader.types])
    return count(app, "accounts", "inbox", "queue = :queue", queue=reader.queue) == public_events


@pytest.fixture
def webhook(subscribe: Subscribe, receiver: Receiver) -> Subscriber:
    """A subscription whose receiver listens."""
    made = subscribe(url=receiver.url)
    receiver.signing_key = made.body["credentials"]["signing_key"]
    return made


@pytest.fixture
def units(as_: SignIn) -> Callable[[int], list[str]]:
    """`units(3)`: as many new units, which is as many public events; their paths."""

    def make(number: int) -> list[str]:
        paths = []
        for _ in range(number):
            segment = f"e{uuid4().hex[:8]}"
            answer = as_("city-admin").post(
                "/api/accounts/v1/units",
                {
                    "parent": "wh/hc",
                    "segment": segment,
                    "name": "新工会",
                    "level": "enterprise",
                    "kind": "enterprise-union",
                },
            )
            assert answer.status_code == 201, answer.text
            paths.append(answer.json()["path"])
        return paths

    return make


def settled(subscriber: Subscriber, last: int) -> dict[str, Any]:
    """Its status once this many copies were recorded."""

    def there() -> dict[str, Any]:
        found = subscriber.status()
        return found if found["last"] >= last else {}

    found: dict[str, Any] = eventually(there, what=f"{last} copies")
    return found
