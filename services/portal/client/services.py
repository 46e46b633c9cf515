"""Calls to the services over HTTP, on kept connections, with short time limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import msgspec
import urllib3
from urllib3.exceptions import HTTPError

from services.chassis.tracing import Tracer, calling
from services.portal.client.refusals import Refused, ServiceDown, SignInNeeded, read_problem

CONNECT_SECONDS = 1.0
READ_SECONDS = 10.0
READS = frozenset({"GET", "HEAD"})


class Pools:
    """Kept connections to every service, shared by all requests of the process.

    A call continues the loop and the trace of the request that it is made for.
    """

    def __init__(self, addresses: Mapping[str, str], tracer: Tracer | None = None) -> None:
        self._tracer = tracer
        self.addresses = {name: url.rstrip("/") for name, url in addresses.items()}
        self._manager = urllib3.PoolManager(
            maxsize=64,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        )

    def send(
        self,
        service: str,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        whole: bool = True,
    ) -> urllib3.BaseHTTPResponse:
        """The raw answer, whatever its status; raises ServiceDown when there is none.

        A kept connection the service has closed meanwhile is tried once more for reads: a write
        may have been taken.
        """
        if service not in self.addresses:
            raise ServiceDown(service, "no address")
        url = self.addresses[service] + path
        for last in (method not in READS, True):
            try:
                with calling(self._tracer, method, service) as call:
                    answer = self._manager.request(
                        method,
                        url,
                        body=body,
                        headers={**headers, **call.headers},
                        redirect=False,
                        preload_content=whole,
                    )
                    call.status = answer.status
                    return answer
            except HTTPError as error:
                if last:
                    raise ServiceDown(service, type(error).__name__) from error
        raise AssertionError("unreachable")


@dataclass(frozen=True)
class Api:
    """The services as one person (or nobody) calls them during one request."""

    pools: Pools
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_person(self, token: str | None) -> "Api":
        """The same with another token."""
        return replace(self, token=token)

    def get(self, service: str, path: str, **query: Any) -> Any:
        """Read; leaves out what is None."""
        given = {name.rstrip("_"): value for name, value in query.items() if value is not None}
        tail = f"?{urlencode(given)}" if given else ""
        return self.call("GET", service, f"{path}{tail}")

    def post(self, service: str, path: str, body: Any = None, *, key: str = "") -> Any:
        """Write; `key` makes a repetition harmless."""
        return self.call("POST", service, path, body={} if body is None else body, key=key)

    def call(self, method: str, service: str, path: str, *, body: Any = None, key: str = "") -> Any:
        """The answer's JSON; raises Refused, SignInNeeded or ServiceDown.

        `path` starts behind `/api/<service>/v1`.
        """
        headers = {**self.headers, "Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = msgspec.json.encode(body)
        answer = self.pools.send(
            service, method, f"/api/{service}/v1{path}", headers=headers, body=content
        )
        return _understood(service, answer)


def _understood(service: str, answer: urllib3.BaseHTTPResponse) -> Any:
    try:
        document = msgspec.json.decode(answer.data) if answer.data else None
    except msgspec.DecodeError as error:
        raise ServiceDown(service, "not JSON") from error
    if answer.status < 400:
        return document
    problem = read_problem(answer.status, document)
    if answer.status in {500, 502, 503, 504}:
        raise ServiceDown(service, problem.code)
    if answer.status == 401 and problem.code != "wrong-login":
        raise SignInNeeded(problem.code)
    raise Refused(problem)
