"""Every way known to us in which somebody makes, changes or misuses a token."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.accounts.sessions.domain import GRACE
from services.chassis.access import Role
from services.chassis.servicetokens import parse_service_key, public_part
from tests.component.accounts.conftest import PASSWORD, person_id
from tests.security.surface.issuing import AccountsIssuer
from tests.support.apps import PRIVATE_KEYS, App, service_token
from tests.support.rows import rows

OWN = "/api/assessment/v1/responses"
SESSIONS = "/api/accounts/v1/sessions"
INTERNAL = "/internal/v1/staff-contact-points"
THIEF = ec.generate_private_key(ec.SECP256R1())


def part(document: Any) -> str:
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def with_secret(secret: bytes, headers: dict[str, Any], claims: Any) -> str:
    """An HS256 token by hand: libraries refuse to sign with a public key."""
    signed = f"{part({'alg': 'HS256', 'typ': 'JWT', **headers})}.{part(claims)}"
    return f"{signed}.{part(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def as_a_thief(issuer: AccountsIssuer, **headers: Any) -> str:
    head = {"kid": issuer.key.kid, **headers}
    return jwt.encode(issuer.claims("worker"), THIEF, "ES256", headers=head)


def unsigned(issuer: AccountsIssuer, algorithm: str) -> str:
    head = {"alg": algorithm, "typ": "JWT", "kid": issuer.key.kid}
    return f"{part(head)}.{part(issuer.claims('worker'))}."


def with_public_key(issuer: AccountsIssuer) -> str:
    form = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    secret = issuer.private.public_key().public_bytes(*form)
    return with_secret(secret, {"kid": issuer.key.kid}, issuer.claims("worker"))


def with_published_key(issuer: AccountsIssuer) -> str:
    secret = json.dumps(issuer.key.public).encode()
    return with_secret(secret, {"kid": issuer.key.kid}, issuer.claims("worker"))


def promoted(issuer: AccountsIssuer) -> str:
    header, _, signature = issuer.token("ops").split(".")
    return f"{header}.{part(issuer.claims('worker'))}.{signature}"


def with_zeros(issuer: AccountsIssuer) -> str:
    header, payload, _ = issuer.token("worker").split(".")
    return f"{header}.{payload}.{part(bytes(64))}"


def in_minutes(minutes: int) -> int:
    return int(time.time()) + minutes * 60


def published(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    found: dict[str, Any] = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return found


FORGERIES: dict[str, Callable[[AccountsIssuer], str]] = {
    "another key under our key's name": as_a_thief,
    "another key under an unknown name": lambda issuer: as_a_thief(issuer, kid="unknown"),
    "a key name that is a path": lambda issuer: as_a_thief(issuer, kid="../../../dev/null"),
    "a key name that is SQL": lambda issuer: as_a_thief(issuer, kid="x' OR '1'='1"),
    "the key in the header": lambda issuer: as_a_thief(issuer, jwk=published(THIEF)),
    "a key to be fetched": lambda issuer: as_a_thief(issuer, jku="http://127.0.0.1:9/k.json"),
    "a certificate to be fetched": lambda issuer: as_a_thief(issuer, x5u="http://127.0.0.1:9/c"),
    "no key named": lambda issuer: jwt.encode(issuer.claims("worker"), issuer.private, "ES256"),
    "no algorithm": lambda issuer: unsigned(issuer, "none"),
    "no algorithm, spelt otherwise": lambda issuer: unsigned(issuer, "NoNe"),
    "no signature": lambda issuer: unsigned(issuer, "ES256"),
    "the public key as a secret": with_public_key,
    "the published key as a secret": with_published_key,
    "an empty secret": lambda issuer: with_secret(b"", {}, issuer.claims("worker")),
    "other claims under a good signature": promoted,
    "a signature of zeros": with_zeros,
    "expired": lambda issuer: issuer.token("worker", exp=in_minutes(-1)),
    "not yet valid": lambda issuer: issuer.token("worker", nbf=in_minutes(5)),
    "issued in the future": lambda issuer: issuer.token("worker", iat=in_minutes(5)),
    "without an end": lambda issuer: issuer.token("worker", exp=None),
    "for nobody": lambda issuer: issuer.token("worker", sub=None),
    "for another audience": lambda issuer: issuer.token("worker", aud="another-system"),
    "for a service": lambda issuer: issuer.token("worker", aud="internal:assessment"),
    "without an audience": lambda issuer: issuer.token("worker", aud=None),
    "of another issuer": lambda issuer: issuer.token("worker", iss="https://issuer.example"),
    "without an issuer": lambda issuer: issuer.token("worker", iss=None),
    "of a role there is not": lambda issuer: issuer.token("emperor"),
    "with roles as one word": lambda issuer: issuer.token(roles="worker"),
    "not a token": lambda issuer: "a.b.c",
    "long nonsense": lambda issuer: "a" * 3_000,
}


def asked(app: App, token: str, path: str = OWN, service: str = "assessment") -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(app.urls[service] + path, headers=headers, timeout=30)


def issuer_of(app: App) -> AccountsIssuer:
    found: Any = app.issuer
    assert isinstance(found, AccountsIssuer)
    return found


def test_a_good_token_is_taken(app: App) -> None:
    assert asked(app, issuer_of(app).token("worker")).status_code == 200


@pytest.mark.parametrize("how", FORGERIES)
def test_a_forged_token_opens_nothing(app: App, how: str) -> None:
    answer = asked(app, FORGERIES[how](issuer_of(app)))

    assert answer.status_code == 401, how
    assert answer.json()["code"] == "invalid-token"
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_service_is_no_person_and_a_person_is_no_service(app: App) -> None:
    for caller in PRIVATE_KEYS:
        assert asked(app, service_token(caller, "assessment")).status_code == 401
    for role in Role:
        token = issuer_of(app).token(role, unit="wh", aud="internal:accounts", iss="notification")
        assert asked(app, token, INTERNAL, "accounts").status_code == 401


def a_service_claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {"iss": "notification", "aud": "internal:accounts", "iat": now, "exp": now + 60}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed_by(service: str, **changes: Any) -> str:
    key = parse_service_key(PRIVATE_KEYS[service])
    return jwt.encode(a_service_claims(**changes), key, "EdDSA", headers={"kid": "notification"})


STOLEN: dict[str, Callable[[], str]] = {
    "a stolen key of another service": lambda: signed_by("reporting"),
    "another service's name inside": lambda: signed_by("notification", iss="booking"),
    "a token meant for another reader": lambda: service_token("notification", "booking"),
    "expired": lambda: signed_by("notification", exp=in_minutes(-1)),
    "without an end": lambda: signed_by("notification", exp=None),
    "without a reader": lambda: signed_by("notification", aud=None),
    "the public key as a secret": lambda: with_secret(
        public_part(PRIVATE_KEYS["notification"]).encode(),
        {"kid": "notification"},
        a_service_claims(),
    ),
    "no algorithm": lambda: (
        f"{part({'alg': 'none', 'kid': 'notification'})}.{part(a_service_claims())}."
    ),
    "a service nobody knows": lambda: service_token("stranger", "accounts", PRIVATE_KEYS["portal"]),
}


def test_a_good_service_token_is_taken(app: App) -> None:
    assert asked(app, signed_by("notification"), INTERNAL, "accounts").status_code == 200


@pytest.mark.parametrize("how", STOLEN)
def test_a_stolen_service_key_poses_as_no_other_service(app: App, how: str) -> None:
    assert asked(app, STOLEN[how](), INTERNAL, "accounts").status_code == 401


def signed_in(app: App, login: str) -> dict[str, Any]:
    body = {"login": login, "password": PASSWORD}
    answer = app.anybody().post(SESSIONS, body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refreshed(app: App, token: str) -> requests.Response:
    return app.anybody().post(f"{SESSIONS}/refresh", {"refresh_token": token})


def test_a_refresh_token_used_twice_ends_the_session_for_thief_and_owner(app: App) -> None:
    stolen = signed_in(app, "worker")["refresh_token"]
    owners = refreshed(app, stolen).json()["refresh_token"]
    with app.runtime("accounts").database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE sessions SET rotated_at = rotated_at - %s WHERE person = %s",
            (2 * GRACE, person_id("worker")),
        )

    assert refreshed(app, stolen).status_code == 401
    assert refreshed(app, owners).status_code == 401
    ended = "SELECT ended FROM sessions WHERE person = :person AND ended IS NOT NULL"
    assert [row.ended for row in rows(app, "accounts", ended, person=person_id("worker"))] == [
        "token-reused"
    ]


def test_after_signing_out_no_token_is_renewed_and_no_way_back_is_planted(app: App) -> None:
    session = signed_in(app, "worker-2")
    headers = {"Authorization": f"Bearer {session['access_token']}"}
    mine = "/api/accounts/v1/people/me/contact-points"
    items = [{"channel": "email", "address": "thief@example.org"}]
    planted = {"items": items, "password": PASSWORD}
    before = app.anybody().get(mine, headers=headers).json()["items"]

    app.anybody().delete(f"{SESSIONS}/current", headers=headers)

    assert refreshed(app, session["refresh_token"]).status_code == 401
    assert app.anybody().put(mine, planted, headers=headers).json()["code"] == "session-ended"
    assert app.anybody().get(mine, headers=headers).json()["items"] == before


def test_a_role_that_was_taken_away_is_in_no_renewed_token(app: App) -> None:
    session = signed_in(app, "unit-admin-2")
    admin = app.person("city-admin", unit="wh")
    path = f"/api/accounts/v1/people/{person_id('unit-admin-2')}/roles"

    assert admin.put(path, {"roles": ["worker"]}).status_code == 200

    assert refreshed(app, session["refresh_token"]).status_code == 401
    body = {"login": "unit-admin-2", "password": PASSWORD}
    assert app.anybody().post(SESSIONS, body).json()["person"]["roles"] == ["worker"]


def test_an_administrator_gains_nothing_by_promoting_an_account_they_took_over(app: App) -> None:
    """The way of an insider: an invented worker, their first code, then a role of care."""
    admin, second = app.person("city-admin", unit="wh"), app.person("city-admin", unit="wh")
    login = f"w{uuid4().hex[:10]}"
    sheet = f"name,unit,login\n影子,wh/hc/e0001,{login}\n".encode()
    people, headers = "/api/accounts/v1/people", {"Content-Type": "text/csv"}
    assert admin.call("POST", "/api/accounts/v1/imports", data=sheet, headers=headers).ok
    person = admin.get(people, params={"q": login}).json()["items"][0]["id"]
    codes = f"{people}/{person}/first-password-codes"
    code = admin.post(codes).json()["code"]
    taken = {"login": login, "code": code, "password": "a long word of mine"}
    assert app.anybody().post("/api/accounts/v1/passwords", taken).status_code == 204

    assert admin.put(f"{people}/{person}/roles", {"roles": ["duty"]}).status_code == 200

    sign_in = {"login": login, "password": "a long word of mine"}
    assert app.anybody().post(SESSIONS, sign_in).status_code == 401
    assert admin.post(codes).json()["code"] == "second-person-needed"
    assert second.post(codes).status_code == 201
