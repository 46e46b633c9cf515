"""Signing in over real HTTP."""

import time
from uuid import uuid4

import jwt
import pytest

from services.chassis.access import Role
from tests.component.accounts.conftest import PASSWORD, SignIn, person_id
from tests.support.apps import App, Client
from tests.support.rows import rows

SESSIONS = "/api/accounts/v1/sessions"


def sign_in(app: App, login: str, password: str = PASSWORD, **more: object) -> object:
    body = {"login": login, "password": password, **more}
    return app.anybody().post(SESSIONS, body)


def test_a_right_password_opens_a_session(app: App) -> None:
    answer = sign_in(app, "worker1")

    assert answer.status_code == 201
    body = answer.json()
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 900
    assert body["person"] == {
        "id": str(person_id("worker1")),
        "name": "姓名worker1",
        "roles": ["worker"],
        "unit": "wh/hc/e0001",
    }


def test_the_access_token_says_who_without_a_name_and_fits_the_published_keys(app: App) -> None:
    token = sign_in(app, "city-admin").json()["access_token"]

    principal = app.runtime("accounts").tokens.principal(token)

    assert principal.person == person_id("city-admin")
    assert principal.roles == {Role.CITY_ADMIN}
    assert principal.unit == "wh"
    claims = jwt.decode(token, options={"verify_signature": False})
    assert set(claims) == {"sub", "roles", "unit", "aud", "iss", "exp", "iat", "jti", "sid"}
    keys = app.anybody().get("/api/accounts/v1/jwks.json").json()["keys"]
    assert jwt.get_unverified_header(token)["kid"] in {key["kid"] for key in keys}
    assert all("d" not in key for key in keys)


@pytest.mark.parametrize("login", ["WORKER1", " worker1 ", "M-0001", "13800000001"])
def test_login_member_number_and_phone_all_lead_to_the_person(app: App, login: str) -> None:
    answer = sign_in(app, login)

    assert answer.json()["person"]["id"] == str(person_id("worker1"))


def test_an_unknown_login_is_answered_like_a_wrong_password(app: App) -> None:
    unknown = sign_in(app, f"nobody-{uuid4().hex[:8]}", "not-the-password")
    wrong = sign_in(app, "ops", "not-the-password")

    assert unknown.status_code == wrong.status_code == 401
    differing = {"correlation_id"}
    first, second = unknown.json(), wrong.json()
    assert first["code"] == "wrong-login"
    assert {k: v for k, v in first.items() if k not in differing} == {
        k: v for k, v in second.items() if k not in differing
    }


def test_a_refresh_token_gives_its_successor_and_is_worth_nothing_later(app: App) -> None:
    first = sign_in(app, "worker2").json()["refresh_token"]

    second = app.anybody().post(f"{SESSIONS}/refresh", {"refresh_token": first})
    again = app.anybody().post(f"{SESSIONS}/refresh", {"refresh_token": first})
    third = app.anybody().post(
        f"{SESSIONS}/refresh", {"refresh_token": second.json()["refresh_token"]}
    )
    stolen = app.anybody().post(f"{SESSIONS}/refresh", {"refresh_token": first})
    after = app.anybody().post(
        f"{SESSIONS}/refresh", {"refresh_token": third.json()["refresh_token"]}
    )

    assert second.status_code == 200
    assert again.json()["refresh_token"] == second.json()["refresh_token"]
    assert third.status_code == 200
    assert stolen.status_code == 401
    assert stolen.json()["code"] == "session-ended"
    assert after.status_code == 401


@pytest.mark.parametrize("token", ["", "x", "A" * 70, "é" * 70, "A" * 500])
def test_a_forged_refresh_token_is_refused(app: App, token: str) -> None:
    answer = app.anybody().post(f"{SESSIONS}/refresh", {"refresh_token": token})

    assert answer.status_code in {401, 422}


def test_after_signing_out_nothing_is_refreshed(app: App) -> None:
    signed_in = sign_in(app, "worker2").json()
    client = Client(app, signed_in["access_token"])

    left = client.delete(f"{SESSIONS}/current")

    assert left.status_code == 204
    assert client.delete(f"{SESSIONS}/current").status_code == 204
    body = {"refresh_token": signed_in["refresh_token"]}
    assert app.anybody().post(f"{SESSIONS}/refresh", body).status_code == 401


def test_failures_are_throttled_alike_for_known_and_unknown_logins(app: App) -> None:
    device = sign_in(app, "counsellor1").json()["device"]
    unknown = f"nobody-{uuid4().hex[:8]}"
    for login in ("counsellor1", unknown):
        codes = [sign_in(app, login, "wrong-password").status_code for _ in range(6)]
        assert codes == [401] * 5 + [429]

    held_up = sign_in(app, "counsellor1")
    known_device = sign_in(app, "counsellor1", device=device)

    assert held_up.status_code == 429
    assert held_up.json()["code"] == "too-many-failures"
    assert 1 <= int(held_up.headers["Retry-After"]) <= 30
    assert known_device.status_code == 201


def test_right_sign_ins_are_never_throttled(app: App) -> None:
    codes = {sign_in(app, "clinical-lead").status_code for _ in range(60)}

    assert codes == {201}


def test_a_changed_password_ends_the_other_sessions(app: App) -> None:
    here = sign_in(app, "district-admin1").json()
    elsewhere = sign_in(app, "district-admin1").json()
    client = Client(app, here["access_token"])
    path = "/api/accounts/v1/people/me/password"

    wrong = client.put(path, {"current": "not-it-at-all", "new": "一个足够长的新密码呀"})
    weak = client.put(path, {"current": PASSWORD, "new": "short"})
    changed = client.put(path, {"current": PASSWORD, "new": "一个足够长的新密码呀"})

    assert wrong.json()["code"] == "wrong-password"
    assert weak.json()["errors"][0]["field"] == "password"
    assert changed.status_code == 204
    refresh = f"{SESSIONS}/refresh"
    mine = app.anybody().post(refresh, {"refresh_token": here["refresh_token"]})
    other = app.anybody().post(refresh, {"refresh_token": elsewhere["refresh_token"]})
    assert (mine.status_code, other.status_code) == (200, 401)
    assert sign_in(app, "district-admin1").status_code == 401
    assert sign_in(app, "district-admin1", "一个足够长的新密码呀").status_code == 201
    client.put(path, {"current": "一个足够长的新密码呀", "new": PASSWORD})


def test_hashing_does_not_hold_the_others_up(app: App, as_: SignIn) -> None:
    import eventlet

    pool = eventlet.GreenPool(16)
    signing_in = [pool.spawn(sign_in, app, "ops") for _ in range(16)]
    slowest = 0.0
    for _ in range(10):
        started = time.perf_counter()
        assert app.anybody().get("/health/live").status_code == 200
        slowest = max(slowest, time.perf_counter() - started)

    assert {each.wait().status_code for each in signing_in} == {201}
    assert slowest < 1.0


def test_neither_names_nor_addresses_nor_logins_stand_in_the_tables(app: App) -> None:
    sign_in(app, "nobody-at-all", "wrong-password")
    for table in ("people", "identifiers", "contact_points", "failures", "outbox", "timers"):
        text = str([tuple(row) for row in rows(app, "accounts", f"SELECT * FROM {table}")])
        for secret in ("姓名", "worker1", "13800000001", "example.org", "nobody-at-all"):
            assert secret not in text
