"""Calling the city as one person: a write is repeated under its key until it is answered."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import requests

from tests.faults.harness.diary import Alarm, Diary
from tests.faults.harness.people import PASSWORD

TIMEOUT = (2.0, 8.0)
PATIENCE = 20.0
PAUSE = 0.4
TOKEN_SECONDS = 600.0
UNAUTHENTICATED, TOO_MANY = 401, 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that may be made again: `person` signs in for it where there is one."""

    method: str
    path: str
    person: str = ""
    body: Any = None
    key: str = field(default_factory=lambda: str(uuid4()))
    gateway: bool = False

    @property
    def service(self) -> str:
        """Whose path it is."""
        return self.path.split("/")[2]


@dataclass(frozen=True, slots=True)
class Reply:
    """A definite answer: neither the network's failure nor the system's."""

    status: int
    body: Any

    @property
    def made(self) -> bool:
        """Whether something was changed as asked."""
        return 200 <= self.status < 300


class NoReply(Exception):
    """Nothing definite came in time; whether it was done is not known."""


class Callers:
    """Everybody who calls, by login; `urls` are the services' addresses."""

    def __init__(self, urls: Mapping[str, str], diary: Diary) -> None:
        self._urls, self._diary = urls, diary
        self._tokens: dict[str, tuple[str, float]] = {}
        self._local = threading.local()

    def make(self, call: Call, *, patience: float = PATIENCE) -> Reply:
        """The definite answer; raises NoReply."""
        ends = time.monotonic() + patience
        while True:
            reply = self._once(call)
            if reply is not None:
                return reply
            if time.monotonic() > ends:
                raise NoReply(call.path)
            self._diary.count("tries again")
            time.sleep(PAUSE)

    def get(self, path: str, person: str, *, gateway: bool = False, **query: Any) -> Any:
        """The body of a 200, else nothing to speak of."""
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        path = f"{path}?{asked}" if asked else path
        reply = self.make(Call(method="GET", path=path, person=person, gateway=gateway))
        return reply.body if reply.made else {}

    def items(self, path: str, person: str, **query: Any) -> list[dict[str, Any]]:
        """The first page of a list."""
        body = self.get(path, person, **query)
        return list(body.get("items", [])) if isinstance(body, dict) else []

    def sign_in(self, login: str) -> str | None:
        """A token that still holds for a while, or None where nobody could be signed in."""
        token, since = self._tokens.get(login, ("", -TOKEN_SECONDS))
        if time.monotonic() - since < TOKEN_SECONDS:
            return token
        body = {"login": login, "password": PASSWORD}
        call = Call(method="POST", path="/api/accounts/v1/sessions", body=body)
        reply = self._once(call)
        if reply is None or not reply.made:
            return None
        self._tokens[login] = (reply.body["access_token"], time.monotonic())
        return self._tokens[login][0]

    def page(self, path: str) -> int:
        """The status of a page of the portal; 0 where none came."""
        try:
            return self._session().get(self._urls["portal"] + path, timeout=TIMEOUT).status_code
        except requests.RequestException:
            return 0

    def _once(self, call: Call) -> Reply | None:
        headers = {} if call.method == "GET" else {"Idempotency-Key": call.key}
        if call.person:
            token = self.sign_in(call.person)
            if token is None:
                return None
            headers["Authorization"] = f"Bearer {token}"
        url = self._urls["portal" if call.gateway else call.service] + call.path
        try:
            answer = self._session().request(
                call.method, url, json=call.body, headers=headers, timeout=TIMEOUT
            )
        except requests.RequestException:
            self._diary.count("no answer")
            return None
        return self._definite(call, answer)

    def _definite(self, call: Call, answer: requests.Response) -> Reply | None:
        status = answer.status_code
        self._diary.count("requests")
        if status >= 500 or status == TOO_MANY:
            self._diary.count(f"status {status}")
            self._diary.note("refused", path=call.path, status=status, said=_code(answer))
            self._hear(call, answer)
            return None
        self._hear(call, answer)
        if status == UNAUTHENTICATED and call.person:
            self._tokens.pop(call.person, None)
            self._diary.count("status 401")
            return None
        return Reply(status, _body(answer))

    def _hear(self, call: Call, answer: requests.Response) -> None:
        """Even a refusal may name a case: then somebody was told that help comes."""
        body = _body(answer) if call.method != "GET" and call.service == "assessment" else None
        if isinstance(body, dict) and body.get("case"):
            alarm = Alarm(case=str(body["case"]), person=call.person, heard_at=time.time())
            self._diary.alarm(alarm)

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
        return session


def _body(answer: requests.Response) -> Any:
    try:
        return answer.json() if answer.content else None
    except ValueError:
        return None


def _code(answer: requests.Response) -> str:
    body = _body(answer)
    return str(body.get("code", "")) if isinstance(body, dict) else ""
