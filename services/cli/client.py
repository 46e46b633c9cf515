"""The public HTTP interface as an outsider uses it: sign in, call, read problems."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter

from services.cli.errors import CommandFailed

TRIES = 6
PASSING = {429, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    correlation_id: str = ""

    @property
    def code(self) -> str:
        """The problem's code, where it is one."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


@dataclass(slots=True)
class PublicClient:
    """One address, as many threads as needed; writes carry a key, so a retry changes nothing."""

    url: str
    token: str | None = None
    person: dict[str, Any] = field(default_factory=dict)
    retries: int = 0
    _credentials: dict[str, str] = field(default_factory=dict, repr=False)
    _local: threading.local = field(default_factory=threading.local)

    def signed_in(self, login: str, password: str) -> "PublicClient":
        """The same address for this account, signed in again when its token ends."""
        client = PublicClient(self.url, _credentials={"login": login, "password": password})
        client.sign_in()
        return client

    def sign_in(self) -> None:
        """Get a fresh token; raises CommandFailed."""
        answer = self.call("POST", "/api/accounts/v1/sessions", self._credentials)
        if answer.status != 201:
            login = self._credentials["login"]
            raise CommandFailed(f"«{login}» could not sign in at {self.url}: {said(answer)}")
        self.token, self.person = answer.body["access_token"], answer.body["person"]

    def get(self, path: str, **query: Any) -> Any:
        """The body of a 200; raises CommandFailed otherwise."""
        return self._expect("GET", path, 200, query=query)

    def every(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """The items of all pages of a list."""
        cursor: str | None = ""
        while cursor is not None:
            more = {"cursor": cursor} if cursor else {}
            page = self.get(path, limit=200, **query, **more)
            yield from page["items"]
            cursor = page.get("next")

    def put(self, path: str, body: Any) -> Any:
        """The body of a 200; raises CommandFailed otherwise."""
        return self._expect("PUT", path, 200, body=body)

    def post(self, path: str, body: Any, *, status: int = 201) -> Any:
        """The body of the expected answer; raises CommandFailed otherwise."""
        return self._expect("POST", path, status, body=body)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        query: dict[str, Any] | None = None,
    ) -> Answer:
        """Any call; what passes by itself (a restart, a busy moment) is tried again."""
        headers = {"Idempotency-Key": str(uuid4())} if method != "GET" else {}
        if bearer := token or self.token:
            headers["Authorization"] = f"Bearer {bearer}"
        for attempt in range(TRIES):
            try:
                found = self._session().request(
                    method,
                    self.url.rstrip("/") + path,
                    json=body,
                    params=query,
                    headers=headers,
                    timeout=30,
                )
            except requests.RequestException as error:
                if attempt == TRIES - 1:
                    raise CommandFailed(f"{self.url} does not answer: {error}") from None
            else:
                if found.status_code not in PASSING or attempt == TRIES - 1:
                    return _answer(found)
            self.retries += 1
            time.sleep(0.2 * 2**attempt)
        raise AssertionError("unreachable")

    def _expect(self, method: str, path: str, status: int, **options: Any) -> Any:
        answer = self.call(method, path, **options)
        if answer.status == 401 and self._credentials:
            self.sign_in()
            answer = self.call(method, path, **options)
        if answer.status != status:
            raise CommandFailed(f"{path} answered {said(answer)}")
        return answer.body

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.mount("http", HTTPAdapter(pool_connections=2, pool_maxsize=2))
            self._local.session = session
        return session


def _answer(found: requests.Response) -> Answer:
    try:
        body = found.json() if found.content else None
    except ValueError:
        body = found.text
    return Answer(found.status_code, body, found.headers.get("Correlation-Id", ""))


def said(answer: Answer) -> str:
    """A problem in a few words."""
    if isinstance(answer.body, dict):
        told = [str(answer.body.get(name, "")) for name in ("code", "detail")]
        return f"{answer.status} {' '.join(part for part in told if part)}"
    return str(answer.status)
