"""Pretended services behind the portal: canned answers by path, and a memory of what was asked."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import eventlet
from eventlet import wsgi

Answer = tuple[int, Any]


@dataclass
class Asked:
    """One request a service got."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body or b"null")


@dataclass
class City:
    """One address that answers for all services."""

    url: str = ""
    answers: dict[str, Answer | Callable[[Asked], Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    down: set[str] = field(default_factory=set)

    def answer(self, route: str, body: Any = None, status: int = 200) -> None:
        """`GET /booking/offers` answers with this; a function of the request may stand for it."""
        self.answers[route] = body if callable(body) else (status, body)

    def requests(self, route: str) -> list[Asked]:
        """What came in there."""
        method, path = route.split(" ")
        return [each for each in self.asked if (each.method, each.path) == (method, path)]

    def serve(self, environ: Any, start_response: Any) -> list[bytes]:
        """WSGI."""
        asked = _asked(environ)
        self.asked.append(asked)
        if asked.path.split("/")[1] in self.down:
            return _send(start_response, 503, {"code": "unavailable"})
        found = self.answers.get(f"{asked.method} {asked.path}", (404, {"code": "no-such-route"}))
        status, body = found(asked) if callable(found) else found
        return _send(start_response, status, body)


def _asked(environ: Any) -> Asked:
    path = environ["PATH_INFO"].removeprefix("/api").replace("/v1", "", 1)
    length = int(environ.get("CONTENT_LENGTH") or 0)
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").title(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    return Asked(
        environ["REQUEST_METHOD"], path, query, headers, environ["wsgi.input"].read(length)
    )


def _send(start_response: Any, status: int, body: Any) -> list[bytes]:
    content = b"" if body is None else json.dumps(body).encode()
    kind = "application/json" if status < 400 else "application/problem+json"
    headers = [("Content-Type", kind), ("Content-Length", str(len(content)))]
    start_response(f"{status} Word", headers)
    return [content]


@contextmanager
def a_city() -> Iterator[City]:
    """A running one."""
    city = City()
    listener = eventlet.listen(("127.0.0.1", 0))
    city.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    thread = eventlet.spawn(wsgi.server, listener, city.serve, log_output=False)
    try:
        yield city
    finally:
        thread.kill()
