"""Tokens of people and of services: what is believed, for how long, and by whose keys."""

import base64
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from services.chassis import auth
from services.chassis.access import Role
from services.chassis.auth import InvalidToken, KeysAway, TokenVerifier
from services.chassis.servicetokens import (
    ServiceTokens,
    make_service_key,
    parse_service_key,
    parse_service_keys,
    public_part,
)
from tests.support.apps import TokenIssuer


class CountingIssuer(TokenIssuer):
    """Counts who asks for the keys, can change its key, and can be out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.broken = False

    def change_key(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    def _serve(self, environ: Any, start_response: Any) -> list[bytes]:
        self.asked += 1
        answer = super()._serve(environ, start_response)
        return [b"<html>out of order"] if self.broken else answer


@pytest.fixture
def issuer() -> Iterator[CountingIssuer]:
    issuer = CountingIssuer()
    yield issuer
    issuer.stop()


@pytest.fixture
def verifier(issuer: CountingIssuer) -> TokenVerifier:
    return TokenVerifier(issuer.jwks_url)


def test_a_token_says_who_it_is(issuer: CountingIssuer, verifier: TokenVerifier) -> None:
    person = uuid4()

    principal = verifier.principal(issuer.token("worker", "duty", person=person, unit="wh/hc"))

    assert principal.person == person
    assert principal.roles == {Role.WORKER, Role.DUTY}
    assert (principal.unit, principal.temporary) == ("wh/hc", False)
    assert verifier.principal(issuer.token("worker", temporary=True)).temporary


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "somebody"},
        {"roles": ["emperor"]},
        {"roles": None},
        {"aud": "another"},
        {"iss": "another"},
        {"exp": int(time.time()) - 3600},
        {"iat": int(time.time()) + 3600},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_a_claim_that_does_not_fit_is_not_believed(
    issuer: CountingIssuer, verifier: TokenVerifier, claims: dict[str, Any]
) -> None:
    with pytest.raises(InvalidToken):
        verifier.principal(issuer.token("worker", **claims))


def test_tokens_name_accounts_and_the_whole_system(
    issuer: CountingIssuer, verifier: TokenVerifier
) -> None:
    claims = jwt.decode(issuer.token("worker"), options={"verify_signature": False})
    claims |= {"iss": "huixin-accounts", "aud": "huixin"}
    token = jwt.encode(claims, issuer._key, "ES256", headers={"kid": "test"})

    assert verifier.principal(token).roles == {Role.WORKER}


@pytest.mark.parametrize("missing", ["sub", "roles", "aud", "iss", "iat", "exp"])
def test_a_token_without_one_of_its_claims_is_not_believed(
    issuer: CountingIssuer, verifier: TokenVerifier, missing: str
) -> None:
    claims = jwt.decode(issuer.token("worker"), options={"verify_signature": False})
    del claims[missing]
    token = jwt.encode(claims, issuer._key, "ES256", headers={"kid": "test"})

    with pytest.raises(InvalidToken):
        verifier.principal(token)


def test_whoever_belongs_to_no_unit_reaches_none(
    issuer: CountingIssuer, verifier: TokenVerifier
) -> None:
    claims = jwt.decode(issuer.token("worker"), options={"verify_signature": False})
    claims = {name: claims[name] for name in ("sub", "roles", "aud", "iss", "iat", "exp")}
    token = jwt.encode(claims, issuer._key, "ES256", headers={"kid": "test"})

    principal = verifier.principal(token)

    assert (principal.unit, principal.temporary) == ("", False)


def test_clocks_may_differ_by_seconds_and_not_by_more(
    issuer: CountingIssuer, verifier: TokenVerifier
) -> None:
    now = int(time.time())

    for _ in range(2):
        verifier.principal(issuer.token("worker", exp=now - 5))
    with pytest.raises(InvalidToken):
        verifier.principal(issuer.token("worker", exp=now - 15))


def test_only_the_one_algorithm_of_accounts_is_believed(
    issuer: CountingIssuer, verifier: TokenVerifier
) -> None:
    claims = jwt.decode(issuer.token("worker"), options={"verify_signature": False})
    unsigned = jwt.encode(claims, "", "none", headers={"kid": "test"})
    shared = jwt.encode(
        claims, "a-secret-of-thirty-two-characters", "HS256", headers={"kid": "test"}
    )

    for forged in (unsigned, shared, "", "a.b.c"):
        with pytest.raises(InvalidToken):
            verifier.principal(forged)


def test_keys_are_asked_for_once_and_a_guesser_makes_nobody_ask_again(
    issuer: CountingIssuer, verifier: TokenVerifier
) -> None:
    token = issuer.token("worker")
    first = verifier.principal(token)
    assert [verifier.principal(token) for _ in range(2)] == [first, first]
    verifier.principal(issuer.token("worker"))

    stranger = jwt.encode({}, issuer._key, "ES256", headers={"kid": "unknown"})
    for _ in range(3):
        with pytest.raises(InvalidToken):
            verifier.principal(stranger)

    assert issuer.asked == 1


def test_a_key_nobody_knows_yet_is_asked_for_after_a_pause(
    issuer: CountingIssuer, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier.principal(issuer.token("worker"))
    monkeypatch.setattr(auth, "UNKNOWN_KEY_PAUSE_SECONDS", -1)
    stranger = jwt.encode({}, issuer._key, "ES256", headers={"kid": "unknown"})

    with pytest.raises(InvalidToken):
        verifier.principal(stranger)
    assert issuer.asked == 2
    verifier.principal(issuer.token("worker"))

    assert issuer.asked == 2


def test_keys_are_asked_for_anew_when_they_are_old(
    issuer: CountingIssuer, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier.principal(issuer.token("worker"))
    issuer.change_key()
    with pytest.raises(InvalidToken):
        verifier.principal(issuer.token("worker"))

    monkeypatch.setattr(auth, "KEYS_KEPT_SECONDS", -1)
    verifier.principal(issuer.token("worker"))

    assert issuer.asked == 2


def test_while_accounts_is_away_known_keys_serve_and_unknown_ones_are_no_refusal(
    issuer: CountingIssuer, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.broken = True
    with pytest.raises(KeysAway):
        verifier.principal(issuer.token("worker"))

    issuer.broken = False
    verifier.principal(issuer.token("worker"))
    issuer.broken = True
    monkeypatch.setattr(auth, "KEYS_KEPT_SECONDS", -1)
    verifier.principal(issuer.token("worker"))

    assert issuer.asked == 3
    issuer.stop()
    verifier.principal(issuer.token("worker"))


def test_checked_tokens_are_remembered_up_to_a_number(
    issuer: CountingIssuer, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "TOKENS_REMEMBERED", 2)
    first, second, third = (issuer.token("worker") for _ in range(3))
    for token in (first, second, third):
        verifier.principal(token)
    issuer.change_key()
    monkeypatch.setattr(auth, "KEYS_KEPT_SECONDS", -1)

    for remembered in (second, third):
        verifier.principal(remembered)
    with pytest.raises(InvalidToken):
        verifier.principal(first)


KEYS = {name: make_service_key() for name in ("booking", "reporting", "portal")}


def a_service(name: str, *callers: str, key: str | None = None) -> ServiceTokens:
    known = ",".join(f"{each}={public_part(KEYS[each])}" for each in callers)
    return ServiceTokens(name, parse_service_key(key or KEYS[name]), parse_service_keys(known))


def test_a_service_is_known_to_the_reader_it_calls_and_to_no_other() -> None:
    token = a_service("booking").issue("reporting")

    assert a_service("reporting", "portal", "booking").check(token) == "booking"
    with pytest.raises(InvalidToken):
        a_service("portal", "booking").check(token)
    with pytest.raises(InvalidToken):
        a_service("reporting", "portal").check(token)


def test_a_stolen_key_speaks_for_its_own_service_alone() -> None:
    reader = a_service("reporting", "booking", "portal")
    posing = a_service("booking", key=KEYS["portal"]).issue("reporting")

    with pytest.raises(InvalidToken):
        reader.check(posing)


def service_claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {"iss": "booking", "aud": "internal:reporting", "iat": now, "exp": now + 60}
    return {name: value for name, value in {**good, **changed}.items() if value is not None}


def signed(claims: dict[str, Any], *, key: str = "booking", kid: str = "booking") -> str:
    return jwt.encode(claims, parse_service_key(KEYS[key]), "EdDSA", headers={"kid": kid})


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "portal"},
        {"iss": None},
        {"aud": "reporting"},
        {"aud": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": None},
        {"iat": int(time.time()) + 3600},
    ],
)
def test_a_service_token_with_a_wrong_or_missing_claim_is_not_believed(
    changed: dict[str, Any],
) -> None:
    reader = a_service("reporting", "booking")

    assert reader.check(signed(service_claims())) == "booking"
    with pytest.raises(InvalidToken):
        reader.check(signed(service_claims(**changed)))


def test_service_tokens_live_a_minute_and_clocks_may_differ_by_seconds() -> None:
    claims = jwt.decode(
        a_service("booking").issue("reporting"), options={"verify_signature": False}
    )
    late = int(time.time()) - 5

    assert claims["exp"] - claims["iat"] == 60
    assert a_service("reporting", "booking").check(signed(service_claims(exp=late))) == "booking"


def test_keys_are_written_without_padding_which_would_end_a_name() -> None:
    assert not any("=" in key or "=" in public_part(key) for key in KEYS.values())


def test_while_a_key_changes_both_are_good() -> None:
    new = make_service_key()
    both = f"booking={public_part(KEYS['booking'])}, booking={public_part(new)},"
    reader = ServiceTokens("reporting", None, parse_service_keys(both))

    for key in (KEYS["booking"], new):
        token = a_service("booking", key=key).issue("reporting")
        assert reader.check(token) == "booking"


def test_a_service_without_a_key_calls_nobody() -> None:
    with pytest.raises(RuntimeError, match="portal has no key to call booking"):
        ServiceTokens("portal", None, {}).issue("booking")


@pytest.mark.parametrize("text", ["", "short", "!" * 43, base64.b64encode(b"k" * 33).decode()])
def test_a_key_that_is_none_is_refused(text: str) -> None:
    readers: list[Callable[[], Any]] = [
        lambda: parse_service_key(text),
        lambda: parse_service_keys(f"booking={text}"),
    ]

    for read in readers:
        with pytest.raises(ValueError):
            read()


def test_a_person_is_no_service(issuer: CountingIssuer) -> None:
    with pytest.raises(InvalidToken):
        a_service("reporting", "booking").check(issuer.token("worker", person=UUID(int=1)))
    with pytest.raises(InvalidToken):
        a_service("reporting", "booking").check("nonsense")
