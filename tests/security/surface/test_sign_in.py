"""Guessing: nobody learns who has an account, and no header makes a guesser a stranger again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import requests
from argon2 import PasswordHasher

from services.accounts.sessions import counters
from services.accounts.sessions.throttling import Limit
from tests.security.surface.conftest import HOSTILE
from tests.support.apps import App

SESSIONS = "/api/accounts/v1/sessions"
PASSWORDS = "/api/accounts/v1/passwords"
RESETS = "/api/accounts/v1/password-resets"
WRONG = "not the password of anybody"


class Work:
    """What argon2 was asked to do: the costs of each hash that was made or checked."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def take(self) -> list[str]:
        done, self.done = self.done, []
        return done


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    seen, verify, hashed = Work(), PasswordHasher.verify, PasswordHasher.hash

    def counting(self: Any, stored: Any, password: Any) -> Any:
        seen.done.append(str(stored).rsplit("$", 2)[0])
        return verify(self, stored, password)

    def making(self: Any, password: Any, **options: Any) -> Any:
        found = hashed(self, password, **options)
        seen.done.append(found.rsplit("$", 2)[0])
        return found

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    monkeypatch.setattr(PasswordHasher, "hash", making)
    return seen


@pytest.fixture(scope="module")
def without_password(app: App) -> str:
    """Somebody imported who has chosen no password yet."""
    login = f"n{uuid4().hex[:10]}"
    sheet = f"name,unit,login\n新人,wh/hc/e0001,{login}\n".encode()
    admin = app.person("city-admin", unit="wh")
    headers = {"Content-Type": "text/csv"}
    assert admin.call("POST", "/api/accounts/v1/imports", data=sheet, headers=headers).ok
    return login


def told(answer: requests.Response) -> tuple[int, dict[str, Any], set[str]]:
    """All a guesser sees, but for the number of the loop."""
    document = {name: value for name, value in answer.json().items() if name != "correlation_id"}
    return answer.status_code, document, {name.lower() for name in answer.headers}


def logins(without_password: str) -> Iterator[str]:
    yield "clinical-lead"
    yield without_password
    yield f"nobody-{uuid4().hex[:8]}"
    yield HOSTILE


def test_whoever_guesses_learns_nothing_from_words_or_work(
    app: App, work: Work, without_password: str
) -> None:
    answers, costs = [], []
    for login in logins(without_password):
        answers.append(told(app.anybody().post(SESSIONS, {"login": login, "password": WRONG})))
        costs.append(work.take())

    assert answers[0][0] == 401
    assert answers[0][1]["code"] == "wrong-login"
    assert all(each == answers[0] for each in answers)
    assert all(len(each) == 1 and each == costs[0] for each in costs), "one hash of the same costs"


def test_a_code_is_refused_alike_and_after_the_same_work(
    app: App, work: Work, without_password: str
) -> None:
    answers, costs = [], []
    for login in logins(without_password):
        wish = {"login": login, "code": "ABCDE-FGHJK", "password": "a new long word"}
        answers.append(told(app.anybody().post(PASSWORDS, wish)))
        costs.append(work.take())

    assert answers[0][0] == 422
    assert all(each == answers[0] for each in answers)
    assert all(len(each) == 1 and each == costs[0] for each in costs)


def test_a_forgotten_password_is_asked_for_alike(app: App, without_password: str) -> None:
    answers = [
        told(app.anybody().post(RESETS, {"login": login})) for login in logins(without_password)
    ]

    assert answers[0][:2] == (202, {})
    assert all(each == answers[0] for each in answers)


@pytest.fixture
def few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = Limit(3, timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
    monkeypatch.setattr(counters, "ADDRESS", limit)


def tries(service_url: str, headers: Any) -> list[int]:
    """The statuses of five guesses at five accounts, each under other claims of the caller."""
    found = []
    for number in range(5):
        body = {"login": f"nobody-{uuid4().hex[:8]}", "password": WRONG}
        answer = requests.post(
            f"{service_url}{SESSIONS}", json=body, headers=headers(number), timeout=30
        )
        found.append(answer.status_code)
    return found


@pytest.mark.parametrize("through", ["accounts", "portal"])
@pytest.mark.parametrize(
    "claims",
    [
        {"X-Forwarded-For": "203.0.113.{n}, 198.51.100.{door}"},
        {"X-Forwarded-For": "2001:db8::{n}, 203.0.113.{n}, 198.51.100.1{door}"},
        {"X-Forwarded-For": "127.0.0.{n}, 198.51.100.2{door}"},
    ],
    ids=["one more address", "several", "one of ours"],
)
@pytest.mark.usefixtures("few_tries")
def test_no_claim_about_the_address_gives_a_guesser_more_tries(
    app: App, through: str, claims: dict[str, str]
) -> None:
    """The last address before our proxies counts; what stands before it anybody can write."""
    door = 1 if through == "accounts" else 2

    def headers(number: int) -> dict[str, str]:
        return {name: said.format(n=number, door=door) for name, said in claims.items()}

    assert tries(app.urls[through], headers) == [401, 401, 401, 429, 429]


@pytest.mark.usefixtures("few_tries")
def test_headers_of_other_proxies_are_not_believed(app: App) -> None:
    def headers(number: int) -> dict[str, str]:
        address = f"203.0.113.{number}"
        return {
            "X-Forwarded-For": "198.51.100.99",
            "X-Real-IP": address,
            "Forwarded": f"for={address}",
            "True-Client-IP": address,
            "CF-Connecting-IP": address,
            "X-Client-IP": address,
        }

    assert tries(app.urls["accounts"], headers) == [401, 401, 401, 429, 429]
