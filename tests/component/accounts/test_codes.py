"""First and forgotten passwords over real HTTP."""

from collections.abc import Iterator

import pytest

from tests.component.accounts.conftest import (
    PASSWORD,
    FakeNotification,
    SignIn,
    person_id,
)
from tests.support.apps import App, eventually
from tests.support.rows import count, rows

RESETS = "/api/accounts/v1/password-resets"
PASSWORDS = "/api/accounts/v1/passwords"


@pytest.fixture(autouse=True)
def nothing_sent() -> Iterator[None]:
    FakeNotification.messages.clear()
    yield
    FakeNotification.away = 0


def no_timers(app: App) -> bool:
    return count(app, "accounts", "timers", "kind LIKE 'password%' OR kind LIKE 'one-time%'") == 0


def test_a_code_travels_by_contact_point_and_sets_a_new_password(app: App) -> None:
    FakeNotification.away = 1

    asked = app.anybody().post(RESETS, {"login": "worker1"})

    assert (asked.status_code, asked.json()) == (202, {})
    eventually(lambda: FakeNotification.messages)
    message = FakeNotification.messages[0]
    assert message["channel"] == "email"
    assert message["address"] == "worker1@example.org"
    assert message["person"] == str(person_id("worker1"))
    body = {"login": "worker1", "code": message["code"], "password": "ein langes neues Wort"}
    assert app.anybody().post(PASSWORDS, body).status_code == 204
    again = app.anybody().post(PASSWORDS, body)
    assert (again.status_code, again.json()["code"]) == (422, "code-not-accepted")
    signed_in = app.anybody().post(
        "/api/accounts/v1/sessions", {"login": "worker1", "password": body["password"]}
    )
    assert signed_in.status_code == 201


def test_a_request_for_nobody_is_answered_alike_and_sends_nothing(app: App) -> None:
    for login in ("nobody-here", "worker2"):
        assert app.anybody().post(RESETS, {"login": login}).status_code == 202

    eventually(lambda: no_timers(app))
    assert FakeNotification.messages == []


def test_an_imported_address_gets_the_first_code_and_is_the_persons_own_from_then_on(
    app: App, as_: SignIn
) -> None:
    header, admin = "name,login,unit,email", as_("city-admin")
    file = f"{header}\n甲,byself,wh/hc/e0001,jia@example.org\n乙,bypaper,wh/hc/e0001,yi@example.org"
    kind = {"Content-Type": "text/csv"}
    admin.call("POST", "/api/accounts/v1/imports", data=file.encode(), headers=kind)
    found = admin.get("/api/accounts/v1/people?q=bypaper").json()["items"][0]["id"]
    paper = admin.post(f"/api/accounts/v1/people/{found}/first-password-codes").json()["code"]
    app.anybody().post(RESETS, {"login": "byself"})
    eventually(lambda: FakeNotification.messages)
    eventually(lambda: no_timers(app))
    message = FakeNotification.messages.pop()
    for login, code in (("byself", message["code"]), ("bypaper", paper)):
        body = {"login": login, "code": code, "password": PASSWORD}
        assert app.anybody().post(PASSWORDS, body).status_code == 204

    again = {
        app.anybody().post(RESETS, {"login": each}).status_code for each in ("bypaper", "byself")
    }
    eventually(lambda: FakeNotification.messages)
    eventually(lambda: no_timers(app))

    assert again == {202}
    assert [each["address"] for each in FakeNotification.messages] == ["jia@example.org"]


def test_neither_login_nor_code_stands_in_a_timer(app: App) -> None:
    FakeNotification.away = 3
    app.anybody().post(RESETS, {"login": "duty1"})

    timers = eventually(
        lambda: rows(app, "accounts", "SELECT * FROM timers WHERE kind = 'one-time-message'")
    )
    eventually(lambda: FakeNotification.messages, within=20)

    code = FakeNotification.messages[0]["code"].replace("-", "")
    assert "duty1" not in str(timers)
    assert code not in str(timers)


def test_too_many_requests_are_dropped_in_silence(app: App) -> None:
    answers = {app.anybody().post(RESETS, {"login": "flood"}).status_code for _ in range(6)}

    assert answers == {202}
    kept = count(app, "accounts", "timers", "kind = 'password-reset'")
    assert kept <= 3


def test_wrong_codes_are_refused_like_unknown_logins_and_throttled(app: App) -> None:
    body = {"code": "AAAA-BBBB", "password": "ein langes neues Wort"}

    unknown = app.anybody().post(PASSWORDS, {"login": "nobody-x", **body})
    answers = [app.anybody().post(PASSWORDS, {"login": "worker2", **body}) for _ in range(6)]

    assert unknown.json()["code"] == "code-not-accepted"
    assert [each.status_code for each in answers] == [422] * 5 + [429]


def test_an_operator_prints_a_code_only_for_somebody_without_a_password(
    app: App, as_: SignIn
) -> None:
    unit_admin, path = as_("unit-admin1"), "/api/accounts/v1/people"
    file = "name,login,unit\n新人,newcomer,wh/hc/e0001\n他人,elsewhere,wh/kf/e0003".encode()
    as_("city-admin").call(
        "POST", "/api/accounts/v1/imports", data=file, headers={"Content-Type": "text/csv"}
    )
    newcomer, elsewhere = (
        as_("city-admin").get(f"{path}?q={login}").json()["items"][0]["id"]
        for login in ("newcomer", "elsewhere")
    )

    printed = unit_admin.post(f"{path}/{newcomer}/first-password-codes")
    not_mine = unit_admin.post(f"{path}/{elsewhere}/first-password-codes")
    has_one = unit_admin.post(f"{path}/{person_id('worker1')}/first-password-codes")
    above = as_("unit-admin1").post(f"{path}/{person_id('city-admin')}/first-password-codes")

    assert printed.status_code == 201
    assert printed.json()["sign_in_name"] == "newcomer"
    assert not_mine.status_code == 404
    assert has_one.json()["code"] == "password-already-set"
    assert above.status_code in {403, 404}
    body = {"login": "newcomer", "code": printed.json()["code"], "password": PASSWORD}
    assert app.anybody().post(PASSWORDS, body).status_code == 204
    session = app.anybody().post(
        "/api/accounts/v1/sessions", {"login": "newcomer", "password": PASSWORD}
    )
    headers = {"Authorization": f"Bearer {session.json()['access_token']}"}
    seen = app.anybody().get("/api/accounts/v1/people/me/access-log", headers=headers).json()
    assert "first-password-code.print" in {each["action"] for each in seen["items"]}
    assert {each["by"]["name"] for each in seen["items"]} == {"姓名unit-admin1", "姓名city-admin"}
